"""Optimizers: steps by the formula, in place, and nothing that does not fit."""

import numpy as np
import pytest
from strategies import FLOATS, locked

from nnlesson.optimizers import SGD, Momentum

MAKERS = [(SGD, 0), (Momentum, 0.9), (lambda rate: Momentum(rate, 0.8), 0.8)]


@pytest.mark.parametrize("make, momentum", MAKERS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_steps_follow_the_formula_in_place(make, momentum, dtype):
    for _ in range(2):  # the second optimizer has a memory of its own
        optimizer, p, v, expected = make(0.1), np.array([1, 2], dtype), 0.0, np.array([1.0, 2.0])
        for g in locked(*np.array([[1, 10], [-2, 0], [0.5, -3]], dtype)):
            optimizer.update({"p": p}, {"p": g})
            v = momentum * v - 0.1 * g.astype(float)
            expected += v
            np.testing.assert_allclose(p, expected, rtol=10 * np.finfo(dtype).eps)
            assert p.dtype == dtype


SHAPES = [((3,), (5, 3)), ((5, 3), (3,)), ((3,), (1, 3))]


@pytest.mark.parametrize("make", [SGD, Momentum])
def test_bad_rates_and_gradients_that_do_not_fit_are_refused(make):
    for rate in (0, np.nan, np.inf, "0.1", True):
        with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
            make(rate)
    for shape, other in SHAPES:
        with pytest.raises(ValueError, match=r"the gradient of b must have shape \(\d.*, but has"):
            make(0.1).update({"b": np.zeros(shape)}, {"b": np.zeros(other)})
    for grads in ({}, {"W": np.ones(1), "c": np.ones(1)}):
        with pytest.raises(ValueError, match=r"gradients for \[.*\], but parameters \['W'\]"):
            make(0.1).update({"W": np.zeros(1)}, grads)


def test_bad_momentum_and_another_network_are_refused():
    for momentum in (-0.1, 1, 1.5, np.nan, "0.9"):
        with pytest.raises(ValueError, match="momentum must be a number from 0 up to 1"):
            Momentum(0.1, momentum)
    for shape, other in SHAPES:
        optimizer = Momentum(0.1)
        optimizer.update({"p": np.zeros(shape)}, {"p": np.ones(shape)})
        with pytest.raises(ValueError, match="broadcast"):
            optimizer.update({"p": np.zeros(other)}, {"p": np.ones(other)})
