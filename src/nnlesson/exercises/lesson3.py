"""The checks of lesson 3: measured slopes, descent, cross-entropy, and what an accuracy says."""

from __future__ import annotations

import numpy as np

from nnlesson.exercises.common import FunctionCheck, Mistake, ValueCheck
from nnlesson.gradient import numerical_gradient

COUNT = 784 * 100 + 100 + 100 * 10 + 10  # parameters of 784-100-10


def _central(f, z, h):
    return (f(z + h) - f(z - h)) / (2 * h)


check_slope = FunctionCheck(
    "my_slope",
    solution=_central,
    right="one step up, one step down, divided by the distance between them",
    mistakes=[
        Mistake(
            lambda f, z, h: (f(z + h) - f(z)) / h,
            "this is the forward difference; measure on both sides of z: at z + h and at z - h",
        ),
        Mistake(
            lambda f, z, h: (f(z) - f(z - h)) / h,
            "this is the backward difference; measure on both sides of z: at z + h and at z - h",
        ),
        Mistake(
            lambda f, z, h: (f(z + h) - f(z - h)) / h,
            "z - h and z + h are 2h apart; you divided by h, so the slope is twice too large",
        ),
        Mistake(
            lambda f, z, h: (f(z + h) - f(z - h)) / 2 * h,
            "... / 2 * h divides by 2 and then multiplies by h; put brackets: / (2 * h)",
        ),
        Mistake(
            lambda f, z, h: (f(z - h) - f(z + h)) / (2 * h),
            "the sign is turned round: it is the value above, f(z + h), minus the value below",
        ),
        Mistake(
            lambda f, z, h: f((z + h) - (z - h)) / (2 * h),
            "take the difference of two values of f, not the value of f at a difference",
        ),
    ],
    cases=lambda rng: [
        (np.exp, 0.5, 1e-4),
        (np.sin, float(rng.uniform(1, 2)), 0.01),
        (lambda z: z**3, 2.0, 0.1),
    ],
)

check_evaluations = ValueCheck(
    "my_evaluations",
    solution=2 * COUNT,
    right="two evaluations for each of 79,510 parameters, biases included",
    mistakes=[
        Mistake(COUNT, "this is the number of parameters; each is measured above and below"),
        Mistake(
            2 * (784 * 100 + 100 * 10),
            "the biases are missing: 100 in the hidden layer and 10 in the last one",
        ),
        Mistake(784 * 100 + 100 * 10, "these are the weights: add the biases, then count twice"),
        Mistake(
            2 * (784 * 100 + 100),
            "this is the first layer alone; the second has 100 x 10 weights and 10 biases",
        ),
        Mistake(79_520, "this is 784-50-10, counted above; here the hidden layer has 100 units"),
        Mistake(COUNT + 1, "this is the count for forward differences; central ones need two each"),
    ],
)

check_largest_rate = FunctionCheck(
    "my_largest_rate",
    solution=lambda c: 1 / c,
    right="a step multiplies x by 1 - 2cη; at η = 1/c that is -1, and beyond it x grows",
    mistakes=[
        Mistake(
            lambda c: 2 / c,
            "2/c belongs to the slope c·x; the slope of c·x² is 2·c·x, so the factor is 1 - 2cη",
        ),
        Mistake(
            lambda c: 0.5 / c,
            "at 1/(2c) one step lands on the lowest point; larger rates overshoot and still arrive",
        ),
        Mistake(lambda c: c, "the steeper the bowl (larger c), the smaller the rate must be"),
        Mistake(lambda c: 1.0 + 0 * c, "1 is right for c = 1 only: how does the factor contain c?"),
        Mistake(
            lambda c: 2 * c, "2c is what multiplies x in the slope; which η makes η·2c equal 2?"
        ),
        Mistake(
            lambda c: 1 / (2 * c) ** 0.5,
            "no square root is needed: a step multiplies x by 1 - 2cη, whatever x is",
        ),
    ],
    cases=lambda rng: [(1.0,), (20.0,), (float(rng.uniform(0.05, 0.5)),)],
)


def _rows(a, t):
    return a[np.arange(len(t)), t]


check_cross_entropy = FunctionCheck(
    "my_cross_entropy",
    solution=lambda a, t: -np.mean(np.log(_rows(a, t))),
    right="one number per row, its logarithm, the mean, a minus",
    mistakes=[
        Mistake(lambda a, t: -np.sum(np.log(_rows(a, t))), "this is the sum; the loss is the mean"),
        Mistake(
            lambda a, t: np.mean(np.log(_rows(a, t))),
            "the minus is missing: logarithms of numbers below 1 are negative, a loss is not",
        ),
        Mistake(
            lambda a, t: -np.log(_rows(a, t)),
            "your result has shape {shape}: one loss per example; return their mean",
        ),
        Mistake(
            lambda a, t: -np.mean(np.log(a[:, t])),
            "a[:, t] takes n columns from every row; a[np.arange(len(t)), t] takes one entry a row",
        ),
        Mistake(
            lambda a, t: -np.log(np.mean(_rows(a, t))),
            "first the logarithm of each example, then the mean; yours is the other way round",
        ),
        Mistake(
            lambda a, t: -np.mean(np.log(a)),
            "this takes the logarithm of all outputs; only the one of the right class counts",
        ),
        Mistake(
            lambda a, t: -np.mean(np.log10(_rows(a, t))),
            "log10 is the wrong logarithm here; np.log is the natural one",
        ),
        Mistake(
            lambda a, t: -np.mean(np.log(a.max(axis=1))),
            "this takes the largest output of each row; take the output of the label t",
        ),
        Mistake(
            lambda a, t: np.mean(1 - _rows(a, t)),
            "there is no logarithm in it: the cost of an example is -log of a at its label",
        ),
    ],
    cases=lambda rng: [
        (rng.dirichlet(np.ones(4), 6), rng.integers(0, 4, 6)),
        (rng.dirichlet(np.ones(10), 3), rng.integers(0, 10, 3)),
    ],
)


def _descend(f, x, learning_rate, steps):
    x = x.copy()
    for _ in range(steps):
        x -= learning_rate * numerical_gradient(f, x)
    return x


def _climb(f, x, learning_rate, steps):
    return _descend(f, x, -learning_rate, steps)


def _in_place(f, x, learning_rate, steps):
    for _ in range(steps):
        x -= learning_rate * numerical_gradient(f, x)
    return x


def _gradient_of_the_start(f, x, learning_rate, steps):
    return x - steps * learning_rate * numerical_gradient(f, x)


def _to_the_gradient(f, x, learning_rate, steps):
    for _ in range(steps):
        x = learning_rate * numerical_gradient(f, x)
    return x


check_descend = FunctionCheck(
    "my_descend",
    solution=_descend,
    right="a new gradient at each step, always against it, and the start is left as it was",
    mistakes=[
        Mistake(_climb, "it climbs: the gradient points uphill, so subtract it"),
        Mistake(
            _in_place,
            "the place is right, but `x -= ...` changes the caller's start; write x = x - ..., "
            "which makes a new array",
        ),
        Mistake(
            _gradient_of_the_start,
            "the gradient is measured once, at the start; measure it again after each step",
        ),
        Mistake(
            lambda f, x, r, n: _descend(f, x, r, 1),
            "it stops after one step: is `return` inside the loop?",
        ),
        Mistake(
            lambda f, x, r, n: f(_descend(f, x, r, n)),
            "this is the height f(x) at the end; return the place x",
        ),
        Mistake(
            lambda f, x, r, n: _descend(f, x, 1.0, n),
            "the learning rate is not used: multiply the gradient by it",
        ),
        Mistake(
            lambda f, x, r, n: _descend(f, x, r, n + 1),
            "one step too many; range(steps) runs exactly `steps` times",
        ),
        Mistake(
            lambda f, x, r, n: _descend(f, x, r, n - 1),
            "one step too few; range(steps) runs exactly `steps` times",
        ),
        Mistake(
            _to_the_gradient,
            "x is replaced by the step; a step is added to where you are: x = x - step",
        ),
    ],
    cases=lambda rng: [
        (lambda x: x[0] ** 2 + 3 * x[1] ** 2, rng.uniform(1, 2, 2), 0.1, 4),
        (lambda x: float(np.sum(np.cosh(x))), rng.uniform(0.5, 1, 3), 0.2, 3),
    ],
)


def _accuracy(labels, predicted):
    return float(np.mean(labels == predicted))


def _majority(labels):
    return float(np.bincount(labels).max() / len(labels))


check_evidence = FunctionCheck(
    "my_evidence",
    solution=lambda labels, predicted: (_accuracy(labels, predicted), _majority(labels)),
    right="the accuracy means something only beside the share of the commonest label",
    mistakes=[
        Mistake(
            lambda labels, predicted: (_accuracy(labels, predicted), _majority(predicted)),
            "this is the share of the commonest answer; count the labels, not the answers",
        ),
        Mistake(
            lambda labels, predicted: (
                _accuracy(labels, predicted),
                1 / len(np.bincount(labels)),
            ),
            "1/k is chance; the majority line is the share of the commonest label",
        ),
        Mistake(
            lambda labels, predicted: (
                _accuracy(labels, predicted),
                int(np.bincount(labels).argmax()),
            ),
            "argmax is the commonest label itself; its count divided by n is its share",
        ),
        Mistake(
            lambda labels, predicted: (
                _accuracy(labels, predicted),
                int(np.bincount(labels).max()),
            ),
            "this is a count; divide it by the number of labels",
        ),
        Mistake(
            lambda labels, predicted: (int(np.sum(labels == predicted)), _majority(labels)),
            "this is how many are right; the accuracy is their share: np.mean instead of np.sum",
        ),
        Mistake(
            lambda labels, predicted: (float(np.mean(labels != predicted)), _majority(labels)),
            "this is the share of wrong answers; count where labels == predicted",
        ),
        Mistake(
            lambda labels, predicted: (_majority(labels), _accuracy(labels, predicted)),
            "the two numbers are exchanged: return accuracy, majority",
        ),
    ],
    cases=lambda rng: [
        (np.array([0, 1, 1, 2, 1, 0, 4]), np.array([1, 1, 1, 1, 1, 0, 4])),
        (rng.integers(0, 4, 50), rng.integers(0, 2, 50)),
        (np.array([3, 3, 3, 0]), np.array([3, 3, 3, 3])),
    ],
    parts=("accuracy", "majority"),
)
