"""The checks of lesson 1: a weighted sum, lines that decide, the learning rule, layers."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from nnlesson.activations import sigmoid
from nnlesson.course.checks import Either, FunctionCheck, PropertyCheck, Rule, ValueCheck

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def _decides(answer: Sequence[float], x: Sequence[float]) -> int:
    """What a step neuron with the numbers (w1, w2, b) says to the inputs x."""
    w1, w2, b = (float(number) for number in answer)
    return int(w1 * x[0] + w2 * x[1] + b >= 0)


def _three_numbers(answer: Sequence[float]) -> bool:
    return len(answer) == 3 and bool(np.isfinite(np.array(answer, dtype=float)).all())


check_z = ValueCheck(
    "my_z",
    solution=-1.0,
    right="0.5 · 2 + 3 · (−1) + 1 = −1; the step would answer 0, since −1 is below 0",
    mistakes={
        "the bias is missing: add b = 1 at the end": -2.0,
        "you took the bias away; z = w₁ x₁ + w₂ x₂ + b adds it": -3.0,
        "the second input is −1, so 3 · (−1) counts against z": 5.0,
        "each input goes with its own weight: 0.5 belongs to 2, and 3 belongs to −1": 6.5,
        "0 is what the step answers; asked for is z, the number before the step": 0.0,
        "you added all the numbers; multiply each input by its weight first": 5.5,
        "multiply each input by its weight first; you added inputs and weights": 6.0,
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
        "at (0, 0) both inputs are 0, so z is b alone: NAND wants 1 there, so b must be 0 or more":
            Rule(lambda a: _decides(a, (0, 0)) == 1, (-1.0, -1.0, -0.5)),
        "at (1, 1) NAND wants 0, but w1 + w2 + b is not below 0: lower the weights":
            Rule(lambda a: _decides(a, (1, 1)) == 0, (-1.0, -1.0, 2.0)),
        "one input alone already pushes z below 0: b must outweigh each weight alone, and only "
        "lose against both together. Move the weights nearer to 0":
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
    right="this is the whole learning rule of 1958",
    mistakes={
        "the line moves the wrong way: the change is t − y (wanted minus given), not y − t":
            _corrected(lambda w, b, x, t, y: _moved(w, b, x, y - t)),
        "this is the change alone: add it to the old w and to the old b":
            _corrected(lambda w, b, x, t, y: ((t - y) * x, t - y)),
        "t − y has a sign, and you lost it: where 0 is wanted, the inputs are taken away":
            _corrected(lambda w, b, x, t, y: _moved(w, b, x, abs(t - y))),
        "the change of w lacks the inputs: each weight changes by (t − y) times its own x":
            _corrected(lambda w, b, x, t, y: (w + (t - y), b + (t - y))),
        "the bias stays as it was; it changes too, by t − y":
            _corrected(lambda w, b, x, t, y: (w + (t - y) * x, b)),
        "this adds t · x even when the answer is right: use t − y, which is 0 then":
            _corrected(lambda w, b, x, t, y: _moved(w, b, x, t)),
        "you compared t with z; compare it with the answer y = step(z), which is 0 or 1":
            lambda w, b, x, t: _moved(w, b, x, t - (w @ x + b)),
        "your z lacks the bias: z is w @ x + b":
            lambda w, b, x, t: _moved(w, b, x, t - int(w @ x >= 0)),
        "at z = 0 the step answers 1, and yours 0: it is z >= 0, not z > 0":
            lambda w, b, x, t: _moved(w, b, x, t - int(w @ x + b > 0)),
        "w * x is an array, element by element, and the step wants one number. Multiplied and "
        "summed: w @ x":
            lambda w, b, x, t: (1 if w * x + b >= 0 else 0, b),
        "you return w alone; return both: w, b": _corrected(lambda w, b, x, t, y: w + (t - y) * x),
        "the order is turned: return the new w first, then the new b":
            _corrected(lambda w, b, x, t, y: (b + (t - y), w + (t - y) * x)),
        "a bias has no input to be multiplied by: it changes by t − y alone":
            {"the new b": lambda w, b, x, t: b + (t - int(w @ x + b >= 0)) * x},
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
        "all four answers are the wrong way round: turn the sign of all three numbers":
            Rule(lambda a: [_decides(a, _folded(x)) for x in CORNERS] != [1, 0, 0, 1],
                 (-1.0, 1.0, 0.5)),
        "x = (0, 0) gives OR = 0 and AND = 0, so z is c alone: it must be below 0":
            Rule(lambda a: _decides(a, (0, 0)) == 0, (1.0, -1.0, 0.5)),
        "x = (0, 1) and (1, 0) give OR = 1 and AND = 0, and XOR wants 1: v1 + c must be 0 or more":
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
        "16,330 is right for one network only: compute it from sizes": 16330,
    },
    cases=lambda rng: [([784, 20, 20, 10],), ([3, 2],), ([784, 100, 10],), ([5, 4, 3, 2, 1],)],
)

check_layer = FunctionCheck(
    "my_layer",
    solution=lambda X, W, b: sigmoid(X @ W + b),
    right="one line does what two loops over examples and neurons did",
    mistakes={
        "the bias is missing: z is X @ W + b": lambda X, W, b: sigmoid(X @ W),
        "this is z; the layer's output is sigmoid(z)": lambda X, W, b: X @ W + b,
        "the bias belongs inside the sigmoid: add it to X @ W first":
            lambda X, W, b: sigmoid(X @ W) + b,
        "W @ X has the order the wrong way round: rows are examples, so X comes first":
            lambda X, W, b: sigmoid(W @ X + b),
        "the minus is lost: the sigmoid is 1 / (1 + np.exp(-z))":
            Either(lambda X, W, b: sigmoid(-(X @ W + b)), lambda X, W, b: sigmoid(b - X @ W)),
        "scalar_sigmoid takes one number. For whole arrays use sigmoid, imported just above":
            lambda X, W, b: math.exp(-np.abs(X @ W + b)),
        "W is already (inputs, neurons); it is not transposed":
            lambda X, W, b: sigmoid(X @ W.T + b),
        "the star * multiplies element by element; the matrix product is @":
            lambda X, W, b: sigmoid(X * W + b),
        "your result has shape {shape}, one row per neuron; rows are examples":
            lambda X, W, b: sigmoid(X @ W + b).T,
        "you summed over the neurons; keep all of them: one row per example, one column each":
            lambda X, W, b: sigmoid(X @ W + b).sum(axis=1),
        "0 and 1 are answers of the step; this layer's output is sigmoid(z)":
            lambda X, W, b: (X @ W + b >= 0) * 1.0,
        "the bias is added to X @ W, not taken away": lambda X, W, b: sigmoid(X @ W - b),
    },
    cases=lambda rng: [
        (rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m))
        for n, d, m in ((5, 3, 2), (1, 4, 6), (7, 2, 3))
    ],
)
