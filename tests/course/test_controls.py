"""Pictures as widgets and questions, without a browser: their names, and what a click says.

What is shown of them in a notebook that is not run, every lesson compares.
"""

from unittest.mock import Mock

import ipywidgets
from strategies import refusals

from nnlesson.course import controls
from nnlesson.course.questions import question
from nnlesson.course.style import new_figure, to_html


def test_a_box_shows_its_picture_and_a_folded_still(monkeypatch):
    monkeypatch.setattr(controls, "display", display := Mock())
    figure, _ = new_figure(4, 2.5)
    picture = controls.Picture(figure, "A wave")
    box = controls.row(picture)
    controls.show_box(box, "It shows: A wave", to_html(figure, "A wave"))
    view, still = (call.args[0] for call in display.call_args_list)
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == box.model_id
    assert view["text/plain"] == "It shows: A wave"
    assert still.data.startswith("<details><summary>Still picture") and 'alt="A wave"' in still.data
    # a description, even an empty one, keeps the browser's half from failing on the tooltip
    sent = {"tooltip": "A wave", "description": "", "width": "400"}
    assert sent.items() <= picture.get_state().items()


def test_a_click_says_whether_it_is_right_and_why():
    asked = question("How large?", ["1", "2", "0"], 1, ["Count the $1$ too.", "Yes.", "Never 0."])
    assert isinstance(asked.feedback, ipywidgets.HTMLMath) and asked.feedback.value == ""
    for click, said, styles in (
        (0, "<b>A: Not quite.</b> Count the $1$ too.", ["warning", "", ""]),
        (1, "<b>B: Yes.</b> Yes.", ["", "success", ""]),
    ):
        asked.buttons[click].click()
        assert asked.feedback.value == f'<div role="status">{said}</div>'
        assert [b.button_style for b in asked.buttons] == styles


test_a_mistake_in_a_question_or_a_picture_is_refused = refusals(
    (lambda: question("?", ["a", "b"], 2, ["Yes.", "No."]), ValueError, "index of one of 2"),
    (lambda: question("?", ["a", "b"], 0, ["Yes."]), ValueError, "as many explanations"),
    (lambda: question("?", ["a", "b"], 0, "no"), ValueError, "as many explanations"),
    (lambda: controls.Picture(new_figure()[0], " "), ValueError, "alt is empty"),
)
