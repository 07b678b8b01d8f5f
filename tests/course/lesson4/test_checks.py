"""Lesson 4's solutions agree with measured slopes; its checks name the likeliest mistakes."""

import numpy as np
import pytest

from nnlesson.activations import sigmoid
from nnlesson.course.checks import Status
from nnlesson.course.lesson4 import checks, colleagues
from nnlesson.gradient import numerical_gradient, relative_error

CHECKS = {name: check for name, check in vars(checks).items() if name.startswith("check_")}
LABELS = np.array([0, 1, 1, 0, 1])


def test_every_exercise_is_here():
    assert len(CHECKS) == 8


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


# ---- answers of learners ----


def hand(a, y, a1, v1, x):
    d = np.subtract(a, y) * a
    d = d - d * a
    return [d * a1, np.array(d * v1 * a1 * (1 - a1)) * x]


def einsum_affine(inputs, weights, slope):
    dW = np.einsum("ni,nj->ij", inputs, slope)
    return [np.einsum("nj,ij->ni", slope, weights).tolist(), dW.tolist(), slope.sum(0).tolist()]


def ones_affine(x, W, dout):
    return (W @ dout.T).T, (dout.T @ x).T, np.ones(len(x)) @ dout


def step_by_copies(X, A1, dZ2, W1, b1, W2, b2, l2, eta):
    new_W2, new_b2 = W2.copy(), b2.copy()
    new_W2 -= eta * (A1.T @ dZ2 + l2 * W2)
    new_b2 -= eta * np.ones(len(dZ2)) @ dZ2
    dZ1 = (A1 - A1**2) * (dZ2 @ W2.T)
    return [W1 * (1 - eta * l2) - eta * X.T @ dZ1, b1 - eta * sum(dZ1), new_W2, new_b2]


def stacked(X, A1, dZ2, W):
    both = np.concatenate([dZ2 @ W.T * A1 * (1 - A1), dZ2])
    return np.concatenate([X, A1]).T @ both, both.sum(axis=0).tolist()


RIGHT = {
    "squared_slopes": [hand, lambda a, y, a1, v1, x: np.array(hand(a, y, a1, v1, x))],
    "input_slope": [
        lambda x, deltas, w: w @ deltas,
        lambda x, deltas, w: float(sum(d * v for d, v in zip(deltas, w, strict=True))),
        lambda x, deltas, w: np.array((deltas * w).sum()),
    ],
    "affine_backward": [einsum_affine, ones_affine],
    "blind_spots": ["A, D, E", "a, d and e", ["a", "d", "e"], ("ad", "e"), {"a", "d", "e"}],
    "prediction": [
        {"a": "b2,b1", "c": "W1 and b1", "e": "all", "f": "dW1, dw2", "h": " w2 "},
        {"A": {"b1", "b2"}, "C": ("b1", "W1"), "E": "all four", "F": "W2 W1", "H": "dW2"},
    ],
    "lines": [
        {"P": "6", "Q": "line 1", "R": [4], "S": np.int64(5)},
        {"p": 6.0, "q": 1, "r": (4,), "s": "5."},
    ],
    "step": [step_by_copies],
    "tied_slopes": [stacked],
}


@pytest.mark.parametrize(
    ("exercise", "answer"), [(name, answer) for name, them in RIGHT.items() for answer in them]
)
def test_an_unusual_right_answer_is_right(exercise, answer):
    assert CHECKS[f"check_{exercise}"].judge(answer).status == Status.RIGHT


def affine(dx=lambda W, dout: dout @ W.T, dW=lambda x, dout: x.T @ dout):
    """An answer with these parts; db is right."""
    return lambda x, W, dout: (dx(W, dout), dW(x, dout), dout.sum(axis=0))


def two_bugs_left(X, A1, dZ2, W1, b1, W2, b2, l2, eta):
    new_W1, _, *rest = step_by_copies(X, A1, dZ2, W1, b1, W2, b2, 2 * l2, eta)
    first_row = dZ2[0] @ W2.T * A1[0] * (1 - A1[0])
    return new_W1, b1 - eta * first_row, *rest


def first_use(X, A1, dZ2, W):
    dZ1 = dZ2 @ W.T * A1 * (1 - A1)
    return X.T @ dZ1, dZ1.sum(axis=0)


SEEN = {"A": "b1 b2", "C": "W1 b1", "E": "all", "F": "W1 W2", "H": "W2"}
LINES = {"P": 6, "Q": 1, "R": 4, "S": 5}
# Exercise, wrong answer, words of the message it must get: variants and mixtures of mistakes. The
# mistakes that a check lists, tests/course/test_checks.py tries.
WRONG = [
    ("squared_slopes", lambda *given: hand(*given)[::-1], "the order is dv1, dw1"),
    ("affine_backward", affine(dx=lambda W, dout: dout @ W), "in dx the shapes do not fit"),
    ("affine_backward", affine(dW=lambda x, dout: x @ dout), "in dW the shapes do not fit"),
    ("affine_backward", affine(dW=lambda x, dout: x.T @ dout.T), "in dW the shapes do not fit"),
    ("blind_spots", "a", "d is missing"),
    ("blind_spots", "bc", "b is seen"),
    ("prediction", {**SEEN, "A": "W1 b1 W2 b2"}, "A takes one row"),
    ("lines", {**LINES, "P": "line 3"}, "P: with line 3 wrong"),
    ("lines", {**LINES, "S": 4}, "S: a wrong cost would show"),
    ("lines", {**LINES, "S": 9}, "S: with line 8, 9 or 10 wrong"),
    ("lines", {**LINES, "S": 0}, "the number of one line"),
    ("lines", [6, 1, 4, 5], "give each letter"),
    ("step", two_bugs_left, "our cost has λ/2, in both W1 and W2. And b1 must still change"),
    ("tied_slopes", first_use, "with ="),
    ("tied_slopes", lambda X, A, d, W: (A.T @ d + X.T @ (W.T @ d * A), 0), "your code stopped"),
    ("tied_slopes", lambda X, A, d, W: (A.T @ d, d.sum(axis=0)), "only the second use"),
    ("tied_slopes", lambda X, A, d, W: (2 * A.T @ d, stacked(X, A, d, W)[1]), "twice one way"),
]


@pytest.mark.parametrize(("exercise", "answer", "words"), WRONG)
def test_a_likely_mistake_is_named(exercise, answer, words):
    verdict = CHECKS[f"check_{exercise}"].judge(answer)
    assert verdict.status == Status.NOT_YET
    assert words in verdict.message
