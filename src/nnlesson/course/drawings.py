"""Neurons, networks and shapes, drawn with nodes, boxes and arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from nnlesson.course.style import (
    BLUE,
    GREY,
    INK,
    LABEL,
    NOTE,
    ORANGE,
    RED,
    TINT,
    blank_axes,
    label_axes,
    new_figure,
)


def draw_node(
    ax: Axes, x: float, y: float, text: str, radius: float = 0.32, color: str = BLUE,
    filled: bool = False, size: float = LABEL,
) -> None:  # fmt: skip
    """A round node with a text in it; `filled` marks the one that is spoken of."""
    face = color if filled else TINT.get(color, "white")
    ax.add_patch(Circle((x, y), radius, facecolor=face, edgecolor=color, linewidth=1.6, zorder=3))
    ink = "white" if filled else INK
    ax.text(x, y, text, ha="center", va="center", fontsize=size, color=ink, zorder=4)


def draw_box(
    ax: Axes, x: float, y: float, text: str, width: float = 1.2, height: float = 0.6,
    color: str = BLUE, filled: bool = False, size: float = LABEL,
) -> None:  # fmt: skip
    """A box with a text, centred at (x, y)."""
    face = color if filled else TINT.get(color, "white")
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            linewidth=1.6,
            zorder=3,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=face,
            edgecolor=color,
        )  # fmt: skip
    )
    ink = "white" if filled else INK
    ax.text(x, y, text, ha="center", va="center", fontsize=size, color=ink, zorder=4)


def draw_edge(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], text: str = "",
    color: str = GREY, gap: float = 0.34, at: float = 0.5, width: float = 1.4,
    curve: float = 0.0, size: float = NOTE, offset: float = 0.0,
) -> None:  # fmt: skip
    """An arrow from one point to another, cut short by `gap` at both ends, with a text on it.

    `at` places the text (0 start, 1 end); `offset` moves it across the arrow; `curve` bends it.
    """
    a, b = np.asarray(start, float), np.asarray(end, float)
    along = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
    a, b = a + gap * along, b - gap * along
    ax.add_patch(
        FancyArrowPatch(
            a,
            b,
            arrowstyle="-|>",
            mutation_scale=11,
            color=color,
            linewidth=width,
            zorder=1,
            shrinkA=0,
            shrinkB=0,
            connectionstyle=f"arc3,rad={curve}",
        )  # fmt: skip
    )
    if text:
        across = np.array([-along[1], along[0]])
        middle = a + at * (b - a) + across * (offset - curve * np.hypot(*(b - a)) / 2)
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
        ax.text(
            middle[0], middle[1], text, ha="center", va="center", fontsize=size, color=INK,
            zorder=5, bbox=paper,
        )  # fmt: skip


def drawing_axes(
    width: float, height: float, xlim: tuple[float, float], ylim: tuple[float, float]
) -> tuple[Figure, Axes]:
    """A figure with bare Axes in which one unit across is one unit up, for drawings."""
    figure, ax = new_figure(width, height)
    blank_axes(ax)
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    return figure, ax


def neuron_drawing(
    inputs: Sequence[str],
    weights: Sequence[str],
    bias: str = "b",
    z: str = "z",
    output: str = "a",
    activation: str = "step",
    title: str = "",
) -> Figure:
    """One neuron: inputs, a weight on each edge, the bias, the sum z, the activation, the output.

    All texts are drawn as given: names, numbers, or both, such as "w₁ = 0.5".
    """
    n = len(inputs)
    ys = np.linspace((n - 1) / 2, -(n - 1) / 2, n) * 1.05 if n > 1 else np.zeros(1)
    low = min(ys[-1], 0) - 1.3
    figure, ax = drawing_axes(
        8.2, 1.15 * (ys[0] - low + 0.6) + 0.3, (-0.6, 8.4), (low, ys[0] + 0.5)
    )
    for y, name, weight in zip(ys, inputs, weights, strict=True):
        draw_node(ax, 0, y, name, 0.42, GREY)
        draw_edge(ax, (0, y), (3.2, 0), weight, gap=0.46, at=0.4)
    draw_box(ax, 3.2, low + 0.35, bias, max(0.7, 0.13 * len(bias) + 0.4), 0.5, GREY)
    draw_edge(ax, (3.2, low + 0.35), (3.2, -0.15), gap=0.28)
    draw_node(ax, 3.2, 0, "Σ", 0.44, BLUE, size=15)
    draw_edge(ax, (3.2, 0), (5.4, 0), z, gap=0.46, at=0.45)
    draw_box(ax, 5.5, 0, activation, 1.5, 0.7, ORANGE)
    draw_edge(ax, (6.25, 0), (8.0, 0), gap=0.05)
    ax.text(7.1, 0.28, output, ha="center", va="center", fontsize=LABEL, color=INK)
    label_axes(ax, title)
    return figure


def network_drawing(
    sizes: Sequence[int],
    nodes: Mapping[tuple[int, int], str] | None = None,
    edges: Mapping[tuple[int, int, int], str] | None = None,
    layer_names: Sequence[str] | None = None,
    highlight: Sequence[tuple[int, ...]] = (),
    title: str = "",
    width: float | None = None,
) -> Figure:
    """A network of round neurons, one column per layer, with texts in nodes and on edges.

    nodes[layer, i] is the text in a neuron, edges[layer, i, j] the text on the edge from neuron
    i of that layer to neuron j of the next. `highlight` lists such keys to mark them red.
    """
    nodes, edges = nodes or {}, edges or {}
    step, tall = 2.9, max(sizes)
    marked = set(map(tuple, highlight))
    top = (tall - 1) / 2 * 1.45 + 0.6
    figure, ax = drawing_axes(
        width or min(9.0, 1.0 + 1.05 * step * (len(sizes) - 1) + 0.8),
        2 * top + (0.9 if layer_names else 0.4),
        (-0.7, step * (len(sizes) - 1) + 0.7),
        (-top - (0.45 if layer_names else 0), top),
    )
    place = {
        (layer, i): (step * layer, ((n - 1) / 2 - i) * 1.45)
        for layer, n in enumerate(sizes)
        for i in range(n)
    }
    for layer, n in enumerate(sizes[:-1]):
        for i in range(n):
            for j in range(sizes[layer + 1]):
                here = (layer, i, j) in marked
                # Texts of crossing edges would meet in the middle: spread them along the edge.
                m = sizes[layer + 1]
                at = 0.5 if n == 1 or m == 1 else 0.2 + 0.6 * ((i + j * 2) % (m + 1)) / (m + 1)
                draw_edge(
                    ax, place[layer, i], place[layer + 1, j], edges.get((layer, i, j), ""),
                    color=RED if here else GREY, gap=0.48, at=at, width=2.4 if here else 1.4,
                )  # fmt: skip
    for key, (x, y) in place.items():
        color = RED if key in marked else (GREY if key[0] == 0 else BLUE)
        draw_node(ax, x, y, nodes.get(key, ""), 0.46, color)
    for layer, name in enumerate(layer_names or ()):
        ax.text(step * layer, -top - 0.2, name, ha="center", va="center", fontsize=NOTE, color=INK)
    label_axes(ax, title)
    return figure


def shape_flow(
    arrays: Sequence[tuple[str, str]],
    operations: Sequence[tuple[str, str]],
    gradients: Sequence[str] | None = None,
    title: str = "",
    back: Sequence[tuple[str, str]] | None = None,
) -> Figure:
    """Arrays as boxes with their shapes, joined by operations with the shapes of their parameters.

    arrays: n + 1 pairs (name, shape); operations: n pairs (name, parameters), in the order of the
    forward pass. `gradients` (n + 1 names) draws the way back below, with the same shapes;
    `back` (n pairs) stands above and below its arrows.
    """
    n = len(operations)
    if len(arrays) != n + 1:
        raise ValueError(f"{len(arrays)} arrays need {len(arrays) - 1} operations, not {n}")
    step, wide = 2.75, 1.35
    low = -1.75 if gradients else -0.75
    scale = min(9.0, 1.15 * (step * n + 2)) / (step * n + 2)
    figure, ax = drawing_axes(
        scale * (step * n + 2), scale * (1.2 - low) + 0.4, (-0.9, step * n + 0.9), (low, 0.75)
    )
    small = NOTE if n <= 3 else NOTE - 1.5
    for i, (name, shape) in enumerate(arrays):
        x = step * i
        draw_box(ax, x, 0, f"{name}\n{shape}", wide, 0.8, BLUE, size=small)
        if gradients:
            draw_box(ax, x, -1.3, f"{gradients[i]}\n{shape}", wide, 0.8, RED, size=small)
    for i, (name, parameters) in enumerate(operations):
        x = step * i
        draw_edge(ax, (x + wide / 2, 0), (x + step - wide / 2, 0), gap=0.04)
        middle = x + step / 2
        ax.text(middle, 0.12, name, ha="center", va="bottom", fontsize=small, color=INK)
        ax.text(middle, -0.12, parameters, ha="center", va="top", fontsize=small - 1, color=INK)
        if gradients:
            draw_edge(ax, (x + step - wide / 2, -1.3), (x + wide / 2, -1.3), gap=0.04, color=RED)
            above, below = back[i] if back else ("", "")
            ax.text(middle, -1.18, above, ha="center", va="bottom", fontsize=small, color=RED)
            ax.text(middle, -1.42, below, ha="center", va="top", fontsize=small - 1, color=RED)
    label_axes(ax, title)
    return figure
