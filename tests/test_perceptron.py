"""The network of objects: one neuron by hand, how it starts, its accuracy, what is refused.

That its deltas and its steps are those of the layers stands in test_articles.py.
"""

import math
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from strategies import refusals, rng

from nnlesson.activations import sigmoid
from nnlesson.perceptron import Perceptron, PerceptronLayer, PerceptronNetwork, scalar_sigmoid


def network(*sizes):
    numbers = rng()
    return PerceptronNetwork([PerceptronLayer(d, m, numbers) for d, m in pairwise(sizes)])


@pytest.mark.parametrize("z", [-1e4, -800, -3.7, 0, 1e-310, 2, 800, 1e4])
def test_the_sigmoid_of_one_number_is_that_of_the_arrays(z):
    assert scalar_sigmoid(z) == pytest.approx(float(sigmoid(z)), rel=1e-14, abs=1e-300)


def test_a_neuron_by_hand():
    weights = [0.5, -1.0]
    neuron = Perceptron(weights, 0.25)
    weights[0] = 9.0  # the neuron keeps its own
    y = neuron.forward([2.0, 1.0])
    assert (neuron.weights, neuron.z, neuron.x) == ([0.5, -1.0], 0.25, [2.0, 1.0])
    assert y == neuron.y == 1 / (1 + math.exp(-0.25))
    assert neuron.slope() == pytest.approx(y * (1 - y))


def test_whole_numbers_of_any_type_are_weights():
    neuron = Perceptron(np.array([100, -100], np.int8), np.int8(100))
    neuron.forward(np.array([100, 0], np.int8))
    assert neuron.z == 10_100 and neuron.weights == [100.0, -100.0]


def test_a_layer_starts_small_and_repeats_with_its_generator():
    layer, again = (PerceptronLayer(400, 100, rng()) for _ in "ab")
    weights = [n.weights for n in layer.neurons]
    assert np.shape(weights) == (100, 400) and abs(np.mean(weights)) < 0.001
    assert np.std(weights) == pytest.approx(1 / 20, rel=0.02)
    assert all(n.bias == 0 for n in layer.neurons) and type(weights[0][0]) is float
    assert weights == [n.weights for n in again.neurons]


def test_accuracy_is_the_share_of_largest_outputs_at_the_label():
    net, images = network(3, 4, 2), rng().normal(size=(40, 3)).tolist()
    answers = [int(np.argmax(net.forward(x))) for x in images]
    for right in (40, 10, 0):
        labels = answers[:right] + [1 - a for a in answers[right:]]
        assert net.accuracy(images, labels) == right / 40


def trained(target):
    """Two steps with this target, each for an example of its own."""
    net = network(3, 2)
    for x in ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]):
        net.forward(x)
        net.backward(target)
        net.update(0.1)


LONGER, SHORTER = "argument 2 is longer than", "argument 2 is shorter than"
NAN = r"^the output holds nan at \(0,\)"
test_bad_input_is_refused = refusals(
    (lambda: Perceptron([1.0, 2.0], 0).forward([1.0]), ValueError, SHORTER),
    (lambda: Perceptron(["one"], 0), ValueError, "could not convert string to float: 'one'"),
    (lambda: network(3, 2).forward([1.0] * 4), ValueError, LONGER),
    (lambda: network(3, 2).forward([1.0, math.nan, 0]), ValueError, NAN),
    (lambda: network(3, 2).update(0), ValueError, "learning_rate must be a number above 0"),
    (lambda: network(3, 2).accuracy([[1.0] * 3], [0, 1]), ValueError, LONGER),
    (partial(trained, [1.0]), ValueError, SHORTER),
    (partial(trained, [1.0] * 3), ValueError, LONGER),
    (partial(trained, [math.nan, 0.0]), ValueError, NAN),
)
