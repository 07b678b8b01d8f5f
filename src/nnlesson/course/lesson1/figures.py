"""The pictures of lesson 1: lines that decide, folded space, activations, single neurons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nnlesson.course import style
from nnlesson.course.drawings import network_drawing
from nnlesson.course.style import BLUE, GREEN, GREY, INK, LABEL, NOTE, ORANGE, RED, TINT

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
Weights = Sequence[float] | np.ndarray
Plane = tuple[float, float]  # from where to where both inputs are drawn

PLANE = (-0.75, 1.75)


def line_ends(w: Weights, b: float, plane: Plane) -> np.ndarray:
    """Ends (2, 2) of the line w1 x1 + w2 x2 + b = 0, beyond the plane drawn; (0, 2) if none."""
    low, high = plane
    size = float(np.hypot(*w))
    if size == 0:
        return np.empty((0, 2))
    across = np.asarray(w) / size
    middle = np.array([low + high, low + high]) / 2
    foot = middle - ((middle @ w + b) / size) * across  # of the line, nearest to the middle
    along = np.array([-across[1], across[0]]) * (high - low) * 2
    return np.array([foot - along, foot + along])


def shade(ax: Axes, answer: Callable[[np.ndarray], np.ndarray], plane: Plane) -> None:
    """Tint blue where answer(points (..., 2)) is true, orange where it is not."""
    low, high = plane
    at = np.linspace(low, high, 240)
    blue = answer(np.stack(np.meshgrid(at, at), axis=-1))[..., None]
    colors = np.where(blue, to_rgb(TINT[BLUE]), to_rgb(TINT[ORANGE]))
    ax.imshow(colors, origin="lower", extent=(low, high, low, high), zorder=0)
    ax.set(xlim=plane, ylim=plane, aspect="equal")
    ax.grid(False)


def shade_sides(ax: Axes, w: Weights, b: float, plane: Plane) -> None:
    """Tint the side where z >= 0 blue, the other orange, and draw the line between them."""
    shade(ax, lambda points: points @ w + b >= 0, plane)
    ends = line_ends(w, b, plane)
    if len(ends):
        ax.plot(*ends.T, color=INK, linewidth=2)


def draw_targets(
    ax: Axes, points: np.ndarray, targets: Weights, size: float = 13, edge: float = 2
) -> None:
    """Points (n, 2): a full blue dot where 1 is wanted, an open orange square where 0 is."""
    for t, color, face, mark in ((1, BLUE, BLUE, "o"), (0, RED, "white", "s")):
        (dots,) = ax.plot(*points[np.asarray(targets) == t].T, mark, label=f"target {t}", zorder=4)
        dots.set(markersize=size, mec=color, mfc=face, mew=edge)


def corner_axes(ax: Axes, title: str = "", x: str = "$x_1$", y: str = "$x_2$") -> None:
    """Ticks at the four corners, and names for both axes."""
    ax.set(xticks=[0, 1], yticks=[0, 1])
    style.label_axes(ax, title, x, y)


def search_result(counts: Mapping[str, Sequence[int]]) -> Figure:
    """How many of the neurons tried get 0, 1, 2, 3, 4 corners right, one panel per function."""
    figure, axes = style.new_figure(9, 2.8, 1, len(counts), sharey=True, squeeze=False)
    for ax, (name, count) in zip(axes[0], counts.items(), strict=True):
        ax.bar(range(5), count, color=[GREY] * 4 + [BLUE])
        for k, n in enumerate(count):
            style.write(ax, k, n, f"{n:,}", NOTE - 1, va="bottom")
        ax.set(xticks=range(5), ylim=(0, 1.15 * max(max(c) for c in counts.values())))
        ax.grid(False, axis="x")
        style.label_axes(
            ax, name, "corners right", "" if ax is not axes[0, 0] else "number of neurons"
        )
    never = [name for name, count in counts.items() if count[4] == 0]
    tried = sum(next(iter(counts.values())))
    said = f"Of {tried:,} neurons, not one gets {' or '.join(never)} right"
    style.say(figure, said if never else "")
    return figure


def learning_path(
    X: np.ndarray, t: np.ndarray, lines: Sequence[tuple[np.ndarray, float]], mistakes: Sequence[int]
) -> Figure:
    """Two clouds with the line after each epoch, pale to dark, and the mistakes of each epoch.

    X (n, 2), t (n,) of 0 and 1; lines: (w, b) after epoch 1, 2, ...; mistakes: one count per epoch.
    """
    figure, (left, right) = style.new_figure(9, 4.1, 1, 2, width_ratios=(1.15, 1))
    plane = (float(X.min()) - 0.5, float(X.max()) + 0.5)
    shade_sides(left, *lines[-1], plane)
    draw_targets(left, X, t, 6, 1)
    last_w, last_b = lines[-1]
    for k, (w, b) in enumerate(lines, start=1):
        ends = line_ends(w, b, plane)
        same = b == last_b and np.array_equal(w, last_w)
        if len(ends) and not same:
            left.plot(*ends.T, color=GREY, linestyle="--", linewidth=1.2)
        if len(ends):
            _name_line(left, ends, f"{k}", plane)
        if same:
            break  # after this epoch the line stays
    style.add_legend(left, loc="upper left", frameon=True, framealpha=0.9, edgecolor="none")
    style.label_axes(left, "the line after epoch 1, 2, 3, …", "$x_1$", "$x_2$")
    _mistake_axes(right, {"": mistakes})
    style.label_axes(right, "mistakes in each epoch", "epoch", "mistakes")
    last = len(mistakes)
    said = f"After {last} epochs there are still mistakes"
    if mistakes[-1] == 0:
        said = f"In epoch {last} no mistake is left: the line parts the clouds"
    style.say(figure, said)
    return figure


def _name_line(ax: Axes, ends: np.ndarray, text: str, plane: Plane) -> None:
    """Write the name of a line where it leaves the plane."""
    low, high = plane
    low, high = low + 0.03 * (high - low), high - 0.05 * (high - low)
    places = ends[0] + np.linspace(1, 0, 400)[:, None] * (ends[1] - ends[0])
    inside = places[((places > low) & (places < high)).all(axis=1)]
    if len(inside):
        circle = {"facecolor": "white", "edgecolor": GREY, "boxstyle": "circle,pad=0.2"}
        style.write(ax, inside[0, 0], inside[0, 1], text, zorder=6, bbox=circle)


def _mistake_axes(ax: Axes, runs: Mapping[str, Sequence[int]]) -> None:
    lines = {name: (np.arange(1, len(some) + 1), some) for name, some in runs.items()}
    style.draw_lines(ax, lines)
    longest = max(len(counts) for counts in runs.values())
    highest = max(max(counts) for counts in runs.values())
    ax.set(ylim=(-0.04 * highest, 1.12 * highest), xlim=(0.5, longest + 0.5))
    if longest <= 12:
        ax.set_xticks(range(1, longest + 1))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))


def mistakes_per_epoch(runs: Mapping[str, Sequence[int]], title: str) -> Figure:
    """The mistakes of each epoch, one line per run: runs = {"AND": counts, ...}."""
    figure, ax = style.new_figure(6.4, 3.2)
    _mistake_axes(ax, runs)
    for (name, counts), color in zip(runs.items(), (BLUE, RED, GREEN), strict=False):
        place = {"ha": "left", "va": "center", "annotation_clip": False}
        style.note(ax, name, (len(counts), counts[-1]), (8, 0), color, fontsize=LABEL, **place)
    style.label_axes(ax, title, "epoch", "mistakes among the 4 corners")
    return figure


def folded_space(
    W: np.ndarray, b: np.ndarray, v: np.ndarray, c: float, targets: Sequence[int],
    names: Sequence[str] = ("h₁", "h₂"),
) -> Figure:  # fmt: skip
    """Two step neurons make of the plane of x a plane of h, where one more line is enough.

    Hidden neurons: weights W (2, 2), one column each, biases b (2,). Output neuron: v (2,), c.
    """
    figure, (left, right) = style.new_figure(9, 4.4, 1, 2)
    shade(left, lambda points: (points @ W + b >= 0) @ v + c >= 0, PLANE)
    for j, (dash, color) in enumerate((("-", GREEN), ("--", INK))):
        ends = line_ends(W[:, j], b[j], PLANE)
        left.plot(*ends.T, color=color, linestyle=dash, linewidth=2.2, label=f"line of {names[j]}")
    draw_targets(left, CORNERS, targets)
    style.add_legend(left, handles=left.lines[:2], loc="upper right", frameon=True, framealpha=0.9,
                     edgecolor="none")  # fmt: skip
    corner_axes(left, "Inputs: two lines cut out a band")

    shade_sides(right, v, c, PLANE)
    places = (CORNERS @ W + b >= 0).astype(float)
    for place in np.unique(places, axis=0):
        here = [i for i in range(4) if (places[i] == place).all()]
        draw_targets(right, place[None], [targets[here[0]]])
        came = " and ".join(f"({CORNERS[i][0]:.0f}, {CORNERS[i][1]:.0f})" for i in here)
        style.note(right, f"from {came}", place, (0, 14), zorder=5)
    corner_axes(right, "After the first layer: one line is enough", *names)
    return figure


def three_neurons(
    W: np.ndarray, b: np.ndarray, v: np.ndarray, c: float, names: Sequence[str]
) -> Figure:
    """The network of folded_space as a drawing: names and biases in the neurons, weights between.

    names: of the two hidden neurons and of the output neuron.
    """
    biases = [b[0], b[1], c]
    texts = [
        style.minus(f"{name}\n{letter} = {bias:g}")
        for name, letter, bias in zip(names, "bbc", biases, strict=True)
    ]
    nodes = {(0, 0): "$x_1$", (0, 1): "$x_2$"}
    nodes |= {(1, 0): texts[0], (1, 1): texts[1], (2, 0): texts[2]}
    edges = {(0, i, j): style.minus(f"{W[i, j]:g}") for i in range(2) for j in range(2)}
    edges |= {(1, i, 0): style.minus(f"{v[i]:g}") for i in range(2)}
    layers = ["inputs", "hidden layer", "output"]
    return network_drawing([2, 2, 1], nodes, edges, layers, title="Three neurons make XOR")


def five_activations(
    functions: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    softmax: Callable[[np.ndarray], np.ndarray],
) -> Figure:
    """Curves of four activations over z = -4..4, and softmax as bars for three z."""
    figure, axes = style.new_figure(9, 4.9, 2, 3)
    places = list(axes.flat)
    z = np.linspace(-4, 4, 401)
    for ax, (name, function), color in zip(
        places, functions.items(), (GREY, RED, BLUE, GREEN), strict=False
    ):
        a = np.asarray(function(z))
        jump = np.flatnonzero(np.abs(np.diff(a)) > 0.5)
        if len(jump):  # a step is two lines, not a wall
            a = np.insert(a.astype(float), jump + 1, np.nan)
        ax.plot(np.insert(z, jump + 1, np.nan), a, color=color, linewidth=2.4)
        ax.axhline(0, color=INK, linewidth=0.7)
        ax.axvline(0, color=INK, linewidth=0.7)
        ax.set_xticks([-4, -2, 0, 2, 4])
        style.label_axes(ax, name, "z", "output")
    example = np.array([1.5, 0.5, -1.0])  # the rounded shares add up to 1.00 too
    shares = softmax(example)
    for ax, heights, name, color in (
        (places[4], example, "three z of one layer", GREY),
        (places[5], shares, "softmax: the sum is 1", ORANGE),
    ):
        ax.bar(range(3), heights, color=color, width=0.6)
        ax.axhline(0, color=INK, linewidth=0.7)
        for k, value in enumerate(heights):
            va, up = ("bottom", 3) if value >= 0 else ("top", -3)
            style.note(ax, style.minus(f"{value:.2f}"), (k, value), (0, up), va=va)
        ax.set(xticks=range(3), xticklabels=["neuron 0", "neuron 1", "neuron 2"])
        ax.grid(False, axis="x")
        ax.margins(y=0.22)
        style.label_axes(ax, name, "", "z" if ax is places[4] else "output")
    said = "Five ways from z to an output: four look at one z, softmax at all z of a layer"
    style.say(figure, said)
    return figure


def ten_outputs(y: Sequence[float], shares: Sequence[float], label: int) -> Figure:
    """Ten sigmoid outputs beside the softmax of the same z: only the second kind sums to 1."""
    figure, axes = style.new_figure(9, 3.1, 1, 2, sharey=True)
    named = (("ten sigmoids", np.asarray(y, float)), ("softmax", np.asarray(shares, float)))
    for ax, (name, values) in zip(axes, named, strict=True):
        bars = ax.bar(range(10), values, color=TINT[BLUE], edgecolor=BLUE)
        bars[int(values.argmax())].set(facecolor=BLUE)
        names = [f"{k}\nlabel" if k == label else f"{k}" for k in range(10)]
        ax.set(xticks=range(10), xticklabels=names, ylim=(0, max(0.75, 1.1 * float(np.max(y)))))
        ax.grid(False, axis="x")
        title = f"{name}: the sum is {values.sum():.2f}"
        style.label_axes(ax, title, "neuron of the last layer (dark: the largest output)", "output")
    return figure
