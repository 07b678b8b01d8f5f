"""Every check of lesson 6 sees the blank, the right answer, and each likely wrong one."""

import pytest

from nnlesson.course.checks import assert_check_teaches
from nnlesson.course.lesson6 import checks as lesson6

CHECKS = [
    lesson6.check_my_wrong_shares,
    lesson6.check_my_second_guess,
    lesson6.check_my_gap,
    lesson6.check_my_left,
    lesson6.check_my_centre,
    lesson6.check_my_copies,
]


@pytest.mark.parametrize("check", CHECKS, ids=repr)
def test_check_teaches(check):
    assert_check_teaches(check)
