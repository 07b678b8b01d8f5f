"""The checks of lesson 4: backpropagation by hand, in matrices, and the bug hunt."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlesson.activations import sigmoid
from nnlesson.course.answers import as_text
from nnlesson.course.checks import Either, FunctionCheck, PropertyCheck, Rule
from nnlesson.course.lesson4.colleagues import WRONG_LINES
from nnlesson.course.values import is_real

# ---- by hand ----


def _squared(delta: Callable = lambda a, y: (a - y) * a * (1 - a)) -> Callable:
    """The slopes for v1 and w1, made from another δ."""

    def my_squared_slopes(a, y, a1, v1, x):
        return delta(a, y) * a1, delta(a, y) * v1 * a1 * (1 - a1) * x

    return my_squared_slopes


check_squared_slopes = FunctionCheck(
    "my_squared_slopes",
    solution=_squared(),
    right="one more factor, a(1 − a): with the squared error nothing cancels",
    mistakes={
        "δ is a − y with cross-entropy only. Here a − y is the slope at a, and the step through "
        "the output's sigmoid, a(1 − a), comes next":
            _squared(delta=lambda a, y: a - y),
        "twice too large: the ½ takes away the 2 of the square":
            _squared(delta=lambda a, y: 2 * (a - y) * a * (1 - a)),
        "half of it: the slope of ½ (a − y)² is a − y, without a ½":
            _squared(delta=lambda a, y: (a - y) * a * (1 - a) / 2),
        "the sign is turned round: the factors are a − y (output minus target), a(1 − a) and, in "
        "dw1, a₁(1 − a₁)":
            _squared(delta=lambda a, y: (y - a) * a * (1 - a)),
        "this starts from the cost itself; its slope at a is a − y":
            _squared(delta=lambda a, y: (a - y) ** 2 / 2 * a * (1 - a)),
        "the square goes: the slope of ½ (a − y)² is a − y":
            _squared(delta=lambda a, y: (a - y) ** 2 * a * (1 - a)),
        "this is σ′ at a. a is already σ(z): use a(1 − a) itself":
            _squared(delta=lambda a, y: (a - y) * sigmoid(a) * (1 - sigmoid(a))),
        "the slope of the output's sigmoid has two factors, a and 1 − a": Either(
            _squared(delta=lambda a, y: (a - y) * a), _squared(delta=lambda a, y: (a - y) * (1 - a))
        ),
        "a − y is missing: every slope starts at the cost":
            _squared(delta=lambda a, y: a * (1 - a)),
        "* comes before −: put brackets around a − y":
            _squared(delta=lambda a, y: a - y * a * (1 - a)),
        "σ′ of the output takes the output's a, not a₁":
            lambda a, y, a1, v1, x: tuple((a - y) * a1 * (1 - a1) * f
                                          for f in (a1, v1 * a1 * (1 - a1) * x)),
        "this is right for the target 1 only: y may be 0":
            _squared(delta=lambda a, y: (a - 1) * a * (1 - a)),
        "dw1 lacks the slope of the hidden sigmoid, a₁(1 − a₁)":
            {"dw1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * v1 * x},
        "dw1 lacks the step from z back to a₁, the factor v₁":
            {"dw1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * a1 * (1 - a1) * x},
        "dw1 lacks the factor x: w₁ is multiplied by x in z₁":
            {"dw1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * v1 * a1 * (1 - a1)},
        "the last factor of dw1 is what w₁ multiplies: x, not a₁":
            {"dw1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * v1 * a1 * (1 - a1) * a1},
        "dw1 has δ v₁ and x; what stands for the hidden sigmoid must be a₁(1 − a₁)": Either(
            {"dw1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * v1 * a1 * x},
            {"dw1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * v1 * (1 - a1) * x},
        ),
        "the hidden sigmoid's slope in dw1 is a₁(1 − a₁), not the output's a(1 − a)":
            {"dw1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * v1 * a * (1 - a) * x},
        "dw1 starts at the output's δ = (a − y) a(1 − a); here a step of it is missing":
            {"dw1": lambda a, y, a1, v1, x: (a - y) * v1 * a1 * (1 - a1) * x},
        "in z, v₁ is multiplied by a₁: dv1 needs that factor":
            {"dv1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a)},
        "dv1 has the factor that v₁ multiplies: a₁, not a₁(1 − a₁)":
            {"dv1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * a1 * (1 - a1)},
        "the factor of dv1 is what v₁ multiplies in z: a₁, not x":
            {"dv1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * x},
        "the factor of dv1 is what v₁ multiplies in z: a₁, not v₁ itself":
            {"dv1": lambda a, y, a1, v1, x: (a - y) * a * (1 - a) * v1},
        "the order is dv1, dw1": lambda *given: _squared()(*given)[::-1],
    },
    cases=lambda rng: [
        (rng.uniform(0.05, 0.95), i % 2, rng.uniform(0.05, 0.95), rng.normal(), rng.normal())
        for i in range(5)
    ],
    parts=("dv1", "dw1"),
)

check_input_slope = FunctionCheck(
    "my_input_slope",
    solution=lambda x, deltas, w: np.sum(deltas * w),
    right="all ways from x to the cost are added; x is a number, so no σ′ stands at its end",
    mistakes={
        "this has one number per way: x is used m times, so add the ways":
            Either(lambda x, deltas, w: deltas * w, lambda x, deltas, w: deltas * w * x),
        "x itself is the factor for w. For x the factor is what x is multiplied by: w":
            Either(lambda x, deltas, w: np.sum(deltas * w) * x,
                   lambda x, deltas, w: np.sum(deltas) * x,
                   lambda x, deltas, w: deltas * x),
        "σ′ is too much: x is an input, no sigmoid stands before it":
            Either(lambda x, deltas, w: np.sum(deltas * w) * x * (1 - x),
                   lambda x, deltas, w: np.sum(deltas * w) * sigmoid(x) * (1 - sigmoid(x))),
        "each δ must be multiplied by its own weight before the sum, not sum times sum":
            lambda x, deltas, w: np.sum(deltas) * np.sum(w),
        "the ways are averaged: effects along several ways add up, so take the sum":
            lambda x, deltas, w: np.mean(deltas * w),
        "only one way is counted: every hidden neuron is one, so add over all":
            Either(lambda x, deltas, w: deltas[0] * w[0],
                   lambda x, deltas, w: deltas[-1] * w[-1],
                   lambda x, deltas, w: np.max(deltas * w)),
        "the weights are missing: they say how strongly each hidden neuron feels x":
            lambda x, deltas, w: np.sum(deltas),
        "the δ are missing: every slope starts at the cost": lambda x, deltas, w: np.sum(w),
        "slopes along a way multiply: * where you have +":
            lambda x, deltas, w: np.sum(deltas + w),
        "this is right for two hidden neurons only: np.sum adds over any number of them":
            lambda x, deltas, w: np.sum((deltas * w)[:2]),
        "an outer product has a number for each δ with each weight; each δ meets its own only":
            lambda x, deltas, w: np.outer(deltas, w),
    },
    cases=lambda rng: [
        (rng.normal(), rng.normal(size=m), rng.normal(size=m)) for m in (2, 3, 10, 5, 4)
    ],
)


# ---- layers, and what a check sees ----


check_affine_backward = FunctionCheck(
    "my_affine_backward",
    solution=lambda x, W, dout: (dout @ W.T, x.T @ dout, dout.sum(axis=0)),
    right="that is all of backpropagation through a layer of weights: three lines",
    mistakes={
        "in dx the shapes do not fit: dout (n, m) @ W.T (m, d) gives (n, d)": Either(
            *({"dx": dx} for dx in (lambda x, W, dout: dout @ W, lambda x, W, dout: W @ dout,
                                    lambda x, W, dout: W.T @ dout))
        ),
        "in dW the shapes do not fit: x.T (d, n) @ dout (n, m) gives (d, m)": Either(
            {"dW": lambda x, W, dout: x @ dout}, {"dW": lambda x, W, dout: dout @ x.T}
        ),
        "your dW is turned round: it must have the shape of W, so x.T @ dout":
            {"dW": lambda x, W, dout: dout.T @ x},
        "dW is divided by n once more: the 1/n of the mean is already in dout":
            {"dW": lambda x, W, dout: x.T @ dout / len(x)},
        "your db has one row per example: add the rows, axis=0": {"db": lambda x, W, dout: dout},
        "db is the mean over the batch: take the sum; the 1/n is already in dout":
            {"db": lambda x, W, dout: dout.mean(axis=0)},
        "your db has the right numbers, but one bracket too many; (m,) is needed":
            {"db": lambda x, W, dout: dout.sum(axis=0, keepdims=True)},
        "your db adds along the outputs: add along the batch, axis=0":
            {"db": lambda x, W, dout: dout.sum(axis=1)},
        "your db is one number: each output has its own bias, so sum along axis=0 only":
            {"db": lambda x, W, dout: dout.sum()},
        "your db is the first example's alone: every example of the batch used b, so add all":
            {"db": lambda x, W, dout: dout[0]},
        "your dx is turned round: it must have the shape of x, so dout @ W.T":
            {"dx": lambda x, W, dout: W @ dout.T},
        "db is not 1: b is added for every example, so its slope is the sum of dout over them":
            {"db": 1.0},
        "this layer has no sigmoid: dx is dout @ W.T, without σ′":
            {"dx": lambda x, W, dout: dout @ W.T * x * (1 - x)},
        "one slope stands in the place of another: the order is dx, dW, db":
            lambda x, W, dout: (x.T @ dout, dout @ W.T, dout.sum(axis=0)),
    },
    cases=lambda rng: [
        (rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=(n, m)))
        for n, d, m in ((5, 4, 3), (1, 3, 2), (7, 2, 6))
    ],
    parts=("dx", "dW", "db"),
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
        "a is missing: the check never calls the training loop, where this bug stands":
            Rule(lambda answer: "a" in _letters(answer), "de"),
        "d is missing: with λ = 0 the penalty and its slope are both 0, whatever the factor":
            Rule(lambda answer: "d" in _letters(answer), "ae"),
        "e is missing: the gradient fits the wrong cost perfectly, and the check asks no more":
            Rule(lambda answer: "e" in _letters(answer), "ad"),
    },
)


# ---- the bug hunt ----


PARAMETERS = ("W1", "b1", "W2", "b2")
# What each suspect spoils, and where to look (not the answer: a learner reads this before it).
SEEN = {
    "A": ("b1 b2", "A takes one row instead of the sum. What is made by `bias`, and how often?"),
    "C": ("W1 b1", "C makes a wrong dZ1. Are dW2 and db2 made from dZ1? Is dW1, and db1?"),
    "E": ("W1 b1 W2 b2", "E spoils dZ2 in the first line. Is there anything not made from it?"),
    "F": ("W1 W2", "F has a 2 too many in the penalty. Which parameters have a penalty?"),
    "H": ("W2", "H takes a wrong array for dW2. Is anything else made from its result?"),
}


def parameter_set(answer: Any) -> frozenset[str]:
    """'b1, b2', 'dB1 and db2' or ['b1', 'b2'] -> {'b1', 'b2'}; ValueError for any other word."""
    words = frozenset(re.findall(r"\w+", as_text(answer).casefold())) - {"and"}
    names = frozenset(name for name in PARAMETERS if {name.lower(), f"d{name.lower()}"} & words)
    if words in ({"all"}, {"all", "four"}):
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
        "give each letter A, C, E, F, H a text with the parameters that fail, such as 'b1 W2'":
            Rule(lambda answer: set(_prediction(answer)) == set(SEEN) and all(answer.values()),
                 {"A": "b1"}),
        **{message: _predicted(letter) for letter, (_, message) in SEEN.items()},
    },
)


def _lines(answer: Any) -> dict[str, int]:
    """{"P": "line 6"} -> {"P": 6}: a number, a text or a list with one number for each letter."""
    found = {}
    for letter, given in answer.items():
        text = str(float(given)) if is_real(given) else " ".join(map(str, np.atleast_1d(given)))
        (number,) = re.findall(r"\d+", text.removesuffix(".0"))
        found[letter.strip().upper()] = int(number)
    return found


def _is(letter: str, line: int) -> Callable:
    return lambda answer: _lines(answer)[letter] == line


def _is_not(letter: str, *lines: int) -> Callable:
    return lambda answer: _lines(answer)[letter] not in lines


check_lines = PropertyCheck(
    "my_lines",
    solution=WRONG_LINES,
    right="the pattern says where, and a cost known beforehand tells the loss from its slope",
    rules={
        "give each letter P, Q, R, S the number of one line, 1 to 10":
            Rule(lambda answer: set(_lines(answer)) == set(WRONG_LINES)
                 and all(1 <= line <= 10 for line in _lines(answer).values()), {"P": 6}),
        "R and S have changed places: the cost at 0 should be 2 ln 2 = 1.386. Whose is not?":
            Rule(lambda answer: (_lines(answer)["R"], _lines(answer)["S"]) != (5, 4),
                 {**WRONG_LINES, "R": 5, "S": 4}),
        "P: with line 3 wrong the measured db1 would not be that of S. It is: the cost is right":
            Rule(_is_not("P", 3), {**WRONG_LINES, "P": 3}),
        "P: only W2 fails. Which line makes dW2, and nothing else is made from it?":
            Rule(_is("P", 6), {**WRONG_LINES, "P": 8}),
        "Q: with line 10 wrong the measured slope would not be 0. It is: the cost does not "
        "depend on b1":
            Rule(_is_not("Q", 10), {**WRONG_LINES, "Q": 10}),
        "Q: only b1 fails, and the cost does not depend on b1. Where should b1 come in?":
            Rule(_is("Q", 1), {**WRONG_LINES, "Q": 8}),
        "R: with line 5 wrong the cost at 0 would still be 2 ln 2 = 1.386":
            Rule(_is_not("R", 5), {**WRONG_LINES, "R": 5}),
        "R: all four fail, and the cost at 0 is half of 2 ln 2. Which line makes the cost?":
            Rule(_is("R", 4), {**WRONG_LINES, "R": 3}),
        "S: a wrong cost would show in the cost at 0 or in the measured db1. Both are those of P":
            Rule(_is_not("S", 4), {**WRONG_LINES, "S": 4}),
        "S: with line 8, 9 or 10 wrong W2 and b2 would be ok: they are made before":
            Rule(_is_not("S", 8, 9, 10), {**WRONG_LINES, "S": 8}),
        "S: all four fail, and the cost is right. What are all four slopes made from?":
            Rule(_is("S", 5), {**WRONG_LINES, "S": 3}),
    },
)


def _step(
    order: bool = True,
    bias: Callable = lambda dZ: dZ.sum(axis=0),
    factor: float = 1.0,
    rate: Callable = lambda rate: rate,
    spared: bool = True,
) -> Callable:
    """One step with a part exchanged: dZ1 before W2 changes, the row sum of b1, the penalty."""

    def my_step(X, A1, dZ2, W1, b1, W2, b2, l2, learning_rate):
        eta, decay = rate(learning_rate), factor * l2
        new_W2 = W2 - eta * (A1.T @ dZ2 + decay * W2)
        dZ1 = dZ2 @ (W2 if order else new_W2).T * A1 * (1 - A1)
        new_W1 = W1 - eta * (X.T @ dZ1 + decay * W1)
        on_biases = 0 if spared else decay
        new_b1 = b1 - eta * (bias(dZ1) + on_biases * b1)
        return new_W1, new_b1, new_W2, b2 - eta * (dZ2.sum(axis=0) + on_biases * b2)

    return my_step


def _in_place(X, A1, dZ2, W1, b1, W2, b2, l2, learning_rate):
    new = _step()(X, A1, dZ2, W1, b1, W2, b2, l2, learning_rate)
    for old, value in zip((W1, b1, W2, b2), new, strict=True):
        old[:] = value
    return W1, b1, W2, b2


def _gradients(X, A1, dZ2, W1, b1, W2, b2, l2, learning_rate):
    new = _step()(X, A1, dZ2, W1, b1, W2, b2, l2, 1.0)
    return tuple(old - value for old, value in zip((W1, b1, W2, b2), new, strict=True))


def _part(place: int, made: Callable) -> Callable:
    """One part of what a function gives."""
    return lambda *given: made(*given)[place]


check_step = FunctionCheck(
    "my_step",
    solution=_step(),
    right="first all slopes, then all updates; every row counts for b1; λ/2 · w² has the slope λw",
    mistakes={
        "dZ1 is computed from W2 after its update: compute dZ1 before W2 changes":
            # Alone, or with what else may be left to mend.
            Either(*(_step(False, bias, factor) for factor in (1.0, 2.0, 0.0, 0.5)
                     for bias in (lambda dZ: dZ.sum(axis=0), lambda dZ: dZ[0]))),
        "b1 still learns from the first example alone: add the rows of dZ1":
            {"b1": _part(1, _step(bias=lambda dZ: dZ[0]))},
        "2λw belongs to a cost with λ Σ w²; our cost has λ/2, in both W1 and W2":
            _step(factor=2.0),
        "one of the two penalties still has the 2":
            Either({"W1": _part(0, _step(factor=2.0))}, {"W2": _part(2, _step(factor=2.0))}),
        "a disguise: without the penalty all is well at λ = 0 only. Its slope is λw":
            _step(factor=0.0),
        "halved once too often: the slope of λ/2 · w² is λw": _step(factor=0.5),
        "the penalty is for weights only, never for biases": _step(spared=False),
        "a disguise: first row times n is the sum only if the first row is the mean. Add all rows":
            {"b1": _part(1, _step(bias=lambda dZ: dZ[0] * len(dZ)))},
        "a disguise: a batch may have more than five rows. Add all rows":
            {"b1": _part(1, _step(bias=lambda dZ: dZ[:5].sum(axis=0)))},
        "b1 has the mean over the batch: the 1/n is already in dZ2, so take the sum":
            {"b1": _part(1, _step(bias=lambda dZ: dZ.mean(axis=0)))},
        "the slope for b1 is one number: each neuron has its own bias, so sum(axis=0)":
            {"b1": _part(1, _step(bias=lambda dZ: dZ.sum()))},
        "your b1 has another shape now; with dZ1.sum(axis=0) it keeps its own": Either(
            {"b1": _part(1, _step(bias=lambda dZ: dZ))},
            {"b1": _part(1, _step(bias=lambda dZ: dZ.sum(axis=0, keepdims=True)))},
        ),
        "your b1 adds along the neurons: add along the batch, axis=0":
            {"b1": _part(1, _step(bias=lambda dZ: dZ.sum(axis=1)))},
        "a disguise: b1 no longer changes at all": {"b1": lambda *given: given[4]},
        "a disguise: W1 no longer changes at all": {"W1": lambda *given: given[3]},
        "this goes uphill: subtract learning_rate times the slope": _step(rate=lambda rate: -rate),
        "something is divided by n once more: the 1/n is already in dZ2":
            lambda X, A1, dZ2, *rest: _step()(X, A1, dZ2 / len(X), *rest),
        "the learning rate is missing": _step(rate=lambda rate: 1.0),
        "these are the slopes: return the new W1, b1, W2, b2": _gradients,
        "the numbers are right, but arrays of the caller are changed: make new ones":
            _in_place,
    },
    cases=lambda rng: [
        (rng.normal(size=(n, d)), sigmoid(rng.normal(0, 2, (n, m))), rng.normal(size=(n, k)) / n,
         *(rng.normal(size=s) for s in ((d, m), (m,), (m, k), (k,))), l2, 0.5 + n / 10)
        for n, d, m, k, l2 in ((5, 4, 3, 2, 0.1), (1, 3, 4, 3, 0.0), (8, 2, 5, 4, 0.5))
    ],
    parts=("W1", "b1", "W2", "b2"),
)


def _tied(
    back: Callable = lambda W: W.T,
    slope: Callable = lambda A1: A1 * (1 - A1),
    weights: Callable = lambda X, A1, dZ1, dZ2: A1.T @ dZ2 + X.T @ dZ1,
    bias: Callable = lambda dZ1, dZ2: dZ2.sum(axis=0) + dZ1.sum(axis=0),
) -> Callable:
    """dW, db of one layer used twice, with a part exchanged."""

    def my_tied_slopes(X, A1, dZ2, W):
        dZ1 = dZ2 @ back(W) * slope(A1)
        return weights(X, A1, dZ1, dZ2), bias(dZ1, dZ2)

    return my_tied_slopes


def _both(weights: Callable, bias: Callable) -> Either:
    """A mistake in dW and db, or in one of them alone."""
    return Either(
        _tied(weights=weights, bias=bias),
        {"dW": _part(0, _tied(weights=weights))},
        {"db": _part(1, _tied(bias=bias))},
    )


check_tied_slopes = FunctionCheck(
    "my_tied_slopes",
    solution=_tied(),
    right="slopes multiply along each way and add over both: so it is in any graph",
    mistakes={
        "only the second use is counted: add the way through the first":
            _both(lambda X, A1, dZ1, dZ2: A1.T @ dZ2, lambda dZ1, dZ2: dZ2.sum(axis=0)),
        "only the first use is counted, as with = in place of +=: add the way through the second":
            _both(lambda X, A1, dZ1, dZ2: X.T @ dZ1, lambda dZ1, dZ2: dZ1.sum(axis=0)),
        "the ways are averaged: effects along several ways add up":
            _both(lambda X, A1, dZ1, dZ2: (A1.T @ dZ2 + X.T @ dZ1) / 2,
                  lambda dZ1, dZ2: (dZ1 + dZ2).sum(axis=0) / 2),
        "twice one way is not both: each use has its own input and its own dZ":
            _both(lambda X, A1, dZ1, dZ2: 2 * A1.T @ dZ2, lambda dZ1, dZ2: 2 * dZ2.sum(axis=0)),
        "slopes add over ways; here the two ways are multiplied":
            _both(lambda X, A1, dZ1, dZ2: (A1.T @ dZ2) * (X.T @ dZ1),
                  lambda dZ1, dZ2: dZ1.sum(axis=0) * dZ2.sum(axis=0)),
        "the way back needs W.T. W is square, so no error tells you": _tied(back=lambda W: W),
        "the way back through W is missing in dZ1": _tied(back=lambda W: np.eye(len(W))),
        "the slope of the sigmoid between the two uses, A1 * (1 - A1), is missing in dZ1":
            _tied(slope=lambda A1: 1),
        "this is σ′ at A1. A1 is already σ(Z1): use A1 * (1 - A1) itself":
            _tied(slope=lambda A1: sigmoid(A1) * (1 - sigmoid(A1))),
        "σ′ has two factors, A1 and 1 − A1":
            Either(_tied(slope=lambda A1: A1), _tied(slope=lambda A1: 1 - A1)),
        "each use pairs its own input with its own dZ: X with dZ1, A1 with dZ2": Either(
            {"dW": _part(0, _tied(weights=lambda X, A1, dZ1, dZ2: X.T @ dZ2 + A1.T @ dZ1))},
            {"dW": _part(0, _tied(weights=lambda X, A1, dZ1, dZ2: (X + A1).T @ (dZ1 + dZ2)))},
        ),
        "the first use multiplies X, the second A1: both inputs must occur in dW": Either(
            {"dW": _part(0, _tied(weights=lambda X, A1, dZ1, dZ2: A1.T @ (dZ1 + dZ2)))},
            {"dW": _part(0, _tied(weights=lambda X, A1, dZ1, dZ2: X.T @ (dZ1 + dZ2)))},
        ),
        "your dW is turned round: inputs first, x.T @ dZ. W is square, so the shape fits":
            {"dW": lambda *given: _tied()(*given)[0].T},
        "X and A1 must be transposed in dW: X.T @ dZ1": Either(
            {"dW": lambda X, A1, dZ2, W: A1 @ dZ2.T},
            {"dW": lambda X, A1, dZ2, W: A1 @ dZ2.T + X @ (dZ2 @ W.T * A1 * (1 - A1)).T},
        ),
        "the shapes do not fit: it is A1.T @ dZ2 and X.T @ dZ1 in dW, and dZ2 @ W.T in dZ1":
            {"dW": lambda X, A1, dZ2, W: A1 @ dZ2},
        "your db has one row per example: add the rows, axis=0":
            {"db": _part(1, _tied(bias=lambda dZ1, dZ2: dZ1 + dZ2))},
        "db is the mean over the batch: the 1/n is already in dZ2, so take the sum":
            {"db": _part(1, _tied(bias=lambda dZ1, dZ2: (dZ1 + dZ2).mean(axis=0)))},
        "db is one number: each neuron has its own bias, so sum along axis=0 only":
            {"db": _part(1, _tied(bias=lambda dZ1, dZ2: (dZ1 + dZ2).sum()))},
        "db is the first example's alone: add all rows":
            {"db": _part(1, _tied(bias=lambda dZ1, dZ2: (dZ1 + dZ2)[0]))},
        "your db adds along the neurons: add along the batch, axis=0":
            {"db": _part(1, _tied(bias=lambda dZ1, dZ2: (dZ1 + dZ2).sum(axis=1)))},
        "something is divided by n once more: the 1/n is already in dZ2":
            lambda *given: tuple(part / len(given[0]) for part in _tied()(*given)),
        "the order is dW, db": lambda *given: _tied()(*given)[::-1],
    },
    cases=lambda rng: [
        (rng.normal(size=(n, d)), sigmoid(rng.normal(0, 2, (n, d))),
         rng.normal(size=(n, d)) / n, rng.normal(size=(d, d)))
        for n, d in ((5, 3), (7, 2), (4, 4))
    ],
    parts=("dW", "db"),
)
