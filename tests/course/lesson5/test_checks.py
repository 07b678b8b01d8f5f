"""Lesson 5's checks accept other right ways, and tell the likeliest slips."""

import numpy as np

from nnlesson.course.lesson5 import checks as lesson5


def test_other_right_ways_are_right():
    def by_bytes(four):
        return int.from_bytes(bytes(four), "big")

    def by_loop(images, means):
        return [min(range(len(means)), key=lambda k: sum((i - means[k]) ** 2)) for i in images]

    assert lesson5.check_number.judge(by_bytes).status == "right"
    assert lesson5.check_nearest.judge(by_loop).status == "right"
    assert lesson5.check_steps.judge(lambda n, b, e: (n + b - 1) // b * e).status == "right"
    as_array = lesson5.check_momentum.judge(
        lambda *a: np.array(lesson5.check_momentum.solution(*a))
    )
    assert as_array.status == "right"


def test_one_array_is_not_taken_for_two():
    assert "return both" in lesson5.check_momentum.judge(lambda p, v, *_: p + v).message
