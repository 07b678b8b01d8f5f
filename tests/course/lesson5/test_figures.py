"""The pictures of lesson 5 draw the numbers they are given, and say what they show."""

import numpy as np
from figure_parts import drawn, heights, legend, lines, texts, title

from nnlesson.course.lesson5 import figures as lesson5


def test_header_bytes_names_each_group():
    figure = lesson5.header_bytes(bytes([0, 0, 8, 3, 7, 28]), [("magic", 4), ("rest", 2)], "header")
    assert {"8", "28", "magic", "rest", "5", "header"} <= set(texts(figure))


def test_class_counts_are_shares():
    (ax,) = lesson5.class_counts({"a": np.full(10, 7), "b": np.arange(10)}, "equal").axes
    np.testing.assert_allclose(heights(ax), [0.1] * 10 + [d / 45 for d in range(10)])
    assert title(ax) == "equal" and ax.get_ylim()[1] > 0.1


def test_grey_and_binary_counts_every_pixel():
    grey = np.random.default_rng(0).integers(0, 256, (3, 784))
    left, right = lesson5.grey_and_binary(grey, 255 * (grey > 127), "grey").axes
    assert (title(left), left.images[0].get_array().count()) == ("grey", 2 * grey.size)
    assert (right.get_yscale(), sum(heights(right))) == ("log", grey.size)


def test_valley_paths_say_where_they_end():
    paths = {"one": np.array([[3.0, 2.0], [0.3, 0.4]]), "two": np.array([[3.0, 2.0], [0.0, 0.0]])}
    (ax,) = lesson5.valley_paths(lambda a, b: a**2 + 20 * b**2, paths, "valley").axes
    assert legend(ax) == ["one: ends 0.5 from the bottom", "two: ends 0 from the bottom"]
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), paths["one"])


def test_compared_draws_each_run():
    runs = {"a": ([1, 2, 3], [0.5, 0.6, 0.5]), "b": ([1], [0.7])}
    (ax,) = drawn(lesson5.compared(runs, "a against b", "step", "cost", log=True)).axes
    for name, run in runs.items():
        np.testing.assert_array_equal(lines(ax)[name], np.transpose(run))
    assert texts(ax.figure) == ["a against b", "step", "cost"] and ax.get_yscale() == "log"
    assert all(float(tick).is_integer() for tick in ax.get_xticks())


def test_rate_sweep_draws_each_seed_and_the_means():
    reached = {"a": np.array([[0.5, 0.7], [0.8, 0.9]]), "b": np.array([[0.6, 0.6], [0.1, 0.3]])}
    (ax,) = drawn(lesson5.rate_sweep([0.1, 1.0], reached, "rates", "η")).axes
    dots = [line.get_ydata() for line in ax.lines if line.get_linestyle() == "None"]
    means = [lines(ax)[name][:, 1] for name in reached]
    np.testing.assert_array_equal(dots, [v.ravel() for v in reached.values()])
    np.testing.assert_allclose(means, [v.mean(axis=1) for v in reached.values()])
    assert (title(ax), ax.get_xlabel(), ax.get_xscale()) == ("rates", "η", "log")


def test_ablation_shows_every_seed_or_says_how_bad_it_is():
    rows = {"recipe": [0.95, 0.96], "close": [0.94, 0.97], "far": [0.2, 0.94]}
    figure = drawn(lesson5.ablation({n: np.array(v) for n, v in rows.items()}, title="ablation"))
    (ax,) = figure.axes
    shown = {tuple(line.get_xdata()) for line in ax.lines}
    assert {(0.95, 0.96), (0.94, 0.97)} <= shown and (0.2, 0.94) not in shown
    assert {"mean 57.0%, 20.0% to 94.0%", "ablation"} <= set(texts(figure))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(rows) and ax.yaxis_inverted()


def test_signals_counts_every_size_but_zero():
    rng = np.random.default_rng(0)
    layers = [rng.normal(size=(20, 5)), 1e-9 * rng.normal(size=(20, 3)), np.array([[0.0, 1e-30]])]
    starts = {"a": layers, "b": layers}
    figure = drawn(lesson5.signals(starts, starts, "signals"))
    assert len(figure.axes) == 4 and figure.get_suptitle() == "signals"
    for ax in figure.axes:
        assert [len(patch.get_path().vertices) > 2 for patch in ax.patches] == [True] * 3
    assert legend(figure.axes[0]) == ["layer 1", "layer 2", "layer 3"]
