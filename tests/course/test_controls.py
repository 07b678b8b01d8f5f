"""Explorer, stepper and question without a browser: what moves, what is drawn, what is shown."""

import ipywidgets
import numpy as np
import pytest

from nnlesson.course.controls import Explorer, Stepper, choice, log_slider, slider, sweep, toggle
from nnlesson.course.questions import question
from nnlesson.course.style import label_axes, new_figure, to_html


def draw(height=1.0, kind="sine", dashed=False):
    figure, ax = new_figure(4, 2.5)
    x = np.linspace(0, 6, 60)
    ax.plot(x, height * getattr(np, kind[:3])(x), "--" if dashed else "-")
    ax.set_ylim(-10, 10)
    label_axes(ax, f"A {kind} of height {height:g}", "x", "y")
    return figure


@pytest.fixture
def wave():
    controls = {
        "height": slider("height", 0.0, 9.0, 1.0, 0.5),
        "kind": choice("kind", ["sine", "cosine"]),
        "dashed": toggle("dashed"),
    }
    return Explorer(draw, controls, "A wave")


@pytest.fixture
def shown(monkeypatch):
    """What is displayed: one dict of data by type for each output."""
    outputs = []

    def display(thing, metadata=None, raw=False):
        outputs.append(thing if raw else thing.data)

    for room in ("controls", "questions"):
        monkeypatch.setattr(f"nnlesson.course.{room}.display", display)
    return outputs


def test_a_control_that_moves_draws_again(wave):
    first, pictures = wave.image.value, set()
    for name, value in (("height", 2.0), ("kind", "cosine"), ("dashed", True)):
        wave.controls[name].value = value
        pictures.add(wave.image.value)
    assert wave.values == {"height": 2.0, "kind": "cosine", "dashed": True}
    assert len(pictures | {first}) == 4 and all(bytes(p[:4]) == b"\x89PNG" for p in pictures)
    assert wave.n_drawn == 3
    for name, value in (("height", 1.0), ("kind", "sine"), ("dashed", False)):
        wave.controls[name].value = value
    assert wave.image.value == first  # the same values, the same picture


def test_what_cannot_be_drawn_is_said_and_the_next_picture_clears_it(capsys):
    def fussy(n):
        if n == 3:
            raise ValueError("three is <not> allowed")
        return draw(n)

    made = Explorer(fussy, {"n": slider("n", 1, 5, 1)}, "A wave")
    before = made.image.value
    made.controls["n"].value = 3
    assert made.image.value == before and isinstance(made.error, ValueError)
    assert "ValueError: three is &lt;not&gt; allowed" in made.note.value
    with pytest.raises(ValueError, match="three"):
        sweep(made)
    made.controls["n"].value = 4
    assert made.error is None and made.note.value == "" and made.image.value != before
    assert capsys.readouterr().out == ""


def test_a_first_picture_that_fails_fails_in_the_cell():
    with pytest.raises(ZeroDivisionError):
        Explorer(lambda n: draw(n / 0), {"n": slider("n", 1, 5, 1)}, "A wave")
    with pytest.raises(ValueError, match="alt is empty"):
        Explorer(draw, {}, " ")


def test_an_explorer_shows_the_controls_and_a_folded_still_picture(wave, shown):
    wave._ipython_display_()
    view, still = shown
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == wave.box.model_id
    assert view["text/plain"].endswith("It shows: A wave")
    assert still.startswith("<details><summary>Still picture")
    assert '<img alt="A wave"' in still
    # a description, even an empty one, keeps the browser's half from failing on the tooltip
    assert wave.image.tooltip == "A wave" and wave.image.description == ""
    assert "description" in wave.image.get_state() and wave.image.width == "400"


def test_controls_can_share_a_row(wave):
    made = Explorer(draw, wave.controls, "A wave", columns=2)
    assert [len(row.children) for row in made.box.children[:2]] == [2, 1]


def test_controls_have_labels_and_the_types_of_their_values():
    whole, real = slider("n", 1, 9, 3), slider("z", -6.0, 6.0, 0.5, 0.25)
    assert isinstance(whole, ipywidgets.IntSlider) and whole.step == 1
    assert isinstance(real, ipywidgets.FloatSlider) and real.readout_format == ".2f"
    assert slider("z", 0.0, 1.0, 0.5).step == 0.01
    assert slider("z", 0, 1, 0.5, 0.1).readout_format == ".1f"
    h = log_slider("h", -8, 0, 1e-3)
    assert h.value == pytest.approx(1e-3) and (h.min, h.max, h.base) == (-8, 0, 10)
    pick = choice("digit", [("one", 1), ("zero", 0)], 0)
    assert pick.value == 0 and choice("kind", ["a", "b"]).value == "a"
    for control in (whole, real, h, pick, toggle("on")):
        assert control.description
    assert toggle("on", True).value is True


def test_sweep_visits_ends_middles_options_and_corners(wave):
    seen = []
    plain = wave.draw
    wave.draw = lambda **values: (seen.append(values), plain(**values))[1]
    drawn = sweep(wave)
    assert drawn == len(seen) > 10
    assert {0.0, 0.5, 4.5, 8.5, 9.0} <= {v["height"] for v in seen}
    corners = {(h, k, d) for h in (0.0, 9.0) for k in ("sine", "cosine") for d in (False, True)}
    assert corners <= {(v["height"], v["kind"], v["dashed"]) for v in seen}
    assert wave.values == {"height": 1.0, "kind": "sine", "dashed": False}


def test_sweep_finds_a_failure_at_one_end_or_in_one_corner():
    def corner(a, b):
        return draw(1 / (a * b - 4 * 9))

    controls = {"a": slider("a", 1, 4, 1), "b": slider("b", 1, 9, 2)}
    with pytest.raises(ZeroDivisionError) as caught:
        sweep(Explorer(corner, controls, "A wave"))
    assert "'a': 4" in caught.value.__notes__[0] and "'b': 9" in caught.value.__notes__[0]


def test_sweep_refuses_idle_controls_and_printing_callbacks():
    idle = {"height": slider("h", 0, 9, 1), "unused": toggle("unused")}
    with pytest.raises(AssertionError, match="'unused' changes nothing"):
        sweep(Explorer(lambda height, unused: draw(height), idle, "A wave"))

    def loud(height):
        print("drawing", height)
        return draw(height)

    with pytest.raises(AssertionError, match="a callback printed 'drawing"):
        sweep(Explorer(loud, {"height": slider("h", 0, 9, 1)}, "A wave"))


@pytest.mark.parametrize(
    "control",
    [
        ipywidgets.RadioButtons(options={"one": 1, "two": 2}),
        ipywidgets.BoundedIntText(min=1, max=5),
        ipywidgets.ToggleButton(),
    ],
    ids=lambda control: type(control).__name__,
)
def test_sweep_knows_other_controls_too(control):
    assert sweep(Explorer(lambda n: draw(float(n)), {"n": control}, "A wave")) >= 1


def test_a_stepper_goes_forward_and_back_and_stops_at_its_ends(shown):
    made = Stepper(lambda step: draw(1 + step), 3, "A wave that grows", still_step=2, first=1)
    pictures = [made.image.value]
    assert made.previous.disabled and not made.next.disabled
    for _ in range(2):
        made.next.click()
        pictures.append(made.image.value)
    assert len(set(pictures)) == 3 and made.next.disabled and not made.previous.disabled
    made.next.click()
    assert made.values == {"step": 3}  # the slider counts from 1, draw from 0
    made.previous.click()
    assert made.image.value == pictures[1]
    assert sweep(made) >= 3
    made._ipython_display_()
    assert to_html(draw(3), "A wave that grows") in shown[1]
    with pytest.raises(ValueError, match="one step at least"):
        Stepper(draw, 0, "Steps")


@pytest.fixture
def asked():
    return question(
        r"How large is $\frac{1}{1+e^0}$?",
        ["1", r"$\frac12$", "0"],
        1,
        ["Count the $1$ too.", "Because $e^0 = 1$.", "It is never 0."],
    )


def test_a_click_says_whether_it_is_right_and_why(asked):
    assert asked.feedback.value == ""
    asked.buttons[0].click()
    assert "A: Not quite." in asked.feedback.value and "Count the $1$ too." in asked.feedback.value
    assert [b.button_style for b in asked.buttons] == ["warning", "", ""]
    asked.buttons[1].click()
    assert "B: Yes." in asked.feedback.value and "Because $e^0 = 1$." in asked.feedback.value
    assert 'role="status"' in asked.feedback.value
    assert [b.button_style for b in asked.buttons] == ["", "success", ""]
    assert isinstance(asked.feedback, ipywidgets.HTMLMath)


def test_a_question_can_be_read_without_running(asked, shown):
    asked._ipython_display_()
    text, view, answer = shown
    assert text.startswith(r"**Before you run.** How large is $\frac{1}{1+e^0}$?")
    assert r"- **B.** $\frac12$" in text.splitlines()
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == asked.box.model_id
    folded = "<details><summary>Answer</summary><p><b>B.</b> Because $e^0 = 1$.</p></details>"
    assert answer == folded


def test_a_question_with_a_mistake_in_it_is_refused():
    with pytest.raises(ValueError, match="index of one of 2"):
        question("?", ["a", "b"], 2, ["Because.", "No."])
    for explanations in (["Because."], "no"):
        with pytest.raises(ValueError, match="as many explanations"):
            question("?", ["a", "b"], 0, explanations)
