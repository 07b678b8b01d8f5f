"""Running the learner's code: on copies, with what it prints, warns and raises caught."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import linecache
import numbers
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import numpy as np

from nnlesson.course.values import cut, without_addresses

PRINT_LIMIT = 500  # characters of the learner's own printing that a verdict repeats
MESSAGE_LIMIT = 300  # characters of an exception's message


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
    printed: bool = False
    aside: str = ""


def try_answer(function: Callable, cases: list[tuple], names: Sequence[str]) -> Outcome:
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
            outcome.changed = outcome.changed or _changed_argument(given, case, names)
            outcome.results.append(result)
    outcome.printed = out.total > 0
    outcome.aside = _describe_aside(out, [str(w.message) for w in warned])
    return outcome


def _describe_aside(out: LimitedText, warned: list[str]) -> str:
    lines = []
    if warned:
        lines.append(f"(Python warned: {cut(warned[0], 160)})")
    if out.total:
        part = f" [the first {out.limit} of {out.total} characters]"
        text = out.kept.rstrip("\n")
        lines.append(f"(Your code printed{part if out.total > out.limit else ''}: {text})")
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


HINTS: list[tuple[type[BaseException], str]] = [
    (UnboundLocalError, "give the name a value before you use it"),
    (NameError, "run the cells above first, or look at the spelling"),
    (RecursionError, "the function calls itself without end"),
]


def describe_error(error: BaseException, function: Callable) -> str:
    """The type and message of an exception, and the line of the learner's code it came from."""
    text = cut(without_addresses(" ".join(safe_text(error).split())), MESSAGE_LIMIT)
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    said = f"your code stopped with {said}"
    hint = next((hint for kind, hint in HINTS if isinstance(error, kind)), "")
    if hint:
        said = f"{hint}: {said}"
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [t.tb_lineno for t in _trace(error) if t.tb_frame.f_code.co_filename == file]
    if not file or not lines:
        return said
    line = linecache.getline(file, lines[-1]).strip()
    return f"{said} in line {lines[-1]}" + (f": {line}" if line else "")


def _trace(error: BaseException) -> list[TracebackType]:
    """The places an exception passed, without those inside libraries."""
    steps, step = [], error.__traceback__
    while step is not None:
        if "site-packages" not in step.tb_frame.f_code.co_filename:
            steps.append(step)
        step = step.tb_next
    return steps


def alike(one: Outcome, other: Outcome) -> float:
    """How sure it is that two answers stopped for the same cause: 0 is no, 1 is yes.

    Messages of NumPy name sizes, not arrays; so the arrays in the lines that failed count too.
    """
    if one.error is None or other.error is None or type(one.error) is not type(other.error):
        return 0
    same_text = safe_text(one.error) == safe_text(other.error)
    here, there = _failing_shapes(one.error), _failing_shapes(other.error)
    if here and there:
        return (0.5 + 0.5 * same_text) * (here == there)
    return 0.5 * same_text


def _failing_shapes(error: BaseException) -> set[tuple]:
    """The shapes of the arrays named in the expression that failed; empty if none is known."""
    steps = _trace(error)
    if not steps:
        return set()
    code, known = steps[-1].tb_frame.f_code, steps[-1].tb_frame.f_locals
    line, end_line, start, end = list(code.co_positions())[steps[-1].tb_lasti // 2]
    if line is None or line != end_line:
        return set()
    source = linecache.getline(code.co_filename, line).encode()[start:end].decode(errors="ignore")
    values = [known[name] for name in re.findall(r"\w+", source) if name in known]
    return {v.shape for v in values if isinstance(v, np.ndarray) and v.ndim}


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
    # Any other constant is one that it returns.
    return all(c is None or c is answer.__doc__ for c in code.co_consts)


def has_ellipsis(result: Any) -> bool:
    """True for `...`, and for a tuple, list or dict that holds it: a part is still blank."""
    if isinstance(result, dict):
        result = list(result.values())
    return result is ... or (isinstance(result, (tuple, list)) and any(r is ... for r in result))


def held(predicate: Callable[..., Any], *arguments: Any) -> bool:
    """Whether a rule holds; a rule that cannot be evaluated on an answer does not."""
    try:
        with np.errstate(all="ignore"), contextlib.redirect_stdout(LimitedText()):
            return bool(predicate(*arguments))
    except Exception:
        return False


def safe_text(error: BaseException | None) -> str:
    """The message of an exception; empty when the exception cannot say it."""
    try:
        return str(error)
    except Exception:
        return ""


def as_text(answer: Any) -> str:
    """A text as it is, texts in a list, tuple or set as one text; else an empty text."""
    if isinstance(answer, (list, tuple, set, frozenset)):
        return " ".join(str(part) for part in answer if isinstance(part, str))
    return str(answer) if isinstance(answer, str) else ""
