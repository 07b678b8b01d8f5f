"""The checks: recognise a known mistake in an answer, and say what to do next in one verdict.

A check is called with the learner's answer and prints a line that starts with `not started:`,
`not yet:` or `right:`. It recognises a mistake by making it: each check holds wrong answers with
a message each, and compares what the learner's answer gives with what those give.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlesson.course.answers import (
    Outcome,
    describe_error,
    has_ellipsis,
    held,
    is_blank,
    safe_text,
    try_answer,
)
from nnlesson.course.values import brief, describe_shape, difference, is_real, same_shape


@dataclass(frozen=True)
class Verdict:
    """What a check found: status 'not started', 'not yet' or 'right', and what to do next."""

    status: str
    message: str
    aside: str = ""  # what the learner's function printed or NumPy warned of

    def __str__(self) -> str:
        text = f"{self.status}: {self.message}"
        return f"{text}\n{self.aside}" if self.aside else text


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong answer (a function or a value) and the message that points at its cause.

    `{shape}` in the message becomes the shape of the learner's first result. `when(results,
    cases) -> bool`, if given, recognises the mistake instead of comparing with `wrong`.
    """

    wrong: Any
    message: str
    when: Callable[[list[Any], list[tuple]], bool] | None = None


@dataclass(frozen=True)
class Rule:
    """What a right answer must satisfy, the message when it does not, and an answer that fails."""

    holds: Callable[[Any], bool]
    message: str
    wrong: Any


class Check:
    """What all checks share: call it to print a verdict; `judge` returns the verdict instead.

    `name` is the name of the blank in the notebook, `solution` an answer that is right, `right`
    what the learner is told then.
    """

    def __init__(self, name: str, solution: Any, right: str, mistakes: Sequence[Mistake] = ()):
        self.name, self.solution, self.right = name, solution, right
        self.mistakes = list(mistakes)

    def __call__(self, answer: Any) -> None:
        """Print the verdict on an answer; return nothing, so that a cell shows only the verdict."""
        print(self.judge(answer))

    def __repr__(self) -> str:
        return f"<check of {self.name}>"

    def judge(self, answer: Any) -> Verdict:
        """The verdict on an answer; it never raises, whatever the answer is or does."""
        if is_blank(answer):
            return self.not_started()
        return self._judge(answer)

    def _judge(self, answer: Any) -> Verdict:
        raise NotImplementedError

    def not_started(self) -> Verdict:
        """The verdict on a blank."""
        what = "write your answer in place of the three dots"
        return Verdict("not started", f"{self.name} is still blank; {what}")

    def blanks(self) -> list[Any]:
        """Answers that count as not started, for tests."""
        return [..., None]

    def wrong_answers(self) -> list[tuple[Any, str]]:
        """Each known wrong answer with the message it must get, for tests."""
        return [(m.wrong, m.message) for m in self.mistakes]


class ValueCheck(Check):
    """A check of a number, an array, or a tuple, list or dict of these.

    `mistakes` are Mistake(wrong value, message). `tolerance` is relative, absolute below 1.
    """

    def __init__(
        self,
        name: str,
        solution: Any,
        right: str,
        mistakes: Sequence[Mistake],
        tolerance: float = 1e-6,
        reveal: bool = False,
    ):
        super().__init__(name, solution, right, mistakes)
        self.tolerance, self.reveal = tolerance, reveal

    def _judge(self, answer: Any) -> Verdict:
        if has_ellipsis(answer):
            return self.not_started()
        off = difference(answer, self.solution, self.tolerance)
        if off is None:
            return Verdict("right", self.right)
        for mistake in self.mistakes:
            if mistake.when is not None:
                seen = held(mistake.when, [answer], [])
            else:
                seen = difference(answer, mistake.wrong, self.tolerance) is None
            if seen:
                return Verdict("not yet", _fill_shape(mistake.message, answer))
        shape = same_shape(answer, self.solution)
        if shape or self.reveal:
            return Verdict("not yet", f"{self.name} is {shape or off}")
        return Verdict("not yet", f"{self.name} is {brief(answer)}; that is not it. Try a hint")


class ChoiceCheck(Check):
    """A check of one choice out of several, given as a text such as 'b'.

    `why` gives each wrong choice its own message. Case and spaces around do not matter.
    """

    def __init__(self, name: str, solution: str, right: str, why: Mapping[str, str]):
        mistakes = [Mistake(choice, message) for choice, message in why.items()]
        super().__init__(name, solution, right, mistakes)
        self.choices = sorted([solution, *why])

    def _judge(self, answer: Any) -> Verdict:
        chosen = answer.strip().casefold() if isinstance(answer, str) else None
        if chosen == self.solution.casefold():
            return Verdict("right", self.right)
        for mistake in self.mistakes:
            if chosen == mistake.wrong.casefold():
                return Verdict("not yet", mistake.message)
        names = ", ".join(repr(c) for c in self.choices)
        return Verdict("not yet", f"{self.name} is {brief(answer)}; choose one of {names}")


class FunctionCheck(Check):
    """A check that calls the learner's function on seeded random cases.

    `cases(rng)` returns a list of tuples of arguments. The results must agree with those of
    `solution`, within `tolerance` (relative, absolute below 1). `mistakes` are
    Mistake(wrong function, message), tried in order: the first whose results the learner's are.
    `parts` names the elements of a tuple result, so that one wrong part is recognised by itself.
    `inplace=i` judges argument i after the call, for functions that modify it and return nothing.
    """

    def __init__(
        self,
        name: str,
        solution: Callable,
        right: str,
        mistakes: Sequence[Mistake],
        cases: Callable[[np.random.Generator], list[tuple]],
        tolerance: float = 1e-6,
        parts: Sequence[str] = (),
        inplace: int | None = None,
        seed: int = 0,
    ):
        super().__init__(name, solution, right, mistakes)
        self.tolerance, self.parts, self.inplace = tolerance, tuple(parts), inplace
        self.cases = cases(np.random.default_rng(seed))
        self.arguments = list(inspect.signature(solution).parameters)

    def blanks(self) -> list[Any]:
        """Answers that count as not started, for tests."""
        return [..., None, lambda *arguments: ...]

    def run(self, function: Callable) -> Outcome:
        """What a function does on all cases."""
        return try_answer(function, self.cases, self.arguments, self.inplace)

    def _judge(self, answer: Any) -> Verdict:
        if not callable(answer):
            kind = describe_shape(answer)
            return Verdict("not yet", f"{self.name} must be a function; it is {kind}")
        refused = self._refuses_arguments(answer)
        if refused:
            return Verdict("not yet", refused)
        got, wanted = self.run(answer), self.run(self.solution)
        if wanted.error is not None:
            raise wanted.error  # a defect of the check, not of the answer
        if any(has_ellipsis(r) for r in got.results):
            return self.not_started()
        place = self._first_wrong(got, wanted)
        if place is None and not got.changed:
            return Verdict("right", self.right, got.aside)
        for mistake in self.mistakes:
            if self._matches(mistake, got, wanted, place):
                message = _fill_shape(mistake.message, self._part(got, 0, place))
                if got.error is not None:
                    message += f" ({describe_error(got.error, answer)})"
                return Verdict("not yet", message, got.aside)
        return Verdict("not yet", self._generic(answer, got, wanted, place), got.aside)

    def _refuses_arguments(self, answer: Callable) -> str:
        try:
            signature = inspect.signature(answer)
        except (ValueError, TypeError):
            return ""
        try:
            signature.bind(*self.cases[0])
        except TypeError:
            given = ", ".join(self.arguments)
            return f"{self.name} is called as {self.name}({given}); yours takes {signature}"
        return ""

    def _part(self, outcome: Outcome, case: int, part: int | None) -> Any:
        result: Any = outcome.results[case] if case < len(outcome.results) else None
        if part is None or part < 0 or not isinstance(result, (tuple, list)):
            return result
        return result[part]

    def _first_wrong(self, got: Outcome, wanted: Outcome) -> int | None:
        """None if all is right, else the index of the first wrong part; -1 for the whole."""
        if got.error is not None:
            return -1
        for g, w in zip(got.results, wanted.results, strict=True):
            if self.parts and same_shape(g, w):
                return -1
        for part in range(len(self.parts)) or [-1]:
            if not self._agree(got, wanted, part):
                return part
        return None

    def _agree(self, got: Outcome, other: Outcome, part: int | None) -> bool:
        """Whether two answers gave the same, exceptions included, on every case."""
        if got.error is not None or other.error is not None:
            same_type = type(got.error) is type(other.error)
            if not same_type or len(got.results) != len(other.results):
                return False
            if safe_text(got.error) != safe_text(other.error):
                return False
        return all(
            difference(self._part(got, i, part), self._part(other, i, part), self.tolerance) is None
            for i in range(len(got.results))
        )

    def _matches(self, mistake: Mistake, got: Outcome, wanted: Outcome, place: int | None) -> bool:
        if mistake.when is not None:
            return got.error is None and held(mistake.when, got.results, self.cases)
        other = self.run(mistake.wrong)
        if place is None:  # the results are right; only a modified argument is wrong
            return bool(other.changed) and self._agree(other, wanted, -1)
        return self._agree(got, other, place) and not self._agree(other, wanted, place)

    def _generic(self, answer: Callable, got: Outcome, wanted: Outcome, place: int | None) -> str:
        if got.error is not None:
            return describe_error(got.error, answer)
        if place is None:
            return (
                f"the result is right, but {self.name} changes its input {got.changed}. "
                "Work on a copy, so that the caller's array stays as it was"
            )
        for i, (g, w) in enumerate(zip(got.results, wanted.results, strict=True)):
            if g is None and w is not None:
                return f"{self.name} returns nothing (None). Is the return line missing?"
            off = difference(
                self._part(got, i, place), self._part(wanted, i, place), self.tolerance
            )
            if off:
                if place is not None and place >= 0:
                    off = f"{self.parts[place]} is {off}"
                elif not off.startswith("element "):
                    off = f"the result is {off}"
                return f"with {self._describe_case(i)} {off}"
        return "the result is not right yet"

    def _describe_case(self, index: int) -> str:
        said = []
        for name, value in zip(self.arguments, self.cases[index], strict=False):
            if isinstance(value, np.ndarray) and value.ndim:
                said.append(f"{name} of shape {value.shape}")
            elif is_real(value) or isinstance(value, (str, np.ndarray)) or _is_short(value):
                said.append(f"{name} = {brief(value)}")
            elif callable(value):
                said.append(f"a function {name}")
            else:
                said.append(f"{name}, {describe_shape(value)},")
        return " and ".join(said)


class PropertyCheck(Check):
    """A check of an answer that can be right in many ways, such as weights that make an AND.

    `rules` are tried in order; the first that does not hold gives its message. `blank(answer)`
    tells further blanks, such as a tuple of `...`. What a rule raises counts as not holding.
    """

    def __init__(self, name: str, solution: Any, right: str, rules: Sequence[Rule]):
        super().__init__(name, solution, right, [Mistake(r.wrong, r.message) for r in rules])
        self.rules = list(rules)

    def _judge(self, answer: Any) -> Verdict:
        if has_ellipsis(answer):
            return self.not_started()
        for rule in self.rules:
            if not held(lambda a, rule=rule: rule.holds(copy.deepcopy(a)), answer):
                return Verdict("not yet", _fill_shape(rule.message, answer))
        return Verdict("right", self.right)


def _is_short(value: Any) -> bool:
    """A list of so few numbers that it can stand in a sentence."""
    return isinstance(value, list) and len(value) <= 6 and all(is_real(v) for v in value)


def _fill_shape(message: str, result: Any) -> str:
    shape = getattr(result, "shape", None)
    return message.replace("{shape}", str(shape) if isinstance(shape, tuple) else brief(result))


def assert_check_teaches(check: Check) -> None:
    """Assert that a check knows the blank, the right answer and each of its mistakes.

    Every mistake must get its own message, and answers of a wrong kind a clean 'not yet'.
    One line per check in a test: teachers who add an exercise use it too.
    """
    assert check.wrong_answers(), f"{check}: give it at least one mistake"
    for blank in check.blanks():
        status = check.judge(blank).status
        assert status == "not started", f"{check}: the blank {blank!r} gets '{status}'"
    verdict = check.judge(check.solution)
    assert verdict.status == "right", f"{check}: its own solution gets '{verdict}'"
    said = [message for _, message in check.wrong_answers()]
    assert len(set(said)) == len(said), f"{check}: two mistakes share a message"
    for wrong, message in check.wrong_answers():
        verdict = check.judge(wrong)
        assert verdict.status == "not yet", f"{check}: the mistake '{message}' gets '{verdict}'"
        start = message.split("{shape}")[0]
        assert start and verdict.message.startswith(start), (
            f"{check}: the mistake '{message}' gets another message: '{verdict.message}'"
        )
    assert_check_is_sturdy(check)


def assert_check_is_sturdy(check: Check) -> None:
    """Assert that nonsense answers get a short 'not yet', never an exception or a flood."""
    values = [object(), "text", [1, "a"], 2j, np.array([None]), np.full(3, np.nan), {}, set()]
    for value in [*values, np.zeros((1000, 1000)), [[1], [1, 2]], float("nan"), 10**400]:
        answers = [value, lambda *arguments, value=value: value]
        for answer in answers:
            verdict = check.judge(answer)
            assert verdict.status == "not yet", f"{check}: {brief(value)} gets '{verdict}'"
            assert len(str(verdict)) < 1500, f"{check}: a flood for {brief(value)}"
    assert str(check.judge(check.solution)) == str(check.judge(check.solution))
