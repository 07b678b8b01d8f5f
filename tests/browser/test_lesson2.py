"""Lesson 2 in JupyterLab: a question answers by keyboard; its figure is tried in test_live.py."""


def test_a_question_is_answered_with_the_keyboard(lesson):
    cell = lesson.cell('question_about("step")')
    cell.get_by_role("button", name="C").focus()
    lesson.press_key("Enter")
    cell.get_by_text("C: Yes.").wait_for()
