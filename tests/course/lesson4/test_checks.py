"""Lesson 4's solutions agree with measured slopes, and its wrong programs spoil what it says."""

import numpy as np

from nnlesson.activations import sigmoid
from nnlesson.course.lesson4 import checks, colleagues
from nnlesson.gradient import numerical_gradient, relative_error

LABELS = np.array([0, 1, 1, 0, 1])


# ---- the solutions are slopes ----


def drawn(*shapes):
    rng = np.random.default_rng(3)
    return [rng.normal(size=shape) for shape in shapes]


def assert_slopes(ours, cost, *arrays):
    """That `ours` are the measured slopes of cost() with respect to these arrays."""
    for one, array in zip(ours, arrays, strict=True):
        measured = numerical_gradient(lambda _: cost(), array)
        assert relative_error(np.asarray(one), measured) < 1e-6


def test_squared_slopes_are_measured_slopes():
    v1, w1 = np.array(-0.7), np.array(0.9)

    def hidden():
        return sigmoid(w1 * 0.6 + 0.2)

    def output():
        return sigmoid(v1 * hidden() + 0.4)

    ours = checks.check_squared_slopes.solution(output(), 1, hidden(), v1, 0.6)
    assert_slopes(ours, lambda: (output() - 1) ** 2 / 2, v1, w1)


def test_the_input_slope_is_a_measured_slope():
    w, b, v = drawn(4, 4, 4)
    x = np.array(0.3)
    a = sigmoid(w * x + b)
    ours = checks.check_input_slope.solution(x, v * a * (1 - a), w)
    assert_slopes([ours], lambda: np.sum(v * sigmoid(w * x + b)), x)


def test_affine_slopes_are_measured_slopes():
    x, W, b, dout = drawn((5, 4), (4, 3), 3, (5, 3))
    ours = checks.check_affine_backward.solution(x, W, dout)
    assert_slopes(ours, lambda: np.sum(dout * (x @ W + b)), x, W, b)


def test_slopes_of_a_layer_used_twice_are_measured_slopes():
    X, W, b, dZ2 = drawn((5, 3), (3, 3), 3, (5, 3))
    ours = checks.check_tied_slopes.solution(X, sigmoid(X @ W + b), dZ2, W)
    assert_slopes(ours, lambda: np.sum(dZ2 * (sigmoid(X @ W + b) @ W + b)), W, b)


def test_a_step_is_old_minus_rate_times_measured_slope():
    X, W1, b1, W2, b2, dZ2 = drawn((5, 4), (4, 3), 3, (3, 2), 2, (5, 2))

    def cost():
        penalty = 0.3 / 2 * (np.sum(W1**2) + np.sum(W2**2))
        return np.sum(dZ2 * (sigmoid(X @ W1 + b1) @ W2 + b2)) + penalty

    params = W1, b1, W2, b2
    new = checks.check_step.solution(X, sigmoid(X @ W1 + b1), dZ2, *params, 0.3, 0.5)
    steps = [(old - now) / 0.5 for old, now in zip(params, new, strict=True)]
    assert_slopes(steps, cost, *params)


def test_with_no_wrong_line_the_slopes_of_exercise_6_are_measured_slopes():
    X, *params = drawn((5, 4), (4, 3), 3, (3, 2), 2)
    ours = colleagues.program(0, X, LABELS, params)[1]
    assert_slopes(ours, lambda: colleagues.program(0, X, LABELS, params)[0], *params)


# ---- the programs of exercise 6 ----


def test_the_table_says_what_each_wrong_line_spoils():
    X, *params = drawn((5, 4), (4, 3), 3, (3, 2), 2)
    table = colleagues.what_the_check_says(X, LABELS, params)
    names, *rows = [line.split() for line in table.splitlines()]
    all_four = names[:4]
    spoiled = {
        letter: [name for name, error in zip(all_four, errors, strict=True) if error != "ok"]
        for letter, *errors, _, _ in rows
    }
    assert spoiled == {"P": ["W2"], "Q": ["b1"], "R": all_four, "S": all_four}
    at_zero, db1 = np.array([row[-2:] for row in rows], float).T
    assert at_zero.tolist() == [1.386, 1.386, 0.693, 1.386]  # 2 ln 2, and half of it
    assert db1[1] == 0 and db1[0] == db1[3] > 0
