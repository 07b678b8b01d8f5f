"""The checks of lesson 3: sharper slopes, descent, and what costs and accuracies say."""

from __future__ import annotations

import numpy as np

from nnlesson.course.checks import FunctionCheck
from nnlesson.course.formulas import told
from nnlesson.gradient import numerical_gradient
from nnlesson.losses import SoftmaxCrossEntropy


def _central(f, z, h):
    return (f(z + h) - f(z - h)) / (2 * h)


def _forward(f, z, h):
    return (f(z + h) - f(z)) / h


check_sharper_slope = FunctionCheck(
    **told("my_sharper_slope", globals()),
    cases=lambda rng: [
        (np.exp, 0.5, 0.3),
        (np.sin, float(rng.uniform(1, 2)), 0.2),
        (lambda z: z**3, 2.0, 0.5),
    ],
)

check_largest_rate = FunctionCheck(
    **told("my_largest_rate", globals()),
    cases=lambda rng: [(1.0,), (20.0,), (float(rng.uniform(0.05, 0.5)),)],
)


check_cost_of_shares = FunctionCheck(
    **told("my_cost_of_shares", globals()),
    cases=lambda rng: [
        (np.array([0, 1, 1, 3, 1, 0, 4]),),
        (rng.permutation(np.repeat([0, 1, 2, 5, 6], [5, 9, 4, 12, 3])),),
    ],
)


def _walk(step):
    """A descent in which step(f, x, learning_rate) is the next place."""

    def walk(f, x, learning_rate, steps):
        for _ in range(steps):
            x = step(f, x, learning_rate)
        return x

    return walk


_descend = _walk(lambda f, x, rate: x - rate * numerical_gradient(f, x))


def _in_place(f, x, learning_rate, steps):
    for _ in range(steps):
        x -= learning_rate * numerical_gradient(f, x)
    return x


def _gradient_of_the_start(f, x, learning_rate, steps):
    return x - steps * learning_rate * numerical_gradient(f, x)


def _each_from_the_start(f, x, learning_rate, steps):
    place = x
    for _ in range(steps):
        place = x - learning_rate * numerical_gradient(f, place)
    return place


def _path(f, x, learning_rate, steps):
    return np.array([_descend(f, x, learning_rate, n) for n in range(steps + 1)])


def _one_number_after_the_other(f, x, learning_rate, steps):
    x = x.copy()
    for _ in range(steps):
        for i in range(len(x)):
            x[i] -= learning_rate * numerical_gradient(f, x)[i]
    return x


check_descend = FunctionCheck(
    **told("my_descend", globals()),
    cases=lambda rng: [
        (lambda x: x[0] ** 2 + x[0] * x[1] + 3 * x[1] ** 2, rng.uniform(1, 2, 2), 0.1, 4),
        (lambda x: float(np.sum(np.cosh(x))), rng.uniform(0.5, 1, 3), 0.2, 3),
    ],
)


def _shuffles(rng):
    cases = []
    for n, k, r, known in ((20, 3, 40, 0.35), (12, 4, 30, 2), (15, 4, 20, 0.1)):
        t = rng.integers(0, k, n, dtype=np.intp)
        z = rng.normal(size=(n, k)) + known * np.eye(k)[t]
        cases.append((z, t, np.array([rng.permutation(n) for _ in range(r)])))
    return cases


def _leaning(rng):
    """Outputs that know something and lean to a few classes, so the answers show little of it."""
    cases = []
    for n, k in ((40, 5), (60, 6)):
        t = rng.integers(0, k - 1, n, dtype=np.intp)
        lean = np.linspace(0, 5, k)
        cases.append((rng.normal(size=(n, k)) + 1.5 * np.eye(k)[t] + lean, t))
    return cases


def _cost(z, t):
    return SoftmaxCrossEntropy().forward(z, t)


def _right(z, t):
    return float(np.mean(z.argmax(axis=1) == t))


def _by_right(compare, z, t, orders):
    """The share of shuffles of which compare(how many are right, how many of the true labels)."""
    right = [_right(z, t[order]) for order in orders]
    return float(np.mean([compare(one, _right(z, t)) for one in right]))


check_luck = FunctionCheck(
    **told("my_luck", globals()),
    cases=_shuffles,
)


def _majority(t):
    return float(np.bincount(t).max() / len(t))


check_report = FunctionCheck(
    **told("my_report", globals()),
    cases=_leaning,
)
