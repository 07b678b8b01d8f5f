"""Mistakes: counts that add up, and the surest errors first."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import batches, refusals, rng

from nnlesson.activations import softmax
from nnlesson.mistakes import calibration, confusion_matrix, most_confident_mistakes


@given(batches(), st.integers(1, 7))
def test_any_answers_are_counted_once_in_each_table(batch, n_bins):
    z, t = batch
    p, k = softmax(z), z.shape[1]
    predicted, sure = p.argmax(axis=1), p.max(axis=1)
    counts = confusion_matrix(t, predicted, k)
    pairs = list(zip(t, predicted, strict=True))
    assert counts.tolist() == [[pairs.count((i, j)) for j in range(k)] for i in range(k)]
    surest = most_confident_mistakes(p, t)
    assert counts.dtype.kind == surest.dtype.kind == "i"
    assert sorted(surest) == np.flatnonzero(predicted != t).tolist()
    assert np.all(np.diff(sure[surest]) <= 0)
    group = np.minimum(np.floor(n_bins * sure), n_bins - 1)  # full confidence is in the last
    for i, (confidence, right, n) in enumerate(zip(*calibration(p, t, n_bins), strict=True)):
        there = group == i
        assert n == there.sum()
        means = (sure[there].mean(), np.mean(predicted[there] == t[there])) if n else [np.nan] * 2
        np.testing.assert_allclose([confidence, right], means)
    assert i == n_bins - 1


def test_many_equal_confidences_keep_the_order_of_the_data():
    sure = rng().integers(5, 10, 3000) / 10
    p = np.stack([sure, 1 - sure], axis=1)
    expected = sorted(range(3000), key=lambda i: -p[i].max())
    found = most_confident_mistakes(p, np.ones(3000, int))
    np.testing.assert_array_equal(found[:2000], expected[:2000])


T, P = np.array([0, 1]), np.zeros((2, 2))


def test_calibration_has_ten_groups_unless_told_otherwise():
    assert [len(column) for column in calibration(P, T)] == [10, 10, 10]


test_bad_input_is_refused = refusals(
    (lambda: confusion_matrix(T + 1, T, 2), ValueError, "one is 2"),
    (lambda: confusion_matrix(T, T[:1], 2), ValueError, r"shape \(2,\).*not \(1,\)"),
    (lambda: most_confident_mistakes(P[0], T), ValueError, "probabilities must have"),
    (lambda: calibration(P * np.nan, T), ValueError, "probabilities holds nan"),
)
