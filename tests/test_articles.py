"""The five articles as compositions of the same parts: each builds, takes a step, lowers its cost.

That the gradients are measured slopes stands in test_network.py; here the neurons of article 0
agree with the layers to 1e-7. Article 1's matrices do so in benchmarks/test_benchmarks.py.
"""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from strategies import rng

from nnlesson.layers import LeakyReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError, one_hot
from nnlesson.network import Network, mlp
from nnlesson.optimizers import SGD, Momentum
from nnlesson.perceptron import PerceptronLayer, PerceptronNetwork


def article_0(numbers):
    """Its loss, ½ Σ (sigmoid(z) - t)², is the squared error of one more layer of sigmoids."""
    made = mlp([784, 20, 20, 10], Sigmoid, SquaredError(), rng=numbers, scale=0.01)
    return Network([*made.layers, Sigmoid()], made.loss)


def images(n, d=784, k=10):
    """Inputs like ink in [-1, 1], (n, d), and labels (n,)."""
    numbers = rng()
    return numbers.uniform(-1, 1, (n, d)), numbers.integers(0, k, n)


agree = partial(np.testing.assert_allclose, rtol=0, atol=1e-7)


net = partial(mlp, rng=rng(42), scale=0.01)
# Each article's network, its optimizer, and how many parameters that makes.
ARTICLES = [
    (article_0(rng(42)), SGD(0.5), 16_330),
    (net([784, 100, 10], Sigmoid, CrossEntropy(), 1e-4), SGD(0.05), 79_510),
    (net([784, 50, 10], Sigmoid, SoftmaxCrossEntropy()), SGD(0.1), 39_760),
    (net([784, 500, 100, 3], LeakyReLU, SquaredError()), Momentum(0.01, 0.9), 442_903),
    (net([100, 10, 10], Sigmoid, SoftmaxCrossEntropy()), SGD(0.1), 1_120),
]


@pytest.mark.parametrize("network, optimizer, n_parameters", ARTICLES, ids=map(str, range(5)))
def test_an_article_takes_a_step_and_lowers_its_cost(network, optimizer, n_parameters):
    assert sum(p.size for p in network.params.values()) == n_parameters
    x, t = images(20, len(network.affine[0].W), len(network.affine[-1].b))
    before = network.cost(x, t)
    optimizer.update(network.params, network.gradients(x, t))
    assert network.cost(x, t) < before


def test_the_objects_of_article_0_do_what_layers_do():
    sizes = [784, 20, 20, 10]
    objects = PerceptronNetwork([PerceptronLayer(d, m, rng()) for d, m in pairwise(sizes)])
    twin = article_0(rng())
    for layer, affine in zip(objects.layers, twin.affine, strict=True):
        affine.W[...] = np.transpose([neuron.weights for neuron in layer.neurons])
    x, t = images(1)
    agree(objects.forward(x[0].tolist()), twin.forward(x)[0])
    objects.backward(one_hot(t, 10)[0].tolist())
    grads = twin.gradients(x, t)
    for i, layer in enumerate(objects.layers, start=1):
        deltas = [neuron.delta for neuron in layer.neurons]
        agree(grads[f"b{i}"], deltas)
        agree(grads[f"W{i}"], np.outer(layer.neurons[0].x, deltas))
    objects.update(0.5)
    SGD(0.5).update(twin.params, grads)
    agree(objects.forward(x[0].tolist()), twin.forward(x)[0])


def test_article_3_learns_real_targets_from_one_example():
    network = mlp([784, 500, 100, 3], LeakyReLU, SquaredError(), rng=rng(), scale=0.01)
    x, t = rng().uniform(0, 1, (1, 784)), np.array([[1.0, 2.0, 3.0]])
    assert network.cost(x, t) == pytest.approx(7, rel=0.01)
    assert np.linalg.matrix_rank(network.gradients(x, t)["W1"]) == 1
