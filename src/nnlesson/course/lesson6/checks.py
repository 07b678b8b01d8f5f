"""The checks of lesson 6: errors by digit, a temperature, shifted copies, a centre of mass."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

import numpy as np

from nnlesson.activations import softmax
from nnlesson.course.checks import Either, FunctionCheck
from nnlesson.images import shift


def _counts(rng):
    """A confusion matrix whose third digit is mostly taken for the second."""
    counts = rng.integers(0, 6, (4, 4)) + np.diag([20, 30, 5, 12])
    counts[2, 1] += 40
    return counts


check_my_wrong_shares = FunctionCheck(
    "my_wrong_shares",
    solution=lambda counts: 1 - np.diag(counts) / counts.sum(axis=1),
    right="one share per true digit: what is off the diagonal, divided by the row's sum",
    mistakes={
        "this is the share that is right; take it from 1":
            lambda counts: np.diag(counts) / counts.sum(axis=1),
        "this is how many are wrong, not which share: divide by how many there are of the digit":
            lambda counts: counts.sum(axis=1) - np.diag(counts),
        "you divided by the number of all images; divide each digit's errors by the number of "
        "images of this digit":
            lambda counts: (counts.sum(axis=1) - np.diag(counts)) / counts.sum(),
        "this is one number for all digits together; the diagonal, np.diag(counts), has one for "
        "each":
            lambda counts: 1 - np.trace(counts) / counts.sum(),
        "you divided by the number of all images; divide the right ones of each digit by the "
        "number of images of this digit":
            lambda counts: 1 - np.diag(counts) / counts.sum(),
        "the largest number of a row need not be the right one: take the diagonal, np.diag(counts)":
            lambda counts: 1 - counts.max(axis=1) / counts.sum(axis=1),
        "you divided the errors by the number of right answers; divide by all images of the "
        "digit, the sum of its row":
            lambda counts: counts.sum(axis=1) / np.diag(counts) - 1,
        "a division comes before a minus; brackets around the errors: (sum - diagonal) / sum":
            lambda counts: counts.sum(axis=1) - np.diag(counts) / counts.sum(axis=1),
        "these are percent; return shares between 0 and 1":
            lambda counts: 100 - 100 * np.diag(counts) / counts.sum(axis=1),
        "the errors are counted down the columns; the true digits are the rows: axis=1":
            lambda counts: (counts.sum(axis=0) - np.diag(counts)) / counts.sum(axis=1),
        "this is the share of each answer that is wrong: the sums of columns count the answers. "
        "The true digits are the rows, axis=1":
            lambda counts: 1 - np.diag(counts) / counts.sum(axis=0),
        "there is one row of shares for each digit; only the diagonal is right: np.diag(counts)":
            Either(
                lambda counts: 1 - counts / counts.sum(axis=1, keepdims=True),
                lambda counts: 1 - counts / counts.sum(axis=1),
            ),
        "divide first, then take it from 1: 1 - np.diag(counts) / ...":
            lambda counts: (1 - np.diag(counts)) / counts.sum(axis=1),
    },
    cases=lambda rng: [(_counts(rng),), (_counts(rng),)],
)


def _costs(p, labels, temperatures):
    logs = np.log(p)
    tempered = np.array([softmax(logs / T) for T in temperatures])
    return -np.log(tempered[:, np.arange(len(labels)), labels]).mean(axis=1)


def _best(costs):
    """A wrong answer: the temperature with the smallest of these costs(p, labels, T)."""
    return lambda p, labels, temperatures: temperatures[
        np.argmin([costs(p, labels, T) for T in temperatures])
    ]


def _of_labels(p, labels):
    return p[np.arange(len(labels)), labels]


def _gap(p, labels, T):
    tempered = softmax(np.log(p) / T)
    return abs(tempered.max(axis=1).mean() - np.mean(tempered.argmax(axis=1) == labels))


def _answers(rng, sharper, all_right=False):
    """p (n, k), too sure where sharper is above 1; labels; temperatures. A few labels are noise."""
    z = rng.normal(0, 1.5, (400, 6))
    labels = np.array([rng.choice(6, p=row) for row in softmax(z)])
    labels[:20] = rng.integers(0, 6, 20)
    if all_right:
        labels = z.argmax(axis=1)
    temperatures = np.linspace(0.1, 3, 30) + rng.uniform(0, 0.05)
    return softmax(sharper * z), labels, rng.permutation(temperatures)


check_my_temperature = FunctionCheck(
    "my_temperature",
    solution=lambda p, labels, temperatures: temperatures[
        _costs(p, labels, temperatures).argmin()
    ],
    right="the same answers, and confidences that fit better",
    mistakes={
        "this is the place of the smallest cost in the list; return the temperature at this place":
            lambda p, labels, temperatures: _costs(p, labels, temperatures).argmin(),
        "this is the temperature with the largest cost. Is the minus of -ln lost, or is it argmax "
        "for argmin?":
            lambda p, labels, temperatures: temperatures[_costs(p, labels, temperatures).argmax()],
        "this is the cost itself; return the temperature that has it":
            lambda p, labels, temperatures: _costs(p, labels, temperatures).min(),
        "these are the costs, one for each temperature: return the temperature with the smallest":
            _costs,
        "this is the smallest temperature of all. Perhaps -ln is taken of the largest output, and "
        "not of the output of the label":
            _best(lambda p, labels, T: -np.log(softmax(np.log(p) / T).max(axis=1)).mean()),
        "the logarithm is missing, or it comes after the mean: take -ln of each label's output, "
        "then the mean":
            _best(lambda p, labels, T: -_of_labels(softmax(np.log(p) / T), labels).mean()),
        "this is the largest temperature of all. Perhaps the softmax after the division is "
        "missing, or p[:, labels] takes the outputs of all labels for every image: one for each is "
        "p[np.arange(n), labels]": Either(
            _best(lambda p, labels, T: -(np.log(_of_labels(p, labels)) / T).mean()),
            _best(lambda p, labels, T: -np.log(softmax(np.log(p) / T)[:, labels]).mean()),
            _best(lambda p, labels, T: -np.log(softmax(np.log(p) / T)).mean()),
        ),
        "this is the first temperature of the list. Perhaps all costs were equal (the share right "
        "never changes with T), or only one cost was kept, or a return stands inside the loop":
            lambda p, labels, temperatures: temperatures[0],
        "you multiply by T: divide, np.log(p) / T":
            _best(lambda p, labels, T: -np.log(_of_labels(softmax(np.log(p) * T), labels)).mean()),
        "p / T is divided; the z are np.log(p), so softmax(np.log(p) / T)":
            _best(lambda p, labels, T: -np.log(_of_labels(softmax(p / T), labels)).mean()),
        "this temperature brings the mean confidence nearest to the share right. The task asks for "
        "the smallest mean cost, -ln of the output of the label":
            _best(_gap),
    },
    # Once too sure, once too modest, once without an error: a T above 1, one below, the smallest.
    cases=lambda rng: [_answers(rng, 1.9), _answers(rng, 0.6), _answers(rng, 0.3, True)],
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
    mistakes={
        "the column that leaves at the left comes back in at the right edge. What comes in must be "
        "paper: set the last column to 0":
            lambda images: np.roll(images, -1, axis=2),
        "without axis np.roll works on all numbers in one long row, and pixels wander to the line"
        " before. Name the axis, and set what comes in to 0":
            lambda images: np.roll(images, -1),
        "that is one pixel to the right; columns are counted from the left":
            lambda images: shift(images, 1, 0),
        "that is one pixel to the right, and the column that leaves comes back in at the left":
            lambda images: np.roll(images, 1, axis=2),
        "the column that leaves comes back in at the right: set the last to 0, not the first":
            lambda images: np.concatenate(
                [0 * images[:, :, :1], images[:, :, 2:], images[:, :, :1]], axis=2),
        "that is one pixel up: axis 1 are the rows. And what leaves comes back in at the bottom":
            lambda images: np.roll(images, -1, axis=1),
        "nothing is moved: these are the images as they came": lambda images: images.copy(),
        "that is one pixel up: axis 1 are the rows, axis 2 the columns":
            lambda images: shift(images, 0, -1),
        "a column is missing: add a column of paper at the right":
            lambda images: images[:, :, 1:],
        "the last column is still there twice: what comes in must be paper, 0": _copied_edge,
        "that is one pixel down: axis 1 are the rows, axis 2 the columns":
            lambda images: shift(images, 0, 1),
        "the last column is taken off; the first must go, and paper comes in at the right":
            lambda images: images[:, :, :-1],
        "that is a mirror: each column must move by one place only":
            lambda images: images[:, :, ::-1],
        "rows are taken off; columns are the last axis: images[:, :, 1:]":
            lambda images: images[:, 1:],
        "the last column is paper, but nothing else has moved: columns 1 to 27 become 0 to 26":
            lambda images: np.concatenate([images[:, :, :-1], 0 * images[:, :, :1]], axis=2),
        "the first column is paper, but nothing else has moved: columns 1 to 27 become 0 to 26":
            lambda images: np.concatenate([0 * images[:, :, :1], images[:, :, 1:]], axis=2),
    },
    cases=lambda rng: [(_blobs(rng),)],
)


def _row(image):
    return image.sum(axis=1) @ np.arange(28) / image.sum()


def _column(image):
    return image.sum(axis=0) @ np.arange(28) / image.sum()


def _centre(image):
    return _row(image), _column(image)


def _drawn(rng):
    """Two drawings whose ink fills neither the whole image nor a box in its middle."""
    blob = np.zeros((28, 28))
    blob[3:20, 8:27] = _blobs(rng)[0][3:20, 8:27]
    return [(blob,), (np.tril(rng.random((28, 28)))[::-1] ** 2 * (np.arange(28) < 21),)]


def _middle_of_box(image):
    rows, columns = np.nonzero(image)
    return (rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2


check_my_centre = FunctionCheck(
    "my_centre",
    solution=_centre,
    right="each row counts with its ink, and so does each column",
    mistakes={
        "the two are exchanged: sum(axis=1) adds along each row, so it has one number per row and"
        " gives the row of the centre":
            lambda image: _centre(image)[::-1],
        "this is the middle of the box around the ink. In the centre of mass dark places count "
        "more: weight every place by its ink":
            _middle_of_box,
        "you return the row alone; return both": _row,
        "every pixel with ink counts the same here; a pale one must count less: use its value":
            lambda image: tuple(np.mean(np.nonzero(image), axis=1)),
        "divide by the mass, the sum of all ink":
            lambda image: (_row(image) * image.sum(), _column(image) * image.sum()),
        "you divided by 28, the number of rows; divide by the mass, the sum of all ink":
            lambda image: (_row(image) * image.sum() / 28, _column(image) * image.sum() / 28),
        "this is where the most ink is; the centre is a mean over all":
            lambda image: (image.sum(axis=1).argmax(), image.sum(axis=0).argmax()),
        "too large by 1: rows and columns count from 0, as np.arange(28) does":
            lambda image: (_row(image) + 1, _column(image) + 1),
        "the second number is the row; for the column add along each column, sum(axis=0)":
            {"the column": _row},
        "the first number is the column; for the row add along each row, sum(axis=1)":
            {"the row": _column},
        "you rounded; the centre lies between the pixels, so leave the numbers as they are": Either(
            lambda image: tuple(round(place) for place in _centre(image)),
            lambda image: tuple(int(place) for place in _centre(image)),
        ),
        "13.5 is the middle of the image, whatever is drawn; weight every place by its ink":
            (13.5, 13.5),
        "these are all places, weighted; add them up: @ instead of *": lambda image: (
            image.sum(axis=1) * np.arange(28) / image.sum(),
            image.sum(axis=0) * np.arange(28) / image.sum(),
        ),
        "the mean of the sums says how much ink a row has; weight the places 0 to 27 by the ink":
            lambda image: (image.sum(axis=1).mean(), image.sum(axis=0).mean()),
    },
    cases=_drawn,
    parts=("the row", "the column"),
)

MOVES = [(1, 0), (-1, 0), (0, 1), (0, -1)]


def _copies(images, moves=MOVES, move=shift):
    return np.concatenate([images, *[move(images, dx, dy) for dx, dy in moves]])


def _one_by_one(images, labels):
    return np.concatenate([_copies(image[np.newaxis]) for image in images])


def _one_after_another(images, labels):
    copies = [images]
    for dx, dy in MOVES:
        copies.append(shift(copies[-1], dx, dy))
    return np.concatenate(copies)


def _rolled(images, dx, dy):
    return np.roll(images.reshape(-1, 28, 28), (dy, dx), (1, 2)).reshape(images.shape)


check_my_copies = FunctionCheck(
    "my_copies",
    solution=lambda images, labels: (_copies(images), np.tile(labels, 5)),
    right="five times the images, and every copy keeps its label",
    mistakes={
        "np.repeat writes each label five times in a row, 7 7 7 7 7 2 2 2 2 2. The images must "
        "come in five whole rounds, and the labels too: np.tile":
            {"labels": lambda images, labels: np.repeat(labels, 5)},
        "labels * 5 multiplies the numbers of an array; np.tile(labels, 5) puts it five times in a "
        "row":
            {"labels": lambda images, labels: labels * 5},
        "these are the labels as they came; five times as many are asked for, one for every copy":
            {"labels": lambda images, labels: labels},
        "the images themselves are missing: put them first, then the four moved copies":
            {"images": lambda images, labels: _copies(images)[len(images) :]},
        "all five are the same images: none is moved":
            {"images": lambda images, labels: np.concatenate([images] * 5)},
        "np.roll lets pixels come back in on the other side; use shift":
            {"images": lambda images, labels: _copies(images, move=_rolled)},
        "your order is down, up, right, left; right is shift(images, 1, 0) and down (images, 0, 1)":
            {"images": lambda images, labels: _copies(images, [(0, 1), (0, -1), (1, 0), (-1, 0)])},
        "right and left are exchanged: shift(images, 1, 0) goes right, and it comes first":
            {"images": lambda images, labels: _copies(images, [(-1, 0), (1, 0), (0, 1), (0, -1)])},
        "up and down are exchanged: shift(images, 0, 1) goes down, and it comes before up":
            {"images": lambda images, labels: _copies(images, [(1, 0), (-1, 0), (0, -1), (0, 1)])},
        "here each image is followed by its own four copies. That would train as well, but the "
        "task wants all images first, then all moved right, and so on":
            lambda images, labels: (_one_by_one(images, labels), np.repeat(labels, 5)),
        "each image is followed by its own four copies, and the labels do not go with them":
            {"images": _one_by_one},
        "the copies are stacked, one block for each move; np.concatenate puts them one after "
        "another":
            {"images": lambda images, labels: _copies(images).reshape(5, *images.shape)},
        "each copy is moved from the copy before; move the images themselves, all four times":
            {"images": _one_after_another},
        "you return the images alone; return both: images, labels":
            lambda images, labels: _copies(images),
        "the images themselves come first, then the four moved copies":
            {"images": lambda images, labels: np.roll(_copies(images), -len(images), axis=0)},
        "your labels stand in five rows: np.tile(labels, 5) makes one long row":
            {"labels": lambda images, labels: np.tile(labels, (5, 1))},
        "the order is turned: return the images first, then the labels":
            lambda images, labels: (np.tile(labels, 5), _copies(images)),
    },
    cases=lambda rng: [(_blobs(rng).reshape(3, 784), np.array([7, 2, 1]))],
    parts=("images", "labels"),
)
