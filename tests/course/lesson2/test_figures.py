"""What the pictures of lesson 2 draw: their lines, points, bars and titles."""

import numpy as np
from figure_parts import drawn, heights, lines, notes, title
from numpy.testing import assert_allclose, assert_array_equal

from nnlesson.activations import sigmoid, sigmoid_prime, softmax, step
from nnlesson.course.lesson2 import figures as lesson2

Z = np.linspace(-6, 6, 121)
SLOPES = sigmoid_prime(Z)


def panels(figure):
    """The Axes of a figure, after it has proved that it can be drawn and names its axes."""
    assert all(ax.get_xlabel() or ax.get_ylabel() for ax in drawn(figure).axes)
    return figure.axes


def test_nudge_shows_the_rise_of_both():
    left, right = panels(lesson2.nudge(-2.0, 4.0, {"step": step, "sigmoid": sigmoid}))
    assert [title(left), title(right)] == ["step: run 4, rise 1.000", "sigmoid: run 4, rise 0.762"]
    assert_allclose(right.lines[-1].get_xydata(), [[-2, sigmoid(-2.0)], [2, sigmoid(2.0)]])
    assert_array_equal(left.lines[0].get_ydata(), [0] * 299 + [np.nan] + [1] * 301)  # a gap


def test_activations_and_slopes_draw_a_jump_as_a_gap():
    table = {"step": (step(Z), 0 * Z), "sigmoid": (sigmoid(Z), SLOPES)}
    axes = drawn(lesson2.activations_and_slopes(Z, table)).axes
    seen = [ax.lines[0].get_ydata() for ax in axes]
    assert_array_equal(seen, [[0] * 59 + [np.nan] + [1] * 61, sigmoid(Z), 0 * Z, SLOPES])


def test_derivation_lines_part_the_wrong_one_from_the_others():
    given = {"a": SLOPES, "b": SLOPES, "c": -SLOPES}
    (ax,) = panels(lesson2.derivation_lines(Z, given, wrong="c"))
    assert_array_equal(lines(ax)["the slip: c"][:, 1], -SLOPES)
    assert "the 2 right lines: one curve" in lines(ax)


def test_slope_from_output_marks_the_points():
    a = np.linspace(0, 1, 11)
    marks = {"z = 0": (0.5, 0.25), "z = 4": (0.982, 0.0177)}
    (ax,) = panels(lesson2.slope_from_output(a, a * (1 - a), marks))
    assert_array_equal(ax.lines[0].get_ydata(), a * (1 - a))
    assert [tuple(line.get_xydata()[0]) for line in ax.lines[1:]] == list(marks.values())
    assert notes(ax) == list(marks)


def test_traps_show_every_wrong_slope():
    wrong = {"z (1 − z)": Z * (1 - Z), "σ′(a)": sigmoid_prime(sigmoid(Z))}
    (ax,) = panels(lesson2.traps(Z, SLOPES, wrong))
    for name, values in wrong.items():
        assert_array_equal(lines(ax)[f"wrong: {name}"][:, 1], values)


def test_cost_against_z_ends_where_it_is_infinite():
    z = np.linspace(30, 40, 101)
    from_a = np.where(z < 36.75, z, np.inf)
    (ax,) = panels(lesson2.cost_against_z(z, from_a, np.logaddexp(0, z)))
    assert_array_equal(lines(ax)[r"from a: $-\log(1 - a)$"][:, 0], z[z < 36.75])
    assert_array_equal(lines(ax)[r"from z: $\log(1 + e^z)$"][:, 0], z)
    assert "from z = 36.7" in ax.texts[0].get_text()


def test_slopes_through_layers_states_the_bound():
    layers = np.arange(1, 11)
    slopes = {"ReLU": np.ones(10), "best": 0.25**layers}
    (ax,) = panels(lesson2.slopes_through_layers(layers, slopes))
    assert title(ax) == "With weights 1, 10 sigmoids leave at most 1/1,048,576 of a nudge"
    assert ax.get_yscale() == "log" and ax.get_ylim()[0] < 0.25**10


def test_width_of_sums_compares_what_is_measured_with_the_root_of_n():
    rng = np.random.default_rng(0)
    sums = {n: rng.normal(0, 0.1, (2000, n)).sum(axis=1) for n in (1, 16, 100)}
    left, right = panels(lesson2.width_of_sums(sums, 0.1))
    assert right.get_xscale() == right.get_yscale() == "log"
    measured = [values.std() for values in sums.values()]
    assert_allclose([line.get_ydata() for line in right.lines], [[0.1, 0.4, 1.0], measured])
    assert [text.get_text() for text in left.get_yticklabels()] == ["1", "16", "100"]
    low, high = left.get_xlim()
    assert low < -3 * measured[-1] and high > 3 * measured[-1]


def test_starting_sums_count_both_sides():
    z = np.concatenate([np.full(6, 0.1), [-5.0, 5.0, 100.0, -4.0]])
    axes = panels(lesson2.starting_sums({"a": z, "b": z / 100}, 4.0, sigmoid_prime))
    assert [title(ax) for ax in axes] == ["a: 30.0% beyond ±4", "b: 0.0% beyond ±4"]
    # The bars hold shares of all: 100 lies outside the picture.
    assert_allclose([sum(heights(ax)) for ax in axes], [0.9, 1])


def test_slope_table_writes_each_slope_in_its_cell():
    a = softmax(np.array([1.0, 2.0, 0.5]))
    slopes = np.diag(a) - np.outer(a, a)
    ax = panels(lesson2.slope_table(slopes, ["cat", "dog", "bird"], a))[0]
    assert notes(ax) == [f"{value:+.3f}".replace("-", "−") for value in slopes.flat]
    assert_array_equal(ax.images[0].get_array(), slopes)
    assert [tick.get_text() for tick in ax.get_yticklabels()][1] == "a of dog = 0.63"
