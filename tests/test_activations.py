"""Activations: their properties, their slopes against measured ones, and no overflow."""

import numpy as np
import pytest

from nnlesson import activations
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
from nnlesson.gradient import numerical_gradient, relative_error

Z = np.linspace(-8, 8, 161) + 0.013  # avoids the kink at 0
ELEMENTWISE = [step, identity, sigmoid, relu, leaky_relu, sigmoid_prime, relu_prime]
ELEMENTWISE += [leaky_relu_prime]


@pytest.mark.parametrize("slope, f", [(sigmoid_prime, sigmoid), (relu_prime, relu)])
def test_slope_is_the_measured_slope(slope, f):
    measured = numerical_gradient(lambda z: f(z).sum(), Z.copy())
    assert relative_error(slope(Z), measured) < 1e-8


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.5])
def test_leaky_slope_is_the_measured_slope(alpha):
    measured = numerical_gradient(lambda z: leaky_relu(z, alpha).sum(), Z.copy())
    assert relative_error(leaky_relu_prime(Z, alpha), measured) < 1e-8
    assert relative_error(leaky_relu_prime(Z), leaky_relu_prime(Z, 0.1)) == 0


def test_sigmoid_mirrors_and_rises_from_0_to_1():
    np.testing.assert_allclose(sigmoid(-Z), 1 - sigmoid(Z), atol=1e-15)
    assert sigmoid(0) == 0.5
    assert np.all(np.diff(sigmoid(Z)) > 0)
    np.testing.assert_allclose(sigmoid(Z), 1 / (1 + np.exp(-Z)), rtol=1e-14)


def test_sigmoid_keeps_its_small_values():
    assert sigmoid(-50.0) == pytest.approx(np.exp(-50), rel=1e-12)


def test_sigmoid_slope_is_even_and_largest_in_the_middle():
    np.testing.assert_allclose(sigmoid_prime(-Z), sigmoid_prime(Z), atol=1e-15)
    assert sigmoid_prime(0) == 0.25
    assert sigmoid_prime(Z).max() < 0.25


def test_the_value_at_zero_is_chosen():
    assert step(0.0) == 1 and step(-1e-300) == 0
    assert relu(0.0) == 0 and leaky_relu(0.0) == 0
    assert relu_prime(0.0) == 0 and leaky_relu_prime(0.0, 0.2) == 0.2


def test_relu_and_leaky_relu_keep_the_positive_side():
    np.testing.assert_array_equal(relu([-2.0, 3.0]), [0, 3])
    np.testing.assert_allclose(leaky_relu([-2.0, 3.0]), [-0.2, 3])


def test_softmax_rows_sum_to_1_and_a_shift_changes_nothing():
    z = np.random.default_rng(0).normal(size=(7, 4))
    np.testing.assert_allclose(softmax(z).sum(axis=1), 1)
    np.testing.assert_allclose(softmax(z + 1000), softmax(z))
    np.testing.assert_allclose(softmax(z[0]), softmax(z)[0])
    np.testing.assert_allclose(softmax(z), np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))


def test_softmax_of_two_is_a_sigmoid():
    np.testing.assert_allclose(softmax(np.stack([Z, 0 * Z], axis=1))[:, 0], sigmoid(Z))


@pytest.mark.parametrize("f", [*ELEMENTWISE, softmax])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_no_overflow_and_no_nan_at_large_z(f, dtype):
    z = np.array([-1e4, -800, -1.0, 0, 1, 800, 1e4], dtype=dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = f(z)
    assert np.isfinite(a).all()
    assert a.dtype == dtype


@pytest.mark.parametrize("f", ELEMENTWISE)
def test_arrays_of_any_layout_are_read_not_changed(f):
    z = np.random.default_rng(0).normal(size=(6, 4))[::2, ::-1]
    z.flags.writeable = False
    np.testing.assert_array_equal(f(z), f(np.ascontiguousarray(z)))


@pytest.mark.parametrize("f", [sigmoid, relu, leaky_relu, softmax, sigmoid_prime, relu_prime])
def test_whole_numbers_count_as_floats(f):
    np.testing.assert_array_equal(f(np.array([-1, 0, 2])), f(np.array([-1.0, 0.0, 2.0])))


@pytest.mark.parametrize("f", [*ELEMENTWISE, softmax])
def test_nan_is_refused_and_never_becomes_a_number(f):
    with pytest.raises(ValueError, match="z holds nan: look for nan or huge numbers"):
        f(np.nan)
    with pytest.raises(ValueError, match=r"z holds nan at \(1, 0\): look for"):
        f(np.array([[0.0, 1.0], [np.nan, np.nan]]))


@pytest.mark.parametrize("row", [[0.0, np.inf], [-np.inf, -np.inf]])
def test_softmax_refuses_what_has_no_answer(row):
    with pytest.raises(ValueError, match="^the largest z of each row holds -?inf at"):
        softmax(np.array([row, [0.0, 1.0]]))


def test_softmax_gives_minus_infinity_the_share_0():
    np.testing.assert_array_equal(softmax(np.array([-np.inf, 0.0])), [0, 1])


@pytest.mark.parametrize("f", [*ELEMENTWISE, softmax])
@pytest.mark.parametrize("bad", ["3", 1j, [None, 1]])
def test_what_is_no_number_is_refused(f, bad):
    with pytest.raises(TypeError, match="z must hold real numbers"):
        f(bad)


def test_every_public_function_is_covered_here():
    public = {f.__name__ for f in vars(activations).values() if callable(f)}
    assert public == {f.__name__ for f in [*ELEMENTWISE, softmax]}
