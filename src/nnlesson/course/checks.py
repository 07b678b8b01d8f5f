"""The checks: recognise a known mistake in an answer, and say what to do next in one verdict.

A check is called with the learner's answer and prints a line that starts with `not started:`,
`not yet:` or `right:`. It recognises a mistake by making it: it holds wrong answers, each under
the message it earns, and compares what the learner's answer gives with what those give.

To write a check, think of the wrong answers first: what would a learner write who is nearly right?

>>> check = FunctionCheck(
...     "my_slope",
...     solution=lambda a: a * (1 - a),
...     right="the output a is all you need",
...     mistakes={
...         "one factor is missing: the slope is a times (1 - a)": lambda a: 1 - a,
...         "the sign is turned: it is 1 - a, not a - 1": lambda a: a * (a - 1),
...     },
...     cases=lambda rng: [(rng.uniform(0, 1, (4, 3)),), (0.5,)],
... )
>>> check(lambda a: 1 - a)
not yet: one factor is missing: the slope is a times (1 - a)
>>> assert_check_teaches(check)  # in a test: the blank, the solution and each mistake are known

ValueCheck is for a number or an array, ChoiceCheck for one of several letters, PropertyCheck for
what can be right in many ways. A mistake may also be `Either(f, g)`, several with one message;
`Seen(when, wrong)`, recognised by a rule; and, where a FunctionCheck names its parts,
`{"dW": lambda x, W, dout: x @ dout}`, wrong in this part alone. A plain value is a constant answer.

The lessons' own checks read all this as formulas from a file beside them: see formulas.py.
"""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from nnlesson.course.answers import (
    Outcome,
    alike,
    as_text,
    describe_error,
    has_ellipsis,
    held,
    is_blank,
    try_answer,
)
from nnlesson.course.values import (
    as_numbers,
    brief,
    describe_shape,
    difference,
    is_real,
    same_shape,
    split,
)

WHOLE = -1  # stands for the whole result where the index of a part could stand


class Status(StrEnum):
    """How far an answer is."""

    NOT_STARTED = "not started"
    NOT_YET = "not yet"
    RIGHT = "right"


@dataclass(frozen=True)
class Verdict:
    """What a check found, and what to do next."""

    status: Status
    message: str
    aside: str = ""  # what the learner's function printed or NumPy warned of

    def __str__(self) -> str:
        text = f"{self.status}: {self.message}"
        return f"{text}\n{self.aside}" if self.aside else text


class Seen(NamedTuple):
    """A mistake recognised by a rule, and an answer that makes it.

    A ValueCheck calls `when(answer)`, a FunctionCheck `when(results, cases)`.
    """

    when: Callable[..., Any]
    wrong: Any


class Rule(NamedTuple):
    """What a right answer must satisfy, and an answer that does not."""

    holds: Callable[[Any], Any]
    wrong: Any


class Either:
    """Several wrong answers with one and the same cause."""

    def __init__(self, *wrongs: Any) -> None:
        self.wrongs = wrongs


class Mistake(NamedTuple):
    """One wrong answer, its message, and the rule that recognises it, if there is one."""

    message: str
    wrong: Any
    when: Callable[..., Any] | None


def _listed(mistakes: Mapping[str, Any]) -> list[Mistake]:
    listed = []
    for message, given in mistakes.items():
        for wrong in given.wrongs if isinstance(given, Either) else [given]:
            when, example = wrong if isinstance(wrong, Seen) else (None, wrong)
            listed.append(Mistake(message, example, when))
    return listed


@dataclass(eq=False, repr=False)
class Check:
    """What all checks share: call it to print a verdict; `judge` returns the verdict instead.

    `name` is the name of the blank in the notebook, `solution` an answer that is right, `right`
    what the learner is told then, `mistakes` a dict of messages with the wrong answer of each.
    """

    name: str
    solution: Any
    right: str
    mistakes: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.known = _listed(self.mistakes)

    def __call__(self, answer: Any) -> None:
        """Print the verdict on an answer; return nothing, so that a cell shows only the verdict."""
        print(self.judge(answer))

    def __repr__(self) -> str:
        return f"<check of {self.name}>"

    def judge(self, answer: Any) -> Verdict:
        """The verdict on an answer; it never raises, whatever the answer is or does."""
        if is_blank(answer) or has_ellipsis(answer):
            return self.not_started()
        return self._judge(answer)

    def _judge(self, answer: Any) -> Verdict:
        raise NotImplementedError

    def not_started(self) -> Verdict:
        """The verdict on a blank."""
        what = "write your answer in place of the three dots"
        return Verdict(Status.NOT_STARTED, f"{self.name} is still blank; {what}")

    def not_yet(self, message: str, aside: str = "") -> Verdict:
        """The verdict on a wrong answer."""
        return Verdict(Status.NOT_YET, message, aside)

    def wrong_answers(self) -> list[tuple[Any, str]]:
        """Each known wrong answer with the message it must get, for tests."""
        return [(m.wrong, m.message) for m in self.known]

    def accidental(self) -> list[str]:
        """Messages whose mistake is one number whatever the arguments are, for tests."""
        return []


@dataclass(eq=False, repr=False)
class ValueCheck(Check):
    """A check of a number, an array, or a tuple, list or dict of these.

    `tolerance` is relative, absolute below 1.
    """

    tolerance: float = 1e-6

    def _judge(self, answer: Any) -> Verdict:
        if difference(answer, self.solution, self.tolerance) is None:
            return Verdict(Status.RIGHT, self.right)
        shape = same_shape(answer, self.solution)
        for message, wrong, when in self.known:
            same = difference(answer, wrong, self.tolerance) is None
            if same or (when is not None and not shape and held(when, answer)):
                return self.not_yet(message)
        if shape:
            return self.not_yet(f"{self.name} is {shape}")
        return self.not_yet(f"{self.name} is {brief(answer)}; that is not it. Try a hint")


class ChoiceCheck(Check):
    """A check of one choice out of several, given as a text such as 'b'.

    `why` gives each wrong choice its own message. 'B', '(b)', 'line b' and ['b'] mean b, too.
    """

    def __init__(self, name: str, solution: str, right: str, why: Mapping[str, str]):
        super().__init__(name, solution, right, {message: c for c, message in why.items()})
        self.choices = sorted([solution, *why])

    def _judge(self, answer: Any) -> Verdict:
        words = re.findall(r"\w+", as_text(answer).casefold())
        if words and words[0] in ("answer", "choice", "line", "option", "plan"):
            words = words[1:]
        if words == [self.solution.casefold()]:
            return Verdict(Status.RIGHT, self.right)
        for message, wrong, _ in self.known:
            if words == [wrong.casefold()]:
                return self.not_yet(message)
        names = ", ".join(repr(c) for c in self.choices)
        return self.not_yet(f"{self.name} is {brief(answer)}; choose one of {names}")


class PropertyCheck(Check):
    """A check of an answer that can be right in many ways, such as weights that make an AND.

    `rules` is a dict of messages with a Rule each. They are tried in order; the first that does
    not hold gives its message. What a rule raises counts as not holding.
    """

    def __init__(self, name: str, solution: Any, right: str, rules: Mapping[str, Rule]):
        super().__init__(name, solution, right, {m: rule.wrong for m, rule in rules.items()})
        self.rules = dict(rules)

    def _judge(self, answer: Any) -> Verdict:
        for message, rule in self.rules.items():
            if not held(lambda a, rule=rule: rule.holds(copy.deepcopy(a)), answer):
                return self.not_yet(message)
        return Verdict(Status.RIGHT, self.right)


@dataclass(eq=False, repr=False)
class FunctionCheck(Check):
    """A check that calls the learner's function on seeded random cases.

    `cases(rng)` returns a list of tuples of arguments. The results must agree with those of
    `solution`, within `tolerance` (relative, absolute below 1). `parts` names the elements of a
    tuple result. Of the mistakes that share a wrong part with the answer, the one that explains
    most of its wrong parts is told, the first of equals.
    """

    cases: Callable[[np.random.Generator], list[tuple]]
    tolerance: float = 1e-6
    parts: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.given = self.cases(np.random.default_rng(0))
        self.arguments = list(inspect.signature(self.solution).parameters)

    def wrong_answers(self) -> list[tuple[Any, str]]:
        """Each known wrong answer, as a function, with the message it must get, for tests."""
        return [(self._as_function(m.wrong), m.message) for m in self.known]

    def _as_function(self, wrong: Any) -> Callable:
        if callable(wrong):
            return wrong

        def answer(*arguments: Any) -> Any:
            if not isinstance(wrong, dict):
                return wrong
            parts = dict(zip(self.parts, self.solution(*arguments), strict=True))
            for name, part in wrong.items():
                parts[name] = part(*arguments) if callable(part) else part
            return tuple(parts.values())

        return answer

    @cached_property
    def _made(self) -> list[tuple[Mistake, Outcome]]:
        """Each mistake, and what it does on all cases."""
        return [(m, self.run(self._as_function(m.wrong))) for m in self.known]

    def run(self, function: Callable) -> Outcome:
        """What a function does on all cases."""
        return try_answer(function, self.given, self.arguments)

    def _judge(self, answer: Any) -> Verdict:
        if not callable(answer):
            return self.not_yet(f"{self.name} must be a function; it is {describe_shape(answer)}")
        refused = self._refuses_arguments(answer)
        if refused:
            return self.not_yet(refused)
        got, wanted = self.run(answer), self.run(self.solution)
        if wanted.error is not None:
            raise wanted.error  # a defect of the check, not of the answer
        if any(has_ellipsis(r) for r in got.results):
            return self.not_started()
        wrong = self._wrong_parts(got, wanted)
        if not wrong and not got.changed:
            return Verdict(Status.RIGHT, self.right, got.aside)
        known = self._recognise(got, wanted, wrong)
        if known is None:
            return self.not_yet(self._generic(answer, got, wanted, wrong), got.aside)
        message, explained = known
        others = [self.parts[part] for part in wrong if part not in explained]
        if others:
            message += f". And {' and '.join(others)} must still change"
        if got.error is not None:
            message += f" ({describe_error(got.error, answer)})"
        return self.not_yet(message, got.aside)

    def _refuses_arguments(self, answer: Callable) -> str:
        try:
            signature = inspect.signature(answer)
        except (ValueError, TypeError):
            return ""
        try:
            signature.bind(*self.given[0])
        except TypeError:
            given = ", ".join(self.arguments)
            return f"{self.name} is called as {self.name}({given}); yours takes {signature}"
        return ""

    def _part(self, outcome: Outcome, case: int, part: int) -> Any:
        result = outcome.results[case] if case < len(outcome.results) else None
        pieces = split(result, len(self.parts)) if part != WHOLE else None
        return result if pieces is None else pieces[part]

    def _wrong_parts(self, got: Outcome, wanted: Outcome) -> list[int]:
        """The parts that are wrong, WHOLE when the result cannot be taken apart."""
        whole = any(split(result, len(self.parts)) is None for result in got.results)
        if got.error is not None or whole or not self.parts:
            return [] if self._agree(got, wanted, WHOLE) else [WHOLE]
        return [p for p in range(len(self.parts)) if not self._agree(got, wanted, p)]

    def _agree(self, got: Outcome, other: Outcome, part: int) -> bool:
        """Whether two answers gave the same on every case, or stopped at the same case alike."""
        stopped = got.error is not None or other.error is not None
        if len(got.results) != len(other.results) or (stopped and not alike(got, other)):
            return False
        return all(
            difference(self._part(got, i, part), self._part(other, i, part), self.tolerance) is None
            for i in range(len(got.results))
        )

    def _recognise(
        self, got: Outcome, wanted: Outcome, wrong: list[int]
    ) -> tuple[str, list[int]] | None:
        """The message of the mistake that explains most, with the parts that it explains."""
        best, found = (0, 0.0, 0), None
        for (message, _, when), other in self._made:
            theirs = self._wrong_parts(other, wanted)
            if when is not None:
                seen = got.error is None and held(when, got.results, self.given)
                shared = wrong if seen else []
            elif not wrong:  # the results are right; only a modified argument is wrong
                shared = [] if theirs else [WHOLE]
            else:
                shared = [p for p in wrong if p in theirs and self._agree(got, other, p)]
            sure = 1.0 if got.error is None else alike(got, other)
            score = (len(shared), sure, -len(set(theirs) - set(shared)))
            if score > best and shared:
                best, found = score, (message if sure == 1 else f"perhaps: {message}", shared)
        return found

    def _generic(self, answer: Callable, got: Outcome, wanted: Outcome, wrong: list[int]) -> str:
        if got.error is not None:
            return describe_error(got.error, answer)
        if not wrong:
            return (
                f"the result is right, but {self.name} changes its input {got.changed}. "
                "Work on a copy, so that the caller's array stays as it was"
            )
        if got.results[0] is None:
            if got.printed:
                return f"{self.name} prints its result and returns nothing: return it instead"
            return f"{self.name} returns nothing (None). Is the return line missing?"
        part = wrong[0]
        for i in range(len(self.given)):
            given, needed = self._part(got, i, part), self._part(wanted, i, part)
            off = difference(given, needed, self.tolerance)
            if off:
                if part != WHOLE:
                    off = f"{self.parts[part]} is {off}"
                elif not off.startswith("element "):
                    off = f"the result is {off}"
                return f"with {self._describe_case(i)} {off}"
        return "the result is not right yet"

    def _describe_case(self, index: int) -> str:
        said = []
        for name, value in zip(self.arguments, self.given[index], strict=False):
            if isinstance(value, np.ndarray) and value.ndim:
                said.append(f"{name} of shape {value.shape}")
            elif is_real(value) or isinstance(value, (str, np.ndarray)) or _is_short(value):
                said.append(f"{name} = {brief(value)}")
            elif callable(value):
                said.append(f"a function {name}")
            else:
                said.append(f"{name}, {describe_shape(value)},")
        return " and ".join(said)

    def accidental(self) -> list[str]:
        """Messages whose mistake is one number whatever the arguments are, for tests.

        Any other answer may give that number by accident. Constants that are meant are written
        as such (0.1, not a function), or recognised by a rule.
        """
        found, wanted = [], self.run(self.solution)
        for mistake, other in self._made:
            written = mistake.wrong if isinstance(mistake.wrong, dict) else {"": mistake.wrong}
            meant = mistake.when is not None or not any(map(callable, written.values()))
            given = [
                as_numbers(self._part(other, i, part))
                for part in self._wrong_parts(other, wanted)
                for i in range(len(other.results))
            ]
            numbers = {number for array in given if array is not None for number in array.flat}
            if not meant and other.error is None and len(numbers) == 1:
                found.append(mistake.message)
        return found


def _is_short(value: Any) -> bool:
    """A list of so few numbers that it can stand in a sentence."""
    return isinstance(value, list) and len(value) <= 6 and all(is_real(v) for v in value)


def assert_check_teaches(check: Check) -> None:
    """Assert that a check knows the blank, the right answer and each of its mistakes.

    Every mistake must get its own message, and answers of a wrong kind a clean 'not yet'.
    One line per check in a test: teachers who add an exercise use it too.
    """
    assert check.wrong_answers(), f"{check}: give it at least one mistake"
    blanks = [..., None, lambda *arguments: ...]
    for blank in blanks if isinstance(check, FunctionCheck) else blanks[:2]:
        status = check.judge(blank).status
        assert status == Status.NOT_STARTED, f"{check}: the blank {blank!r} gets '{status}'"
    verdict = check.judge(check.solution)
    assert verdict.status == Status.RIGHT, f"{check}: its own solution gets '{verdict}'"
    for wrong, message in check.wrong_answers():
        verdict = check.judge(wrong)
        told = f"{check}: the mistake '{message}' gets"
        assert verdict.status == Status.NOT_YET, f"{told} '{verdict}'"
        assert message and verdict.message.startswith(message), (
            f"{told} another message: '{verdict.message}'"
        )
    for message in check.accidental():
        raise AssertionError(f"{check}: the mistake '{message}' is the same number in every case")
    assert_check_is_sturdy(check)


def assert_check_is_sturdy(check: Check) -> None:
    """Assert that nonsense answers get a short 'not yet', never an exception or a flood."""
    values = [object(), "text", [1, "a"], 2j, np.array([None]), np.full(3, np.nan), {}, set()]
    for value in [*values, np.zeros((1000, 1000)), [[1], [1, 2]], float("nan"), 10**400]:
        answers = [value, lambda *arguments, value=value: value]
        for answer in answers:
            verdict = check.judge(answer)
            assert verdict.status == Status.NOT_YET, f"{check}: {brief(value)} gets '{verdict}'"
            assert len(str(verdict)) < 1500, f"{check}: a flood for {brief(value)}"
    assert str(check.judge(check.solution)) == str(check.judge(check.solution))
