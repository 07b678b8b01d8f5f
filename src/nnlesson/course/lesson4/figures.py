"""The pictures of lesson 4: the computation graph step by step, batches, checks and bugs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from nnlesson.course import style
from nnlesson.course.digits import number_cells
from nnlesson.course.drawings import draw_box, draw_edge, draw_node, drawing_axes
from nnlesson.course.style import BLUE, GREEN, GREY, INK, LABEL, NOTE, ON_PAPER, ORANGE, PALE, RED

# The graph of the 1-2-1 network: where each number stands.
NODES = {
    "x": (0.0, 0.0), "z1": (3.0, 1.2), "a1": (4.9, 1.2), "z2": (3.0, -1.2), "a2": (4.9, -1.2),
    "z": (7.8, 0.0), "a": (9.45, 0.0), "J": (11.1, 0.0),
}  # fmt: skip
BOXES = {
    "w1": (1.45, 0.62), "b1": (3.0, 2.6), "w2": (1.45, -0.62), "b2": (3.0, -2.6),
    "v1": (6.3, 0.64), "v2": (6.3, -0.64), "c": (7.8, 1.5), "y": (11.1, 1.5),
}  # fmt: skip
ARROWS = [
    ("x", "z1"), ("x", "z2"), ("z1", "a1"), ("z2", "a2"), ("a1", "z"), ("a2", "z"), ("z", "a"),
    ("a", "J"),
]  # fmt: skip
SIDES = [("b1", "z1"), ("b2", "z2"), ("c", "z"), ("y", "J")]  # parameters above and below
SUBSCRIPTS = str.maketrans("12", "₁₂")  # z1 is written z₁


def signed(value: float, digits: int = 4, short: bool = True) -> str:
    """A number for a picture, with a real minus sign; `short`: one digit where that is exact."""
    text = f"{value:.{digits}f}"
    if short and abs(value * 10 - round(value * 10)) < 1e-9:
        text = f"{value:.1f}"
    return text.removeprefix("-") if float(text) == 0 else style.minus(text)


def chain_drawing(names: Sequence[str], rates: Sequence[str], title: str = "") -> Figure:
    """Quantities in boxes, one after the other, with the slope of each step above its arrow."""
    n = len(names)
    figure, ax = drawing_axes(8.4, 1.5, (-0.8, 2.7 * (n - 1) + 0.8), (-0.6, 0.9))
    for i, name in enumerate(names):
        draw_box(ax, 2.7 * i, 0, name, 1.2, 0.7, BLUE if i < n - 1 else ORANGE)
    for i, rate in enumerate(rates):
        draw_edge(ax, (2.7 * i, 0), (2.7 * (i + 1), 0), gap=0.65)
        style.write(ax, 2.7 * i + 1.35, 0.45, rate, LABEL, RED)
    style.label_axes(ax, title)
    return figure


def network_map(
    values: Mapping[str, float], title: str, slopes: Mapping[str, float] | None = None
) -> Figure:
    """The 1-2-1 network after its forward pass, with its numbers, and with `slopes` in orange.

    `values` has x, y, the seven parameters and z1, a1, z2, a2, z, a, J; `slopes` has the slope of
    J for each of them but x, y and J.
    """
    slopes = slopes or {}
    figure, ax = drawing_axes(9, 4.6, (-0.7, 11.8), (-3.1, 3.1))
    back = RED if slopes else GREY  # slopes have come back along these arrows
    for start, end in ARROWS:
        draw_edge(ax, NODES[start], NODES[end], gap=0.64, color=back)
    for start, end in SIDES:
        (x, y), color = NODES[end], GREY if start == "y" else back
        edge = y + np.copysign(0.62, BOXES[start][1] - y)  # of the node: above or below
        draw_edge(ax, BOXES[start], (x, edge), gap=0.02, color=color)
    for name, (x, y) in (NODES | BOXES).items():
        shown, number = name.translate(SUBSCRIPTS), signed(values[name])
        if name in NODES:
            draw_node(ax, x, y, "", 0.62, {"x": GREY, "J": ORANGE}.get(name, BLUE))
            texts = [(shown, INK), (number, INK)]
        else:
            draw_box(ax, x, y, "", 1.3, 0.76, GREY)
            texts = [(f"{shown} = {number}", INK)]
        texts += [(signed(slopes[name]), RED)] if name in slopes else []
        for i, (text, color) in enumerate(texts):
            up = ((len(texts) - 1) / 2 - i) * 0.33
            style.write(ax, x, y + up, text, NOTE - 0.5, color, zorder=6)
    said = "orange: the slope of J\nwith respect to this number" if slopes else ""
    style.write(ax, 11.7, -2.6, said, color=RED, ha="right")
    style.label_axes(ax, title)
    return figure


def batch_sum(rows: np.ndarray, title: str = "") -> Figure:
    """Slopes of one bias vector, a row per example (n, m), and their sum below."""
    total = rows.sum(axis=0)
    n, m = rows.shape
    limit = float(np.abs(total).max())
    figure, (top, low) = style.new_figure(6.4, 0.42 * n + 1.9, 2, 1, height_ratios=(n, 1))
    for ax, table in ((top, rows), (low, total[None])):
        number_cells(ax, table, lambda value: signed(value, short=False), limit)
    top.set(yticks=range(n), yticklabels=[f"example {i + 1}" for i in range(n)], xticks=[])
    low.set_yticks([0], ["db = sum"])
    low.set_xticks(range(m), [f"bias {j + 1}" for j in range(m)])
    style.label_axes(top, title)
    return figure


def penalty_gap(weights: np.ndarray, gaps: Mapping[str, np.ndarray], l2: float) -> Figure:
    """Measured minus computed slope of each weight against the weight: one series per name."""
    figure, ax = style.new_figure(6.6, 3.8)
    limit = 1.1 * float(np.abs(weights).max())
    ends = np.array([-limit, limit])
    ax.plot(ends, l2 * ends, color=GREY, linestyle="--", linewidth=1.4, label="λw")
    for (name, gap), color, mark in zip(gaps.items(), (RED, BLUE), ("s", "o"), strict=False):
        ax.plot(weights.ravel(), gap.ravel(), mark, color=color, markersize=5, label=name)
    style.label_axes(ax, "The gap is exactly λw: the gradient belongs to the cost with λ/2",
                     "weight w", "measured − computed slope")  # fmt: skip
    style.add_legend(ax)
    return figure


def outer_product(x: np.ndarray, delta: np.ndarray) -> Figure:
    """outer(x, delta) as a multiplication table: x (d,) at the left, ten times delta (m,) on top.

    Ten times, because the slopes of one example are too small to be read with two digits.
    """
    d, m, delta = len(x), len(delta), 10 * delta
    figure, ax = drawing_axes(0.72 * m + 1.9, 0.55 * d + 1.3, (-1.9, m - 0.4), (d - 0.4, -1.9))
    parts = [(x[:, None], (-1.4, 0)), (delta[None], (0, -1.4)), (np.outer(x, delta), (0, 0))]
    for sheet, corner in parts:
        limit = float(np.abs(sheet).max())
        number_cells(ax, sheet, lambda value: signed(value, 2, short=False), limit, corner)
    ax.set(xlim=(-2.0, m - 0.4), ylim=(d - 0.4, -2.3), aspect="auto")
    style.write(ax, -1.4, -0.85, "x", LABEL)
    style.write(ax, -1.0, -1.4, "10 δ", LABEL)
    style.label_axes(ax, "A table of products:\neach column is a multiple of x")
    return figure


def delta_counts(layers: Sequence[int], recursive: Sequence[int], kept: Sequence[int]) -> Figure:
    """How many δ are computed against the number of hidden layers: asked again, or remembered."""
    figure, ax = style.new_figure(6.6, 3.7)
    lines = {"asked for again by recursion": (layers, recursive), "remembered": (layers, kept)}
    style.draw_lines(ax, lines, (RED, BLUE))
    for (_, counts), color in zip(lines.values(), (RED, BLUE), strict=True):
        for x, count in zip(layers, counts, strict=True):
            style.note(ax, f"{count:,}", (x, count), (0, 7), color)
    ax.set(yscale="log", xticks=list(layers), ylim=(8, 40 * max(recursive)))
    ax.set_xlim(layers[0] - 0.4, layers[-1] + 0.4)
    style.label_axes(ax, "Each further layer: 20 times as many δ by recursion",
                     "hidden layers of 20 units", "δ computed for one example")  # fmt: skip
    style.add_legend(ax, loc="upper left")
    return figure


def error_ladder(errors: Mapping[str, float], title: str) -> Figure:
    """Relative errors on a log axis with the zones right, look again, wrong."""
    figure, ax = style.new_figure(9, 0.42 * len(errors) + 1.6)
    zones = [(1e-13, 1e-6, GREEN, "right"), (1e-6, 1e-2, ORANGE, "look again"),
             (1e-2, 4, RED, "wrong")]  # fmt: skip
    n = len(errors)
    for low, high, color, name in zones:
        ax.axvspan(low, high, color=color, alpha=0.13, linewidth=0)
        style.write(ax, np.sqrt(low * high), -0.8, name, LABEL)
    for i, error in enumerate(errors.values()):
        ax.plot([max(error, 2e-13)], [i], "o", color=INK, markersize=7)
    ax.set(xscale="log", xlim=(1e-13, 4), ylim=(n - 0.4, -1.1), yticks=range(n))
    ax.set_yticklabels(errors, fontsize=NOTE)
    style.label_axes(ax, title, "relative error of the gradient (log scale)", "")
    return figure


def kink(cost: Callable[[np.ndarray], np.ndarray], h: float, ours: float) -> Figure:
    """A cost with a corner at 0: the secant from -h to h is neither of the two slopes."""
    figure, ax = style.new_figure(6.4, 3.7)
    b = np.linspace(-2.2, 2.2, 121)
    ends = np.array([-1.0, 1.0])
    rise, over = ((cost(h * steps) - cost(np.zeros(1))) / h for steps in (b, ends))
    ax.plot(b, rise, color=BLUE, linewidth=2.2, label="cost")
    ax.plot(ends, over, color=RED, marker="s", linestyle="--", label="measured over 2h")
    ax.plot(b, ours * b, color=GREEN, linestyle=":", linewidth=2.4, label="our slope at 0")
    title = "At a corner the measured slope is an average of both sides"
    rises = "change of the cost, in units of h"
    style.label_axes(ax, title, "bias b in units of h, with z = b", rises)
    style.add_legend(ax)
    return figure


def five_ways(names: Sequence[str], operations: Sequence[int], seconds: Sequence[float]) -> Figure:
    """Multiplications and time of each way to the same gradient: dots on log axes."""
    figure, (left, right) = style.new_figure(9, 3.4, 1, 2, sharey=True)
    rows = np.arange(len(names))[::-1]
    times = 1e3 * np.asarray(seconds, float)
    sides = ((left, operations, BLUE, "multiplications"),
             (right, times, ORANGE, "time in milliseconds"))  # fmt: skip
    for ax, values, color, name in sides:
        ax.plot(values, rows, "o", color=color, markersize=9)
        ax.set(xscale="log", yticks=rows, xlim=(min(values) / 3, max(values) * 60))
        ax.set_ylim(-0.6, len(rows) - 0.4)
        for row, value in zip(rows, values, strict=True):
            text = f"{value:,.0f}" if value >= 100 else f"{value:.2g}"
            style.note(ax, text, (value, row), (8, 0), ha="left", va="center")
        style.label_axes(ax, "", f"{name} (log scale)", "")
    left.set_yticklabels(names, fontsize=LABEL)
    style.say(figure, "Five ways, one gradient: measuring it costs far more than any formula")
    return figure


def bug_board(
    parameters: Sequence[str],
    errors: Sequence[Sequence[float]],
    accuracies: Mapping[str, Sequence[float]],
    majority: float,
    chance: float,
) -> Figure:
    """What each bug does: relative error of every gradient (bugs, parameters), and the accuracies
    of several runs, a dot each, with their mean as a bar. nan: the outputs are no numbers."""
    n = len(accuracies)
    figure, (left, right) = style.new_figure(
        9, 0.4 * n + 1.5, 1, 2, width_ratios=(1.1, 1), sharey=True
    )
    wrong = np.asarray(errors) > 1e-6
    left.imshow(np.where(wrong, 0.55, 0.0), cmap="Oranges", vmin=0, vmax=1, aspect="auto")
    for (i, j), error in np.ndenumerate(np.asarray(errors)):
        text, weight = (f"{error:.2f}", "bold") if wrong[i, j] else ("ok", "normal")
        style.write(left, j, i, text, weight=weight)
    left.set_xticks(range(len(parameters)), parameters, fontsize=LABEL)
    left.set_yticks(range(n), list(accuracies))
    left.grid(False)
    left.spines[["left", "bottom"]].set_visible(False)
    left.vlines(np.arange(len(parameters) - 1) + 0.5, -0.5, n - 0.5, color=PALE, linewidth=1)
    left.hlines(np.arange(n - 1) + 0.5, -0.5, len(parameters) - 0.5, color=PALE, linewidth=1)
    left.tick_params(which="both", length=0)
    style.label_axes(left, "The gradient check sees it …", "relative error of each gradient", "")
    for i, runs in enumerate(accuracies.values()):
        mean = float(np.mean(runs))
        right.barh(i, np.nan_to_num(mean), 0.6, color=RED if wrong[i].any() else BLUE)
        right.plot(runs, np.full(len(runs), i), "o", color="white", markeredgecolor=INK, ms=5)
        text = "the outputs are nan" if np.isnan(mean) else f"{mean:.0%}"
        x = 0.03 + (max(majority, chance) if np.isnan(mean) else np.max(runs))
        style.write(right, x, i, text, ha="left", zorder=5, bbox=ON_PAPER)
    right.axvline(majority, color=INK, linestyle="--", linewidth=1.4)
    right.axvline(chance, color=GREY, linestyle=":", linewidth=1.6)
    levels = f"chance {chance:.0%} (dotted), majority {majority:.0%} (dashed)"
    style.write(right, majority + 0.02, -0.66, levels, ha="left")
    right.set(xlim=(0, 1.15), ylim=(n - 0.5, -0.95))
    right.tick_params(which="both", labelleft=False, left=False)
    right.grid(False, axis="y")
    style.label_axes(right, "… the accuracy often does not", "share right on unseen images", "")
    return figure
