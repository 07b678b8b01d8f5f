"""The checks of lesson 6: errors by digit, a temperature, shifted copies, a centre of mass."""

import numpy as np

from nnlesson.activations import softmax
from nnlesson.course.checks import FunctionCheck
from nnlesson.course.formulas import told
from nnlesson.images import shift


def _counts(rng):
    """A confusion matrix whose third digit is mostly taken for the second."""
    counts = rng.integers(0, 6, (4, 4)) + np.diag([20, 30, 5, 12])
    counts[2, 1] += 40
    return counts


check_my_wrong_shares = FunctionCheck(
    **told("my_wrong_shares", globals()),
    cases=lambda rng: [(_counts(rng),), (_counts(rng),)],
)


def _costs(p, labels, temperatures):
    logs = np.log(p)
    tempered = np.array([softmax(logs / T) for T in temperatures])
    return -np.log(tempered[:, np.arange(len(labels)), labels]).mean(axis=1)


def _best(temperatures, cost):
    """A wrong answer: the temperature T with the smallest cost(T)."""
    return temperatures[np.argmin([cost(T) for T in temperatures])]


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
    **told("my_temperature", globals()),
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
    **told("my_left", globals()),
    cases=lambda rng: [(_blobs(rng),)],
)


def _drawn(rng):
    """Two drawings whose ink fills neither the whole image nor a box in its middle."""
    blob = np.zeros((28, 28))
    blob[3:20, 8:27] = _blobs(rng)[0][3:20, 8:27]
    return [(blob,), (np.tril(rng.random((28, 28)))[::-1] ** 2 * (np.arange(28) < 21),)]


def _middle_of_box(image):
    rows, columns = np.nonzero(image)
    return (rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2


check_my_centre = FunctionCheck(
    **told("my_centre", globals()),
    cases=_drawn,
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
    **told("my_copies", globals()),
    cases=lambda rng: [(_blobs(rng).reshape(3, 784), np.array([7, 2, 1]))],
)
