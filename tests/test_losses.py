"""Losses: their values by definition, no overflow, bad targets.

That backward is the measured slope stands in test_network.py.
"""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import FLOATS, batches, locked, refusals, rng

from nnlesson.activations import sigmoid, softmax
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError, one_hot, softmax_costs

LOSSES = [SquaredError, CrossEntropy, SoftmaxCrossEntropy]
each_loss = pytest.mark.parametrize("loss", LOSSES)


@given(batches())
def test_values_follow_the_definitions(batch):
    z, t = batch
    y, a, p = one_hot(t, z.shape[1]), sigmoid(z), softmax(z)
    sums = [
        0.5 * np.sum((z - y) ** 2),
        -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)),
        -np.sum(y * np.log(p)),
    ]
    values = [loss().forward(z, t) for loss in LOSSES]
    np.testing.assert_allclose(values, np.array(sums) / len(z), rtol=1e-12, atol=1e-12)


@each_loss
@pytest.mark.parametrize("dtype", FLOATS)
@given(data=st.data())
def test_large_z_overflows_nowhere_and_keeps_its_type(loss, dtype, data):
    made, (z, t) = loss(), locked(*data.draw(batches(most=1e4, dtype=dtype)))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        cost, dz = made.forward(z, t), made.backward()
    assert np.isfinite(cost) and isinstance(cost, float)
    assert np.isfinite(dz).all() and dz.dtype == dtype
    np.testing.assert_array_equal(dz, made.backward())


def test_squared_error_takes_real_targets():
    loss = SquaredError()
    assert loss.forward(np.zeros((1, 3)), np.array([[1.0, 2.0, 3.0]])) == 7  # ½ (1 + 4 + 9)
    np.testing.assert_array_equal(loss.backward(), [[-1, -2, -3]])


def test_a_sure_and_wrong_answer_costs_its_z():
    for loss, z in ((CrossEntropy(), [[-800.0]]), (SoftmaxCrossEntropy(), [[0.0, 800.0]])):
        assert loss.forward(np.array(z), np.array([0])) == pytest.approx(800)


def test_one_hot_rows_have_a_one_at_the_label():
    for dtype in ([], [np.float32]):
        expected = np.array([[0, 0, 1], [1, 0, 0]], *dtype or [np.float64])
        np.testing.assert_array_equal(one_hot(np.array([2, 0]), 3, *dtype), expected, strict=True)


def test_one_version_of_outputs_costs_what_the_loss_says():
    z, t = rng().normal(0, 3, (6, 5, 4)), rng(1).integers(0, 4, 5)
    one_by_one = [SoftmaxCrossEntropy().forward(version, t) for version in z]
    np.testing.assert_allclose(softmax_costs(z, t), one_by_one, rtol=1e-14)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert softmax_costs(np.array([[[1e4, -1e4]]]), np.array([1])) == pytest.approx([2e4])


Z, T, SQUARE = np.zeros((3, 2)), np.array([0, 1, 0]), np.zeros((3, 3))
NAN = r"^z holds nan at \(.*look for nan or huge"
COSTS = [loss().forward for loss in LOSSES] + [lambda z, t: softmax_costs(z[np.newaxis], t)]
NO_TARGETS = [
    (np.array([1.0, 2.0, 3.0]), ValueError, r"t must have shape \(3, 3\), .* has shape \(3,\)"),
    (np.zeros((1, 3)), ValueError, r"shape \(1, 3\)"),
    (SQUARE.astype(int), TypeError, "t must be an array of float32 or float64"),
]
test_bad_outputs_labels_and_targets_are_refused_and_none_is_broadcast = refusals(
    *[(partial(cost, Z * np.nan, T), ValueError, NAN) for cost in COSTS],
    *[(partial(cost, Z, T + 1), ValueError, "0..1 for 2 outputs, but one is 2") for cost in COSTS],
    *[(partial(SquaredError().forward, SQUARE, t), *said) for t, *said in NO_TARGETS],
    *[(partial(one_hot, np.array([0, t]), 3), ValueError, f"one is {t}") for t in (-1, 3)],
)
