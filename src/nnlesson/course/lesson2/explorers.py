"""The live figure of lesson 2: a tangent and a secant to drag along a curve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nnlesson.course.live import Live


def tangent(names: Sequence[str] = ("sigmoid",), z: float = 1.0) -> Live:
    """Drag the point along an activation: its tangent at z, the secant to z + h, both slopes.

    names: of "sigmoid", "ReLU", "leaky ReLU" and "identity"; several give a list to choose.
    """
    return Live(Path(__file__).with_name("tangent.js"), {"z": z}, names=names)
