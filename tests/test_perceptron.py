"""The network of objects: one neuron by hand, deltas measured, all deltas before any update."""

import math

import numpy as np
import pytest

from nnlesson.activations import sigmoid
from nnlesson.perceptron import Perceptron, PerceptronLayer, PerceptronNetwork, scalar_sigmoid


def network(*sizes, seed=0):
    rng = np.random.default_rng(seed)
    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    return PerceptronNetwork([PerceptronLayer(d, m, rng) for d, m in pairs])


def error(net, x, target):
    return sum((y - t) ** 2 for y, t in zip(net.forward(x), target, strict=True)) / 2


def neurons(net):
    return [neuron for layer in net.layers for neuron in layer.neurons]


@pytest.mark.parametrize("z", [-1e4, -800, -3.7, 0, 1e-310, 2, 800, 1e4])
def test_the_sigmoid_of_one_number_is_that_of_the_arrays(z):
    assert scalar_sigmoid(z) == pytest.approx(float(sigmoid(z)), rel=1e-14, abs=1e-300)


def test_a_neuron_by_hand():
    neuron = Perceptron([0.5, -1.0], 0.25)
    y = neuron.forward([2.0, 1.0])
    assert neuron.z == 0.25 and neuron.x == [2.0, 1.0]
    assert y == neuron.y == 1 / (1 + math.exp(-0.25))
    assert neuron.slope() == pytest.approx(y * (1 - y))


def test_a_neuron_keeps_its_own_weights():
    weights = [1.0, 2.0]
    neuron = Perceptron(weights, 0.0)
    weights[0] = 9.0
    assert neuron.weights == [1.0, 2.0]


def measured_slope(net, neuron, x, target, h=1e-4):
    """The central difference of the error for the neuron's bias, which adds to its z."""
    bias, errors = neuron.bias, []
    for neuron.bias in (bias + h, bias - h):
        errors.append(error(net, x, target))
    neuron.bias = bias
    return (errors[0] - errors[1]) / (2 * h)


@pytest.mark.parametrize("sizes", [(3, 2), (3, 4, 2), (3, 4, 5, 2), (3, 2, 2, 2, 2)])
def test_every_delta_is_a_measured_slope(sizes):
    net, rng = network(*sizes), np.random.default_rng(1)
    x, target = rng.normal(size=3).tolist(), [1.0, 0.0]
    net.forward(x)
    net.backward(target)
    for neuron in neurons(net):
        assert neuron.delta == pytest.approx(measured_slope(net, neuron, x, target), rel=1e-6)


def test_an_update_goes_against_all_slopes_at_once():
    net, x, target = network(3, 4, 2), [0.5, -1.0, 2.0], [1.0, 0.0]
    net.forward(x)
    net.backward(target)
    expected = [
        ([w - 3.0 * n.delta * v for w, v in zip(n.weights, n.x, strict=True)], n.bias - 3 * n.delta)
        for n in neurons(net)
    ]
    net.update(3.0)
    for neuron, (weights, bias) in zip(neurons(net), expected, strict=True):
        assert neuron.weights == pytest.approx(weights) and neuron.bias == pytest.approx(bias)


def test_a_layer_starts_small_and_repeats_with_its_generator():
    layer = PerceptronLayer(400, 100, np.random.default_rng(0))
    weights = np.array([n.weights for n in layer.neurons])
    assert weights.shape == (100, 400)
    assert np.std(weights) == pytest.approx(1 / 20, rel=0.02)
    assert all(n.bias == 0 for n in layer.neurons)
    again = PerceptronLayer(400, 100, np.random.default_rng(0))
    assert again.neurons[7].weights == layer.neurons[7].weights
    assert type(weights.tolist()[0][0]) is type(layer.neurons[0].weights[0]) is float


def test_accuracy_is_the_share_of_largest_outputs_at_the_label():
    net = network(3, 4, 2)
    images = np.random.default_rng(0).normal(size=(40, 3)).tolist()
    answers = [int(np.argmax(net.forward(x))) for x in images]
    assert net.accuracy(images, answers) == 1
    assert net.accuracy(images, [1 - a for a in answers]) == 0
    assert net.accuracy(images[:4], [answers[0], *[1 - a for a in answers[1:4]]]) == 0.25


def test_a_network_reads_arrays_too():
    net = network(3, 2)
    x = np.array([0.1, 0.2, 0.3])
    assert net.forward(x) == pytest.approx(net.forward(x.tolist()))


def test_whole_numbers_of_any_type_are_weights():
    neuron = Perceptron(np.array([100, -100], np.int8), np.int8(100))
    neuron.forward(np.array([100, 0], np.int8))
    assert neuron.z == 10_100 and neuron.weights == [100.0, -100.0]


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: Perceptron([1.0, 2.0], 0).forward([1.0]), r"argument 2 is shorter than"),
        (lambda: Perceptron(["one"], 0), "could not convert string to float: 'one'"),
        (lambda: network(3, 2).forward([1.0] * 4), "argument 2 is longer than"),
        (lambda: network(3, 2).forward([1.0, math.nan, 0]), r"^the output holds nan at \(0,\)"),
        (lambda: network(3, 2).update(0), "learning_rate must be a number above 0"),
        (lambda: network(3, 2).accuracy([[1.0] * 3], [0, 1]), "argument 2 is longer than"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_target_of_another_length_is_refused():
    net = network(3, 2)
    net.forward([1.0] * 3)
    for target in ([1.0], [1.0] * 3):
        with pytest.raises(ValueError, match="argument 2 is"):
            net.backward(target)


def test_nan_does_not_train_on_unseen():
    net = network(2, 1)
    net.forward([1.0, 2.0])
    net.backward([math.nan])
    net.update(0.1)
    with pytest.raises(ValueError, match="the output holds nan"):
        net.forward([1.0, 2.0])
