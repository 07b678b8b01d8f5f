"""The live figures in JupyterLab: by mouse, finger and keyboard, seen, spoken, and fast enough."""

import re

import nbformat
import numpy as np
import pytest
from live_tools import check_looks, check_speed

from nnlesson.activations import relu, relu_prime

SETUP = """
import numpy as np
from nnlesson.activations import sigmoid, sigmoid_prime
from nnlesson.course.lesson1.explorers import decision_line
from nnlesson.course.lesson2.explorers import tangent
from nnlesson.course.lesson3.explorers import step_size
FUNCTIONS = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0]}
STEPS = 10.0 ** np.arange(-15, 0.01, 0.125)
NAMES = [f"{way}, float{bits}" for way in ("forward", "central") for bits in (64, 32)]
ERRORS = {name: 1e-16 / STEPS + STEPS for name in NAMES}
"""
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
# A figure of the tests' own: a row of steps, and a picture to press.
STEPPER = """// A figure to step through.
import { INK, press, h, namedSvg, steps } from "./live.js";
export default {
  title: "Steps",
  controls: { step: steps("step", 0, 500) },
  see: ({ step }) => ({
    says: `step ${step}`,
    numbers: { step },
    parts: [
      namedSvg("dots", 60, 30,
        press("dot", "to 7", step === 7, h("circle", { cx: 30, cy: 15, r: 12, fill: INK }))),
    ],
    presses: { dot: { step: 7 } },
  }),
};
"""
SETUP += f"""
from pathlib import Path
from nnlesson.course import live
own = Path("stepper.js").resolve()
own.write_text({STEPPER!r}.replace("./live.js", str(live.KIT)), encoding="utf-8")
"""
CELLS = {
    "line": "decision_line(FUNCTIONS)",
    "curve": "tangent(['ReLU', 'sigmoid'])",
    "error": "step_size(sigmoid, 1.0, float(sigmoid_prime(1.0)), STEPS, ERRORS)",
    "stepper": "live.Live(own)",
}


def z_shown(figure):
    values = [float(figure.value(name).replace("−", "-")) for name in ("w₁", "w₂", "b")]
    return CORNERS @ values[:2] + values[2]


def put_line(figure):
    """Put the line where w₁ = w₂ = 1 and b = −0.5, with the keyboard alone."""
    for label, times in (("w₁", 80), ("w₂", 80), ("b", 50)):
        figure.press_keys(label, "Home")
        figure.press_keys(label, "ArrowRight", times)


def check_line(figure):
    """The table and the words are those of the numbers that the sliders say."""
    z = z_shown(figure)
    shown = [float(row[1].replace("−", "-")) for row in figure.rows()]
    assert shown == pytest.approx(z, abs=0.006)
    assert figure.spoken().startswith(figure.says())


def test_the_line_follows_mouse_finger_and_keys(figure):
    line = figure("line")
    for act in (line.drag, line.touch):
        put_line(line)
        before = z_shown(line)
        act("line", (40, 30))
        check_line(line)
        assert z_shown(line) != pytest.approx(before)
        before = z_shown(line)
        act("arrow", (10, 60))
        check_line(line)
        assert z_shown(line) != pytest.approx(before)
    line.press_keys("b", "Home")
    assert line.value("b") == "−3.00"
    line.press_keys("b", "ArrowRight", 3)
    assert line.value("b") == "−2.85"
    check_line(line)


def test_a_goal_is_noticed_spoken_and_kept(figure):
    line = figure("line")
    put_line(line)
    line.control("function").select_option("OR")
    line.press_keys("b", "ArrowRight", 3)  # the goal is told after the next moves, not lost
    assert line.says() == "All 4 right: these three numbers are OR"
    assert "OR ✓. Now " in line.spoken()
    line.press_keys("b", "End")
    assert "✓ OR" in line.root.locator(".nn-goals").inner_text()
    line.control("function").select_option("XOR")
    assert line.spoken().startswith("XOR: ")


def test_the_point_runs_along_the_curve(figure, page):
    curve = figure("curve")
    curve.drag("point", (-40, 0))
    z = float(curve.value("z").replace("−", "-"))
    slope, after, before = relu_prime(np.array([z]))[0], *relu(np.array([z + 2.0, z]))
    assert f"(full line) {slope:.3f};" in curve.says()
    assert curve.says().endswith(f"(dashed) {(after - before) / 2:.3f}")
    assert curve.spoken() == curve.says()


def test_the_star_speaks_powers_of_ten(figure):
    error = figure("error")
    error.press_keys("step h", "Home")
    assert error.value("step h") == "1.0 · 10⁻¹⁵"
    error.control("method").select_option("central, float32")
    error.drag("star", (100, 0))
    assert error.value("step h") != "1.0 · 10⁻¹⁵"
    assert error.spoken() == error.says()


def test_no_click_of_a_stepper_is_lost(figure, page):
    stepper = figure("stepper")
    button = stepper.button("Next").element_handle()
    button.evaluate("""async button => {
        for (let k = 0; k < 200; k += 1) {
            button.click();
            await new Promise(done => setTimeout(done, 30));
        }
    }""")
    assert stepper.says() == "step 200"
    stepper.button("to 7").focus()
    page.press_key("Enter")
    assert stepper.spoken() == "step 7"
    stepper.button("Play").click()
    stepper.root.locator(".nn-says", has_text=re.compile(r"^step (9|\d\d)$")).wait_for()
    stepper.button("Pause").click()


@pytest.mark.parametrize(
    ("name", "grip", "by"),
    [("line", "line", (100, -100)), ("curve", "point", (150, 0)), ("error", "star", (150, 0))],
)
def test_a_drag_is_as_fast_as_an_empty_page(browser, figure, name, grip, by):
    if name == "line":
        put_line(figure(name))
    check_speed(browser, figure(name), grip, by)


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_a_figure_fits_and_is_accessible(figure, page, screenshots, is_dark):
    check_looks(page, {name: figure(name) for name in CELLS}, screenshots, is_dark)


def test_a_stored_notebook_shows_the_still_and_a_run_one_the_figure(lab, server):
    from renew_outputs import renew

    name = server.add_notebook("stored.ipynb", [SETUP, *list(CELLS.values())[:3]])
    path = server.folder / name
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNLESSON_STILLS", "1")
        renew(path)
    assert len(nbformat.read(path, 4).cells[1].outputs) == 1
    lab.open_notebook(name)
    stills = lab.page.locator('.jp-OutputArea img[src^="data:image/svg+xml"]')
    stills.nth(2).wait_for()
    assert stills.count() == 3 and lab.page.locator(".nn-live").count() == 0
    assert stills.nth(0).get_attribute("alt") == "AND: 2 of 4 right"
    lab.run_all()
    lab.page.locator(".nn-live").nth(2).wait_for()
    assert stills.count() == 0 and lab.page.locator(".nn-live").count() == 3
    assert lab.faults() == []
