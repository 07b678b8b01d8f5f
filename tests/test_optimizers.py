"""Optimizers: steps by the formula, in place, and nothing that does not fit."""

from functools import partial

import numpy as np
import pytest
from strategies import FLOATS, locked, refusals

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


P, RATES = {"p": np.ones((5, 3))}, "learning_rate must be a number above 0"
test_bad_rates_and_gradients_that_do_not_fit_are_refused = refusals(
    (partial(Momentum, 0.1, 1), ValueError, "momentum must be a number from 0 up to 1"),
    *[(partial(make, 0), ValueError, RATES) for make in (SGD, Momentum)],
    *[
        (partial(make(0.1).update, P, grads), ValueError, words)
        for make in (SGD, Momentum)
        for grads, words in [
            ({"p": np.ones(3)}, r"the gradient of p must have shape \(5, 3\), but has \(3,\)"),
            ({"p": np.ones((1, 3))}, r"must have shape \(5, 3\), but has \(1, 3\)"),
            ({}, r"there are gradients for \[\], but parameters \['p'\]"),
            (P | {"q": np.ones(1)}, r"there are gradients for \['p', 'q'\], but"),
        ]
    ],
)


@pytest.mark.parametrize("shape, other", [((3,), (5, 3)), ((5, 3), (3,)), ((3,), (1, 3))])
def test_momentum_remembers_one_network(shape, other):
    optimizer = Momentum(0.1)
    optimizer.update({"p": np.zeros(shape)}, {"p": np.ones(shape)})
    with pytest.raises(ValueError, match="broadcast"):
        optimizer.update({"p": np.zeros(other)}, {"p": np.ones(other)})
