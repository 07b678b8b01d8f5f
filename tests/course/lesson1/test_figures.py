"""Lesson 1's figures draw the line that the numbers make, and state what is found."""

import numpy as np
import pytest
from figure_parts import heights, lines, notes, texts, title

from nnlesson import activations
from nnlesson.course.lesson1 import figures as lesson1


def on_line(ax, w, b):
    """Whether some line in these Axes lies on w @ x + b = 0, and reaches across."""
    ends = [line.get_xydata() for line in ax.lines if len(line.get_xdata()) == 2]
    return any(np.allclose(at @ w + b, 0) and np.hypot(*(at[1] - at[0])) > 4.3 for at in ends)


def test_search_result_names_the_function_that_no_neuron_gets():
    counts = {"AND": [1, 2, 3, 4, 5], "XOR": [0, 5, 5, 5, 0]}
    figure = lesson1.search_result(counts)
    assert figure.get_suptitle() == "Of 15 neurons, not one gets XOR right"
    assert [heights(ax) for ax in figure.axes] == list(counts.values())
    assert lesson1.search_result({"AND": [1, 2, 3, 4, 5]}).get_suptitle() == ""


def test_learning_path_draws_each_line_once():
    X, t = np.array([[0.0, 0.0], [1.0, 1.0], [0.2, 0.1]]), [0, 1, 0]
    first, last = (np.array([-2.0, 0.5]), 1.0), (np.array([1.0, 1.0]), -1.5)
    figure = lesson1.learning_path(X, t, [first, last, last], [2, 1, 0])
    left, right = figure.axes
    assert on_line(left, *first) and on_line(left, *last) and notes(left) == ["1", "2"]
    assert np.array_equal(lines(left)["target 1"], X[[1]])  # the full dot
    assert right.lines[0].get_xydata().tolist() == [[1, 2], [2, 1], [3, 0]]
    assert figure.get_suptitle() == "In epoch 3 no mistake is left: the line parts the clouds"
    unsettled = lesson1.learning_path(X, t, [first, last], [2, 1])
    assert unsettled.get_suptitle() == "After 2 epochs there are still mistakes"


def test_mistakes_per_epoch_draws_all_runs():
    runs = {"AND": [2, 1, 0], "XOR": [3, 4, 4]}
    ax = lesson1.mistakes_per_epoch(runs, "XOR never settles").axes[0]
    assert {name: points[:, 1].tolist() for name, points in lines(ax).items()} == runs
    assert notes(ax) == ["AND", "XOR"]


def test_or_and_nand_fold_the_plane_and_put_the_two_ones_on_one_point():
    W, b, v, c = np.array([[1.0, -1.0], [1.0, -1.0]]), [-0.5, 1.5], np.array([1.0, 2.0]), -2.5
    figure = lesson1.folded_space(W, b, v, c, [0, 1, 1, 0], ["OR", "NAND"])
    left, right = figure.axes
    assert on_line(left, W[:, 0], b[0]) and on_line(left, W[:, 1], b[1]) and on_line(right, v, c)
    assert {text.get_text(): tuple(text.xy) for text in right.texts} == {
        "from (0, 0)": (0, 1), "from (1, 1)": (1, 0), "from (0, 1) and (1, 0)": (1, 1)
    }  # fmt: skip
    said = texts(lesson1.three_neurons(W, b, v, c, ["OR", "NAND", "AND"]))
    assert [said.count(weight) for weight in ("−1", "1", "2")] == [2, 3, 1]
    assert {"OR\nb = −0.5", "NAND\nb = 1.5", "AND\nc = −2.5"} <= set(said)


def test_five_activations_draws_the_functions_it_is_given():
    curves = {name: getattr(activations, name) for name in ("identity", "step", "sigmoid", "relu")}
    *panels, example, bars = lesson1.five_activations(curves, activations.softmax).axes
    for ax, (name, function) in zip(panels, curves.items(), strict=True):
        z, a = np.ma.compress_rows(np.ma.masked_invalid(ax.lines[0].get_xydata())).T
        assert title(ax) == name and np.allclose(a, function(z))
    assert notes(example) == ["1.50", "0.50", "−1.00"]
    # What is written on the bars must add up as well, or the title looks wrong.
    assert [sum(heights(bars)), sum(map(float, notes(bars)))] == pytest.approx([1, 1])


def test_ten_outputs_states_both_sums():
    y = np.linspace(0.1, 0.9, 10)
    figure = lesson1.ten_outputs(y, y / y.sum(), 3)
    assert {"ten sigmoids: the sum is 5.00", "softmax: the sum is 1.00"} <= set(texts(figure))
    names = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert names[3:5] == ["3\nlabel", "4"]
