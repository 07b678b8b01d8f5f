"""One style for all figures, and how a notebook shows them.

pyplot is not used: it keeps every figure alive and its settings are global.
"""

from __future__ import annotations

import base64
import gc
import html
import io
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from IPython.display import display
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from nnlesson.course.pace import IN_BROWSER, smaller

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

INK_ON_PAPER = "Greys"  # digits: 0 is white

TITLE, LABEL, TICK, NOTE = 12, 10.5, 9.5, 9.5  # font sizes in points

SCREEN_DPI = 100  # points of the page per inch of figure

# Pixels per inch of figure: sharp on a dense screen, about 20 kB a picture.
PNG_DPI = smaller(150, SCREEN_DPI)

WHITE = 255  # in a picture's palette: the place of the paper

ON_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # the box of a text over lines


def new_figure(
    width: float = 6.4, height: float = 4.0, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, Any]:
    """A Figure of width x height inches and its Axes (an array of them if more than one), in the
    course's look: its colours, a quiet grid, no box, readable ticks.

    `options` go to Figure.subplots (sharex, width_ratios, ...). 9 inches is the widest that a
    notebook shows without shrinking.
    """
    figure = Figure(figsize=(width, height), dpi=SCREEN_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, **options)
    for ax in np.atleast_1d(axes).flat:
        ax.set_prop_cycle(color=COLORS)
        ax.tick_params(labelsize=TICK, colors=INK, length=3)
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_color(GREY)
        ax.grid(color=PALE, linewidth=0.8)
        ax.set_axisbelow(True)
    return figure, axes


def label_axes(ax: Axes, title: str = "", x: str = "", y: str = "") -> None:
    """Write the title (the finding, in a sentence) and the names of both axes, with units."""
    if title:
        ax.set_title(title, fontsize=TITLE, color=INK, loc="left")
    ax.set_xlabel(x, fontsize=LABEL, color=INK)
    ax.set_ylabel(y, fontsize=LABEL, color=INK)


def say(figure: Figure, finding: str) -> None:
    """Write the finding above all panels of a figure."""
    figure.suptitle(finding, fontsize=TITLE, color=INK, x=0.01, ha="left")


def write(
    ax: Axes, x: float, y: float, text: str, size: float = NOTE, color: str = INK, **options: Any
) -> None:
    """A text around the point (x, y); `options` are those of Axes.text."""
    ax.text(x, y, text, fontsize=size, color=color, **{"ha": "center", "va": "center", **options})


def note(
    ax: Axes, text: str, at: Any, away: tuple[float, float], color: str = INK, **options: Any
) -> None:
    """A text some points `away` from (x, y); `options` are those of Axes.annotate."""
    options = {"fontsize": NOTE, "ha": "center", **options}
    ax.annotate(text, at, away, textcoords="offset points", color=color, **options)


def minus(text: str) -> str:
    """A text with true minus signs in place of hyphens, as on the axes."""
    return text.replace("-", "−")


def draw_lines(
    ax: Axes, lines: Mapping[str, tuple[Any, Any]], colors: Sequence[str] = COLORS, **options: Any
) -> None:
    """Lines, name: (x, y); dashes, and markers on up to 30 points, tell them apart like colours."""
    signs = zip(cycle(colors), cycle(DASHES), cycle(MARKERS), strict=True)
    for (name, (x, y)), (color, dash, marker) in zip(lines.items(), signs, strict=False):
        sign = {"linestyle": dash, "marker": marker, "markersize": 5 if len(x) <= 30 else 0}
        ax.plot(x, y, color=color, label=name, **{"linewidth": 1.8, **sign, **options})


def add_legend(ax: Axes, **options: Any) -> None:
    """A legend without a frame, in the course's font size."""
    ax.legend(**{"frameon": False, "fontsize": NOTE, "labelcolor": INK, **options})


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
    inks = inks.quantize(WHITE, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    indices = np.full(inked.shape, WHITE, np.uint8)
    indices[inked] = np.asarray(inks)[0]
    picture = Image.fromarray(indices)
    colours = (inks.getpalette() or [])[: 3 * WHITE]
    picture.putpalette(colours + [0] * (3 * WHITE - len(colours)) + [255] * 3)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def described(alt: str) -> str:
    """A description on one line. Raises ValueError when it is empty."""
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("alt is empty: say in a sentence what the picture shows")
    return " ".join(alt.split())


def bitmap(levels: np.ndarray, colours: str) -> str:
    """Levels (height, width) from 0 to 255 in a colormap's colours, as the address of a picture."""
    picture = Image.fromarray(levels.astype(np.uint8)).convert("P")
    table = 255 * colormaps[colours](np.arange(256))[:, :3]
    picture.putpalette(table.astype(np.uint8).tobytes())
    file = io.BytesIO()
    picture.save(file, "bmp")  # not packed: the same bytes with every version of Pillow
    return f"data:image/bmp;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def to_html(figure: Figure, alt: str) -> str:
    """An <img> element that holds the figure as PNG and its description.

    Raises ValueError when `alt` is empty: who cannot see the picture needs the sentence.
    """
    text = html.escape(described(alt))
    data = base64.b64encode(to_png(figure)).decode("ascii")
    width = round(figure.get_figwidth() * SCREEN_DPI)
    return (
        f'<img alt="{text}" width="{width}" style="max-width: 100%; height: auto" '
        f'src="data:image/png;base64,{data}">'
    )


def show(figure: Figure, alt: str) -> None:
    """Display a figure with its description; the last line of a figure's cell. Returns nothing."""
    if not IN_BROWSER:
        gc.collect()  # a drawn figure is a ring of references, kept until Python looks for rings
    display({"text/html": to_html(figure, alt), "text/plain": described(alt)}, raw=True)


def percent(share: float) -> str:
    """A share with one digit, rounded as on paper: 11.4% for 0.1135, which is stored as less."""
    return f"{100 * share + 1e-9:.1f}%"
