"""Measured slopes: right on known functions, safe with what they are given; and the fast ones."""

from copy import deepcopy
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from strategies import arrays, locked, refusals, rng

from nnlesson.activations import leaky_relu, relu, sigmoid
from nnlesson.gradient import fast_numerical_gradient, numerical_gradient, relative_error
from nnlesson.layers import LeakyReLU, ReLU, Sigmoid
from nnlesson.losses import SoftmaxCrossEntropy, softmax_costs
from nnlesson.network import mlp


def test_the_step_is_central_and_of_the_size_given():
    seen = []
    numerical_gradient(lambda x: seen.append(float(x[0])) or 0.0, np.array([1.0]), h=0.25)
    assert seen == [1.25, 0.75]


def test_the_default_step_is_good_to_nine_digits():
    x = np.linspace(-1, 1, 5)
    assert relative_error(numerical_gradient(lambda x: np.exp(x).sum(), x), np.exp(x)) < 1e-9


@pytest.mark.parametrize("calls", range(4))
def test_x_is_put_back_when_f_raises(calls):
    x, f = np.array([0.1, 0.7]), Mock(side_effect=[0.0] * calls + [KeyboardInterrupt])
    with pytest.raises(KeyboardInterrupt):
        numerical_gradient(f, x)
    np.testing.assert_array_equal(x, [0.1, 0.7])


@given(arrays())
def test_slopes_of_a_cubic_at_any_shape_and_in_the_middle_of_another_array(x):
    base = np.stack([x, x], axis=-1)  # of which a view is measured
    measured = numerical_gradient(lambda _: np.sum(base**3), base[..., 0])
    np.testing.assert_allclose(measured, 3 * x**2, atol=1e-7, strict=True)


def test_relative_error_has_no_unit_and_no_order():
    a, b = rng().normal(size=(2, 3, 4))
    expected = np.abs(a - b).max() / (np.abs(a) + np.abs(b)).max()
    for c, d in ((a, b), (b, a), (1e6 * a, 1e6 * b)):
        assert relative_error(c, d) == pytest.approx(expected)
    for other, error in ((a, 0), (0 * a, 1), (-a, 1), (3 * a, 0.5)):
        assert relative_error(a, other) == pytest.approx(error)
    assert relative_error(0 * a, 0 * a) == 0


ONES, NAN = np.ones(2), np.array([np.nan])
test_what_cannot_be_measured_or_compared_is_refused = refusals(
    (lambda: numerical_gradient(np.sum, np.zeros(2, np.float32)),
     TypeError, "^x must be a float64 array.* it is float32"),
    (lambda: numerical_gradient(np.sum, NAN), ValueError, "x holds nan"),
    (lambda: numerical_gradient(np.sum, ONES, np.nan), ValueError, "h must be a number above 0"),
    (lambda: numerical_gradient(np.sum, *locked(np.zeros(2))), ValueError, "read-only"),
    (lambda: relative_error(np.zeros((5, 2)), ONES), ValueError, r"gradient must have shape \(2,"),
    (lambda: relative_error(NAN, np.ones(1)), ValueError, "^a gradient holds nan at"),
    (lambda: relative_error(np.array([3, 4], np.uint8), ONES), TypeError, "it is uint8"),
)  # fmt: skip


# ---- the fast gradient: what the plain loop gives, from far fewer calculations ----


def two_layers(d=6, m=5, k=4, n=7, layer=Sigmoid):
    """A network with biases that are not 0, and a batch (x, t)."""
    numbers = rng()
    net = mlp([d, m, k], layer, SoftmaxCrossEntropy(), rng=numbers)
    for p in net.params.values():
        p += numbers.normal(0, 0.5, p.shape)
    return net, numbers.normal(size=(n, d)), numbers.integers(0, k, n)


@pytest.mark.parametrize("f, layer", [(sigmoid, Sigmoid), (leaky_relu, LeakyReLU), (relu, ReLU)])
@pytest.mark.parametrize("sizes", [(6, 5, 4, 7), (1, 1, 2, 1), (3, 8, 2, 100)])
@pytest.mark.parametrize("step", [{}, {"h": 0.5}])
def test_the_fast_gradient_is_the_plain_one(f, layer, sizes, step):
    net, x, t = two_layers(*sizes, layer)
    kept = deepcopy(net.params)
    fast = fast_numerical_gradient(net.params, *locked(x, t), f, softmax_costs, **step)
    np.testing.assert_equal(net.params, kept)
    assert list(fast) == list(kept)
    for name, array in net.params.items():
        plain = numerical_gradient(lambda _: net.cost(x, t), array, **step)
        np.testing.assert_allclose(fast[name], plain, atol=1e-8, rtol=0, strict=True)


NET, X, T = two_layers()


def fast(x=X, t=T, h=1e-5, **change):
    return lambda: fast_numerical_gradient(NET.params | change, x, t, sigmoid, softmax_costs, h)


test_what_does_not_fit_is_refused = refusals(
    (fast(W1=np.zeros((6, 5), np.float32)), TypeError, "W1 must be a float64 array"),
    (fast(b1=np.zeros(1)), ValueError, r"b must have shape \(5,\)"),
    (fast(b2=np.zeros((1, 4))), ValueError, r"b must have shape \(4,\)"),
    (fast(x=X[:, :5]), ValueError, "size 6 is different from 5"),
    (fast(x=X * np.nan), ValueError, "z holds nan"),
    (fast(t=T[:3]), ValueError, "labels must have shape"),
    (fast(h=0), ValueError, "h must be a number above 0"),
)
