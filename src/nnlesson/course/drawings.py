"""Neurons, networks and shapes, drawn with nodes, boxes and arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Patch

from nnlesson.course import style
from nnlesson.course.style import BLUE, GREY, INK, LABEL, NOTE, ON_PAPER, ORANGE, RED, TINT

Point = tuple[float, float]


def draw_node(
    ax: Axes, x: float, y: float, text: str, radius: float = 0.32, color: str = BLUE,
    size: float = LABEL,
) -> None:  # fmt: skip
    """A round node with a text in it."""
    _draw_shape(ax, Circle((x, y), radius), x, y, text, color, size)


def draw_box(
    ax: Axes, x: float, y: float, text: str, width: float = 1.2, height: float = 0.6,
    color: str = BLUE, size: float = LABEL,
) -> None:  # fmt: skip
    """A box with a text, centred at (x, y)."""
    corner, look = (x - width / 2, y - height / 2), "round,pad=0,rounding_size=0.08"
    box = FancyBboxPatch(corner, width, height, boxstyle=look)
    _draw_shape(ax, box, x, y, text, color, size)


def _draw_shape(
    ax: Axes, shape: Patch, x: float, y: float, text: str, color: str, size: float
) -> None:
    shape.set(facecolor=TINT.get(color, "white"), edgecolor=color, linewidth=1.6, zorder=3)
    ax.add_patch(shape)
    style.write(ax, x, y, text, size, INK, zorder=4)


def draw_edge(
    ax: Axes, start: Point, end: Point, text: str = "", color: str = GREY, gap: float = 0.34,
    at: float = 0.5, width: float = 1.4,
) -> None:  # fmt: skip
    """An arrow from one point to another, cut short by `gap` at both ends, with a text on it.

    `at` places the text: 0 start, 1 end.
    """
    a, b = np.asarray(start, float), np.asarray(end, float)
    along = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
    a, b = a + gap * along, b - gap * along
    look: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyArrowPatch(a, b, color=color, linewidth=width, zorder=1, **look))
    if text:
        x, y = a + at * (b - a)
        style.write(ax, x, y, text, zorder=5, bbox=ON_PAPER)


def drawing_axes(
    width: float, height: float, xlim: tuple[float, float], ylim: tuple[float, float]
) -> tuple[Figure, Axes]:
    """A figure with bare Axes in which one unit across is one unit up, for drawings."""
    figure, ax = style.new_figure(width, height)
    ax.set_axis_off()
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    return figure, ax


def neuron_drawing(
    inputs: Sequence[str],
    weights: Sequence[str],
    bias: str = "b",
    z: str = "z",
    output: str = "a",
    title: str = "",
) -> Figure:
    """One neuron: inputs, a weight on each edge, the bias, the sum z, the activation, the output.

    All texts are drawn as given: names, numbers, or both, such as "w₁ = 0.5".
    """
    n = len(inputs)
    ys = (np.arange(n)[::-1] - (n - 1) / 2) * 1.05
    low, high = min(ys[-1] - 0.5, -1.6), max(ys[0] + 0.5, 0.55)
    unit = 8.2 / 9  # inches
    size = (9 * unit, (high - low) * unit + 0.4 * bool(title))
    figure, ax = drawing_axes(*size, (-0.6, 8.4), (low, high))
    for y, name, weight in zip(ys, inputs, weights, strict=True):
        draw_node(ax, 0, y, name, 0.42, GREY)
        draw_edge(ax, (0, y), (3.2, 0), weight, gap=0.46, at=0.4)
    draw_box(ax, 3.2, -1.25, bias, max(0.7, 0.13 * len(bias) + 0.4), 0.5, GREY)
    draw_edge(ax, (3.2, -1.25), (3.2, -0.15), gap=0.28)
    draw_node(ax, 3.2, 0, "Σ", 0.44, BLUE, size=15)
    draw_edge(ax, (3.2, 0), (5.4, 0), z, gap=0.46, at=0.45)
    draw_box(ax, 5.5, 0, "step", 1.5, 0.7, ORANGE)
    draw_edge(ax, (6.25, 0), (8.0, 0), gap=0.05)
    style.write(ax, 7.1, 0.28, output, LABEL)
    style.label_axes(ax, title)
    return figure


def network_drawing(
    sizes: Sequence[int],
    nodes: Mapping[tuple[int, int], str] | None = None,
    edges: Mapping[tuple[int, int, int], str] | None = None,
    layer_names: Sequence[str] | None = None,
    highlight: Sequence[tuple[int, ...]] = (),
    title: str = "",
    width: float | None = None,
    colors: Mapping[tuple[int, int], str] | None = None,
) -> Figure:
    """A network of round neurons, one column per layer, with texts in nodes and on edges.

    nodes[layer, i] is the text in a neuron, edges[layer, i, j] the text on the edge from neuron
    i of that layer to neuron j of the next. `highlight` lists such keys to mark them red;
    `colors` gives single neurons a colour of their own.
    """
    nodes, edges = nodes or {}, edges or {}
    step, tall = 2.9, max(sizes)
    marked = set(map(tuple, highlight))
    top, long = (tall - 1) / 2 * 1.45 + 0.6, step * (len(sizes) - 1)
    size = (width or min(9.0, 1.8 + 1.05 * long), 2 * top + (0.9 if layer_names else 0.4))
    low = -top - (0.45 if layer_names else 0)
    figure, ax = drawing_axes(*size, (-0.7, long + 0.7), (low, top))
    place: dict[tuple[int, int], Point] = {}
    for layer, n in enumerate(sizes):
        place |= {(layer, i): (step * layer, ((n - 1) / 2 - i) * 1.45) for i in range(n)}
    for layer, (n, m) in enumerate(pairwise(sizes)):
        for i, j in np.ndindex(n, m):
            # Texts of crossing edges would meet in the middle: spread them along the edge.
            at = 0.5 if n == 1 or m == 1 else 0.2 + 0.6 * ((i + j * 2) % (m + 1)) / (m + 1)
            color, width = (RED, 2.4) if (layer, i, j) in marked else (GREY, 1.4)
            text = edges.get((layer, i, j), "")
            ends = place[layer, i], place[layer + 1, j]
            draw_edge(ax, *ends, text, color, gap=0.48, at=at, width=width)
    for key, (x, y) in place.items():
        color = RED if key in marked else (GREY if key[0] == 0 else BLUE)
        color = (colors or {}).get(key, color)
        draw_node(ax, x, y, nodes.get(key, ""), 0.46, color)
    for layer, name in enumerate(layer_names or ()):
        style.write(ax, step * layer, -top - 0.2, name)
    style.label_axes(ax, title)
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
    low = -1.75 if gradients else -0.5
    scale = min(9.0, 1.15 * (step * n + 2)) / (step * n + 2)
    size = (scale * (step * n + 2), scale * ((1.2 if gradients else 0.75) - low) + 0.4)
    figure, ax = drawing_axes(*size, (-0.9, step * n + 0.9), (low, 0.75))
    small = NOTE if n <= 3 else NOTE - 1.5
    for i, (name, shape) in enumerate(arrays):
        draw_box(ax, step * i, 0, f"{name}\n{shape}", wide, 0.8, BLUE, size=small)
        if gradients:
            draw_box(ax, step * i, -1.3, f"{gradients[i]}\n{shape}", wide, 0.8, RED, size=small)
    for i, (name, parameters) in enumerate(operations):
        start, middle, end = step * i + wide / 2, step * (i + 0.5), step * (i + 1) - wide / 2
        draw_edge(ax, (start, 0), (end, 0), gap=0.04)
        style.write(ax, middle, 0.12, name, small, va="bottom")
        style.write(ax, middle, -0.12, parameters, small - 1, va="top")
        if gradients:
            draw_edge(ax, (end, -1.3), (start, -1.3), gap=0.04, color=RED)
            above, below = back[i] if back else ("", "")
            style.write(ax, middle, -1.18, above, small, RED, va="bottom")
            style.write(ax, middle, -1.42, below, small - 1, RED, va="top")
    style.label_axes(ax, title)
    return figure
