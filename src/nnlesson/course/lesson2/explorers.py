"""The widget of lesson 2: a tangent and a secant to slide along a curve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nnlesson.course.controls import Explorer, choice, slider
from nnlesson.course.lesson2.figures import Curve, tangent
from nnlesson.course.style import Figure


def tangent_explorer(functions: Mapping[str, tuple[Curve, Curve]], z: float = 1.0) -> Explorer:
    """Slide z and h: tangent at z, secant from z to z + h, both slopes. It starts at z.

    functions: name -> (f, its slope f_prime), both array -> array; several give a list to choose.
    """
    names = list(functions)

    def draw(z: float, h: float, name: str = names[0]) -> Figure:
        return tangent(z, h, *functions[name], name)

    controls: dict[str, Any] = {
        "z": slider("z", -5.0, 5.0, z, 0.1),
        "h": slider("h", 0.1, 3.0, 2.0, 0.1),
    }
    if len(names) > 1:
        controls = {"name": choice("activation", names), **controls}
    which = names[0] if len(names) == 1 else "chosen activation"
    alt = (
        f"The curve of the {which}, its tangent at z in blue and the dashed "
        "orange secant through z and z + h; below, the slopes of both lines on the curve of slopes."
    )
    return Explorer(draw, controls, alt)
