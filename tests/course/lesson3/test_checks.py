"""Lesson 3's solutions are what they say: sharper, the largest, the cheapest."""

import numpy as np
import pytest

from nnlesson.course.lesson3 import checks as lesson3
from nnlesson.losses import SoftmaxCrossEntropy


def test_the_largest_rate_is_where_descent_stops_working():
    limit = lesson3.check_largest_rate.solution(3.0)
    low, high = (
        abs(lesson3.check_descend.solution(lambda x: 3 * x[0] ** 2, np.ones(1), part * limit, 500))
        for part in (0.99, 1.01)
    )
    assert low < 1 < high


def test_the_sharper_slope_is_sharper():
    sharper = lesson3.check_sharper_slope.solution(np.exp, 1.0, 0.1)
    assert abs(sharper - np.e) < abs((np.exp(1.1) - np.exp(0.9)) / 0.2 - np.e) / 100


def test_no_answer_that_ignores_the_examples_is_cheaper_than_the_shares():
    rng = np.random.default_rng(0)
    t = rng.integers(0, 4, 30)
    best, z = lesson3.check_cost_of_shares.solution(t), np.log(np.bincount(t) / len(t))
    assert SoftmaxCrossEntropy().forward(np.tile(z, (30, 1)), t) == pytest.approx(best)
    for change in rng.normal(0, 0.3, (20, 4)):
        assert SoftmaxCrossEntropy().forward(np.tile(z + change, (30, 1)), t) > best
