"""Layers: backward is the measured slope of forward, for inputs, weights and biases."""

import numpy as np
import pytest

from nnlesson.gradient import numerical_gradient, relative_error
from nnlesson.layers import Affine, LeakyReLU, ReLU, Sigmoid

ACTIVATIONS = [Sigmoid, ReLU, LeakyReLU, lambda: LeakyReLU(0.4)]


def affine(d=3, m=2, seed=0):
    rng = np.random.default_rng(seed)
    return Affine(rng.normal(size=(d, m)), rng.normal(size=m))


@pytest.mark.parametrize("make", ACTIVATIONS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (5, 3), (100, 10)])
def test_activation_slopes_are_measured(make, shape):
    rng = np.random.default_rng(1)
    z, dout = rng.normal(size=(2, *shape))
    layer = make()
    layer.forward(z)
    measured = numerical_gradient(lambda z: np.sum(make().forward(z) * dout), z)
    assert relative_error(layer.backward(dout), measured) < 1e-7


@pytest.mark.parametrize("n, d, m", [(1, 1, 1), (1, 3, 2), (5, 3, 2), (100, 4, 5)])
def test_affine_slopes_are_measured(n, d, m):
    rng = np.random.default_rng(2)
    x, dout, layer = rng.normal(size=(n, d)), rng.normal(size=(n, m)), affine(d, m)
    layer.forward(x)
    dx = layer.backward(dout)
    for got, array in ((dx, x), (layer.dW, layer.W), (layer.db, layer.b)):
        measured = numerical_gradient(lambda _: np.sum((x @ layer.W + layer.b) * dout), array)
        assert relative_error(got, measured) < 1e-7


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


@pytest.mark.parametrize("make", [*ACTIVATIONS, affine])
def test_nothing_that_is_given_is_changed(make):
    layer, x = make(), np.random.default_rng(0).normal(size=(4, 3))
    x.flags.writeable = False
    dout = np.ones_like(layer.forward(x))
    dout.flags.writeable = False
    first = layer.backward(dout)
    np.testing.assert_array_equal(first, layer.backward(dout))


@pytest.mark.parametrize("make", [Sigmoid, ReLU, LeakyReLU])
def test_float32_stays_float32(make):
    layer = make()
    assert layer.forward(np.ones((2, 2), np.float32)).dtype == np.float32
    assert layer.backward(np.ones((2, 2), np.float32)).dtype == np.float32


def test_the_relu_slope_is_0_where_z_is_not_above_0():
    layer = ReLU()
    layer.forward(np.array([[-1.0, 0.0, 2.0]]))
    np.testing.assert_array_equal(layer.backward(np.full((1, 3), 5.0)), [[0, 0, 5]])


def test_the_default_leak_is_a_tenth():
    np.testing.assert_allclose(LeakyReLU().forward(np.array([-1.0])), [-0.1])


@pytest.mark.parametrize(
    "W, b, error, words",
    [
        (np.zeros(3), np.zeros(3), ValueError, r"W must have shape \(any, any\)"),
        (np.zeros((3, 2)), np.zeros(3), ValueError, r"b must have shape \(2,\).*has shape \(3,\)"),
        (np.zeros((3, 2)), np.zeros((1, 2)), ValueError, r"has shape \(1, 2\)"),
        (np.zeros((3, 2), int), np.zeros(2), TypeError, "W must be a NumPy array of floats"),
        ([[1.0]], np.zeros(1), TypeError, "W must be"),
        (np.zeros((3, 2)), np.zeros(2, int), TypeError, "b must be"),
    ],
)
def test_bad_parameters_are_refused(W, b, error, words):
    with pytest.raises(error, match=words):
        Affine(W, b)


@pytest.mark.parametrize("make", [*ACTIVATIONS, affine])
@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 1), (4, 3), (3, 3, 1)])
def test_a_slope_of_another_shape_is_refused(make, shape):
    layer = make() if make is not affine else affine(3, 3)
    layer.forward(np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"^dout must have shape \(3, 3\), but it has shape"):
        layer.backward(np.ones(shape))


@pytest.mark.parametrize(
    "x, error, words",
    [
        (np.zeros(3), ValueError, r"x must have shape \(any, 3\), but it has shape \(3,\)"),
        (np.zeros((2, 4)), ValueError, r"\(2, 4\)"),
        (np.zeros((0, 3)), ValueError, r"\(0, 3\)"),
        (np.zeros((2, 3), np.uint8), TypeError, "uint8 array; np.asarray"),
        ([[0.0] * 3], TypeError, "x must be a NumPy array"),
    ],
)
def test_bad_inputs_are_refused(x, error, words):
    with pytest.raises(error, match=words):
        affine().forward(x)
