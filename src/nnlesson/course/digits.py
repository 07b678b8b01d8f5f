"""Images side by side: digits in ink on paper, weights in two colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from nnlesson.course.style import (
    DIVERGING,
    INK,
    INK_ON_PAPER,
    LABEL,
    NOTE,
    TICK,
    blank_axes,
    label_axes,
    new_figure,
)


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
