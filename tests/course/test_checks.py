"""The verdict machinery: every kind of answer gets one clear verdict, whatever it does."""

import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlesson.course.answers import is_blank
from nnlesson.course.checks import (
    ChoiceCheck,
    FunctionCheck,
    Mistake,
    PropertyCheck,
    Rule,
    ValueCheck,
    assert_check_teaches,
)
from nnlesson.course.values import as_numbers, brief, difference, same_shape

NO_FACTOR = "one factor is missing: a (1 - a)"
AT_A = "this is the slope at a, but a is the output already"
NO_SUM = "your db has shape {shape}: one row per example; sum over the batch"


def slope(a):
    return a * (1 - a)


def wrong_at_a(a):
    s = 1 / (1 + np.exp(-a))
    return s * (1 - s)


def affine_backward(x, dz):
    return x.T @ dz, dz.sum(axis=0)


@pytest.fixture
def slope_check():
    return FunctionCheck(
        "slope",
        slope,
        "the output alone is enough",
        [Mistake(lambda a: 1 - a, NO_FACTOR), Mistake(wrong_at_a, AT_A)],
        cases=lambda rng: [(rng.uniform(0, 1, (4, 3)),), (0.5,)],
    )


@pytest.fixture
def affine_check():
    return FunctionCheck(
        "affine_backward",
        affine_backward,
        "one column of dW per neuron",
        [
            Mistake(lambda x, dz: (x.T @ dz, dz), NO_SUM),
            Mistake(lambda x, dz: (x.T @ dz, dz.mean(axis=0)), "the loss already divides by n"),
            Mistake(lambda x, dz: (dz.T @ x, dz.sum(axis=0)), "this is dW transposed"),
            Mistake(
                lambda x, dz: (x @ dz, dz.sum(axis=0)), "x must be transposed: (d, n) @ (n, m)"
            ),
        ],
        cases=lambda rng: [(rng.normal(size=(5, 4)), rng.normal(size=(5, 3)))],
        parts=("dW", "db"),
    )


def test_every_kind_of_check_teaches(slope_check, affine_check):
    number = ValueCheck("n", 16330, "yes", [Mistake(16280, "count the biases too")])
    array = ValueCheck("w", np.array([1.0, 2]), "yes", [Mistake(np.array([2.0, 1]), "swapped")])
    either = ChoiceCheck("which", "b", "yes", {"a": "too early", "c": "too late"})
    weights = PropertyCheck(
        "and_weights",
        (1, 1, -1.5),
        "yes",
        [
            Rule(lambda w: len(w) == 3, "three numbers: w1, w2, b", (1, 1)),
            Rule(lambda w: sum(w) > 0, "(1, 1) must give 1", (1, 1, -3)),
            Rule(lambda w: w[0] + w[2] <= 0 and w[1] + w[2] <= 0, "(1, 0) must give 0", (1, 1, 0)),
        ],
    )
    for check in (slope_check, affine_check, number, array, either, weights):
        assert_check_teaches(check)


def test_the_verdict_is_printed_once_and_nothing_is_returned(slope_check, capsys):
    assert slope_check(lambda a: ...) is None
    assert slope_check(slope) is None
    assert slope_check(lambda a: 1 - a) is None
    assert capsys.readouterr().out.splitlines() == [
        "not started: slope is still blank; write your answer in place of the three dots",
        "right: the output alone is enough",
        f"not yet: {NO_FACTOR}",
    ]


def test_assert_check_teaches_refuses_a_check_that_does_not_teach():
    def check(mistakes, solution=slope, cases=lambda rng: [(rng.uniform(0, 1, 3),)]):
        return FunctionCheck("slope", solution, "yes", mistakes, cases)

    with pytest.raises(AssertionError, match="at least one mistake"):
        assert_check_teaches(check([]))
    with pytest.raises(AssertionError, match="share a message"):
        assert_check_teaches(check([Mistake(wrong_at_a, "x"), Mistake(lambda a: 1 - a, "x")]))
    with pytest.raises(AssertionError, match="'no mistake' gets 'right"):
        assert_check_teaches(check([Mistake(lambda a: a - a**2, "no mistake")]))
    twins = [Mistake(lambda a: 1 - a, "first"), Mistake(lambda a: -a + 1, "second")]
    with pytest.raises(AssertionError, match="'second' gets another message: 'first'"):
        assert_check_teaches(check(twins))
    with pytest.raises(AssertionError, match="its own solution"):
        assert_check_teaches(
            PropertyCheck("w", 1, "yes", [Rule(lambda w: w == 2, "it must be 2", 3)])
        )


@pytest.mark.parametrize("answer", [..., None, lambda a: ..., lambda a: None])
def test_blanks(slope_check, affine_check, answer):
    assert slope_check.judge(answer).status == "not started"


def test_more_blanks(affine_check):
    def only_text(x, dz):
        """Return dW and db."""

    def passes(x, dz):
        pass

    def half(x, dz):
        return x.T @ dz, ...

    for blank in (only_text, passes, half):
        assert affine_check.judge(blank).status == "not started"
    assert not is_blank(lambda x: 3) and not is_blank(lambda x: "text") and not is_blank(np.exp)
    assert ValueCheck("w", (1, 2), "yes", []).judge((1, ...)).status == "not started"


def test_a_missing_return_is_not_a_blank(slope_check):
    def no_return(a):
        a * (1 - a)

    verdict = slope_check.judge(no_return)
    assert verdict.status == "not yet" and "return line missing" in verdict.message


def test_an_exception_is_told_with_its_line(slope_check):
    def broken(a):
        b = a + 1
        return b @ np.ones(7)

    message = slope_check.judge(broken).message
    assert message.startswith("your code stopped with ValueError: matmul")
    first = broken.__code__.co_firstlineno
    assert message.endswith(f"in line {first + 2}: return b @ np.ones(7)")


def test_exceptions_of_every_kind_become_a_verdict(slope_check):
    class Nasty(Exception):
        def __str__(self):
            raise RuntimeError("even this fails")

    def leaves(a):
        sys.exit(3)

    def deep(a):
        return deep(a)

    def nasty(a):
        raise Nasty

    def loud(a):
        raise ValueError("x" * 10**6)

    for answer, name in [(leaves, "SystemExit"), (deep, "RecursionError"), (nasty, "Nasty")]:
        verdict = slope_check.judge(answer)
        assert verdict.status == "not yet" and name in verdict.message
    assert len(slope_check.judge(loud).message) < 500


def test_an_endless_loop_can_be_interrupted(slope_check):
    def interrupted(a):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        slope_check.judge(interrupted)


def test_a_wrong_number_of_arguments_is_told(slope_check):
    message = slope_check.judge(lambda a, z: a).message
    assert message == "slope is called as slope(a); yours takes (a, z)"
    assert slope_check.judge(lambda a, z=0: slope(a)).status == "right"


def test_what_a_function_prints_is_shown_after_the_verdict_but_not_a_flood(slope_check, capsys):
    def talks(a):
        print("a is", 1)
        print("to stderr", file=sys.stderr)
        return slope(a)

    def floods(a):
        print("z" * 10**6)
        return slope(a)

    slope_check(talks)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("right:") and lines[1] == "(Your code printed: a is 1"
    slope_check(floods)
    said = capsys.readouterr()
    assert len(said.out) < 700 and said.err == ""
    assert "first 500 of 2000002 characters" in said.out


def test_a_warning_is_told_and_does_not_reach_stderr(slope_check, capsys):
    def warns(a):
        return slope(a) + 0 * np.log(a * 0)

    verdict = slope_check.judge(warns)
    assert "divide by zero" in verdict.aside and verdict.status == "not yet"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        slope_check.judge(warns)


def test_a_changed_input_gets_its_own_message(slope_check):
    def changes(a):
        a -= a**2
        return a

    given = slope_check.cases[0][0].copy()
    verdict = slope_check.judge(changes)
    assert verdict.status == "not yet"
    assert "changes its input a" in verdict.message and "copy" in verdict.message
    assert np.array_equal(slope_check.cases[0][0], given)  # the case itself is safe


def test_a_mistake_may_be_about_the_changed_input():
    def changes(a):
        a -= a**2
        return a

    message = "-= writes into the caller's array: write a = a - ..."
    check = FunctionCheck(
        "slope", slope, "yes", [Mistake(changes, message)], lambda rng: [(rng.uniform(0, 1, 3),)]
    )
    assert check.judge(changes).message == message
    assert check.judge(slope).status == "right"


def test_an_update_in_place_is_judged_by_its_argument():
    def update(params, grads):
        for name in params:
            params[name] -= 0.1 * grads[name]

    def ascends(params, grads):
        for name in params:
            params[name] += 0.1 * grads[name]

    def copies(params, grads):
        params = {name: params[name] - grads[name] for name in params}

    check = FunctionCheck(
        "update",
        update,
        "yes",
        [
            Mistake(ascends, "this climbs: subtract the slope"),
            Mistake(copies, "this makes new arrays; change those in params"),
        ],
        cases=lambda rng: [({"W": rng.normal(size=(2, 3))}, {"W": rng.normal(size=(2, 3))})],
        inplace=0,
    )
    assert_check_teaches(check)


def test_one_wrong_part_is_recognised_beside_another_wrong_part(affine_check):
    message = NO_SUM.replace("{shape}", "(5, 3)")
    assert affine_check.judge(lambda x, dz: (x.T @ dz, dz)).message == message
    both_wrong = affine_check.judge(lambda x, dz: (dz.T @ x, dz))
    assert both_wrong.message == "this is dW transposed"
    unknown = affine_check.judge(lambda x, dz: (x.T @ dz, 3 * dz.sum(axis=0)))
    assert "db is" in unknown.message and "3 times every value" in unknown.message
    three = affine_check.judge(lambda x, dz: (1, 2, 3))
    assert "a tuple of length 3; the length 2 is needed" in three.message


def test_a_mistake_that_raises_is_recognised_by_what_it_raises(affine_check):
    message = affine_check.judge(lambda x, dz: (x @ dz, 0)).message
    assert message.startswith("x must be transposed: (d, n) @ (n, m) (your code stopped with")


def test_a_mistake_can_be_recognised_by_a_rule():
    mistake = Mistake(
        lambda z: 2 * z, "never negative", when=lambda results, cases: np.any(results[0] < 0)
    )
    check = FunctionCheck("square", lambda z: z**2, "yes", [mistake], lambda rng: [(-3.0,)])
    assert_check_teaches(check)
    assert check.judge(lambda z: z - 1).message == "never negative"
    assert "at" not in check.judge(lambda z: 8.0).message.split(";")[0].split("is")[0]


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        (np.zeros((3, 5)), np.zeros((5, 3)), "It is transposed"),
        (np.zeros(5), np.zeros((5, 3)), "an array of shape (5,); the shape (5, 3)"),
        ([1.0, 2.0], np.zeros(2), "a list of length 2; a NumPy array"),
        (2j, 1.0, "a complex number"),
        (np.complex64(2j), 1.0, "a complex number"),
        ("0.5", 0.5, "a text (str); a number"),
        (np.zeros(1), 0.0, "an array of shape (1,); one number"),
        (np.sum, 0.0, "a function, not its result"),
        ({"W": 1}, {"W": 1, "b": 2}, "the keys ['W', 'b'] are needed"),
        (np.array([None]), np.zeros(1), "dtype object"),
        ((1, 2, 3), (1, 2), "length 3; the length 2"),
    ],
)
def test_wrong_kinds_and_shapes_are_said_in_words(got, expected, said):
    assert said in same_shape(got, expected)
    assert said in difference(got, expected, 1e-6)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.array(0.5), 0.5),
        (1, True),
        (np.array([1, 0]), [1, 0]),
        ((1, 0), [1, 0]),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
        ({"b": 2.0, "W": np.ones(2)}, {"W": np.ones(2), "b": 2}),
        ([np.ones(2), "x"], (np.ones(2), "x")),
        (np.ones(3, dtype=np.float32) / 3, np.ones(3) / 3),
    ],
)
def test_equal_results_agree_whatever_their_dress(got, expected):
    assert difference(got, expected, 1e-6) is None


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(),
                  st.text(max_size=5), st.just(...), st.just(object())),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.tuples(inner, inner),
                                st.dictionaries(st.text(max_size=2), inner, max_size=2)),
        max_leaves=6,
    )
)  # fmt: skip
@settings(max_examples=200)
def test_no_answer_whatever_makes_a_check_raise(answer):
    checks = [
        ValueCheck("v", 0.5, "yes", [Mistake(5, "five")]),
        ValueCheck("v", np.ones(2), "yes", [Mistake(np.zeros(2), "zero")]),
        ValueCheck("v", [1, "a"], "yes", []),
        ChoiceCheck("c", "b", "yes", {"a": "no"}),
        PropertyCheck("p", 1, "yes", [Rule(lambda w: w > 0, "positive", -1)]),
        FunctionCheck("f", slope, "yes", [], lambda rng: [(0.25,)]),
    ]
    for check in checks:
        for tried in (answer, lambda a: answer):
            verdict = check.judge(tried)
            assert verdict.status in ("not started", "not yet", "right")
            assert len(str(verdict)) < 600
        assert len(brief(answer)) <= 60


def test_objects_with_hostile_methods_are_survived(slope_check):
    class Hostile:
        def __eq__(self, other):
            raise RuntimeError("no comparing")

        def __repr__(self):
            raise RuntimeError("no showing")

        def __array__(self, *arguments, **options):
            raise RuntimeError("no numbers")

        def __bool__(self):
            raise RuntimeError("no truth")

        __hash__ = None

    for check in (
        slope_check,
        ValueCheck("v", [1, 2], "yes", []),
        ValueCheck("v", "text", "yes", []),
        PropertyCheck("p", 1, "yes", [Rule(lambda w: w == 1, "one", 2)]),
        ChoiceCheck("c", "b", "yes", {"a": "no"}),
    ):
        for answer in (Hostile(), [Hostile(), 1], lambda a: Hostile()):
            assert check.judge(answer).status == "not yet"


def test_verdicts_are_the_same_every_time(slope_check):
    def shouts(a):
        raise ValueError(f"no use for {object()}")

    answers = [lambda a: a + 1, shouts, object(), lambda a: [object()], lambda a: 2 * slope(a)]
    for answer in answers:
        assert str(slope_check.judge(answer)) == str(slope_check.judge(answer))
        assert " at 0x" not in str(slope_check.judge(answer))
    assert "2 times every value" in slope_check.judge(answers[-1]).message
    number = ValueCheck("v", 1.5, "yes", [])
    assert " at 0x" not in str(number.judge([object()])) + str(number.judge(object()))
    assert " at 0x" not in str(ChoiceCheck("c", "b", "yes", {"a": "no"}).judge(object()))


def test_choices_forgive_case_and_spaces_and_name_the_options():
    check = ChoiceCheck("which", "b", "yes", {"a": "no"})
    assert check.judge(" B ").status == "right"
    assert check.judge("d").message == "which is 'd'; choose one of 'a', 'b'"


def test_a_defect_of_the_check_itself_is_not_blamed_on_the_learner():
    check = FunctionCheck("f", lambda a: a / None, "yes", [], lambda rng: [(1.0,)])
    with pytest.raises(TypeError):
        check.judge(lambda a: a)


def test_numbers_of_any_size_are_described():
    assert brief(10**400) == "inf" and brief(-(10**400)) == "-inf" and brief(7) == "7"
    assert as_numbers("a") is None and as_numbers([1, [2, 3]]) is None
    assert as_numbers([1, 2.5]).tolist() == [1, 2.5]


def test_numbers_that_differ_are_shown_with_digits_that_differ():
    assert difference(0.23119, 0.23121, 1e-6) == "0.23119; 0.23121 is expected"
    assert difference(17154, 16330, 1e-6) == "17154; 16330 is expected"
    assert difference(0.5, 0.25, 1e-6).startswith("0.5; 0.25 is expected")


def test_a_wrong_result_is_told_in_a_whole_sentence_with_its_short_list():
    check = FunctionCheck(
        "my_pair", lambda sizes: (sum(sizes), sizes), "yes", [], lambda rng: [([3, 2],)]
    )
    said = check.judge(lambda sizes: (4, sizes)).message
    assert said == "with sizes = [3, 2] element 0 is 4; 5 is expected"
