"""The course's commands: train an article's network, see what it misreads, marks, MNIST.

`python -m nnlesson train --article 1`, `… gallery article-1.npz`, `… marks`, `… data`. Each
article is a composition of the taught parts, and a row of ARTICLES.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from nnlesson import datasets
from nnlesson.activations import sigmoid
from nnlesson.course.digits import digit_grid
from nnlesson.course.style import to_png
from nnlesson.gradient import fast_numerical_gradient
from nnlesson.layers import LeakyReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError, softmax_costs
from nnlesson.network import Network, mlp
from nnlesson.optimizers import SGD, Momentum
from nnlesson.training import EpochRecord, train, train_epoch
from nnlesson.weights import load_weights, read_note, replace, save_weights


class MeasuredNetwork(Network):
    """A two-layer network whose gradients are measured, as in articles 2 and 4."""

    def gradients(self, x, t):
        """Measured slopes of the cost: a dict with the keys and shapes of params."""
        return fast_numerical_gradient(self.params, x, t, sigmoid, softmax_costs)


@dataclass(frozen=True)
class Article:
    """What one article trains. sizes: neurons per layer; steps: gradients an epoch, 0 for all."""

    title: str
    sizes: tuple[int, ...]
    activation: type
    loss: type
    learning_rate: float
    epochs: int
    batch_size: int
    optimizer: type = SGD
    l2: float = 0.0
    scale: float = 0.1
    low: float = 0.0  # what paper is; ink is 1
    measured: bool = False
    steps: int = 0
    n_classes: int = 10  # only digits below this one
    random: bool = False  # random inputs instead of digits

    def network(self, hidden: Sequence[int], rng: np.random.Generator) -> Network:
        """A fresh network with these hidden layers."""
        sizes = [self.sizes[0], *hidden, self.sizes[-1]]
        dtype = np.float64 if self.measured else np.float32
        made = mlp(sizes, self.activation, self.loss(), self.l2, rng, self.scale, dtype)
        if self.measured:
            return MeasuredNetwork(made.layers, made.loss)
        # Article 0 squares the error of sigmoids: its last layer has one, too.
        last = [Sigmoid()] if self.loss is SquaredError and self.activation is Sigmoid else []
        return Network([*made.layers, *last], made.loss, self.l2)

    def data(self, name: str | None, rng: np.random.Generator) -> datasets.Dataset:
        """The examples it learns from: digits, fewer classes of them, or random numbers."""
        if self.random:
            parts = [(rng.normal(size=(100, self.sizes[0])), rng.integers(0, 10, 100))]
            parts += [(rng.normal(size=(1000, self.sizes[0])), rng.integers(0, 10, 1000))] * 2
            return datasets.Dataset("Random numbers", *(datasets.Split(*p) for p in parts))
        readers = {"digits": datasets.load_digits, "mnist": datasets.load_mnist}
        data = readers.get(name or "", datasets.load_data)(low=self.low)
        splits = [self._some(split) for split in (data.train, data.validation, data.test)]
        return datasets.Dataset(data.name, *splits)

    def _some(self, split: datasets.Split | datasets.ScaledAtUse) -> datasets.Split:
        few = split.labels < self.n_classes
        images = split.images if few.all() else split.images[few]
        return datasets.Split(images.astype(np.float64) if self.measured else images,
                              split.labels[few])  # fmt: skip


NOTE = "article "  # and its number: what a file of weights says of itself

# Learning rates are those of the articles (article 0 names none); where an article adds up the
# batch, times the size of its batch: 100 in article 1, 1 in article 3.
ARTICLES = {
    0: Article("neuron objects, as matrices; squared error, one image at a time",
               (784, 20, 20, 10), Sigmoid, SquaredError, 0.5, 1, 1),
    1: Article("sigmoid, cross-entropy and L2",
               (784, 100, 10), Sigmoid, CrossEntropy, 0.05, 100, 100, l2=1e-4, low=-1.0),
    2: Article("measured slopes; an epoch is 10 gradients",
               (784, 50, 10), Sigmoid, SoftmaxCrossEntropy, 0.1, 10, 100,
               scale=0.01, measured=True, steps=10),
    3: Article("leaky ReLU, squared error and momentum, on the digits 0, 1 and 2",
               (784, 500, 100, 3), LeakyReLU, SquaredError, 0.01, 3, 100,
               optimizer=Momentum, scale=0.01, n_classes=3),
    4: Article("measured slopes, on random numbers",
               (100, 10, 10), Sigmoid, SoftmaxCrossEntropy, 0.1, 30, 10,
               scale=0.01, measured=True, random=True),
}  # fmt: skip


def learn(
    article: Article, network: Network, data: Any, rate: float, epochs: int,
    rng: np.random.Generator,
) -> Iterator[EpochRecord]:  # fmt: skip
    """Trains in place; yields a record per epoch. FloatingPointError if it diverges."""
    optimizer, size = article.optimizer(rate), article.batch_size
    if not article.steps:
        yield from train(network, data, optimizer, epochs=epochs, batch_size=size, rng=rng)
        return
    x, t = data.train
    for epoch in range(1, epochs + 1):
        start = perf_counter()
        part = rng.choice(len(x), min(article.steps * size, len(x)), replace=False)
        train_epoch(network, x[part], t[part], optimizer, size, rng)
        cost, accuracy = network.evaluate(x, t)
        _, validation = network.evaluate(*data.validation)
        yield EpochRecord(epoch, cost, accuracy, validation, perf_counter() - start)


def train_article(options: argparse.Namespace) -> None:
    """`train`: train the network of one article, print each epoch, save the weights."""
    article = ARTICLES[options.article]
    rng = np.random.default_rng(options.seed)
    data = article.data(options.data, rng)
    hidden = options.hidden or article.sizes[1:-1]
    if article.measured and len(hidden) != 1:
        raise ValueError("articles 2 and 4 measure a network with one hidden layer: --hidden 50")
    network = article.network(hidden, rng)
    sizes = "-".join(map(str, [article.sizes[0], *hidden, article.sizes[-1]]))
    print(f"Article {options.article}: {sizes}, {article.title}\n{data}")
    epochs = article.epochs if options.epochs is None else options.epochs
    rate = article.learning_rate if options.learning_rate is None else options.learning_rate
    for r in learn(article, network, data, rate, epochs, rng):
        print(
            f"epoch {r.epoch:3d} of {epochs}: cost {r.cost:.4f}, training {r.train_accuracy:.1%}, "
            f"validation {r.validation_accuracy:.1%}, {r.seconds:.1f} s",
            flush=True,
        )
    _, accuracy = network.evaluate(*data.test)
    print(f"test: {accuracy:.2%} of {len(data.test.labels):,} are right")
    target = options.save or Path(f"article-{options.article}.npz")
    save_weights(network, target, f"{NOTE}{options.article}")
    print(f"The weights are in {target}.")


def draw_gallery(options: argparse.Namespace) -> None:
    """`gallery`: draw the first wrong test digits of a saved network, t: true, p: predicted."""
    sizes, note = read_note(options.weights)
    number = note.removeprefix(NOTE)
    if not note.startswith(NOTE) or number not in map(str, ARTICLES):
        raise ValueError(f"{options.weights} was not saved by `python -m nnlesson train`")
    article = ARTICLES[int(number)]
    if article.random:
        raise ValueError("article 4 learns random numbers: there are no digits to draw")
    rng = np.random.default_rng(0)
    network = article.network(sizes[1:-1], rng)
    load_weights(network, options.weights)
    data = article.data(options.data, rng)
    images, labels = data.test
    answers = network.predict(images).argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)
    print(f"{data.name}: {len(wrong)} of {len(labels):,} test digits are misread")
    if len(wrong) == 0:
        print("There is no wrong digit to draw.")
        return
    shown = wrong[: options.number]
    titles = [f"t: {labels[i]}  p: {answers[i]}" for i in shown]
    title = f"Misread digits, t: true, p: predicted (test images {shown[0]} to {shown[-1]})"
    write(options.output, to_png(digit_grid(images[shown], titles, title=title, inches=1.05)))
    print(f"{len(shown)} of them are in {options.output}.")


def write(path: Path, content: bytes) -> None:
    """Write a plain file that appears whole or not at all."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".nnlesson-") as folder:
        part = Path(folder) / path.name
        part.write_bytes(content)
        replace(part, path)


def fetch_data(options: argparse.Namespace) -> None:
    """`data`: fetch MNIST unless it is there, and verify it."""
    print(f"MNIST is in {datasets.download_mnist(options.folder)}: four files, verified.")


def write_marks(options: argparse.Namespace) -> None:
    """`marks`: run learners' answers, write a table of the verdicts, print what was common."""
    from nnlesson.course import marks  # here: no other command needs kernels

    if not marks.has_no_network():
        print("This system cannot take the network away from what is run.", file=sys.stderr)
    found = []
    for learner, file in marks.submitted(options.notebooks):
        print(f"{learner}: {file.name}", file=sys.stderr)
        limits = {"seconds": options.seconds, "megabytes": options.megabytes}
        found += marks.mark(learner, file, options.course, **limits)
    write(options.output, marks.as_csv(found))
    print(f"{marks.summary(found)}\nAll {len(found)} marks are in {options.output}.")


def positive(kind: type) -> Any:
    """A reader of numbers above 0, for argparse."""

    def read(text: str) -> Any:
        value = kind(text)
        if not 0 < value < float("inf"):
            raise ValueError
        return value

    read.__name__ = f"number above 0, {kind.__name__}"
    return read


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    top = argparse.ArgumentParser(prog="python -m nnlesson", description=__doc__.splitlines()[0])
    verbs = top.add_subparsers(required=True, metavar="train, gallery, marks or data")
    learn_ = verbs.add_parser("train", help="train the network of an article, and save its weights")
    learn_.set_defaults(run=train_article)
    learn_.add_argument("--epochs", type=positive(int), help="default: set for each article")
    learn_.add_argument("--learning-rate", type=positive(float), help="for the mean over a batch")
    learn_.add_argument("--hidden", type=positive(int), nargs="+", help="neurons per hidden layer")
    learn_.add_argument("--seed", type=int, default=1)
    learn_.add_argument("--save", type=Path, metavar="FILE", help="default: article-N.npz")
    draw = verbs.add_parser("gallery", help="draw the test digits that a saved network misreads")
    draw.set_defaults(run=draw_gallery)
    draw.add_argument("weights", type=Path, help="what train has saved")
    draw.add_argument("--output", type=Path, default=Path("gallery.png"))
    draw.add_argument("--number", type=positive(int), default=25, help="how many, 25 by default")
    learn_.add_argument("--article", type=int, choices=ARTICLES, default=1)
    for verb in (learn_, draw):
        verb.add_argument(
            "--data", choices=["digits", "mnist"], help="default: MNIST if it is there"
        )
    judge = verbs.add_parser("marks", help="run learners' answers, and write down the verdicts")
    judge.set_defaults(run=write_marks)
    judge.add_argument("notebooks", type=Path, nargs="+", help="notebooks, or folders of them")
    judge.add_argument("--output", type=Path, default=Path("marks.csv"))
    judge.add_argument("--course", type=Path, default=Path("notebooks"), help="the lessons' folder")
    judge.add_argument("--seconds", type=positive(int), default=120, help="for one cell")
    judge.add_argument("--megabytes", type=positive(int), default=4000, help="for one kernel")
    get = verbs.add_parser("data", help="fetch MNIST, 11 MB, and verify it")
    get.set_defaults(run=fetch_data)
    get.add_argument("--folder", help="where to put it (default: $NNLESSON_DATA or data/mnist)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. What goes wrong is one sentence."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except (OSError, ValueError, FloatingPointError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0
