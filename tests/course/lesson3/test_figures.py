"""The pictures of lesson 3 show what they are given."""

import numpy as np
from figure_parts import drawn, heights, legend, lines, notes, title
from matplotlib.quiver import Quiver
from numpy.testing import assert_allclose

from nnlesson.activations import sigmoid, sigmoid_prime
from nnlesson.course.lesson3 import figures as pictures


def test_two_differences_draws_the_points_that_are_measured():
    z, h = 1.0, 1.5
    (ax,) = drawn(pictures.two_differences(sigmoid, z, h, float(sigmoid_prime(z)))).axes
    for name, xs in (("forward", [z, z + h]), ("central", [z - h, z + h])):
        slope = (sigmoid(xs[1]) - sigmoid(xs[0])) / (xs[1] - xs[0])
        assert_allclose(lines(ax)[f"{name}, slope {slope:.4f}"], [[x, sigmoid(x)] for x in xs])


def test_error_curves_draw_every_line_and_thick_parts_of_the_power_given():
    steps = 10.0 ** np.arange(-15, 0.01, 0.5)
    errors = {"forward, float32": 1e-7 / steps + steps, "central, float64": steps**2}
    arms = [("central, float64", steps[24:28], 2.0)]
    (ax,) = drawn(pictures.error_curves(steps, errors, arms, "finding")).axes
    *curves, thick = ax.lines
    assert_allclose([line.get_ydata() for line in curves], list(errors.values()))
    assert legend(ax) == list(errors) and notes(ax) == ["power +2.00"]
    assert_allclose(thick.get_xydata(), np.c_[steps, steps**2][24:28])
    assert (title(ax), ax.get_xscale(), ax.get_yscale()) == ("finding", "log", "log")
    assert ax.get_xticklabels()[0].get_text() == "10⁻¹⁵"


def test_gradient_arrows_point_downhill_on_every_surface():
    bowls = dict.fromkeys("ab", lambda x: x[0] ** 2 + x[1] ** 2)
    figure = pictures.gradient_arrows(bowls, lambda f, x: 2 * x, title="finding")
    assert [figure.get_suptitle(), *map(title, figure.axes)] == ["finding", "a", "b"]
    for ax in figure.axes:
        (arrows,) = ax.findobj(Quiver)
        # The longest begins at 3.2 and is shorter than the 1.6 from one arrow to the next.
        assert_allclose(np.transpose([arrows.U, arrows.V]), -1.44 / 3.2 * arrows.XY, atol=1e-9)


def test_answers_over_time_draws_shares():
    given = {1: np.array([2, 2, 2, 2]), 10: np.array([0, 1, 2, 0])}
    axes = drawn(pictures.answers_over_time(given, np.array([0, 1, 2, 2]), 4, "finding")).axes
    assert [heights(ax) for ax in axes] == [[0, 0, 1, 0], [0.5, 0.25, 0.25, 0]]
    assert title(axes[1]) == "iteration 10\n75.00% right"


def test_likeness_shows_correlations():
    a = np.arange(5.0)[:, None]
    units = {"same": np.hstack([a, 2 * a]), "turned": np.hstack([a, -a])}
    same, turned, _ = drawn(pictures.likeness(units, "finding")).axes
    assert_allclose([ax.images[0].get_array() for ax in (same, turned)],
                    [[[1, 1], [1, 1]], [[1, -1], [-1, 1]]])  # fmt: skip
    assert [title(same), title(turned)] == ["same: 1.00 on average", "turned: −1.00 on average"]


def test_several_runs_draw_every_run_and_name_each_group_once():
    x = np.arange(3)
    groups = {"a": np.array([x, x + 1.0]), "b": np.array([x + 2.0])}
    (ax,) = drawn(pictures.several_runs(x, groups, {"chance": 0.1}, "finding", "step", "cost")).axes
    colors = [line.get_color() for line in ax.lines[:3]]
    assert colors[0] == colors[1] != colors[2]
    assert_allclose([line.get_ydata() for line in ax.lines[:3]], np.vstack(list(groups.values())))
    assert legend(ax) == ["a", "b", "chance 0.1"]
    assert (title(ax), ax.get_xlabel(), ax.get_ylabel()) == ("finding", "step", "cost")
    assert set(lines(ax)["chance 0.1"][:, 1]) == {0.1}


def test_time_dots_write_the_time_beside_each_dot():
    times = {
        "0.2 µs": 2e-7, "450 µs": 4.5e-4, "2.0 ms": 0.002, "900 ms": 0.9, "1.0 s": 0.9997,
        "30 s": 30.0, "89 s": 89.0, "32 min": 1920.0, "2.0 h": 7200.0,
    }  # fmt: skip
    figure = drawn(pictures.time_dots(times, "finding"))
    (ax,) = figure.axes
    assert ax.lines[0].get_xdata().tolist() == list(times.values())
    assert notes(ax) == list(times) and figure.get_suptitle() == "finding"
