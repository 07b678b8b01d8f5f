"""The widgets of lesson 5: curves that grow while a network trains, and the playground."""

from __future__ import annotations

import html
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import ipywidgets
import numpy as np

from nnlesson.course.controls import (
    DESCRIPTION,
    WIDE,
    Control,
    Picture,
    button,
    choice,
    log_slider,
    row,
    show_box,
    slider,
)
from nnlesson.course.lesson5.figures import LiveFigure
from nnlesson.course.style import Figure, to_html

Split = tuple[np.ndarray, np.ndarray]  # images and labels
Parameters = dict[str, np.ndarray]


class Data(Protocol):
    """What a training needs of a Dataset."""

    train: Split
    validation: Split


class Record(Protocol):
    """What train tells about an epoch."""

    epoch: int
    cost: float
    train_accuracy: float
    validation_accuracy: float
    seconds: float


def curve(records: Iterable[Record], name: str) -> tuple[list[float], list[float]]:
    """(epochs, values): one number of each record, to be drawn."""
    pairs = [(record.epoch, getattr(record, name)) for record in records]
    return [epoch for epoch, _ in pairs], [value for _, value in pairs]


class live_curve:
    """A progress bar, and curves of cost and accuracy that grow with every epoch.

    Display it, then loop over watch(records): it hands on each record of train, and draws at most
    once in `every` seconds.
    """

    def __init__(
        self, epochs: int, title: str = "", chance: float | None = None, every: float = 1.0
    ) -> None:
        self.epochs, self.heading, self.every = epochs, title, every
        self.live, self.n_drawn = LiveFigure(chance), 0
        self.records: list[Record] = []
        self.bar = ipywidgets.IntProgress(description="epochs", max=epochs, layout={"width": WIDE})
        self.bar.tooltip = "how much of the training is done"
        self.text = ipywidgets.HTML()
        alt = "Cost falls and accuracy rises while the network trains"
        self.image = Picture(self.live.figure, alt)
        self.box = ipywidgets.VBox([ipywidgets.HBox([self.bar, self.text]), self.image])
        self.redraw()

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yields the records (epoch, cost, train_accuracy, ...) and shows them as they come."""
        start = drawn = time.perf_counter()
        for record in records:
            self.records.append(record)
            now = time.perf_counter()
            self.bar.value = record.epoch
            said = f"epoch {record.epoch} of {self.epochs}, {now - start:.0f} s"
            self.text.value = f"{said}, validation {record.validation_accuracy:.1%}"
            if now - drawn >= self.every:
                self.redraw()
                drawn = time.perf_counter()
            yield record
        self.redraw()

    def redraw(self) -> None:
        """Draw what has come so far."""
        costs = {"training": curve(self.records, "cost")}
        accuracies = {"training": curve(self.records, "train_accuracy")}
        accuracies["validation"] = curve(self.records, "validation_accuracy")
        self.image.show(self.live.update(costs, accuracies, self.heading, self.epochs))
        self.n_drawn += 1

    def _ipython_display_(self) -> None:
        show_box(self.box, "Run the cells to see the progress bar and the curves grow.")


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
    def params(self) -> Parameters:
        """The network's own parameters."""
        return self.network.params

    def gradients(self, x: np.ndarray, t: np.ndarray) -> Parameters:
        """The network's gradients. StopTraining if the training is to end."""
        self.check()
        self.steps += 1
        return self.network.gradients(x, t)

    def evaluate(self, x: np.ndarray, t: np.ndarray) -> tuple[float, float]:
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


class Status(StrEnum):
    """How a run stands."""

    TRAINING = "training"
    FINISHED = "finished"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"


@dataclass(frozen=True)
class Settings:
    """What a run is trained with."""

    units: int
    layers: int
    activation: str
    learning_rate: float
    momentum: float
    l2: float
    batch_size: int
    epochs: int
    scale: float | None
    seed: int

    @property
    def texts(self) -> dict[str, str]:
        """The settings as the table names and writes them."""
        numbers = {"η": self.learning_rate, "momentum": self.momentum, "λ": self.l2}
        return {
            "hidden": "-".join([str(self.units)] * self.layers),
            "activation": self.activation,
            **{name: f"{number:.3g}" for name, number in numbers.items()},
            "batch": str(self.batch_size),
            "scale": "√(2/inputs)" if self.scale is None else f"{self.scale:g}",
            "seed": str(self.seed),
        }


@dataclass
class Run:
    """One training: its settings, its records so far, how it ended, and the network.

    message: what to know about the way it ended.
    """

    number: int
    settings: Settings
    records: list[Record] = field(default_factory=list)
    status: Status = Status.TRAINING
    message: str = ""
    network: Any = None
    watched: Watched | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        """What the title calls it."""
        return f"run {self.number}"

    @property
    def label(self) -> str:
        """The run in one line, for the list of runs."""
        texts = self.settings.texts
        model = f"{self.name}: {texts['hidden']} {texts['activation']}"
        return f"{model}, η {texts['η']}, momentum {texts['momentum']}"

    @property
    def texts(self) -> dict[str, str]:
        """The row of the table: all settings, and what has come of them."""
        cost = training = validation = ""
        if self.records:
            last = self.records[-1]
            cost, training = f"{last.cost:.3g}", f"{last.train_accuracy:.2%}"
            validation = f"{last.validation_accuracy:.2%}"
        return {
            "run": str(self.number),
            **self.settings.texts,
            "epochs": f"{len(self.records)} of {self.settings.epochs}",
            "cost": cost,
            "training": training,
            "validation": validation,
            "seconds": f"{sum(record.seconds for record in self.records):.1f}",
            "": self.status,
        }


class Trainer:
    """Trains networks in the background, one at a time, and keeps every run.

    `build(settings, rng)` makes (network, optimizer); `train` is the taught generator.
    """

    def __init__(
        self, data: Data, build: Callable[..., tuple[Any, Any]], train: Callable[..., Any]
    ) -> None:
        self.data, self.build, self.train = data, build, train
        self.runs: list[Run] = []
        self.thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether a training is going on."""
        return self.thread is not None and self.thread.is_alive()

    def start(self, settings: Settings) -> Run:
        """Begin to train with these settings; returns at once. RuntimeError while one is going."""
        if self.running:
            raise RuntimeError("a training is going on: stop it, or wait until it has finished")
        run = Run(len(self.runs) + 1, settings)
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

    def add(self, settings: Settings, records: Iterable[Record]) -> Run:
        """Put a training that was done elsewhere among the runs."""
        run = Run(len(self.runs) + 1, settings, list(records), Status.FINISHED)
        self.runs.append(run)
        return run

    def _work(self, run: Run) -> None:
        try:
            # the message comes first: who sees that a run has ended reads why
            run.message, run.status = self._train(run), Status.FINISHED
        except StopTraining:
            run.message, run.status = "what it has learned so far is kept", Status.STOPPED
        except FloatingPointError as error:
            run.message, run.status = str(error), Status.DIVERGED
        except Exception as error:  # shown beside the run: a thread has nowhere else to say it
            run.message, run.status = f"{type(error).__name__}: {error}", Status.FAILED

    def _train(self, run: Run) -> str:
        """Train to the end; what to know about the result."""
        settings, (x, t) = run.settings, self.data.train
        rng = np.random.default_rng(settings.seed)
        run.network, optimizer = self.build(settings, rng)
        run.watched = watched = Watched(run.network, run.stopping)
        with np.errstate(over="ignore", invalid="ignore"):
            first, _ = watched.evaluate(x[: Watched.BLOCK], t[: Watched.BLOCK])
        limit = 3 * max(first, math.log(int(t.max()) + 1))
        sizes = {"epochs": settings.epochs, "batch_size": settings.batch_size}
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


ENDED = {
    Status.TRAINING: "is training", Status.FINISHED: "has finished", Status.STOPPED: "was stopped",
}  # fmt: skip
BAR_STYLES = {
    Status.TRAINING: "", Status.FINISHED: "success", Status.STOPPED: "warning",
    Status.DIVERGED: "danger", Status.FAILED: "danger",
}  # fmt: skip


def run_table(runs: Sequence[Run]) -> str:
    """All runs with their settings as an HTML table; the best validation accuracy is bold."""
    best = max((run.records[-1].validation_accuracy for run in runs if run.records), default=2)
    rows = ""
    for texts in (run.texts for run in runs):
        cells = {name: html.escape(text) for name, text in texts.items()}
        if texts["validation"] == f"{best:.2%}":
            cells["validation"] = f"<b>{cells['validation']}</b>"
        line = "".join(f'<td style="padding: 0 .4em; text-align: right">{cell}</td>'
                       for cell in cells.values())  # fmt: skip
        rows = f"{rows}<tr>{line}</tr>"
    names = runs[0].texts if runs else ()
    head = "".join(f'<th scope="col" style="padding: 0 .4em">{name}</th>' for name in names)
    style = "white-space: nowrap; font-size: 88%; line-height: 1.5"
    table = f'<table style="{style}"><tr>{head}</tr>{rows}</table>'
    return f'<div style="overflow-x: auto">{table}</div>'


def names_apart(runs: Sequence[Run]) -> list[str]:
    """The runs named by up to three settings in which they differ: "run 2: η 0.1"."""
    settings = [run.settings.texts for run in runs]
    differ = [name for name in (settings or [{}])[0] if len({s[name] for s in settings}) > 1][:3]
    words = [", ".join(f"{name} {texts[name]}" for name in differ) for texts in settings]
    return [
        ": ".join(filter(None, (run.name, word))) for run, word in zip(runs, words, strict=True)
    ]


class Playground:
    """Settings, Train and Stop; live curves; a table of all runs; chosen runs in one picture.

    `trainer` holds the runs and works without a browser; `trainer.runs[-1].network` is trained.
    """

    EVERY = 0.35  # seconds between two drawings while a network trains

    def __init__(self, trainer: Trainer, controls: Mapping[str, Control]) -> None:
        self.trainer, self.controls = trainer, dict(controls)
        self.live, self.error, self.n_drawn = LiveFigure(log_cost=True), "", 0
        self.painter: threading.Thread | None = None
        self._drawing = threading.Lock()
        self.train_button = button("Train", "Train with these", self.start, "play")
        self.train_button.button_style = "primary"
        self.stop_button = button("Stop", "Stop the training now", self.trainer.stop, "stop")
        self.bar = ipywidgets.IntProgress(max=1000, layout={"width": "12em"})
        self.status = ipywidgets.HTML()
        self.chosen = ipywidgets.SelectMultiple(
            description="show runs", rows=5, layout={"width": "min(100%, 38em)"}, style=DESCRIPTION
        )
        self.chosen.tooltip = "The runs in the picture; with Ctrl or Shift several"
        self.table = ipywidgets.HTML()
        alt = "Cost and validation accuracy of the chosen runs against the epoch"
        self.image = Picture(self.live.figure, alt)
        buttons = row(self.train_button, self.stop_button, self.bar)
        shown = [self.status, self.image, self.chosen, self.table]
        self.box = ipywidgets.VBox([row(*self.controls.values()), buttons, *shown])
        self._list_runs()
        self.refresh()
        self.chosen.observe(lambda _: self.refresh(), "value")

    @property
    def values(self) -> Settings:
        """The settings as the controls show them."""
        return Settings(**{name: control.value for name, control in self.controls.items()})

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
            self.image.show(self.draw(shown))
            self.n_drawn += 1

    def draw(self, runs: Sequence[Run]) -> Figure:
        """The picture of these runs."""
        named = dict(zip(names_apart(runs), (list(run.records) for run in runs), strict=True))
        costs = {name: curve(records, "cost") for name, records in named.items()}
        accuracies = {n: curve(records, "validation_accuracy") for n, records in named.items()}
        done = {run.name: run.records[-1].validation_accuracy for run in runs if run.records}
        title = "Choose settings and press Train"
        if done:
            best = max(done, key=lambda name: done[name])
            said = f"{best}: {done[best]:.1%} of the validation images right"
            title = f"Best of these is {said}" if len(done) > 1 else said.capitalize()
        longest = max([1, *(run.settings.epochs for run in runs)])
        return self.live.update(costs, accuracies, title, longest)

    def _show_progress(self, run: Run) -> None:
        steps = run.settings.epochs * -(-len(self.trainer.data.train[1]) // run.settings.batch_size)
        done = run.watched.steps if run.watched else steps * (run.status == Status.FINISHED)
        self.bar.value = round(1000 * done / steps)
        self.bar.bar_style = BAR_STYLES[run.status]
        n = len(run.records)
        said = f"Run {run.number} {ENDED.get(run.status, run.status)}"
        said += f" after {n} epoch{'s' * (n > 1)}" if n else ""
        said += f": {run.message}" if run.message else "."
        self.status.value = f'<div role="status">{html.escape(said)}</div>'

    def _list_runs(self) -> None:
        """Offer all runs in the list of runs; what was chosen stays so, and the newest joins it."""
        chosen = set(self.chosen.value)
        chosen |= {run.number for run in self.trainer.runs[len(self.chosen.options) :]}
        self.chosen.options = [(run.label, run.number) for run in self.trainer.runs]
        self.chosen.value = sorted(chosen)  # new options alone would choose none

    def _paint(self) -> None:
        ended = False
        while not ended:
            ended = self.trainer.wait(self.EVERY)
            try:
                self.refresh()
            except Exception as error:  # a thread has nowhere else to say it
                self.error = f"{type(error).__name__}: {error}"
                self.status.value = f"<em>The picture failed: {html.escape(self.error)}</em>"

    def _ipython_display_(self) -> None:
        shown = [run for run in self.trainer.runs if run.records]
        alt = "Cost and validation accuracy of the runs so far, against the epoch."
        still = to_html(self.draw(shown), alt) if shown else ""
        text = "Run the cells to use the playground: choose settings, press Train, compare runs."
        show_box(self.box, text, still)


def playground(
    data: Data,
    build: Callable[..., tuple[Any, Any]],
    train: Callable[..., Iterable[Record]],
    activations: Iterable[str],
    earlier: Iterable[tuple[Settings, Iterable[Record]]] = (),
) -> Playground:
    """Settings to train with, live curves and a table of runs; the last line of a cell.

    build(settings, rng) -> (network, optimizer); earlier: (settings, records) of trainings that
    were done before.
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
