"""The widgets of lesson 3: the step of a slope and the rate of a descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnlesson.course.controls import Explorer, choice, log_slider, slider
from nnlesson.course.lesson3.figures import descent, step_size
from nnlesson.course.style import Figure

Function = Callable[[Any], Any]


def step_explorer(
    f: Function, z: float, slope: float, steps: np.ndarray, errors: Mapping[str, np.ndarray]
) -> Explorer:
    """Slide the step h: what the difference sees of f at z, and the error it makes.

    errors = {"central, float64": error at each of `steps`, ...}; `slope` is the exact one.
    """

    def draw(h: float, method: str) -> Figure:
        return step_size(f, z, slope, h, method, steps, errors)

    low, high = np.log10(steps[[0, -1]])
    controls = {
        "h": log_slider("step h", float(low), float(high), 1e-5, 0.25),
        "method": choice("method", list(errors), "central, float64"),
    }
    alt = (
        "Left: the function as the computer sees it around z, in steps of h, with the measured "
        "and the exact slope. Right: the error against h for all methods, with a star at this h."
    )
    return Explorer(draw, controls, alt, columns=2)


def rate_explorer(
    surfaces: Mapping[str, Function],
    descend: Callable[[Function, np.ndarray, float, int], np.ndarray],
    start: tuple[float, float] = (-3.5, 3.0),
) -> Explorer:
    """Slide the learning rate: the path downhill on a surface, and the height at each step.

    descend(f, start, learning_rate, steps) -> path (steps + 1, 2).
    """

    def draw(surface: str, rate: float, steps: int) -> Figure:
        f = surfaces[surface]
        rate = float(f"{rate:.2g}")  # as shown by the slider: exactly 0.5, not 0.5012
        return descent(f, descend(f, np.array(start), rate, steps), rate)

    controls = {
        "surface": choice("surface", list(surfaces)),
        "rate": log_slider("learning rate η", -3.0, 0.1, 0.1, 0.05),
        "steps": slider("steps", 1, 60, 20),
    }
    alt = (
        "Left: the contour lines of the surface with the path from a blue square towards the star "
        "at the lowest point. Right: the height at each step on a log axis; the title says whether "
        "the descent crawls, arrives, jumps to and fro or diverges."
    )
    return Explorer(draw, controls, alt)
