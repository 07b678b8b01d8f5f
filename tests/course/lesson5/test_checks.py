"""Each check of lesson 5 knows the blank, the right answer and every plausible mistake."""

import pytest

from nnlesson.course.checks import assert_check_teaches
from nnlesson.course.lesson5 import checks as lesson5

CHECKS = [
    lesson5.check_number,
    lesson5.check_nearest,
    lesson5.check_steps,
    lesson5.check_momentum,
    lesson5.check_honest,
]


@pytest.mark.parametrize("check", CHECKS, ids=repr)
def test_check_teaches(check):
    assert_check_teaches(check)


def test_other_right_ways_are_right():
    def by_bytes(four):
        return int.from_bytes(bytes(four), "big")

    def by_loop(images, means):
        return [min(range(len(means)), key=lambda k: sum((i - means[k]) ** 2)) for i in images]

    assert lesson5.check_number.judge(by_bytes).status == "right"
    assert lesson5.check_nearest.judge(by_loop).message.startswith("with")  # a list: an array
    assert lesson5.check_steps.judge(lambda n, b, e: (n + b - 1) // b * e).status == "right"
