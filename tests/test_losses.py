"""Losses: their values by definition, their slopes by measurement, no overflow, bad targets."""

import numpy as np
import pytest
from hypothesis import given
from strategies import FLOATS, batches, locked, rng

from nnlesson.activations import sigmoid, softmax
from nnlesson.gradient import numerical_gradient
from nnlesson.losses import (
    CrossEntropy,
    SoftmaxCrossEntropy,
    SquaredError,
    one_hot,
    softmax_costs,
    z_of_label,
)

LOSSES = [SquaredError, CrossEntropy, SoftmaxCrossEntropy]
each_loss = pytest.mark.parametrize("loss", LOSSES)


@given(batches())
def test_values_follow_the_definitions(batch):
    z, t = batch
    y, a, p = one_hot(t, z.shape[1]), sigmoid(z), softmax(z)
    squares = 0.5 * np.sum((z - y) ** 2) / len(z)
    ten_sigmoids = -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / len(z)
    assert SquaredError().forward(z, t) == pytest.approx(squares, rel=1e-12)
    assert CrossEntropy().forward(z, t) == pytest.approx(ten_sigmoids, rel=1e-12)
    softmax_cost = -np.sum(y * np.log(p)) / len(z)
    assert SoftmaxCrossEntropy().forward(z, t) == pytest.approx(softmax_cost, abs=1e-12)


@each_loss
@given(batch=batches())
def test_backward_is_the_measured_slope(loss, batch):
    z, t = batch
    loss = loss()
    loss.forward(z, t)
    dz = loss.backward()
    measured = numerical_gradient(lambda z: type(loss)().forward(z, t), z)
    assert dz.shape == z.shape
    np.testing.assert_allclose(dz, measured, atol=1e-9)


@each_loss
@given(batch=batches())
def test_a_doubled_batch_costs_the_same(loss, batch):
    z, t = batch
    twice = loss().forward(np.vstack([z, z]), np.tile(t, 2))
    assert twice == pytest.approx(loss().forward(z, t), rel=1e-12, abs=1e-15)


@each_loss
@pytest.mark.parametrize("dtype", FLOATS)
def test_large_z_overflows_nowhere_and_keeps_its_type(loss, dtype):
    @given(batches(most=1e4, dtype=dtype))
    def check(batch):
        z, t = locked(*batch)
        made = loss()
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            cost, dz = made.forward(z, t), made.backward()
        assert np.isfinite(cost) and isinstance(cost, float)
        assert np.isfinite(dz).all() and dz.dtype == dtype
        np.testing.assert_array_equal(dz, made.backward())

    check()


def test_squared_error_takes_real_targets():
    loss = SquaredError()
    assert loss.forward(np.zeros((1, 3)), np.array([[1.0, 2.0, 3.0]])) == 7  # ½ (1 + 4 + 9)
    np.testing.assert_array_equal(loss.backward(), [[-1, -2, -3]])


def test_a_sure_and_wrong_answer_costs_its_z():
    assert CrossEntropy().forward(np.array([[-800.0]]), np.array([0])) == pytest.approx(800)
    wrong = np.array([[0.0, 800.0]])
    assert SoftmaxCrossEntropy().forward(wrong, np.array([0])) == pytest.approx(800)


def test_activate_is_what_predictions_are_made_of():
    z = rng().normal(size=(3, 4))
    np.testing.assert_array_equal(SquaredError.activate(z), z)
    np.testing.assert_array_equal(CrossEntropy.activate(z), sigmoid(z))
    np.testing.assert_array_equal(SoftmaxCrossEntropy.activate(z), softmax(z))


def test_one_hot_rows_have_a_one_at_the_label():
    np.testing.assert_array_equal(one_hot(np.array([2, 0]), 3), [[0, 0, 1], [1, 0, 0]])
    assert one_hot(np.array([0]), 2).dtype == np.float64
    assert one_hot(np.array([0]), 2, np.float32).dtype == np.float32


@given(batches())
def test_the_z_of_the_label_is_found_in_one_batch_and_in_many(batch):
    z, t = batch
    by_hand = [row[label] for row, label in zip(z, t, strict=True)]
    np.testing.assert_array_equal(z_of_label(z, t), by_hand)
    np.testing.assert_array_equal(z_of_label(np.stack([z, 2 * z]), t)[1], 2 * z_of_label(z, t))


def test_one_version_costs_what_the_loss_says():
    z, t = rng().normal(0, 3, (6, 5, 4)), rng(1).integers(0, 4, 5)
    one_by_one = [SoftmaxCrossEntropy().forward(version, t) for version in z]
    np.testing.assert_allclose(softmax_costs(z, t), one_by_one, rtol=1e-14)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert softmax_costs(np.array([[[1e4, -1e4]]]), np.array([1])) == pytest.approx([2e4])


GOOD, T = np.zeros((3, 2)), np.array([0, 1, 0])
BAD_Z = [
    (GOOD.astype(int), TypeError, "z must be an array of float32 or float64, but it is int64"),
    (np.zeros(3), ValueError, r"has shape \(3,\)"),
    (np.array([[0.0, np.nan]] * 3), ValueError, r"^z holds nan at \(0, 1\).*look for nan or huge"),
]
BAD_T = [
    (T[:2], ValueError, r"labels must have shape \(3,\), one per example, not \(2,\)"),
    (T + 1, ValueError, r"labels must lie in 0\.\.1 for 2 outputs, but one is 2"),
    (T * 1.0, TypeError, "labels must be a NumPy array of integers, but they are float64"),
]


@pytest.mark.parametrize("forward", [loss().forward for loss in LOSSES])
@pytest.mark.parametrize("z, error, words", BAD_Z)
def test_bad_outputs_are_refused(forward, z, error, words):
    with pytest.raises(error, match=words):
        forward(z, T)


@pytest.mark.parametrize("t, error, words", BAD_T)
def test_bad_labels_are_refused(t, error, words):
    for forward in (CrossEntropy().forward, SoftmaxCrossEntropy().forward):
        with pytest.raises(error, match=words):
            forward(GOOD, t)
    with pytest.raises(error, match=words):
        softmax_costs(GOOD[np.newaxis], t)


@pytest.mark.parametrize(
    "t, words",
    [
        (np.array([1.0, 2.0, 3.0]), r"t must have shape \(3, 3\), but it has shape \(3,\)"),
        (np.zeros((1, 3)), r"shape \(1, 3\)"),
        (np.zeros((3, 3), int), "t must be an array of float32 or float64"),
        (np.full((3, 3), np.nan), "t holds nan"),
        (np.array([0, 1, 3]), "one is 3"),
        (np.array([0, 1]), r"labels must have shape \(3,\)"),
    ],
)
def test_squared_error_never_broadcasts_a_target(t, words):
    with pytest.raises((ValueError, TypeError), match=words):
        SquaredError().forward(np.zeros((3, 3)), t)


def test_one_hot_refuses_labels_out_of_range():
    for wrong in (-1, 3):
        with pytest.raises(ValueError, match=f"one is {wrong}"):
            one_hot(np.array([0, wrong]), 3)
