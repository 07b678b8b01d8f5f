"""Lesson 3 in the browser: the step and the learning rate move their pictures."""


def test_every_control_of_lesson_3_moves_its_picture(lesson, screenshots):
    step = lesson.cell("step_explorer(sigmoid")
    lesson.slides(step, "step h", "ArrowLeft", times=30)
    lesson.chooses(step, "central, float32")
    step.screenshot(path=screenshots / "lesson3-step.png")

    walk = lesson.cell("rate_explorer(surfaces")
    lesson.slides(walk, "learning rate η", times=3)
    lesson.slides(walk, "steps", times=5)
    lesson.chooses(walk, "valley: x₀² + 20 x₁²")
    lesson.slides(walk, "learning rate η", "Home")
    walk.screenshot(path=screenshots / "lesson3-rate.png")


def test_questions_of_lesson_3_answer(lesson):
    assert "Not quite." in lesson.answer("What happens to the error", "A")
    assert "Yes." in lesson.answer("What happens to the error", "B")
