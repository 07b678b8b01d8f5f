"""The checks of lesson 1: a weighted sum, lines that decide, the learning rule, a hidden layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from nnlesson.activations import sigmoid
from nnlesson.course.checks import FunctionCheck, PropertyCheck, ValueCheck
from nnlesson.course.formulas import told
from nnlesson.course.values import as_numbers

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def _z(answer: Sequence[float], x: Sequence[float]) -> float:
    """The weighted sum of a neuron with the numbers (w1, w2, b) for the inputs x."""
    w1, w2, b = (float(number) for number in answer)
    return w1 * x[0] + w2 * x[1] + b


def _decides(answer: Sequence[float], x: Sequence[float]) -> int:
    """What a step neuron with the numbers (w1, w2, b) says to the inputs x."""
    return int(_z(answer, x) >= 0)


def _three_numbers(answer: Sequence[float]) -> bool:
    numbers = as_numbers(answer)
    return numbers is not None and numbers.shape == (3,) and bool(np.isfinite(numbers).all())


check_z = ValueCheck(**told("my_z", globals()))

check_nand = PropertyCheck(**told("my_nand", globals()))


def _moved(w, b, x, change):
    return w + change * x, b + change


def _learning_cases(rng: np.random.Generator) -> list[tuple]:
    """Examples of all kinds: the answer 0 or 1, right or wrong, with the bias deciding or not."""
    cases: list[tuple] = []
    seen: set[tuple] = set()
    while len(seen) < 8:
        w, b, x, t = rng.normal(size=3), float(rng.normal()), rng.normal(size=3), len(cases) % 2
        seen.add((bool(w @ x + b >= 0), t, bool((w @ x >= 0) == (w @ x + b >= 0))))
        cases.append((w, b, x, t))
    for t in (0, 1):  # z exactly 0: the step answers 1
        cases.append((np.zeros(3), 0.0, rng.normal(size=3), t))
    return cases


check_correct = FunctionCheck(
    **told("my_correct", globals()),
    cases=_learning_cases,
)


def _folded(x: Sequence[int]) -> tuple[int, int]:
    """The hidden layer of the exercise: OR and AND of two inputs."""
    return int(x[0] + x[1] >= 1), int(x[0] + x[1] >= 2)


check_output_neuron = PropertyCheck(**told("my_output", globals()))


def _count(sizes: Sequence[int], biases: Callable[[int, int], int]) -> int:
    return sum(d * m + biases(d, m) for d, m in zip(sizes[:-1], sizes[1:], strict=True))


check_count = FunctionCheck(
    **told("my_count", globals()),
    cases=lambda rng: [([784, 20, 20, 10],), ([3, 2],), ([784, 100, 10],), ([5, 4, 3, 2, 1],)],
)

SWITCHES = np.array(list(product((0, 1), repeat=3)))  # all settings of three switches
ODD = SWITCHES.sum(axis=1) % 2  # when the lamp of three floors is on


def _lamp(answer: Sequence[Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """W, b, v and c as arrays; a row or column may stand for a list of numbers."""
    W, b, v, c = (np.asarray(as_numbers(part), float) for part in answer)  # nan: no numbers
    return W, b.ravel(), v.ravel(), c.ravel()


def _hidden(answer: Sequence[Any]) -> np.ndarray:
    """The hidden outputs (8, m) for all settings of the switches."""
    W, b, _, _ = _lamp(answer)
    return SWITCHES @ W + b >= 0


def _last_z(answer: Sequence[Any]) -> np.ndarray:
    """The last z (8,) for all settings of the switches."""
    _, _, v, c = _lamp(answer)
    return _hidden(answer) @ v + c


def _is_lamp(answer: Sequence[Any], on: Sequence[int]) -> bool:
    """Whether it is on exactly when so many switches are up."""
    return bool(((_last_z(answer) >= 0) == np.isin(SWITCHES.sum(axis=1), on)).all())


def _folds_well(answer: Sequence[Any]) -> bool:
    hidden = list(map(tuple, _hidden(answer)))
    on, off = ({h for h, t in zip(hidden, ODD, strict=True) if t == k} for k in (1, 0))
    return not on & off


def _wrong_lamp(b: Sequence[float], v: Sequence[float], c: float, W: Any = None) -> tuple:
    return np.ones((3, len(b))) if W is None else np.array(W), np.array(b), np.array(v), c


LEVELS = (-0.5, -1.5, -2.5)  # at least 1, 2, 3 switches

check_lamp = PropertyCheck(**told("my_lamp", globals()))

check_number = ValueCheck(**told("my_number", globals()))
