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


def slopes(cost, *arrays):
    return [numerical_gradient(lambda _: cost(), array) for array in arrays]


def drawn(*shapes):
    rng = np.random.default_rng(3)
    return [rng.normal(size=shape) for shape in shapes]


def assert_agree(ours, measured):
    for one, other in zip(ours, measured, strict=True):
        assert relative_error(np.asarray(one), other) < 1e-6


def test_squared_slopes_are_measured_slopes():
    v1, w1 = np.array(-0.7), np.array(0.9)
    x, b, rest, y = 0.6, 0.2, 0.4, 1

    def outputs():
        a1 = sigmoid(w1 * x + b)
        return sigmoid(v1 * a1 + rest), a1

    a, a1 = outputs()
    ours = checks.check_squared_slopes.solution(a, y, a1, v1, x)
    assert_agree(ours, slopes(lambda: (outputs()[0] - y) ** 2 / 2, v1, w1))


def test_the_input_slope_is_a_measured_slope():
    w, b, v = drawn(4, 4, 4)
    x = np.array(0.3)
    a = sigmoid(w * x + b)
    ours = checks.check_input_slope.solution(x, v * a * (1 - a), w)
    assert_agree([ours], slopes(lambda: np.sum(v * sigmoid(w * x + b)), x))


def test_affine_slopes_are_measured_slopes():
    x, W, b, dout = drawn((5, 4), (4, 3), 3, (5, 3))
    ours = checks.check_affine_backward.solution(x, W, dout)
    assert_agree(ours, slopes(lambda: np.sum(dout * (x @ W + b)), x, W, b))


def test_slopes_of_a_layer_used_twice_are_measured_slopes():
    X, W, b, dZ2 = drawn((5, 3), (3, 3), 3, (5, 3))
    ours = checks.check_tied_slopes.solution(X, sigmoid(X @ W + b), dZ2, W)
    assert_agree(ours, slopes(lambda: np.sum(dZ2 * (sigmoid(X @ W + b) @ W + b)), W, b))


def test_a_step_is_old_minus_rate_times_measured_slope():
    X, W1, b1, W2, b2, dZ2 = drawn((5, 4), (4, 3), 3, (3, 2), 2, (5, 2))

    def cost():
        penalty = 0.3 / 2 * (np.sum(W1**2) + np.sum(W2**2))
        return np.sum(dZ2 * (sigmoid(X @ W1 + b1) @ W2 + b2)) + penalty

    params = W1, b1, W2, b2
    new = checks.check_step.solution(X, sigmoid(X @ W1 + b1), dZ2, *params, 0.3, 0.5)
    steps = [(old - now) / 0.5 for old, now in zip(params, new, strict=True)]
    assert_agree(steps, slopes(cost, *params))


# ---- the programs of exercise 6 ----


def failing(wrong):
    params = drawn((4, 3), 3, (3, 2), 2)
    (X,) = drawn((5, 4))
    ours = colleagues.program(wrong, X, LABELS, params)[1]
    measured = colleagues.measured(wrong, X, LABELS, params)
    errors = [relative_error(a, b) for a, b in zip(ours, measured, strict=True)]
    return [name for name, e in zip(("W1", "b1", "W2", "b2"), errors, strict=True) if e > 1e-6]


@pytest.mark.parametrize(
    ("name", "spoiled"),
    [("P", "W2"), ("Q", "b1"), ("R", "W1 b1 W2 b2"), ("S", "W1 b1 W2 b2")],
)
def test_a_wrong_line_spoils_what_the_answer_says(name, spoiled):
    assert failing(0) == []
    assert failing(colleagues.WRONG_LINES[name]) == spoiled.split()


def test_only_a_wrong_loss_shows_in_the_cost_at_zero():
    (X,) = drawn((5, 4))
    zeros = [np.zeros(s) for s in ((4, 3), 3, (3, 2), 2)]
    costs = {
        n: colleagues.program(w, X, LABELS, zeros)[0] for n, w in colleagues.WRONG_LINES.items()
    }
    assert {name for name, cost in costs.items() if abs(cost - 2 * np.log(2)) > 1e-9} == {"R"}


def test_the_table_has_a_row_for_each_program():
    (X,) = drawn((5, 4))
    rows = colleagues.what_the_check_says(X, LABELS, drawn((4, 3), 3, (3, 2), 2)).splitlines()
    assert [row[0] for row in rows[1:]] == list("PQRS")
    assert checks.check_lines.judge(colleagues.WRONG_LINES).status == Status.RIGHT


# ---- answers of learners ----


def s(z):
    return 1 / (1 + np.exp(-z))


def hand(a, y, a1, v1, x):
    d = np.subtract(a, y) * a
    d = d - d * a
    return [d * a1, np.array(d * v1 * a1 * (1 - a1)) * x]


def looped(x, deltas, w):
    total = 0
    for delta, weight in zip(deltas, w, strict=True):
        total += delta * weight
    return total


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
        looped,
        lambda x, deltas, w: deltas @ w,
        lambda x, d, w: np.dot(w, d),
        lambda x, deltas, w: float(sum(d * v for d, v in zip(deltas, w, strict=True))),
        lambda x, deltas, w: np.array((deltas * w).sum()),
    ],
    "affine_backward": [einsum_affine, ones_affine],
    "blind_spots": ["A, D, E", "a, d and e", ["a", "d", "e"], ("ad", "e"), {"a", "d", "e"}],
    "prediction": [
        {"a": "b2,b1", "c": "W1 and b1", "e": "all", "f": "dW1, dw2", "h": " w2 "},
        {"A": "b1, b2", "C": "W1, b1", "E": "all four", "F": "W1, W2", "H": "W2"},
        {"A": {"b1", "b2"}, "C": ("b1", "W1"), "E": "W1 W2 b1 b2", "F": "W2 W1", "H": "dW2"},
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


def squared(delta, dv1=lambda a1: a1, dw1=lambda a1, v1, x: v1 * a1 * (1 - a1) * x):
    return lambda a, y, a1, v1, x: (delta(a, y) * dv1(a1), delta(a, y) * dw1(a1, v1, x))


def affine(dx=None, dW=None, db=None):
    """An answer with these parts; the others are right."""

    def answer(x, W, dout):
        return (
            dx(W, dout) if dx else dout @ W.T,
            dW(x, dout) if dW else x.T @ dout,
            db(dout) if db else dout.sum(axis=0),
        )

    return answer


def step(early=False, bias=lambda dZ: dZ.sum(axis=0), decay=1, on_biases=0, eta=lambda rate: rate):
    def answer(X, A1, dZ2, W1, b1, W2, b2, l2, rate):
        k, rate = decay * l2, eta(rate)
        new = W2 - rate * (A1.T @ dZ2 + k * W2)
        dZ1 = dZ2 @ (new if early else W2).T * A1 * (1 - A1)
        w1 = W1 - rate * (X.T @ dZ1 + k * W1)
        own = on_biases * l2
        return w1, b1 - rate * (bias(dZ1) + own * b1), new, b2 - rate * (dZ2.sum(0) + own * b2)

    return answer


def in_place(X, A1, dZ2, W1, b1, W2, b2, l2, rate):
    dZ1 = dZ2 @ W2.T * A1 * (1 - A1)
    W1 -= rate * (X.T @ dZ1 + l2 * W1)
    b1 -= rate * dZ1.sum(axis=0)
    W2 -= rate * (A1.T @ dZ2 + l2 * W2)
    b2 -= rate * dZ2.sum(axis=0)
    return W1, b1, W2, b2


def one_penalty_left(*given):
    return step(decay=2)(*given)[:2] + step()(*given)[2:]


def tied(dZ1=lambda dZ2, W, A1: dZ2 @ W.T * A1 * (1 - A1), dW=None, db=None):
    def answer(X, A1, dZ2, W):
        d1 = dZ1(dZ2, W, A1)
        return (
            dW(X, A1, d1, dZ2) if dW else X.T @ d1 + A1.T @ dZ2,
            db(d1, dZ2) if db else (d1 + dZ2).sum(axis=0),
        )

    return answer


PLAIN = (lambda a, y: (a - y) * a * (1 - a),)
SEEN = {"A": "b1 b2", "C": "W1 b1", "E": "all", "F": "W1 W2", "H": "W2"}
LINES = {"P": 6, "Q": 1, "R": 4, "S": 5}
# exercise, likely wrong answer, words of the message it must get
WRONG = [
    ("squared_slopes", squared(lambda a, y: a - y), "the step through the output's sigmoid"),
    ("squared_slopes", squared(lambda a, y: 2 * (a - y) * a * (1 - a)), "the ½ takes away"),
    ("squared_slopes", squared(lambda a, y: (y - a) * a * (1 - a)), "the sign is turned"),
    ("squared_slopes", squared(*PLAIN, dw1=lambda a1, v1, x: v1 * x), "lacks the slope of the hid"),
    ("squared_slopes", squared(*PLAIN, dw1=lambda a1, v1, x: a1 * (1 - a1) * x), "the factor v₁"),
    ("squared_slopes", squared(*PLAIN, dw1=lambda a1, v1, x: v1 * a1 * (1 - a1)), "the factor x"),
    ("squared_slopes", squared(*PLAIN, dv1=lambda a1: 1), "v₁ is multiplied by a₁"),
    (
        "squared_slopes",
        lambda a, y, a1, v1, x: squared(*PLAIN, dv1=lambda _: v1)(a, y, a1, v1, x),
        "not v₁ itself",
    ),
    (
        "squared_slopes",
        lambda a, y, a1, v1, x: squared(*PLAIN, dw1=lambda *_: v1 * a * (1 - a) * x)(
            a, y, a1, v1, x
        ),
        "not the output's a(1 − a)",
    ),
    ("squared_slopes", squared(lambda a, y: a - y * a * (1 - a)), "brackets around a − y"),
    ("squared_slopes", squared(lambda a, y: (a - y) * s(a) * (1 - s(a))), "σ′ at a"),
    ("squared_slopes", squared(lambda a, y: (a - y) ** 2 / 2 * a * (1 - a)), "the cost itself"),
    ("squared_slopes", lambda *given: hand(*given)[::-1], "the order is dv1, dw1"),
    ("input_slope", lambda x, deltas, w: deltas * w, "add the ways"),
    ("input_slope", lambda x, deltas, w: np.sum(deltas * w) * x, "x itself is the factor for w"),
    ("input_slope", lambda x, d, w: np.sum(d * w) * x * (1 - x), "σ′ is too much"),
    ("input_slope", lambda x, deltas, w: np.sum(deltas) * np.sum(w), "not sum times sum"),
    ("input_slope", lambda x, deltas, w: np.mean(deltas * w), "averaged"),
    ("input_slope", lambda x, deltas, w: deltas[0] * w[0], "only one way"),
    ("input_slope", lambda x, deltas, w: sum(deltas), "the weights are missing"),
    ("affine_backward", affine(db=lambda dout: dout), "one row per example"),
    ("affine_backward", affine(dx=lambda W, dout: dout @ W), "W must be transposed in dx"),
    ("affine_backward", affine(dx=lambda W, dout: W.T @ dout), "dout comes first in dx"),
    ("affine_backward", affine(dW=lambda x, dout: x @ dout), "x must be transposed in dW"),
    ("affine_backward", affine(dW=lambda x, dout: dout @ x.T), "in dW x comes first"),
    ("affine_backward", affine(db=lambda dout: dout.mean(axis=0)), "db is the mean"),
    ("affine_backward", affine(db=np.sum), "db is one number"),
    ("affine_backward", lambda x, W, dout: (x.T @ dout, dout @ W.T, dout.sum(0)), "the order is"),
    (
        "affine_backward",
        lambda x, W, dout: (dout @ W.T * x * (1 - x), x.T @ dout, dout.sum(0)),
        "this layer has no sigmoid",
    ),
    ("blind_spots", "a", "d is missing"),
    ("blind_spots", "ad", "e is missing"),
    ("blind_spots", "ae", "d is missing"),
    ("blind_spots", "abde", "b is seen"),
    ("blind_spots", "bc", "b is seen"),
    ("blind_spots", "de", "a is missing"),
    ("blind_spots", "acde", "c is seen"),
    ("prediction", {**SEEN, "A": "W1 b1 W2 b2"}, "A takes one row"),
    ("prediction", {**SEEN, "A": "b1"}, "A takes one row"),
    ("prediction", {**SEEN, "C": "all"}, "C makes a wrong dZ1"),
    ("prediction", {**SEEN, "C": "W1"}, "C makes a wrong dZ1"),
    ("prediction", {**SEEN, "E": "W1 W2"}, "E spoils dZ2"),
    ("prediction", {**SEEN, "F": "all"}, "F has a 2"),
    ("prediction", {**SEEN, "H": "W1 b1 W2"}, "H takes a wrong array"),
    ("lines", {**LINES, "Q": 10}, "the cost does not depend on b1"),
    ("lines", {**LINES, "R": 5}, "R: with line 5 wrong"),
    ("lines", {**LINES, "S": 4}, "S: a wrong cost would show"),
    ("lines", {**LINES, "R": 5, "S": 4}, "have changed places"),
    ("lines", {**LINES, "P": "line 3"}, "P: with line 3 wrong"),
    ("lines", {**LINES, "P": 9}, "P: only W2 fails"),
    ("lines", {**LINES, "S": 9}, "S: with line 8, 9 or 10 wrong"),
    ("lines", {**LINES, "S": 0}, "the number of one line"),
    ("lines", [6, 1, 4, 5], "give each letter"),
    ("step", step(early=True, bias=lambda dZ: dZ[0], decay=2), "W2 after its update"),
    ("step", step(early=True), "W2 after its update"),
    ("step", step(early=True, decay=2), "W2 after its update"),
    ("step", step(bias=lambda dZ: dZ[0]), "the first example alone"),
    ("step", step(bias=lambda dZ: dZ[0], decay=2), "And b1 must still change"),
    ("step", step(decay=2), "2λw belongs"),
    ("step", one_penalty_left, "one of the two penalties"),
    ("step", step(decay=0), "without the penalty"),
    ("step", step(on_biases=1), "never for biases"),
    ("step", step(bias=lambda dZ: dZ.mean(axis=0)), "b1 has the mean"),
    (
        "step",
        lambda X, A1, dZ2, *rest: step()(X, A1, dZ2 / len(X), *rest),
        "divided by n once more",
    ),
    ("step", step(eta=lambda rate: -rate), "uphill"),
    ("step", in_place, "of the caller"),
    ("tied_slopes", tied(dW=lambda X, A, d1, d2: A.T @ d2, db=lambda d1, d2: d2.sum(0)), "second"),
    ("tied_slopes", tied(dW=lambda X, A, d1, d2: A.T @ d2), "only the second use"),
    ("tied_slopes", tied(dW=lambda X, A, d1, d2: X.T @ d1, db=lambda d1, d2: d1.sum(0)), "with ="),
    ("tied_slopes", tied(db=lambda d1, d2: d2.sum(axis=0)), "only the second use"),
    ("tied_slopes", tied(dW=lambda X, A, d1, d2: 2 * A.T @ d2), "twice one way is not both"),
    ("tied_slopes", tied(dZ1=lambda d2, W, A: d2 @ W * A * (1 - A)), "needs W.T"),
    ("tied_slopes", tied(dZ1=lambda d2, W, A: d2 @ W.T), "slope of the sigmoid"),
    ("tied_slopes", tied(dZ1=lambda d2, W, A: d2 @ W.T * s(A) * (1 - s(A))), "σ′ at A1"),
    ("tied_slopes", tied(db=lambda d1, d2: d1 + d2), "one row per example"),
    ("tied_slopes", tied(dW=lambda X, A, d1, d2: X.T @ d2 + A.T @ d1), "its own dZ"),
    ("tied_slopes", tied(dW=lambda X, A, d1, d2: (X + A).T @ (d1 + d2)), "its own dZ"),
    ("tied_slopes", tied(db=lambda d1, d2: (d1 + d2).mean(axis=0)), "db is the mean"),
]


@pytest.mark.parametrize(("exercise", "answer", "words"), WRONG)
def test_a_likely_mistake_is_named(exercise, answer, words):
    verdict = CHECKS[f"check_{exercise}"].judge(answer)
    assert verdict.status == Status.NOT_YET
    assert words in verdict.message


def test_at_least_seven_mistakes_of_each_exercise_are_tried():
    tried = [exercise for exercise, *_ in WRONG]
    assert all(tried.count(name.removeprefix("check_")) >= 7 for name in CHECKS)
