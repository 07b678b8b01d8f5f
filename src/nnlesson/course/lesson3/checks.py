"""The checks of lesson 3: measured slopes, descent, cross-entropy, and what an accuracy says."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

from __future__ import annotations

import numpy as np

from nnlesson.course.checks import Either, FunctionCheck, ValueCheck
from nnlesson.gradient import numerical_gradient

COUNT = 784 * 100 + 100 + 100 * 10 + 10  # parameters of 784-100-10


def _central(f, z, h):
    return (f(z + h) - f(z - h)) / (2 * h)


check_slope = FunctionCheck(
    "my_slope",
    solution=_central,
    right="one step up, one step down, divided by the distance between them",
    mistakes={
        "this is the forward difference; measure on both sides of z: at z + h and at z - h":
            lambda f, z, h: (f(z + h) - f(z)) / h,
        "this is the backward difference; measure on both sides of z: at z + h and at z - h":
            lambda f, z, h: (f(z) - f(z - h)) / h,
        "z - h and z + h are 2h apart; you divided by h, so the slope is twice too large":
            lambda f, z, h: (f(z + h) - f(z - h)) / h,
        "... / 2 * h divides by 2 and then multiplies by h; put brackets: / (2 * h)":
            lambda f, z, h: (f(z + h) - f(z - h)) / 2 * h,
        "the sign is turned round: it is the value above, f(z + h), minus the value below":
            lambda f, z, h: (f(z - h) - f(z + h)) / (2 * h),
        "this is the rise alone; a slope is the rise divided by the distance, here 2 * h":
            lambda f, z, h: f(z + h) - f(z - h),
        "only f(z - h) is divided; put brackets around the difference: (... - ...) / (2 * h)":
            Either(
                lambda f, z, h: f(z + h) - f(z - h) / (2 * h),
                lambda f, z, h: f(z + h) - f(z - h) / 2 * h,
            ),
        "z and z + h are only h apart; start from the other side: f(z - h) instead of f(z)":
            lambda f, z, h: (f(z + h) - f(z)) / (2 * h),
        "a central difference too, but with half the step; go h to each side":
            lambda f, z, h: (f(z + h / 2) - f(z - h / 2)) / h,
        "take the difference of two values of f, not the value of f at a difference":
            lambda f, z, h: f((z + h) - (z - h)) / (2 * h),
        "you divide by 2; z - h and z + h are 2 * h apart":
            lambda f, z, h: (f(z + h) - f(z - h)) / 2,
        "a slope needs the difference of the two values: minus where you have plus":
            lambda f, z, h: (f(z + h) + f(z - h)) / (2 * h),
    },
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
    mistakes={
        "this is the number of parameters; each is measured above and below": COUNT,
        "the biases are missing: 100 in the hidden layer and 10 in the last one":
            2 * (784 * 100 + 100 * 10),
        "these are the weights: add the biases, then count twice": 784 * 100 + 100 * 10,
        "this is the first layer alone; the second has 100 x 10 weights and 10 biases":
            2 * (784 * 100 + 100),
        "79,520 is the count of 784-50-10; for 100 hidden units it comes from 2 times the last "
        "term alone: put brackets around the sum":
            79_520,
        "one evaluation is a forward pass of the whole mini-batch: do not count its images":
            2 * COUNT * 100,
        "the second layer has 100 inputs, one from each hidden unit, not 784":
            2 * (784 * 100 + 100 + 784 * 10 + 10),
        "this is the count for forward differences; central ones need two each": COUNT + 1,
    },
)

check_largest_rate = FunctionCheck(
    "my_largest_rate",
    solution=lambda c: 1 / c,
    right="a step multiplies x by 1 - 2cη; at η = 1/c that is -1, and beyond it x grows",
    mistakes={
        "2/c belongs to the slope c·x; the slope of c·x² is 2·c·x, so the factor is 1 - 2cη":
            lambda c: 2 / c,
        "at 1/(2c) one step lands on the lowest point; larger rates overshoot and still arrive":
            lambda c: 0.5 / c,
        "0.05 fits the valley, where c is 20; a formula in c is asked for": 0.05,
        "the steeper the bowl (larger c), the smaller the rate must be": lambda c: c,
        "1 is right for c = 1 only: how does the factor contain c?": 1.0,
        "2c is what multiplies x in the slope; which η makes η·2c equal 2?": lambda c: 2 * c,
        "no square root is needed: a step multiplies x by 1 - 2cη, whatever x is":
            lambda c: 1 / (2 * c) ** 0.5,
    },
    cases=lambda rng: [(1.0,), (20.0,), (float(rng.uniform(0.05, 0.5)),)],
)


def _rows(a, t):
    return a[np.arange(len(t)), t]


def _yes_or_no(a, t):
    y = np.eye(a.shape[1])[t]
    return -np.mean(np.sum(y * np.log(a) + (1 - y) * np.log(1 - a), axis=1))


check_cross_entropy = FunctionCheck(
    "my_cross_entropy",
    solution=lambda a, t: -np.mean(np.log(_rows(a, t))),
    right="one number per row, its logarithm, the mean, a minus",
    mistakes={
        "this is the sum; the loss is the mean": lambda a, t: -np.sum(np.log(_rows(a, t))),
        "the minus is missing: logarithms of numbers below 1 are negative, a loss is not":
            lambda a, t: np.mean(np.log(_rows(a, t))),
        "your result has shape {shape}: one loss per example; return their mean":
            lambda a, t: -np.log(_rows(a, t)),
        "a[:, t] takes n columns from every row; a[np.arange(len(t)), t] takes one entry a row":
            lambda a, t: -np.mean(np.log(a[:, t])),
        "first the logarithm of each example, then the mean; yours is the other way round":
            lambda a, t: -np.log(np.mean(_rows(a, t))),
        "this takes the logarithm of all outputs; only the one of the right class counts":
            lambda a, t: -np.mean(np.log(a)),
        "np.mean divides by all n · k entries here; the mean is over the n examples":
            lambda a, t: -np.mean(np.eye(a.shape[1])[t] * np.log(a)),
        "you divide by k, the number of classes; the mean is over the n examples":
            lambda a, t: -np.sum(np.log(_rows(a, t))) / a.shape[1],
        "this is the form for ten sigmoids; for softmax only -log of a at the label counts":
            _yes_or_no,
        "here a stands where the one-hot target belongs; only the label's entry counts":
            lambda a, t: -np.mean(np.sum(a * np.log(a), axis=1)),
        "no 1e-7 here: it changes the loss a little (what it hides comes next in the lesson)":
            lambda a, t: -np.mean(np.log(_rows(a, t) + 1e-7)),
        "log2 is the wrong logarithm here; np.log is the natural one":
            lambda a, t: -np.mean(np.log2(_rows(a, t))),
        "log10 is the wrong logarithm here; np.log is the natural one":
            lambda a, t: -np.mean(np.log10(_rows(a, t))),
        "this takes the largest output of each row; take the output of the label t":
            lambda a, t: -np.mean(np.log(a.max(axis=1))),
        "there is no logarithm in it: the cost of an example is -log of a at its label":
            Either(lambda a, t: np.mean(1 - _rows(a, t)), lambda a, t: -np.mean(_rows(a, t))),
        "t holds labels, not rows of 0 and 1: take one output a row, a[np.arange(len(t)), t]":
            Either(
                lambda a, t: -np.mean(t * np.log(a)),
                lambda a, t: -np.mean(np.sum(t * np.log(a), axis=1)),
            ),
        "a[t] takes whole rows; a[np.arange(len(t)), t] takes one output a row":
            Either(lambda a, t: -np.log(a[t]), lambda a, t: -np.mean(np.log(a[t]))),
        "rows come first: a[np.arange(len(t)), t]":
            lambda a, t: -np.mean(np.log(a[t, np.arange(len(t))])),
    },
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


def _path(f, x, learning_rate, steps):
    return np.array([_descend(f, x, learning_rate, n) for n in range(steps + 1)])


def _to_the_gradient(f, x, learning_rate, steps):
    for _ in range(steps):
        x = learning_rate * numerical_gradient(f, x)
    return x


def _by_height(f, x, learning_rate, steps):
    for _ in range(steps):
        x = x - learning_rate * f(x)
    return x


check_descend = FunctionCheck(
    "my_descend",
    solution=_descend,
    right="a new gradient at each step, always against it, and the start is left as it was",
    mistakes={
        "it climbs: the gradient points uphill, so subtract it": _climb,
        "the place is right, but `x -= ...` changes the caller's start; write x = x - ..., which "
        "makes a new array":
            _in_place,
        "the gradient is measured once, at the start; measure it again after each step":
            _gradient_of_the_start,
        "this is the place after one step: does each step start where the last one ended, and "
        "does `return` stand after the loop?":
            lambda f, x, r, n: _descend(f, x, r, 1),
        "these are all places on the way; return the last one": _path,
        "this is the gradient at the end; return the place x":
            lambda f, x, r, n: numerical_gradient(f, _descend(f, x, r, n)),
        "you divide by the learning rate; multiply the gradient by it":
            lambda f, x, r, n: _descend(f, x, 1 / r, n),
        "this is the height f(x) at the end; return the place x":
            lambda f, x, r, n: f(_descend(f, x, r, n)),
        "the learning rate is not used: multiply the gradient by it":
            lambda f, x, r, n: _descend(f, x, 1.0, n),
        "one step too many; range(steps) runs exactly `steps` times":
            lambda f, x, r, n: _descend(f, x, r, n + 1),
        "one step too few; range(steps) runs exactly `steps` times":
            lambda f, x, r, n: _descend(f, x, r, n - 1),
        "x is replaced by the step; a step is added to where you are: x = x - step":
            _to_the_gradient,
        "the height f(x) is no slope: numerical_gradient(f, x) measures the slopes": _by_height,
        "this is where you started: give x its new value, x = x - ...": lambda f, x, r, n: x.copy(),
        "steps is a number; range(steps) counts so many rounds":
            lambda f, x, r, n: [x for _ in n],
    },
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
    mistakes={
        "this is the share of the commonest answer; count the labels, not the answers":
            {"majority": lambda labels, predicted: _majority(predicted)},
        "1/k is chance; the majority line is the share of the commonest label":
            {"majority": lambda labels, predicted: 1 / len(np.bincount(labels))},
        "0.1 is chance, for ten classes; the majority line is computed from the labels":
            {"majority": 0.1},
        "these are percent; return shares between 0 and 1":
            lambda labels, predicted: (100 * _accuracy(labels, predicted), 100 * _majority(labels)),
        "argmax is the commonest label itself; its count divided by n is its share":
            {"majority": lambda labels, predicted: int(np.bincount(labels).argmax())},
        "this is a count; divide it by the number of labels":
            {"majority": lambda labels, predicted: int(np.bincount(labels).max())},
        "this is how many are right; the accuracy is their share: np.mean instead of np.sum":
            {"accuracy": lambda labels, predicted: int(np.sum(labels == predicted))},
        "this is the share of wrong answers; count where labels == predicted":
            {"accuracy": lambda labels, predicted: float(np.mean(labels != predicted))},
        "the two numbers are exchanged: return accuracy, majority":
            lambda labels, predicted: (_majority(labels), _accuracy(labels, predicted)),
        "these are the shares of all labels; take the largest":
            {"majority": lambda labels, predicted: np.bincount(labels) / len(labels)},
        "this says of each image whether it is right; take the mean":
            {"accuracy": lambda labels, predicted: labels == predicted},
    },
    cases=lambda rng: [
        (np.array([0, 1, 1, 2, 1, 0, 4]), np.array([1, 1, 1, 1, 1, 0, 4])),
        (rng.integers(0, 4, 50), rng.integers(0, 2, 50)),
        (np.array([3, 3, 3, 0]), np.array([3, 3, 3, 3])),
    ],
    parts=("accuracy", "majority"),
)
