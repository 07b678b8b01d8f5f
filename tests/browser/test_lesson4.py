"""Lesson 4 in the browser: the step-through goes forward and back, and questions answer."""

from browser_tools import moved

NAME = "04_backprop_derivation.ipynb"


def test_every_control_of_lesson_4_moves_its_picture(lesson, screenshots):
    lab = lesson
    steps = lab.cell("backprop_stepper(values, slopes)")
    next_button = steps.get_by_role("button", name="Next")
    previous = steps.get_by_role("button", name="Previous")
    assert previous.is_disabled()
    moved(lab, steps, next_button.click)
    moved(lab, steps, next_button.click)
    moved(lab, steps, previous.click)
    moved(lab, steps, lambda: lab.move_slider("step", times=8, within=steps))
    steps.screenshot(path=screenshots / "lesson4-steps.png")
    moved(lab, steps, lambda: lab.move_slider("step", "End", within=steps))
    assert next_button.is_disabled()

    asked = lab.cell("If $z$ changes 3 times as fast as $w$")
    asked.get_by_role("button", name="A", exact=True).click()
    asked.get_by_text("Not quite.").wait_for()
    asked.get_by_role("button", name="B", exact=True).click()
    asked.get_by_text("Rates along a chain multiply").first.wait_for()
    asked.screenshot(path=screenshots / "lesson4-question.png")
