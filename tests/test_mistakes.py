"""Mistakes: counts that add up, and the surest errors first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import batches

from nnlesson.activations import softmax
from nnlesson.mistakes import calibration, confusion_matrix, most_confident_mistakes


def test_groups_hold_all_answers_and_their_means():
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.full(4, 0.4), 500)
    t = rng.integers(0, 4, 500)
    confidence, right, n = calibration(p, t, 7)
    assert n.sum() == 500 and confidence.shape == right.shape == n.shape == (7,)
    some = n > 0
    assert np.nansum(confidence * n) == pytest.approx(p.max(axis=1).sum())
    for i in np.flatnonzero(some):
        group = np.floor(7 * p.max(axis=1)) == i
        assert right[i] == pytest.approx(np.mean(p[group].argmax(axis=1) == t[group]))
    np.testing.assert_array_less(np.arange(7)[some] / 7, confidence[some] + 1e-12)
    np.testing.assert_array_less(confidence[some], np.arange(1, 8)[some] / 7 + 1e-12)


def test_an_empty_group_is_nan_and_full_confidence_is_in_the_last():
    confidence, right, n = calibration(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 0]), 4)
    np.testing.assert_array_equal(n, [0, 0, 0, 2])
    assert confidence[3] == 1 and right[3] == 0.5 and np.isnan(confidence[:3]).all()


def test_calibration_has_ten_groups_also_where_the_last_are_empty():
    p = np.full((6, 10), 0.1)
    p[3:, 0] = 0.25
    for found in calibration(p, np.zeros(6, int)):
        assert found.shape == (10,)
    np.testing.assert_array_equal(calibration(p, np.zeros(6, int))[2][[1, 2, 9]], [3, 3, 0])


@given(batches(), st.integers(1, 7))
def test_any_answers_are_counted_once_in_each_table(batch, n_bins):
    z, t = batch
    p, k = softmax(z), z.shape[1]
    predicted = p.argmax(axis=1)
    counts = confusion_matrix(t, predicted, k)
    pairs = list(zip(t, predicted, strict=True))
    assert counts.tolist() == [[pairs.count((i, j)) for j in range(k)] for i in range(k)]
    surest = most_confident_mistakes(p, t)
    assert counts.dtype.kind == surest.dtype.kind == "i"
    assert sorted(surest) == np.flatnonzero(predicted != t).tolist()
    assert np.all(np.diff(p[surest].max(axis=1)) <= 0)
    assert calibration(p, t, n_bins)[2].sum() == len(t)


def test_many_equal_confidences_keep_the_order_of_the_data():
    sure = np.random.default_rng(0).integers(5, 10, 3000) / 10
    p = np.stack([sure, 1 - sure], axis=1)
    expected = sorted(range(3000), key=lambda i: -p[i].max())
    found = most_confident_mistakes(p, np.ones(3000, int))
    np.testing.assert_array_equal(found[:2000], expected[:2000])


T = np.array([0, 1])


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: confusion_matrix(T + 1, T, 2), ValueError, "one is 2"),
        (lambda: confusion_matrix(T, T[:1], 2), ValueError, r"shape \(2,\).*not \(1,\)"),
        (lambda: most_confident_mistakes(np.zeros(2), T), ValueError, "probabilities must have"),
        (lambda: calibration(np.full((2, 2), np.nan), T), ValueError, "probabilities holds nan"),
        (lambda: calibration(np.zeros((2, 2)), np.array([0, 1, 1])), ValueError, r"not \(3,\)"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
