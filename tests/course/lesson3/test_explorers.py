"""The widgets of lesson 3 draw at every setting."""

import numpy as np
import pytest

from nnlesson.activations import sigmoid, sigmoid_prime
from nnlesson.course.controls import sweep
from nnlesson.course.lesson3.explorers import rate_explorer, step_explorer
from nnlesson.gradient import numerical_gradient

STEPS = 10.0 ** np.arange(-15, 0.01, 0.5)
NAMES = [f"{way}, {number}" for number in ("float64", "float32") for way in ("forward", "central")]
SURFACES = {
    "bowl": lambda x: x[0] ** 2 + x[1] ** 2,
    "valley": lambda x: x[0] ** 2 + 20 * x[1] ** 2,
}


def descend(f, start, rate, steps):
    path = [start]
    while len(path) <= steps and np.abs(path[-1]).max() < 1e6:
        path.append(path[-1] - rate * numerical_gradient(f, path[-1]))
    return np.array(path)


def steps_shown():
    errors = dict.fromkeys(NAMES, 1e-16 / STEPS + STEPS)
    return step_explorer(sigmoid, 1.0, float(sigmoid_prime(1.0)), STEPS, errors)


def test_step_explorer_draws_everywhere():
    assert sweep(steps_shown()) >= 10


def test_step_explorer_begins_at_the_step_of_the_package():
    shown = steps_shown()
    assert shown.values == {"h": pytest.approx(1e-5), "method": "central, float64"}


@pytest.mark.slow
def test_rate_explorer_draws_everywhere():
    assert sweep(rate_explorer(SURFACES, descend)) >= 10


@pytest.mark.parametrize(
    "surface, rate, word",
    [
        ("bowl", 0.5, "arrives"),
        ("bowl", 0.001, "crawls"),
        ("bowl", 0.5012, "η = 0.5 arrives: under a millionth of the height is left after 1 step"),
        ("bowl", 1.0, "η = 1 jumps from side to side"),
        ("bowl", 1.2, "diverges"),
        ("valley", 0.045, "on its way"),
        ("valley", 0.01, "crawls"),
        ("valley", 0.0501, "η = 0.05 jumps from side to side"),
        ("valley", 0.06, "diverges"),
    ],
)
def test_the_three_behaviours_can_be_reached(surface, rate, word):
    shown = rate_explorer(SURFACES, descend)
    low, high = shown.controls["rate"].min, shown.controls["rate"].max
    assert 10**low <= rate <= 10**high
    figure = shown.draw(surface, rate, 20)
    assert word in figure.get_suptitle()
