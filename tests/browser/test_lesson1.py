"""Lesson 1 in the browser: the line, the learning rule and the cards follow their controls."""


def test_every_control_of_lesson_1_moves_its_picture(lesson, screenshots):
    line = lesson.cell("decision_explorer(TARGETS)")
    for label in ("w₁", "w₂", "b"):
        lesson.slides(line, label, times=2)
    lesson.chooses(line, "XOR")
    line.screenshot(path=screenshots / "lesson1-line.png")

    rule = lesson.cell("correction_stepper(looks")
    lesson.presses(rule, "Next")
    lesson.presses(rule, "Previous")
    lesson.slides(rule, "step", times=3)
    rule.screenshot(path=screenshots / "lesson1-rule.png")

    card = lesson.cell("neuron_browser(network")
    lesson.slides(card, "image")
    lesson.slides(card, "neuron", "End")
    lesson.chooses(card, "3 (10 neurons)")
    card.screenshot(path=screenshots / "lesson1-card.png")


def test_questions_of_lesson_1_answer(lesson):
    assert "Yes." in lesson.answer("How many of the 16 can a single neuron do", "C")
