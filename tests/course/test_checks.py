"""The checks: every lesson's teach, and every kind of answer gets one clear verdict."""

import doctest
import importlib
import re
import runpy
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
from nnlesson.course import checks
from nnlesson.course.answers import is_blank
from nnlesson.course.checks import Check, FunctionCheck, PropertyCheck, Rule, Seen, ValueCheck
from nnlesson.course.values import brief, difference


def of_lessons():
    """Each check of the lessons with its answers: right ones, and wrong ones with some words.

    They stand in the lesson's answers.py. A check sees results only: what gives the numbers of a
    mistake in checks.toml gets its message, and is not tried again here.
    """
    for path in sorted(Path(course.__file__).parent.glob("lesson*/checks.py")):
        lesson, here = path.parent.name, Path(__file__).parent
        answers = runpy.run_path(str(here / lesson / "answers.py"))
        named = vars(importlib.import_module(f"nnlesson.course.{lesson}.checks")).values()
        of_lesson = {check.name: check for check in named if isinstance(check, Check)}
        assert set(of_lesson) == set(answers["RIGHT"]) >= set(answers["WRONG"])
        for name, check in of_lesson.items():
            case = check, answers["RIGHT"][name], answers["WRONG"].get(name, [])
            yield pytest.param(*case, id=f"{lesson}-{name}")


@pytest.mark.parametrize("check, right, wrong", [*of_lessons()])
def test_every_check_of_the_lessons_teaches_and_knows_answers_of_another_form(check, right, wrong):
    checks.assert_check_teaches(check)
    for answer in right:
        assert check.judge(answer).status == "right", (answer, check.judge(answer))
    for answer, words in wrong:
        verdict = check.judge(answer)
        assert verdict.status != "right" and words in verdict.message, (answer, verdict)


def test_the_example_for_teachers_runs():
    assert doctest.testmod(checks) == (0, 3)


# ---- checks to try, and answers ----


def slope(a):
    return a * (1 - a)


def function_check(solution, mistakes, cases=lambda rng: [(rng.uniform(0, 1, 3),)], parts=()):
    return FunctionCheck("f", solution, "yes", mistakes, cases, parts=parts)


SLOPE = function_check(
    slope, {"no factor": lambda a: 1 - a}, lambda rng: [(rng.uniform(0, 1, (4, 3)),), (0.5,)]
)
AFFINE = function_check(
    lambda x, dz: (x.T @ dz, dz.sum(axis=0)),
    {
        "one db per example: sum": {"db": lambda x, dz: dz},
        "the loss already divides by n": {"db": lambda x, dz: dz.mean(axis=0)},
        "dW is transposed": {"dW": lambda x, dz: dz.T @ x},
        "both are halved": lambda x, dz: (x.T @ dz / 2, dz.sum(axis=0) / 2),
        "x must be transposed": {"dW": lambda x, dz: x @ dz},
        "the bias does learn": {"db": 0.0},
    },
    lambda rng: [(rng.normal(size=(5, 4)), rng.normal(size=(5, 3)))],
    ("dW", "db"),
)
TWO = function_check(
    lambda a: (a, a),
    {"both": lambda a: (2 * a, 3 * a), "one alone": {"x": lambda a: 2 * a}},
    lambda rng: [(2.0,), (3.0,)],
    ("x", "y"),
)
POSITIVE = function_check(
    lambda z: z**2,
    {"never negative": Seen(lambda results, cases: np.any(results[0] < 0), lambda z: 2 * z)},
    lambda rng: [(-3.0,)],
)
INVERSE = function_check(
    slope, {"not square": lambda a: np.linalg.inv(a)}, lambda rng: [(np.ones((2, 3)),)]
)
LISTS = function_check(lambda sizes: (sum(sizes), sizes), {}, lambda rng: [([3, 2],)])
ARRAY = ValueCheck("w", np.array([1.0, 2]), "yes", {"swapped": np.array([2.0, 1])})
MIXED = ValueCheck("v", [1, "a"], "yes", {})
CHOICE = checks.ChoiceCheck("which", "b", "yes", {"a": "too early", "c": "too late"})
COUNT = ValueCheck("n", 16330, "yes", {"below 0": Seen(lambda n: n < 0, -1)})
ONE = PropertyCheck("p", 1, "yes", {"one": Rule(lambda w: w == 1, 2)})


def changes(a):
    a -= a**2
    return a


IN_PLACE = function_check(slope, {"write a = a - ...": changes})


def raising(error):
    """An answer that raises the error."""

    def answer(a):
        raise error

    return answer


class Hostile(Exception):
    """Something that raises whatever is asked of it."""

    def refuse(self, *arguments, **options):
        raise RuntimeError(f"no use for {object()}")

    __eq__ = __repr__ = __str__ = __array__ = __bool__ = refuse
    __hash__ = None


def broken(a):
    b = a + 1
    return b @ np.ones(7)


LINE = broken.__code__.co_firstlineno + 2


def deep(a):
    return deep(a)


# ---- the verdicts ----


@pytest.mark.parametrize(
    ("check", "answer", "said"),
    [
        (SLOPE, lambda a: [].append(a), r"f returns nothing \(None\). Is the return line mis.*"),
        (SLOPE, lambda a: print(slope(a)), ".* prints its result .* return it instead"),
        (SLOPE, lambda a, z: a, r"f is called as f\(a\); yours takes \(a, z\)"),
        (SLOPE, lambda a: 2 * slope(a), ".*2 times every value that is expected"),
        (SLOPE, changes, "the result is right, but f changes its input a. .* copy,.*"),
        (IN_PLACE, changes, "write a = a - ..."),
        (SLOPE, broken, f"your .* ValueError: matmul.* in line {LINE}: return b @ np.ones.*"),
        (SLOPE, raising(SystemExit(3)), "your code stopped with SystemExit: 3 in line .*"),
        (SLOPE, raising(Hostile()), "your code stopped with Hostile in line .*"),
        (SLOPE, raising(ValueError("x" * 10**6)), "your code .*x{9}[.]{3} in line .{,40}"),
        (SLOPE, deep, "the function calls itself without end: your .* RecursionError.*"),
        (SLOPE, raising(UnboundLocalError("b")), "give the name a value before you use it: .*"),
        (SLOPE, lambda a: earlier(a), "run the cells above first.*"),  # noqa: F821
        (AFFINE, lambda x, dz: (x.T @ dz, dz), "one db per example: sum"),
        (AFFINE, lambda x, dz: (x.T @ dz / 2, sum(dz) / 2), "both are halved"),
        (AFFINE, lambda x, dz: (dz.T @ x, 0 * x), "dW is transposed. And db must still change"),
        (AFFINE, lambda x, dz: (x.T @ dz, 3 * sum(dz)), ".* db is .* 3 times every value .*"),
        (AFFINE, lambda x, dz: (1, 2, 3), ".* a tuple of length 3; the length 2 is needed"),
        # A mistake that raises is known by what it raises, and where.
        (AFFINE, lambda x, dz: (x @ dz, 0), r"x must be transposed \(your code stopped with.*"),
        (AFFINE, lambda x, dz: (np.dot(x, dz), 0), "perhaps: x must be transposed .*"),
        (AFFINE, eval("lambda x, dz: (x @ dz, 0)"), "perhaps: x must be transposed .*"),
        (AFFINE, lambda x, dz: np.zeros((2, 4)) @ dz, "your code stopped with .*"),
        (INVERSE, lambda a: np.linalg.inv(a), r"not square \(your code stopped .*"),
        # Of mistakes that explain as much, the one with less beside it.
        (TWO, lambda a: (2 * a, a), "one alone"),
        (TWO, lambda a: np.array([2 * a, a]), "one alone"),
        (TWO, lambda a: (2 * a, 5 * a), "one alone. And y must still change"),
        (TWO, lambda a: np.array(a), ".* a tuple of 2 is needed"),
        (POSITIVE, lambda z: z - 1, "never negative"),
        (POSITIVE, lambda z: 8.0, "with z = -3 the result is 8; 9 is expected"),
        (LISTS, lambda sizes: (4, sizes), r"with sizes = \[3, 2\] element 0 is 4; 5 is expected"),
    ],
)
def test_a_wrong_answer_is_told_what_to_do_next(check, answer, said):
    verdict = check.judge(answer)
    assert verdict.status == "not yet" and re.fullmatch(said, verdict.message), verdict


@pytest.mark.parametrize(
    ("check", "answer"),
    [(SLOPE, lambda a, z=0: slope(a)), (IN_PLACE, slope), (TWO, lambda a: np.array([a, a]))]
    + [(CHOICE, dressed) for dressed in (" B ", "b:", "(b)", "line b", "Plan B.", ["b"])],
)
def test_a_right_answer_may_be_dressed(check, answer):
    assert check.judge(answer).status == "right"


@pytest.mark.parametrize("answer", ["d", "a b", "not b", ["a", "b"], "", 2])
def test_what_is_no_choice_is_told_the_choices(answer):
    assert CHOICE.judge(answer).message.endswith("choose one of 'a', 'b', 'c'")


def test_blanks():
    def only_text(x, dz):
        """Return dW and db."""

    for blank in (..., None, only_text, lambda x, dz: None, lambda x, dz: (x.T @ dz, ...)):
        assert AFFINE.judge(blank).status == "not started"
    assert not is_blank(lambda x: 3) and not is_blank(lambda x: "text") and not is_blank(np.exp)
    assert ARRAY.judge((1, ...)).status == "not started"


def test_the_verdict_is_printed_once_and_nothing_is_returned(capsys):
    answers = [lambda a: ..., slope, lambda a: 1 - a]
    assert [SLOPE(answer) for answer in answers] == [None] * 3
    assert capsys.readouterr().out.splitlines() == [
        "not started: f is still blank; write your answer in place of the three dots",
        "right: yes",
        "not yet: no factor",
    ]


NOT_TEACHING = {
    "at least one mistake": function_check(slope, {}),
    "'none' gets 'right": function_check(slope, {"none": lambda a: a - a**2}),
    "'b' gets another message: 'a'": function_check(slope, dict.fromkeys("ab", lambda a: 1 - a)),
    "'zero' is the same number in every": function_check(slope, {"zero": lambda a: 0 * a}),
    "its own solution": PropertyCheck("w", 1, "yes", {"be 2": Rule(lambda w: w == 2, 3)}),
}


@pytest.mark.parametrize("said", NOT_TEACHING)
def test_a_check_that_does_not_teach_is_refused(said):
    with pytest.raises(AssertionError, match=said):
        checks.assert_check_teaches(NOT_TEACHING[said])


def test_a_defect_of_the_check_itself_is_not_blamed_on_the_learner():
    with pytest.raises(TypeError):
        function_check(lambda a: a / None, {}).judge(slope)


def test_an_endless_loop_can_be_stopped():
    with pytest.raises(KeyboardInterrupt):
        SLOPE.judge(raising(KeyboardInterrupt()))


def test_what_a_function_prints_is_shown_after_the_verdict_but_not_a_flood(capsys):
    def says(text):
        return lambda a: print(text, file=sys.stderr) or print(1) or slope(a)

    assert str(SLOPE.judge(says("a"))) == "right: yes\n(Your code printed: a\n1\na\n1)"
    flood = str(SLOPE.judge(says("z" * 10**6)))
    assert len(flood) < 700 and "first 500 of 2000006 characters" in flood
    assert capsys.readouterr() == ("", "")


def test_a_warning_is_told_and_does_not_reach_stderr():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = SLOPE.judge(lambda a: slope(a) + 0 * np.log(a * 0))
    assert "divide by zero" in verdict.aside and verdict.status == "not yet"


def test_an_answer_cannot_change_the_cases():
    before = SLOPE.given[0][0].copy()
    SLOPE.judge(changes)
    assert np.array_equal(SLOPE.given[0][0], before)


# ---- values ----


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
        (-2.5, 2.5, "-2.5; 2.5 is expected. Only the sign is turned"),
        (float("nan"), 1.0, "0/0"),
        (Decimal("sNaN"), 1.0, "0/0"),
        (1.0, np.inf, "1; inf is expected"),
        (-np.inf, np.inf, "-inf; inf is expected"),
        # As many digits as differ.
        (0.23119, 0.23121, "0.23119; 0.23121 is expected"),
        (17154, 16330, "17154; 16330 is expected"),
        (0.5, 0.25, "0.5; 0.25 is expected"),
        ([1, 2], (1, 3), "2 at index 1; 3 is expected"),
        # The same, whatever their dress.
        (Decimal("0.5"), 0.5, None),
        ([[1, Fraction(1, 2)]], np.array([[1, 0.5]]), None),
        (np.ones((2, 3)), (np.ones(3), np.ones(3)), None),
        (np.array(0.5), 0.5, None),
        (1, True, None),
        ((1, 0), [1, 0], None),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf]), None),
        ({"b": 2.0, "W": np.ones(2)}, {"W": np.ones(2), "b": 2}, None),
        ([np.ones(2), "x"], (np.ones(2), "x"), None),
        (np.ones(3, dtype=np.float32) / 3, np.ones(3) / 3, None),
    ],
)
def test_a_difference_is_said_in_words(got, expected, said):
    found = difference(got, expected, 1e-6)
    assert found is None if said is None else said in found


def test_numbers_of_any_size_are_described():
    assert [brief(n) for n in (10**400, -(10**400), 7)] == ["inf", "-inf", "7"]


# ---- any answer at all ----

PLAIN = [st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers()]
PLAIN += [st.text(max_size=5), st.just(...), st.just(object())]
KEYS = st.text(max_size=2)


@given(
    st.recursive(
        st.one_of(PLAIN),
        lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner),
        max_leaves=6,
    )
)
@settings(max_examples=200, deadline=None)
def test_no_answer_whatever_makes_a_check_raise(answer):
    assert len(brief(answer)) <= 60
    for check in (COUNT, ARRAY, MIXED, CHOICE, ONE, IN_PLACE):
        for tried in (answer, lambda a: answer):
            verdict = check.judge(tried)
            assert verdict.status in ("not started", "not yet", "right")
            assert len(str(verdict)) < 600 and str(verdict) == str(check.judge(tried))
            assert " at 0x" not in str(verdict)


@pytest.mark.parametrize("check", [SLOPE, ARRAY, MIXED, ONE, CHOICE])
def test_objects_with_hostile_methods_are_survived(check):
    for answer in (Hostile(), [Hostile(), 1], lambda a: Hostile(), lambda a: not Hostile()):
        verdict = check.judge(answer)
        assert verdict.status == "not yet" and " at 0x" not in str(verdict)
