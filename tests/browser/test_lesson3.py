"""Lesson 3 in the browser: the step and the learning rate move their pictures."""

from browser_tools import moved

NAME = "03_numerical_gradient.ipynb"


def test_every_control_of_lesson_3_moves_its_picture(lesson, screenshots):
    lab = lesson
    step = lab.cell("step_explorer(sigmoid")
    moved(lab, step, lambda: lab.move_slider("step h", "ArrowLeft", times=30, within=step))
    method = step.get_by_role("combobox")
    moved(lab, step, lambda: method.select_option("central, float32"))
    step.screenshot(path=screenshots / "lesson3-step.png")

    walk = lab.cell("rate_explorer(surfaces")
    moved(lab, walk, lambda: lab.move_slider("learning rate η", times=3, within=walk))
    moved(lab, walk, lambda: lab.move_slider("steps", times=5, within=walk))
    surface = walk.get_by_role("combobox")
    moved(lab, walk, lambda: surface.select_option("valley: x₀² + 20 x₁²"))
    moved(lab, walk, lambda: lab.move_slider("learning rate η", "Home", within=walk))
    walk.screenshot(path=screenshots / "lesson3-rate.png")


def test_questions_of_lesson_3_answer(lesson):
    cell = lesson.cell('question_about("smaller step")')
    cell.get_by_role("button", name="A", exact=True).click()
    status = cell.get_by_role("status")
    status.wait_for()
    assert "A: Not quite." in status.inner_text()
    cell.get_by_role("button", name="C", exact=True).click()
    cell.get_by_text("C: Yes.").wait_for()
