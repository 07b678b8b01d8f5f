"""Measured slopes: right on known functions, safe with what they are given."""

import numpy as np
import pytest
from hypothesis import given
from strategies import arrays, locked

from nnlesson.gradient import numerical_gradient, relative_error


def test_the_step_is_central_and_of_the_size_given():
    seen = []
    x = np.array([1.0])
    numerical_gradient(lambda x: seen.append(float(x[0])) or 0.0, x, h=0.25)
    assert seen == [1.25, 0.75]


def test_the_default_step_is_good_to_nine_digits():
    x = np.linspace(-1, 1, 5)
    assert relative_error(numerical_gradient(lambda x: np.exp(x).sum(), x), np.exp(x)) < 1e-9


@pytest.mark.parametrize("fail_at", [1, 2, 3, 4])
def test_x_is_put_back_when_f_raises(fail_at):
    x, calls = np.array([0.1, 0.7]), []

    def f(x):
        calls.append(1)
        if len(calls) == fail_at:
            raise KeyboardInterrupt
        return x.sum()

    with pytest.raises(KeyboardInterrupt):
        numerical_gradient(f, x)
    np.testing.assert_array_equal(x, [0.1, 0.7])


def test_views_are_measured_in_place():
    base = np.arange(12.0).reshape(3, 4)
    measured = numerical_gradient(lambda v: (base**2).sum(), base[:, ::2])
    np.testing.assert_allclose(measured, 2 * base[:, ::2], atol=1e-8)


def test_relative_error_is_0_for_equal_and_1_for_unrelated():
    a = np.array([1.0, -2.0])
    assert relative_error(a, a.copy()) == 0
    assert relative_error(a, 0 * a) == 1
    assert relative_error(a, -a) == 1
    assert relative_error(0 * a, 0 * a) == 0


def test_relative_error_has_no_unit_and_no_order():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 3, 4))
    assert relative_error(a, b) == relative_error(b, a)
    assert relative_error(1e6 * a, 1e6 * b) == pytest.approx(relative_error(a, b))
    assert relative_error(np.array([3.0]), np.array([1.0])) == 0.5
    assert relative_error(np.array([3.0, 100.0]), np.array([1.0, 100.0])) == 0.01


@given(arrays())
def test_slope_of_a_cubic_at_any_shape(x):
    measured = numerical_gradient(lambda x: np.sum(x**3), x)
    assert measured.shape == x.shape
    np.testing.assert_allclose(measured, 3 * x**2, atol=1e-7)


@pytest.mark.parametrize(
    "x, h, error, words",
    [
        (np.zeros(2, np.float32), 1e-5, TypeError, "^x must be a float64 array.* it is float32"),
        ([1.0], 1e-5, TypeError, "it is list"),
        (np.array([np.nan]), 1e-5, ValueError, "x holds nan"),
        (np.zeros(2), np.nan, ValueError, "h must be a number above 0"),
        (*locked(np.zeros(2)), 1e-5, ValueError, "read-only"),
    ],
)
def test_what_cannot_be_measured_is_refused(x, h, error, words):
    with pytest.raises(error, match=words):
        numerical_gradient(np.sum, x, h)


@pytest.mark.parametrize(
    "a, b, error, words",
    [
        (np.zeros((5, 3)), np.zeros(3), ValueError, r"a gradient must have shape \(3,\)"),
        (np.array([np.nan]), np.array([1.0]), ValueError, "^a gradient holds nan at"),
        (np.array([1.0]), np.array([np.inf]), ValueError, "inf"),
        (np.array([3], np.uint8), np.array([5.0]), TypeError, "it is uint8"),
    ],
)
def test_gradients_that_cannot_be_compared_are_refused(a, b, error, words):
    with pytest.raises(error, match=words):
        relative_error(a, b)
