"""The pictures of lesson 5: digits as data, training as it goes, what the first layer sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nnlesson.course import style
from nnlesson.course.digits import image_grid
from nnlesson.course.drawings import draw_box, drawing_axes
from nnlesson.course.style import BLUE, COLORS, GREEN, GREY, INK, INK_ON_PAPER, NOTE, ORANGE, RED

Lines = Mapping[str, tuple[Sequence[float], Sequence[float]]]


def header_bytes(content: bytes, parts: Sequence[tuple[str, int]], title: str = "") -> Figure:
    """The first bytes of a file as boxes, in groups: parts = [(meaning, how many bytes), ...]."""
    n = sum(length for _, length in parts)
    figure, ax = drawing_axes(9, 1.75, (-0.2, n + 0.2), (-1.2, 1.2))
    start = 0
    for i, (meaning, length) in enumerate(parts):
        color = (BLUE, ORANGE, GREEN, RED, GREY)[i % 5]
        for at in range(start, start + length):
            draw_box(ax, at + 0.5, 0.1, str(content[at]), 0.84, 0.84, color, size=NOTE)
            style.write(ax, at + 0.5, 0.84, str(at), NOTE - 2, GREY)
        middle = start + length / 2
        ax.plot([start + 0.1, start + length - 0.1], [-0.5, -0.5], color=color, linewidth=2)
        style.write(ax, middle, -0.68, meaning, va="top")
        start += length
    style.label_axes(ax, title)
    return figure


def class_counts(counts: Mapping[str, np.ndarray], title: str = "") -> Figure:
    """How many images of each digit, as shares of the split; one colour for each split."""
    figure, ax = style.new_figure(7, 3)
    width = 0.8 / len(counts)
    for i, (name, number) in enumerate(counts.items()):
        where = np.arange(len(number)) + (i - (len(counts) - 1) / 2) * width
        ax.bar(where, number / np.sum(number), width * 0.92, color=COLORS[i], label=name)
    ax.axhline(1 / len(number), color=GREY, linestyle=":", linewidth=1.6, label="all equal")
    ax.set(xticks=np.arange(len(number)), ylim=(0, 0.155))
    ax.grid(False, axis="x")
    style.add_legend(ax, ncols=len(counts) + 1, loc="upper center")
    style.label_axes(ax, title, "digit", "share of the images")
    return figure


def grey_and_binary(grey: np.ndarray, binary: np.ndarray, title: str = "") -> Figure:
    """The same images (n, d) twice, with and without grey, and how often each value occurs."""
    figure, (left, right) = style.new_figure(9, 3, 1, 2, width_ratios=(1.35, 1))
    images = np.concatenate([grey, binary])
    names = ["grey", *[""] * (len(grey) - 1), "no grey"]
    image_grid(left, images, names, columns=len(grey), cmap=INK_ON_PAPER, vmin=0, vmax=255)
    style.label_axes(left, title)
    values = np.asarray(grey).ravel()
    right.hist(values, bins=np.linspace(-0.5, 255.5, 33), color=BLUE)
    right.set_yscale("log")
    style.label_axes(right, "", "byte: 0 is paper, 255 is ink", "number of pixels")
    return figure


def valley_paths(
    cost: Callable[..., np.ndarray], paths: Mapping[str, np.ndarray], title: str = ""
) -> Figure:
    """Descents (steps + 1, 2) of several optimizers over lines of equal cost(w1, w2)."""
    figure, ax = style.new_figure(8, 3.4)
    w1, w2 = np.meshgrid(np.linspace(-4.2, 2.2, 200), np.linspace(-3.4, 3.4, 120))
    heights = cost(w1, w2)
    ax.contour(w1, w2, heights, levels=np.geomspace(0.2, heights.max(), 14), colors=GREY,
               linewidths=0.7)  # fmt: skip
    lines = {
        f"{name}: ends {np.hypot(*path[-1]):.2g} from the bottom": (path[:, 0], path[:, 1])
        for name, path in paths.items()
    }
    style.draw_lines(ax, lines, linestyle="-", linewidth=1.4, markersize=4)
    ax.plot([0], [0], marker="*", markersize=13, color=INK, linestyle="")
    ax.grid(False)
    ax.set(xlim=(-4.2, 2.2), ylim=(-3.4, 3.4))
    style.add_legend(ax, loc="lower right", frameon=True, framealpha=0.9, edgecolor="white")
    style.label_axes(ax, title, "w₁", "w₂")
    return figure


def compared(
    lines: Lines,
    title: str = "",
    x: str = "epoch",
    y: str = "share of the validation images right",
    log: bool = False,
) -> Figure:
    """Some runs in one picture: name -> (x, y); marks beside colours tell them apart."""
    figure, ax = style.new_figure(7, 3.6)
    style.draw_lines(ax, lines)
    if log:
        ax.set_yscale("log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    style.add_legend(ax)
    style.label_axes(ax, title, x, y)
    return figure


def rate_sweep(
    rates: Sequence[float], accuracies: Mapping[str, Any], title: str = "", x: str = ""
) -> Figure:
    """Accuracies (rates, seeds) by name: a dot for each seed, a line through the means."""
    figure, ax = style.new_figure(8, 3.4)
    lines = {}
    for i, (name, reached) in enumerate(accuracies.items()):
        values = np.asarray(reached)
        beside = np.array(rates) * 1.04**i  # so that the dots of two names do not hide each other
        every = np.repeat(beside, values.shape[1])
        ax.plot(every, values.ravel(), "o", color=COLORS[i], markersize=4, alpha=0.6)
        lines[name] = (beside, values.mean(axis=1))
    style.draw_lines(ax, lines, marker="")
    ax.set_xscale("log")
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates])
    ax.minorticks_off()
    ax.set_ylim(0, 1.02)
    style.add_legend(ax, loc="lower left")
    style.label_axes(ax, title, x, "share right")
    return figure


def ablation(accuracies: Mapping[str, np.ndarray], reach: float = 0.05, title: str = "") -> Figure:
    """Runs in rows, the first for comparison: a dot for each seed, a bar at the mean.

    The picture ends `reach` below the lowest dot of the first row; what is worse leaves it with an
    arrow and the number of its mean.
    """
    figure, ax = style.new_figure(9, 0.6 + 0.33 * len(accuracies))
    first = next(iter(accuracies.values()))
    low, high = first.min() - reach, max(v.max() for v in accuracies.values()) + 0.1 * reach
    ax.axvspan(first.min(), first.max(), color=style.PALE)
    for row, values in enumerate(accuracies.values()):
        color = INK if row == 0 else BLUE
        mean = values.mean()
        if values.min() < low:
            ax.plot([low + 0.02 * reach], [row], "<", color=RED, markersize=8)
            least, middle, most = map(style.percent, (values.min(), mean, values.max()))
            said = f"mean {middle}, {least} to {most}"
            style.write(ax, low + 0.07 * reach, row, said, color=RED, ha="left")
            continue
        ax.plot(values, [row] * len(values), "o", color=color, markersize=5, alpha=0.7)
        ax.plot([mean], [row], "|", color=color, markersize=14, markeredgewidth=2)
    ax.set(xlim=(low, high), ylim=(len(accuracies) - 0.5, -0.5))
    ax.set_yticks(range(len(accuracies)), list(accuracies))
    ax.grid(False, axis="y")
    style.label_axes(ax, title, "share of the validation images right")
    return figure


def signals(
    sums: Mapping[str, Sequence[np.ndarray]], slopes: Mapping[str, Sequence[np.ndarray]],
    title: str = "",
) -> Figure:  # fmt: skip
    """How large z (above) and δ (below) are in each layer, a column for each start.

    Both map a start's name to an array for each layer. Sizes stand on a log axis; zeros, which
    have no place there, are left out.
    """
    figure, axes = style.new_figure(9, 4.6, 2, len(sums), sharex=True, sharey=True)
    bins = np.logspace(-12, 5, 69)
    for row, (letter, columns) in enumerate((("z", sums), ("δ", slopes))):
        for ax, (name, layers) in zip(axes[row], columns.items(), strict=True):
            for i, values in enumerate(layers):
                sizes = np.abs(values[values != 0], dtype=float).clip(bins[0], bins[-1])
                share = np.full(len(sizes), 1 / max(len(sizes), 1))
                ax.hist(sizes, bins, weights=share, histtype="step", label=f"layer {i + 1}",
                        color=COLORS[i], linestyle=style.DASHES[i], linewidth=1.8)  # fmt: skip
            style.label_axes(ax, name if row == 0 else "", f"size of {letter}", "")
            ax.set(xscale="log", xticks=10.0 ** np.arange(-12, 5, 4))
    for ax in axes[:, 0]:
        ax.set_ylabel("share")
    style.add_legend(axes[0, 0], loc="upper left")
    style.say(figure, title)
    return figure
