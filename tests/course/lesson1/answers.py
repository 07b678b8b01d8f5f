"""Answers to lesson 1's exercises: right in another form, and wrong, with words they are told."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

ONES, LEVELS = np.ones((3, 3)), [-0.5, -1.5, -2.5]  # three neurons: at least 1, 2, 3 switches


def my_rule(change_w, change_b=lambda t, y: t - y):
    """The learning rule with these changes: (t, y, x) -> that of w, (t, y) -> that of b."""

    def answer(w, b, x, t):
        y = int(w @ x + b >= 0)
        return w + change_w(t, y, x), b + change_b(t, y)

    return answer


def with_lists(weights, bias, inputs, target):
    off = target - (np.dot(weights, inputs) + bias >= 0)
    return [[w + off * x for w, x in zip(weights, inputs, strict=True)], bias + off]


ON = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])  # a hidden neuron for each of these
CORNER_NEURONS = 2 * ON.T - 1, 0.5 - ON.sum(axis=1), [1, 1, 1, 1], -0.5

RIGHT = {
    "my_z": [-1.0, Decimal("-1"), Fraction(-1), np.array(-1), np.float32(-1)],
    "my_nand": [
        (-2, -2, 2.5 - 0.5), [-1, -1.5, 2], np.array([-1.2, -1.1, 2.0]),
        (Decimal("-1.5"), -1.5, 2), (Fraction(-3, 2), -2, 2),
    ],
    "my_correct": [with_lists, my_rule(lambda t, y, x: (t - y) * x)],
    "my_output": [(2, -3, -1), [1, -2, -1], np.array([1, -1, -0.5])],
    "my_count": [lambda n: np.sum((np.array(n[:-1]) + 1) * n[1:])],
    "my_lamp": [
        CORNER_NEURONS,
        [ONES.tolist(), LEVELS, [1, -1, 1], -0.5],
        (10 * ONES, [-10, -20, -30], np.array([[2], [-2], [2]]), [-1]),
        (ONES, np.array([LEVELS]), [1, Decimal(-1), 1], Fraction(-1, 2)),
    ],
    "my_number": [104.0, np.int64(104)],
}  # fmt: skip
WRONG = {
    "my_z": [("-1", "a text")],
    "my_nand": [
        ((-1, -1, 0), "below −2"),
        ((2, -1.5, -1.5), "your third number"),
        ((float("nan"), 0, 0), "three numbers"),
    ],
    "my_correct": [
        (my_rule(lambda t, y, x: abs(t - y) * x), "has a sign"),
        (my_rule(lambda t, y, x: (t - y) * x, lambda t, y: t), "adds t even"),
        (lambda w, b, x, t: (w + (t - int(w * x + b >= 0)) * x, b), "w @ x"),
        (lambda w, b, x, t: print(w, b), "return it"),
    ],
    "my_output": [
        ((-1, 1, -0.5), "OR, v1"),
        ((1, -0.5, -0.5), "z is exactly 0"),
    ],
    "my_lamp": [
        ((ONES, LEVELS, [1, 1, 1], -1.5), "with 2 switches up"),
        (([[1, -1], [1, -1], [0, 0]], [-0.5, 1.5], [1, 1], -1.5), "from 0 and 2"),
        ((ONES, LEVELS, [2, -1, 1], -0.5), "far enough below 0"),
        ((ONES, LEVELS, [-1, 0, 0], -0.5), "it must be 0 or more"),
        ((CORNER_NEURONS[0].T, *CORNER_NEURONS[1:]), "three rows"),
        ((ONES, LEVELS, ..., ...), "still blank"),
    ],
    "my_number": [(20, "both sides of 0")],
}
