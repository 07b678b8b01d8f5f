"""Networks: gradients against measured slopes at several depths, and what is refused."""

from copy import deepcopy
from functools import partial

import numpy as np
import pytest
from strategies import locked, refusals, rng

from nnlesson.activations import identity, sigmoid, softmax
from nnlesson.layers import Affine, LeakyReLU, ReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError
from nnlesson.network import Network, check_gradients, mlp

LOSSES = [SquaredError, CrossEntropy, SoftmaxCrossEntropy]
ACTIVATIONS = [Sigmoid, ReLU, LeakyReLU]


def problem(n, d=5, k=3):
    numbers = rng()
    return numbers.normal(size=(n, d)), numbers.integers(0, k, n)


def network(sizes=(5, 4, 3), activation=Sigmoid, loss=CrossEntropy, l2=0.0, **more):
    net = mlp(list(sizes), activation, loss(), l2, **{"rng": rng(1), "scale": None} | more)
    for i, layer in enumerate(net.affine):  # biases away from 0, so that an error in them shows
        layer.b += rng(i).normal(0, 0.3, layer.b.shape)
    return net


@pytest.mark.parametrize("sizes", [(5, 3), (5, 4, 3), (5, 4, 6, 3), (5, 3, 4, 2, 3)])
@pytest.mark.parametrize("n", [1, 5, 100])
@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_gradient_is_the_measured_slope(sizes, n, l2, activation, loss):
    errors = check_gradients(network(sizes, activation, loss, l2), *problem(n))
    assert list(errors) == [f"{p}{i}" for i in range(1, len(sizes)) for p in "Wb"]
    assert max(errors.values()) < 1e-6, errors


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_the_check_sees_a_wrong_gradient_of_every_parameter(name):
    net, (x, t) = network(), problem(5)
    grads = net.gradients(x, t)
    net.gradients = lambda x, t: grads | {name: 1.001 * grads[name]}
    errors = check_gradients(net, x, t)
    assert [key for key, e in errors.items() if e > 1e-6] == [name]


def test_the_check_measures_with_the_step_it_is_given():
    coarse = check_gradients(network(), *problem(5), h=0.5)
    assert max(coarse.values()) > 1e-4


def test_cost_is_loss_plus_penalty_on_weights_only():
    x, t = problem(7)
    plain, ridge = network(l2=0.0), network(l2=0.8)
    squares = sum(np.sum(layer.W**2) for layer in plain.affine)
    assert plain.cost(x, t) == CrossEntropy().forward(plain.forward(x), t)
    assert ridge.cost(x, t) == pytest.approx(plain.cost(x, t) + 0.4 * squares, rel=1e-12)


def test_gradients_change_no_parameter_and_no_input():
    net, given = network(l2=0.1), locked(*problem(5))
    before, first = deepcopy(net.params), net.gradients(*given)
    np.testing.assert_equal(net.gradients(*given), first)
    np.testing.assert_equal(net.params, before)


def test_the_slope_at_the_inputs_is_not_computed():
    net, returned = network(), []
    backward = net.layers[0].backward
    net.layers[0].backward = lambda *a, **options: returned.append(backward(*a, **options))
    net.gradients(*problem(5))
    assert returned == [None]


def test_mlp_has_an_activation_between_layers_none_at_the_end_and_their_own_arrays_as_params():
    net = network((5, 4, 4, 3), ReLU)
    assert [type(layer) for layer in net.layers] == [Affine, ReLU, Affine, ReLU, Affine]
    assert net.layers[1] is not net.layers[3]
    for i, layer in enumerate(net.affine, start=1):
        assert net.params[f"W{i}"] is layer.W and net.params[f"b{i}"] is layer.b
    assert [p.shape for p in net.params.values()] == [(5, 4), (4,), (4, 4), (4,), (4, 3), (3,)]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_is_kept_and_inputs_up_to_ten_thousand_overflow_nowhere(activation, loss, dtype):
    net, (x, t) = network(activation=activation, loss=loss, l2=0.1, dtype=dtype), problem(4)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        x = (x * 1e4).astype(dtype)
        arrays = [*net.params.values(), *net.gradients(x, t).values(), net.predict(x)]
        assert all(np.isfinite(a).all() and a.dtype == dtype for a in arrays)
        assert np.isfinite(net.cost(x, t))


@pytest.mark.parametrize("loss, answer", [*zip(LOSSES, (identity, sigmoid, softmax), strict=True)])
def test_forward_is_the_formula_and_predict_the_activation_of_the_loss(loss, answer):
    net, (x, _) = network(loss=loss), problem(4)
    W1, b1, W2, b2 = net.params.values()
    z = sigmoid(x @ W1 + b1) @ W2 + b2
    np.testing.assert_allclose(net.forward(x), z, rtol=1e-14)
    np.testing.assert_array_equal(net.predict(x), answer(net.forward(x)))


def test_many_examples_go_through_in_blocks_and_none_is_kept_by_a_view():
    net, (x, t) = network(l2=0.1), problem(1200)
    np.testing.assert_allclose(net.in_blocks(x), net.forward(x), rtol=1e-12)
    cost, accuracy = net.cost(x, t), np.mean(net.predict(x).argmax(axis=1) == t)
    assert net.evaluate(x, t) == (pytest.approx(cost), accuracy) and 0 < accuracy < 1
    remembered = net.affine[0].x
    assert len(remembered) == 200 and not np.shares_memory(remembered, x)
    assert net.predict(x[:0]).shape == (0, 3)


STARTS_AT = [((0.5,), 0.5), ((None,), np.sqrt(2 / 400)), ((), 0.1)]


@pytest.mark.parametrize("scale, deviation", STARTS_AT)
def test_mlp_starts_small_in_float64_without_penalty_and_repeats(scale, deviation):
    net, again = (mlp([400, 300], ReLU, CrossEntropy(), 0, rng(), *scale) for _ in "ab")
    W, b = net.params.values()
    assert np.std(W) == pytest.approx(deviation, rel=0.02) and abs(np.mean(W)) < 0.01
    assert np.all(b == 0) and Network(net.layers, None).l2 == 0 and W.dtype == np.float64
    np.testing.assert_equal(again.params, net.params)


STARTS = "^a network must start with an Affine layer$"
X, T = problem(3)
METHODS = [Network.cost, Network.gradients, Network.evaluate]
test_bad_networks_inputs_and_labels_are_refused = refusals(
    (lambda: Network([], CrossEntropy()), ValueError, STARTS),
    (lambda: Network([Sigmoid()], CrossEntropy()), ValueError, STARTS),
    (lambda: network([5]), ValueError, STARTS),
    (lambda: network(rng=42), TypeError, "rng must be a Generator from np.random.default_rng"),
    (lambda: network(l2=-0.1), ValueError, "l2 must be a number, 0 or above, but it is -0.1"),
    (lambda: network().predict(X * np.nan), ValueError, r"x holds nan at \(0, 0\)"),
    # Real targets have a cost but no accuracy.
    (lambda: network(loss=SquaredError).evaluate(X, X[:, :3]), TypeError, "labels must be a NumPy"),
    *[(partial(f, network(), X, T + 3), ValueError, r"0\.\.2 for 3 outputs") for f in METHODS],
    *[(partial(f, network(), X * np.nan, T), ValueError, "in the inputs") for f in METHODS],
)
