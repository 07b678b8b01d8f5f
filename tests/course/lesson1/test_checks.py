"""Lesson 1's checks accept other ways, and tell a slip its cause."""

import numpy as np

from nnlesson.course.lesson1 import checks as lesson1


def test_many_numbers_make_nand():
    for answer in [(-2, -2, 2), [-1, -1.5, 2], np.array([-1.2, -1.1, 2.0])]:
        assert lesson1.check_nand.judge(answer).status == "right"
    assert lesson1.check_nand.judge((..., ..., ...)).status == "not started"
    assert lesson1.check_nand.judge((float("nan"), 0, 0)).status == "not yet"


def test_the_rule_may_be_written_with_if():
    def my_correct(w, b, x, t):
        y = int(sum(w * x) + b >= 0)
        if y == t:
            return w, b
        return (w + x, b + 1) if t == 1 else (w - x, b - 1)

    assert lesson1.check_correct.judge(my_correct).status == "right"


def test_a_rule_that_changes_the_callers_weights_is_told_so():
    def my_correct(w, b, x, t):
        y = int(w @ x + b >= 0)
        w += (t - y) * x
        return w, b + t - y

    verdict = lesson1.check_correct.judge(my_correct)
    assert verdict.status == "not yet" and "changes its input w" in verdict.message


def test_the_learning_cases_hold_right_and_wrong_answers_of_both_kinds():
    kinds = {(bool(w @ x + b >= 0), t) for w, b, x, t in lesson1.check_correct.cases}
    assert len(kinds) == 4 and len(lesson1.check_correct.cases) < 200


def test_other_output_neurons_make_xor():
    for answer in [(2, -3, -1), (1, -2, -1)]:
        assert lesson1.check_output_neuron.judge(answer).status == "right"


def test_a_lost_minus_is_told():
    verdict = lesson1.check_layer.judge(lambda X, W, b: 1 / (1 + np.exp(X @ W + b)))
    assert "the minus is lost" in verdict.message
    assert "b = 2" in lesson1.check_nand.judge((1, 1, -1.5)).message
