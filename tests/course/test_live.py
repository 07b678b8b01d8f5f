"""The kit of the live figures, their files, and two figures against the taught Python."""

import html
import re
from xml.dom import minidom

import nbformat
import numpy as np
import pytest
from course_rules import NOTEBOOKS, PACKAGE

from nnlesson import activations
from nnlesson.course import live
from nnlesson.course.lesson2.explorers import tangent
from nnlesson.course.lesson3.explorers import step_size

MiniRacer = pytest.importorskip("py_mini_racer").MiniRacer

SLOPES = {
    "sigmoid": (activations.sigmoid, activations.sigmoid_prime),
    "ReLU": (activations.relu, activations.relu_prime),
    "leaky ReLU": (activations.leaky_relu, activations.leaky_relu_prime),
    "identity": (activations.identity, np.ones_like),
}


# ---- the kit ----


@pytest.fixture(scope="module")
def kit():
    """Runs an expression of JavaScript in which `kit` is the kit; closed after the tests."""
    with MiniRacer() as engine:
        engine.eval(live.joined(PACKAGE / "course" / "lesson2" / "tangent.js", live.STILL) + "\n0")
        yield lambda expression: engine.eval(f"String({expression})")


AXES = "kit.axes({ box: [0, 0, 100, 100], x: [0, 10], y: [0, 10] })"
CURVE = f"{AXES}.curve((v) => v * v / 10, {{}}, 2"
GOALS = "[1, 2, 3].map((n) => ({ text: `${n}`, met: (k) => k === n }))"
SAID = {
    "kit.fixed(-0.001, 2)": "0.00",
    "kit.grouped(-1234567.4)": "−1,234,567",
    "kit.power(1e-12)": "10⁻¹²",
    "still.toText(kit.h('a', { b: '<\"', c: null, d: 1.005 }, 'x & y', false))":
        '<a b="&#60;&#34;" d="1">x &#38; y</a>',
    # a value is snapped to a place of its slider
    "kit.snap(kit.range('a', -3, 3, 0.05, 0), 0.33)": "0.35",
    "kit.snap(kit.range('a', -3, 3, 0.05, 0), 99)": "3",
    "kit.snap(kit.range('a', 1, 10, 3, 1), 5)": "4",
    "kit.snap(kit.logRange('a', -3, 0, 20, 0.1), 0.0104)": "0.01",
    "kit.logRange('a', -3, 0, 20, 0.1).show(0.1)": "0.1",
    # a curve goes through the values between its ends
    f"{CURVE}).attrs.points": "0,100 50,75 100,0",
    f"{CURVE}, [0, 4]).attrs.points": "0,100 20,96 40,84",
    # goals keep what was reached, and name the next
    f"kit.reach({GOALS}, 2, [])": "2",
    f"kit.reach({GOALS}, 1, ['2'])": "1,2",
    f"kit.reach({GOALS}, 7, ['2'])": "2",
    f"kit.goalSentence({GOALS}, ['2'], '2')": "2 ✓. Now 1.",
    f"kit.goalSentence({GOALS}, ['1', '2', '3'], '3')": "3 ✓. All done.",
}  # fmt: skip


@pytest.mark.parametrize("expression", SAID)
def test_the_kit_says_snaps_draws_and_counts_as_a_reader_expects(kit, expression):
    assert kit(expression) == SAID[expression]


@pytest.mark.parametrize("decade", [1, 4, 10, 20])
def test_every_place_of_a_log_slider_is_kept_when_it_is_shown_again(kit, decade):
    # or the arrow keys would be stuck there
    places = list(range(-6 * decade, 2 * decade + 1))
    slider = f"kit.logRange('a', -6, 2, {decade}, 1)"
    assert kit(f"((c) => {places}.filter((k) => c.to(c.from(k)) !== k))({slider})") == ""


@pytest.mark.parametrize("scale", ["", ", logX: true, logY: true"])
def test_axes_undo_themselves(kit, scale):
    axes = f"kit.axes({{ box: [50, 10, 300, 200], x: [0.001, 10], y: [0.1, 1000]{scale} }})"
    points = np.random.default_rng(0).uniform(0.1, 10, (20, 2))
    back = kit(f"{points.tolist()}.map((p) => {axes}.at({axes}.place(p)))")
    assert [float(v) for v in back.split(",")] == pytest.approx(points.ravel())


# ---- the files ----


def test_scripts_say_what_they_are_for_and_are_short():
    sizes = {}
    for path in PACKAGE.rglob("*.js"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("// ") and max(map(len, lines)) <= 100, path.name
        code = [line for line in map(str.strip, lines) if line]
        sizes[path.name] = sum(not line.startswith(("//", "/**", "* ")) for line in code)
    assert sum(sizes.values()) <= 1800 and sizes["tangent.js"] < 40
    assert sizes.pop("live.js") <= 350 and max(sizes.values()) <= 130, sizes


def test_a_still_is_there_where_it_is_asked_for(monkeypatch):
    figure = tangent(list(SLOPES))
    monkeypatch.delenv(live.MAKE_STILLS, raising=False)
    assert "text/html" not in figure._repr_mimebundle_()[0]
    monkeypatch.setenv(live.MAKE_STILLS, "1")
    assert f'alt="{figure.see({})[0]["says"]}"' in figure._repr_mimebundle_()[0]["text/html"]


def test_data_with_bytes_are_not_stored_with_the_still():
    figure = live.Live(live.KIT.parent / "lesson2" / "tangent.js", {"z": 1.0}, W=b"12")
    record = {"figure": "lesson2/tangent", "start": {"z": 1.0}, "given": None}
    assert live.recorded(figure.record()) == record


def test_a_figure_of_ones_own_stores_its_still_alone(tmp_path, monkeypatch):
    # `make site` finds a figure by its place in the package, and this one has none
    (tmp_path / "own.js").write_text("""
export default {
title: 'Own', see: () => ({ says: 'one', numbers: {}, parts: [] }) };""")
    monkeypatch.setenv(live.MAKE_STILLS, "1")
    data, _ = live.Live(tmp_path / "own.js")._repr_mimebundle_()
    assert "<b>one</b>" in data["text/html"] and live.RECORD not in data


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_what_a_notebook_stores_draws_its_stills(path):
    # nbval compares the stills, and leaves the packed data out.
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    stored = [data for data in outputs if "A live figure" in data.get("text/plain", "")]
    # The others need Python while they move.
    packed = [data for data in stored if live.RECORD in data]
    assert len(packed) == len(stored) or path.stem == "05_mnist_mlp"
    for data in packed:
        record = live.recorded(data[live.RECORD])
        if record["given"] is not None:
            figure = live.KIT.parent / f"{record['figure']}.js"
            (seen,) = live.looks(figure, record["given"], [record["start"]])
            assert data["text/html"].startswith(f"<p><b>{html.escape(seen['says'])}</b></p>")
            minidom.parseString(f"<p>{seen['svg']}{seen['rest']}</p>")
            assert not {"NaN", "undefined"} & set(re.findall(r"\w+", f"{seen}"))


def test_new_data_are_shown_and_the_others_stay():
    figure = tangent(["ReLU"])
    figure.show(more=np.array([1.0, np.nan]))
    assert figure.given == {"names": ["ReLU"], "more": [1.0, None]}


# ---- two figures: JavaScript against the taught Python, at many settings ----


@pytest.mark.parametrize("name", SLOPES)
def test_tangent_and_secant_agree_with_the_activations(name):
    f, f_prime = SLOPES[name]
    places = [(z / 10, h / 10) for z in range(-50, 51, 5) for h in range(1, 31, 2)]
    settings = [{"name": name, "z": z, "h": h} for z, h in places]
    for (z, h), seen in zip(places, tangent(list(SLOPES)).see(*settings), strict=True):
        before, after = f(np.array([z, z + h]))
        expected = {"slope": f_prime(np.array([z]))[0], "secant": (after - before) / h}
        assert seen["numbers"] == pytest.approx(expected, abs=1e-12)
        assert seen["says"].startswith(f"z = {z + 0:.1f}: slope".replace("-", "−"))


@pytest.mark.parametrize("kind", ["float64", "float32"])
@pytest.mark.parametrize("way", ["forward", "central"])
def test_the_step_shown_is_measured_as_the_lesson_measures(way, kind):
    exact, number = float(activations.sigmoid_prime(1.0)), np.dtype(kind).type
    steps = 10.0 ** np.arange(-15, 0.01, 0.125)
    errors = {f"{way}, {kind}": 1e-16 / steps + steps}
    figure = step_size(activations.sigmoid, 1.0, exact, steps, errors)
    settings = [{"step": k, "method": f"{way}, {kind}"} for k in range(len(steps))]
    for h, seen in zip(steps, figure.see(*settings), strict=True):
        z, h = number(1), number(h)
        ends = np.array([z if way == "forward" else z - h, z + h])
        before, after = activations.sigmoid(ends).astype(float)
        measured = (after - before) / float(h) / (1 if way == "forward" else 2)
        assert seen["numbers"]["measured"] == pytest.approx(measured, rel=1e-6, abs=1e-9)
        assert seen["numbers"]["error"] == pytest.approx(abs(measured - exact), rel=1e-4, abs=1e-9)
        assert f"{way}, {kind}: measured" in seen["says"]
