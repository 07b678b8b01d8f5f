"""Training: mini-batches, and a loop that yields a record after every epoch."""

from contextlib import contextmanager
from time import perf_counter
from typing import NamedTuple

import numpy as np

from nnlesson import validate


class EpochRecord(NamedTuple):
    """What one epoch came to. cost is taken over all training examples, seconds is wall time."""

    epoch: int
    cost: float
    train_accuracy: float
    validation_accuracy: float
    seconds: float


def mini_batches(n, batch_size, rng):
    """Index arrays that visit 0 .. n-1 once, in random order; the last may be shorter."""
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size]


def train_epoch(network, x, t, optimizer, batch_size, rng):
    """One pass over x (n, d), t (n,): one gradient step for every mini-batch.
    FloatingPointError, with the step, if the outputs stop being finite."""
    for step, batch in enumerate(mini_batches(len(x), batch_size, rng), start=1):
        try:
            grads = network.gradients(np.take(x, batch, axis=0), t[batch])
        except FloatingPointError:
            raise FloatingPointError(f"the outputs became nan or inf at step {step}") from None
        optimizer.update(network.params, grads)


@contextmanager
def keep_good_weights(network, epoch):
    """Puts the weights back as they were if the numbers inside the block overflow."""
    good = {name: p.copy() for name, p in network.params.items()}
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            yield
    except FloatingPointError as error:
        for name, p in network.params.items():
            p[...] = good[name]
        cure = "The weights from before the epoch are back. Try a learning rate ten times smaller."
        raise FloatingPointError(f"training diverged in epoch {epoch}: {error}. {cure}") from None


def train(network, data, optimizer, *, epochs, batch_size, rng):
    """Trains in place and yields an EpochRecord per epoch; data.train, data.validation: (x, t).
    FloatingPointError if it diverges; the weights of the epoch before are put back."""
    validate.training(data, epochs, batch_size, rng)
    for epoch in range(1, epochs + 1):
        start = perf_counter()
        with keep_good_weights(network, epoch):
            train_epoch(network, *data.train, optimizer, batch_size, rng)
            cost, accuracy = network.evaluate(*data.train)
            validate.finite("the cost", cost)
            _, validation = network.evaluate(*data.validation)
        yield EpochRecord(epoch, cost, accuracy, validation, perf_counter() - start)
