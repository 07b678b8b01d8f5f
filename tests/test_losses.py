"""Losses: their values by definition, their slopes by measurement, no overflow, bad targets."""

import numpy as np
import pytest

from nnlesson.activations import sigmoid, softmax
from nnlesson.gradient import numerical_gradient, relative_error
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError, one_hot

LOSSES = [SquaredError, CrossEntropy, SoftmaxCrossEntropy]


def batch(n=6, k=4, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 2, (n, k)), rng.integers(0, k, n)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("n, k", [(1, 1), (1, 3), (5, 2), (100, 10)])
def test_backward_is_the_measured_slope(loss, n, k):
    z, t = batch(n, k)
    loss = loss()
    loss.forward(z, t)
    dz = loss.backward()
    measured = numerical_gradient(lambda z: type(loss)().forward(z, t), z)
    assert dz.shape == z.shape
    assert np.max(np.abs(dz - measured)) < 1e-9
    if k > 1:
        assert relative_error(dz, measured) < 1e-7


def test_values_follow_the_definitions():
    z, t = batch()
    y, a, p = one_hot(t, 4), sigmoid(z), softmax(z)
    ce = -np.mean(np.sum(y * np.log(a) + (1 - y) * np.log(1 - a), axis=1))
    assert CrossEntropy().forward(z, t) == pytest.approx(ce, rel=1e-12)
    assert SoftmaxCrossEntropy().forward(z, t) == pytest.approx(
        -np.mean(np.log(p[np.arange(6), t])), rel=1e-12
    )
    assert SquaredError().forward(z, t) == pytest.approx(0.5 * np.sum((z - y) ** 2) / 6, rel=1e-12)


def test_squared_error_takes_real_targets():
    loss = SquaredError()
    assert loss.forward(np.zeros((1, 3)), np.array([[1.0, 2.0, 3.0]])) == 7  # ½ (1 + 4 + 9)
    np.testing.assert_array_equal(loss.backward(), [[-1, -2, -3]])


def test_squared_error_of_labels_is_that_of_their_one_hot_rows():
    z, t = batch()
    assert SquaredError().forward(z, t) == SquaredError().forward(z, one_hot(t, 4))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_doubled_batch_costs_the_same(loss):
    z, t = batch()
    twice = loss().forward(np.vstack([z, z]), np.tile(t, 2))
    assert twice == pytest.approx(loss().forward(z, t), rel=1e-12)


def test_ten_equal_outputs_cost_ln_10():
    assert SoftmaxCrossEntropy().forward(np.zeros((5, 10)), np.arange(5)) == pytest.approx(
        np.log(10)
    )
    assert CrossEntropy().forward(np.zeros((5, 10)), np.arange(5)) == pytest.approx(10 * np.log(2))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_z_overflows_nowhere_and_keeps_its_type(loss, dtype):
    z = np.array([[1e4, -1e4], [-1e4, 1e4], [40, -40], [0, 1e-310]], dtype=dtype)
    loss = loss()
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        cost = loss.forward(z, np.array([0, 0, 1, 1]))
        dz = loss.backward()
    assert np.isfinite(cost) and isinstance(cost, float)
    assert np.isfinite(dz).all() and dz.dtype == dtype


def test_a_sure_and_wrong_answer_costs_its_z():
    assert CrossEntropy().forward(np.array([[-800.0]]), np.array([0])) == pytest.approx(800)
    z = np.array([[0.0, 800.0]])
    assert SoftmaxCrossEntropy().forward(z, np.array([0])) == pytest.approx(800)


@pytest.mark.parametrize("loss", LOSSES)
def test_nothing_that_is_given_is_changed(loss):
    z, t = batch()
    kept = z.copy(), t.copy()
    z.flags.writeable = t.flags.writeable = False
    loss = loss()
    loss.forward(z, t)
    first = loss.backward()
    np.testing.assert_array_equal(first, loss.backward())
    np.testing.assert_array_equal((z == kept[0]).all() and (t == kept[1]).all(), True)


def test_activate_is_what_predictions_are_made_of():
    z, _ = batch()
    np.testing.assert_array_equal(SquaredError.activate(z), z)
    np.testing.assert_array_equal(CrossEntropy.activate(z), sigmoid(z))
    np.testing.assert_array_equal(SoftmaxCrossEntropy.activate(z), softmax(z))


def test_one_hot():
    np.testing.assert_array_equal(one_hot(np.array([2, 0]), 3), [[0, 0, 1], [1, 0, 0]])
    assert one_hot(np.array([0]), 2).dtype == np.float64
    assert one_hot(np.array([0]), 2, np.float32).dtype == np.float32


GOOD = np.zeros((3, 2))
BAD_Z = [
    (GOOD.astype(int), TypeError, "z must be a NumPy array of floats, but it is an int64 array"),
    ([[0.0, 1.0]], TypeError, "it is a list"),
    (np.zeros(3), ValueError, r"z must have shape \(any, any\), but it has shape \(3,\)"),
    (np.zeros((0, 2)), ValueError, "must have shape"),
    (
        np.array([[0.0, np.nan]] * 3),
        ValueError,
        r"^z holds nan at \(0, 1\); only finite numbers work: "
        r"look for nan or huge numbers in the inputs and in the weights$",
    ),
    (np.array([[0.0, np.inf]] * 3), ValueError, "z holds inf"),
]
BAD_T = [
    (np.array([0, 1]), ValueError, r"labels must have shape \(3,\).*got \(2,\)"),
    (np.array([0, 1, 2]), ValueError, r"labels must lie in 0\.\.1 for 2 outputs, but one is 2"),
    (np.array([0, 1, -1]), ValueError, "one is -1"),
    (np.array([[0], [1], [0]]), ValueError, r"got \(3, 1\)"),
    (np.array([0.0, 1.0, 0.0]), TypeError, "array of integers, but they are a float64 array"),
    ([0, 1, 0], TypeError, "they are a list"),
]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("z, error, words", BAD_Z)
def test_bad_outputs_are_refused(loss, z, error, words):
    with pytest.raises(error, match=words):
        loss().forward(z, np.array([0, 1, 0]))


@pytest.mark.parametrize("loss", [CrossEntropy, SoftmaxCrossEntropy])
@pytest.mark.parametrize("t, error, words", BAD_T)
def test_bad_labels_are_refused(loss, t, error, words):
    with pytest.raises(error, match=words):
        loss().forward(GOOD, t)


@pytest.mark.parametrize(
    "t",
    [
        np.array([0.0, 1.0, 0.0]),  # (3,) against (3, 2) would broadcast if the shapes were (3, 3)
        np.zeros((1, 2)),
        np.zeros((2, 3)),
        np.zeros((3, 2), dtype=int),
        [[0.0, 1.0]] * 3,
    ],
)
def test_squared_error_never_broadcasts_a_target(t):
    with pytest.raises((ValueError, TypeError), match="t must"):
        SquaredError().forward(GOOD, t)


def test_squared_error_refuses_labels_out_of_range():
    with pytest.raises(ValueError, match="one is 2"):
        SquaredError().forward(GOOD, np.array([0, 1, 2]))
    with pytest.raises(ValueError, match="t holds nan"):
        SquaredError().forward(GOOD, np.full((3, 2), np.nan))


def test_one_hot_refuses_labels_out_of_range():
    with pytest.raises(ValueError, match="one is -1"):
        one_hot(np.array([-1]), 3)
