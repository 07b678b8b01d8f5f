"""Optimizers: how a gradient changes the parameters, in place."""

import numpy as np

from nnlesson import validate


class SGD:
    """Gradient descent: p ← p - learning_rate · dp."""

    def __init__(self, learning_rate):
        validate.rates(learning_rate)
        self.learning_rate = learning_rate

    def update(self, params, grads):
        """Changes every array of params in place. Both are dicts with the same keys, shapes."""
        validate.same_arrays(params, grads)
        for name, p in params.items():
            p -= self.learning_rate * grads[name]


class Momentum:
    """Descent with memory: v ← momentum · v - learning_rate · dp, then p ← p + v."""

    def __init__(self, learning_rate, momentum=0.9):
        validate.rates(learning_rate, momentum)
        self.learning_rate, self.momentum = learning_rate, momentum
        self.v = {}

    def update(self, params, grads):
        """Changes every array of params in place; v starts at 0."""
        validate.same_arrays(params, grads)
        for name, p in params.items():
            v = self.v.setdefault(name, np.zeros_like(p))
            v *= self.momentum
            v -= self.learning_rate * grads[name]
            p += v
