"""Lesson 4 in the browser: the step-through goes forward and back, and questions answer."""


def test_every_control_of_lesson_4_moves_its_picture(lesson, screenshots):
    steps = lesson.cell("backprop_stepper(values, slopes)")
    assert steps.get_by_role("button", name="Previous").is_disabled()
    for button in ("Next", "Next", "Previous"):
        lesson.presses(steps, button)
    lesson.slides(steps, "step", times=8)
    steps.screenshot(path=screenshots / "lesson4-steps.png")
    lesson.slides(steps, "step", "End")
    assert steps.get_by_role("button", name="Next").is_disabled()


def test_questions_of_lesson_4_answer(lesson):
    question = "If $z$ changes 3 times as fast as $w$"
    assert "Not quite." in lesson.answer(question, "A")
    assert "Yes." in lesson.answer(question, "B")
    cell = lesson.cell(question)
    cell.get_by_text("Rates along a chain multiply").first.wait_for()
    # The formulas of the question and of its choices are typeset, not shown as text.
    cell.locator("mjx-container").first.wait_for()
    assert "$" not in cell.locator(".jp-OutputArea").first.inner_text()
