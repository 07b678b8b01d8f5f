"""The checks of lesson 1: a weighted sum, lines that decide, the learning rule, a hidden layer."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from nnlesson.activations import sigmoid
from nnlesson.course.checks import Either, FunctionCheck, PropertyCheck, Rule, ValueCheck
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


check_z = ValueCheck(
    "my_z",
    solution=-1.0,
    right="0.5 · 2 + 3 · (−1) + 1 = −1; the step would answer 0, since −1 is below 0",
    mistakes={
        "z has three terms, 0.5 · 2, 3 · (−1) and b = 1, and one of them is missing": -2.0,
        "z is w₁ x₁ + w₂ x₂ + b: two products, and the bias is added": -3.0,
        "the second input is −1, so 3 · (−1) counts against z": Either(5.0, 4.0),
        "the inputs are missing: multiply each weight by its input first": Either(4.5, 3.5),
        "each input goes with its own weight: 0.5 belongs to 2, and 3 belongs to −1": 6.5,
        "0 is what the step answers; asked for is z, the number before the step": 0.0,
        "multiply each input by its own weight, then add the products and b": Either(5.5, 6.0),
    },
)

check_nand = PropertyCheck(
    "my_nand",
    solution=(-1.5, -1.5, 2.0),
    right="these three numbers are NAND",
    rules={
        "give three numbers: (w1, w2, b)": Rule(_three_numbers, (1.0, 1.0)),
        "these numbers are AND, so all four answers are the wrong way round: NAND needs weights "
        "below 0, and b = 2":
            Rule(lambda a: [_decides(a, x) for x in CORNERS] != [0, 0, 0, 1], (1.0, 1.0, -1.5)),
        "at (0, 0) both inputs are 0, so z is b alone, your third number: NAND wants 1 there, so "
        "it must be 0 or more":
            Rule(lambda a: _decides(a, (0, 0)) == 1, (-1.0, -1.0, -0.5)),
        "at (1, 1) z is exactly 0, and at 0 the step answers 1: w1 + w2 must be below −b":
            Rule(lambda a: _z(a, (1, 1)) != 0, (-1.0, -1.0, 2.0)),
        "NAND has weights below 0: each input that is 1 must lower z":
            Rule(lambda a: max(float(a[0]), float(a[1])) < 0, (1.0, 1.0, 2.0)),
        "at (1, 1) NAND wants 0, but w1 + w2 + b is not below 0: lower the weights":
            Rule(lambda a: _decides(a, (1, 1)) == 0, (-0.5, -1.0, 2.0)),
        "one input alone already pushes z below 0, and only both together may do that. With b = 2 "
        "no weight may be below −2":
            Rule(lambda a: _decides(a, (0, 1)) == _decides(a, (1, 0)) == 1, (-3.0, -3.0, 2.0)),
        "this is NAND, but the task fixes the bias: take b = 2, and find weights for it":
            Rule(lambda a: float(a[2]) == 2, (-1.0, -1.0, 1.5)),
    },
)


def _corrected(rule: Callable) -> Callable:
    """A learning rule from `rule(w, b, x, t, y) -> (w, b)`, with y the answer of the step."""
    return lambda w, b, x, t: rule(w, b, x, t, 1 if np.dot(w, x) + b >= 0 else 0)


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
    "my_correct",
    solution=_corrected(lambda w, b, x, t, y: _moved(w, b, x, t - y)),
    right="this is the whole learning rule",
    mistakes={
        "the line moves the wrong way: the change is t − y (wanted minus given), not y − t":
            _corrected(lambda w, b, x, t, y: _moved(w, b, x, y - t)),
        "w moves the wrong way: the change is t − y, not y − t, times x":
            {"the new w": _corrected(lambda w, b, x, t, y: w + (y - t) * x)},
        "the bias moves the wrong way: the change is t − y, not y − t":
            {"the new b": _corrected(lambda w, b, x, t, y: b + y - t)},
        "t − y is one number: multiply it by x with *, not with @":
            _corrected(lambda w, b, x, t, y: (w + (t - y) @ x, b)),
        "this is the change alone: add it to the old value":
            _corrected(lambda w, b, x, t, y: ((t - y) * x, t - y)),
        "t − y has a sign, and you lost it: where y is 1 and 0 is wanted, t − y is −1":
            _corrected(lambda w, b, x, t, y: _moved(w, b, x, abs(t - y))),
        "the change of w lacks the inputs: each weight changes by (t − y) times its own x":
            _corrected(lambda w, b, x, t, y: (w + (t - y), b + (t - y))),
        "the bias stays as it was; it changes by t − y":
            _corrected(lambda w, b, x, t, y: (w + (t - y) * x, b)),
        "this adds t even when the answer is right: use t − y, which is 0 then":
            _corrected(lambda w, b, x, t, y: _moved(w, b, x, t)),
        "you compared t with z; compare it with the answer y = step(z), which is 0 or 1":
            lambda w, b, x, t: _moved(w, b, x, t - (w @ x + b)),
        "your z lacks the bias: z is w @ x + b":
            lambda w, b, x, t: _moved(w, b, x, t - int(w @ x >= 0)),
        "at z = 0 the step answers 1, and yours 0: it is z >= 0, not z > 0":
            lambda w, b, x, t: _moved(w, b, x, t - int(w @ x + b > 0)),
        "an array stands where one number is needed: w * x is an array, element by element, and "
        "w @ x, multiplied and summed, one number":
            lambda w, b, x, t: (1 if w * x + b >= 0 else 0, b),
        "you return w alone; return both: w, b": _corrected(lambda w, b, x, t, y: w + (t - y) * x),
        "the order is turned: return the new w first, then the new b":
            _corrected(lambda w, b, x, t, y: (b + (t - y), w + (t - y) * x)),
        "a bias has no input to be multiplied by: it changes by t − y alone":
            {"the new b": lambda w, b, x, t: b + (t - int(w @ x + b >= 0)) * x},
        "the rule here has no learning rate: add the whole change, t − y times the inputs":
            Either(*(_corrected(lambda w, b, x, t, y, rate=rate: _moved(w, b, x, rate * (t - y)))
                     for rate in (0.1, 0.01, 0.5))),
        "when the answer is right, you return nothing: return w and b as they are":
            _corrected(lambda w, b, x, t, y: None if y == t else _moved(w, b, x, t - y)),
        "the bias goes into z before the step: step(w @ x + b), not step(w @ x) + b":
            lambda w, b, x, t: _moved(w, b, x, t - (int(w @ x >= 0) + b)),
        "this multiplies by the change; the change is added":
            _corrected(lambda w, b, x, t, y: (w * (t - y) * x, b * (t - y))),
        "y is the answer of the step, 0 or 1, not the output of a sigmoid":
            lambda w, b, x, t: _moved(w, b, x, t - sigmoid(w @ x + b)),
    },
    cases=_learning_cases,
    parts=("the new w", "the new b"),
)


def _folded(x: Sequence[int]) -> tuple[int, int]:
    """The hidden layer of the exercise: OR and AND of two inputs."""
    return int(x[0] + x[1] >= 1), int(x[0] + x[1] >= 2)


check_output_neuron = PropertyCheck(
    "my_output",
    solution=(1.0, -1.0, -0.5),
    right="OR but not AND: that is XOR, with another hidden layer than the one above",
    rules={
        "give three numbers: (v1, v2, c)": Rule(_three_numbers, (1.0, -1.0)),
        "these are the numbers that went with OR and NAND. Here h2 is AND: it must speak against":
            Rule(lambda a: [float(number) for number in a] != [1, 1, -1.5], (1.0, 1.0, -1.5)),
        "where z is exactly 0 the step answers 1, and you have a z of 0 where XOR wants 0":
            Rule(lambda a: all(_z(a, h) != 0 for h in [(0, 0), (1, 1)]), (1.0, -1.0, 0.0)),
        "all four answers are the wrong way round: turn the sign of all three numbers":
            Rule(lambda a: [_decides(a, _folded(x)) for x in CORNERS] != [1, 0, 0, 1],
                 (-1.0, 1.0, 0.5)),
        "x = (0, 0) gives OR = 0 and AND = 0, so z is c alone: it must be below 0":
            Rule(lambda a: _decides(a, (0, 0)) == 0, (1.0, -1.0, 0.5)),
        "x = (0, 1) and (1, 0) give OR = 1 and AND = 0, and XOR wants 1: v1 + c must be 0 or more. "
        "So OR, v1, must make up for c":
            Rule(lambda a: _decides(a, (1, 0)) == 1, (1.0, -1.0, -1.5)),
        "x = (1, 1) gives OR = 1 and AND = 1, and XOR wants 0: the weight of AND must pull z "
        "below 0":
            Rule(lambda a: _decides(a, (1, 1)) == 0, (1.0, 1.0, -0.5)),
    },
)


def _count(sizes: Sequence[int], biases: Callable[[int, int], int]) -> int:
    return sum(d * m + biases(d, m) for d, m in zip(sizes[:-1], sizes[1:], strict=True))


check_count = FunctionCheck(
    "my_count",
    solution=lambda sizes: _count(sizes, lambda d, m: m),
    right="784-20-20-10 has 16,330 parameters, and your function counts any other network too",
    mistakes={
        "these are the weights alone; each neuron has a bias too":
            lambda sizes: _count(sizes, lambda d, m: 0),
        "one bias per layer is too few: each of its neurons has its own":
            lambda sizes: _count(sizes, lambda d, m: 1),
        "one bias per input is wrong: a bias belongs to a neuron, so m neurons have m biases":
            lambda sizes: _count(sizes, lambda d, m: d),
        "the inputs are not neurons: they have no bias":
            lambda sizes: _count(sizes, lambda d, m: m) + sizes[0],
        "this adds the sizes; m neurons with d inputs have d · m weights and m biases":
            lambda sizes: sum(sizes),
        "this counts neurons, or biases; their weights are missing": lambda sizes: sum(sizes[1:]),
        "this is the first layer alone; go on through all of them":
            lambda sizes: sizes[0] * sizes[1] + sizes[1],
        "this is the last layer alone; add up all of them":
            lambda sizes: sizes[-2] * sizes[-1] + sizes[-1],
        "you multiplied all sizes: only neighbours are joined, so multiply two at a time and add":
            lambda sizes: int(np.prod(sizes)),
        "16,330 is right for one network only: compute it from sizes": 16330,
    },
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

check_lamp = PropertyCheck(
    "my_lamp",
    solution=_wrong_lamp(LEVELS, (1, -1, 1), -0.5),
    right="each flip changes the light: you built a network that no single neuron can replace",
    rules={
        "give four things, all made of numbers: (W, b, v, c)":
            Rule(lambda a: len(a) == 4 and all(np.isfinite(part).all() for part in _lamp(a)),
                 (1.0, 1.0, 1.0)),
        "W needs three rows, one for each switch; each column is a hidden neuron":
            Rule(lambda a: _lamp(a)[0].ndim == 2 and len(_lamp(a)[0]) == 3,
                 _wrong_lamp(LEVELS, (1, -1, 1), -0.5, np.ones((2, 3)))),
        "b and v need one number for each hidden neuron, as many as W has columns, and c is one":
            Rule(lambda a: [part.size for part in _lamp(a)[1:]] == [_lamp(a)[0].shape[1]] * 2 + [1],
                 _wrong_lamp((-0.5,), (1, -1, 1), -0.5, np.ones((3, 3)))),
        "the hidden neurons give the same for all settings. 'At least 1' is x1 + x2 + x3 − 0.5 ≥ "
        "0: compare W and b with that":
            Rule(lambda a: (_hidden(a) != _hidden(a)[0]).any(),
                 _wrong_lamp((0.5, 1.5, 2.5), (1, -1, 1), -0.5)),
        "one hidden neuron tells two kinds apart, and that is too little: it takes more of them":
            Rule(lambda a: _lamp(a)[0].shape[1] > 1, _wrong_lamp((-1.5,), (1,), -0.5)),
        "your hidden neurons hand on the switches as they are, so the output neuron is as helpless "
        "as one neuron alone: let each count over all three switches":
            Rule(lambda a: _hidden(a).tolist() != SWITCHES.tolist(),
                 _wrong_lamp((-0.5,) * 3, (1, 1, 1), -0.5, np.eye(3))),
        "this lamp is on when 1 or 2 switches are up. With 3 up it must be on, and with 2 off":
            Rule(lambda a: not _is_lamp(a, (1, 2)),
                 _wrong_lamp((-0.5, 2.5), (1, 1), -1.5, [[1, -1]] * 3)),
        "this lamp is on when exactly 1 switch is up; with 3 up it must be on again":
            Rule(lambda a: not _is_lamp(a, (1,)), _wrong_lamp(LEVELS, (1, -1, 0), -0.5)),
        "the hidden layer gives the same for two settings of which one is on and one is off: no "
        "output neuron can tell them apart. It must keep 1 and 3 switches apart from 0 and 2":
            Rule(_folds_well, _wrong_lamp((-0.5, -0.5, -0.5), (1, -1, 1), -0.5)),
        "all eight answers are wrong: turn the signs of v and c, and let no last z be 0":
            Rule(lambda a: not _is_lamp(a, (0, 2)), _wrong_lamp(LEVELS, (-1, 1, -1), 0.5)),
        "with no switch up the last z is 0 or more, so the lamp is on; it must be below 0":
            Rule(lambda a: _last_z(a)[0] < 0, _wrong_lamp(LEVELS, (1, -1, 1), 0.0)),
        "the lamp is never on: the last z is below 0 at all settings. With 1 switch up it must be "
        "0 or more":
            Rule(lambda a: (_last_z(a) >= 0).any(), _wrong_lamp(LEVELS, (1, -1, 1), -1.5)),
        "the lamp is on at a setting with 2 switches up, where the last z must be below 0. A "
        "hidden neuron that answers 1 there, and 0 with 1 switch up, can pull it down, if its "
        "number in v is far enough below 0":
            Rule(lambda a: (_last_z(a)[SWITCHES.sum(axis=1) == 2] < 0).all(),
                 _wrong_lamp(LEVELS, (1, 1, 1), -0.5)),
        "the lamp is not on for every setting with 1 switch up":
            Rule(lambda a: (_last_z(a)[SWITCHES.sum(axis=1) == 1] >= 0).all(),
                 _wrong_lamp(LEVELS, (1, -2, 2.5), -1.2)),
    },
)

check_number = ValueCheck(
    "my_number",
    solution=104,
    right="104 of 256: about two of five, where with two inputs it was seven of eight",
    mistakes={
        "that is how many functions there are. How many of them does some neuron do?": 256,
        "14 is the number for two inputs; three inputs have eight corners, and more functions": 14,
        "these are the functions that no neuron can do: take them away from 256": 152,
        "more than XOR and its twin are missing: search, do not guess": Either(254, 255, 240),
        "your weights or biases do not reach far enough: whole numbers from −3 to 3, and "
        "range(-3, 4) ends at 3": Either(100, 75, 60, 56, 55, 54, 47),
        "your neurons have no bias: let it go from −3 to 3, too": 32,
        "your weights or biases do not reach far enough on both sides of 0: let each go from −3 "
        "to 3": Either(20, 19),
        "this is the number of neurons you tried; many of them do the same. Keep each tuple of "
        "answers once, in a set": Either(343, 2401, 4459, 4913, 83521),
    },
)
