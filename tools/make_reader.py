"""Trains the digit reader that comes with the course (data/reader.npz): lesson 5's recipe on MNIST.

Run: python tools/make_reader.py [file]        MNIST is needed; about ten seconds.

float16 keeps three digits of each weight: enough for the same test accuracy in half the bytes.
Machines differ in the last digits, so the bytes do too; the note in the file says what was reached.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from nnlesson.course.reader import READER, new_reader
from nnlesson.datasets import Dataset, load_mnist
from nnlesson.optimizers import Momentum
from nnlesson.training import train
from nnlesson.weights import save_weights

SEED, BATCH_SIZE = 0, 50
SCHEDULE = [(0.1, 3), (0.02, 1), (0.004, 1)]  # learning rate, epochs


def make(data: Dataset, path: Path) -> float:
    """Trains, rounds to float16, saves; the test accuracy of what was saved."""
    rng = np.random.default_rng(SEED)
    network, optimizer = new_reader(rng), Momentum(0.1)
    for rate, epochs in SCHEDULE:
        optimizer.learning_rate = rate
        for record in train(
            network, data, optimizer, epochs=epochs, batch_size=BATCH_SIZE, rng=rng
        ):
            print(f"rate {rate}: validation {record.validation_accuracy:.2%}")
    rounded = {name: p.astype(np.float16) for name, p in network.params.items()}
    for name, p in network.params.items():
        p[...] = rounded[name]
    _, accuracy = network.evaluate(*data.test)
    note = (
        f"784-256-10, ReLU, softmax, pixels 0 to 1; {data.name}, 5 epochs, seed {SEED}, by "
        f"`python tools/make_reader.py`; test accuracy {accuracy:.2%}"
    )
    save_weights(SimpleNamespace(params=rounded), path, note)
    print(note)
    return accuracy


if __name__ == "__main__":
    make(load_mnist(low=0.0), Path(sys.argv[1]) if len(sys.argv) > 1 else READER)
