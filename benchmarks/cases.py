"""The benchmark's cases: for each a dict of peers, one function without arguments a peer.

A case is a function (threads) -> {peer: work}. "nnlesson" is what the others are compared with.
"""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import peers
from article import ArticleNetwork

from nnlesson import datasets
from nnlesson.activations import sigmoid
from nnlesson.gradient import fast_numerical_gradient, numerical_gradient
from nnlesson.layers import ReLU, Sigmoid
from nnlesson.losses import SoftmaxCrossEntropy, SquaredError, softmax_costs
from nnlesson.network import mlp
from nnlesson.optimizers import SGD, Momentum
from nnlesson.perceptron import PerceptronLayer, PerceptronNetwork
from nnlesson.training import train, train_epoch

ROOT = Path(__file__).parents[1]


def mnist():
    """MNIST, or random images of its size: speed does not depend on what they show."""
    try:
        return datasets.load_mnist()
    except FileNotFoundError:
        rng = np.random.default_rng(0)
        splits = [
            datasets.Split(rng.uniform(-1, 1, (n, 784)).astype(np.float32), rng.integers(0, 10, n))
            for n in (55_000, 5_000, 10_000)
        ]
        return datasets.Dataset("random images", *splits)


def build(makers, problem):
    """{peer: work} of those that are installed; the others are named."""
    works = {}
    for name, make in makers.items():
        try:
            works[name] = make(problem)
        except ImportError as error:
            print(f"left out: {name} ({error})", file=sys.stderr)
    return works


def a1_epoch(threads):
    """[A1] 784-100-10, batch 100: one training epoch, 550 steps."""
    x, t = mnist().train
    makers = peers.EPOCH | {"article, float64": peers.article_epoch}
    return build(makers, peers.Problem(x, t, (784, 100, 10), True, threads))


def a1_evaluated_epoch(threads):
    """[A1]: a hundredth of the 100-epoch job: one epoch with its evaluation."""
    data = mnist()
    network = peers.our_network(peers.Problem(*data.train, (784, 100, 10), True))
    optimizer, rng = SGD(peers.RATE), np.random.default_rng(1)
    ours = train(network, data, optimizer, epochs=10**6, batch_size=100, rng=rng)
    next(ours)  # looks through the data once
    (x, t), (xv, tv) = data.train, data.validation
    article, x, y = ArticleNetwork(784, rng), x.astype(np.float64), np.eye(10)[t]
    xv = xv.astype(np.float64)

    def by_the_article():
        article.train_epoch(x, y, rng)
        article.evaluate(x, y, xv, tv)

    return {"nnlesson": lambda: next(ours), "article, float64": by_the_article}


def time_to_the_articles_accuracy(threads):
    """Until 97.16% of MNIST's test images are right: lesson 5's recipe, and 100 article epochs."""
    try:
        data = datasets.load_mnist(low=0.0)
    except FileNotFoundError:
        print("left out: time to 97.16% (no MNIST files here)", file=sys.stderr)
        return {}

    def recipe():
        rng, optimizer = np.random.default_rng(0), Momentum(0.1)
        network = mlp([784, 256, 10], ReLU, SoftmaxCrossEntropy(), 0.0, rng, None, np.float32)
        for optimizer.learning_rate in (0.1, 0.1, 0.1, 0.02, 0.004):
            train_epoch(network, *data.train, optimizer, 50, rng)
            if network.evaluate(*data.test)[1] >= 0.9716:
                return
        raise RuntimeError("the recipe did not reach 97.16% in five epochs")

    article = a1_evaluated_epoch(threads)["article, float64"]
    return {"nnlesson": recipe, "article, 100 epochs (extrapolated)": article}


def deep_epoch(threads):
    """784-512-256-10, ReLU and softmax, batch 100: 100 steps."""
    x, t = mnist().train
    problem = peers.Problem(x[:10_000], t[:10_000], (784, 512, 256, 10), False, threads)
    return build(peers.EPOCH, problem)


def prediction(threads):
    """[A1]: answers for 10,000 images."""
    x, t = mnist().test
    problem = peers.Problem(x, t, (784, 100, 10), True, threads)
    return build(peers.PREDICTION, problem)


def gradients_of_a2(threads):
    """[A2] 784-50-10, batch 100, float64: one gradient; the plain loop on 50 of 39,760 entries."""
    rng = np.random.default_rng(0)
    network = mlp([784, 50, 10], Sigmoid, SoftmaxCrossEntropy(), rng=rng, scale=0.01)
    x, t = mnist().train
    x, t = x[:100].astype(np.float64), t[:100]
    part = network.params["W1"][300:301, :]  # one row of 50
    return {
        "nnlesson": lambda: fast_numerical_gradient(network.params, x, t, sigmoid, softmax_costs),
        "plain loop (extrapolated)": lambda: numerical_gradient(lambda _: network.cost(x, t), part),
        "backpropagation": lambda: network.gradients(x, t),
    }


def loading(threads):
    """MNIST from .gz, verified and scaled, against decompression alone."""
    folder = Path(os.environ.get("NNLESSON_DATA", ROOT / "data" / "mnist"))
    files = sorted(folder.glob("*-ubyte.gz"))
    if len(files) != 4:
        print("left out: loading (no MNIST files here)", file=sys.stderr)
        return {}

    def decompress():
        for file in files:
            with gzip.open(file) as stream:
                stream.read()

    return {"nnlesson": lambda: datasets.load_mnist(folder), "gzip alone": decompress}


def importing(threads):
    """A fresh Python that imports the package, against one that imports NumPy."""

    def python(code):
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    return {"nnlesson": python("import nnlesson"), "import numpy": python("import numpy")}


def objects(threads):
    """[A0] 784-20-20-10, one example: forward, backward, update."""
    rng = np.random.default_rng(0)
    sizes = [784, 20, 20, 10]
    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    network = PerceptronNetwork([PerceptronLayer(d, m, rng) for d, m in pairs])
    matrices = mlp(sizes, Sigmoid, SquaredError(), rng=rng)
    optimizer = SGD(0.1)
    x = rng.uniform(-1, 1, (1, 784))
    image, target = x[0].tolist(), np.eye(10)[3].tolist()

    def by_objects():
        network.forward(image)
        network.backward(target)
        network.update(0.1)

    def by_matrices():
        optimizer.update(matrices.params, matrices.gradients(x, np.array([3])))

    return {"nnlesson": by_matrices, "objects in plain Python": by_objects}


CASES = {
    "a1_epoch": a1_epoch,
    "a1_evaluated_epoch": a1_evaluated_epoch,
    "time_to_the_articles_accuracy": time_to_the_articles_accuracy,
    "deep_epoch": deep_epoch,
    "prediction": prediction,
    "gradients_of_a2": gradients_of_a2,
    "loading": loading,
    "importing": importing,
    "objects": objects,
}
# One call does this share of the work: the runner divides.
SHARE = {
    ("gradients_of_a2", "plain loop (extrapolated)"): 50 / 39_760,
    ("time_to_the_articles_accuracy", "article, 100 epochs (extrapolated)"): 1 / 100,
}
