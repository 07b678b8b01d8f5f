"""Checks a derivation: each line must have the values of the line before it."""

import numpy as np


class DerivationError(ValueError):
    """A line of a derivation differs from the line before it, or cannot be evaluated."""


def line_values(line, grid):
    """Values of one line (text, function) at the points of the grid, each of shape (n,)."""
    text, function = line
    try:
        with np.errstate(all="ignore"):
            values = np.asarray(function(*grid), dtype=float)
    except Exception as error:
        raise DerivationError(f"'{text}' cannot be evaluated: {error!r}") from error
    return np.broadcast_to(values, grid[0].shape)


def check_derivation(lines, grid, tolerance=1e-9):
    """The number of lines, when each (text, function) has the values of the one before it.

    `grid` is an array of points (n,), or one such array per argument in a tuple. Raises
    DerivationError at the first line that differs: which one, where, and by how much.
    Differences are relative to the value, absolute below 1. NaN and infinity count as wrong.
    """
    points = [np.asarray(g, dtype=float) for g in (grid if isinstance(grid, tuple) else (grid,))]
    before = line_values(lines[0], points)
    for number, line in enumerate(lines, start=1):
        now = line_values(line, points)
        gap = np.abs(now - before) / np.maximum(1, np.abs(before))
        gap = np.where(np.isfinite(now), gap, np.inf)
        if not np.all(gap <= tolerance):
            raise DerivationError(describe_gap(lines, number, points, before, now, gap))
        before = now
    return len(lines)


def describe_gap(lines, number, points, before, now, gap):
    """A sentence on the first line that differs: its text, the worst point, both values."""
    worst = int(np.argmax(np.nan_to_num(gap, nan=np.inf)))
    where = ", ".join(f"{p[worst]:.4g}" for p in points)
    this = f"line {number}, '{lines[number - 1][0]}', is {now[worst]:.6g} at {where}"
    if number == 1:
        return f"{this}: choose a grid where it is finite"
    other = f"the line before it, '{lines[number - 2][0]}', is {before[worst]:.6g}"
    return f"{this}; {other} (difference {abs(now[worst] - before[worst]):.3g})"
