"""The pictures of lesson 3: measured slopes, descent, and whether a network is learning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nnlesson.course import style
from nnlesson.course.digits import color_bar
from nnlesson.course.style import BLACK, BLUE, COLORS, DASHES, GREEN, GREY, INK, LABEL, NOTE, RED

Function = Callable[[Any], Any]  # of a number or an array
# How the error of each way of measuring a slope is drawn.
METHODS = {
    "forward, float64": {"color": RED, "linestyle": "-"},
    "central, float64": {"color": BLUE, "linestyle": "-"},
    "forward, float32": {"color": RED, "linestyle": "--"},
    "central, float32": {"color": BLUE, "linestyle": "--"},
}
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(value: float, position: float = 0) -> str:
    """10⁻³ for 0.001; plain text, because matplotlib takes ten times as long for its maths."""
    return "10" + f"{np.log10(value):.0f}".translate(SUPERSCRIPTS)


def two_differences(f: Function, z: float, h: float, slope: float) -> Figure:
    """f near z with its tangent, the forward secant (z to z + h) and the central one (± h)."""
    figure, ax = style.new_figure(6.8, 4.2)
    grid = np.linspace(z - 1.7 * h, z + 1.7 * h, 300)
    here, above, below = float(f(z)), float(f(z + h)), float(f(z - h))
    forward, central = (above - here) / h, (above - below) / (2 * h)
    wide = np.array([-1.5, 1.5]) * h
    ax.plot(grid, f(grid), color=INK, linewidth=2.2, label="f")
    ax.plot(z + wide, here + slope * wide, color=GREEN, linestyle=":", linewidth=2.4,
            label=f"tangent, slope {slope:.4f}")  # fmt: skip
    secants = {
        f"forward, slope {forward:.4f}": ([z, z + h], [here, above]),
        f"central, slope {central:.4f}": ([z - h, z + h], [below, above]),
    }
    style.draw_lines(ax, secants, (RED, BLUE))
    style.label_axes(ax, "The central secant is nearly parallel to the tangent", "z", "f(z)")
    style.add_legend(ax, loc="upper left")
    return figure


def error_curves(
    h: np.ndarray,
    errors: Mapping[str, np.ndarray],
    arms: Sequence[tuple[str, np.ndarray, float]] = (),
    title: str = "",
) -> Figure:
    """Error of measured slopes against the step h, both on log axes: errors = {name: (len(h),)}.

    `arms` = [(name, the h of a straight part, its fitted power)] draws these parts thick.
    """
    figure, ax = style.new_figure(7.6, 4.6)
    for name, values in errors.items():  # an error of 0 has no place on a log axis
        ax.plot(h, np.where(values > 0, values, np.nan), linewidth=1.8, label=name, **METHODS[name])
    ax.set(xscale="log", yscale="log")
    ax.minorticks_off()
    low, high = np.log10(h[[0, -1]])
    ax.set_xticks(10.0 ** np.arange(np.ceil(low), high + 0.1, 2))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(power_of_ten)
    for name, part, power in arms:
        level = np.interp(np.log(part), np.log(h), np.log(errors[name]))
        line = np.exp(level.mean() + power * (np.log(part) - np.log(part).mean()))
        color = METHODS[name]["color"]
        ax.plot(part, line, linewidth=6, alpha=0.25, color=color, zorder=1)
        # Where there is room: right of the lines that rise fastest, left of the others.
        side, ha = (12, "left") if power > 1.5 else (-12, "right")
        middle = (part[len(part) // 2], line[len(part) // 2])
        said = style.minus(f"power {power:+.2f}")
        style.note(ax, said, middle, (side, 0), color, ha=ha, va="center")
    style.label_axes(ax, title, "step h", "error of the measured slope")
    style.add_legend(ax, loc="lower left")
    return figure


def gradient_arrows(
    surfaces: Mapping[str, Function], gradient: Callable[[Function, np.ndarray], np.ndarray],
    title: str = "",
) -> Figure:  # fmt: skip
    """For each surface its contour lines, and arrows along minus the gradient on a grid.

    A surface takes x (2,) or (2, rows, columns); it is drawn from -4 to 4.
    """
    figure, axes = style.new_figure(8.6, 4.5, 1, len(surfaces), squeeze=False)
    side, grid = np.linspace(-4, 4, 81), np.linspace(-3.2, 3.2, 5)
    points = np.array([[x, y] for x in grid for y in grid])
    for ax, (name, f) in zip(axes[0], surfaces.items(), strict=True):
        height = f(np.stack(np.meshgrid(side, side)))
        levels = height.max() * np.linspace(0, 1, 13)[1:] ** 2  # closer near the bottom
        ax.contour(side, side, height, levels=levels, colors=GREY, linewidths=0.9)
        ax.set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal")
        down = -np.array([gradient(f, point) for point in points])
        scale = np.abs(down).max() / 1.44  # so long is the longest arrow
        ax.quiver(*points.T, *(down / scale).T, color=RED, angles="xy", scale_units="xy", scale=1,
                  width=0.008)  # fmt: skip
        ax.plot(0, 0, marker="*", markersize=13, color=INK)
        style.label_axes(ax, name, "x₀", "x₁")
    style.say(figure, title)
    return figure


def answers_over_time(
    predictions: Mapping[int, np.ndarray], labels: np.ndarray, n_classes: int, title: str = ""
) -> Figure:
    """How often each class is answered, one panel per iteration {iteration: predicted (n,)}."""
    n = len(predictions)
    figure, axes = style.new_figure(9, 2.9, 1, n, sharey=True, squeeze=False)
    for ax, (iteration, predicted) in zip(axes[0], predictions.items(), strict=True):
        ax.bar(range(n_classes), np.bincount(predicted, minlength=n_classes) / len(predicted))
        ax.set(xticks=range(n_classes), ylim=(0, 1.05))
        ax.tick_params(axis="x", labelsize=NOTE - 2)
        ax.grid(False, axis="x")
        right = f"{np.mean(predicted == labels):.2%} right"
        y = "share of answers" if ax is axes[0, 0] else ""
        style.label_axes(ax, f"iteration {iteration}\n{right}", "answer", y)
    style.say(figure, title)
    return figure


def likeness(units: Mapping[str, np.ndarray], title: str = "") -> Figure:
    """Correlation of every two hidden units over the images; units = {name: outputs (n, m)}."""
    figure, axes = style.new_figure(8.2, 3.9, 1, len(units), squeeze=False)
    for ax, (name, outputs) in zip(axes[0], units.items(), strict=True):
        alike = np.corrcoef(outputs.T)
        picture = ax.imshow(alike, cmap=style.DIVERGING, vmin=-1, vmax=1)
        ax.grid(False)
        apart = alike[~np.eye(len(alike), dtype=bool)]
        mean = style.minus(f"{apart.mean():.2f}")
        style.label_axes(ax, f"{name}: {mean} on average", "hidden unit", "hidden unit")
    color_bar(figure, picture, list(axes[0]), "correlation", shrink=0.85, aspect=25)
    style.say(figure, title)
    return figure


def several_runs(
    x: np.ndarray, groups: Mapping[str, np.ndarray], levels: Mapping[str, float],
    title: str, x_name: str, y_name: str,
) -> Figure:  # fmt: skip
    """A line per run, a colour and dash per group: groups = {name: (runs, len(x))}.

    `levels` = {name: height} are drawn across, for comparison. The legend stands beside the axes.
    """
    figure, ax = style.new_figure(9, 3.7)
    for (name, runs), color, dash in zip(groups.items(), COLORS, DASHES, strict=False):
        for i, values in enumerate(runs):
            ax.plot(x, values, color=color, linestyle=dash, label=None if i else name)
    for name, level in levels.items():
        ax.axhline(level, color=BLACK, linestyle=":", linewidth=1.8, label=f"{name} {level:.3g}")
    style.label_axes(ax, title, x_name, y_name)
    style.add_legend(ax, loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def time_dots(seconds: Mapping[str, float], title: str = "") -> Figure:
    """Times on a log axis, a dot per name with its value written beside it."""
    figure, ax = style.new_figure(7.6, 0.55 * len(seconds) + 1.2)
    values = np.array(list(seconds.values()))
    ax.plot(values, list(seconds), "o", color=BLUE, markersize=10)
    for i, value in enumerate(values):
        style.write(ax, value * 1.4, i, in_words(value), LABEL, ha="left")
    ax.set(xscale="log", xlim=(values.min() / 4, values.max() * 12))
    ax.minorticks_off()
    ax.xaxis.set_major_formatter(power_of_ten)
    ax.set_ylim(len(seconds) - 0.4, -0.6)
    style.label_axes(ax, "", "seconds for one gradient", "")
    style.say(figure, title)
    return figure


def in_words(seconds: float) -> str:
    """A time in the unit that fits, with two or three digits: 450 µs, 1.2 s, 32 min."""
    units = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6}
    # Below a minute the next unit starts at 1, above it at 1.5: 89 s, but 1.2 s and not 1200 ms.
    least = {name: size * (1.5 if size > 1 else 1) for name, size in units.items()}
    unit = next((name for name in units if float(f"{seconds:.3g}") >= least[name]), "µs")
    value = seconds / units[unit]
    return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
