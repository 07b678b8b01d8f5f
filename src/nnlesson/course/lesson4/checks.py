"""The checks of lesson 4: backpropagation by hand, in matrices, and the bug hunt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlesson.activations import sigmoid
from nnlesson.course.answers import as_text
from nnlesson.course.checks import FunctionCheck, PropertyCheck
from nnlesson.course.formulas import told
from nnlesson.course.lesson4.colleagues import WRONG_LINES
from nnlesson.course.values import is_real

# ---- by hand ----


def _squared(delta, a1, v1, x):
    """The slopes for v1 and w1, made from the output's δ."""
    return delta * a1, delta * v1 * a1 * (1 - a1) * x


check_squared_slopes = FunctionCheck(
    **told("my_squared_slopes", globals()),
    cases=lambda rng: [
        (rng.uniform(0.05, 0.95), i % 2, rng.uniform(0.05, 0.95), rng.normal(), rng.normal())
        for i in range(5)
    ],
)

check_input_slope = FunctionCheck(
    **told("my_input_slope", globals()),
    cases=lambda rng: [
        (rng.normal(), rng.normal(size=m), rng.normal(size=m)) for m in (2, 3, 10, 5, 4)
    ],
)


# ---- layers, and what a check sees ----


check_affine_backward = FunctionCheck(
    **told("my_affine_backward", globals()),
    cases=lambda rng: [
        (rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=(n, m)))
        for n, d, m in ((5, 4, 3), (1, 3, 2), (7, 2, 6))
    ],
)


def _letters(answer: Any) -> set[str]:
    """The letters named in a text or a list of texts; 'all' names all five."""
    words = re.findall(r"[a-z]+", as_text(answer).casefold().replace(" and ", " "))
    return set("abcde") if words == ["all"] else set("".join(words))


check_blind_spots = PropertyCheck(**told("my_blind_spots", globals()))


# ---- the bug hunt ----


PARAMETERS = ("W1", "b1", "W2", "b2")
# What each suspect spoils.
PREDICTED = {"A": "b1 b2", "C": "W1 b1", "E": "W1 b1 W2 b2", "F": "W1 W2", "H": "W2"}


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


check_prediction = PropertyCheck(**told("my_prediction", globals()))


def _lines(answer: Any) -> dict[str, int]:
    """{"P": "line 6"} -> {"P": 6}: a number, a text or a list with one number for each letter."""
    found = {}
    for letter, given in answer.items():
        text = str(float(given)) if is_real(given) else " ".join(map(str, np.atleast_1d(given)))
        (number,) = re.findall(r"\d+", text.removesuffix(".0"))
        found[letter.strip().upper()] = int(number)
    return found


check_lines = PropertyCheck(**told("my_lines", globals()))


def _step(
    *given: Any,
    order: bool = True,
    bias: Callable = lambda dZ: dZ.sum(axis=0),
    factor: float = 1.0,
    rate: Callable = lambda rate: rate,
    spared: bool = True,
) -> tuple:
    """One step with a part exchanged: dZ1 before W2 changes, the row sum of b1, the penalty."""
    X, A1, dZ2, W1, b1, W2, b2, l2, learning_rate = given
    eta, decay = rate(learning_rate), factor * l2
    new_W2 = W2 - eta * (A1.T @ dZ2 + decay * W2)
    dZ1 = dZ2 @ (W2 if order else new_W2).T * A1 * (1 - A1)
    new_W1 = W1 - eta * (X.T @ dZ1 + decay * W1)
    on_biases = 0 if spared else decay
    new_b1 = b1 - eta * (bias(dZ1) + on_biases * b1)
    return new_W1, new_b1, new_W2, b2 - eta * (dZ2.sum(axis=0) + on_biases * b2)


def _in_place(*given):
    params = given[3:7]
    for old, value in zip(params, _step(*given), strict=True):
        old[:] = value
    return params


def _gradients(*given):
    new = _step(*given, rate=lambda rate: 1)
    return tuple(old - value for old, value in zip(given[3:7], new, strict=True))


check_step = FunctionCheck(
    **told("my_step", globals()),
    cases=lambda rng: [
        (
            rng.normal(size=(n, d)),
            sigmoid(rng.normal(0, 2, (n, m))),
            rng.normal(size=(n, k)) / n,
            *(rng.normal(size=s) for s in ((d, m), (m,), (m, k), (k,))),
            l2,
            0.5 + n / 10,
        )
        for n, d, m, k, l2 in ((5, 4, 3, 2, 0.1), (1, 3, 4, 3, 0.0), (8, 2, 5, 4, 0.5))
    ],
)


def _tied(X, A1, dZ1, dZ2):
    """The slopes dW and db of a layer that is used twice."""
    return A1.T @ dZ2 + X.T @ dZ1, dZ2.sum(axis=0) + dZ1.sum(axis=0)


check_tied_slopes = FunctionCheck(
    **told("my_tied_slopes", globals()),
    cases=lambda rng: [
        (
            rng.normal(size=(n, d)),
            sigmoid(rng.normal(0, 2, (n, d))),
            rng.normal(size=(n, d)) / n,
            rng.normal(size=(d, d)),
        )
        for n, d in ((5, 3), (7, 2), (4, 4))
    ],
)
