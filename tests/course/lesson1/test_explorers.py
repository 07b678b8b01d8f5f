"""Lesson 1's widgets draw over the whole range of their controls and follow them."""

import numpy as np
import pytest

from nnlesson.course.controls import sweep
from nnlesson.course.lesson1 import explorers as lesson1
from nnlesson.course.lesson1.explorers import correction_stepper, decision_explorer, neuron_browser
from nnlesson.perceptron import PerceptronLayer, PerceptronNetwork

FUNCTIONS = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0]}


def small_network(*sizes, seed=0):
    rng = np.random.default_rng(seed)
    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    return PerceptronNetwork([PerceptronLayer(d, m, rng) for d, m in pairs])


def looks():
    zero, one = np.zeros(2), np.array([1.0, 0.0])
    move = {"w": zero, "b": 0, "x": one, "t": 0, "y": 1, "new_w": -one, "new_b": -1}
    stay = {"w": -one, "b": -1, "x": one, "t": 0, "y": 0, "new_w": -one, "new_b": -1}
    return [move, stay]


@pytest.mark.slow
def test_decision_explorer_draws_everywhere():
    assert sweep(decision_explorer(FUNCTIONS)) >= 30


def test_decision_explorer_starts_with_its_function_and_follows():
    made = decision_explorer(FUNCTIONS, "XOR")
    assert made.values["function"] == "XOR"
    before = made.image.value
    made.controls["b"].value = -1.5
    assert made.image.value != before and made.error is None


def test_correction_stepper_draws_every_look():
    assert sweep(correction_stepper(looks(), FUNCTIONS["AND"])) >= 2


@pytest.mark.slow
def test_neuron_browser_draws_every_layer():
    images = np.random.default_rng(0).uniform(size=(3, 784))
    assert sweep(neuron_browser(small_network(784, 5, 4, 3), images)) >= 15


def test_neuron_slider_is_as_long_as_the_layer():
    images = np.random.default_rng(0).uniform(size=(2, 9))
    made = neuron_browser(small_network(9, 6, 3), images)
    made.controls["neuron"].value = 5
    made.controls["layer"].value = 1
    assert made.controls["neuron"].max == 2 and made.controls["neuron"].value == 2
    assert made.error is None
    made.controls["layer"].value = 0
    assert made.controls["neuron"].max == 5


@pytest.mark.parametrize("layer", [0, 1])
def test_neuron_browser_shows_what_the_neuron_holds_and_leaves_it_alone(monkeypatch, layer):
    shown, original = [], lesson1.neuron_card
    monkeypatch.setattr(lesson1, "neuron_card", lambda *c: (shown.append(c), original(*c))[1])
    images = np.random.default_rng(0).uniform(size=(2, 9))
    network = small_network(9, 6, 3)
    network.forward(images[0].tolist())
    before = [vars(one).copy() for part in network.layers for one in part.neurons]
    made = neuron_browser(network, images)
    made.controls["layer"].value = layer
    made.controls["image"].value = 1
    made.controls["neuron"].value = 2
    assert [vars(one) for part in network.layers for one in part.neurons] == before
    network.forward(images[1].tolist())
    neuron = network.layers[layer].neurons[2]
    inputs, weights, bias, z, y, title = shown[-1]
    assert (list(inputs), list(weights), bias) == (neuron.x, neuron.weights, neuron.bias)
    assert (z, y) == (neuron.z, neuron.y)
    assert f"Layer {layer + 1}, neuron 2" in title
