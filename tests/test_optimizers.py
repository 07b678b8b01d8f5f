"""Optimizers: one step by the formula, in place, and faster descent with momentum."""

import numpy as np
import pytest

from nnlesson.optimizers import SGD, Momentum


def test_sgd_steps_against_the_gradient():
    params = {"W": np.array([1.0, 2.0]), "b": np.array([0.5])}
    SGD(0.1).update(params, {"W": np.array([10.0, -10.0]), "b": np.array([0.0])})
    np.testing.assert_allclose(params["W"], [0, 3])
    np.testing.assert_allclose(params["b"], [0.5])


def test_momentum_follows_its_recursion():
    p, v, optimizer = np.array([1.0]), 0.0, Momentum(0.1, 0.8)
    expected = 1.0
    for g in (1.0, -2.0, 0.5):
        optimizer.update({"p": p}, {"p": np.array([g])})
        v = 0.8 * v - 0.1 * g
        expected += v
        assert p[0] == pytest.approx(expected, rel=1e-14)


def test_the_momentum_is_09_unless_another_is_given():
    assert Momentum(0.1).momentum == 0.9


@pytest.mark.parametrize("make", [SGD, Momentum])
def test_arrays_change_in_place_and_gradients_do_not(make):
    p, g = np.ones((2, 2), np.float32), np.ones((2, 2), np.float32)
    optimizer = make(0.5)
    optimizer.update({"p": p}, {"p": g})
    optimizer.update({"p": p}, {"p": g})
    assert p.dtype == np.float32 and np.all(p < 0.5)
    assert np.all(g == 1)


def test_each_momentum_keeps_its_own_memory():
    first, second = Momentum(0.1), Momentum(0.1)
    first.update({"p": np.zeros(1)}, {"p": np.ones(1)})
    assert second.v == {}


@pytest.mark.parametrize("make", [SGD, Momentum])
@pytest.mark.parametrize("rate", [0, np.nan, np.inf, "0.1", True])
def test_a_learning_rate_must_be_above_0(make, rate):
    with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
        make(rate)


@pytest.mark.parametrize("momentum", [-0.1, 1, 1.5, np.nan, "0.9"])
def test_momentum_must_stay_below_1(momentum):
    with pytest.raises(ValueError, match="momentum must be a number from 0 up to 1"):
        Momentum(0.1, momentum)


@pytest.mark.parametrize("make", [SGD, Momentum])
@pytest.mark.parametrize("shape, other", [((3,), (5, 3)), ((5, 3), (3,)), ((3,), (1, 3))])
def test_no_gradient_is_broadcast(make, shape, other):
    with pytest.raises(ValueError, match=r"the gradient of b must have shape \(\d.*, but has \("):
        make(0.1).update({"b": np.zeros(shape)}, {"b": np.zeros(other)})


@pytest.mark.parametrize("make", [SGD, Momentum])
def test_every_parameter_needs_its_gradient(make):
    for grads in ({}, {"W": np.ones(1), "c": np.ones(1)}):
        with pytest.raises(ValueError, match=r"gradients for \[.*\], but parameters \['W'\]"):
            make(0.1).update({"W": np.zeros(1)}, grads)


@pytest.mark.parametrize("shape, other", [((3,), (5, 3)), ((5, 3), (3,)), ((1, 3), (5, 3))])
def test_a_momentum_refuses_another_network(shape, other):
    optimizer = Momentum(0.1)
    optimizer.update({"p": np.zeros(shape)}, {"p": np.ones(shape)})
    with pytest.raises(ValueError, match="broadcast"):
        optimizer.update({"p": np.zeros(other)}, {"p": np.ones(other)})
