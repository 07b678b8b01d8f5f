"""The pictures of lesson 4 draw the numbers they are given."""

import numpy as np
import pytest
from figure_parts import drawn, lines, notes, texts, widths
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch

from nnlesson.course.lesson4 import figures as lesson4
from nnlesson.course.style import BLUE, RED

VALUES = {name: 0.1234 + k / 10 for k, name in enumerate([*lesson4.NODES, *lesson4.BOXES])}
SLOPES = {name: -value for name, value in VALUES.items() if name not in ("x", "y", "J")}


def test_numbers_are_short_where_that_is_exact_and_zero_has_no_minus():
    numbers = [-0.37141, 0.7, -1.0, 1e-5, -1e-5]
    assert [*map(lesson4.signed, numbers)] == ["−0.3714", "0.7", "−1.0", "0.0000", "0.0000"]


@pytest.mark.parametrize(("slopes", "red"), [({}, 0), (SLOPES, 11)])
def test_the_map_shows_values_and_with_slopes_these_and_red_arrows(slopes, red):
    figure = lesson4.network_map(VALUES, "a map", slopes)
    shown = {*texts(figure)}
    assert {"a map", "w₁ = 0.9234", *(lesson4.signed(VALUES[k]) for k in lesson4.NODES)} <= shown
    assert {name for name in SLOPES if lesson4.signed(SLOPES[name]) in shown} == {*slopes}
    arrows = [one for one in figure.axes[0].patches if isinstance(one, FancyArrowPatch)]
    colours = [to_hex(arrow.get_edgecolor()).upper() for arrow in arrows]
    assert (len(colours), colours.count(RED)) == (12, red)


def test_chain_drawing():
    figure = lesson4.chain_drawing(["w", "z", "J"], ["2", "3"], "a chain")
    assert {*texts(figure)} == {"w", "z", "J", "2", "3", "a chain"}


def test_batch_sum_shows_the_sum_of_the_rows():
    rows = np.array([[0.1, -0.25, 0.0], [0.2, 0.05, 1.0]])
    top, low = (ax.images[0].get_array() for ax in drawn(lesson4.batch_sum(rows)).axes)
    assert np.allclose(top, rows) and np.allclose(low, [[0.3, -0.2, 1.0]])


def test_penalty_gap_draws_every_weight():
    weights = np.array([[1.0, -2.0]])
    figure = lesson4.penalty_gap(weights, {"a": 0.1 * weights, "b": 0 * weights}, 0.1)
    shown = {name: points.tolist() for name, points in lines(figure.axes[0]).items()}
    assert shown["a"] == [[1, 0.1], [-2, -0.2]] and shown["b"] == [[1, 0], [-2, 0]]
    assert np.allclose(shown["λw"], [[-2.2, -0.22], [2.2, 0.22]])


def test_outer_product_is_a_table_of_products():
    x, delta = np.array([1.0, 2.0, -1.0]), np.array([0.5, -0.25])
    figure = drawn(lesson4.outer_product(x, delta))
    tables = [image.get_array() for image in figure.axes[0].images]
    wanted = [x[:, None], [10 * delta], 10 * np.outer(x, delta)]
    assert all(map(np.allclose, tables, wanted)) and "10 δ" in texts(figure)


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
    assert np.allclose(ax.lines[1].get_xydata(), [[-1, 0], [1, 2]])


def test_five_ways_draws_milliseconds():
    left, right = lesson4.five_ways(["a", "b"], [10, 1000], [0.001, 2.0]).axes
    assert left.lines[0].get_xdata().tolist() == [10, 1000]
    assert np.allclose(right.lines[0].get_xdata(), [1, 2000])


def test_bug_board_marks_what_is_wrong_and_draws_every_run():
    errors = [[1e-10, 1e-9], [1e-10, 0.67], [1e-10, 1e-9]]
    runs = {"right": [0.9, 0.8], "A": [0.89, 0.89], "C": [np.nan]}
    left, right = lesson4.bug_board(["W1", "b1"], errors, runs, 0.11, 0.1).axes
    assert notes(left) == ["ok", "ok", "ok", "0.67", "ok", "ok"]
    assert notes(right)[:3] == ["85%", "89%", "the outputs are nan"]
    assert np.allclose(widths(right), [0.85, 0.89, 0])
    assert [dots.get_xdata().tolist() for dots in right.lines[:2]] == [[0.9, 0.8], [0.89, 0.89]]
    assert [to_hex(bar.get_facecolor()).upper() for bar in right.patches] == [BLUE, RED, BLUE]
