"""The pictures of lesson 4 draw the numbers they are given."""

import numpy as np
import pytest
from figure_parts import drawn, lines, notes, texts, title, widths
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch

from nnlesson.course.lesson4 import figures as lesson4
from nnlesson.course.lesson4.explorers import backprop_stepper
from nnlesson.course.style import RED

VALUES = {
    "x": 0.7, "y": 1.0, "w1": 0.9, "b1": -1.5, "w2": -0.3, "b2": 1.1, "v1": -0.7, "v2": -0.8,
    "c": 1.3, "z1": -0.87, "a1": 0.2953, "z2": 0.89, "a2": 0.7089, "z": 0.5262, "a": 0.6286,
    "J": 0.4643,
}  # fmt: skip
SLOPES = {
    "a": -1.5908, "z": -0.3714, "v1": -0.1097, "v2": -0.2633, "c": -0.3714, "a1": 0.26,
    "z1": 0.0541, "w1": 0.0379, "b1": 0.0541, "a2": 0.2971, "z2": 0.0613, "w2": 0.0429,
    "b2": 0.0613,
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.37141, "−0.3714"), (0.7, "0.7"), (-1.0, "−1.0"), (1e-5, "0.0000"), (-1e-5, "0.0000")],
)
def test_signed(value, text):
    assert lesson4.signed(value) == text


def test_steps_go_forward_then_back_and_cover_all_parameters():
    ways = [way for way, *_ in lesson4.STEPS]
    assert ways == ["forward"] * 7 + ["back"] * 13
    back = {name for way, name, *_ in lesson4.STEPS if way == "back"}
    assert back == set(SLOPES)


@pytest.mark.parametrize("step", range(len(lesson4.STEPS) + 1))
def test_each_step_shows_its_number_and_none_that_comes_later(step):
    shown = texts(lesson4.backprop_step(step, VALUES, SLOPES))
    forward = [name for way, name, *_ in lesson4.STEPS[:step] if way == "forward"]
    for name in ("z1", "a1", "z2", "a2", "z", "a", "J"):
        assert (lesson4.signed(VALUES[name]) in shown) == (name in forward)
    back = [name for way, name, *_ in lesson4.STEPS[:step] if way == "back"]
    later = set(SLOPES) - set(back)
    now = {lesson4.signed(SLOPES[name]) for name in back}
    for name in later:
        text = lesson4.signed(SLOPES[name])
        assert text in now or text not in shown
    assert now <= set(shown)


@pytest.mark.parametrize(("step", "red"), [(7, 0), (8, 1), (10, 3), (12, 5), (15, 7), (20, 11)])
def test_an_arrow_turns_red_when_a_slope_has_come_back_along_it(step, red):
    patches = lesson4.backprop_step(step, VALUES, SLOPES).axes[0].patches
    arrows = [patch for patch in patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == 12
    assert sum(arrow.get_edgecolor()[:3] == to_rgb(RED) for arrow in arrows) == red


def test_formula_and_numbers_stand_side_by_side():
    figure = lesson4.backprop_step(14, VALUES, SLOPES)
    assert title(figure.axes[0]) == "Step 14 of 20. Back: the next slope is 0.0541"
    assert "δ₁ = ∂J/∂z₁ = ∂J/∂a₁ · a₁ (1 − a₁)" in texts(figure)
    assert any("0.2600 · 0.2953 · (1 − 0.2953) = 0.0541" in text for text in texts(figure))


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (1, "= 0.9 · 0.7 + (−1.5) = −0.8700"),
        (2, "= σ(−0.8700) = 0.2953"),
        (13, "= (−0.3714) · (−0.7) = 0.2600"),
    ],
)
def test_negative_numbers_stand_in_brackets(step, line):
    assert notes(lesson4.backprop_step(step, VALUES, SLOPES).axes[0])[-1] == line


def test_every_formula_of_the_steps_is_filled_in():
    for step in range(1, len(lesson4.STEPS) + 1):
        last = notes(lesson4.backprop_step(step, VALUES, SLOPES).axes[0])[-1]
        assert last.startswith("= ") and "{" not in last


def test_maps_show_values_and_slopes():
    assert lesson4.signed(SLOPES["w2"]) not in texts(lesson4.network_map(VALUES, "forward"))
    figure = lesson4.slope_map(VALUES, SLOPES, "back")
    assert title(figure.axes[0]) == "back"
    assert {lesson4.signed(slope) for slope in SLOPES.values()} <= set(texts(figure))


def test_chain_drawing():
    figure = lesson4.chain_drawing(["w", "z", "J"], ["2", "3"], "a chain")
    assert set(texts(figure)) == {"w", "z", "J", "2", "3", "a chain"}


def test_batch_sum_shows_the_sum_of_the_rows():
    rows = np.array([[0.1, -0.25], [0.2, 0.05]])
    figure = lesson4.batch_sum(rows)
    top, low = figure.axes
    assert np.allclose(top.images[0].get_array(), rows)
    assert np.allclose(low.images[0].get_array(), [[0.3, -0.2]])


def test_penalty_gap_draws_every_weight():
    weights = np.array([[1.0, -2.0]])
    figure = lesson4.penalty_gap(weights, {"a": 0.1 * weights, "b": 0 * weights}, 0.1)
    expected, a, b = figure.axes[0].lines
    assert np.allclose(a.get_ydata(), [0.1, -0.2]) and np.allclose(b.get_ydata(), 0)
    assert np.allclose(expected.get_ydata(), 0.1 * expected.get_xdata())


def test_outer_product_is_a_table_of_products():
    x, delta = np.array([1.0, 2.0, -1.0]), np.array([0.5, -0.25])
    figure = lesson4.outer_product(x, delta)
    images = figure.axes[0].images
    assert np.allclose(images[1].get_array(), [10 * delta]) and "10 δ" in texts(figure)
    assert np.allclose(images[2].get_array(), 10 * np.outer(x, delta))


def test_delta_counts():
    ax = lesson4.delta_counts([1, 2], [230, 4650], [30, 50]).axes[0]
    assert [points[:, 1].tolist() for points in lines(ax).values()] == [[230, 4650], [30, 50]]
    assert ax.get_yscale() == "log"


def test_error_ladder_puts_errors_on_a_log_axis():
    ax = lesson4.error_ladder({"good": 1e-9, "bad": 0.5, "exact": 0.0}, "t").axes[0]
    assert [line.get_xdata()[0] for line in ax.lines] == [1e-9, 0.5, 2e-13]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["good", "bad", "exact"]


def test_kink_measures_across_the_corner():
    ax = lesson4.kink(lambda b: 2 * np.maximum(b, 0), 1e-5, 0.0).axes[0]
    (left, low), (right, high) = ax.lines[1].get_xydata()
    assert (high - low) / (right - left) == pytest.approx(1.0)


def test_five_ways_draws_milliseconds():
    left, right = lesson4.five_ways(["a", "b"], [10, 1000], [0.001, 2.0]).axes
    assert left.lines[0].get_xdata().tolist() == [10, 1000]
    assert np.allclose(right.lines[0].get_xdata(), [1, 2000])


def test_bug_board_marks_what_is_wrong_and_draws_every_run():
    errors = [[1e-10, 1e-9], [1e-10, 0.67]]
    runs = {"right": [0.9, 0.8], "A": [0.89, 0.89]}
    left, right = lesson4.bug_board(["W1", "b1"], errors, runs, 0.11, 0.1).axes
    assert notes(left) == ["ok", "ok", "ok", "0.67"]
    assert np.allclose(widths(right), [0.85, 0.89])
    assert [dots.get_xdata().tolist() for dots in right.lines[:2]] == list(runs.values())
    blue, red = (bar.get_facecolor() for bar in right.patches)
    assert blue != red


def test_small_tables_can_be_drawn():
    drawn(lesson4.batch_sum(np.eye(3)))
    drawn(lesson4.outer_product(np.ones(3), np.ones(2)))
    drawn(lesson4.bug_board(["W1"], [[0.5]], {"a": [0.1]}, 0.1, 0.1))


def test_bug_board_says_that_there_is_no_answer():
    figure = lesson4.bug_board(["W1"], [[0.5]], {"C": [np.nan]}, 0.11, 0.1)
    assert "the outputs are nan" in notes(figure.axes[1])


def test_each_step_is_another_picture():
    shown = backprop_stepper(VALUES, SLOPES)
    at = shown.controls["step"]
    assert (at.min, at.max) == (0, len(lesson4.STEPS))
    pictures = {bytes(shown.image.value)}
    while not shown.next.disabled:
        shown.next.click()
        assert shown.error is None
        pictures.add(bytes(shown.image.value))
    assert len(pictures) == len(lesson4.STEPS) + 1
