"""What a learner's value is, in words; whether two values agree, and where they differ."""

from __future__ import annotations

import decimal
import numbers
import re
import reprlib
from typing import Any

import numpy as np


def brief(value: Any) -> str:
    """A short text of any value: numbers with 6 digits, long things cut."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, numbers.Integral) and abs(int(value)) < 10**15:
        return str(int(value))
    if is_real(value):
        return f"{_as_float(value):.6g}"
    if isinstance(value, np.ndarray):
        return describe_shape(value)
    try:
        text = without_addresses(reprlib.repr(value))
    except Exception:
        text = f"a {type(value).__name__}"
    return cut(text, 60)


def cut(text: str, limit: int) -> str:
    """The text, or its start and three dots when it is longer than the limit."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def without_addresses(text: str) -> str:
    """The text without addresses in memory, which differ from run to run."""
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
        return "a number" if is_real(value) else "a complex number"
    if isinstance(value, str):
        return "a text (str)"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of length {len(value)}"
    if callable(value):
        return "a function, not its result"
    return f"an object of type {type(value).__name__}"


def is_real(value: Any) -> bool:
    """True for whole numbers, floats, fractions and decimals, Python's and NumPy's."""
    return isinstance(value, (numbers.Real, decimal.Decimal))


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    except ValueError:  # a Decimal may be a nan that no float can hold
        return float("nan")


def as_numbers(value: Any) -> np.ndarray | None:
    """A value as an array of floats, or None when it is not made of real numbers."""
    if is_real(value):
        return np.asarray(_as_float(value))
    if not isinstance(value, (np.ndarray, list, tuple)):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # an element may refuse to be a number in any way
        return None
    if array.dtype.kind == "O" and array.size and all(map(is_real, array.flat)):
        return np.array([_as_float(v) for v in array.flat]).reshape(array.shape)
    return array.astype(float) if array.dtype.kind in "fiub" else None


def split(result: Any, n: int) -> list[Any] | None:
    """The n parts of a tuple, list or array of this length; None for anything else."""
    if isinstance(result, np.ndarray) and result.ndim == 0:
        return None
    if not isinstance(result, (tuple, list, np.ndarray)) or len(result) != n:
        return None
    return list(result)


def same_shape(got: Any, expected: Any) -> str | None:
    """None when `got` has the kind and shape of `expected`, else a sentence that says what is off.

    A NumPy number or 0-d array passes for a number; lists, tuples and arrays pass for each other.
    """
    if isinstance(expected, np.ndarray) and expected.ndim > 0:
        array = as_numbers(got)
        if isinstance(got, np.ndarray) and array is None:
            return f"an array of dtype {got.dtype}; real numbers are needed"
        if array is None:
            return f"{describe_shape(got)}; an array of shape {expected.shape} is needed"
        if array.shape != expected.shape:
            hint = " It is transposed." if array.shape == expected.shape[::-1] else ""
            return f"{describe_shape(got)}; the shape {expected.shape} is needed.{hint}"
        return None
    if is_real(expected) or isinstance(expected, (np.bool_, np.ndarray)):
        if isinstance(got, np.ndarray) and got.ndim > 0:
            return f"{describe_shape(got)}; one number is needed"
        if as_numbers(got) is None or np.ndim(got) > 0:
            return f"{describe_shape(got)}; a number is needed"
        return None
    if isinstance(expected, (list, tuple)):
        if split(got, len(expected)) is not None:
            return None
        kind = "the length" if isinstance(got, (list, tuple)) else f"a {type(expected).__name__} of"
        return f"{describe_shape(got)}; {kind} {len(expected)} is needed"
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
    want, have = as_numbers(expected), as_numbers(got)
    parts: list[tuple[str, Any, Any]] | None = None
    if isinstance(expected, dict):
        parts = [(repr(k), got[k], expected[k]) for k in expected]
    elif isinstance(expected, (list, tuple)) and want is None:
        parts = [(f"element {i}", got[i], expected[i]) for i in range(len(expected))]
    if parts is not None:
        found = ((name, difference(ours, theirs, tolerance)) for name, ours, theirs in parts)
        return next((f"{name} is {off}" for name, off in found if off), None)
    if want is None:  # texts and other plain objects
        return None if _safely_equal(got, expected) else f"{brief(got)}; it should be another value"
    if have is None or have.shape != want.shape:
        return f"{describe_shape(got)}; numbers of shape {want.shape} are needed"
    return _number_difference(have, want, tolerance)


def _number_difference(have: np.ndarray, want: np.ndarray, tolerance: float) -> str | None:
    with np.errstate(all="ignore"):
        close = np.abs(have - want) <= tolerance * np.maximum(1, np.abs(want))
    close &= np.isfinite(want)  # else infinity is near to everything
    close |= (have == want) | (np.isnan(have) & np.isnan(want))
    if close.all():
        return None
    where = np.argwhere(~close)[0]
    place, expected = _told_apart(have[tuple(where)], want[tuple(where)])
    if have.ndim:
        place += f" at index {int(where[0]) if have.ndim == 1 else tuple(map(int, where))}"
    text = f"{place}; {expected} is expected"
    if np.isnan(have[tuple(where)]):
        return f"{text}. 0/0, inf - inf and the logarithm of a negative number give nan"
    factor = common_factor(have, want)
    if factor == -1:
        return f"{text}. Only the sign is turned"
    if factor is not None:
        times = "times the value" if have.ndim == 0 else "times every value"
        text += f". Yours is {factor:.4g} {times} that is expected"
    return text


def _told_apart(one: float, other: float) -> tuple[str, str]:
    """Two different numbers as texts with as few digits, at least 4, as show that they differ."""
    for digits in (4, 6, 9, 12, 17):
        texts = _digits(one, digits), _digits(other, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _digits(value: float, digits: int) -> str:
    """A number with so many digits; whole numbers up to nine digits in full."""
    if abs(value) < 1e9 and value == round(value):
        return f"{value:.0f}"
    return f"{value:.{digits}g}"


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
