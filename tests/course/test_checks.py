"""The checks: every lesson's teach, and every kind of answer gets one clear verdict."""

import doctest
import importlib
import sys
import warnings
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlesson import course
from nnlesson.course import checks as checks_module
from nnlesson.course.answers import is_blank
from nnlesson.course.checks import (
    Check,
    ChoiceCheck,
    Either,
    FunctionCheck,
    PropertyCheck,
    Rule,
    Seen,
    ValueCheck,
    assert_check_teaches,
)
from nnlesson.course.values import as_numbers, brief, difference, same_shape

NO_FACTOR = "one factor is missing: a (1 - a)"
AT_A = "this is the slope at a, but a is the output already"
NO_SUM = "your db has shape {shape}: one row per example; sum over the batch"
LESSONS = [
    importlib.import_module(f"nnlesson.course.{path.parent.name}.checks")
    for path in sorted(Path(course.__file__).parent.glob("lesson*/checks.py"))
]


@pytest.mark.parametrize(
    "check",
    [c for lesson in LESSONS for c in vars(lesson).values() if isinstance(c, Check)],
    ids=repr,
)
def test_every_check_of_the_lessons_teaches(check):
    assert_check_teaches(check)


def test_the_example_for_teachers_runs():
    assert doctest.testmod(checks_module) == (0, 3)


def slope(a):
    return a * (1 - a)


def changes(a):
    a -= a**2
    return a


def raising(error):
    """An answer that raises the error."""

    def answer(a):
        raise error

    return answer


def wrong_at_a(a):
    s = 1 / (1 + np.exp(-a))
    return s * (1 - s)


def affine_backward(x, dz):
    return x.T @ dz, dz.sum(axis=0)


def function_check(solution=slope, mistakes=None, cases=lambda rng: [(rng.uniform(0, 1, 3),)]):
    return FunctionCheck("slope", solution, "yes", mistakes or {}, cases)


@pytest.fixture
def slope_check():
    return FunctionCheck(
        "slope",
        slope,
        "the output alone is enough",
        {NO_FACTOR: lambda a: 1 - a, AT_A: Either(wrong_at_a, lambda a: wrong_at_a(a) + 0)},
        cases=lambda rng: [(rng.uniform(0, 1, (4, 3)),), (0.5,)],
    )


@pytest.fixture
def affine_check():
    return FunctionCheck(
        "affine_backward",
        affine_backward,
        "one column of dW per neuron",
        {
            NO_SUM: {"db": lambda x, dz: dz},
            "the loss already divides by n": {"db": lambda x, dz: dz.mean(axis=0)},
            "this is dW transposed": {"dW": lambda x, dz: dz.T @ x},
            "both are halved": lambda x, dz: (x.T @ dz / 2, dz.sum(axis=0) / 2),
            "x must be transposed: (d, n) @ (n, m)": {"dW": lambda x, dz: x @ dz},
            "the bias does learn": {"db": 0.0},
        },
        cases=lambda rng: [(rng.normal(size=(5, 4)), rng.normal(size=(5, 3)))],
        parts=("dW", "db"),
    )


ARRAY = ValueCheck("w", np.array([1.0, 2]), "yes", {"swapped": np.array([2.0, 1])})
MIXED = ValueCheck("v", [1, "a"], "yes", {})
CHOICE = ChoiceCheck("which", "b", "yes", {"a": "too early", "c": "too late"})
NUMBER = ValueCheck(
    "n", 16330, "yes", {"count the biases too": 16280, "below 0": Seen(lambda n: n < 0, -1)}
)
WEIGHTS = PropertyCheck(
    "and_weights",
    (1, 1, -1.5),
    "yes",
    {
        "three numbers: w1, w2, b": Rule(lambda w: len(w) == 3, (1, 1)),
        "(1, 1) must give 1": Rule(lambda w: sum(w) > 0, (1, 1, -3)),
        "(1, 0) must give 0": Rule(lambda w: w[0] + w[2] <= 0 and w[1] + w[2] <= 0, (1, 1, 0)),
    },
)


def test_every_kind_of_check_teaches(slope_check, affine_check):
    for check in (slope_check, affine_check, NUMBER, ARRAY, CHOICE, WEIGHTS):
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


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (function_check(), "at least one mistake"),
        (function_check(mistakes={"none": lambda a: a - a**2}), "'none' gets 'right"),
        (
            function_check(mistakes={"first": lambda a: 1 - a, "second": lambda a: -a + 1}),
            "'second' gets another message: 'first'",
        ),
        (function_check(mistakes={"zero": lambda a: 0 * a}), "'zero' is the same number in every"),
        (PropertyCheck("w", 1, "yes", {"be 2": Rule(lambda w: w == 2, 3)}), "its own solution"),
    ],
)
def test_a_check_that_does_not_teach_is_refused(check, said):
    with pytest.raises(AssertionError, match=said):
        assert_check_teaches(check)


def test_a_number_for_every_case_may_be_a_mistake_that_is_meant():
    assert_check_teaches(function_check(lambda a: a.sum(), {"0.1 is chance": 0.1}))


def test_blanks(affine_check):
    def only_text(x, dz):
        """Return dW and db."""

    for blank in (..., None, only_text, lambda x, dz: None, lambda x, dz: (x.T @ dz, ...)):
        assert affine_check.judge(blank).status == "not started"
    assert not is_blank(lambda x: 3) and not is_blank(lambda x: "text") and not is_blank(np.exp)
    assert ValueCheck("w", (1, 2), "yes", {}).judge((1, ...)).status == "not started"


def test_a_missing_return_is_not_a_blank(slope_check):
    def no_return(a):
        a * (1 - a)

    assert "return line missing" in slope_check.judge(no_return).message
    assert "return it instead" in slope_check.judge(lambda a: print(slope(a))).message


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

    def deep(a):
        return deep(a)

    def out_of_order(a):
        return function_of_an_earlier_cell(a)  # noqa: F821

    def early(a):
        b = b + a  # noqa: F821
        return b

    for answer, said in [
        (raising(SystemExit(3)), "stopped with SystemExit"),
        (deep, "calls itself without end: your code stopped with RecursionError"),
        (raising(Nasty()), "stopped with Nasty"),
        (out_of_order, "run the cells above first"),
        (early, "before you use it"),
    ]:
        verdict = slope_check.judge(answer)
        assert verdict.status == "not yet" and said in verdict.message
    assert len(slope_check.judge(raising(ValueError("x" * 10**6))).message) < 500
    with pytest.raises(KeyboardInterrupt):  # an endless loop can be stopped
        slope_check.judge(raising(KeyboardInterrupt()))


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
    given = slope_check.cases[0][0].copy()
    verdict = slope_check.judge(changes)
    assert verdict.status == "not yet"
    assert "changes its input a" in verdict.message and "copy" in verdict.message
    assert np.array_equal(slope_check.cases[0][0], given)  # the case itself is safe


def test_a_mistake_may_be_about_the_changed_input():
    message = "-= writes into the caller's array: write a = a - ..."
    check = function_check(mistakes={message: changes})
    assert check.judge(changes).message == message
    assert check.judge(slope).status == "right"


def test_the_mistake_that_explains_most_is_told_with_what_is_left(affine_check):
    def said(answer):
        return affine_check.judge(answer).message

    assert said(lambda x, dz: (x.T @ dz, dz)) == NO_SUM.replace("{shape}", "(5, 3)")
    assert said(lambda x, dz: (x.T @ dz / 2, dz.sum(axis=0) / 2)) == "both are halved"
    assert said(lambda x, dz: (dz.T @ x, 3 * dz[0])) == (
        "this is dW transposed. And db must still change"
    )
    unknown = said(lambda x, dz: (x.T @ dz, 3 * dz.sum(axis=0)))
    assert "db is" in unknown and "3 times every value" in unknown
    assert "a tuple of length 3; the length 2 is needed" in said(lambda x, dz: (1, 2, 3))


def test_the_parts_of_an_array_are_those_of_a_tuple():
    check = FunctionCheck(
        "both", lambda a: (a, a + 1), "yes", {"no 1": {"up": lambda a: a}},
        lambda rng: [(2.0,), (3.0,)], parts=("same", "up"),
    )  # fmt: skip
    assert check.judge(lambda a: np.array([a, a + 1])).status == "right"
    assert check.judge(lambda a: np.array([a, a])).message == "no 1"


def test_a_mistake_that_raises_is_recognised_by_what_it_raises_and_where(affine_check):
    known = "x must be transposed: (d, n) @ (n, m) (your code stopped with"

    by_hand = affine_check.judge(lambda x, dz: (np.dot(x, dz), 0)).message
    elsewhere = affine_check.judge(lambda x, dz: np.zeros((2, 4)) @ dz).message
    assert affine_check.judge(lambda x, dz: (x @ dz, 0)).message.startswith(known)
    assert by_hand.startswith(f"perhaps: {known}")
    assert elsewhere.startswith("your code stopped with")
    assert affine_check.judge(eval("lambda x, dz: (x @ dz, 0)")).message.startswith("perhaps: ")


def test_a_mistake_can_be_recognised_by_a_rule():
    negative = Seen(lambda results, cases: np.any(results[0] < 0), lambda z: 2 * z)
    check = function_check(lambda z: z**2, {"never negative": negative}, lambda rng: [(-3.0,)])
    assert_check_teaches(check)
    assert check.judge(lambda z: z - 1).message == "never negative"
    assert check.judge(lambda z: 8.0).message == "with z = -3 the result is 8; 9 is expected"


def test_of_two_mistakes_that_explain_as_much_the_one_with_less_beside_is_told():
    mistakes = {"both": lambda a: (2 * a, 3 * a), "one alone": {"x": lambda a: 2 * a}}
    check = FunctionCheck(
        "two", lambda a: (a, a), "yes", mistakes, lambda rng: [(2.0,), (3.0,)], parts=("x", "y")
    )
    assert check.judge(lambda a: (2 * a, a)).message == "one alone"
    assert check.judge(lambda a: (2 * a, 5 * a)).message == "one alone. And y must still change"
    assert check.judge(lambda a: np.array(a)).message.endswith("a tuple of 2 is needed")


def test_an_exception_inside_a_library_is_known_by_the_line_that_called_it():
    check = function_check(
        mistakes={"not square": lambda a: np.linalg.inv(a)},
        cases=lambda rng: [(rng.uniform(0, 1, (2, 3)),)],
    )
    assert check.judge(lambda a: np.linalg.inv(a)).message.startswith("not square (your code")


def test_a_turned_sign_and_nan_are_told_in_words():
    assert difference(-2.5, 2.5, 1e-6).endswith("Only the sign is turned")
    for nan in (float("nan"), Decimal("sNaN")):
        assert "0/0" in difference(nan, 1.0, 1e-6)


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        (np.zeros((3, 5)), np.zeros((5, 3)), "It is transposed"),
        ([1.0, "a"], np.zeros(2), "a list of length 2; an array of shape (2,)"),
        ([1.0, 2.0], np.zeros(3), "a list of length 2; the shape (3,)"),
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
        (Decimal("0.5"), 0.5),
        ([[1, Fraction(1, 2)]], np.array([[1, 0.5]])),
        (np.ones((2, 3)), (np.ones(3), np.ones(3))),
        (np.array(0.5), 0.5),
        (1, True),
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
@settings(max_examples=200, deadline=None)
def test_no_answer_whatever_makes_a_check_raise(answer):
    assert len(brief(answer)) <= 60
    for check in (NUMBER, ARRAY, MIXED, CHOICE, WEIGHTS, function_check()):
        for tried in (answer, lambda a: answer):
            verdict = check.judge(tried)
            assert verdict.status in ("not started", "not yet", "right")
            assert len(str(verdict)) < 600


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

    one = PropertyCheck("p", 1, "yes", {"one": Rule(lambda w: w == 1, 2)})
    text = ValueCheck("v", "text", "yes", {})
    for check in (slope_check, ARRAY, MIXED, text, one, CHOICE):
        for answer in (Hostile(), [Hostile(), 1], lambda a: Hostile()):
            assert check.judge(answer).status == "not yet"


def test_verdicts_are_the_same_every_time(slope_check):
    shouts = raising(ValueError(f"no use for {object()}"))
    answers = [lambda a: a + 1, shouts, object(), lambda a: [object()], lambda a: 2 * slope(a)]
    for answer in answers:
        assert str(slope_check.judge(answer)) == str(slope_check.judge(answer))
        assert " at 0x" not in str(slope_check.judge(answer))
    assert "2 times every value" in slope_check.judge(answers[-1]).message
    said = [check.judge(x) for check in (NUMBER, CHOICE) for x in (object(), [object()])]
    assert " at 0x" not in str(said)


@pytest.mark.parametrize("answer", [" B ", "b:", "(b)", "line b", "Plan B.", ["b"]])
def test_a_choice_may_be_dressed(answer):
    assert CHOICE.judge(answer).status == "right"


@pytest.mark.parametrize("answer", ["d", "a b", "not b", ["a", "b"], "", 2])
def test_what_is_no_choice_is_told_the_choices(answer):
    assert CHOICE.judge(answer).message.endswith("choose one of 'a', 'b', 'c'")


def test_a_defect_of_the_check_itself_is_not_blamed_on_the_learner():
    with pytest.raises(TypeError):
        function_check(lambda a: a / None).judge(lambda a: a)


def test_numbers_of_any_size_are_described():
    assert brief(10**400) == "inf" and brief(-(10**400)) == "-inf" and brief(7) == "7"
    assert as_numbers("a") is None and as_numbers([1, [2, 3]]) is None
    assert as_numbers([1, 2.5]).tolist() == [1, 2.5]


def test_numbers_that_differ_are_shown_with_digits_that_differ():
    assert difference(0.23119, 0.23121, 1e-6) == "0.23119; 0.23121 is expected"
    assert difference(17154, 16330, 1e-6) == "17154; 16330 is expected"
    assert difference(0.5, 0.25, 1e-6).startswith("0.5; 0.25 is expected")
    assert difference([1, 2], (1, 3), 1e-6) == "2 at index 1; 3 is expected"


def test_a_wrong_result_is_told_in_a_whole_sentence_with_its_short_list():
    check = function_check(lambda sizes: (sum(sizes), sizes), cases=lambda rng: [([3, 2],)])
    said = check.judge(lambda sizes: (4, sizes)).message
    assert said == "with sizes = [3, 2] element 0 is 4; 5 is expected"


def test_infinity_is_near_to_nothing_but_infinity():
    assert difference(1.0, np.inf, 1e-6) is not None
    assert difference(np.inf, np.inf, 1e-6) is None
    assert difference(-np.inf, np.inf, 1e-6) is not None
