"""What the pictures of lesson 2 draw: their lines, points, bars and titles."""

import numpy as np
import pytest
from figure_parts import drawn, heights, lines, notes, title

from nnlesson.activations import (
    sigmoid,
    sigmoid_prime,
    softmax,
    step,
)
from nnlesson.course.lesson2 import figures as lesson2

Z = np.linspace(-6, 6, 121)


def assert_complete(figure):
    """Every Axes names its axes, and the figure can be drawn."""
    assert all(ax.get_xlabel() or ax.get_ylabel() for ax in drawn(figure).axes)


def is_steep(line):
    """Whether a line joins two neighbouring points whose heights differ by more than a half."""
    steps = np.diff(line.get_ydata())
    return bool((np.abs(steps[np.isfinite(steps)]) > 0.5).any())


@pytest.mark.parametrize("z, h, rise", [(0.5, 1.0, 0.195), (-2.0, 4.0, 0.762)])
def test_nudge_shows_the_rise_of_both(z, h, rise):
    figure = lesson2.nudge(z, h, {"step": step, "sigmoid": sigmoid})
    left, right = figure.axes
    assert title(right) == f"sigmoid: run {h:g}, rise {rise:.3f}"
    assert title(left).endswith("rise 0.000" if z > 0 else "rise 1.000")
    ends = right.lines[-1].get_xydata()
    np.testing.assert_allclose(ends, [[z, sigmoid(z)], [z + h, sigmoid(z + h)]])
    assert not is_steep(left.lines[0]) and len(set(left.lines[0].get_ydata())) > 2
    assert_complete(figure)


def test_derivation_lines_part_the_wrong_one_from_the_others():
    right = sigmoid_prime(Z)
    figure = lesson2.derivation_lines(Z, {"a": right, "b": right, "c": -right}, wrong="c")
    ax = figure.axes[0]
    np.testing.assert_array_equal(lines(ax)["the slip: c"][:, 1], -right)
    assert "the 2 right lines: one curve" in lines(ax)
    assert_complete(figure)


def test_slope_from_output_marks_the_points():
    a = np.linspace(0, 1, 11)
    marks = {"z = 0": (0.5, 0.25), "z = 4": (0.982, 0.0177)}
    figure = lesson2.slope_from_output(a, a * (1 - a), marks)
    ax = figure.axes[0]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), a * (1 - a))
    assert [tuple(line.get_xydata()[0]) for line in ax.lines[1:]] == list(marks.values())
    assert notes(ax) == list(marks)
    assert_complete(figure)


def test_traps_show_every_wrong_slope():
    wrong = {"z (1 − z)": Z * (1 - Z), "σ′(a)": sigmoid_prime(sigmoid(Z))}
    figure = lesson2.traps(Z, sigmoid_prime(Z), wrong)
    for name, values in wrong.items():
        np.testing.assert_array_equal(lines(figure.axes[0])[f"wrong: {name}"][:, 1], values)
    assert_complete(figure)


def test_cost_against_z_ends_where_it_is_infinite():
    z = np.linspace(30, 40, 101)
    from_a = np.where(z < 36.75, z, np.inf)
    figure = lesson2.cost_against_z(z, from_a, np.logaddexp(0, z))
    ax = figure.axes[0]
    assert lines(ax)[r"from a: $-\log(1 - a)$"][:, 0].max() == pytest.approx(36.7)
    assert lines(ax)[r"from z: $\log(1 + e^z)$"][:, 0].max() == 40
    assert "from z = 36.7" in ax.texts[0].get_text()
    assert_complete(figure)


def test_slopes_through_layers_states_the_bound():
    layers = np.arange(1, 11)
    slopes = {"ReLU": np.ones(10), "best": 0.25**layers}
    figure = lesson2.slopes_through_layers(layers, slopes)
    ax = figure.axes[0]
    assert ax.get_yscale() == "log"
    assert title(ax) == "With weights 1, 10 sigmoids leave at most 1/1,048,576 of a nudge"
    assert ax.get_ylim()[0] < 0.25**10
    assert_complete(figure)


def test_width_of_sums_compares_what_is_measured_with_the_root_of_n():
    rng = np.random.default_rng(0)
    sums = {n: rng.normal(0, 0.1, (2000, n)).sum(axis=1) for n in (1, 16, 100)}
    figure = lesson2.width_of_sums(sums, 0.1)
    left, right = figure.axes
    assert (right.get_xscale(), right.get_yscale()) == ("log", "log")
    line, points = (line.get_ydata() for line in right.lines)
    np.testing.assert_allclose(line, [0.1, 0.4, 1.0])
    np.testing.assert_allclose(points, [values.std() for values in sums.values()])
    np.testing.assert_allclose(points, line, rtol=0.05)
    assert [text.get_text() for text in left.get_yticklabels()] == ["1", "16", "100"]
    low, high = left.get_xlim()
    assert low < -3 * points[-1] and high > 3 * points[-1]
    assert_complete(figure)


def test_starting_sums_count_both_sides():
    z = np.concatenate([np.full(6, 0.1), [-5.0, 5.0, 100.0, -4.0]])
    figure = lesson2.starting_sums({"a": z, "b": z / 100}, 4.0, sigmoid_prime)
    left, right = figure.axes
    assert title(left) == "a: 30.0% beyond ±4"
    assert title(right) == "b: 0.0% beyond ±4"
    # The bars hold shares of all: 100 lies outside the picture.
    assert sum(heights(left)) == pytest.approx(0.9)
    assert_complete(figure)


def test_activations_and_slopes_draw_a_jump_as_a_gap():
    table = {"step": (step(Z), 0 * Z), "sigmoid": (sigmoid(Z), sigmoid_prime(Z))}
    figure = lesson2.activations_and_slopes(Z, table)
    step_line = figure.axes[0].lines[0]
    assert np.isnan(step_line.get_ydata()).sum() == 1 and not is_steep(step_line)
    np.testing.assert_array_equal(figure.axes[3].lines[0].get_ydata(), sigmoid_prime(Z))
    drawn(figure)


def test_slope_table_writes_each_slope_in_its_cell():
    a = softmax(np.array([1.0, 2.0, 0.5]))
    slopes = np.diag(a) - np.outer(a, a)
    figure = lesson2.slope_table(slopes, ["cat", "dog", "bird"], a)
    ax = figure.axes[0]
    assert notes(ax) == [f"{value:+.3f}".replace("-", "−") for value in slopes.flat]
    np.testing.assert_array_equal(ax.images[0].get_array(), slopes)
    assert [tick.get_text() for tick in ax.get_yticklabels()][1] == "a of dog = 0.63"
    assert_complete(figure)
