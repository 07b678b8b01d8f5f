"""The step-through of lesson 4 draws at every step and stops at both ends."""

from test_figures_lesson4 import SLOPES, VALUES

from nnlesson.figures.lesson4 import STEPS
from nnlesson.widgets.lesson4 import backprop_stepper


def test_each_step_is_another_picture():
    shown = backprop_stepper(VALUES, SLOPES)
    at = shown.controls["step"]
    assert (at.min, at.max) == (0, len(STEPS))
    pictures = set()
    for step in range(at.max + 1):
        at.value = step
        assert shown.error is None
        pictures.add(bytes(shown.image.value))
    assert len(pictures) == len(STEPS) + 1


def test_buttons_go_forward_and_back():
    shown = backprop_stepper(VALUES, SLOPES)
    assert shown.previous.disabled and not shown.next.disabled
    shown.next.click()
    shown.next.click()
    assert shown.values == {"step": 2}
    shown.previous.click()
    assert shown.values == {"step": 1}
    shown.controls["step"].value = len(STEPS)
    assert shown.next.disabled
