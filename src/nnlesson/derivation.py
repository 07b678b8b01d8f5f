"""Checks a derivation: each line must have the values of the line before it."""

import numpy as np


class DerivationError(ValueError):
    """A line of a derivation differs from the line before it, or cannot be evaluated."""


def line_values(text, function, points):
    """Values (n,) of one line, its function, at the points: one array (n,) per argument."""
    try:
        with np.errstate(all="ignore"):
            values = np.broadcast_to(np.asarray(function(*points), dtype=float), points[0].shape)
    except Exception as error:
        raise DerivationError(f"'{text}' cannot be evaluated: {error!r}") from error
    if not np.isfinite(values).all():
        where = at(points, np.isfinite(values).argmin())
        raise DerivationError(f"'{text}' is not finite at {where}: is the grid well chosen?")
    return values


def at(points, index):
    """The coordinates of one point of the grid, as text."""
    return ", ".join(f"{p[index]:.4g}" for p in points)


def check_derivation(lines, grid, tolerance=1e-9):
    """The number of lines, when each (text, function) has the values of the one before it.
    `grid`: points (n,), or a tuple of arrays (n,), one per argument of the functions. Raises
    DerivationError at the first line that differs by more than tolerance * max(1, |value|)."""
    points = np.atleast_2d(np.asarray(grid, dtype=float))  # (number of arguments, n)
    if not lines or points[0].size == 0:
        raise DerivationError("there is no line or no point to check")
    before = line_values(*lines[0], points)
    for i, line in enumerate(lines):
        now = line_values(*line, points)
        gap = np.abs(now - before) / np.maximum(1, np.abs(before))
        if gap.max() > tolerance:
            raise DerivationError(describe_gap(lines, i, points, before, now, gap.argmax()))
        before = now
    return len(lines)


def describe_gap(lines, i, points, before, now, worst):
    """A sentence on line i, which differs: its text, the worst point, both values there."""
    this = f"line {i + 1}, '{lines[i][0]}', is {now[worst]:.6g} at {at(points, worst)}"
    other = f"the line before it, '{lines[i - 1][0]}', is {before[worst]:.6g}"
    return f"{this}; {other} (difference {abs(now[worst] - before[worst]):.3g})"
