"""Answers to lesson 3's exercises: right in another form, and wrong, with words they are told."""

from decimal import Decimal

import numpy as np

from nnlesson.gradient import numerical_gradient
from nnlesson.losses import SoftmaxCrossEntropy


def central(f, z, h):
    return (f(z + h) - f(z - h)) / (2 * h)


def mix(combine):
    """An answer that combines D(h) and D(2h), the near and the far difference."""
    return lambda f, z, h: combine(central(f, z, h), central(f, z, 2 * h))


def descend(f, x, rate, steps):
    for _ in range(steps):
        x = x - rate * numerical_gradient(f, x)
    return x.tolist()


def cost(z, t):
    return SoftmaxCrossEntropy().forward(z, t)


RIGHT = {
    "my_sharper_slope": [
        mix(lambda near, far: near + (near - far) / 3),
        lambda f, z, h: (8 * f(z + h) - 8 * f(z - h) - f(z + 2 * h) + f(z - 2 * h)) / (12 * h),
    ],
    "my_descend": [descend],
    "my_largest_rate": [lambda c: Decimal(1) / Decimal(c), lambda c: np.array(1 / c)],
    "my_cost_of_shares": [
        lambda t: sum(-np.log(np.sum(t == label) / len(t)) for label in t) / len(t)
    ],
    "my_luck": [lambda z, t, orders: sum(cost(z, t[o]) < cost(z, t) for o in orders) / len(orders)],
    "my_report": [
        lambda z, t: [
            np.mean(z.argmax(axis=1) == t),
            np.bincount(t).max() / len(t),
            len({*z.argmax(axis=1).tolist()}),
            np.mean((z - z.mean(axis=0)).argmax(axis=1) == t),
        ]
    ],
}
WRONG = {
    "my_sharper_slope": [
        (lambda f, z, h: f(z) + 1, "with a function f and z = 0.5 and h = 0.3 the result is")
    ],
    "my_descend": [(lambda f, x, r, n: [x for _ in n], "not iterable")],
}
