"""Lesson 2's checks name the cause of a wrong answer, and take every right one."""

from decimal import Decimal
from math import cosh, tanh

import numpy as np
import pytest

from nnlesson.activations import sigmoid, sigmoid_prime, softmax
from nnlesson.course.checks import Status
from nnlesson.course.lesson2 import checks as lesson2
from nnlesson.gradient import numerical_gradient, relative_error


def costs(Z, T):
    return np.logaddexp(0, Z) - T * Z


def from_a(a, T):
    return -(T * np.log(a) + (1 - T) * np.log(1 - a))


def own_sigmoid(z):
    return 1 / (1 + np.exp(-z))


def layer(cost=lambda Z, T: costs(Z, T).sum(axis=1).mean(), slopes=lambda Z, T: sigmoid(Z) - T):
    """An answer to exercise 4 with its own cost or slopes."""
    return lambda X, W, b, T: (cost(X @ W + b, T), slopes(X @ W + b, T))


def squares(X):
    return np.sum(X**2, axis=1)


def drawn_spread(X):
    return 1 / (X @ np.random.default_rng(1).normal(0, 1, (X.shape[1], 500))).std()


def overflowing_softmax(z):
    a = np.exp(z) / np.sum(np.exp(z))
    return np.diag(a) - np.outer(a, a)


def of_outputs(f):
    """An answer to exercise 6 made from a = softmax(z)."""
    return lambda z: f(softmax(z))


Z = np.linspace(-6, 6, 241)  # what a cell of the lesson leaves behind

# The likeliest wrong answers of each exercise, and words that must be in the verdict.
WRONG = {
    lesson2.check_my_mirror: [
        (0.9526, "σ(3) itself"),
        (-0.9526, "not the line"),
        (-0.0474, "never below 0"),
        (0.5, "the middle"),
        (0.4526, "above the middle"),
        (-0.4526, "add the middle"),
        (0.9526 * (1 - 0.9526), "the slope of the curve at 3"),
        (0.047, "four digits"),
        (0.05, "four digits"),
        (4.74, "never above 1"),
        (1 / 0.9526, "never above 1"),
        (np.array([0.0474]), "one number"),
        ("0.0474", "a number is needed"),
        (0.0498, "e^−3"),
        (0.06, "that is not it"),
    ],
    lesson2.check_my_wrong_line: [
        ("a", "p′q − p q′"),
        ("C", "compare it with line a"),
        ("d", "two factors"),
        ("e", "choose one of"),
        (2, "choose one of"),
        ("b and c", "choose one of"),
        ("none", "choose one of"),
    ],
    lesson2.check_my_tanh_slope: [
        (lambda a: a * (1 - a), "slope of the sigmoid"),
        (lambda a: 2 * a * (1 - a), "slope of the sigmoid"),
        (lambda a: 4 * a * (1 - a), "s = (a + 1) / 2"),
        (lambda a: (1 + a) / 2 * (1 - (1 + a) / 2), "moves twice as fast"),
        (lambda a: 2 * (1 + a) / 2 * (1 - a) / 2, "a factor 2 is missing"),
        (lambda a: 8 * (1 + a) / 2 * (1 - a) / 2, "a factor 2 too many"),
        (lambda a: 1 - np.tanh(a) ** 2, "an output of tanh already"),
        (lambda a: 1 - tanh(a) ** 2, "functions of math take one number"),
        (lambda a: 4 * sigmoid_prime(2 * a), "an output of tanh already"),
        (sigmoid_prime, "an output of tanh already"),
        (lambda a: a**2 - 1, "sign is turned"),
        (lambda a: 1 - 2 * a, "2a and a²"),
        (lambda a: 1 + a**2, "tanh is flat"),
        (lambda a: 1 - a ^ 2, "a power is written **"),
        (lambda a: 4 * (2 * a - 1) * (2 - 2 * a), "follows s = (a + 1) / 2"),
        (lambda a: 1 - a, "the slope has two"),
        (lambda a: 1 - np.tanh(Z) ** 2, "all it may use is a"),
    ],
    lesson2.check_my_output: [
        (layer(lambda Z, T: from_a(sigmoid(Z), T).sum(axis=1).mean()), "np.logaddexp(0, Z)"),
        (
            layer(lambda Z, T: (np.log(1 + np.exp(Z)) - T * Z).sum(axis=1).mean()),
            "np.logaddexp(0, Z)",
        ),
        (
            layer(lambda Z, T: from_a(np.clip(sigmoid(Z), 1e-7, 1 - 1e-7), T).sum(axis=1).mean()),
            "cut off",
        ),
        (
            layer(lambda Z, T: costs(np.clip(Z, -250, 250), T).sum(axis=1).mean()),
            "cut off",
        ),
        (layer(lambda Z, T: costs(Z, T).mean()), "add up the k outputs"),
        (layer(lambda Z, T: costs(Z, T).sum()), "take their mean"),
        (layer(lambda Z, T: costs(Z, T).sum(axis=1)), "one cost per example, (5,)"),
        (layer(lambda Z, T: costs(Z, T).mean(axis=0)), "one cost per output, (3,)"),
        (layer(costs), "one cost per output of each example, (5, 3)"),
        (layer(lambda Z, T: (np.logaddexp(0, Z) + T * Z).sum(axis=1).mean()), "is subtracted"),
        (lambda X, W, b, T: layer()(X, W, 0 * b, T), "bias is missing"),
        (layer(slopes=lambda Z, T: sigmoid(Z)), "a alone"),
        (layer(slopes=lambda Z, T: T - sigmoid(Z)), "sign turned"),
        (layer(slopes=lambda Z, T: (sigmoid(Z) - T) * sigmoid_prime(Z)), "it has cancelled"),
        (layer(slopes=lambda Z, T: sigmoid_prime(Z)), "not of the cost"),
        (layer(slopes=lambda Z, T: (sigmoid(Z) - T) / len(T)), "divided by n"),
        (layer(slopes=lambda Z, T: Z - T), "the slopes use z"),
        (layer(slopes=lambda Z, T: softmax(Z) - T), "not a softmax"),
        (layer(lambda Z, T: costs(sigmoid(Z), T).sum(axis=1).mean()), "stands z, not a"),
        (layer(slopes=lambda Z, T: np.exp(Z) / (1 + np.exp(Z)) - T), "infinity through infinity"),
        (layer(lambda Z, T: ((sigmoid(Z) - T) ** 2).sum(axis=1).mean() / 2), "squared error"),
        (layer(slopes=lambda Z, T: (sigmoid(Z) - T).mean(axis=0)), "one slope per output, (3,)"),
        (layer(slopes=lambda Z, T: (sigmoid(Z) - T).sum(axis=0)), "one slope per output, (3,)"),
        (lambda X, W, b, T: costs(X @ W + b, T).sum(axis=1).mean(), "return cost, slopes"),
        (lambda X, W, b, T: layer()(X, W, b, T)[::-1], "order is turned"),
        (lambda X, W, b, T: layer()(W, X, b, T), "X stands on the left"),
        (
            layer(lambda Z, T: costs(Z, T).mean(), lambda Z, T: T - sigmoid(Z)),
            "And slopes must still change",
        ),
    ],
    lesson2.check_my_spread: [
        (lambda X: 1 / np.sqrt(X.shape[1]), "the number of inputs"),
        (lambda X: 1 / 28, "784 pixels of −1 and 1 alone"),
        (lambda X: 0.1, "[A1]'s own spread"),
        (lambda X: 1 / np.sqrt(784 * np.mean(X**2)), "784 is the number of pixels"),
        (lambda X: 1 / np.sqrt(len(X)), "the number of images"),
        (lambda X: np.sqrt(np.mean(squares(X))), "with s = 1"),
        (lambda X: 1 / np.mean(squares(X)), "the root is missing"),
        (lambda X: 1 / np.sqrt(np.sum(X**2)), "all images"),
        (lambda X: 1 / np.sqrt(squares(X)), "one s per image, (7,)"),
        (lambda X: 1 / np.sqrt(np.mean(X**2)), "in z they add up"),
        (lambda X: 1 / X.std(), "sum along axis 1"),
        (lambda X: 1 / (X.std() * np.sqrt(X.shape[1])), "subtract a mean"),
        (lambda X: 1 / np.sqrt(X.var(axis=0).sum()), "subtract a mean"),
        (lambda X: 1 / np.mean(np.linalg.norm(X, axis=1)), "mean comes before the root"),
        (lambda X: 1 / np.sqrt(np.mean(np.sum(X, axis=1) ** 2)), "square first"),
        (lambda X: 1 / np.sqrt(np.mean(np.sum(X**2, axis=0))), "axis 0 adds up the images"),
        (lambda X: 1 / np.sqrt(np.mean(np.sum(abs(X), axis=1))), "not |x|"),
        (drawn_spread, "drawn weights have luck"),
    ],
    lesson2.check_my_softmax_slopes: [
        (of_outputs(lambda a: a * (1 - a)), "k × k slopes"),
        (of_outputs(lambda a: np.diag(a * (1 - a))), "off the diagonal"),
        (of_outputs(lambda a: -np.outer(a, a)), "the diagonal lacks"),
        (of_outputs(lambda a: np.outer(a, a)), "products a_i a_j alone"),
        (of_outputs(lambda a: np.diag(a * (1 - a)) - np.outer(a, a)), "taken away twice"),
        (of_outputs(lambda a: np.diag(a) + np.outer(a, a)), "sign of the products"),
        (of_outputs(lambda a: np.outer(a, a) - np.diag(a)), "every sign"),
        (of_outputs(lambda a: np.eye(len(a)) - np.outer(a, a)), "not np.eye"),
        (of_outputs(lambda a: np.diag(a) - a * a), "place by place"),
        (of_outputs(lambda a: np.outer(a, 1 - a)), "on the diagonal alone"),
        (of_outputs(lambda a: a[:, None] * (np.eye(len(a)) - a[:, None])), "column's index j"),
        (of_outputs(lambda a: np.diag(softmax(a)) - np.outer(softmax(a), softmax(a))), "twice"),
        (lambda z: np.diag(z) - np.outer(z, z), "uses the scores z"),
        (overflowing_softmax, "e^800"),
    ],
}


@pytest.mark.parametrize(
    "check, answer, said",
    [(check, *row) for check, rows in WRONG.items() for row in rows],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_likely_mistake_gets_its_cause(check, answer, said):
    verdict = check.judge(answer)
    assert verdict.status == Status.NOT_YET and said in verdict.message, verdict


def tanh_slope_in_a_loop(a):
    return [1 - x * x for x in a]


def output_in_loops(X, W, b, T):
    Z = X @ W + b
    each = [sum(float(c) for c in row) for row in costs(Z, T)]
    return [sum(each) / len(each), (own_sigmoid(Z) - T).tolist()]


def spread_in_loops(X):
    total = 0.0
    for image in X:
        for pixel in image:
            total += pixel * pixel
    return (len(X) / total) ** 0.5


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
        tanh_slope_in_a_loop,
    ],
    lesson2.check_my_output: [
        layer(lambda Z, T: np.mean(np.sum(np.logaddexp(0, np.where(T, -Z, Z)), axis=1))),
        layer(lambda Z, T: (np.maximum(Z, 0) + np.log1p(np.exp(-abs(Z))) - T * Z).sum() / len(Z)),
        lambda X, W, b, T: list(layer()(X, W, b, T)),
        output_in_loops,
    ],
    lesson2.check_my_spread: [
        lambda X: np.mean(squares(X)) ** -0.5,
        lambda X: np.sqrt(len(X)) / np.linalg.norm(X),
        lambda images: 1 / np.sqrt(images.shape[1] * np.mean(images**2)),
        spread_in_loops,
    ],
    lesson2.check_my_softmax_slopes: [
        of_outputs(lambda a: a[:, None] * (np.eye(len(a)) - a)),
        softmax_slopes_in_loops,
    ],
}


@pytest.mark.filterwarnings("ignore:overflow")
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
    measured = (np.tanh(z + 1e-6) - np.tanh(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(
        lesson2.check_my_tanh_slope.solution(np.tanh(z)), measured, atol=1e-8
    )
