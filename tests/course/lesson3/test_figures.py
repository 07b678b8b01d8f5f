"""The pictures of lesson 3 show what they are given."""

import numpy as np
import pytest
from figure_parts import drawn, heights, legend, lines, notes, title

from nnlesson.activations import sigmoid, sigmoid_prime
from nnlesson.course.lesson3 import figures as pictures

STEPS = 10.0 ** np.arange(-15, 0.01, 0.5)
ERRORS = {
    "forward, float64": 1e-16 / STEPS + STEPS,
    "central, float64": 1e-16 / STEPS + STEPS**2,
    "forward, float32": 1e-7 / STEPS + STEPS,
    "central, float32": 1e-7 / STEPS + STEPS**2,
}


def bowl(x):
    return x[0] ** 2 + x[1] ** 2


def test_powers_of_ten_are_plain_text():
    assert [pictures.power_of_ten(v) for v in (1e-12, 1.0, 100.0)] == ["10⁻¹²", "10⁰", "10²"]


def test_two_differences_draws_the_points_that_are_measured():
    z, h = 1.0, 1.5
    ax = drawn(pictures.two_differences(sigmoid, z, h, float(sigmoid_prime(z)))).axes[0]
    for name, xs in (("forward", [z, z + h]), ("central", [z - h, z + h])):
        slope = (sigmoid(xs[1]) - sigmoid(xs[0])) / (xs[1] - xs[0])
        points = lines(ax)[f"{name}, slope {slope:.4f}"]
        np.testing.assert_allclose(points, [[x, sigmoid(x)] for x in xs])


def test_error_curves_draw_every_line_and_thick_parts_of_the_power_given():
    part = STEPS[24:28]
    arms = [("central, float64", part, 2.0)]
    ax = drawn(pictures.error_curves(STEPS, ERRORS, arms, "finding")).axes[0]
    for name, values in ERRORS.items():
        np.testing.assert_allclose(lines(ax)[name][:, 1], values)
    thick = next(line.get_xydata() for line in ax.lines if line.get_linewidth() == 6)
    power = np.polyfit(*np.log(thick).T, 1)[0]
    assert power == pytest.approx(2)
    np.testing.assert_allclose(thick[:, 1], ERRORS["central, float64"][24:28], rtol=0.05)
    assert notes(ax) == ["power +2.00"]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert title(ax) == "finding"


def test_gradient_arrows_point_downhill_on_every_surface():
    def gradient(f, x):
        return 2 * x

    figure = drawn(pictures.gradient_arrows({"a": bowl, "b": bowl}, gradient, title="finding"))
    assert figure.get_suptitle() == "finding"
    for name, ax in zip("ab", figure.axes, strict=True):
        assert title(ax) == name
        arrows = next(c for c in ax.collections if hasattr(c, "U"))
        ends = np.column_stack([arrows.U, arrows.V])
        cosine = (ends * arrows.XY).sum(1)[np.abs(arrows.XY).max(1) > 0.1]
        assert (cosine < 0).all()


def test_answers_over_time_draws_shares():
    labels = np.array([0, 1, 2, 2])
    given = {1: np.array([2, 2, 2, 2]), 10: np.array([0, 1, 2, 0])}
    figure = drawn(pictures.answers_over_time(given, labels, 3, "finding"))
    first, second = figure.axes
    assert heights(first) == [0, 0, 1]
    assert heights(second) == [0.5, 0.25, 0.25]
    assert title(second) == "iteration 10\n75.00% right"


def test_likeness_shows_correlations():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(50, 1))
    units = {"same": np.hstack([a, 2 * a, a + 1]), "different": rng.normal(size=(50, 3))}
    figure = drawn(pictures.likeness(units, "finding"))
    same = figure.axes[0]
    np.testing.assert_allclose(same.images[0].get_array(), 1)
    assert title(same) == "same: 1.00 on average"


def test_several_runs_draw_every_run_and_name_each_group_once():
    x = np.arange(3)
    groups = {"a": np.array([x, x + 1.0]), "b": np.array([x + 2.0])}
    figure = drawn(pictures.several_runs(x, groups, {"chance": 0.1}, "finding", "step", "cost"))
    ax = figure.axes[0]
    np.testing.assert_allclose([line.get_ydata() for line in ax.lines[:3]], [x, x + 1.0, x + 2.0])
    first, second, other = (line.get_color() for line in ax.lines[:3])
    assert first == second != other
    assert legend(ax) == ["a", "b", "chance 0.1"]
    assert (title(ax), ax.get_xlabel(), ax.get_ylabel()) == ("finding", "step", "cost")
    assert set(lines(ax)["chance 0.1"][:, 1]) == {0.1}


def test_time_dots_write_the_time_beside_each_dot():
    figure = drawn(pictures.time_dots({"slow": 30.0, "fast": 0.9, "faster": 4.5e-4}, "finding"))
    ax = figure.axes[0]
    assert ax.lines[0].get_xdata().tolist() == [30.0, 0.9, 4.5e-4]
    assert notes(ax) == ["30 s", "900 ms", "450 µs"]
    assert figure.get_suptitle() == "finding"


@pytest.mark.parametrize(
    "seconds, words",
    [(2e-7, "0.2 µs"), (0.002, "2.0 ms"), (1.6, "1.6 s"), (89, "89 s"), (1920, "32 min"),
     (7200, "2.0 h")],
)  # fmt: skip
def test_times_in_words(seconds, words):
    assert pictures.in_words(seconds) == words
