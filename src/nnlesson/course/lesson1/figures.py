"""The pictures of lesson 1: lines that decide, folded space, activations, single neurons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nnlesson.course.digits import draw_image
from nnlesson.course.drawings import network_drawing
from nnlesson.course.style import (
    BLUE,
    DIVERGING,
    GREEN,
    GREY,
    INK,
    LABEL,
    NOTE,
    ON_PAPER,
    ORANGE,
    PALE,
    RED,
    TINT,
    TITLE,
    add_legend,
    blank_axes,
    draw_lines,
    fix_margins,
    label_axes,
    minus,
    new_figure,
    note,
    say,
    write,
)

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
Weights = Sequence[float] | np.ndarray
Plane = tuple[float, float]  # from where to where both inputs are drawn

PLANE = (-0.75, 1.75)
WIDE_PLANE = (-1.0, 2.3)


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
        style: dict[str, Any] = {
            "markeredgecolor": color,
            "markerfacecolor": face,
            "markeredgewidth": edge,
        }
        some = points[np.asarray(targets) == t]
        ax.plot(*some.T, mark, markersize=size, zorder=4, label=f"target {t}", **style)


def corner_axes(ax: Axes, title: str = "", x: str = "$x_1$", y: str = "$x_2$") -> None:
    """Ticks at the four corners, and names for both axes."""
    ax.set(xticks=[0, 1], yticks=[0, 1])
    label_axes(ax, title, x, y)


def decision_line(w1: float, w2: float, b: float, name: str, targets: Sequence[int]) -> Figure:
    """What three numbers decide for the four corners, beside the table of z, answer and target.

    targets: the wanted answers for (0, 0), (0, 1), (1, 0), (1, 1).
    """
    figure, (left, right) = new_figure(8.6, 4.3, 1, 2)
    fix_margins(figure, 0.06, 0.12, 0.99, 0.92, wide=0.1)
    shade_sides(left, (w1, w2), b, PLANE)
    draw_targets(left, CORNERS, targets)
    _draw_arrow(left, (w1, w2), b)
    corner_axes(left)

    z = CORNERS @ [w1, w2] + b
    answers = (z >= 0).astype(int)
    right_ones = answers == np.asarray(targets)
    for place, value in zip(CORNERS, z, strict=True):
        paper = {"alpha": 0.8, **ON_PAPER}
        note(left, minus(f"z = {value:.2f}"), place, (0, 13), zorder=5, bbox=paper)
    _corner_table(right, z, answers, targets)
    n = int(right_ones.sum())
    said = f"All 4 right: these three numbers are {name}" if n == 4 else f"{name}: {n} of 4 right"
    say(figure, said)
    return figure


def _draw_arrow(ax: Axes, w: Weights, b: float) -> None:
    """An arrow across the line to where z grows, as far from the four corners as it gets."""
    ends = line_ends(w, b, PLANE)
    if len(ends) == 0:
        return
    arrow = 0.38 * np.asarray(w) / np.hypot(*w)
    starts = ends[0] + np.linspace(0, 1, 201)[:, None] * (ends[1] - ends[0])
    both = np.concatenate([starts, starts + arrow], axis=1)
    starts = starts[((both > PLANE[0] + 0.1) & (both < PLANE[1] - 0.1)).all(axis=1)]
    if len(starts):
        middles = starts + arrow / 2
        far = np.linalg.norm(middles[:, None] - CORNERS[None], axis=2).min(axis=1)
        start = starts[np.minimum(far, 0.6).argmax()]
        style = {"arrowstyle": "-|>", "color": INK, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", start + arrow, start, arrowprops=style)


def _corner_table(ax: Axes, z: np.ndarray, answers: np.ndarray, targets: Sequence[int]) -> None:
    blank_axes(ax)
    ax.set(xlim=(0, 5), ylim=(-5.4, 0.8))
    places = (0.7, 1.9, 2.95, 3.75, 4.55)
    for x, head in zip(places, ("inputs", "z", "answer", "target", ""), strict=True):
        write(ax, x, 0.1, head, LABEL, GREY)
    for i, (x1, x2) in enumerate(CORNERS.astype(int)):
        good = answers[i] == targets[i]
        numbers = (f"({x1}, {x2})", minus(f"{z[i]:.2f}"), f"{answers[i]}", f"{targets[i]}")
        for x, text in zip(places, numbers, strict=False):
            write(ax, x, -i - 0.8, text, LABEL)
        verdict, color = ("✓ right", GREEN) if good else ("✗ wrong", RED)
        write(ax, places[-1], -i - 0.8, verdict, LABEL, color)
    ax.plot([0.1, 4.9], [-0.2, -0.2], color=PALE, linewidth=1.2)
    signs = "blue side: z ≥ 0, answer 1; orange side: answer 0\n"
    signs += "full dot: target 1; open square: target 0\narrow: where z grows"
    write(ax, 0.15, -4.75, signs, ha="left")


def search_result(counts: Mapping[str, Sequence[int]]) -> Figure:
    """How many of the neurons tried get 0, 1, 2, 3, 4 corners right, one panel per function."""
    figure, axes = new_figure(9, 2.8, 1, len(counts), sharey=True, squeeze=False)
    for ax, (name, count) in zip(axes[0], counts.items(), strict=True):
        ax.bar(range(5), count, color=[GREY] * 4 + [BLUE])
        for k, n in enumerate(count):
            write(ax, k, n, f"{n:,}", NOTE - 1, va="bottom")
        ax.set(xticks=range(5), ylim=(0, 1.15 * max(max(c) for c in counts.values())))
        ax.grid(False, axis="x")
        label_axes(ax, name, "corners right", "" if ax is not axes[0, 0] else "number of neurons")
    never = [name for name, count in counts.items() if count[4] == 0]
    tried = sum(next(iter(counts.values())))
    said = f"Of {tried:,} neurons, not one gets {' or '.join(never)} right"
    say(figure, said if never else "")
    return figure


def correction(step: Mapping[str, Any], targets: Sequence[int], number: int) -> Figure:
    """One look of the learning rule at an example: the line before and after, with the numbers.

    step: dict with w, b (before), x, t, y, new_w, new_b.
    """
    w, b, x = np.asarray(step["w"]), step["b"], np.asarray(step["x"])
    new_w, new_b, t, y = np.asarray(step["new_w"]), step["new_b"], step["t"], step["y"]
    figure, (left, right) = new_figure(8.6, 4.1, 1, 2)
    fix_margins(figure, 0.06, 0.12, 0.99, 0.92, wide=0.1)
    shade_sides(left, new_w, new_b, WIDE_PLANE)
    old = line_ends(w, b, WIDE_PLANE)
    if len(old) and t != y:
        left.plot(*old.T, color=GREY, linestyle="--", linewidth=1.8)
    draw_targets(left, CORNERS, targets)
    left.scatter(*x, 580, facecolor="none", edgecolor=INK, linewidth=1.6, zorder=3)
    corner_axes(left)
    blank_axes(right)
    right.set(xlim=(0, 1), ylim=(0, 1))
    z = float(w @ x + b)
    lines = [
        f"x = ({x[0]:g}, {x[1]:g})",
        f"z = {w[0]:g} · {x[0]:g} + {w[1]:g} · {x[1]:g} + ({b:g}) = {z:g}",
        f"y = {y}      t = {t}      t − y = {t - y}",
        "",
        f"new w = ({w[0]:g}, {w[1]:g}) + ({t - y}) · ({x[0]:g}, {x[1]:g})"
        f" = ({new_w[0]:g}, {new_w[1]:g})",
        f"new b = {b:g} + ({t - y}) = {new_b:g}",
        "",
        _line_note(len(old) > 0, len(line_ends(new_w, new_b, WIDE_PLANE)) > 0, t == y),
    ]
    for i, text in enumerate(lines):
        write(right, 0.02, 0.9 - 0.11 * i, minus(text), LABEL, ha="left")
    verdict = "right, so the numbers stay" if t == y else "wrong, so the numbers change"
    say(figure, f"Look {number}: {verdict}")
    return figure


def _line_note(before: bool, after: bool, right: bool) -> str:
    """Which lines a correction shows: with both weights 0 there is none."""
    if not after:
        return "both weights are 0: no line, one answer everywhere"
    if right:
        return "right: nothing changes"
    return "dashed: the line before; solid: the line after" if before else "solid: the first line"


def learning_path(
    X: np.ndarray, t: np.ndarray, lines: Sequence[tuple[np.ndarray, float]], mistakes: Sequence[int]
) -> Figure:
    """Two clouds with the line after each epoch, pale to dark, and the mistakes of each epoch.

    X (n, 2), t (n,) of 0 and 1; lines: (w, b) after epoch 1, 2, ...; mistakes: one count per epoch.
    """
    figure, (left, right) = new_figure(9, 4.1, 1, 2, width_ratios=(1.15, 1))
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
    add_legend(left, loc="upper left", frameon=True, framealpha=0.9, edgecolor="none")
    label_axes(left, "the line after epoch 1, 2, 3, …", "$x_1$", "$x_2$")
    _mistake_axes(right, {"": mistakes})
    label_axes(right, "mistakes in each epoch", "epoch", "mistakes")
    last = len(mistakes)
    said = f"After {last} epochs there are still mistakes"
    if mistakes[-1] == 0:
        said = f"In epoch {last} no mistake is left: the line parts the clouds"
    say(figure, said)
    return figure


def _name_line(ax: Axes, ends: np.ndarray, text: str, plane: Plane) -> None:
    """Write the name of a line where it leaves the plane."""
    low, high = plane
    low, high = low + 0.03 * (high - low), high - 0.05 * (high - low)
    places = ends[0] + np.linspace(1, 0, 400)[:, None] * (ends[1] - ends[0])
    inside = places[((places > low) & (places < high)).all(axis=1)]
    if len(inside):
        circle = {"facecolor": "white", "edgecolor": GREY, "boxstyle": "circle,pad=0.2"}
        write(ax, inside[0, 0], inside[0, 1], text, zorder=6, bbox=circle)


def _mistake_axes(ax: Axes, runs: Mapping[str, Sequence[int]]) -> None:
    lines = {name: (np.arange(1, len(some) + 1), some) for name, some in runs.items()}
    draw_lines(ax, lines)
    longest = max(len(counts) for counts in runs.values())
    highest = max(max(counts) for counts in runs.values())
    ax.set(ylim=(-0.04 * highest, 1.12 * highest), xlim=(0.5, longest + 0.5))
    if longest <= 12:
        ax.set_xticks(range(1, longest + 1))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))


def mistakes_per_epoch(runs: Mapping[str, Sequence[int]], title: str) -> Figure:
    """The mistakes of each epoch, one line per run: runs = {"AND": counts, ...}."""
    figure, ax = new_figure(6.4, 3.2)
    _mistake_axes(ax, runs)
    for (name, counts), color in zip(runs.items(), (BLUE, RED, GREEN), strict=False):
        place = {"ha": "left", "va": "center", "annotation_clip": False}
        note(ax, name, (len(counts), counts[-1]), (8, 0), color, fontsize=LABEL, **place)
    label_axes(ax, title, "epoch", "mistakes among the 4 corners")
    return figure


def folded_space(
    W: np.ndarray, b: np.ndarray, v: np.ndarray, c: float, targets: Sequence[int],
    names: Sequence[str] = ("h₁", "h₂"),
) -> Figure:  # fmt: skip
    """Two step neurons make of the plane of x a plane of h, where one more line is enough.

    Hidden neurons: weights W (2, 2), one column each, biases b (2,). Output neuron: v (2,), c.
    """
    figure, (left, right) = new_figure(9, 4.4, 1, 2)
    shade(left, lambda points: (points @ W + b >= 0) @ v + c >= 0, PLANE)
    for j, (dash, color) in enumerate((("-", GREEN), ("--", INK))):
        ends = line_ends(W[:, j], b[j], PLANE)
        left.plot(*ends.T, color=color, linestyle=dash, linewidth=2.2, label=f"line of {names[j]}")
    draw_targets(left, CORNERS, targets)
    add_legend(left, handles=left.lines[:2], loc="upper right", frameon=True, framealpha=0.9,
               edgecolor="none")  # fmt: skip
    corner_axes(left, "Inputs: two lines cut out a band")

    shade_sides(right, v, c, PLANE)
    places = (CORNERS @ W + b >= 0).astype(float)
    for place in np.unique(places, axis=0):
        here = [i for i in range(4) if (places[i] == place).all()]
        draw_targets(right, place[None], [targets[here[0]]])
        came = " and ".join(f"({CORNERS[i][0]:.0f}, {CORNERS[i][1]:.0f})" for i in here)
        note(right, f"from {came}", place, (0, 14), zorder=5)
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
        minus(f"{name}\n{letter} = {bias:g}")
        for name, letter, bias in zip(names, "bbc", biases, strict=True)
    ]
    nodes = {(0, 0): "$x_1$", (0, 1): "$x_2$"}
    nodes |= {(1, 0): texts[0], (1, 1): texts[1], (2, 0): texts[2]}
    edges = {(0, i, j): minus(f"{W[i, j]:g}") for i in range(2) for j in range(2)}
    edges |= {(1, i, 0): minus(f"{v[i]:g}") for i in range(2)}
    layers = ["inputs", "hidden layer", "output"]
    return network_drawing([2, 2, 1], nodes, edges, layers, title="Three neurons make XOR")


def five_activations(
    functions: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    softmax: Callable[[np.ndarray], np.ndarray],
) -> Figure:
    """Curves of four activations over z = -4..4, and softmax as bars for three z."""
    figure, axes = new_figure(9, 4.9, 2, 3)
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
        label_axes(ax, name, "z", "output")
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
            note(ax, minus(f"{value:.2f}"), (k, value), (0, up), va=va)
        ax.set(xticks=range(3), xticklabels=["neuron 0", "neuron 1", "neuron 2"])
        ax.grid(False, axis="x")
        ax.margins(y=0.22)
        label_axes(ax, name, "", "z" if ax is places[4] else "output")
    said = "Five ways from z to an output: four look at one z, softmax at all z of a layer"
    say(figure, said)
    return figure


def neuron_card(
    inputs: np.ndarray, weights: np.ndarray, bias: float, z: float, y: float, title: str
) -> Figure:
    """All that one neuron holds: inputs, weights and their products as pictures, then z and y.

    784 numbers are drawn as 28 x 28 images, other counts as bars.
    """
    inputs, weights = np.asarray(inputs, float), np.asarray(weights, float)
    products = inputs * weights
    figure, axes = new_figure(9, 3.2, 1, 4)
    fix_margins(figure, 0.045, 0.2, 0.986, 0.78, wide=0.235)
    largest = float(np.abs(weights).max()) or 1.0
    named = (("inputs x", inputs), ("weights w", weights), ("products w · x", products))
    for k, (name, values) in enumerate(named):
        ax = axes[k]
        if len(values) == 784:
            signed: dict[str, Any] = {"cmap": DIVERGING, "vmin": -largest, "vmax": largest}
            draw_image(ax, values, **(signed if k else {}))
        else:
            ax.bar(range(len(values)), values, color=np.where(values < 0, ORANGE, "#5E3C99"))
            ax.axhline(0, color=INK, linewidth=0.7)
            top = 1.0 if k == 0 else 1.1 * largest
            ax.set(ylim=(0 if k == 0 else -top, top), xticks=[0, len(values) - 1], box_aspect=1)
        label_axes(ax, name)
    said = ("", f"from {weights.min():.2f} to {weights.max():.2f}", f"sum = {products.sum():.2f}")
    for ax, text in zip(axes, said, strict=False):
        ax.set_xlabel(minus(text), fontsize=NOTE, color=INK)
    _sigmoid_dot(axes[3], z, y, bias)
    say(figure, title)
    return figure


def _sigmoid_dot(ax: Axes, z: float, y: float, bias: float) -> None:
    reach = max(4.0, 1.25 * abs(z))
    at = np.linspace(-reach, reach, 121)
    ax.plot(at, 0.5 + 0.5 * np.tanh(at / 2), color=BLUE, linewidth=2)
    ax.plot([z, z, -reach], [0, y, y], color=GREY, linestyle=":", linewidth=1.4)
    ax.plot([z], [y], "o", color=RED, markersize=8, zorder=4)
    ax.set(ylim=(-0.03, 1.03), xlim=(-reach, reach), box_aspect=1, yticks=[0, 0.5, 1])
    ax.set_xlabel(minus(f"z = sum + b, b = {bias:.2f}\nz = {z:.2f}"), fontsize=NOTE, color=INK)
    ax.set_title(f"output y = {y:.3f}", fontsize=TITLE, color=INK, loc="left")


def ten_outputs(y: Sequence[float], shares: Sequence[float], label: int) -> Figure:
    """Ten sigmoid outputs beside the softmax of the same z: only the second kind sums to 1."""
    figure, axes = new_figure(9, 3.1, 1, 2, sharey=True)
    named = (("ten sigmoids", np.asarray(y, float)), ("softmax", np.asarray(shares, float)))
    for ax, (name, values) in zip(axes, named, strict=True):
        bars = ax.bar(range(10), values, color=TINT[BLUE], edgecolor=BLUE)
        bars[int(values.argmax())].set(facecolor=BLUE)
        names = [f"{k}\nlabel" if k == label else f"{k}" for k in range(10)]
        ax.set(xticks=range(10), xticklabels=names, ylim=(0, max(0.75, 1.1 * float(np.max(y)))))
        ax.grid(False, axis="x")
        title = f"{name}: the sum is {values.sum():.2f}"
        label_axes(ax, title, "neuron of the last layer (dark: the largest output)", "output")
    return figure
