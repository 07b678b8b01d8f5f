"""One style for all figures, how a notebook shows them, and the pictures several lessons share.

Functions take arrays and return a matplotlib Figure; they compute no model. pyplot is not used:
it keeps every figure alive and its settings are global.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from PIL import Image

# Okabe and Ito's palette: eight colours that colour-blind readers can tell apart.
BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
RED = "#D55E00"
PINK = "#CC79A7"
COLORS = (BLUE, RED, GREEN, ORANGE, PINK, SKY, BLACK, YELLOW)

INK = "#262626"  # text and outlines
GREY = "#8C8C8C"  # what is there for comparison
PALE = "#E8E8E8"  # grids and quiet fills
TINT = {BLUE: "#DCEBF5", RED: "#FBE6DA", GREEN: "#DAF1EA", ORANGE: "#FCF0D6", GREY: "#F2F2F2"}

DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))  # a second sign beside colour
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
DIVERGING = "PuOr"  # signed values, zero is white
SEQUENTIAL = "cividis"
INK_ON_PAPER = "Greys"  # digits: 0 is white

TITLE, LABEL, TICK, NOTE = 12, 10.5, 9.5, 9.5  # font sizes in points
SCREEN_DPI = 100  # points of the page per inch of figure
PNG_DPI = 150  # pixels per inch of figure: sharp on a dense screen, about 20 kB a picture
PAPER = 255  # the place of white in a picture's palette


def new_figure(
    width: float = 6.4, height: float = 4.0, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, Any]:
    """A styled Figure of width x height inches and its Axes (an array of them if more than one).

    `options` go to Figure.subplots (sharex, width_ratios, subplot_kw, ...). 9 inches is the
    widest that a notebook shows without shrinking.
    """
    figure = Figure(figsize=(width, height), dpi=SCREEN_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, **options)
    for ax in np.atleast_1d(axes).flat:
        style_axes(ax)
    return figure, axes


def style_axes(ax: Axes, grid: bool = True) -> None:
    """Give Axes the course's look: palette, quiet grid, no box, readable ticks."""
    ax.set_prop_cycle(color=list(COLORS))
    ax.tick_params(labelsize=TICK, colors=INK, length=3)
    if ax.name == "rectilinear":
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_color(GREY)
    ax.grid(grid, color=PALE, linewidth=0.8)
    ax.set_axisbelow(True)


def label_axes(ax: Axes, title: str = "", x: str = "", y: str = "") -> None:
    """Write the title (the finding, in a sentence) and the names of both axes, with units."""
    if title:
        ax.set_title(title, fontsize=TITLE, color=INK, loc="left")
    ax.set_xlabel(x, fontsize=LABEL, color=INK)
    ax.set_ylabel(y, fontsize=LABEL, color=INK)


def add_legend(ax: Axes, **options: Any) -> None:
    """A legend without a frame, in the course's font size."""
    settings = {"frameon": False, "fontsize": NOTE, "labelcolor": INK, **options}
    ax.legend(**settings)


def blank_axes(ax: Axes) -> None:
    """Take ticks, spines and grid away, for drawings and images."""
    ax.set_axis_off()
    ax.grid(False)


def to_png(figure: Figure, dpi: int = PNG_DPI) -> bytes:
    """A figure as PNG bytes with a palette of at most 256 colours: a third of the full size."""
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    # The palette averages near colours, so the paper is kept out of it: it must stay exactly
    # white beside the page, and a pale cell of a table must not become paper.
    inked = (pixels != 255).any(axis=-1)
    if not inked.any():
        inked[0, 0] = True
    inks = Image.fromarray(pixels[inked][np.newaxis])
    inks = inks.quantize(PAPER, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    indices = np.full(inked.shape, PAPER, np.uint8)
    indices[inked] = np.asarray(inks)[0]
    picture = Image.fromarray(indices)
    colours = (inks.getpalette() or [])[: 3 * PAPER]
    picture.putpalette(colours + [0] * (3 * PAPER - len(colours)) + [255] * 3)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def to_html(figure: Figure, alt: str) -> str:
    """An <img> element that holds the figure as PNG and its description.

    Raises ValueError when `alt` is empty: who cannot see the picture needs the sentence.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("alt is empty: say in a sentence what the picture shows")
    data = base64.b64encode(to_png(figure)).decode("ascii")
    text = html.escape(" ".join(alt.split()))
    width = round(figure.get_figwidth() * SCREEN_DPI)
    return (
        f'<img alt="{text}" width="{width}" style="max-width: 100%; height: auto" '
        f'src="data:image/png;base64,{data}">'
    )


def show(figure: Figure, alt: str) -> None:
    """Display a figure with its description; the last line of a figure's cell. Returns nothing."""
    picture = to_html(figure, alt)
    display({"text/html": picture, "text/plain": " ".join(alt.split())}, raw=True)


def as_images(images: np.ndarray) -> np.ndarray:
    """Images as (n, height, width), from that shape, from (height, width) or from rows (n, d).

    Rows must have a square number of pixels; ValueError otherwise. (28, 28) is one image.
    """
    images = np.asarray(images)
    if images.ndim == 3:
        return images
    side = round(images.shape[-1] ** 0.5) if images.ndim else 0
    if images.ndim == 1 and side * side == images.shape[0]:
        return images.reshape(1, side, side)
    if images.ndim == 2 and images.shape[0] == images.shape[1]:
        return images[None]
    if images.ndim == 2 and side * side == images.shape[1]:
        return images.reshape(-1, side, side)
    raise ValueError(f"images of shape {images.shape}: (n, d) with a square d is needed")


def image_grid(
    ax: Axes,
    images: np.ndarray,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    **imshow: Any,
) -> Any:
    """Draw images side by side in one Axes, row by row, a title above each; the AxesImage.

    One image of all is many times faster to draw than one Axes for each.
    """
    tiles = as_images(images)
    n, height, width = tiles.shape
    if n == 0:
        raise ValueError("there is no image to draw")
    columns = min(n, columns or int(np.ceil(np.sqrt(n))))
    rows = -(-n // columns)
    gap = max(1, round(0.12 * width))
    head = round(0.34 * height) if titles is not None else gap
    sheet = np.full((rows * (height + head), columns * (width + gap) - gap), np.nan)
    for i, tile in enumerate(tiles):
        top = (i // columns) * (height + head) + head
        left = (i % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = tile
        frame = [left - 0.5, top - 0.5, width, height]
        ax.add_patch(_outline(*frame))
        if titles is not None and i < len(titles):
            ax.text(
                left + width / 2 - 0.5, top - 1 - 0.04 * height, titles[i],
                ha="center", va="bottom", fontsize=NOTE, color=INK,
            )  # fmt: skip
    blank_axes(ax)
    picture = ax.imshow(np.ma.masked_invalid(sheet), interpolation="nearest", **imshow)
    ax.set_xlim(-1.5, sheet.shape[1] + 0.5)
    ax.set_ylim(sheet.shape[0] + 0.5, -0.5 if titles is not None else head - 1.5)
    return picture


def _outline(left: float, top: float, width: float, height: float) -> Any:
    style = "square,pad=0"
    return FancyBboxPatch(
        (left, top), width, height, boxstyle=style, fill=False, edgecolor="#BFBFBF", linewidth=0.7
    )


def _grid_size(n: int, columns: int | None, titled: bool, inches: float) -> tuple[float, float]:
    if n == 0:
        raise ValueError("there is no image to draw")
    across = min(n, columns or int(np.ceil(np.sqrt(n))))
    down = -(-n // across)
    width = min(9.0, max(3.0, inches * across * 1.12))
    tall = 1.34 if titled else 1.12
    return width, width / (across * 1.12) * down * tall + 0.45


def digit_grid(
    images: np.ndarray,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    title: str = "",
    inches: float = 0.9,
) -> Figure:
    """Digits side by side, dark ink on white: images (n, d) or (n, height, width), one title each.

    `columns` defaults to a square; `inches` is the width of one digit.
    """
    tiles = as_images(images)
    size = _grid_size(len(tiles), columns, titles is not None, inches)
    figure, ax = new_figure(*size)
    # Paper is 0, or -1 where images are scaled to -1 ... 1.
    paper, ink = min(tiles.min(), 0), max(tiles.max(), 1e-9)
    image_grid(ax, tiles, titles, columns, cmap=INK_ON_PAPER, vmin=paper, vmax=ink)
    label_axes(ax, title)
    return figure


def weights_grid(
    weights: np.ndarray,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    title: str = "",
    inches: float = 0.9,
    limit: float | None = None,
) -> Figure:
    """Weights as pictures, one row of weights (n, d) per neuron: orange below 0, purple above.

    All pictures share one scale, -limit to limit; by default the largest size that occurs.
    A layer's W is (d, n): pass W.T.
    """
    tiles = as_images(weights)
    limit = limit or float(np.abs(tiles).max()) or 1.0
    width, height = _grid_size(len(tiles), columns, titles is not None, inches)
    figure, ax = new_figure(width + 0.8, height)
    picture = image_grid(ax, tiles, titles, columns, cmap=DIVERGING, vmin=-limit, vmax=limit)
    bar = figure.colorbar(picture, ax=ax, shrink=0.8, aspect=25)
    bar.set_label("weight", fontsize=LABEL, color=INK)
    bar.ax.tick_params(labelsize=TICK)
    bar.outline.set_visible(False)
    label_axes(ax, title)
    return figure


def percent(share: float) -> str:
    """A share with one digit, rounded as on paper: 11.4% for 0.1135, which is stored as less."""
    return f"{100 * share + 1e-9:.1f}%"


def learning_finding(labels: np.ndarray, predicted: np.ndarray, n_classes: int) -> str:
    """One sentence: is the accuracy above the majority class by more than luck explains?

    Luck: two standard errors of a proportion, 2 sqrt(p (1 - p) / n).
    """
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    counts = np.bincount(labels, minlength=n_classes)
    majority = counts.max() / len(labels)
    accuracy = float(np.mean(labels == predicted))
    luck = 2 * np.sqrt(majority * (1 - majority) / len(labels))
    used = np.unique(predicted)
    said = f"{percent(accuracy)} right"
    if len(used) == 1:
        return f"{said}, and every answer is {used[0]}: it has learned nothing from the images"
    if accuracy <= majority + luck:
        return f"{said}: no better than always answering {counts.argmax()} ({percent(majority)})"
    if len(used) < n_classes:
        return (
            f"{said}, above the majority class, but only {len(used)} of {n_classes} answers occur"
        )
    return f"{said}: far more than always answering {counts.argmax()} ({percent(majority)})"


def learning_check(
    labels: np.ndarray, predicted: np.ndarray, n_classes: int, title: str | None = None
) -> Figure:
    """Is it really learning? Accuracy beside chance and the majority class, and what it answers.

    labels (n,), predicted (n,), integers from 0 to n_classes - 1. The title states the finding
    unless one is given.
    """
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    if labels.shape != predicted.shape or labels.ndim != 1 or len(labels) == 0:
        raise ValueError(f"labels {labels.shape} and predicted {predicted.shape}: (n,) is needed")
    counts = np.bincount(labels, minlength=n_classes)
    answers = np.bincount(predicted, minlength=n_classes)
    accuracy, majority = float(np.mean(labels == predicted)), counts.max() / len(labels)
    figure, (left, right) = new_figure(9, 3.3, 1, 2, width_ratios=(1, 1.7))
    left.bar([0], [accuracy], width=0.5, color=BLUE)
    clear = max(accuracy, majority) if accuracy < majority + 0.02 else accuracy
    left.text(
        0, clear + 0.02, percent(accuracy), ha="center", va="bottom", fontsize=LABEL, color=INK
    )
    lines = [(majority, RED, "--", "majority"), (1 / n_classes, GREY, ":", "chance")]
    for level, color, dash, name in lines:
        left.axhline(
            level, color=color, linestyle=dash, linewidth=1.8, label=f"{name} {percent(level)}"
        )
    # The space above 1 is for the legend, which a high bar would meet.
    left.set(xlim=(-0.6, 0.6), ylim=(0, 1.42), xticks=[], yticks=np.linspace(0, 1, 6))
    left.grid(False, axis="x")
    label_axes(left, "", "", "share right")
    add_legend(left, loc="upper left", ncols=1)
    where = np.arange(n_classes)
    right.bar(where - 0.2, counts, 0.4, color=PALE, edgecolor=GREY, label="true labels")
    right.bar(where + 0.2, answers, 0.4, color=BLUE, label="answers")
    right.set(xticks=where, ylim=(0, 1.25 * max(counts.max(), answers.max())))
    right.grid(False, axis="x")
    label_axes(right, "", "class", "number of examples")
    add_legend(right, loc="upper right", ncols=2)
    finding = title or learning_finding(labels, predicted, n_classes)
    figure.suptitle(finding, fontsize=TITLE, color=INK, x=0.01, ha="left")
    return figure


def training_curves(
    epochs: np.ndarray,
    costs: Mapping[str, np.ndarray],
    accuracies: Mapping[str, np.ndarray],
    title: str = "",
    chance: float | None = None,
    log_cost: bool = False,
) -> Figure:
    """Cost and accuracy against the epoch, one line per name: costs={"train": (n,)}, ...

    Lines shorter than `epochs` (a run that was stopped) end early. Accuracies are shares, 0 to 1.
    """
    figure, (left, right) = new_figure(9, 3.4, 1, 2)
    epochs = np.asarray(epochs)
    for ax, lines in ((left, costs), (right, accuracies)):
        for i, (name, values) in enumerate(lines.items()):
            dash, mark = DASHES[i % len(DASHES)], MARKERS[i % len(MARKERS)]
            shown = mark if len(values) <= 30 else ""
            ax.plot(epochs[: len(values)], values, linestyle=dash, marker=shown, markersize=4,
                    linewidth=1.8, label=name)  # fmt: skip
        if len(epochs) and np.ptp(epochs) < 12:
            ax.set_xticks(epochs)
        if len(lines) > 1 or chance is not None:
            add_legend(ax)
    if chance is not None:
        right.axhline(chance, color=GREY, linestyle=":", linewidth=1.5)
        right.annotate("chance", (0.99, chance), xycoords=("axes fraction", "data"), ha="right",
                       va="bottom", fontsize=NOTE, color=GREY)  # fmt: skip
    if log_cost:
        left.set_yscale("log")
    label_axes(left, "", "epoch", "cost")
    label_axes(right, "", "epoch", "share right")
    if title:
        figure.suptitle(title, fontsize=TITLE, color=INK, x=0.01, ha="left")
    return figure


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
