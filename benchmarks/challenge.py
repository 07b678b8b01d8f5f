"""The closing challenge of lesson 6: 99.4% of MNIST's test images, with one plain network in NumPy.

Run: `make challenge`, about 15 minutes for three seeds. It needs MNIST.

The network is lesson 5's with one more layer: 784-800-400-10, ReLU, softmax, momentum. New are
- every digit is put upright before anything is learned or read (LeCun and others 1998),
- no image twice: an eighth of each mini-batch is turned, stretched, moved and bent alike, by chance
  (Simard, Steinkraus and Platt 2003 bend every image on its own), and
- a learning rate that falls to 0 as half a wave of the cosine (Loshchilov and Hutter 2017).
The recipe was chosen by its validation accuracy. challenge.json records what it reached, and where.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from nnlesson.datasets import Dataset, Split, load_mnist
from nnlesson.images import SIDE, random_places, sample
from nnlesson.layers import ReLU
from nnlesson.losses import SoftmaxCrossEntropy
from nnlesson.network import Network, mlp
from nnlesson.optimizers import Momentum
from nnlesson.training import mini_batches

HERE = Path(__file__).parent


def upright(images: np.ndarray) -> np.ndarray:
    """Images (n, 784) whose ink no longer leans, a new array: each row is moved sideways.

    The straight line that fits the ink best, by least squares, leans so many columns per row; it
    goes through the centre of mass. Afterwards it is vertical. Paper stays as it is."""
    rows, columns = np.indices((SIDE, SIDE))
    new = images.reshape(-1, SIDE, SIDE).copy()
    for i in np.flatnonzero(new.any(axis=(1, 2))):
        below = rows - (new[i] * rows).sum() / new[i].sum()
        lean = (new[i] * below * columns).sum() / max((new[i] * below**2).sum(), 1e-9)
        new[i] = sample(new[i : i + 1], rows, columns + lean * below)[0]
    return new.reshape(images.shape)


def bent_batches(
    images: np.ndarray, labels: np.ndarray, epochs: int, batch_size: int, parts: int,
    rng: np.random.Generator,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:  # fmt: skip
    """Mini-batches (inputs, labels) of so many epochs. So many parts of each are bent, every one in
    its own way; with 0 the images stay as they are."""
    tiles, mean, deviation = images.reshape(-1, SIDE, SIDE), images.mean(), images.std()
    for _ in range(epochs):
        for batch in mini_batches(len(labels), batch_size, rng):
            x = tiles[batch]
            if parts:
                bent = [sample(part, *random_places(rng)) for part in np.array_split(x, parts)]
                x = np.concatenate(bent)
            yield (x.reshape(len(batch), -1) - mean) / deviation, labels[batch]


def train(
    network: Network, data: Dataset, *, epochs: int, batch_size: int, rate: float,
    parts: int, rng: np.random.Generator,
) -> Iterator[tuple[int, float]]:  # fmt: skip
    """Trains in place on distorted images; yields (epoch, validation accuracy) after each epoch.

    While one core multiplies, another bends the next mini-batch."""
    batches = bent_batches(*data.train, epochs, batch_size, parts, rng)
    optimizer, a_epoch = Momentum(rate), -(-len(data.train.labels) // batch_size)
    with ThreadPoolExecutor(1) as helper:
        coming = helper.submit(next, batches)
        for step in range(epochs * a_epoch):
            x, t = coming.result()
            coming = helper.submit(next, batches, None)
            optimizer.learning_rate = rate / 2 * (1 + math.cos(math.pi * step / (epochs * a_epoch)))
            optimizer.update(network.params, network.gradients(x, t))
            if (step + 1) % a_epoch == 0:
                yield (step + 1) // a_epoch, accuracy(network, data, data.validation)


def accuracy(network: Network, data: Dataset, split: tuple[np.ndarray, np.ndarray]) -> float:
    """Share of a split that is right; images are scaled as in training."""
    (images, labels), train = split, data.train.images
    return network.evaluate((images - train.mean()) / train.std(), labels)[1]


def run(
    data: Dataset, *, epochs: int, seed: int, sizes: list[int], batch_size: int = 200,
    rate: float = 0.08, parts: int = 8, straight: bool = True, say=print,
) -> dict[str, float]:  # fmt: skip
    """What the whole recipe reached with a seed; `say` gets a line per epoch."""
    rng = np.random.default_rng(seed)
    network = mlp(sizes, ReLU, SoftmaxCrossEntropy(), rng=rng, scale=None, dtype=np.float32)
    start, cpu = time.perf_counter(), time.process_time()
    if straight:
        splits = (data.train, data.validation, data.test)
        data = Dataset(data.name, *(Split(upright(x), t) for x, t in splits))
    settings = {"epochs": epochs, "batch_size": batch_size, "rate": rate, "parts": parts}
    records = train(network, data, **settings, rng=rng)
    for epoch, validation in records:
        seconds = time.perf_counter() - start
        say(f"epoch {epoch:2d} of {epochs}: validation {validation:.2%}, {seconds:.0f} s")
    test = accuracy(network, data, data.test)
    cpu = time.process_time() - cpu
    say(
        f"{data.name}: test accuracy {test:.2%}, {round((1 - test) * len(data.test.labels))} "
        f"errors, seed {seed}, {seconds:.0f} s ({cpu:.0f} s of processor time)"
    )
    return {
        "seed": seed, "validation": round(validation, 4), "test": round(test, 4),
        "seconds": round(seconds), "processor seconds": round(cpu),
    }  # fmt: skip


def main() -> None:
    """Reads the options, trains each seed, prints the median and writes the results."""
    from run import machine, write  # beside this script

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=75)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--hidden", type=int, nargs="*", default=[800, 400])
    parser.add_argument("--rate", type=float, default=0.08)
    parser.add_argument("--parts", type=int, default=8, help="of a mini-batch, each bent anew")
    parser.add_argument("--leaning", action="store_true", help="do not put the digits upright")
    parser.add_argument("--out", type=Path, default=HERE, help="folder of challenge.json")
    options = parser.parse_args()
    if options.epochs < 1 or options.parts < 0:
        parser.error("--epochs must be 1 or more, and --parts 0 or more")
    try:
        data = load_mnist(low=0.0)
    except FileNotFoundError as error:
        sys.exit(str(error))
    recipe = {"epochs": options.epochs, "rate": options.rate, "parts": options.parts}
    recipe["straight"] = not options.leaning
    recipe["sizes"] = [data.train.images.shape[1], *options.hidden, 10]
    print(f"{data}, network {'-'.join(map(str, recipe['sizes']))}")
    runs = [run(data, seed=seed, **recipe) for seed in options.seeds]
    middle = statistics.median(one["test"] for one in runs)
    print(f"the median of {len(runs)} seeds: {middle:.2%} of the test images")
    results = {"machine": machine(), "recipe": recipe, "median": middle, "runs": runs}
    write(options.out / "challenge.json", json.dumps(results, indent=1).encode() + b"\n")


if __name__ == "__main__":
    main()
