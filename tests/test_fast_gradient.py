"""The fast measured gradient: what the plain loop gives, from far fewer calculations."""

import numpy as np
import pytest
from strategies import locked, refusals, rng

from nnlesson.activations import leaky_relu, relu, sigmoid
from nnlesson.gradient import fast_numerical_gradient, numerical_gradient
from nnlesson.losses import SoftmaxCrossEntropy, softmax_costs

NAMES = ["W1", "b1", "W2", "b2"]


def network(d=6, m=5, k=4, n=7):
    """(params, x, t) of a two-layer network and a batch."""
    numbers = rng()
    shapes = zip(NAMES, ((d, m), m, (m, k), k), strict=True)
    params = {name: numbers.normal(0, 0.5, shape) for name, shape in shapes}
    return params, numbers.normal(size=(n, d)), numbers.integers(0, k, n)


def cost(params, x, t, activation):
    W1, b1, W2, b2 = params.values()
    return SoftmaxCrossEntropy().forward(activation(x @ W1 + b1) @ W2 + b2, t)


@pytest.mark.parametrize("activation", [sigmoid, leaky_relu, relu, np.tanh])
@pytest.mark.parametrize("sizes", [(6, 5, 4, 7), (1, 1, 2, 1), (3, 8, 2, 100)])
@pytest.mark.parametrize("step", [{}, {"h": 0.5}])
def test_the_fast_gradient_is_the_plain_one(activation, sizes, step):
    params, x, t = network(*sizes)
    kept = {name: array.copy() for name, array in params.items()}
    fast = fast_numerical_gradient(params, *locked(x, t), activation, softmax_costs, **step)
    np.testing.assert_equal(params, kept)
    assert list(fast) == NAMES
    for name, array in params.items():
        plain = numerical_gradient(lambda _: cost(params, x, t, activation), array, **step)
        np.testing.assert_allclose(fast[name], plain, atol=1e-8, rtol=0, strict=True)


def fast(x=lambda x: x, t=lambda t: t, h=1e-5, **change):
    params, x0, t0 = network()
    return lambda: fast_numerical_gradient(params | change, x(x0), t(t0), sigmoid, softmax_costs, h)


test_what_does_not_fit_is_refused = refusals(
    (fast(W1=np.zeros((6, 5), np.float32)), TypeError, "W1 must be a float64 array"),
    (fast(b1=np.zeros(1)), ValueError, r"b must have shape \(5,\)"),
    (fast(b2=np.zeros((1, 4))), ValueError, r"b must have shape \(4,\)"),
    (fast(x=lambda x: x[:, :5]), ValueError, "size 6 is different from 5"),
    (fast(x=lambda x: x * np.nan), ValueError, "z holds nan"),
    (fast(t=lambda t: t[:3]), ValueError, "labels must have shape"),
    (fast(h=0), ValueError, "h must be a number above 0"),
)
