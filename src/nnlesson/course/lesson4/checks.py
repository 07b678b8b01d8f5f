"""The checks of lesson 4: backpropagation by hand, in matrices, as layers, and the bug hunt."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnlesson.activations import relu, sigmoid
from nnlesson.course.answers import as_text
from nnlesson.course.checks import Either, FunctionCheck, PropertyCheck, Rule, Seen

Slopes = tuple[Any, Any, Any, Any]


# ---- the 1-2-1 network ----


def _chances(rng: np.random.Generator) -> list[tuple]:
    """Five cases of outputs between 0 and 1 and labels 0 or 1."""
    return [
        (rng.uniform(0.05, 0.95), i % 2, rng.uniform(0.05, 0.95), rng.uniform(0.05, 0.95))
        for i in range(5)
    ]


check_output_slopes = FunctionCheck(
    "my_output_slopes",
    solution=lambda a, y, a1, a2: ((a - y) * a1, (a - y) * a2, a - y),
    right="one δ, then one factor for each parameter: what that parameter multiplies",
    mistakes={
        "the sign is turned round: δ is the output minus the label, a − y":
            lambda a, y, a1, a2: ((y - a) * a1, (y - a) * a2, y - a),
        "σ′ is in it once too often: a(1 − a) has already cancelled in δ = a − y":
            lambda a, y, a1, a2: tuple((a - y) * a * (1 - a) * f for f in (a1, a2, 1)),
        "v₁ is multiplied by a₁ in z, so its slope needs the factor a₁ (and v₂ needs a₂)":
            lambda a, y, a1, a2: (a - y, a - y, a - y),
        "v₂ has the factor a₁: an index slip. In z it multiplies a₂":
            {"dv2": lambda a, y, a1, a2: (a - y) * a1},
        "a₁ and a₂ have changed places: v₁ multiplies a₁ in z, and v₂ multiplies a₂":
            lambda a, y, a1, a2: ((a - y) * a2, (a - y) * a1, a - y),
        "this is right for the label 1 only: δ is a − y, and y may be 0":
            lambda a, y, a1, a2: ((a - 1) * a1, (a - 1) * a2, a - 1),
        "this starts from ∂J/∂a. One more step leads to z, and the product is δ = a − y":
            lambda a, y, a1, a2: tuple((a - y) / (a * (1 - a)) * f for f in (a1, a2, 1)),
        "the slope for c is not 0: z grows by 1 when c grows by 1, so the factor is 1": {"dc": 0.0},
        "1 is ∂z/∂c; the slope of the cost is δ times that": {"dc": 1.0},
        "these are the slopes of z alone: multiply each by δ = a − y":
            lambda a, y, a1, a2: (a1, a2, 1),
        "a₁(1 − a₁) is needed further back, for w₁; here the factors are a₁ and a₂ themselves":
            lambda a, y, a1, a2: ((a - y) * a1 * (1 - a1), (a - y) * a2 * (1 - a2), a - y),
        "* comes before −: put brackets around a − y":
            lambda a, y, a1, a2: (a - y * a1, a - y * a2, a - y),
    },
    cases=_chances,
    parts=("dv1", "dv2", "dc"),
)

def _into_hidden(slope: Callable) -> Callable:
    """The slopes for w2 and b2, from `slope(delta, v2, a2)`, the one at z2."""

    def my_hidden_slopes(delta, v2, a2, x):
        return slope(delta, v2, a2) * x, slope(delta, v2, a2)

    return my_hidden_slopes


check_hidden_slopes = FunctionCheck(
    "my_hidden_slopes",
    solution=_into_hidden(lambda delta, v2, a2: delta * v2 * a2 * (1 - a2)),
    right="back through v₂, back through σ, then the factor of each parameter",
    mistakes={
        "the slope of the hidden sigmoid is missing: the factor a₂(1 − a₂)":
            _into_hidden(lambda delta, v2, a2: delta * v2),
        "the way back from z to a₂ is missing: the factor ∂z/∂a₂ = v₂":
            _into_hidden(lambda delta, v2, a2: delta * a2 * (1 - a2)),
        "this is σ′ at a₂. a₂ is already σ(z₂): use a₂(1 − a₂) itself":
            _into_hidden(lambda delta, v2, a2: delta * v2 * sigmoid(a2) * (1 - sigmoid(a2))),
        "dw2 comes first, and it needs the factor x: w₂ is multiplied by x in z₂. Article 1 "
        "prints this slip":
            {"dw2": lambda delta, v2, a2, x: delta * v2 * a2 * (1 - a2)},
        "the slope for b₂ has the factor x of w₂. In z₂ the bias is multiplied by 1, so its "
        "factor is 1":
            {"db2": lambda delta, v2, a2, x: delta * v2 * a2 * (1 - a2) * x},
        "this multiplies by a₂, as for v₂. On the way back to z₂ come v₂ and a₂(1 − a₂)":
            _into_hidden(lambda delta, v2, a2: delta * a2),
        "the slope of the sigmoid is a₂(1 − a₂): the second factor is missing":
            _into_hidden(lambda delta, v2, a2: delta * v2 * a2),
        "1 is ∂z₂/∂b₂; multiply it by all that comes before: δ v₂ a₂(1 − a₂)": {"db2": 1.0},
        "the slope of the sigmoid is a₂(1 − a₂): the first factor is missing":
            _into_hidden(lambda delta, v2, a2: delta * v2 * (1 - a2)),
        "δ is missing: every slope starts at the cost":
            _into_hidden(lambda delta, v2, a2: v2 * a2 * (1 - a2)),
    },
    cases=lambda rng: [
        (rng.normal(), rng.normal(), rng.uniform(0.05, 0.95), rng.normal()) for _ in range(5)
    ],
    parts=("dw2", "db2"),
)

check_hidden_delta = FunctionCheck(
    "my_hidden_delta",
    solution=lambda deltas, v, a: np.sum(deltas * v) * a * (1 - a),
    right="all ways from the neuron to the cost are added, then one σ′",
    mistakes={
        "only the first output is counted, as in article 1's derivation: add over all outputs":
            lambda deltas, v, a: deltas[0] * v[0] * a * (1 - a),
        "the outputs are averaged: effects along several ways add up, so take the sum":
            lambda deltas, v, a: np.mean(deltas * v) * a * (1 - a),
        "each δ must be multiplied by its own weight before the sum, not sum times sum":
            lambda deltas, v, a: np.sum(deltas) * np.sum(v) * a * (1 - a),
        "only the largest way is counted: every way acts at the same time, so add them":
            lambda deltas, v, a: np.max(deltas * v) * a * (1 - a),
        "this is σ′ at a. a is already the sigmoid's output: use a(1 − a) itself":
            lambda deltas, v, a: np.sum(deltas * v) * sigmoid(a) * (1 - sigmoid(a)),
        "this is the slope at a. The step through the sigmoid is missing: a(1 − a)":
            lambda deltas, v, a: np.sum(deltas * v),
        "the weights v are missing: they say how strongly each output feels this neuron":
            lambda deltas, v, a: np.sum(deltas) * a * (1 - a),
        "this has shape {shape}, one number per output: one neuron has one δ, so add them":
            lambda deltas, v, a: deltas * v * a * (1 - a),
        "σ′ has two factors, a and 1 − a": Either(
            lambda deltas, v, a: np.sum(deltas * v) * a,
            lambda deltas, v, a: np.sum(deltas * v) * (1 - a),
        ),
        "this is right for two outputs only: np.sum adds over any number of them":
            lambda deltas, v, a: np.sum((deltas * v)[:2]) * a * (1 - a),
    },
    cases=lambda rng: [
        (rng.normal(size=k), rng.normal(size=k), rng.uniform(0.05, 0.95)) for k in (2, 3, 10, 5, 4)
    ],
)


# ---- batches, penalty, layers ----


check_affine_backward = FunctionCheck(
    "my_affine_backward",
    solution=lambda x, W, dout: (dout @ W.T, x.T @ dout, dout.sum(axis=0)),
    right="that is all of backpropagation through a layer of weights: three lines",
    mistakes={
        "W must be transposed in dx: dout (n, m) @ W.T (m, d) gives (n, d)":
            {"dx": lambda x, W, dout: dout @ W},
        "x must be transposed in dW: x.T (d, n) @ dout (n, m) gives (d, m)":
            {"dW": lambda x, W, dout: x @ dout},
        "dout comes first in dx: dout (n, m) @ W.T (m, d) gives (n, d)":
            Either({"dx": lambda x, W, dout: W.T @ dout}, {"dx": lambda x, W, dout: W @ dout}),
        "in dW x comes first, transposed: x.T (d, n) @ dout (n, m) gives (d, m)":
            {"dW": lambda x, W, dout: dout @ x.T},
        "your dW has shape {shape}, turned round: it must have the shape of W, so x.T @ dout":
            {"dW": lambda x, W, dout: dout.T @ x},
        "dW is divided by n once more: the 1/n of the mean is already in dout":
            {"dW": lambda x, W, dout: x.T @ dout / len(x)},
        "your db has shape {shape}: one row per example. Sum over the batch, axis=0":
            {"db": lambda x, W, dout: dout},
        "db is the mean over the batch: take the sum; the 1/n is already in dout":
            {"db": lambda x, W, dout: dout.mean(axis=0)},
        "your db has shape {shape}: right numbers, one bracket too many. Leave keepdims out":
            {"db": lambda x, W, dout: dout.sum(axis=0, keepdims=True)},
        "your db has shape {shape}: you added along the outputs. Add along the batch, axis=0":
            {"db": lambda x, W, dout: dout.sum(axis=1)},
        "your db is one number: each output has its own bias, so sum along axis=0 only":
            {"db": lambda x, W, dout: dout.sum()},
        "your db is the first example's alone: every example of the batch used b, so add all":
            {"db": lambda x, W, dout: dout[0]},
        "your dx has shape {shape}, turned round: it must have the shape of x, so dout @ W.T":
            {"dx": lambda x, W, dout: W @ dout.T},
        "db is not 1: b is added for every example, so its slope is the sum of dout over them":
            {"db": 1.0},
        "the order is dx, dW, db": lambda x, W, dout: (x.T @ dout, dout @ W.T, dout.sum(axis=0)),
    },
    cases=lambda rng: [
        (rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=(n, m)))
        for n, d, m in ((5, 4, 3), (1, 3, 2), (7, 2, 6))
    ],
    parts=("dx", "dW", "db"),
)

check_penalty_slope = FunctionCheck(
    "my_penalty_slope",
    solution=lambda W, l2, n: l2 * W / n,
    right="the 2 of the square cancels the 2 below; the 1/n stays",
    mistakes={
        "the 1/n of the penalty is missing in its slope": lambda W, l2, n: l2 * W,
        "twice too large: w² has the slope 2w, and this 2 cancels the 2 under the fraction":
            lambda W, l2, n: 2 * l2 * W / n,
        "half of it: w² has the slope 2w, not w": lambda W, l2, n: l2 * W / (2 * n),
        "this is the penalty itself: its slope has one number for each weight":
            lambda W, l2, n: l2 / (2 * n) * np.sum(W**2),
        "the sum must go: only one term of Σ w² holds a given w, so its slope is one term":
            lambda W, l2, n: l2 * np.sum(W) / n,
        "W is missing: each weight has a slope of its own": lambda W, l2, n: l2 / n,
        "w² has the slope 2w: the square goes": Either(
            lambda W, l2, n: l2 * W**2 / n, lambda W, l2, n: l2 * W**2 / (2 * n)
        ),
        "λ (l2) is missing": lambda W, l2, n: W / n,
        "/ 2 * n divides by 2 and then multiplies by n; the penalty is divided by n":
            lambda W, l2, n: l2 * W * n,
    },
    cases=lambda rng: [
        (rng.normal(size=(3, 2)), 0.1, 5),
        (rng.normal(size=(4, 4)), 0.7, 20),
        (rng.normal(size=(1, 6)), 2.0, 100),
    ],
)

check_tanh_backward = FunctionCheck(
    "my_tanh_backward",
    solution=lambda dout, a: dout * (1 - a**2),
    right="a new layer needs one new formula, and the rest of the network stays as it is",
    mistakes={
        "a(1 − a) is the slope of the sigmoid; tanh has 1 − a²": lambda dout, a: dout * a * (1 - a),
        "a is already tanh(z): square a itself, not tanh(a)":
            lambda dout, a: dout * (1 - np.tanh(a) ** 2),
        "the square is missing: the slope is 1 − a²": lambda dout, a: dout * (1 - a),
        "the slope is 1 − a²: it is the output a that is squared, not dout":
            lambda dout, a: dout * (1 - dout**2),
        "this is the layer's own slope: multiply it by dout, the slope that comes from behind":
            lambda dout, a: 1 - a**2,
        "an activation works entry by entry: multiply with *, not with @":
            Either(lambda dout, a: dout @ (1 - a**2).T, lambda dout, a: dout @ (1 - a**2)),
        "slopes along a chain multiply: * where you have +": lambda dout, a: dout + (1 - a**2),
        "* comes before −: put brackets around 1 − a²": lambda dout, a: dout * 1 - a**2,
        "the sign inside the bracket is wrong: it is 1 − a², not 1 + a²":
            lambda dout, a: dout * (1 + a**2),
        "only a is squared: 1 − a², not (1 − a)²": lambda dout, a: dout * (1 - a) ** 2,
    },
    cases=lambda rng: [
        (rng.normal(size=s), np.tanh(rng.normal(0, 2, s))) for s in ((4, 3), (1, 5), (6, 2))
    ],
)


def _letters(answer: Any) -> set[str]:
    """The letters named in a text or a list of texts; 'all' names all five."""
    words = re.findall(r"[a-z]+", as_text(answer).casefold().replace(" and ", " "))
    return set("abcde") if words == ["all"] else set("".join(words))


check_blind_spots = PropertyCheck(
    "my_blind_spots",
    solution="ade",
    right="the check compares your gradient with your cost at one point: nothing more",
    rules={
        "write the letters as one text, such as 'bc'":
            Rule(lambda answer: as_text(answer) and _letters(answer) <= set("abcde"), 3),
        "b is seen: with several rows, a db from one row has wrong numbers":
            Rule(lambda answer: "b" not in _letters(answer), "abde"),
        "c is seen: the gradient of the hidden layer no longer fits the cost":
            Rule(lambda answer: "c" not in _letters(answer), "acde"),
        "a is missing: the check makes no update, so it cannot see the order of updates":
            Rule(lambda answer: "a" in _letters(answer), "de"),
        "d is missing: with λ = 0 the penalty and its slope are both 0, whatever the factor":
            Rule(lambda answer: "d" in _letters(answer), "ae"),
        "e is missing: the gradient fits the wrong cost perfectly, and the check asks no more":
            Rule(lambda answer: "e" in _letters(answer), "ad"),
    },
)


# ---- the bug hunt ----


def backward(X: Any, Z1: Any, A1: Any, delta2: Any, W1: Any, W2: Any, l2: float) -> Slopes:
    """The right slopes (dW1, db1, dW2, db2) of a network with one sigmoid hidden layer.

    X (n, d), Z1 and A1 (n, m), delta2 (n, k) the slope at the last z, W1 (d, m), W2 (m, k).
    """
    return with_parts(X, Z1, A1, delta2, W1, W2, l2)


def with_parts(
    X: Any, Z1: Any, A1: Any, delta2: Any, W1: Any, W2: Any, l2: float,
    slope: Callable = lambda Z1, A1: A1 * (1 - A1),
    back: Callable = lambda W2: W2.T,
    bias: Callable = lambda delta: delta.sum(axis=0),
    inputs: Callable = lambda Z1, A1: A1,
    penalty: Callable = lambda W: W,
    share: Callable = lambda n: 1.0,
) -> Slopes:
    """`backward` with a part exchanged: the slope of the hidden layer, the way back, db, ..."""
    delta2 = delta2 * share(len(X))
    delta1 = delta2 @ back(W2) * slope(Z1, A1)
    dW1, dW2 = X.T @ delta1, inputs(Z1, A1).T @ delta2
    return dW1 + l2 * penalty(W1), bias(delta1), dW2 + l2 * penalty(W2), bias(delta2)


def exchanged(**parts: Callable) -> Callable:
    """`backward` with these parts exchanged, as a function of its seven arguments."""

    def changed(X, Z1, A1, delta2, W1, W2, l2):
        return with_parts(X, Z1, A1, delta2, W1, W2, l2, **parts)

    return changed


def _hunt_cases(rng: np.random.Generator) -> list[tuple]:
    cases = []
    for n, d, m, k, l2 in (
        (5, 4, 3, 2, 0.1),
        (1, 3, 4, 3, 0.0),
        (8, 2, 5, 4, 0.5),
        (37, 3, 2, 3, 0.02),
    ):
        Z1 = rng.normal(0, 2, (n, m))
        W1, W2 = rng.normal(size=(d, m)), rng.normal(size=(m, k))
        cases.append(
            (rng.normal(size=(n, d)), Z1, sigmoid(Z1), rng.normal(size=(n, k)) / n, W1, W2, l2)
        )
    return cases


def _hunt(name: str, right: str, mistakes: Mapping[str, Any]) -> FunctionCheck:
    """A check of a mended `backward`; each mistake is not mended, or a disguise."""
    return FunctionCheck(
        name, backward, right, mistakes, _hunt_cases, parts=("dW1", "db1", "dW2", "db2")
    )


check_fix_a = _hunt(
    "my_fix_a",
    "every example used the same bias, so db adds over the batch, for every batch size",
    {
        "this is still the first row alone: it is right for a batch of one only":
            exchanged(bias=lambda delta: delta[0]),
        "now it is the last row alone: every row counts, so add them all":
            exchanged(bias=lambda delta: delta[-1]),
        "a disguise: first row times n is the sum only if all rows are equal. Add the rows":
            exchanged(bias=lambda delta: delta[0] * len(delta)),
        "a disguise: five rows are the whole of a batch of 5 only. Add all rows":
            exchanged(bias=lambda delta: delta[:5].sum(axis=0)),
        "a disguise: five times the first row is the sum only if 5 rows are equal to it":
            exchanged(bias=lambda delta: delta[0] * 5),
        "a disguise: biases with the slope 0 never learn. Add the rows":
            Seen(lambda results, cases: not all(np.any(results[0][i]) for i in (1, 3)),
                 exchanged(bias=lambda delta: 0 * delta[0])),
        "this is the mean over the batch: the 1/n is already in delta2, so take the sum":
            exchanged(bias=lambda delta: delta.mean(axis=0)),
        "a disguise: 5 times the mean is the sum for a batch of 5 only. Use sum(axis=0)":
            exchanged(bias=lambda delta: 5 * delta.mean(axis=0)),
        "db has shape {shape}, one row per example: add the rows, axis=0":
            exchanged(bias=lambda delta: delta),
        "db has shape {shape}: the numbers are right, leave keepdims out":
            exchanged(bias=lambda delta: delta.sum(axis=0, keepdims=True)),
        "db has shape {shape}: you added along the neurons. Add along the batch, axis=0":
            exchanged(bias=lambda delta: delta.sum(axis=1)),
        "db is one number: each neuron has its own bias, so sum(axis=0)":
            exchanged(bias=lambda delta: delta.sum()),
    },
)

check_fix_d = _hunt(
    "my_fix_d",
    "A1 is the output already: its slope is A1 * (1 - A1)",
    {
        "this is still σ′ at a. A1 is σ(Z1) already: use A1 * (1 - A1)":
            exchanged(slope=lambda Z1, A1: sigmoid(A1) * (1 - sigmoid(A1))),
        "without the factor σ′ the way through the hidden sigmoid is skipped (suspect B)":
            exchanged(slope=lambda Z1, A1: 1),
        "z(1 − z) is suspect C: the short form a(1 − a) takes the output a":
            exchanged(slope=lambda Z1, A1: Z1 * (1 - Z1)),
        "a disguise: 0.25 is the slope at z = 0 only. Each neuron has its own slope":
            exchanged(slope=lambda Z1, A1: 0.25),
        "σ′ is in it twice: once is enough": exchanged(slope=lambda Z1, A1: (A1 * (1 - A1)) ** 2),
        "a disguise: one average slope for all. Keep one slope per example and neuron":
            exchanged(slope=lambda Z1, A1: (A1 * (1 - A1)).mean()),
    },
)

check_fix_e = _hunt(
    "my_fix_e",
    "delta2 carries the 1/n already: leave it alone",
    {
        "it is still divided by n a second time": exchanged(share=lambda n: 1 / n),
        "a disguise: times 5 helps a batch of 5 only. Remove the second division by n":
            exchanged(share=lambda n: 5 / n),
        "now it is n times too large: that is the gradient of the summed loss":
            exchanged(share=lambda n: n),
        "a disguise: a factor of 5 outside mends one batch size. Remove the line":
            exchanged(share=lambda n: 5.0),
    },
)

check_fix_f = _hunt(
    "my_fix_f",
    "λ/2 · w² has the slope λw: cost and gradient agree again",
    {
        "2λw belongs to a cost with λ Σ w²; our cost has λ/2. In both dW1 and dW2":
            exchanged(penalty=lambda W: 2 * W),
        "a disguise: without the penalty the check passes at λ = 0 only":
            exchanged(penalty=lambda W: 0 * W),
        "halved once too often: the slope of w²/2 is w": exchanged(penalty=lambda W: W / 2),
        "this is the slope of λ|w|, not of λ/2 · w²": exchanged(penalty=np.sign),
        "this adds the penalty itself: the gradient needs its slope, λw":
            exchanged(penalty=lambda W: W**2 / 2),
        "the sign is turned: with −λw a step of gradient descent makes large weights larger":
            exchanged(penalty=lambda W: -W),
    },
)


def _random(W2: np.ndarray) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, W2.T.shape)


check_fix_g = _hunt(
    "my_fix_g",
    "the way back uses the weights of the way forward, transposed",
    {
        "the random matrix is still there": exchanged(back=_random),
        "W2 is (m, k) and delta2 is (n, k): transpose it, delta2 @ W2.T gives (n, m)":
            exchanged(back=lambda W2: W2),
        "W1 leads from the images to the hidden layer; the way back from delta2 is through W2, "
        "transposed":
            Either(
                lambda X, Z1, A1, delta2, W1, W2, l2: delta2 @ W1.T,
                lambda X, Z1, A1, delta2, W1, W2, l2: delta2 @ W1,
            ),
        "W2.T is right, the factor 0.1 of the random matrix is left over":
            exchanged(back=lambda W2: 0.1 * W2.T),
        "a disguise: the sizes are right and the signs are lost. Use W2.T itself":
            exchanged(back=lambda W2: np.abs(W2.T)),
        "reshape keeps the order of the numbers: it is no transpose. Use W2.T":
            exchanged(back=lambda W2: W2.reshape(W2.T.shape)),
        "the way back is no inverse: slopes go back through the transposed, W2.T":
            exchanged(back=np.linalg.pinv),
        "a disguise: the signs are right and the sizes are lost. Use W2.T itself":
            exchanged(back=lambda W2: np.sign(W2.T)),
        "this blames every hidden neuron alike: the weights W2 say who had how much influence":
            exchanged(back=lambda W2: np.ones(W2.T.shape)),
    },
)

check_fix_h = _hunt(
    "my_fix_h",
    "W2 multiplies A1 on the way forward, so dW2 holds A1",
    {
        "dW2 still holds Z1. Which array did W2 multiply on the way forward?":
            exchanged(inputs=lambda Z1, A1: Z1),
        "A1 is the output already: do not put it through the sigmoid again":
            exchanged(inputs=lambda Z1, A1: sigmoid(A1)),
        "a disguise: the tangent of σ at 0 is near A1 for small z only":
            exchanged(inputs=lambda Z1, A1: 0.5 + Z1 / 4),
        "that is another activation: this network has σ, and A1 holds its outputs":
            exchanged(inputs=lambda Z1, A1: relu(Z1)),
        "σ′ belongs to the way back to Z1: W2 multiplies A1 itself":
            exchanged(inputs=lambda Z1, A1: A1 * (1 - A1)),
    },
)


def _step(X, Z1, A1, delta2, W1, W2, learning_rate):
    delta1 = delta2 @ W2.T * A1 * (1 - A1)
    return W1 - learning_rate * X.T @ delta1, W2 - learning_rate * A1.T @ delta2


def _at_rate(change):
    """The step with another learning rate."""
    return lambda X, Z1, A1, delta2, W1, W2, rate: _step(X, Z1, A1, delta2, W1, W2, change(rate))


def _step_with_new_w2(X, Z1, A1, delta2, W1, W2, learning_rate):
    W2 = W2 - learning_rate * A1.T @ delta2
    delta1 = delta2 @ W2.T * A1 * (1 - A1)
    return W1 - learning_rate * X.T @ delta1, W2


def _step_with_new_w1(X, Z1, A1, delta2, W1, W2, learning_rate):
    delta1 = delta2 @ W2.T * A1 * (1 - A1)
    new = W1 - learning_rate * X.T @ delta1
    return new, W2 - learning_rate * sigmoid(Z1 + X @ (new - W1)).T @ delta2


def _step_in_place(X, Z1, A1, delta2, W1, W2, learning_rate):
    delta1 = delta2 @ W2.T * A1 * (1 - A1)
    W1 -= learning_rate * X.T @ delta1
    W2 -= learning_rate * A1.T @ delta2
    return W1, W2


check_fix_order = FunctionCheck(
    "my_step",
    solution=_step,
    right="first all slopes, then all updates: every slope belongs to one and the same point",
    mistakes={
        "delta1 is computed from W2 after its update: compute delta1 before W2 changes":
            _step_with_new_w2,
        "a disguise: now dW2 is computed from outputs of the new W1. A1 belongs to the old one":
            _step_with_new_w1,
        "this goes uphill: subtract learning_rate times the slope":
            _at_rate(lambda rate: -rate),
        "a disguise: W1 no longer changes at all, so the order cannot matter":
            {"W1": lambda *case: case[4]},
        "the learning rate is missing":
            _at_rate(lambda rate: 1.0),
        "the numbers are right, but W1 or W2 of the caller is changed: make new arrays with −":
            _step_in_place,
    },
    cases=lambda rng: [(*case[:6], 0.5 + i) for i, case in enumerate(_hunt_cases(rng))],
    parts=("W1", "W2"),
)


def _relu_cases(rng: np.random.Generator) -> list[tuple]:
    cases = [(rng.normal(size=s), relu(rng.normal(size=s))) for s in ((6, 5), (1, 8), (20, 3))]
    tiny = np.array([[0.0, 1e-12, 1e-7, 1e-3]])
    return [*cases, (rng.normal(size=(2, 4)), np.zeros((2, 4))), (rng.normal(size=(1, 4)), tiny)]


check_fix_relu = FunctionCheck(
    "my_relu_backward",
    solution=lambda dout, a: dout * (a > 0),
    right="an output above 0 means z was above 0; an output of 0 means the way is closed",
    mistakes={
        "a ≥ 0 is true for every output of ReLU, so nothing is ever closed: use a > 0":
            lambda dout, a: dout * (a >= 0),
        "this multiplies by the output: the slope is 1 or 0, whatever the size of a":
            lambda dout, a: dout * a,
        "this cuts the slopes below 0. It is z that decides, and a > 0 tells where z > 0 was":
            lambda dout, a: relu(dout),
        "negative slopes may pass: only a decides, not the sign of dout":
            lambda dout, a: dout * (dout > 0) * (a > 0),
        "this is ReLU's own slope: multiply it by dout, the slope that comes from behind":
            lambda dout, a: a > 0,
        "a disguise: small outputs above 0 are open too. The border is 0":
            lambda dout, a: dout * (a > 0.1),
    },
    cases=_relu_cases,
)

PARAMETERS = ("W1", "b1", "W2", "b2")
# What each suspect spoils, and where to look (not the answer: a learner reads this before it).
SEEN = {
    "A": ("b1 b2", "A takes one row instead of the sum, in two lines. What do these lines make?"),
    "B": ("W1 b1", "B forgets σ′ in delta1. Which of the four are made from delta1?"),
    "C": ("W1 b1", "C makes a wrong delta1. Are dW2 and db2 made from delta1, or before it?"),
    "D": ("W1 b1", "D makes a wrong delta1 as well. Follow it down: what is made from it?"),
    "E": ("W1 b1 W2 b2", "E spoils delta2 in the first line. Is there anything not made from it?"),
    "F": ("W1 W2", "F has a 2 too many in the penalty. Which parameters have a penalty?"),
    "G": ("W1 b1", "G comes back through a wrong matrix, into delta1. What is made from delta1?"),
    "H": ("W2", "H takes a wrong array in one line. Is anything else made from its result?"),
}


def parameter_set(answer: Any) -> frozenset[str]:
    """'b1, b2', 'dB1 db2' or ['b1', 'b2'] -> {'b1', 'b2'}; ValueError for any other word."""
    words = frozenset(re.findall(r"\w+", as_text(answer).casefold()))
    names = frozenset(name for name in PARAMETERS if {name.lower(), f"d{name.lower()}"} & words)
    if words == {"all"}:
        return frozenset(PARAMETERS)
    if not words <= {prefix + name.lower() for name in PARAMETERS for prefix in ("", "d")}:
        raise ValueError(f"{answer!r} must name some of {PARAMETERS}")
    return names


def _prediction(answer: Any) -> dict[str, frozenset[str]]:
    """The answer with letters in upper case and sets of names; ValueError if it names no such."""
    return {letter.strip().upper(): parameter_set(names) for letter, names in answer.items()}


def _predicted(letter: str) -> Rule:
    """The rule that the parameters of one letter are right."""
    right = parameter_set(SEEN[letter][0])
    return Rule(lambda answer: _prediction(answer)[letter] == right, {**_ALL_RIGHT, letter: "b1"})


_ALL_RIGHT = {letter: names for letter, (names, _) in SEEN.items()}

check_prediction = PropertyCheck(
    "my_prediction",
    solution=_ALL_RIGHT,
    right="you read the chain backwards: what is made from a wrong number is wrong",
    rules={
        "give each letter A to H a text with the parameters that fail, such as 'b1 W2'":
            Rule(lambda answer: set(_prediction(answer)) == set(SEEN) and all(answer.values()),
                 {"A": "b1"}),
        **{message: _predicted(letter) for letter, (_, message) in SEEN.items()},
    },
)
