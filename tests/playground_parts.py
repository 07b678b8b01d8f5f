"""How the tests of lesson 5's playground make networks, as the lesson does, and wait for runs."""

import asyncio
import functools

import numpy as np

from nnlesson.layers import LeakyReLU, ReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError
from nnlesson.network import mlp
from nnlesson.optimizers import Momentum

ACTIVATIONS = {"ReLU": ReLU, "leaky ReLU": LeakyReLU, "sigmoid": Sigmoid}
LOSSES = {"softmax": SoftmaxCrossEntropy, "sigmoids": CrossEntropy, "squared error": SquaredError}


def build(s, rng):
    """(network, optimizer) of these Settings."""
    activation, loss = ACTIVATIONS[s.activation], LOSSES[s.loss]()
    network = mlp(s.sizes, activation, loss, s.l2, rng, s.scale, np.float32)
    return network, Momentum(s.learning_rate, s.momentum)


def in_a_loop(test):
    """The test, which awaits what it needs, as one that pytest calls."""

    @functools.wraps(test)
    def run(*arguments, **fixtures):
        asyncio.run(test(*arguments, **fixtures))

    return run
