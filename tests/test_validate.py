"""The sentences of the refusals, and the edges of what passes.

That each door is closed stands in the tests of the modules that have one.
"""

import tracemalloc
from re import escape
from types import SimpleNamespace

import numpy as np
import pytest
from strategies import refusals, rng

from nnlesson import validate as v

X, T = np.zeros((4, 2)), np.array([0, 1, 2, 0])
BROKEN = np.array([[0.0, 1.0], [-np.inf, np.nan]])
NONE, NO_MOMENTUM = (0, -1, np.nan, np.inf, "0.1", True), (-0.1, 1, 1.5, np.nan, "0.9")


def data(x=X, t=T, x2=X, t2=T):
    return SimpleNamespace(train=(x, t), validation=(x2, t2))


def refused(said, check, *given):
    return lambda: check(*given), (ValueError, TypeError), f"^{escape(said)}"


test_a_refusal_says_what_came_and_what_is_needed = refusals(
    refused("x holds -inf at (1, 0); only finite numbers work: look", v.finite, "x", BROKEN),
    refused("x holds nan; only finite numbers work (here)", v.finite, "x", np.nan, " (here)"),
    refused("z must be an array of float32 or float64, but it is list", v.floats, "z", [1.0], (1,)),
    refused("z must be an array of float32", v.floats, "z", X.astype(np.float16), (4, 2)),
    refused("z must have shape (1 or more, 3), but it has", v.floats, "z", X, (None, 3)),
    refused("z must have shape (4,), but it has shape (4, 2)", v.floats, "z", X, (4,)),
    refused("labels must have shape (3,), one per example, not (4,)", v.labels, T, 3, 3),
    refused("labels must have shape (any,), one per example, not", v.labels, T[:0], 0, 3),
    refused("labels must lie in 0..2 for 3 outputs, but one is -1", v.labels, T - 1, 4, 3),
    refused("images must hold 0 (paper) to 1 (ink)", v.images, X - 1, 4, 2),
    refused("batch_size must be a whole number, 1 or", v.training, data(), 1, 2.0, rng()),
    refused("4 validation examples came with 2", v.training, data(t2=T[:2]), 1, 2, rng()),
    refused("rng must be a Generator from np.random.default_rng(seed), not 3", v.generator, 3),
    *[refused("learning_rate must be a number above 0, but", v.rates, n) for n in NONE],
    *[refused("momentum must be a number from 0 up to 1", v.rates, 1, n) for n in NO_MOMENTUM],
)


def test_what_is_just_good_passes():
    v.floats("z", X.astype(np.float32), (None, 2))
    v.labels(T.astype(np.uint8), 4, 3)
    v.images(X + 1 + 1e-7, 4, 2)
    v.drawing(X + 1)
    v.training(data(), np.int64(1), 100, rng())
    v.rates(np.float32(1e-5), 0)
    v.rates(1, 0.999)
    v.network([X], np.ndarray, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_large_array_is_refused_like_a_small_one_and_takes_no_memory(bad):
    large = np.zeros((1001, 1000), np.float32)
    tracemalloc.start()
    v.finite("x", large)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken < large.size / 10  # bytes; a truth value takes one
    large[7, 3] = bad
    with pytest.raises(v.NotFinite, match=rf"x holds {bad} at \(7, 3\)"):
        v.finite("x", large)
