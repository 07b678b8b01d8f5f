"""The widgets of lesson 2 draw at every place of their controls."""

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
    softmax,
    step,
)
from nnlesson.course.controls import sweep
from nnlesson.course.lesson2.explorers import QUESTIONS, question_about, tangent_explorer

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


@pytest.mark.parametrize("topic", QUESTIONS)
def test_each_choice_has_an_explanation_of_its_own(topic):
    asked = question_about(topic)
    assert len(set(asked.explanations)) == len(asked.choices) >= 3


def test_the_answers_are_what_the_lesson_computes():
    """The right choices, and numbers in explanations, against the functions themselves."""
    right = {topic: choices[answer] for topic, (_, choices, answer, _) in QUESTIONS.items()}
    assert right["step"] == "by nothing at all" and step(0.52) == step(0.5)
    assert right["lost minus"] == "no, nowhere"
    assert sigmoid_prime(-1.3) == pytest.approx(sigmoid_prime(1.3))
    assert "37" in right["full"] and 1 - sigmoid(37.0) == 0 < 1 - sigmoid(36.0)
    assert right["chain"] == "about 1/1,000,000" and 4**10 == 1_048_576
    assert right["starting sum"] == "about 3" and 0.1 * 784**0.5 == pytest.approx(2.8)
    before, after = softmax(np.array([1.0, 2.0, 0.5])), softmax(np.array([1.1, 2.0, 0.5]))
    assert right["softmax"] == "both fall" and (after[1:] < before[1:]).all()
    trap = sigmoid_prime(np.linspace(0, 1, 11))
    assert right["traps"] == "$z(1 - z)$" and 0.196 < trap.min() < trap.max() <= 0.25
