"""Images side by side: digits in ink on paper, weights and tables of numbers in two colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from nnlesson.course import style
from nnlesson.course.style import DIVERGING, INK, INK_ON_PAPER, LABEL, TICK

FRAME = "#BFBFBF"  # the thin line around an image


def as_images(images: np.ndarray) -> np.ndarray:
    """Images as (n, height, width), from that shape, from (height, width) or from rows (n, d).

    Rows must have a square number of pixels; ValueError otherwise. (28, 28) is one image.
    """
    images = np.asarray(images)
    if images.ndim == 2 and images.shape[0] == images.shape[1]:
        images = images[None]
    if images.ndim == 3:
        return images
    side = round(images.shape[-1] ** 0.5) if images.ndim else 0
    if images.ndim in (1, 2) and side * side == images.shape[-1]:
        return images.reshape(-1, side, side)
    raise ValueError(f"images of shape {images.shape}: (n, d) with a square d is needed")


def draw_image(ax: Axes, image: np.ndarray, title: str = "", **options: Any) -> None:
    """One image, (h, w) or a row of pixels, in a thin frame; `options` go to Axes.imshow."""
    options = {"cmap": INK_ON_PAPER, "vmin": 0, "vmax": 1, **options}
    ax.imshow(as_images(image)[0] if image.ndim == 1 or len(image) == 1 else image, **options)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=LABEL, color=INK)
    ax.grid(False)
    ax.spines[:].set(visible=True, color=FRAME)


def layout(n: int, titles: Sequence[str] | None, columns: int | None) -> tuple[int, float, float]:
    """Columns, and the gap beside and the space above an image, in shares of its size.

    Raises ValueError when there is no image to draw.
    """
    if n == 0:
        raise ValueError("there is no image to draw")
    lines = max((title.count("\n") + 1 for title in titles), default=1) if titles else 0
    gap = 0.12 if lines < 2 else 0.257
    return min(n, columns or int(np.ceil(np.sqrt(n)))), gap, 0.06 + 0.28 * lines if lines else gap


def image_grid(
    ax: Axes,
    images: np.ndarray,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    **imshow: Any,
) -> AxesImage:
    """Draw images side by side in one Axes, row by row, a title above each; the AxesImage.

    One image of all is many times faster to draw than one Axes for each.
    """
    tiles = as_images(images)
    n, height, width = tiles.shape
    columns, gap, head = layout(n, titles, columns)
    down, right = height + max(1, round(head * height)), width + max(1, round(gap * width))
    sheet = np.full((-(-n // columns) * down, columns * right - (right - width)), np.nan)
    for i, tile in enumerate(tiles):
        top, left = i // columns * down + down - height, i % columns * right
        sheet[top : top + height, left : left + width] = tile
        corner = (left - 0.5, top - 0.5)
        ax.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=FRAME, linewidth=0.7))
        if titles is not None and i < len(titles):
            style.write(ax, left + width / 2 - 0.5, top - 1 - 0.04 * height, titles[i], va="bottom")
    ax.set_axis_off()
    picture = ax.imshow(np.ma.masked_invalid(sheet), interpolation="nearest", **imshow)
    ax.set_xlim(-1.5, sheet.shape[1] + 0.5)
    ax.set_ylim(sheet.shape[0] + 0.5, -0.5 if titles is not None else down - height - 1.5)
    return picture


def grid_figure(
    images: np.ndarray, titles: Sequence[str] | None, columns: int | None, title: str,
    inches: float, beside: float = 0, **imshow: Any,
) -> tuple[Figure, AxesImage]:  # fmt: skip
    """image_grid in a figure that fits images of so many inches, and `beside` for a colour bar."""
    tiles = as_images(images)
    across, gap, head = layout(len(tiles), titles, columns)
    width = min(9.0, max(3.0, inches * across * (1 + gap)))
    height = width / (across * (1 + gap)) * -(-len(tiles) // across) * (1 + head) + 0.45
    figure, ax = style.new_figure(width + beside, height)
    style.label_axes(ax, title)
    return figure, image_grid(ax, tiles, titles, columns, **imshow)


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
    # Paper is 0, or -1 where images are scaled to -1 ... 1.
    colors = {"vmin": np.min(images, initial=0), "vmax": np.max(images, initial=1e-9)}
    return grid_figure(images, titles, columns, title, inches, cmap=INK_ON_PAPER, **colors)[0]


def weights_grid(
    weights: np.ndarray,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    title: str = "",
    inches: float = 0.9,
) -> Figure:
    """Weights as pictures, one row of weights (n, d) per neuron: orange below 0, purple above.

    All pictures share one scale, from minus to plus the largest size that occurs.
    A layer's W is (d, n): pass W.T.
    """
    limit = float(np.max(np.abs(weights), initial=0)) or 1.0
    colors = {"cmap": DIVERGING, "vmin": -limit, "vmax": limit}
    figure, picture = grid_figure(weights, titles, columns, title, inches, beside=0.8, **colors)
    color_bar(figure, picture, picture.axes, "weight", shrink=0.8, aspect=25)
    return figure


def color_bar(figure: Figure, picture: AxesImage, ax: Any, label: str, **options: Any) -> None:
    """The scale of colours beside one or several Axes."""
    bar = figure.colorbar(picture, ax=ax, **options)
    bar.set_label(label, fontsize=LABEL, color=INK)
    bar.ax.tick_params(labelsize=TICK)
    bar.outline.set_visible(False)


def number_cells(
    ax: Axes, table: np.ndarray, text: Callable[[float], str], limit: float,
    corner: tuple[float, float] = (0, 0), **options: Any,
) -> AxesImage:  # fmt: skip
    """A table (n, k) as cells coloured from -limit to limit, each with the text of its number."""
    left, top = corner
    n, k = table.shape
    place = (left - 0.5, left + k - 0.5, top + n - 0.5, top - 0.5)
    picture = ax.imshow(table, cmap=DIVERGING, vmin=-limit, vmax=limit, extent=place, aspect="auto")
    ax.grid(False)
    for (i, j), value in np.ndenumerate(table):
        dark = value > 0.6 * limit or value < -0.85 * limit  # orange darkens later than purple
        style.write(ax, left + j, top + i, text(value), color="white" if dark else INK, **options)
    return picture
