"""The widget of lesson 4: forward and back through the computation graph, a number at a time."""

from __future__ import annotations

from collections.abc import Mapping

from nnlesson.course.controls import Stepper
from nnlesson.course.lesson4.figures import STEPS, backprop_step


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
