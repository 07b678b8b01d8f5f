"""The checks of lesson 2 tell each plausible mistake its own cause."""

import pytest

from nnlesson.course.checks import assert_check_teaches
from nnlesson.course.lesson2 import checks as lesson2

CHECKS = [check for name, check in vars(lesson2).items() if name.startswith("check_")]


@pytest.mark.parametrize("check", CHECKS, ids=repr)
def test_check_teaches(check):
    assert_check_teaches(check)


def test_there_are_enough():
    assert len(CHECKS) >= 4
