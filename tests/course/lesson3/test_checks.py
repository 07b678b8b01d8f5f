"""The solutions of lesson 3's checks are measured, and arrays pass for tuples."""

import numpy as np

from nnlesson.course.lesson3 import checks as lesson3


def test_the_largest_rate_is_where_descent_stops_working():
    c, start = 3.0, 1.0
    limit = lesson3.check_largest_rate.solution(c)
    for rate, ends_lower in ((0.99 * limit, True), (1.01 * limit, False)):
        x = start
        for _ in range(500):
            x -= rate * 2 * c * x
        assert (abs(x) < start) == ends_lower


def test_the_number_of_evaluations_is_counted_by_the_loop_itself():
    from nnlesson.gradient import numerical_gradient

    calls = []
    for shape in ((784, 100), (100,), (100, 10), (10,)):
        numerical_gradient(lambda x: calls.append(1) or 0.0, np.zeros(shape))
    assert len(calls) == lesson3.check_evaluations.solution


def test_a_case_with_a_function_is_told_by_its_name():
    said = str(lesson3.check_slope.judge(lambda f, z, h: f(z) + 1))
    assert "with a function f and z = 0.5 and h = 0.0001 the result is" in said


def test_missing_brackets_are_told_though_they_give_the_count_of_another_network():
    missing = 784 * 100 + 100 + 100 * 10 + 10 * 2
    assert "brackets" in lesson3.check_evaluations.judge(missing).message


def test_two_numbers_may_come_as_an_array():
    solution = lesson3.check_evidence.solution
    verdict = lesson3.check_evidence.judge(lambda labels, p: np.array(solution(labels, p)))
    assert verdict.status == "right"
