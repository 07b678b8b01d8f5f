"""The checks of lesson 6: errors by digit, second guesses, confidence, shifted copies, centring."""

import numpy as np

from nnlesson.course.checks import FunctionCheck, Mistake
from nnlesson.images import shift


def _counts(rng):
    counts = rng.integers(0, 6, (4, 4)) + np.diag([20, 30, 5, 12])
    return counts


check_my_wrong_shares = FunctionCheck(
    "my_wrong_shares",
    solution=lambda counts: 1 - np.diag(counts) / counts.sum(axis=1),
    right="one share per true digit: what is off the diagonal, divided by the row's sum",
    mistakes=[
        Mistake(
            lambda counts: 1 - np.diag(counts) / counts.sum(axis=0),
            "you divided by the sums of columns: those are the digits as predicted. The true "
            "digits are the rows, and axis=1 sums along a row",
        ),
        Mistake(
            lambda counts: np.diag(counts) / counts.sum(axis=1),
            "this is the share that is right; take it from 1",
        ),
        Mistake(
            lambda counts: counts.sum(axis=1) - np.diag(counts),
            "this is how many are wrong, not which share: divide by how many there are of the "
            "digit",
        ),
        Mistake(
            lambda counts: (counts.sum(axis=1) - np.diag(counts)) / counts.sum(),
            "you divided by the number of all images; divide each digit's errors by the number "
            "of images of this digit",
        ),
        Mistake(
            lambda counts: 1 - np.trace(counts) / counts.sum(),
            "this is one number for all digits together; the diagonal, np.diag(counts), has one "
            "for each",
        ),
        Mistake(
            lambda counts: 1 - np.diag(counts) / counts.sum(),
            "you divided by the number of all images; divide the right ones of each digit by the "
            "number of images of this digit",
        ),
        Mistake(
            lambda counts: counts.sum(axis=1) / np.diag(counts) - 1,
            "you divided the errors by the number of right answers; divide by all images of the "
            "digit, the sum of its row",
        ),
    ],
    cases=lambda rng: [(_counts(rng),), (_counts(rng),)],
)


def _probabilities(rng):
    return rng.dirichlet(np.full(5, 0.7), 8)


check_my_second_guess = FunctionCheck(
    "my_second_guess",
    solution=lambda p: np.argsort(p, axis=1)[:, -2],
    right="the last place of argsort is the answer, the one before it the second guess",
    mistakes=[
        Mistake(
            lambda p: np.argsort(p, axis=1)[:, 1],
            "argsort goes from the smallest to the largest, so [:, 1] is the second smallest. "
            "Count from the end",
        ),
        Mistake(
            lambda p: np.argsort(p, axis=1)[:, -1],
            "this is the answer itself, the largest; one place before it is the second guess",
        ),
        Mistake(
            lambda p: np.sort(p, axis=1)[:, -2],
            "this is the probability of the second guess; np.argsort gives the class",
        ),
        Mistake(
            lambda p: np.argsort(p, axis=0)[-2],
            "you sorted down the columns, image against image: each row is one image, so axis=1",
        ),
        Mistake(
            lambda p: np.argsort(p, axis=1)[-2],
            "[-2] picks an image, the last but one. You need a place in every row: [:, -2]",
        ),
    ],
    cases=lambda rng: [(_probabilities(rng),), (_probabilities(rng)[:6],)],
)


def _sure(rng, right):
    return rng.uniform(0.3, 1, 40), rng.permutation(40) < right


check_my_gap = FunctionCheck(
    "my_gap",
    solution=lambda confidence, right: np.mean(confidence) - np.mean(right),
    right="above 0 the network is surer than it is right, below 0 it is too modest",
    mistakes=[
        Mistake(
            lambda confidence, right: np.mean(right) - np.mean(confidence),
            "the sign is turned: a network that is too sure must come out above 0",
        ),
        Mistake(
            lambda confidence, right: np.mean(confidence[right]) - np.mean(right),
            "you took the confidence of the right answers only; take all answers",
        ),
        Mistake(
            lambda confidence, right: np.mean(confidence[~right]) - np.mean(right),
            "you took the confidence of the wrong answers only; take all answers",
        ),
        Mistake(
            lambda confidence, right: np.sum(confidence) - np.sum(right),
            "these are sums, which grow with the number of images: take means",
        ),
        Mistake(
            lambda confidence, right: confidence - right,
            "there is one number per image, shape {shape}; take the mean over all images",
        ),
        Mistake(
            lambda confidence, right: abs(np.mean(confidence) - np.mean(right)),
            "the sign is lost: a network that is too modest must come out below 0. Leave out abs",
        ),
        Mistake(
            lambda confidence, right: np.mean(np.abs(confidence - right)),
            "here every single answer has its own gap, without a sign; first take the two means, "
            "then subtract",
        ),
        Mistake(
            lambda confidence, right: np.mean(confidence) - np.mean(~right),
            "you subtracted the share that is wrong; subtract the share that is right",
        ),
        Mistake(
            lambda confidence, right: np.mean(confidence) / np.mean(right),
            "you divided; the gap is a difference, mean confidence minus share right",
        ),
        Mistake(
            lambda confidence, right: np.mean(confidence),
            "this is the mean confidence; subtract the share that is right, np.mean(right)",
        ),
    ],
    # Once too sure, once too modest: a gap without its sign must not pass.
    cases=lambda rng: [_sure(rng, 20), _sure(rng, 34)],
)


def _blobs(rng):
    return rng.random((3, 28, 28)) * (rng.random((3, 28, 28)) < 0.3)


def _copied_edge(images):
    moved = np.roll(images, -1, axis=2)
    moved[:, :, -1] = images[:, :, -1]
    return moved


check_my_left = FunctionCheck(
    "my_left",
    solution=lambda images: shift(images, -1, 0),
    right="the first column leaves, and paper comes in at the right edge",
    mistakes=[
        Mistake(
            lambda images: np.roll(images, -1, axis=2),
            "np.roll brings the column that leaves at the left back in at the right edge. "
            "What comes in must be paper: set the last column to 0",
        ),
        Mistake(
            lambda images: np.roll(images, -1),
            "without axis np.roll works on all numbers in one long row, and pixels wander to the "
            "line before. Name the axis, and set what comes in to 0",
        ),
        Mistake(
            lambda images: shift(images, 1, 0),
            "that is one pixel to the right; columns are counted from the left",
        ),
        Mistake(
            lambda images: np.roll(images, 1, axis=2),
            "that is one pixel to the right, and np.roll brings the column that leaves back in at "
            "the other edge",
        ),
        Mistake(
            lambda images: np.roll(images, -1, axis=1),
            "that is one pixel up: axis 1 are the rows, axis 2 the columns. And np.roll brings "
            "what leaves back in at the other edge",
        ),
        Mistake(
            lambda images: images.copy(),
            "nothing is moved: these are the images as they came",
        ),
        Mistake(
            lambda images: shift(images, 0, -1),
            "that is one pixel up: axis 1 are the rows, axis 2 the columns",
        ),
        Mistake(
            lambda images: images[:, :, 1:],
            "the shape is {shape}: a column is missing. Add a column of paper at the right",
        ),
        Mistake(
            _copied_edge,
            "the last column is still there twice: what comes in must be paper, 0",
        ),
    ],
    cases=lambda rng: [(_blobs(rng),)],
)


def _centre(image):
    place = np.arange(28)
    return image.sum(axis=1) @ place / image.sum(), image.sum(axis=0) @ place / image.sum()


def _middle_of_box(image):
    rows, columns = np.nonzero(image)
    return (rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2


check_my_centre = FunctionCheck(
    "my_centre",
    solution=_centre,
    right="each row counts with its ink, and so does each column",
    mistakes=[
        Mistake(
            lambda image: _centre(image)[::-1],
            "the two are exchanged: sum(axis=1) adds along each row, so it has one number per "
            "row and gives the row of the centre",
        ),
        Mistake(
            _middle_of_box,
            "this is the middle of the box around the ink. In the centre of mass dark places "
            "count more: weight every row by its ink",
        ),
        Mistake(
            lambda image: tuple(np.mean(np.nonzero(image), axis=1)),
            "every pixel with ink counts the same here; a pale one must count less: use its value",
        ),
        Mistake(
            lambda image: (image.sum(axis=1) @ np.arange(28), image.sum(axis=0) @ np.arange(28)),
            "divide by the mass, the sum of all ink",
        ),
        Mistake(
            lambda image: (
                image.sum(axis=1) @ np.arange(28) / 28,
                image.sum(axis=0) @ np.arange(28) / 28,
            ),
            "you divided by 28, the number of rows; divide by the mass, the sum of all ink",
        ),
        Mistake(
            lambda image: (image.sum(axis=1).argmax(), image.sum(axis=0).argmax()),
            "this is the row and the column with the most ink; the centre is a mean over all",
        ),
        Mistake(
            lambda image: (_centre(image)[0] + 1, _centre(image)[1] + 1),
            "both are too large by 1: rows and columns count from 0, as np.arange(28) does",
        ),
        Mistake(
            lambda image: (_centre(image)[0], _centre(image)[0]),
            "both numbers are the row; for the column add along each column, sum(axis=0)",
        ),
        Mistake(
            lambda image: (_centre(image)[1], _centre(image)[1]),
            "both numbers are the column; for the row add along each row, sum(axis=1)",
        ),
        Mistake(
            lambda image: tuple(round(place) for place in _centre(image)),
            "you rounded; the centre lies between the pixels, so leave the numbers as they are",
        ),
    ],
    cases=lambda rng: [(_blobs(rng)[0],), (np.tril(rng.random((28, 28)))[::-1] ** 2,)],
)

MOVES = [(1, 0), (-1, 0), (0, 1), (0, -1)]


def _copies(images, labels, moves=MOVES):
    copies = [images, *[shift(images, dx, dy) for dx, dy in moves]]
    return np.concatenate(copies), np.tile(labels, 5)


def _one_by_one(images, labels):
    each = [
        _copies(image[np.newaxis], label)[0] for image, label in zip(images, labels, strict=True)
    ]
    return np.concatenate(each), np.repeat(labels, 5)


check_my_copies = FunctionCheck(
    "my_copies",
    solution=_copies,
    right="five times the images, and every copy keeps its label",
    mistakes=[
        Mistake(
            lambda images, labels: (_copies(images, labels)[0], np.repeat(labels, 5)),
            "np.repeat writes each label five times in a row, 7 7 7 7 7 2 2 2 2 2. Your images "
            "come in five whole rounds, so the labels must too: np.tile",
        ),
        Mistake(
            lambda images, labels: (_copies(images, labels)[0], labels),
            "there are five times as many images, and the labels are still {shape}: every copy "
            "needs one",
        ),
        Mistake(
            lambda images, labels: (_copies(images, labels)[0][len(images) :], np.tile(labels, 4)),
            "the images themselves are missing: put them first, then the four moved copies",
        ),
        Mistake(
            lambda images, labels: (np.concatenate([images] * 5), np.tile(labels, 5)),
            "all five are the same images: none is moved",
        ),
        Mistake(
            lambda images, labels: (
                np.concatenate(
                    [
                        images,
                        *[
                            np.roll(images.reshape(-1, 28, 28), m[::-1], (1, 2)).reshape(
                                images.shape
                            )
                            for m in MOVES
                        ],
                    ]
                ),
                np.tile(labels, 5),
            ),
            "np.roll lets pixels come back in on the other side; use shift",
        ),
        Mistake(
            lambda images, labels: (
                np.concatenate([images, *[shift(images, dy, dx) for dx, dy in MOVES]]),
                np.tile(labels, 5),
            ),
            "dx and dy are exchanged: shift(images, dx, dy) goes right first, then down",
        ),
        Mistake(
            lambda images, labels: _copies(images, labels, [(-1, 0), (1, 0), (0, 1), (0, -1)]),
            "right and left are exchanged: shift(images, 1, 0) goes right, and it comes first",
        ),
        Mistake(
            lambda images, labels: _copies(images, labels, [(1, 0), (-1, 0), (0, -1), (0, 1)]),
            "up and down are exchanged: shift(images, 0, 1) goes down, and it comes before up",
        ),
        Mistake(
            _one_by_one,
            "here each image is followed by its own four copies. That would train as well, but "
            "the task wants all images first, then all moved right, and so on",
        ),
    ],
    cases=lambda rng: [(_blobs(rng).reshape(3, 784), np.array([7, 2, 1]))],
    parts=("images", "labels"),
)
