"""The fast measured gradient: what the plain loop gives, from far fewer calculations."""

import numpy as np
import pytest

from nnlesson.activations import leaky_relu, relu, sigmoid
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

    def costs(versions):
        return 0.5 * np.sum(versions**2, axis=(1, 2))

    slopes = unit_slopes(x, z, np.positive, np.ones(1), outputs, costs, 1e-5)
    np.testing.assert_allclose(slopes, np.append(x.T @ z, z.sum()), rtol=1e-8)


def test_one_version_costs_what_the_loss_says():
    rng = np.random.default_rng(0)
    z, t = rng.normal(0, 3, (6, 5, 4)), rng.integers(0, 4, 5)
    one_by_one = [SoftmaxCrossEntropy().forward(version, t) for version in z]
    np.testing.assert_allclose(softmax_costs(z, t), one_by_one, rtol=1e-14)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert softmax_costs(np.array([[[1e4, -1e4]]]), np.array([1])) == pytest.approx([2e4])


@pytest.mark.parametrize("bad", [np.nan, 1000.0])
def test_versions_that_cannot_be_compared_are_refused(bad):
    z = np.zeros((2, 3, 4))
    z[1, 2, 3] = bad  # the second version: hundreds away from the first, or nan
    words = r"^the cost holds (nan|inf) at \(1, 2\); only finite numbers work: "
    words += r"is there nan in z, or are versions hundreds apart\?$"
    with np.errstate(over="ignore"), pytest.raises(ValueError, match=words):
        softmax_costs(z, np.zeros(3, int))


@pytest.mark.parametrize(
    "z, t, error, words",
    [
        (np.zeros((5, 4)), np.zeros(5, int), ValueError, "z must have shape"),
        (np.zeros((2, 5, 4)), np.zeros(3, int), ValueError, "z must have shape"),
        (np.zeros((2, 3, 4)), np.full(3, 4), ValueError, r"0\.\.3 for 4 outputs"),
        (np.zeros((2, 3, 4), int), np.zeros(3, int), TypeError, "array of floats"),
    ],
)
def test_costs_of_what_does_not_fit_are_refused(z, t, error, words):
    with pytest.raises(error, match=words):
        softmax_costs(z, t)


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"W1": np.zeros((6, 5), np.float32)}, TypeError, "W1 must be a float64 array"),
        ({"b1": np.zeros(5, int)}, TypeError, "b1 must be a float64 array"),
        ({"b2": np.full(4, np.nan)}, ValueError, "b2 holds nan"),
        ({"b1": np.zeros(4)}, ValueError, r"b1 must have shape \(5,\)"),
        ({"W2": np.zeros((3, 4))}, ValueError, r"W2 must have shape \(5, any\)"),
        ({"W3": np.zeros((3, 4))}, ValueError, "params must hold W1, b1, W2, b2, but they hold"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(change, error, words):
    params, x, t = network()
    with pytest.raises(error, match=words):
        fast_numerical_gradient(params | change, x, t, sigmoid, softmax_costs)


def test_inputs_and_steps_that_do_not_fit_are_refused():
    params, x, t = network()
    with pytest.raises(ValueError, match=r"x must have shape \(any, 6\)"):
        fast_numerical_gradient(params, x[:, :5], t, sigmoid, softmax_costs)
    with pytest.raises(ValueError, match="x holds nan"):
        fast_numerical_gradient(params, x * np.nan, t, sigmoid, softmax_costs)
    with pytest.raises(ValueError, match="h must be a number above 0"):
        fast_numerical_gradient(params, x, t, sigmoid, softmax_costs, h=0)
    with pytest.raises(ValueError, match="z must have shape"):
        fast_numerical_gradient(params, x, t[:3], sigmoid, softmax_costs)
