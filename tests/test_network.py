"""Networks: gradients against measured slopes at several depths, and what is refused."""

import numpy as np
import pytest
from strategies import params_of

from nnlesson.activations import sigmoid
from nnlesson.layers import Affine, LeakyReLU, ReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError
from nnlesson.network import Network, check_gradients, mlp

LOSSES = [SquaredError, CrossEntropy, SoftmaxCrossEntropy]
ACTIVATIONS = [Sigmoid, ReLU, LeakyReLU]


def problem(n, d=5, k=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.integers(0, k, n)


def network(sizes=(5, 4, 3), activation=Sigmoid, loss=CrossEntropy, l2=0.0, scale=None):
    net = mlp(list(sizes), activation, loss(), l2, np.random.default_rng(1), scale)
    for i, layer in enumerate(net.affine):  # biases away from 0, so that an error in them shows
        layer.b += np.random.default_rng(i).normal(0, 0.3, layer.b.shape)
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


def test_the_check_sees_a_wrong_gradient_of_every_parameter():
    x, t = problem(5)
    for name in ("W1", "b1", "W2", "b2"):
        net = network()
        right = net.gradients
        net.gradients = lambda x, t, name=name, right=right: {
            key: g * (1.001 if key == name else 1) for key, g in right(x, t).items()
        }
        errors = check_gradients(net, x, t)
        assert [key for key, e in errors.items() if e > 1e-6] == [name]


def test_the_check_measures_with_the_step_it_is_given():
    coarse = check_gradients(network(), *problem(5), h=0.5)
    assert max(coarse.values()) > 1e-4


def test_cost_is_loss_plus_penalty_on_weights_only():
    x, t = problem(7)
    plain, ridge = network(l2=0.0), network(l2=0.8)
    squares = sum(np.sum(layer.W**2) for layer in plain.affine)
    assert plain.penalty() == 0
    assert ridge.cost(x, t) - plain.cost(x, t) == pytest.approx(0.4 * squares, rel=1e-12)
    assert plain.cost(x, t) == CrossEntropy().forward(plain.forward(x), t)
    ridge.affine[0].b += 100
    assert ridge.penalty() == pytest.approx(0.4 * squares, rel=1e-12)


def test_evaluate_agrees_with_cost_and_predict():
    net, (x, t) = network(l2=0.1), problem(50)
    cost, accuracy = net.evaluate(x, t)
    assert cost == net.cost(x, t)
    assert accuracy == np.mean(net.predict(x).argmax(axis=1) == t)
    assert 0 < accuracy < 1


def test_params_are_the_layers_own_arrays():
    net = network()
    for i, layer in enumerate(net.affine, start=1):
        assert net.params[f"W{i}"] is layer.W and net.params[f"b{i}"] is layer.b
    assert list(net.params) == ["W1", "b1", "W2", "b2"]


def test_gradients_change_no_parameter_and_no_input():
    net, (x, t) = network(l2=0.1), problem(5)
    before = params_of(net)
    x.flags.writeable = t.flags.writeable = False
    first = net.gradients(x, t)
    second = net.gradients(x, t)
    for name, p in net.params.items():
        np.testing.assert_array_equal(p, before[name])
        np.testing.assert_array_equal(first[name], second[name])
        assert first[name].shape == p.shape


def test_the_slope_at_the_inputs_is_not_computed():
    net, (x, t) = network(), problem(5)
    first, returned = net.layers[0], []
    backward = first.backward
    first.backward = lambda *a, **options: returned.append(backward(*a, **options))
    net.gradients(x, t)
    assert returned == [None]


def test_mlp_has_an_activation_between_layers_and_none_at_the_end():
    net = network((5, 4, 4, 3), ReLU)
    kinds = [type(layer) for layer in net.layers]
    assert kinds == [Affine, ReLU, Affine, ReLU, Affine]
    assert net.layers[1] is not net.layers[3]
    assert [layer.W.shape for layer in net.affine] == [(5, 4), (4, 4), (4, 3)]


def test_mlp_repeats_with_its_generator_and_takes_a_dtype():
    a, b = (mlp([4, 3], ReLU, CrossEntropy(), rng=np.random.default_rng(5)) for _ in "ab")
    np.testing.assert_array_equal(a.params["W1"], b.params["W1"])
    net = mlp([4, 3, 2], ReLU, CrossEntropy(), 0.1, np.random.default_rng(0), dtype=np.float32)
    x, t = np.ones((2, 4), np.float32), np.array([0, 1])
    assert {p.dtype for p in net.params.values()} == {np.dtype(np.float32)}
    assert {g.dtype for g in net.gradients(x, t).values()} == {np.dtype(np.float32)}
    assert net.predict(x).dtype == np.float32


@pytest.mark.parametrize("layers", [[], [Sigmoid()]])
def test_a_network_starts_with_an_affine_layer(layers):
    with pytest.raises(ValueError, match="^a network must start with an Affine layer$"):
        Network(layers, CrossEntropy())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_inputs_that_are_not_finite_are_refused(bad):
    x, t = problem(3)
    x[1, 2] = bad
    with pytest.raises(ValueError, match=r"x holds -?(nan|inf) at \(1, 2\)"):
        network().predict(x)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", [CrossEntropy, SoftmaxCrossEntropy])
def test_inputs_up_to_ten_thousand_overflow_nowhere(activation, loss):
    x, t = problem(4)
    net = network(activation=activation, loss=loss)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(net.cost(x * 1e4, t))
        assert all(np.isfinite(g).all() for g in net.gradients(x * 1e4, t).values())
        assert np.isfinite(net.predict(x * 1e4)).all()


@pytest.mark.parametrize(
    "settings, error, words",
    [
        ({"sizes": [5]}, ValueError, "must start with an Affine layer"),
        ({"sizes": [5, 0]}, ValueError, r"W must have shape .* has shape \(5, 0\)"),
        ({"sizes": [5, 2.5]}, TypeError, "cannot be interpreted as an integer"),
        ({"rng": 42}, TypeError, "rng must be a Generator from np.random.default_rng"),
        ({"scale": np.nan}, ValueError, "W holds nan"),
        ({"l2": -0.1}, ValueError, "l2 must be a number, 0 or above, but it is -0.1"),
    ],
)
def test_bad_networks_are_refused(settings, error, words):
    good = {"sizes": [5, 3], "activation": Sigmoid, "loss": CrossEntropy()}
    with pytest.raises(error, match=words):
        mlp(**good | {"rng": np.random.default_rng(0)} | settings)


@pytest.mark.parametrize("method", ["cost", "gradients", "evaluate"])
def test_nan_and_bad_labels_are_named_by_every_method(method):
    x, t = problem(3)
    with pytest.raises(ValueError, match=r"0\.\.2 for 3 outputs"):
        getattr(network(), method)(x, t + 3)
    x[1, 2] = np.nan
    with pytest.raises(ValueError, match="look for nan or huge numbers in the inputs"):
        getattr(network(), method)(x, t)


def test_real_targets_have_a_cost_but_no_accuracy():
    net, (x, _) = network(loss=SquaredError), problem(3)
    assert net.cost(x, np.zeros((3, 3))) > 0
    with pytest.raises(TypeError, match="labels must be a NumPy array of integers"):
        net.evaluate(x, np.zeros((3, 3)))


@pytest.mark.parametrize("loss", LOSSES)
def test_forward_is_the_formula_and_predict_the_activation_of_the_loss(loss):
    net, (x, _) = network(loss=loss), problem(4)
    p = net.params
    z = sigmoid(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    np.testing.assert_allclose(net.forward(x), z, rtol=1e-14)
    np.testing.assert_array_equal(net.predict(x), loss.activate(net.forward(x)))


@pytest.mark.parametrize(
    "settings, deviation", [({"scale": 0.5}, 0.5), ({"scale": None}, np.sqrt(2 / 400)), ({}, 0.1)]
)
def test_mlp_starts_small_in_float64_without_penalty(settings, deviation):
    net = mlp([400, 300], ReLU, CrossEntropy(), rng=np.random.default_rng(0), **settings)
    W, b = net.params.values()
    assert np.std(W) == pytest.approx(deviation, rel=0.02) and abs(np.mean(W)) < 0.01
    assert np.all(b == 0) and net.l2 == 0 and W.dtype == np.float64


def test_evaluate_leaves_nothing_that_keeps_its_examples_in_memory():
    net, (x, t) = network(), problem(5)
    net.evaluate(x, t)
    assert not np.shares_memory(net.layers[0].x, x)
