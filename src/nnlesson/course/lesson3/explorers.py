"""The live figures of lesson 3: the error against the step h, and the path of a learning rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nnlesson.course.live import Live

Function = Callable[[Any], Any]


def step_size(
    f: Function, z: float, slope: float, steps: np.ndarray, errors: Mapping[str, np.ndarray]
) -> Live:
    """Slide the step h: what the difference sees of f at z, and the error it makes.

    errors = {"central, float64": error at each of `steps`, ...}; `slope` is the exact one. The
    first word of a name is "central" or "forward", its last the precision in which f is computed.
    """
    distances = np.arange(-80, 81) / 50  # from z, in steps of h
    rises = {}
    for number in dict.fromkeys(name.split()[-1] for name in errors):  # in this order each time
        kind = np.dtype(number).type
        with np.errstate(all="ignore"):
            rises[number] = np.array([_rise(f, kind(z), kind(h), distances) for h in steps])
    measured = {}
    for name in errors:
        rise = rises[name.split()[-1]]
        before, here, after = rise[:, np.searchsorted(distances, [-1, 0, 1])].T
        measured[name] = (after - before) / 2 if name.startswith("central") else after - here
    least = min(values[values > 0].min() for values in map(np.asarray, errors.values()))
    return Live(
        Path(__file__).with_name("step_size.js"),
        {"step": int(np.abs(np.log(steps / 1e-5)).argmin()), "method": "central, float64"},
        steps=steps,
        errors=errors,
        measured=measured,
        rises={number: np.round(rise, 3) for number, rise in rises.items()},
        distances=distances,
        slope=slope,
        floor=10.0 ** np.floor(np.log10(least)),
    )


def _rise(f: Function, z: Any, h: Any, distances: np.ndarray) -> np.ndarray:
    """How far f rises from z to z + h d for each of the distances d (n,), in units of h."""
    kind = type(z)
    return (f((z + h * distances.astype(kind)).astype(kind)) - f(z)).astype(float) / float(h)


def rate_path(surfaces: Mapping[str, Function]) -> Live:
    """Drag the start, slide the learning rate and the momentum: the path downhill, its heights.

    surfaces: two functions a x₀² + c x₁² by their names, the bowl first and the valley second: each
    is a goal. The a and c are read off at (1, 0) and (0, 1); ValueError for another function.
    """
    curves = {}
    for name, f in surfaces.items():
        a, c = (float(f(np.array(x))) for x in ([1.0, 0.0], [0.0, 1.0]))
        if not np.isclose(f(np.array([3.0, -2.0])), 9 * a + 4 * c):
            raise ValueError(f"{name} is not a x₀² + c x₁²")
        curves[name] = [a, c]
    return Live(Path(__file__).with_name("rate_path.js"), surfaces=curves)
