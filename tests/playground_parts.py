"""How the tests of lesson 5's playground make networks, as the lesson does, and wait for runs."""

import asyncio
import functools

import numpy as np

from nnlesson.datasets import load_digits
from nnlesson.layers import LeakyReLU, ReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError
from nnlesson.network import mlp
from nnlesson.optimizers import Momentum

DATA = load_digits(low=0.0)
ACTIVATIONS = {"ReLU": ReLU, "leaky ReLU": LeakyReLU, "sigmoid": Sigmoid}
LOSSES = {"softmax": SoftmaxCrossEntropy, "sigmoids": CrossEntropy, "squared error": SquaredError}


def build(s, rng):
    """(network, optimizer) of these Settings."""
    activation, loss = ACTIVATIONS[s.activation], LOSSES[s.loss]()
    network = mlp(s.sizes, activation, loss, s.l2, rng, s.scale, np.float32)
    return network, Momentum(s.learning_rate, s.momentum)


def in_a_loop(work):
    """A function that awaits, as one that begins an event loop and ends it."""
    return functools.wraps(work)(lambda *given, **named: asyncio.run(work(*given, **named)))
