"""The sentences of the refusals, word for word, and the edges of what passes.

That each door is closed stands in the tests of the modules that have one.
"""

import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest
from strategies import rng

from nnlesson import validate as v

X, T = np.zeros((4, 2)), np.array([0, 1, 2, 0])
BROKEN = np.array([[0.0, 1.0], [-np.inf, np.nan]])


def data(x=X, t=T, x2=X, t2=T):
    return SimpleNamespace(train=(x, t), validation=(x2, t2))


SENTENCES = [
    (lambda: v.finite("x", BROKEN), "x holds -inf at (1, 0); only finite numbers work: "
     "look for nan or huge numbers in the inputs and in the weights"),
    (lambda: v.finite("x", np.nan, " (here)"), "x holds nan; only finite numbers work (here)"),
    (lambda: v.floats("z", [1.0], (1,)),
     "z must be an array of float32 or float64, but it is list"),
    (lambda: v.floats("z", X.astype(np.float16), (4, 2)),
     "z must be an array of float32 or float64, but it is float16"),
    (lambda: v.floats("z", X, (None, 3)),
     "z must have shape (1 or more, 3), but it has shape (4, 2)"),
    (lambda: v.floats("z", X, (4,)), "z must have shape (4,), but it has shape (4, 2)"),
    (lambda: v.labels(T * 1.0, 4, 3),
     "labels must be a NumPy array of integers, but they are float64"),
    (lambda: v.labels(T, 3, 3), "labels must have shape (3,), one per example, not (4,)"),
    (lambda: v.labels(T[:0], 0, 3), "labels must have shape (any,), one per example, not (0,)"),
    (lambda: v.labels(T, 4, 2), "labels must lie in 0..1 for 2 outputs, but one is 2"),
    (lambda: v.labels(T - 1, 4, 3), "labels must lie in 0..2 for 3 outputs, but one is -1"),
    (lambda: v.measurable(T, 1e-5), "x must be a float64 array, but it is int64: "
     "whole numbers and float32 are too coarse for the small step h"),
    (lambda: v.same_arrays({"W": X}, {"b": X}),
     "there are gradients for ['b'], but parameters ['W']"),
    (lambda: v.same_arrays({"W": X}, {"W": X[0]}),
     "the gradient of W must have shape (4, 2), but has (2,)"),
    (lambda: v.images(X - 1, 4, 2),
     "images must hold 0 (paper) to 1 (ink): load_data(low=0.0) gives such"),
    (lambda: v.training(data(), 1, 2.0, rng()),
     "batch_size must be a whole number, 1 or above, but it is 2.0"),
    (lambda: v.training(data(t2=T[:2]), 1, 2, rng()), "4 validation examples came with 2 labels"),
    (lambda: v.generator(3), "rng must be a Generator from np.random.default_rng(seed), not 3"),
    (lambda: v.rates(True), "learning_rate must be a number above 0, but it is True"),
    (lambda: v.rates(0.1, 1), "momentum must be a number from 0 up to 1 (not 1), but it is 1"),
]  # fmt: skip


@pytest.mark.parametrize("call, sentence", SENTENCES, ids=[row[1][:50] for row in SENTENCES])
def test_a_refusal_says_what_came_and_what_is_needed(call, sentence):
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert str(caught.value) == sentence


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
