"""Lesson 3 in the browser: its questions answer; its live figures are tried in test_live*.py."""


def test_questions_of_lesson_3_answer(lesson):
    assert "Not quite." in lesson.answer("What happens to the error", "A")
    assert "Yes." in lesson.answer("What happens to the error", "B")
