"""The fast measured gradient: what the plain loop gives, from far fewer calculations."""

import numpy as np
import pytest

from nnlesson.activations import identity, leaky_relu, relu, sigmoid
from nnlesson.gradient import (
    fast_numerical_gradient,
    numerical_gradient,
    relative_error,
    unit_slopes,
)
from nnlesson.layers import Affine, Sigmoid
from nnlesson.losses import SoftmaxCrossEntropy, softmax_costs
from nnlesson.network import Network


def network(sizes=(6, 5, 4), n=7, seed=0):
    d, m, k = sizes
    rng = np.random.default_rng(seed)
    params = {
        "W1": rng.normal(0, 0.5, (d, m)),
        "b1": rng.normal(0, 0.5, m),
        "W2": rng.normal(0, 0.5, (m, k)),
        "b2": rng.normal(0, 0.5, k),
    }
    return params, rng.normal(size=(n, d)), rng.integers(0, k, n)


def plain_gradient(params, x, t, activation, h=1e-5):
    W1, b1, W2, b2 = params.values()

    def cost(_):
        z2 = activation(x @ W1 + b1) @ W2 + b2
        return SoftmaxCrossEntropy().forward(z2, t)

    return {name: numerical_gradient(cost, array, h) for name, array in params.items()}


@pytest.mark.parametrize("activation", [sigmoid, leaky_relu, relu, np.tanh])
@pytest.mark.parametrize("sizes, n", [((6, 5, 4), 7), ((1, 1, 2), 1), ((3, 8, 2), 100)])
def test_the_fast_gradient_is_the_plain_one(activation, sizes, n):
    params, x, t = network(sizes, n)
    fast = fast_numerical_gradient(params, x, t, activation, softmax_costs)
    plain = plain_gradient(params, x, t, activation)
    assert list(fast) == list(params)
    for name, array in params.items():
        assert fast[name].shape == array.shape
        assert np.max(np.abs(fast[name] - plain[name])) < 1e-8


def test_it_agrees_on_article_2s_network_with_weights_from_every_part():
    params, x, t = network((784, 50, 10), 100)
    fast = fast_numerical_gradient(params, x, t, sigmoid, softmax_costs)
    W1, b1, W2, b2 = params.values()
    layers = [Affine(W1, b1), Sigmoid(), Affine(W2, b2)]
    net = Network(layers, SoftmaxCrossEntropy())
    exact = net.gradients(x, t)
    for name in params:
        assert relative_error(fast[name], exact[name]) < 1e-6
    rows = slice(300, 303)
    plain = numerical_gradient(lambda _: net.cost(x, t), W1[rows])
    assert np.max(np.abs(fast["W1"][rows] - plain)) < 1e-8


def test_nothing_that_is_given_is_changed():
    params, x, t = network()
    kept = [array.copy() for array in (*params.values(), x, t)]
    x.flags.writeable = t.flags.writeable = False
    fast_numerical_gradient(params, x, t, sigmoid, softmax_costs)
    for now, before in zip((*params.values(), x, t), kept, strict=True):
        np.testing.assert_array_equal(now, before)


def test_the_step_h_is_used():
    params, x, t = network()
    fine = fast_numerical_gradient(params, x, t, sigmoid, softmax_costs)
    coarse = fast_numerical_gradient(params, x, t, sigmoid, softmax_costs, h=0.5)
    plain = plain_gradient(params, x, t, sigmoid, h=0.5)
    assert relative_error(coarse["W1"], plain["W1"]) < 1e-12
    assert relative_error(coarse["W1"], fine["W1"]) > 1e-4


def test_slopes_of_one_unit_of_a_sum_of_squares():
    x = np.random.default_rng(0).normal(size=(5, 3))
    z = x @ np.array([1.0, 2.0, 3.0]) + 4
    outputs = z[:, np.newaxis]

    def costs(versions, t):
        return 0.5 * np.sum(versions**2, axis=(1, 2))

    slopes = unit_slopes(x, z, identity, np.ones(1), outputs, None, costs, 1e-5)
    np.testing.assert_allclose(slopes, np.append(x.T @ z, z.sum()), rtol=1e-8)


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"W1": np.zeros((6, 5), np.float32)}, TypeError, "W1 must be a float64 array"),
        ({"b2": np.full(4, np.nan)}, ValueError, "b2 holds nan"),
        ({"b1": np.zeros(1)}, ValueError, r"b must have shape \(5,\)"),
        ({"b2": np.zeros((1, 4))}, ValueError, r"b must have shape \(4,\)"),
        ({"W2": np.zeros((3, 4))}, ValueError, "size 3 is different from 5"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(change, error, words):
    params, x, t = network()
    with pytest.raises(error, match=words):
        fast_numerical_gradient(params | change, x, t, sigmoid, softmax_costs)


def test_inputs_labels_and_steps_that_do_not_fit_are_refused():
    params, x, t = network()
    for args, words in (
        ((x[:, :5], t), "size 6 is different from 5"),
        ((x * np.nan, t), "z holds nan"),
        ((x, t[:3]), "labels must have shape"),
        ((x, t + 9), "labels must lie in"),
    ):
        with pytest.raises(ValueError, match=words):
            fast_numerical_gradient(params, *args, sigmoid, softmax_costs)
    with pytest.raises(ValueError, match="h must be a number above 0"):
        fast_numerical_gradient(params, x, t, sigmoid, softmax_costs, h=0)
