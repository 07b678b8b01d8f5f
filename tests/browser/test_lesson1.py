"""Lesson 1 in the browser: its questions answer; its live figures are tried in test_live*.py."""


def test_questions_of_lesson_1_answer(lesson):
    assert "Yes." in lesson.answer("How many of the 16 can a single neuron do", "C")
