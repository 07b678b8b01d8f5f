"""Answers to lesson 2's exercises: right in another form, and wrong, with words they are told."""

from decimal import Decimal

import numpy as np

from nnlesson.activations import sigmoid, softmax


def costs(Z, T):
    return np.logaddexp(0, Z) - T * Z


def layer(cost=lambda Z, T: costs(Z, T).sum(axis=1).mean(), slopes=lambda Z, T: sigmoid(Z) - T):
    """An answer to exercise 4 with its own cost or slopes."""
    return lambda X, W, b, T: (cost(X @ W + b, T), slopes(X @ W + b, T))


def clipped(Z, T):
    a = np.clip(sigmoid(Z), 1e-7, 1 - 1e-7)
    return -(T * np.log(a) + (1 - T) * np.log(1 - a)).sum(axis=1).mean()


def drawn_spread(X):
    return 1 / (X @ np.random.default_rng(1).normal(0, 1, (X.shape[1], 500))).std()


def output_in_loops(X, W, b, T):
    Z = X @ W + b
    each = [sum(map(float, row)) for row in costs(Z, T)]
    return [sum(each) / len(each), (sigmoid(Z) - T).tolist()]


RIGHT = {
    "my_mirror": [1 - 0.9526, 1 - sigmoid(3.0), Decimal("0.0474"), np.array(0.0474)],
    "my_wrong_line": ["line b"],
    "my_tanh_slope": [
        lambda output: (1 + output) * (1 - output),
        lambda a: 1 / np.cosh(np.arctanh(a)) ** 2,
        lambda a: [1 - x * x for x in a],
    ],
    "my_output": [
        layer(lambda Z, T: (np.maximum(Z, 0) + np.log1p(np.exp(-abs(Z))) - T * Z).sum() / len(Z)),
        output_in_loops,
    ],
    "my_spread": [
        lambda X: np.mean(np.sum(X**2, axis=1)) ** -0.5,
        lambda X: (len(X) / sum(x * x for image in X for x in image)) ** 0.5,
    ],
    "my_softmax_slopes": [lambda z: softmax(z)[:, None] * (np.eye(len(z)) - softmax(z))],
}
WRONG = {
    "my_mirror": [
        (-0.06, "never below 0"),
        (0.047, "four digits"),
    ],
    "my_output": [
        (layer(lambda Z, T: (np.log(1 + np.exp(Z)) - T * Z).sum(1).mean()), "np.logaddexp(0, Z)"),
        (layer(clipped), "cut off"),
        (layer(lambda Z, T: costs(np.clip(Z, -250, 250), T).sum(axis=1).mean()), "cut off"),
        (layer(lambda Z, T: costs(Z, T).mean(), lambda Z, T: T - sigmoid(Z)), "And slopes must"),
    ],
    "my_spread": [(drawn_spread, "If you drew weights, there is luck")],
}
