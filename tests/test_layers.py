"""Layers: backward is the measured slope of forward, for inputs, weights and biases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import FLOATS, batches, locked

from nnlesson.gradient import numerical_gradient
from nnlesson.layers import Affine, LeakyReLU, ReLU, Sigmoid

ACTIVATIONS = [Sigmoid, ReLU, LeakyReLU, lambda: LeakyReLU(0.4)]


def affine(d=3, m=2, seed=0):
    rng = np.random.default_rng(seed)
    return Affine(rng.normal(size=(d, m)), rng.normal(size=m))


def test_affine_is_linear_in_its_input():
    layer, (x, y) = affine(), np.random.default_rng(0).normal(size=(2, 4, 3))
    np.testing.assert_allclose(
        layer.forward(x + y), layer.forward(x) + layer.forward(y) - layer.b, atol=1e-12
    )
    np.testing.assert_array_equal(layer.forward(np.zeros((2, 3))), [layer.b, layer.b])


def test_a_layer_that_needs_no_dx_returns_none_but_sets_its_slopes():
    layer = affine()
    layer.forward(np.ones((4, 3)))
    assert layer.backward(np.ones((4, 2)), need_dx=False) is None
    np.testing.assert_array_equal(layer.dW, np.full((3, 2), 4.0))
    np.testing.assert_array_equal(layer.db, [4, 4])


def test_affine_keeps_the_arrays_it_is_given():
    W, b = np.zeros((2, 1)), np.zeros(1)
    layer = Affine(W, b)
    W += 1
    assert layer.forward(np.ones((1, 2))) == 2
    assert layer.W is W and layer.b is b


def test_the_default_leak_is_a_tenth():
    np.testing.assert_allclose(LeakyReLU().forward(np.array([-1.0])), [-0.1])


@pytest.mark.parametrize("make", ACTIVATIONS)
@given(batches())
def test_activation_slopes_are_measured(make, batch):
    z = np.where(np.abs(batch[0]) < 1e-3, 1.0, batch[0])  # away from the kink
    dout = np.random.default_rng(1).normal(size=z.shape)
    layer = make()
    layer.forward(z)
    measured = numerical_gradient(lambda z: np.sum(make().forward(z) * dout), z)
    np.testing.assert_allclose(layer.backward(dout), measured, atol=1e-8)


@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 5))
def test_affine_slopes_are_measured(n, d, m):
    rng = np.random.default_rng(2)
    x, dout, layer = rng.normal(size=(n, d)), rng.normal(size=(n, m)), affine(d, m)
    layer.forward(x)
    dx = layer.backward(dout)
    for got, array in ((dx, x), (layer.dW, layer.W), (layer.db, layer.b)):
        measured = numerical_gradient(lambda _: np.sum((x @ layer.W + layer.b) * dout), array)
        np.testing.assert_allclose(got, measured, atol=1e-8)


@pytest.mark.parametrize("make", [*ACTIVATIONS, affine])
def test_what_is_given_is_not_changed_and_backward_can_be_repeated(make):
    layer, (x,) = make(), locked(np.random.default_rng(0).normal(size=(4, 3)))
    (dout,) = locked(np.ones_like(layer.forward(x)))
    np.testing.assert_array_equal(layer.backward(dout), layer.backward(dout))


@pytest.mark.parametrize("make", ACTIVATIONS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_activations_keep_the_type(make, dtype):
    layer, ones = make(), np.ones((2, 2), dtype)
    assert layer.forward(ones).dtype == layer.backward(ones).dtype == dtype


def test_the_relu_slope_is_0_where_z_is_not_above_0():
    layer = ReLU()
    layer.forward(np.array([[-1.0, 0.0, 2.0]]))
    np.testing.assert_array_equal(layer.backward(np.full((1, 3), 5.0)), [[0, 0, 5]])


def test_pixels_of_whole_numbers_count_as_floats():
    layer, x = affine(), np.array([[255, 0, 128]], np.uint8)
    np.testing.assert_array_equal(layer.forward(x), layer.forward(x.astype(float)))
    layer.forward(x)
    layer.backward(np.full((1, 2), -2.0))
    np.testing.assert_array_equal(layer.dW, [[-510] * 2, [0] * 2, [-256] * 2])


@pytest.mark.parametrize(
    "W, b, error, words",
    [
        (np.zeros((3, 0)), np.zeros(0), ValueError, r"W must .* has shape \(3, 0\)"),
        (np.zeros((3, 2)), np.zeros(3), ValueError, r"b must have shape \(2,\).*has shape \(3,\)"),
        (np.zeros((3, 2), int), np.zeros(2), TypeError, "W must be an array of float32"),
        (np.zeros((3, 2)), np.zeros(2, np.float16), TypeError, "b must be"),
        (np.full((3, 2), np.nan), np.zeros(2), ValueError, "W holds nan"),
    ],
)
def test_bad_parameters_are_refused(W, b, error, words):
    with pytest.raises(error, match=words):
        Affine(W, b)


def test_inputs_of_another_length_are_refused():
    with pytest.raises(ValueError, match="size 3 is different from 4"):
        affine().forward(np.zeros((2, 4)))
