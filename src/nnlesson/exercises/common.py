"""The machinery of the checks: try an answer, recognise a known mistake, print one verdict.

A check is called with the learner's answer and prints a line that starts with `not started:`,
`not yet:` or `right:`. It recognises a mistake by making it: each check holds wrong answers with
a message each, and compares what the learner's answer gives with what those give.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import linecache
import numbers
import re
import reprlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

PRINT_LIMIT = 500  # characters of the learner's own printing that a verdict repeats
MESSAGE_LIMIT = 300  # characters of an exception's message


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


def brief(value: Any, limit: int = 60) -> str:
    """A short text of any value: numbers with 6 digits, long things cut."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, numbers.Integral):
        value = int(value)
        return str(value) if abs(value) < 10**15 else f"{_float_or_inf(value):.6g}"
    if _is_real(value):
        return f"{float(value):.6g}"
    if isinstance(value, np.ndarray):
        return describe_shape(value)
    try:
        text = _without_addresses(reprlib.repr(value))
    except Exception:
        text = f"a {type(value).__name__}"
    return _cut(text, limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _without_addresses(text: str) -> str:
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def describe_shape(value: Any) -> str:
    """What kind of thing a value is, with its shape: 'an array of shape (5, 3)', 'a number'."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if value is None:
        return "nothing (None)"
    if isinstance(value, (bool, np.bool_)):
        return f"{bool(value)}"
    if isinstance(value, numbers.Number):
        return "a number" if _is_real(value) else "a complex number"
    if isinstance(value, str):
        return "a text (str)"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of length {len(value)}"
    if callable(value):
        return "a function, not its result"
    return f"an object of type {type(value).__name__}"


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real)


def _float_or_inf(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def as_numbers(value: Any) -> np.ndarray | None:
    """A value as an array of floats, or None when it is not made of real numbers."""
    if isinstance(value, numbers.Integral):
        return np.asarray(_float_or_inf(int(value)))
    if _is_real(value):
        return np.asarray(float(value))
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        return value.astype(float)
    if isinstance(value, (list, tuple)):
        try:
            array = np.asarray(value)
        except Exception:  # an element may refuse to be a number in any way
            return None
        return array.astype(float) if array.dtype.kind in "fiub" else None
    return None


def same_shape(got: Any, expected: Any) -> str | None:
    """None when `got` has the kind and shape of `expected`, else a sentence that says what is off.

    A NumPy number or 0-d array passes for a number; a list and a tuple pass for each other.
    """
    if isinstance(expected, np.ndarray) and expected.ndim > 0:
        if isinstance(got, (list, tuple)):
            return f"{describe_shape(got)}; a NumPy array is needed"
        if not isinstance(got, (np.ndarray, numbers.Number)):
            return f"{describe_shape(got)}; an array of shape {expected.shape} is needed"
        if isinstance(got, np.ndarray) and got.dtype.kind not in "fiub":
            return f"an array of dtype {got.dtype}; real numbers are needed"
        if np.asarray(got).shape != expected.shape:
            hint = " It is transposed." if np.asarray(got).shape == expected.shape[::-1] else ""
            return f"{describe_shape(got)}; the shape {expected.shape} is needed.{hint}"
        return None
    if _is_real(expected) or isinstance(expected, (np.bool_, np.ndarray)):
        if isinstance(got, np.ndarray) and got.ndim > 0:
            return f"{describe_shape(got)}; one number is needed"
        return (
            None
            if as_numbers(got) is not None and np.ndim(got) == 0
            else (f"{describe_shape(got)}; a number is needed")
        )
    if isinstance(expected, (list, tuple)):
        if isinstance(got, np.ndarray) and as_numbers(expected) is not None:
            got = list(got) if got.ndim else got
        if not isinstance(got, (list, tuple)):
            return (
                f"{describe_shape(got)}; a {type(expected).__name__} of {len(expected)} is needed"
            )
        if len(got) != len(expected):
            return f"{describe_shape(got)}; the length {len(expected)} is needed"
        return None
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return f"{describe_shape(got)}; a dict with the keys {list(expected)} is needed"
        if set(got) != set(expected):
            return f"a dict with the keys {brief(list(got))}; the keys {list(expected)} are needed"
        return None
    if type(got) is not type(expected):
        return f"{describe_shape(got)}; {describe_shape(expected)} is needed"
    return None


def difference(got: Any, expected: Any, tolerance: float) -> str | None:
    """None when two results agree, else one sentence on the first place where they differ.

    Numbers agree when |got - expected| <= tolerance * max(1, |expected|). NaN agrees with NaN.
    """
    off = same_shape(got, expected)
    if off:
        return off
    if isinstance(expected, dict):
        return _first_difference([(repr(k), got[k], expected[k]) for k in expected], tolerance)
    mixed = isinstance(expected, (list, tuple)) and as_numbers(expected) is None
    if mixed:
        parts = zip(got, expected, strict=True)
        return _first_difference(
            [(f"element {i}", g, e) for i, (g, e) in enumerate(parts)], tolerance
        )
    want, have = as_numbers(expected), as_numbers(got)
    if want is None:  # texts and other plain objects
        return None if _safely_equal(got, expected) else f"{brief(got)}; it should be another value"
    if have is None or have.shape != want.shape:
        return f"{describe_shape(got)}; numbers of shape {want.shape} are needed"
    return _number_difference(have, want, tolerance)


def _first_difference(parts: Sequence[tuple[str, Any, Any]], tolerance: float) -> str | None:
    for name, got, expected in parts:
        found = difference(got, expected, tolerance)
        if found:
            return f"{name} is {found}"
    return None


def _number_difference(have: np.ndarray, want: np.ndarray, tolerance: float) -> str | None:
    with np.errstate(all="ignore"):
        close = np.abs(have - want) <= tolerance * np.maximum(1, np.abs(want))
    close |= (have == want) | (np.isnan(have) & np.isnan(want))
    if close.all():
        return None
    where = np.argwhere(~close)[0]
    place = f"{have[tuple(where)]:.4g}"
    if have.ndim:
        place += f" at index {int(where[0]) if have.ndim == 1 else tuple(map(int, where))}"
    text = f"{place}; {want[tuple(where)]:.4g} is expected"
    factor = common_factor(have, want)
    if factor is not None:
        times = "times the value" if have.ndim == 0 else "times every value"
        text += f". Yours is {factor:.4g} {times} that is expected"
    return text


def common_factor(have: np.ndarray, want: np.ndarray) -> float | None:
    """The number c with have = c * want everywhere, if it is simple enough to be a hint."""
    used = np.abs(want) > 1e-12
    if not used.any() or not np.isfinite(have).all() or not np.isfinite(want).all():
        return None
    factor = float(np.median(have[used] / want[used]))
    simple = [s * f for s in (1, -1) for k in range(1, 101) for f in (k, 1 / k)]
    if abs(factor) < 1e-12 or min(abs(factor - c) / abs(c) for c in simple) > 1e-6:
        return None
    if want.size == 1 and factor not in (-1.0, 2.0, 0.5):
        return None  # any number is some multiple of any other
    return factor if np.allclose(have, factor * want, rtol=1e-6, atol=1e-12) else None


def _safely_equal(a: Any, b: Any) -> bool:
    try:
        return bool(a == b)
    except Exception:
        return False


class LimitedText(io.TextIOBase):
    """A place to print to that keeps the first characters and counts the rest."""

    def __init__(self, limit: int = PRINT_LIMIT) -> None:
        self.limit, self.kept, self.total = limit, "", 0

    def writable(self) -> bool:
        """True: print may write here."""
        return True

    def write(self, text: str) -> int:
        """Keep what still fits; return how many characters were taken."""
        self.kept += text[: max(0, self.limit - len(self.kept))]
        self.total += len(text)
        return len(text)


@dataclass
class Outcome:
    """What one answer did on all cases: its results, or the exception that ended it."""

    results: list[Any] = field(default_factory=list)
    error: BaseException | None = None
    changed: str = ""  # the argument that was modified, if one was
    aside: str = ""


def try_answer(
    function: Callable, cases: list[tuple], names: Sequence[str], inplace: int | None = None
) -> Outcome:
    """Call a function on copies of every case; catch what it prints, warns and raises.

    KeyboardInterrupt passes through, so that an endless loop can be stopped.
    """
    outcome, out = Outcome(), LimitedText()
    with (
        warnings.catch_warnings(record=True) as warned,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
    ):
        warnings.simplefilter("always")
        for case in cases:
            given = copy.deepcopy(case)
            try:
                result = function(*given)
            except (Exception, SystemExit) as error:
                outcome.error = error
                break
            if inplace is not None:
                result = given[inplace] if result is None else result
            else:
                outcome.changed = outcome.changed or _changed_argument(given, case, names)
            outcome.results.append(result)
    outcome.aside = _describe_aside(out, [str(w.message) for w in warned])
    return outcome


def _describe_aside(out: LimitedText, warned: list[str]) -> str:
    lines = []
    if warned:
        lines.append(f"(Python warned: {_cut(warned[0], 160)})")
    if out.total:
        cut = f" [the first {out.limit} of {out.total} characters]"
        text = out.kept.rstrip("\n")
        lines.append(f"(Your code printed{cut if out.total > out.limit else ''}: {text})")
    return "\n".join(lines)


def _changed_argument(given: tuple, case: tuple, names: Sequence[str]) -> str:
    for name, now, before in zip(names, given, case, strict=False):
        plain = isinstance(before, (np.ndarray, list, dict, set))
        if plain and not _unchanged(now, before):
            return name
    return ""


def _unchanged(now: Any, before: Any) -> bool:
    if type(now) is not type(before):
        return False
    if isinstance(before, np.ndarray):
        numeric = before.dtype.kind in "fc"
        return now.dtype == before.dtype and np.array_equal(now, before, equal_nan=numeric)
    if isinstance(before, (list, tuple)):
        return len(now) == len(before) and all(map(_unchanged, now, before))
    if isinstance(before, dict):
        return list(now) == list(before) and all(_unchanged(now[k], before[k]) for k in before)
    if isinstance(before, (numbers.Number, str, set)):
        return now == before or (now != now and before != before)  # NaN
    return True  # other objects have no equality to rely on


def describe_error(error: BaseException, function: Callable) -> str:
    """The type and message of an exception, and the line of the learner's code it came from."""
    try:
        text = _without_addresses(" ".join(str(error).split()))
    except Exception:
        text = ""
    text = _cut(text, MESSAGE_LIMIT)
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    place, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            place = trace.tb_lineno
        trace = trace.tb_next
    if place is None:
        return f"your code stopped with {said}"
    line = linecache.getline(file, place).strip() if file else ""
    return f"your code stopped with {said} in line {place}" + (f": {line}" if line else "")


def _empty(): ...


def _empty_with_text():
    """A body that is only a docstring."""


_EMPTY_CODES = {f.__code__.co_code for f in (_empty, _empty_with_text)}


def is_blank(answer: Any) -> bool:
    """True for `...`, None, and a function without a body. (One that returns `...` must be run.)"""
    if answer is ... or answer is None:
        return True
    code = getattr(answer, "__code__", None)
    if not inspect.iscode(code) or code.co_code not in _EMPTY_CODES:
        return False
    return all(
        c is None or c is answer.__doc__ for c in code.co_consts
    )  # else it returns a constant


def _has_ellipsis(result: Any) -> bool:
    if isinstance(result, dict):
        result = list(result.values())
    return result is ... or (isinstance(result, (tuple, list)) and any(r is ... for r in result))


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
        if _has_ellipsis(answer):
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
        if any(_has_ellipsis(r) for r in got.results):
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
            if _safe_text(got.error) != _safe_text(other.error):
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
                what = self.parts[place] if place is not None and place >= 0 else "the result"
                return f"with {self._describe_case(i)} {what} is {off}"
        return "the result is not right yet"

    def _describe_case(self, index: int) -> str:
        said = []
        for name, value in zip(self.arguments, self.cases[index], strict=False):
            if isinstance(value, np.ndarray) and value.ndim:
                said.append(f"{name} of shape {value.shape}")
            elif _is_real(value) or isinstance(value, (str, np.ndarray)):
                said.append(f"{name} = {brief(value)}")
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
        if _has_ellipsis(answer):
            return self.not_started()
        for rule in self.rules:
            if not held(lambda a, rule=rule: rule.holds(copy.deepcopy(a)), answer):
                return Verdict("not yet", _fill_shape(rule.message, answer))
        return Verdict("right", self.right)


def held(predicate: Callable[..., Any], *arguments: Any) -> bool:
    """Whether a rule holds; a rule that cannot be evaluated on an answer does not."""
    try:
        with np.errstate(all="ignore"), contextlib.redirect_stdout(LimitedText()):
            return bool(predicate(*arguments))
    except Exception:
        return False


def _fill_shape(message: str, result: Any) -> str:
    shape = getattr(result, "shape", None)
    return message.replace("{shape}", str(shape) if isinstance(shape, tuple) else brief(result))


def _safe_text(error: BaseException | None) -> str:
    try:
        return str(error)
    except Exception:
        return ""


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
