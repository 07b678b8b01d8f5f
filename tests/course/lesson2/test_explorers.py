"""The widget of lesson 2 draws at every place of its controls."""

import numpy as np
import pytest

from nnlesson.activations import (
    identity,
    leaky_relu,
    leaky_relu_prime,
    relu,
    relu_prime,
    sigmoid,
    sigmoid_prime,
    step,
)
from nnlesson.course.controls import sweep
from nnlesson.course.lesson2.explorers import tangent_explorer

FUNCTIONS = {
    "sigmoid": (sigmoid, sigmoid_prime),
    "ReLU": (relu, relu_prime),
    "leaky ReLU": (leaky_relu, leaky_relu_prime),
    "identity": (identity, np.ones_like),
    "step": (step, np.zeros_like),
}


def test_tangent_explorer_draws_everywhere():
    shown = tangent_explorer({"sigmoid": FUNCTIONS["sigmoid"]})
    assert set(shown.controls) == {"z", "h"}
    assert sweep(shown) >= 10


@pytest.mark.slow
def test_tangent_explorer_draws_every_function_everywhere():
    assert sweep(tangent_explorer(FUNCTIONS)) >= 15


def test_tangent_explorer_offers_a_choice_of_several_functions():
    shown = tangent_explorer(FUNCTIONS)
    shown.controls["name"].value = "ReLU"
    shown.controls["z"].value = 2.0
    figure = shown.draw(**shown.values)
    assert figure.axes[0].get_title(loc="left").startswith("z = 2.0: slope 1.000")


def test_points_stay_inside_the_picture():
    shown = tangent_explorer(FUNCTIONS)
    z, h = shown.controls["z"], shown.controls["h"]
    low, high = shown.draw(**shown.values).axes[0].get_xlim()
    assert low < z.min and z.max + h.max <= high


def test_tangent_explorer_starts_where_it_is_told():
    assert tangent_explorer(FUNCTIONS, z=-1.0).values == {"name": "sigmoid", "z": -1.0, "h": 2.0}
