"""The five articles as compositions of the same parts: each builds, takes a step, lowers its cost.

Along the way one gradient is computed in several ways, and the ways must agree to 1e-7.
"""

import numpy as np
import pytest

from nnlesson.activations import sigmoid, sigmoid_prime, softmax
from nnlesson.gradient import numerical_gradient
from nnlesson.layers import LeakyReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError, one_hot
from nnlesson.network import mlp
from nnlesson.optimizers import SGD, Momentum
from nnlesson.perceptron import PerceptronLayer, PerceptronNetwork


class SquaredErrorOfSigmoids(SquaredError):
    """Article 0's loss: ½ Σ (y - t)², y = sigmoid(z)."""

    def forward(self, z, t):
        self.z = z
        return super().forward(sigmoid(z), t)

    def backward(self):
        return super().backward() * sigmoid_prime(self.z)


def images(n, d=784, k=10, seed=0):
    """Inputs like ink in [-1, 1], (n, d), and labels (n,)."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (n, d)), rng.integers(0, k, n)


def agree(a, b):
    assert np.shape(a) == np.shape(b)
    assert np.max(np.abs(np.asarray(a) - np.asarray(b))) < 1e-7


def agrees_with_measured_slopes(network, x, t, grads, entries=12):
    """Compare some entries of every gradient with central differences, whatever the size."""
    rng = np.random.default_rng(0)
    for name, p in network.params.items():
        used = np.flatnonzero(np.abs(grads[name]) > 0)
        for i in rng.choice(used, size=min(entries, len(used)), replace=False):
            part = p.reshape(-1)[i : i + 1]
            agree(
                numerical_gradient(lambda _: network.cost(x, t), part), grads[name].flat[i : i + 1]
            )


def step_lowers_cost(network, optimizer, x, t, steps=1):
    before = network.cost(x, t)
    for _ in range(steps):
        optimizer.update(network.params, network.gradients(x, t))
    assert network.cost(x, t) < before


def objects_and_their_twin():
    """Article 0's network of objects, and layers with the same weights."""
    rng = np.random.default_rng(0)
    sizes = [784, 20, 20, 10]
    objects = PerceptronNetwork(
        [PerceptronLayer(d, m, rng) for d, m in zip(sizes[:-1], sizes[1:], strict=True)]
    )
    twin = mlp(sizes, Sigmoid, SquaredErrorOfSigmoids(), rng=rng)
    for layer, affine in zip(objects.layers, twin.affine, strict=True):
        affine.W[...] = np.transpose([neuron.weights for neuron in layer.neurons])
    return objects, twin


def test_article_0_objects_equal_layers_and_measured_slopes():
    objects, twin = objects_and_their_twin()
    x, t = images(1)
    outputs = objects.forward(x[0].tolist())
    agree(outputs, sigmoid(twin.forward(x))[0])
    objects.backward(one_hot(t, 10)[0].tolist())
    grads = twin.gradients(x, t)
    for i, layer in enumerate(objects.layers, start=1):
        deltas = [neuron.delta for neuron in layer.neurons]
        agree(grads[f"b{i}"], deltas)
        agree(grads[f"W{i}"], np.outer(layer.neurons[0].x, deltas))
    agrees_with_measured_slopes(twin, x, t, grads)


def test_article_0_takes_a_step_and_lowers_its_cost():
    objects, twin = objects_and_their_twin()
    x, t = images(1)
    target = one_hot(t, 10)[0].tolist()
    before = twin.cost(x, t)
    objects.forward(x[0].tolist())
    objects.backward(target)
    objects.update(0.5)
    SGD(0.5).update(twin.params, twin.gradients(x, t))
    after = 0.5 * np.sum((np.array(objects.forward(x[0].tolist())) - target) ** 2)
    assert after < before
    assert after == pytest.approx(twin.cost(x, t), abs=1e-12)


def article_1(batch=100):
    network = mlp([784, 100, 10], Sigmoid, CrossEntropy(), 1e-4, np.random.default_rng(1))
    return (network, *images(batch))


def test_article_1_layers_equal_matrices_and_measured_slopes():
    network, x, t = article_1(5)
    p = network.params
    z = x @ p["W1"] + p["b1"]
    a = sigmoid(z)
    delta_out = (sigmoid(a @ p["W2"] + p["b2"]) - one_hot(t, 10)) / len(x)
    delta_hidden = delta_out @ p["W2"].T * sigmoid_prime(z)
    grads = network.gradients(x, t)
    agree(grads["W1"], x.T @ delta_hidden + 1e-4 * p["W1"])
    agree(grads["b1"], delta_hidden.sum(axis=0))
    agree(grads["W2"], a.T @ delta_out + 1e-4 * p["W2"])
    agree(grads["b2"], delta_out.sum(axis=0))
    agrees_with_measured_slopes(network, x, t, grads)


def test_article_1_step_equals_its_summed_loss_and_small_rate():
    network, x, t = article_1(100)
    start = {name: p.copy() for name, p in network.params.items()}
    grads = network.gradients(x, t)
    SGD(0.05).update(network.params, grads)
    summed = 100 * (grads["W1"] - 1e-4 * start["W1"])  # the article adds up the batch
    agree(network.params["W1"], start["W1"] - 0.0005 * (summed + 0.01 * start["W1"]))
    step_lowers_cost(network, SGD(0.05), x, t)


def test_article_2_by_numerical_gradient():
    rng = np.random.default_rng(42)
    network = mlp([784, 50, 10], Sigmoid, SoftmaxCrossEntropy(), rng=rng, scale=0.01)
    assert 2 * sum(p.size for p in network.params.values()) == 79_520
    x, t = images(4)
    x[:, 5:] = 0  # most pixels of a digit are blank; their weights have no slope at all
    grads = network.gradients(x, t)
    measured = {}
    for name, p in network.params.items():
        part = p[:5] if name == "W1" else p
        measured[name] = numerical_gradient(lambda _: network.cost(x, t), part)
        agree(measured[name], grads[name][: len(part)])
    assert not grads["W1"][5:].any()
    before = network.cost(x, t)
    for name, slopes in measured.items():
        network.params[name][: len(slopes)] -= 0.1 * slopes
    assert network.cost(x, t) < before
    assert before == pytest.approx(np.log(10), rel=0.02)


def test_article_3_with_leaky_relu_squared_error_and_momentum():
    rng = np.random.default_rng(0)
    network = mlp([784, 500, 100, 3], LeakyReLU, SquaredError(), rng=rng, scale=0.01)
    x, t = rng.uniform(0, 1, (1, 784)), np.array([[1.0, 2.0, 3.0]])
    assert network.cost(x, t) == pytest.approx(7, rel=0.01)
    agrees_with_measured_slopes(network, x, t, network.gradients(x, t))
    assert np.linalg.matrix_rank(network.gradients(x, t)["W1"]) == 1
    batch, targets = rng.uniform(0, 1, (5, 784)), rng.normal(size=(5, 3))
    grads = network.gradients(batch, targets)
    assert grads["b1"].shape == (500,)
    agrees_with_measured_slopes(network, batch, targets, grads)
    step_lowers_cost(network, Momentum(0.01, 0.9), x, t, steps=5)


def test_article_4_on_random_data_by_numerical_gradient():
    rng = np.random.default_rng(42)
    network = mlp([100, 10, 10], Sigmoid, SoftmaxCrossEntropy(), rng=rng, scale=0.01)
    assert 2 * sum(p.size for p in network.params.values()) == 2_240
    x, t = rng.normal(size=(10, 100)), rng.integers(0, 10, 10)
    np.testing.assert_allclose(network.predict(x).sum(axis=1), 1)
    agree(network.predict(x), softmax(network.forward(x)))
    before, grads = network.cost(x, t), network.gradients(x, t)
    for name, p in network.params.items():
        measured = numerical_gradient(lambda _: network.cost(x, t), p)
        agree(measured, grads[name])
    SGD(0.1).update(network.params, grads)
    assert network.cost(x, t) < before
