"""Lesson 2's checks name the cause of a wrong answer, and take every right one."""

from decimal import Decimal
from math import cosh

import numpy as np
import pytest

from nnlesson.activations import sigmoid, sigmoid_prime, softmax
from nnlesson.course.checks import Status
from nnlesson.course.lesson2 import checks as lesson2
from nnlesson.gradient import numerical_gradient, relative_error


def costs(Z, T):
    return np.logaddexp(0, Z) - T * Z


def layer(cost=lambda Z, T: costs(Z, T).sum(axis=1).mean(), slopes=lambda Z, T: sigmoid(Z) - T):
    """An answer to exercise 4 with its own cost or slopes."""
    return lambda X, W, b, T: (cost(X @ W + b, T), slopes(X @ W + b, T))


def clipped(Z, T):
    a = np.clip(sigmoid(Z), 1e-7, 1 - 1e-7)
    return -(T * np.log(a) + (1 - T) * np.log(1 - a)).sum(axis=1).mean()


def drawn_spread(X):
    return 1 / (X @ np.random.default_rng(1).normal(0, 1, (X.shape[1], 500))).std()


def overflowing_softmax(z):
    a = np.exp(z) / np.sum(np.exp(z))
    return np.diag(a) - np.outer(a, a)


# Wrong answers, and words that must be in the verdict: other forms and mixtures of mistakes, and
# what is known by a rule. The mistakes that a check lists, tests/course/test_checks.py tries.
WRONG = {
    lesson2.check_my_mirror: [
        (-0.06, "never below 0"),
        (0.047, "four digits"),
        (4.74, "never above 1"),
        (np.array([0.0474]), "one number"),
        ("0.0474", "a number is needed"),
        (0.06, "that is not it"),
    ],
    lesson2.check_my_wrong_line: [
        ("C", "compare it with line a"),
        (2, "choose one of 'a', 'b', 'c', 'd'"),
        ("b and c", "choose one of"),
    ],
    lesson2.check_my_tanh_slope: [
        (lambda a: (1 + a) / 2 * (1 - (1 + a) / 2), "moves twice as fast"),
        (lambda a: 2 * (1 + a) / 2 * (1 - a) / 2, "a factor 2 is missing"),
        (lambda a: 8 * (1 + a) / 2 * (1 - a) / 2, "a factor 2 too many"),
        (lambda a: 4 * sigmoid_prime(2 * a), "an output of tanh already"),
        (sigmoid_prime, "an output of tanh already"),
    ],
    lesson2.check_my_output: [
        (layer(lambda Z, T: (np.log(1 + np.exp(Z)) - T * Z).sum(1).mean()), "np.logaddexp(0, Z)"),
        (layer(clipped), "cut off"),
        (layer(lambda Z, T: costs(np.clip(Z, -250, 250), T).sum(axis=1).mean()), "cut off"),
        (layer(slopes=lambda Z, T: (sigmoid(Z) - T).sum(axis=0)), "one slope per output;"),
        (layer(lambda Z, T: costs(Z, T).mean(), lambda Z, T: T - sigmoid(Z)), "And slopes must"),
    ],
    lesson2.check_my_spread: [
        (lambda X: 1 / np.mean(np.linalg.norm(X, axis=1)), "mean comes before the root"),
        (drawn_spread, "If you drew weights, there is luck"),
    ],
    lesson2.check_my_softmax_slopes: [(overflowing_softmax, "not all slopes are finite")],
}


@pytest.mark.parametrize(
    "check, answer, said", [(check, *row) for check, rows in WRONG.items() for row in rows]
)
def test_each_likely_mistake_gets_its_cause(check, answer, said):
    verdict = check.judge(answer)
    assert verdict.status == Status.NOT_YET and said in verdict.message, verdict


def output_in_loops(X, W, b, T):
    Z = X @ W + b
    each = [sum(float(c) for c in row) for row in costs(Z, T)]
    return [sum(each) / len(each), (1 / (1 + np.exp(-Z)) - T).tolist()]


def softmax_slopes_in_loops(z):
    a, k = softmax(z), len(z)
    return [[a[i] * ((i == j) - a[j]) for j in range(k)] for i in range(k)]


RIGHT = {
    lesson2.check_my_mirror: [1 - 0.9526, 1 - sigmoid(3.0), Decimal("0.0474"), np.array(0.0474)],
    lesson2.check_my_wrong_line: ["B", "b:", "(b)", "line b", ["b"]],
    lesson2.check_my_tanh_slope: [
        lambda output: (1 + output) * (1 - output),
        lambda a: 4 * (a + 1) / 2 * (1 - (a + 1) / 2),
        lambda a: 1 / np.cosh(np.arctanh(a)) ** 2,
        np.vectorize(lambda a: 1 / cosh(np.arctanh(a)) ** 2),
        lambda a: [1 - x * x for x in a],
    ],
    lesson2.check_my_output: [
        layer(lambda Z, T: np.mean(np.sum(np.logaddexp(0, np.where(T, -Z, Z)), axis=1))),
        layer(lambda Z, T: (np.maximum(Z, 0) + np.log1p(np.exp(-abs(Z))) - T * Z).sum() / len(Z)),
        lambda X, W, b, T: list(layer()(X, W, b, T)),
        output_in_loops,
    ],
    lesson2.check_my_spread: [
        lambda X: np.mean(np.sum(X**2, axis=1)) ** -0.5,
        lambda X: np.sqrt(len(X)) / np.linalg.norm(X),
        lambda images: 1 / np.sqrt(images.shape[1] * np.mean(images**2)),
        lambda X: (len(X) / sum(x * x for image in X for x in image)) ** 0.5,
    ],
    lesson2.check_my_softmax_slopes: [
        lambda z: softmax(z)[:, None] * (np.eye(len(z)) - softmax(z)),
        softmax_slopes_in_loops,
    ],
}


@pytest.mark.parametrize("check, answer", [(c, a) for c, answers in RIGHT.items() for a in answers])
def test_unusual_right_answers_are_taken(check, answer):
    assert check.judge(answer).status == Status.RIGHT, check.judge(answer)


def test_every_exercise_is_tried():
    checks = {check for name, check in vars(lesson2).items() if name.startswith("check_")}
    assert checks == set(WRONG) == set(RIGHT)


def test_slopes_of_the_output_layer_are_measured():
    rng = np.random.default_rng(3)
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    T = rng.integers(0, 2, (4, 2))
    Z = X @ W + b
    measured = numerical_gradient(lambda Z: costs(Z, T).sum(), Z)
    cost, slopes = lesson2.check_my_output.solution(X, W, b, T)
    assert relative_error(slopes, measured) < 1e-6
    assert cost == pytest.approx(costs(Z, T).sum() / 4)


def test_the_right_spread_makes_sums_as_wide_as_one():
    rng = np.random.default_rng(4)
    X = rng.uniform(0, 1, (20, 300)) ** 4  # mostly paper
    s = lesson2.check_my_spread.solution(X)
    assert (X @ rng.normal(0, s, (300, 4000))).std() == pytest.approx(1, rel=0.02)
    assert s > 2 / np.sqrt(300)


def test_the_slope_of_tanh_is_measured():
    z = np.linspace(-3, 3, 13)
    measured = numerical_gradient(lambda z: np.tanh(z).sum(), z)
    assert relative_error(lesson2.check_my_tanh_slope.solution(np.tanh(z)), measured) < 1e-8
