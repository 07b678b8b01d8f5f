"""The widgets of lesson 5: curves that grow while a network trains, and the playground."""

from __future__ import annotations

import html
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets
import numpy as np

from nnlesson.course.controls import (
    DESCRIPTION,
    Picture,
    choice,
    folded,
    log_slider,
    show_box,
    slider,
)
from nnlesson.course.lesson5.figures import LiveFigure
from nnlesson.course.style import SCREEN_DPI, to_html, to_png


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


class StopTraining(Exception):
    """Raised inside a training that is to end now."""


class Watched:
    """A network for train that counts its steps and can be stopped between two of them.

    train itself stays as it is taught: it sees params, gradients and evaluate.
    """

    BLOCK = 2000  # examples evaluated at a time: a stop need not wait for all of them

    def __init__(self, network: Any, stopping: threading.Event) -> None:
        self.network, self.stopping, self.steps = network, stopping, 0

    @property
    def params(self) -> Any:
        """The network's own parameters."""
        return self.network.params

    def gradients(self, x: Any, t: Any) -> Any:
        """The network's gradients. StopTraining if the training is to end."""
        self.check()
        self.steps += 1
        return self.network.gradients(x, t)

    def evaluate(self, x: Any, t: Any) -> tuple[float, float]:
        """(cost, accuracy) as the network gives them, put together from blocks of examples."""
        cost = accuracy = 0.0
        for start in range(0, len(x), self.BLOCK):
            self.check()
            part = slice(start, start + self.BLOCK)
            share = len(t[part]) / len(t)
            part_cost, part_accuracy = self.network.evaluate(x[part], t[part])
            cost, accuracy = cost + share * part_cost, accuracy + share * part_accuracy
        return cost, accuracy

    def check(self) -> None:
        """StopTraining if the training is to end."""
        if self.stopping.is_set():
            raise StopTraining


@dataclass
class Run:
    """One training: its settings, its records so far, how it ended, and the network.

    status: training, finished, stopped, diverged or failed; message: what to know about it.
    """

    number: int
    settings: dict[str, Any]
    records: list[Any] = field(default_factory=list)
    status: str = "training"
    message: str = ""
    network: Any = None
    watched: Watched | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        """What the curves and the table call it."""
        return f"run {self.number}"

    @property
    def seconds(self) -> float:
        """How long its epochs took."""
        return sum(record.seconds for record in self.records)


class Trainer:
    """Trains networks in the background, one at a time, and keeps every run.

    `build(settings, rng)` makes (network, optimizer); `train` is the taught generator.
    """

    def __init__(self, data: Any, build: Callable[..., Any], train: Callable[..., Any]) -> None:
        self.data, self.build, self.train = data, build, train
        self.runs: list[Run] = []
        self.thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether a training is going on."""
        return self.thread is not None and self.thread.is_alive()

    def start(self, settings: Mapping[str, Any]) -> Run:
        """Begin to train with these settings; returns at once. RuntimeError while one is going."""
        if self.running:
            raise RuntimeError("a training is going on: stop it, or wait until it has finished")
        run = Run(len(self.runs) + 1, dict(settings))
        self.runs.append(run)
        self.thread = threading.Thread(target=self._work, args=(run,), daemon=True)
        self.thread.start()
        return run

    def stop(self) -> None:
        """Ask the training to end after its present step; what it has learned is kept."""
        if self.runs:
            self.runs[-1].stopping.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the training has ended; False if it still goes on after `timeout` seconds."""
        if self.thread is not None:
            self.thread.join(timeout)
        return not self.running

    def add(self, settings: Mapping[str, Any], records: Iterable[Any]) -> Run:
        """Put a training that was done elsewhere among the runs."""
        run = Run(len(self.runs) + 1, dict(settings), list(records), "finished")
        self.runs.append(run)
        return run

    def _work(self, run: Run) -> None:
        try:
            run.status, run.message = "finished", self._train(run)
        except StopTraining:
            run.status, run.message = "stopped", "what it has learned so far is kept"
        except FloatingPointError as error:
            run.status, run.message = "diverged", str(error)
        except Exception as error:  # shown beside the run: a thread has nowhere else to say it
            run.status, run.message = "failed", f"{type(error).__name__}: {error}"

    def _train(self, run: Run) -> str:
        """Train to the end; what to know about the result."""
        settings, (x, t) = run.settings, self.data.train
        rng = np.random.default_rng(settings["seed"])
        run.network, optimizer = self.build(settings, rng)
        run.watched = watched = Watched(run.network, run.stopping)
        with np.errstate(over="ignore", invalid="ignore"):
            first, _ = watched.evaluate(x[: Watched.BLOCK], t[: Watched.BLOCK])
        limit = 3 * max(first, math.log(int(t.max()) + 1))
        sizes = {name: settings[name] for name in ("epochs", "batch_size")}
        for record in self.train(watched, self.data, optimizer, rng=rng, **sizes):
            run.records.append(record)
            if not record.cost <= limit:
                raise FloatingPointError(
                    f"the cost grew from {first:.3g} to {record.cost:.3g} in epoch {record.epoch}. "
                    "Try a smaller learning rate or momentum."
                )
        labels = self.data.validation[1]
        commonest = np.bincount(labels).max() / len(labels)
        if run.records[-1].validation_accuracy <= commonest + 0.01:
            return f"it has not learned: one answer for all would be {commonest:.1%} right"
        return ""


ENDED = {"training": "is training", "finished": "has finished", "stopped": "was stopped"}
HEADS = ("run", "hidden", "activation", "η", "momentum", "λ", "batch", "scale", "seed", "epochs",
         "cost", "training", "validation", "seconds", "")  # fmt: skip


def run_row(run: Run) -> list[str]:
    """The cells of a run's row in the table, as HEADS names them."""
    s, last = run.settings, run.records[-1] if run.records else None
    scale = "√(2/inputs)" if s["scale"] is None else f"{s['scale']:g}"
    row = [str(run.number), "-".join([str(s["units"])] * s["layers"]), s["activation"]]
    row += [f"{s[name]:.3g}" for name in ("learning_rate", "momentum", "l2")]
    row += [str(s["batch_size"]), scale, str(s["seed"]), f"{len(run.records)} of {s['epochs']}"]
    if last is None:
        row += ["", "", ""]
    else:
        shares = f"{last.train_accuracy:.2%}", f"{last.validation_accuracy:.2%}"
        row += [f"{last.cost:.3g}", *shares]
    return [*row, f"{run.seconds:.1f}", run.status]


def run_table(runs: Sequence[Run]) -> str:
    """All runs with their settings as an HTML table; the best validation accuracy is bold."""
    shares = [run.records[-1].validation_accuracy for run in runs if run.records]
    best = f"{max(shares):.2%}" if shares else None
    head = "".join(f'<th scope="col" style="padding: 0 .4em">{name}</th>' for name in HEADS)
    rows = ""
    for run in runs:
        cells = [html.escape(text) for text in run_row(run)]
        cells = [f"<b>{text}</b>" if text == best else text for text in cells]
        line = "".join(f'<td style="padding: 0 .4em; text-align: right">{c}</td>' for c in cells)
        rows += f"<tr>{line}</tr>"
    style = "white-space: nowrap; font-size: 88%; line-height: 1.5"
    table = f'<table style="{style}"><tr>{head}</tr>{rows}</table>'
    return f'<div style="overflow-x: auto">{table}</div>'


class Playground:
    """Settings, Train and Stop; live curves; a table of all runs; chosen runs in one picture.

    `trainer` holds the runs and works without a browser; `trainer.runs[-1].network` is trained.
    """

    EVERY = 0.35  # seconds between two drawings while a network trains

    def __init__(self, trainer: Trainer, controls: Mapping[str, Any]) -> None:
        self.trainer, self.controls = trainer, dict(controls)
        self.live, self.error, self.n_drawn = LiveFigure(log_cost=True), "", 0
        self.painter: threading.Thread | None = None
        self._drawing = threading.Lock()
        self.train_button = ipywidgets.Button(
            description="Train", icon="play", button_style="primary", tooltip="Train with these"
        )
        self.stop_button = ipywidgets.Button(
            description="Stop", icon="stop", disabled=True, tooltip="Stop the training now"
        )
        self.bar = ipywidgets.IntProgress(max=1000, layout={"width": "12em"})
        self.status = ipywidgets.HTML()
        self.chosen = ipywidgets.SelectMultiple(
            description="show runs", rows=5, layout={"width": "min(100%, 38em)"}, style=DESCRIPTION
        )
        self.chosen.tooltip = "The runs in the picture; with Ctrl or Shift several"
        self.table = ipywidgets.HTML()
        self.image = Picture(
            format="png",
            tooltip="Cost and validation accuracy of the chosen runs against the epoch",
            width=str(round(self.live.figure.get_figwidth() * SCREEN_DPI)),
            layout={"max_width": "100%", "object_fit": "contain"},
        )
        row = {"flex_flow": "row wrap", "align_items": "center"}
        self.box = ipywidgets.VBox(
            [
                ipywidgets.HBox(list(self.controls.values()), layout={"flex_flow": "row wrap"}),
                ipywidgets.HBox([self.train_button, self.stop_button, self.bar], layout=row),
                self.status,
                self.image,
                self.chosen,
                self.table,
            ]
        )
        self.train_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.trainer.stop())
        self._list_runs()
        self.refresh()
        self.chosen.observe(lambda _: self.refresh(), "value")

    @property
    def values(self) -> dict[str, Any]:
        """The settings as the controls show them."""
        return {name: control.value for name, control in self.controls.items()}

    def start(self) -> None:
        """Train with the present settings, and draw until the training has ended."""
        if self.trainer.running:
            return
        self.trainer.start(self.values)
        self.train_button.disabled, self.stop_button.disabled = True, False
        self._list_runs()
        self.painter = threading.Thread(target=self._paint, daemon=True)
        self.painter.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until training and drawing have ended; False if they have not after `timeout`."""
        ended = self.trainer.wait(timeout)
        if self.painter is not None:
            self.painter.join(timeout)
            ended = ended and not self.painter.is_alive()
        return ended

    def refresh(self) -> None:
        """Show the runs as they are now."""
        with self._drawing:
            busy = self.trainer.running
            self.train_button.disabled, self.stop_button.disabled = busy, not busy
            self.table.value = run_table(self.trainer.runs)
            if self.trainer.runs:
                self._show_progress(self.trainer.runs[-1])
            shown = [run for run in self.trainer.runs if run.number in self.chosen.value]
            self.image.value = to_png(self.draw(shown))
            self.n_drawn += 1

    def draw(self, runs: Sequence[Run]) -> Any:
        """The picture of these runs."""
        costs, accuracies = {}, {}
        for run in runs:
            records = list(run.records)
            epochs = [r.epoch for r in records]
            costs[run.name] = (epochs, [r.cost for r in records])
            accuracies[run.name] = (epochs, [r.validation_accuracy for r in records])
        done = {run.name: run.records[-1] for run in runs if run.records}
        title = "Choose settings and press Train"
        if done:
            best = max(done, key=lambda name: done[name].validation_accuracy)
            title = f"{best}: {done[best].validation_accuracy:.1%} of the validation images right"
            title = f"Best of these is {title}" if len(done) > 1 else title[0].upper() + title[1:]
        longest = max([1, *(run.settings["epochs"] for run in runs)])
        return self.live.update(costs, accuracies, title, longest)

    def _show_progress(self, run: Run) -> None:
        n = len(self.trainer.data.train[1])
        steps = run.settings["epochs"] * -(-n // run.settings["batch_size"])
        done = run.watched.steps if run.watched else steps * (run.status == "finished")
        self.bar.value = round(1000 * done / steps)
        styles = {"diverged": "danger", "failed": "danger", "stopped": "warning"}
        self.bar.bar_style = styles.get(run.status, "success" if run.status == "finished" else "")
        said = f"Run {run.number} {ENDED.get(run.status, run.status)}"
        n_epochs = len(run.records)
        said += f" after {n_epochs} epoch{'s' * (n_epochs > 1)}" if n_epochs else ""
        said += f": {run.message}" if run.message else "."
        self.status.value = f'<div role="status">{html.escape(said)}</div>'

    def _list_runs(self) -> None:
        """Offer all runs in the list of runs; what was chosen stays so, and the newest joins it."""
        chosen = set(self.chosen.value)
        new = [run.number for run in self.trainer.runs[len(self.chosen.options) :]]
        options = [(run_label(run), run.number) for run in self.trainer.runs]
        self.chosen.options = options  # this alone would choose none
        self.chosen.value = tuple(n for _, n in options if n in chosen or n in new)

    def _paint(self) -> None:
        while True:
            ended = self.trainer.wait(self.EVERY)
            try:
                self.refresh()
            except Exception as error:  # a thread has nowhere else to say it
                self.error = f"{type(error).__name__}: {error}"
                self.status.value = f"<em>The picture failed: {html.escape(self.error)}</em>"
            if ended:
                return

    def _ipython_display_(self) -> None:
        text = "Run the cells to use the playground: choose settings, press Train, compare runs."
        show_box(self.box, text)
        shown = [run for run in self.trainer.runs if run.records]
        if shown:
            alt = "Cost and validation accuracy of the runs so far, against the epoch."
            folded("Still picture, for reading without running", to_html(self.draw(shown), alt))


def run_label(run: Run) -> str:
    """A run in one line, for the list of runs."""
    _, hidden, activation, rate, momentum = run_row(run)[:5]
    return f"run {run.number}: {hidden} {activation}, η {rate}, momentum {momentum}"


def playground(
    data: Any,
    build: Callable[..., Any],
    train: Callable[..., Any],
    activations: Sequence[str],
    earlier: Sequence[tuple[Mapping[str, Any], Iterable[Any]]] = (),
) -> Playground:
    """Settings to train with, live curves and a table of runs; the last line of a cell.

    build(settings, rng) -> (network, optimizer); settings: units, layers, activation,
    learning_rate, momentum, l2, batch_size, epochs, scale, seed. earlier: (settings, records).
    """
    trainer = Trainer(data, build, train)
    for settings, records in earlier:
        trainer.add(settings, records)
    many = len(data.train[1]) > 10_000
    scales = [("√(2 / inputs)", None), *((f"{v:g}", v) for v in (0.001, 0.01, 0.1, 1.0))]
    controls = {
        "units": slider("hidden units", 10, 300, 100, 10),
        "layers": slider("hidden layers", 1, 3, 1),
        "activation": choice("activation", list(activations)),
        "learning_rate": log_slider("learning rate η", -3, 1, 0.1),
        "momentum": slider("momentum", 0.0, 0.99, 0.9, 0.01),
        "l2": choice("λ (L2)", [("0", 0.0), *((f"{v:g}", v) for v in (1e-5, 1e-4, 1e-3, 1e-2))]),
        "batch_size": choice("batch size", [10, 20, 50, 100, 200, 500, 1000], 100),
        "epochs": slider("epochs", 1, 100, 12 if many else 60),
        "scale": choice("initial scale", scales),
        "seed": slider("seed", 0, 9, 0),
    }
    return Playground(trainer, controls)
