"""Answers to lesson 6's exercises: right in another form, and wrong, with words they are told."""

import numpy as np

from nnlesson.activations import softmax
from nnlesson.images import shift


def temper(p, T):
    return softmax(np.log(p) / T)


def picked(p, labels):
    return p[np.arange(len(labels)), labels]


def costs(p, labels, temperatures):
    return [-np.log(picked(temper(p, T), labels)).mean() for T in temperatures]


def best_so_far(p, labels, temperatures):
    best, least = None, float("inf")
    for T in temperatures:
        q = p ** (1 / T)
        q = q / q.sum(axis=1, keepdims=True)
        cost = sum(-np.log(q[i][label]) for i, label in enumerate(labels))
        if cost < least:
            best, least = float(T), cost
    return best


def by_log_sum_exp(p, labels, temperatures):
    z = np.log(p)[:, None] / np.reshape(temperatures, (-1, 1))
    each = np.log(np.exp(z).sum(axis=2)) - z[np.arange(len(labels)), :, labels]
    return np.array(temperatures)[each.mean(axis=0).argmin()]


def chosen(cost):
    return lambda p, labels, temperatures: min(temperatures, key=lambda T: cost(p, labels, T))


def wrong_shares_by_loops(counts):
    return [1 - counts[i, i] / sum(counts[i]) for i in range(len(counts))]


def wrong_shares_without_the_diagonal(counts):
    errors = counts * (1 - np.eye(len(counts)))
    return errors.sum(1) / counts.sum(1)


MOVES = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]


def moved(images):
    return [shift(images, dx, dy) for dx, dy in MOVES]


def left_in_place(images):
    images[:, :, :-1] = images[:, :, 1:]
    images[:, :, -1] = 0
    return images


def left_by_a_loop(images):
    new = 0 * images
    for column in range(27):
        new[:, :, column] = images[:, :, column + 1]
    return new


def rolled_and_cleared(images):
    new = np.roll(images, -1, axis=2)
    new[:, :, -1] = 0
    return new


def centre_by_loops(image):
    down = right = mass = 0
    for i in range(28):
        for j in range(28):
            down, right, mass = down + i * image[i, j], right + j * image[i, j], mass + image[i, j]
    return [down / mass, right / mass]


def centre_by_indices(image):
    return (np.indices((28, 28)) * image).sum(axis=(1, 2)) / image.sum()


PLACE = np.arange(28)
RIGHT = {
    "my_wrong_shares": [wrong_shares_by_loops, wrong_shares_without_the_diagonal,
                     lambda c: [float(s) for s in 1 - np.diagonal(c) / np.sum(c, 1)]],
    "my_temperature": [best_so_far, by_log_sum_exp, chosen(lambda p, t, T: costs(p, t, [T])[0]),
                    lambda p, t, Ts: np.asarray(Ts[int(np.argmin(costs(p, t, Ts)))])],
    "my_left": [left_by_a_loop, rolled_and_cleared,
             lambda x: np.pad(x, ((0, 0), (0, 0), (0, 1)))[:, :, 1:],
             lambda x: np.concatenate([x[:, :, 1:], np.zeros((len(x), 28, 1))], axis=2).tolist(),
             lambda x: shift(x, -1, 0)],
    "my_copies": [lambda x, t: [np.vstack(moved(x)), list(t) * 5],
               lambda x, t: (np.concatenate(moved(x)).tolist(), np.concatenate([t] * 5)),
               lambda x, t: (np.array(moved(x)).reshape(-1, 784), np.tile(t, 5))],
    "my_centre": [centre_by_loops, centre_by_indices,
               lambda x: (np.average(PLACE, weights=x.sum(1)), np.average(PLACE, weights=x.sum(0))),
               lambda x: ((x.T @ PLACE).sum() / x.sum(), (x @ PLACE).sum() / x.sum())],
}  # fmt: skip
WRONG = {
    "my_left": [
        (left_in_place, "changes its input"),
    ],
    "my_copies": [
        (lambda x, t: (np.concatenate(moved(x)), np.tile(t, 4)), "labels is an array of"),
    ],
}  # fmt: skip
