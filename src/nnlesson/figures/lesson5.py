"""The pictures of lesson 5: digits as data, training as it goes, what the first layer sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnlesson.figures.common import (
    COLORS,
    DASHES,
    GREY,
    INK,
    NOTE,
    TITLE,
    add_legend,
    label_axes,
    new_figure,
)

Lines = Mapping[str, tuple[Sequence[float], Sequence[float]]]


class LiveFigure:
    """Cost and share right against the epoch, in one figure that is drawn again and again.

    `update` changes the lines and keeps the rest, which takes a third of the time of a new figure.
    """

    def __init__(self, chance: float | None = None, log_cost: bool = False) -> None:
        self.figure, axes = new_figure(9, 3.6, 1, 2)
        self.left: Axes = axes[0]
        self.right: Axes = axes[1]
        label_axes(self.left, "", "epoch", "cost")
        label_axes(self.right, "", "epoch", "share right")
        # Fixed margins: finding them anew takes as long as drawing does.
        self.figure.set_layout_engine(None)
        self.figure.subplots_adjust(0.08, 0.15, 0.985, 0.88, wspace=0.22)
        self.title = self.figure.suptitle("", fontsize=TITLE, color=INK, x=0.01, ha="left")
        if log_cost:
            self.left.set_yscale("log")
        if chance is not None:
            self.right.axhline(chance, color=GREY, linestyle=":", linewidth=1.5)
            self.right.annotate("chance", (0.99, chance), xycoords=("axes fraction", "data"),
                                ha="right", va="bottom", fontsize=NOTE, color=GREY)  # fmt: skip

    def update(self, costs: Lines, accuracies: Lines, title: str = "", epochs: int = 1) -> Figure:
        """Draw these lines, name: (epochs, values), on an axis of at least so many epochs.

        Accuracies are drawn from just below the smallest, so that late, small gains can be seen.
        """
        self.title.set_text(title)
        longest = max([epochs, *(max(x, default=0) for x, _ in costs.values())])
        for ax, lines in ((self.left, costs), (self.right, accuracies)):
            for line in [line for line in ax.lines if line.get_gid() == "run"]:
                line.remove()
            for i, (name, (x, y)) in enumerate(lines.items()):
                color, dash = COLORS[i % len(COLORS)], DASHES[i % len(DASHES)]
                ax.plot(x, y, color=color, linestyle=dash, linewidth=1.8, label=name, gid="run",
                        marker="o" if len(x) < 12 else "", markersize=3.5)  # fmt: skip
            ax.relim()
            ax.autoscale_view()
            ax.set_xlim(0, longest * 1.02)
            if lines:
                add_legend(ax, loc="upper right" if ax is self.left else "lower right")
            elif (legend := ax.get_legend()) is not None:
                legend.remove()
        lowest = min((min(y, default=1) for _, y in accuracies.values()), default=0)
        self.right.set_ylim(max(0, lowest - 0.1) if lowest < 1 else 0, 1.02)
        return self.figure
