"""Pictures as widgets and questions, without a browser: their names, and what is shown."""

import ipywidgets
import pytest

from nnlesson.course.controls import Picture, row, show_box
from nnlesson.course.questions import question
from nnlesson.course.style import new_figure, to_html


@pytest.fixture
def shown(monkeypatch):
    """What is displayed: one dict of data by type for each output."""
    outputs = []

    def display(thing, metadata=None, raw=False):
        outputs.append(thing if raw else thing.data)

    for room in ("controls", "questions"):
        monkeypatch.setattr(f"nnlesson.course.{room}.display", display)
    return outputs


def test_a_box_shows_its_picture_and_a_folded_still(shown):
    figure, _ = new_figure(4, 2.5)
    picture = Picture(figure, "A wave")
    box = row(picture)
    show_box(box, "It shows: A wave", to_html(figure, "A wave"))
    view, still = shown
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == box.model_id
    assert view["text/plain"] == "It shows: A wave"
    assert still.startswith("<details><summary>Still picture") and '<img alt="A wave"' in still
    # a description, even an empty one, keeps the browser's half from failing on the tooltip
    assert picture.tooltip == "A wave" and picture.description == ""
    assert "description" in picture.get_state() and picture.width == "400"
    with pytest.raises(ValueError, match="alt is empty"):
        Picture(figure, " ")


@pytest.fixture
def asked():
    explanations = ["Count the $1$ too.", "Because $e^0 = 1$.", "It is never 0."]
    return question(r"How large is $\frac{1}{1+e^0}$?", ["1", r"$\frac12$", "0"], 1, explanations)


def test_a_click_says_whether_it_is_right_and_why(asked):
    assert asked.feedback.value == ""
    for click, said, styles in (
        (0, "<b>A: Not quite.</b> Count the $1$ too.", ["warning", "", ""]),
        (1, "<b>B: Yes.</b> Because $e^0 = 1$.", ["", "success", ""]),
    ):
        asked.buttons[click].click()
        assert asked.feedback.value == f'<div role="status">{said}</div>'
        assert [b.button_style for b in asked.buttons] == styles
    assert isinstance(asked.feedback, ipywidgets.HTMLMath)


def test_a_question_can_be_read_without_running(asked, shown):
    asked._ipython_display_()
    text, view, answer = shown
    assert text.startswith(r"**Before you run.** How large is $\frac{1}{1+e^0}$?")
    assert r"- **B.** $\frac12$" in text.splitlines()
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == asked.box.model_id
    right = "<p><b>B.</b> Because $e^0 = 1$.</p>"
    assert answer == f"<details><summary>Answer</summary>{right}</details>"


def test_a_question_with_a_mistake_in_it_is_refused():
    for answer, explanations, said in (
        (2, ["Because.", "No."], "index of one of 2"),
        (0, ["Because."], "as many explanations"),
        (0, "no", "as many explanations"),
    ):
        with pytest.raises(ValueError, match=said):
            question("?", ["a", "b"], answer, explanations)
