"""The widget of lesson 4: forward and back through the computation graph, a number at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nnlesson.course.controls import Stepper
from nnlesson.course.lesson4.figures import STEPS, backprop_step
from nnlesson.course.live import Live


def backprop_stepper(values: Mapping[str, float], slopes: Mapping[str, float]) -> Stepper:
    """Step through the 1-2-1 network: seven numbers forward, then thirteen slopes back.

    `values` and `slopes` as in figures.backprop_step.
    """
    alt = (
        "The computation graph of the 1-2-1 network. Each step fills in one number on the way "
        "forward or one slope on the way back, with its formula and its numbers below."
    )
    n_steps = len(STEPS) + 1
    return Stepper(lambda step: backprop_step(step, values, slopes), n_steps, alt, still_step=14)


def backprop_walk(numbers: Mapping[str, float], step: int = 0) -> Live:
    """Walk through the 1-2-1 network: seven numbers forward, then thirteen slopes back.

    numbers: x, y and the parameters w1, b1, w2, b2, v1, v2, c. Two sliders change x and y.
    """
    way = [{"name": name, "formula": said, "template": put} for _, name, said, put in STEPS]
    path = Path(__file__).with_name("backprop_walk.js")
    return Live(path, {"step": step}, numbers=numbers, way=way)
