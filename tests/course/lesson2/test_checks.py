"""Lesson 2's checks tell look-alikes apart."""

import numpy as np
import pytest

from nnlesson.course.lesson2 import checks as lesson2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (0.9526 * (1 - 0.9526), "the slope of the curve at 3"),
        (np.array([0.0474]), "an array of shape (1,); one number"),
        (0.047, "four digits"),
        (1.05, "never above 1"),
        (0.06, "that is not it"),
    ],
)
def test_each_wrong_mirror_has_its_cause(answer, said):
    assert said in lesson2.check_my_mirror.judge(answer).message


def test_two_limits_joined_by_and_leave_nothing():
    verdict = lesson2.check_my_share.judge(
        lambda X, W, b, limit: np.mean((X @ W + b > limit) & (X @ W + b < -limit))
    )
    assert "& means and" in verdict.message
