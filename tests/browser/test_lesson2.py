"""Lesson 2 in JupyterLab: a question answers by keyboard; its figure is tried in test_live.py."""


def test_a_question_is_answered_with_the_keyboard(lesson):
    cell = lesson.cell("How much does the output of the *step* change")
    cell.get_by_role("button", name="A").focus()
    lesson.press_key("Enter")
    cell.get_by_text("A: Yes.").wait_for()
