"""Lesson 2 in JupyterLab: its sliders, its choice and a question answer."""


def test_every_control_of_lesson_2_moves_its_picture(lesson):
    tangent = lesson.cell('tangent_explorer({"sigmoid"')
    for label in ("z", "h"):
        lesson.slides(tangent, label, times=3)
    lesson.redraws(tangent, lambda: lesson.drag_slider("h", -80, within=tangent))

    curves = lesson.cell('"leaky ReLU": (leaky_relu, leaky_relu_prime),\n        "sigmoid"')
    for name in ("leaky ReLU", "sigmoid", "identity", "ReLU"):
        lesson.chooses(curves, name)


def test_a_question_is_answered_with_the_keyboard(lesson):
    cell = lesson.cell('question_about("step")')
    cell.get_by_role("button", name="C").focus()
    lesson.press_key("Enter")
    cell.get_by_text("C: Yes.").wait_for()
