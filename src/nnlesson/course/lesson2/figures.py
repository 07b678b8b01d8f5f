"""The pictures of lesson 2: slopes of activations, and where numbers with 16 digits end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from nnlesson.course import style
from nnlesson.course.digits import color_bar, number_cells
from nnlesson.course.style import BLUE, DASHES, GREEN, GREY, INK, LABEL, ORANGE, RED, TICK, TINT

Curve = Callable[[np.ndarray], np.ndarray]


def with_gaps(values: np.ndarray) -> np.ndarray:
    """The values (n,) of a curve, nan before a jump: drawn, it is a gap and not a steep line."""
    jumps = np.abs(np.diff(values, append=values[-1])) > 0.5
    return np.where(jumps, np.nan, values)


def nudge(z: float, h: float, functions: Mapping[str, Curve]) -> Figure:
    """One panel per function: its curve, the points at z and z + h, and how far it rises."""
    figure, axes = style.new_figure(9, 3.2, 1, len(functions), sharey=True)
    grid = np.linspace(-6, 6, 601)
    for ax, (name, f), color in zip(axes, functions.items(), (RED, BLUE), strict=False):
        before, after = np.asarray(f(np.array([z, z + h])), dtype=float)
        ax.plot(grid, with_gaps(f(grid)), color=color, linewidth=2)
        ax.plot([z, z + h, z + h], [before, before, after], color=INK, linewidth=1.2)
        ax.plot([z, z + h], [before, after], "o", color=INK, markersize=5)
        ax.set(xlim=(-6, 6), ylim=(-0.08, 1.2))
        rise = after - before
        style.label_axes(ax, f"{name}: run {h:g}, rise {rise:.3f}", "weighted sum z", "output a")
        ax.tick_params(labelleft=True)
    return figure


def derivation_lines(z: np.ndarray, lines: Mapping[str, np.ndarray], wrong: str) -> Figure:
    """The values of each line of a derivation over z (n,); the one named `wrong` stands out."""
    figure, ax = style.new_figure(7, 3.4)
    ax.axhline(0, color=INK, linewidth=0.8)
    right = [name for name in lines if name != wrong]
    for i, name in enumerate(right):
        ax.plot(z, lines[name], color=BLUE, linewidth=7 - 4.5 * i / len(right), alpha=0.35)
    ax.plot([], [], color=BLUE, linewidth=3, label=f"the {len(right)} right lines: one curve")
    ax.plot(z, lines[wrong], "--", color=RED, linewidth=2, label=f"the slip: {wrong}")
    style.label_axes(
        ax, "A wrong line leaves the curve of all the others", "z", "value of the line"
    )
    style.add_legend(ax, loc="upper left", bbox_to_anchor=(0, 0.93))
    return figure


def slope_from_output(
    outputs: np.ndarray, slopes: np.ndarray, marks: Mapping[str, tuple]
) -> Figure:
    """The slope against the output a, both (n,); marks: text -> (a, slope) of single points."""
    figure, ax = style.new_figure(6.4, 3.6)
    ax.plot(outputs, slopes, color=BLUE, linewidth=2)
    for text, (a, slope) in marks.items():
        ax.plot([a], [slope], "o", color=INK, markersize=6)
        middle, left = abs(a - 0.5) < 0.01, a < 0.5
        away = (0, 9) if middle else (-9, 2) if left else (9, 2)
        style.note(
            ax, text, (a, slope), away, ha="center" if middle else "right" if left else "left"
        )
    ax.set(xlim=(-0.12, 1.12), ylim=(-0.01, 0.3))
    style.label_axes(ax, "The output alone tells the slope", "output a", "slope of the sigmoid")
    return figure


def traps(z: np.ndarray, right: np.ndarray, wrong: Mapping[str, np.ndarray]) -> Figure:
    """The right slope over z (n,) and wrong ones, cut off below -0.5."""
    figure, ax = style.new_figure(7.4, 3.8)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.plot(z, right, color=BLUE, linewidth=2.6, label="right: a (1 − a)")
    for (name, values), color, dash in zip(wrong.items(), (RED, GREEN), DASHES[1:], strict=False):
        ax.plot(z, values, linestyle=dash, color=color, linewidth=2, label=f"wrong: {name}")
    ax.set(xlim=(z.min(), z.max()), ylim=(-0.5, 0.5))
    style.label_axes(ax, "Two slips, two wrong slopes", "weighted sum z", "slope")
    style.add_legend(ax, loc="upper right")
    return figure


def cost_against_z(z: np.ndarray, from_a: np.ndarray, from_z: np.ndarray) -> Figure:
    """The cost of a wrong answer over z (n,), computed from the output a and computed from z.

    Where from_a is not finite nothing can be drawn, and the picture says so.
    """
    figure, ax = style.new_figure(7.4, 4)
    finite = np.isfinite(from_a)
    end = float(z[finite][-1])
    ax.axvspan(end, float(z.max()), color=TINT[RED], zorder=0)
    ax.plot(z, from_z, color=BLUE, linewidth=5, alpha=0.35, label="from z: $\\log(1 + e^z)$")
    ax.plot(z[finite], from_a[finite], color=RED, linewidth=1.4, label="from a: $-\\log(1 - a)$")
    ax.plot([end], [from_a[finite][-1]], "X", color=RED, markersize=9)
    said = f"from z = {end:.1f}\non: infinite"
    style.write(ax, 0.5 * (end + z.max()), float(from_z.min()), said, va="bottom")
    ax.set(xlim=(z.min(), z.max()))
    style.label_axes(ax, "Computed from a, the cost climbs in steps, then breaks", "z", "cost")
    style.add_legend(ax, loc="upper left")
    return figure


def slopes_through_layers(layers: np.ndarray, lines: Mapping[str, np.ndarray]) -> Figure:
    """The slope of a chain of activations against its length, one line per name, log axis."""
    figure, ax = style.new_figure(7.4, 4)
    named = {name: (layers, slopes) for name, slopes in lines.items()}
    style.draw_lines(ax, named, (GREEN, BLUE, RED, ORANGE))
    ax.set_yscale("log")
    ax.set_xticks(layers)
    ax.set_ylim(min(float(slopes[-1]) for slopes in lines.values()) / 10, 30)
    longest = int(layers[-1])
    title = f"With weights 1, {longest} sigmoids leave at most 1/{4**longest:,} of a nudge"
    style.label_axes(ax, title, "number of activations in a row", "slope of the whole chain")
    style.add_legend(ax, loc="lower left")
    return figure


def width_of_sums(sums: Mapping[int, np.ndarray], each: float) -> Figure:
    """How sums of n random numbers spread, n -> sums (m,), and their standard deviation over n.

    `each` is the standard deviation of one number; the line is each * sqrt(n).
    """
    figure, (left, right) = style.new_figure(9, 3.8, 1, 2)
    reach = 3.2 * max(float(values.std()) for values in sums.values())
    for row, values in enumerate(sums.values()):
        counts, edges = np.histogram(values, 40)
        hill = row + 0.85 * counts / counts.max()
        left.fill_between((edges[1:] + edges[:-1]) / 2, row, hill, color=BLUE, linewidth=0)
    left.set(xlim=(-reach, reach), yticks=range(len(sums)), yticklabels=[str(n) for n in sums])
    style.label_axes(left, "", "sum", "how many numbers are added, n")
    n, measured = np.array(list(sums)), [float(values.std()) for values in sums.values()]
    right.plot(n, each * np.sqrt(n), color=GREY, linewidth=2, label=f"{each:g} $\\sqrt{{n}}$")
    right.plot(n, measured, "o", color=BLUE, markersize=7, label="measured")
    right.set(xscale="log", yscale="log")
    style.label_axes(right, "", "how many numbers are added, n", "standard deviation of the sum")
    style.add_legend(right, loc="upper left")
    style.say(figure, "Four times as many numbers make the sum twice as wide")
    return figure


def starting_sums(sums: Mapping[str, np.ndarray], limit: float, slope: Curve) -> Figure:
    """Histograms of the weighted sums z at the start, a panel each, over the slope of the sigmoid.

    `sums` are arrays of any shape by name; what lies beyond ±limit is counted as saturated.
    """
    reach = 12.0  # from where to where z is drawn
    figure, axes = style.new_figure(9, 3.4, 1, len(sums), sharey=True)
    grid = np.linspace(-reach, reach, 241)
    edges = np.linspace(-reach, reach, 97)
    for ax, (name, z) in zip(axes, sums.items(), strict=True):
        shares = np.histogram(z, edges)[0] / np.size(z)
        middle, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
        far = np.abs(middle) > limit
        for some, color, hatch in ((~far, BLUE, ""), (far, RED, "////")):
            look = {"color": color, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
            ax.bar(middle[some], shares[some], width, **look)
        beyond = float(np.mean(np.abs(z) > limit))
        ax.plot(grid, slope(grid) * 0.4, color=INK, linewidth=1.2, label="slope of σ (scaled)")
        style.label_axes(ax, f"{name}: {beyond:.1%} beyond ±{limit:g}", "weighted sum z", "share")
        ax.tick_params(labelleft=True)
        ax.set(xlim=(-reach, reach), ylim=(0, 0.145))
        style.add_legend(ax, loc="upper left")
    return figure


def activations_and_slopes(
    z: np.ndarray, functions: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> Figure:
    """A column per activation, outputs above, slopes below; name -> (a, slope), (n,) each."""
    figure, axes = style.new_figure(9, 4.2, 2, len(functions), sharex=True)
    for i, (name, (a, slope)) in enumerate(functions.items()):
        for ax, values, color, limits in (
            (axes[0, i], a, BLUE, (-1.2, 3.2)),
            (axes[1, i], slope, RED, (-0.15, 1.3)),
        ):
            ax.plot(z, with_gaps(values), color=color, linewidth=2.2)
            ax.set(xlim=(z.min(), z.max()), ylim=limits)
        style.label_axes(axes[0, i], name, "", "output a" if i == 0 else "")
        style.label_axes(axes[1, i], "", "z", "slope" if i == 0 else "")
    finding = "ReLU's slope is 1 where z > 0; the sigmoid's never passes 0.25"
    style.say(figure, finding)
    return figure


def slope_table(table: np.ndarray, names: Sequence[str], outputs: np.ndarray) -> Figure:
    """The slopes ∂a_i/∂z_j of a softmax, (k, k), as coloured cells with their numbers."""
    figure, ax = style.new_figure(5.6, 4.3)
    limit = float(np.abs(table).max())
    picture = number_cells(ax, table, lambda v: style.minus(f"{v:+.3f}"), limit, size=LABEL)
    ax.set_aspect("equal")
    where = np.arange(len(names))
    ax.set_xticks(where, [f"z of {name}" for name in names], fontsize=TICK)
    ax.set_yticks(where, [f"a of {n} = {a:.2f}" for n, a in zip(names, outputs, strict=True)])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    color_bar(figure, picture, ax, "slope", shrink=0.8)
    style.label_axes(
        ax, "One score up: its share up, the others down", "score that is moved", "share"
    )
    return figure
