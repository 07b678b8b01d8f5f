"""Pictures as widgets and questions, without a browser: their names, and what is shown."""

import ipywidgets
import pytest
from strategies import refusals

from nnlesson.course.controls import Picture, row, show_box
from nnlesson.course.questions import question
from nnlesson.course.style import new_figure, to_html


@pytest.fixture
def shown(monkeypatch):
    """What is displayed: one text or dict of data by type for each output."""
    outputs = []

    def display(thing, metadata=None, raw=False):
        outputs.append(thing if raw else thing.data)

    for room in ("controls", "questions"):
        monkeypatch.setattr(f"nnlesson.course.{room}.display", display)
    return outputs


def test_a_box_shows_its_picture_and_a_folded_still(shown):
    figure, _ = new_figure(4, 2.5)
    picture = Picture(figure, "A wave")
    show_box(box := row(picture), "It shows: A wave", to_html(figure, "A wave"))
    view, still = shown
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == box.model_id
    assert view["text/plain"] == "It shows: A wave"
    assert still.startswith("<details><summary>Still picture") and '<img alt="A wave"' in still
    # a description, even an empty one, keeps the browser's half from failing on the tooltip
    sent = {"tooltip": "A wave", "description": "", "width": "400"}
    assert sent.items() <= picture.get_state().items()


WHY = ["Count the $1$ too.", "Because $e^0 = 1$.", "It is never 0."]


@pytest.fixture
def asked():
    return question(r"How large is $\frac{1}{1+e^0}$?", ["1", r"$\frac12$", "0"], 1, WHY)


def test_a_click_says_whether_it_is_right_and_why(asked):
    assert isinstance(asked.feedback, ipywidgets.HTMLMath) and asked.feedback.value == ""
    for click, said, styles in (
        (0, f"<b>A: Not quite.</b> {WHY[0]}", ["warning", "", ""]),
        (1, f"<b>B: Yes.</b> {WHY[1]}", ["", "success", ""]),
    ):
        asked.buttons[click].click()
        assert asked.feedback.value == f'<div role="status">{said}</div>'
        assert [b.button_style for b in asked.buttons] == styles


def test_a_question_can_be_read_without_running(asked, shown):
    asked._ipython_display_()
    text, view, answer = shown
    assert text.startswith(r"**Before you run.** How large is $\frac{1}{1+e^0}$?")
    assert r"- **B.** $\frac12$" in text.splitlines()
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == asked.box.model_id
    assert answer == f"<details><summary>Answer</summary><p><b>B.</b> {WHY[1]}</p></details>"


test_a_mistake_in_a_question_or_a_picture_is_refused = refusals(
    (lambda: question("?", ["a", "b"], 2, ["Yes.", "No."]), ValueError, "index of one of 2"),
    (lambda: question("?", ["a", "b"], 0, ["Yes."]), ValueError, "as many explanations"),
    (lambda: question("?", ["a", "b"], 0, "no"), ValueError, "as many explanations"),
    (lambda: Picture(new_figure()[0], " "), ValueError, "alt is empty"),
)
