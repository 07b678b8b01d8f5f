"""Lesson 1 in the browser: the line, the learning rule and the cards follow their controls."""

from browser_tools import moved

NAME = "01_perceptron.ipynb"


def test_every_control_of_lesson_1_moves_its_picture(lesson, screenshots):
    lab = lesson
    line = lab.cell("decision_explorer(TARGETS)")
    for label in ("w₁", "w₂", "b"):
        moved(lab, line, lambda label=label: lab.move_slider(label, times=2, within=line))
    moved(lab, line, lambda: line.get_by_role("combobox").select_option("XOR"))
    line.screenshot(path=screenshots / "lesson1-line.png")

    rule = lab.cell("correction_stepper(looks")
    moved(lab, rule, lambda: rule.get_by_role("button", name="Next").click())
    moved(lab, rule, lambda: rule.get_by_role("button", name="Previous").click())
    moved(lab, rule, lambda: lab.move_slider("step", times=3, within=rule))
    rule.screenshot(path=screenshots / "lesson1-rule.png")

    card = lab.cell("neuron_browser(network")
    moved(lab, card, lambda: lab.move_slider("image", within=card))
    moved(lab, card, lambda: lab.move_slider("neuron", "End", within=card))
    layer = card.get_by_role("combobox")
    moved(lab, card, lambda: layer.select_option("3 (10 neurons)"))
    card.screenshot(path=screenshots / "lesson1-card.png")


def test_questions_of_lesson_1_answer(lesson):
    cell = lesson.cell("How many of the 16 can a single neuron do")
    cell.get_by_role("button", name="C", exact=True).click()
    status = cell.get_by_role("status")
    status.wait_for()
    assert "C: Yes." in status.inner_text()
