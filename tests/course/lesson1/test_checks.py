"""Lesson 1's checks accept other ways, and tell a slip its cause."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from nnlesson.course.lesson1 import checks as lesson1

ONES, LEVELS = np.ones((3, 3)), [-0.5, -1.5, -2.5]  # three neurons: at least 1, 2, 3 switches


def step(z):
    return 1 if z >= 0 else 0


def my_rule(change_w, change_b=lambda t, y: t - y):
    """The learning rule with these changes: (t, y, x) -> that of w, (t, y) -> that of b."""

    def answer(w, b, x, t):
        y = step(w @ x + b)
        return w + change_w(t, y, x), b + change_b(t, y)

    return answer


def adds_in_place(w, b, x, t):
    y = step(w @ x + b)
    w += (t - y) * x
    return w, b + t - y


def with_if(w, b, x, t):
    y = int(sum(w * x) + b >= 0)
    if y == t:
        return w, b
    return (w + x, b + 1) if t == 1 else (w - x, b - 1)


def with_lists(weights, bias, inputs, target):
    z = bias
    for k in range(len(inputs)):
        z += weights[k] * inputs[k]
    off = target - (z >= 0)
    return [[wi + off * xi for wi, xi in zip(weights, inputs, strict=True)], bias + off]


def index_too_far(sizes):
    return sum((sizes[k] + 1) * sizes[k + 1] for k in range(len(sizes)))


def in_a_loop(n):
    total = 0
    for k in range(1, len(n)):
        total += n[k - 1] * n[k] + n[k]
    return total


ON = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])  # a hidden neuron for each of these
CORNER_NEURONS = 2 * ON.T - 1, 0.5 - ON.sum(axis=1), [1, 1, 1, 1], -0.5

RIGHT = [
    (lesson1.check_z, [-1.0, Decimal("-1"), Fraction(-1), np.array(-1), np.float32(-1)]),
    (lesson1.check_nand, [(-2, -2, 2.5 - 0.5), [-1, -1.5, 2], np.array([-1.2, -1.1, 2.0])]),
    (lesson1.check_nand, [(Decimal("-1.5"), -1.5, 2), (Fraction(-3, 2), -2, 2)]),
    (lesson1.check_correct, [with_if, with_lists, my_rule(lambda t, y, x: (t - y) * x)]),
    (lesson1.check_output_neuron, [(2, -3, -1), [1, -2, -1], np.array([1, -1, -0.5])]),
    (lesson1.check_count, [in_a_loop, lambda sizes: np.int64(in_a_loop(sizes))]),
    (lesson1.check_lamp, [CORNER_NEURONS, [ONES.tolist(), LEVELS, [1, -1, 1], -0.5]]),
    (lesson1.check_lamp, [(10 * ONES, [-10, -20, -30], np.array([[2], [-2], [2]]), [-1])]),
    (lesson1.check_lamp, [(ONES, np.array([LEVELS]), [1, Decimal(-1), 1], Fraction(-1, 2))]),
    (lesson1.check_number, [104.0, np.int64(104)]),
]

# Wrong answers, with words of the message that each must get: variants and mixtures of mistakes,
# and what no check lists. The mistakes that it lists, tests/course/test_checks.py tries.
WRONG = [
    (lesson1.check_z, "-1", "a text"),
    (lesson1.check_nand, (-1, -1, 0), "below −2"),
    (lesson1.check_nand, (-3, 0.5, 2), "each input that is 1 must lower z"),
    (lesson1.check_nand, (2, -1.5, -1.5), "your third number"),
    (lesson1.check_nand, ("-1.5", "-1.5", "2"), "three numbers"),
    (lesson1.check_nand, (float("nan"), 0, 0), "three numbers"),
    (lesson1.check_correct, my_rule(lambda t, y, x: abs(t - y) * x), "has a sign"),
    (lesson1.check_correct, my_rule(lambda t, y, x: t * x), "even when the answer is right"),
    (lesson1.check_correct, my_rule(lambda t, y, x: (t - y) * x, lambda t, y: t), "adds t even"),
    (lesson1.check_correct, my_rule(lambda t, y, x: (t - y) @ x), "not with @"),
    (lesson1.check_correct, lambda w, b, x, t: (w + (t - step(w * x + b)) * x, b), "w @ x"),
    (lesson1.check_correct, adds_in_place, "changes its input w"),
    (lesson1.check_correct, lambda w, b, x, t: print(w, b), "return it"),
    (lesson1.check_output_neuron, (-1, 1, -0.5), "OR, v1"),
    (lesson1.check_output_neuron, (1, -0.5, -0.5), "z is exactly 0"),
    (lesson1.check_output_neuron, (0, 1, 1, 0), "three numbers"),
    (lesson1.check_count, index_too_far, "list index out of range"),
    (lesson1.check_lamp, (ONES, LEVELS, [1, 1, 1], -1.5), "with 2 switches up"),
    (lesson1.check_lamp, ([[1, -1]] * 3, [-0.5, 1.5], [1, 1], -1.5), "exactly 1"),
    (lesson1.check_lamp, ([[1, -1], [1, -1], [0, 0]], [-0.5, 1.5], [1, 1], -1.5), "from 0 and 2"),
    (lesson1.check_lamp, (ONES, LEVELS, [2, -1, 1], -0.5), "far enough below 0"),
    (lesson1.check_lamp, (ONES, LEVELS, [1, -1, 1], 0.5), "it must be below 0"),
    (lesson1.check_lamp, (ONES, LEVELS, [-1, 0, 0], -0.5), "it must be 0 or more"),
    (lesson1.check_lamp, (ONES, [0, -1, -2], [1, -1, 1], -0.5), "from 0 and 2"),
    (lesson1.check_lamp, (CORNER_NEURONS[0].T, *CORNER_NEURONS[1:]), "three rows"),
    (lesson1.check_lamp, (ONES, LEVELS, [1, -1], -0.5), "one number for each hidden"),
    (lesson1.check_lamp, (1, 1, 1, -2.5), "three rows"),
    (lesson1.check_number, 20, "both sides of 0"),
]


@pytest.mark.parametrize("check, answers", RIGHT)
def test_right_answers_of_other_kinds_are_right(check, answers):
    for answer in answers:
        assert check.judge(answer).status == "right", (answer, check.judge(answer))


@pytest.mark.parametrize("check, answer, words", WRONG)
def test_a_likely_mistake_is_told_its_cause(check, answer, words):
    verdict = check.judge(answer)
    assert verdict.status == "not yet" and words in verdict.message, verdict


def test_a_part_that_is_blank_is_not_started():
    assert lesson1.check_nand.judge((..., ..., ...)).status == "not started"
    assert lesson1.check_lamp.judge((ONES, LEVELS, ..., ...)).status == "not started"
