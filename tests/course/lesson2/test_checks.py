"""Lesson 2's solutions are what they say: slopes are measured, sums get their width."""

import numpy as np
import pytest

from nnlesson.course.lesson2 import checks as lesson2
from nnlesson.gradient import numerical_gradient, relative_error


def test_slopes_of_the_output_layer_are_measured():
    rng = np.random.default_rng(3)
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    T = rng.integers(0, 2, (4, 2))
    Z = X @ W + b
    measured = numerical_gradient(lambda Z: (np.logaddexp(0, Z) - T * Z).sum(), Z)
    cost, slopes = lesson2.check_my_output.solution(X, W, b, T)
    assert relative_error(slopes, measured) < 1e-6
    assert cost == pytest.approx((np.logaddexp(0, Z) - T * Z).sum() / 4)


def test_the_right_spread_makes_sums_as_wide_as_one():
    rng = np.random.default_rng(4)
    X = rng.uniform(0, 1, (20, 300)) ** 4  # mostly paper
    s = lesson2.check_my_spread.solution(X)
    assert (X @ rng.normal(0, s, (300, 4000))).std() == pytest.approx(1, rel=0.02)
    assert s > 2 / np.sqrt(300)


def test_the_slope_of_tanh_is_measured():
    z = np.linspace(-3, 3, 13)
    measured = numerical_gradient(lambda z: np.tanh(z).sum(), z)
    assert relative_error(lesson2.check_my_tanh_slope.solution(np.tanh(z)), measured) < 1e-8
