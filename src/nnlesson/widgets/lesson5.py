"""The widgets of lesson 5: curves that grow while a network trains, and the playground."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import ipywidgets

from nnlesson.figures.common import SCREEN_DPI, to_png
from nnlesson.figures.lesson5 import LiveFigure
from nnlesson.widgets.common import Picture, show_box


class LiveCurve:
    """A progress bar, and curves of cost and accuracy that grow with every epoch.

    `watch(records)` hands on each record of train and draws, at most once in `every` seconds.
    """

    def __init__(self, epochs: int, title: str, chance: float | None, every: float) -> None:
        self.epochs, self.heading, self.every = epochs, title, every
        self.live, self.records, self.n_drawn = LiveFigure(chance), list[Any](), 0
        self.bar = ipywidgets.IntProgress(
            description="epochs", max=epochs, layout={"width": "min(100%, 34em)"}
        )
        self.bar.tooltip = "how much of the training is done"
        self.text = ipywidgets.HTML()
        self.image = Picture(
            format="png",
            tooltip="Cost falls and accuracy rises while the network trains",
            width=str(round(self.live.figure.get_figwidth() * SCREEN_DPI)),
            layout={"max_width": "100%", "object_fit": "contain"},
        )
        self.box = ipywidgets.VBox([ipywidgets.HBox([self.bar, self.text]), self.image])
        self.redraw()

    def watch(self, records: Iterable[Any]) -> Iterator[Any]:
        """Yields the records (epoch, cost, train_accuracy, ...) and shows them as they come."""
        start = drawn = time.perf_counter()
        for record in records:
            self.records.append(record)
            now = time.perf_counter()
            self.bar.value = record.epoch
            self.text.value = (
                f"epoch {record.epoch} of {self.epochs}, {now - start:.0f} s, "
                f"validation {record.validation_accuracy:.1%}"
            )
            if now - drawn >= self.every:
                self.redraw()
                drawn = time.perf_counter()
            yield record
        self.redraw()

    def redraw(self) -> None:
        """Draw what has come so far."""
        epochs = [r.epoch for r in self.records]
        costs = {"training": (epochs, [r.cost for r in self.records])}
        accuracies = {
            "training": (epochs, [r.train_accuracy for r in self.records]),
            "validation": (epochs, [r.validation_accuracy for r in self.records]),
        }
        figure = self.live.update(costs, accuracies, self.heading, self.epochs)
        self.image.value = to_png(figure)
        self.n_drawn += 1

    def _ipython_display_(self) -> None:
        show_box(self.box, "Run the cells to see the progress bar and the curves grow.")


def live_curve(
    epochs: int, title: str = "", chance: float | None = None, every: float = 1.0
) -> LiveCurve:
    """A progress bar and live curves for a training of so many epochs: display it, then watch."""
    return LiveCurve(epochs, title, chance, every)
