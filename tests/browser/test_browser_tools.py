"""The browser tools see what is right and what is wrong, on notebooks made for the purpose."""

import pytest
from browser_tools import HOW_TO_INSTALL, chromium_path

SETUP = """
import numpy as np
from nnlesson.course.controls import Explorer, Stepper, choice, slider
from nnlesson.course.questions import question
from nnlesson.course.style import label_axes, new_figure, show
def draw(height=1.0, kind="sine"):
    figure, ax = new_figure(4, 2.5)
    x = np.linspace(0, 6, 50)
    ax.plot(x, height * (np.sin(x) if kind == "sine" else np.cos(x)))
    label_axes(ax, f"A wave of height {height}", "x", "y")
    return figure
"""
EXPLORER = """
kinds = choice("kind", ["sine", "cosine"])
wave = Explorer(draw, {"height": slider("height", 0.0, 2.0, 1.0, 0.1), "kind": kinds}, "A wave")
wave
"""
STEPPER = "Stepper(lambda step: draw(step + 1), 3, 'A wave that grows')"
QUESTION = r"""
question(r"How large is $\frac{1}{1 + e^0}$?", ["$1$", r"$\frac{1}{2}$"], 1,
         ["It is $e^0 = 1$ twice.", r"Because $1 + e^0 = 2$."])
"""


@pytest.fixture
def healthy(lab, server):
    cells = [SETUP, "show(draw(), 'A sine wave')", EXPLORER, STEPPER, QUESTION]
    lab.open_notebook(server.add_notebook("healthy.ipynb", cells))
    lab.run_all()
    return lab


def test_controls_move_by_keyboard_and_by_mouse(healthy, screenshots):
    cell = healthy.cell("wave = explorer")
    healthy.slides(cell, "height", times=3)
    healthy.redraws(cell, lambda: healthy.drag_slider("height", -60, cell))
    healthy.chooses(cell, "cosine")
    assert healthy.screenshots("healthy", screenshots)
    assert healthy.faults() == []


def test_steps_and_questions_work_with_the_keyboard_alone(healthy):
    cell = healthy.cell("Stepper(lambda")
    cell.get_by_role("button", name="Next").focus()
    healthy.redraws(cell, lambda: healthy.press_key("Enter"))
    cell = healthy.cell("question(r")
    cell.get_by_role("button", name="A", exact=True).focus()
    healthy.press_key("Tab")
    healthy.press_key("Space")
    status = cell.get_by_role("status")
    status.wait_for()
    assert "B: Yes." in status.inner_text()
    # the formulas of prompt, choice and explanation are typeset, not shown as text
    status.locator("mjx-container").first.wait_for()
    assert cell.locator("mjx-container").count() >= 4
    assert "$" not in cell.locator(".jp-OutputArea").inner_text()
    assert healthy.faults() == []


def test_what_is_wrong_is_seen(lab, server):
    cells = [
        "import ipywidgets; from IPython.display import HTML, display",
        "w = ipywidgets.IntSlider(description='n'); w.observe(lambda c: 1 / 0, 'value'); w",
        "display(HTML('<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">'))",
        "display({'application/vnd.jupyter.widget-view+json': {'model_id': 'none',"
        " 'version_major': 2, 'version_minor': 0}}, raw=True)",
        "raise RuntimeError('a fault')",
    ]
    lab.open_notebook(server.add_notebook("broken.ipynb", cells))
    lab.run_all()
    lab.page.evaluate("() => console.error('a console error')")
    lab.move_slider("n")
    lab.page.wait_for_function("() => window.seen.errors.length > 1")
    faults = "\n".join(lab.faults())
    for fault in (
        "cell 4: RuntimeError: a fault",
        "kernel: RuntimeError: a fault",
        "kernel: ZeroDivisionError: division by zero",
        "a widget cannot be displayed",
        "without alt text: data:image/gif",
        "a console error",
    ):
        assert fault in faults


def test_a_missing_browser_is_said_in_a_sentence(monkeypatch):
    monkeypatch.delenv("NNLESSON_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match="Install it"):
        chromium_path("/nowhere/chrome")
    assert "NNLESSON_CHROMIUM" in HOW_TO_INSTALL
    monkeypatch.setenv("NNLESSON_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(FileNotFoundError, match="/nowhere/chromium"):
        chromium_path("/nowhere/chrome")
