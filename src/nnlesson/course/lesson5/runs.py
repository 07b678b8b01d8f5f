"""Trainings of lesson 5's playground: settings, examples, and a loop that pauses between steps.

The loop is a task of the event loop that runs already: no thread, so it works in a browser too.
"""

from __future__ import annotations

import asyncio
import math
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from itertools import zip_longest
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from nnlesson.training import EpochRecord, mini_batches

Split = tuple[np.ndarray, np.ndarray]  # inputs (n, d) and labels (n,)
Build = Callable[..., tuple[Any, Any]]  # (settings, rng) -> (network, optimizer)
Numbers = tuple[float, float]  # cost and accuracy


class Points(NamedTuple):
    """Examples to learn from, and others that we learn from: what a training needs of a Dataset."""

    train: Split
    validation: Split


@dataclass(frozen=True)
class Settings:
    """What a run is trained with. examples: their name; low: what paper is, when ink is 1."""

    sizes: tuple[int, ...]
    activation: str
    learning_rate: float
    momentum: float
    batch_size: int
    epochs: int
    l2: float = 0.0
    scale: float | None = None
    loss: str = "softmax"
    seed: int = 0
    examples: str = "digits"
    low: float = 0.0


class Examples:
    """The examples of a split whose labels are below n_classes, put on a scale as they are taken:
    there is no second copy of them."""

    def __init__(self, split: Split, n_classes: int, low: float = 0.0) -> None:
        self.x, self.t = split
        self.rows, self.low = np.flatnonzero(self.t < n_classes), low

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, places: Any) -> Split:
        """Inputs and labels at these places: an index array, or a slice."""
        rows = self.rows[places]
        x = np.take(self.x, rows, axis=0)
        return x * (1 - self.low) + self.low if self.low else x, self.t[rows]


class Status(StrEnum):
    """How a run stands."""

    TRAINING = "training"
    FINISHED = "finished"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"


# What a run has come to, as the page names it and as the records do.
NUMBERS = {"cost": "cost", "training": "train_accuracy", "validation": "validation_accuracy"}


@dataclass
class Run:
    """The training of one network, or of several that differ by their seed.

    curves: the records of each seed, as they come. message: what to know about the end. share: how
    much of the work is done, 0 to 1. network: the newest one.
    """

    number: int
    settings: Settings
    seeds: int = 1
    curves: list[list[EpochRecord]] = field(default_factory=list)
    status: Status = Status.TRAINING
    message: str = ""
    share: float = 0.0
    network: Any = None

    def as_data(self) -> dict[str, Any]:
        """The run without its network, in what JSON holds: curves over the epochs, and `last`,
        what it has come to; [mean, smallest, largest] of its seeds."""
        ends = [curve[-1:] for curve in self.curves if curve]
        last = {shown: next(iter(spread(ends, name)), None) for shown, name in NUMBERS.items()}
        return {
            "number": self.number, "settings": asdict(self.settings), "seeds": self.seeds,
            "texts": self.texts(),
            "status": str(self.status), "message": self.message, "share": self.share,
            "curves": {"cost": spread(self.curves, "cost"),
                       "right": spread(self.curves, "validation_accuracy")},
            "last": {"seed": len(self.curves), "epochs": len(self.curves[-1]) if self.curves else 0,
                     "seconds": sum(r.seconds for curve in self.curves for r in curve), **last},
        }  # fmt: skip

    def texts(self) -> dict[str, str]:
        """The settings as the page names and writes them."""
        s = self.settings
        return {
            "examples": "digits 0, 1, 2" if s.sizes[-1] == 3 else s.examples,
            "hidden": "-".join(map(str, s.sizes[1:-1])), "activation": s.activation,
            "η": short(s.learning_rate), "momentum": short(s.momentum), "λ": short(s.l2),
            "batch": str(s.batch_size), "outputs": s.loss,
            "pixels": "−1 to 1" if s.low < 0 else "0 to 1",
            "weights": "√(2/inputs)" if s.scale is None else short(s.scale),
            "seed": f"{s.seed} to {s.seed + self.seeds - 1}" if self.seeds > 1 else str(s.seed),
        }  # fmt: skip


def short(value: float) -> str:
    """A number with three digits that count, never as 1e-05."""
    return np.format_float_positional(value, precision=3, fractional=False, trim="-")


def spread(curves: list[list[EpochRecord]], name: str) -> list[list[float]]:
    """[mean, smallest, largest] of a number of the records by epoch; nan if none is finite."""
    made = []
    for records in zip_longest(*curves):
        values = [getattr(record, name) for record in records if record]
        finite = [v for v in values if math.isfinite(v)] or [math.nan]
        made.append([sum(finite) / len(finite), min(finite), max(finite)])
    return made


class Trainer:
    """Trains one run at a time on the running event loop, and keeps every run.

    data: {name: Dataset or Points}; build(settings, rng) makes (network, optimizer); tell() is
    called before each pause and at each end.
    """

    SLICE, PAUSE = 0.025, 0.002  # seconds: steps are taken, then the page is heard
    BLOCK = 1000  # examples evaluated at a time: a stop need not wait for all of them

    def __init__(
        self, data: Mapping[str, Any], build: Build, tell: Callable[[], object] = lambda: None
    ) -> None:
        self.data, self.build, self.tell = data, build, tell
        self.runs: list[Run] = []
        self.task: asyncio.Task[None] | None = None
        self.stopping, self.since = False, 0.0

    @property
    def running(self) -> bool:
        """Whether a training is going on."""
        return self.task is not None and not self.task.done()

    def start(self, settings: Settings, seeds: int = 1) -> Run:
        """Begin to train with these settings and with as many seeds; returns at once.

        RuntimeError while a training is going on, and where no event loop runs.
        """
        if self.running:
            raise RuntimeError("a training is going on: stop it, or wait until it has finished")
        loop = asyncio.get_running_loop()
        run = Run(len(self.runs) + 1, settings, seeds)
        self.runs.append(run)
        self.stopping = False
        self.task = loop.create_task(self._work(run))
        return run

    def stop(self) -> None:
        """Ask the training to end after its present step; what it has learned is kept."""
        self.stopping = True

    async def wait(self) -> None:
        """Wait until the training has ended."""
        if self.task is not None:
            await self.task

    def examples(self, settings: Settings) -> tuple[Examples, Examples]:
        """The training and validation examples of a run."""
        data, n_classes = self.data[settings.examples], settings.sizes[-1]
        both = (data.train, data.validation)
        train, validation = (Examples(split, n_classes, settings.low) for split in both)
        return train, validation

    async def _work(self, run: Run) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                await self._pausing(self._steps(run))
                run.status = Status.FINISHED
            except (KeyboardInterrupt, asyncio.CancelledError):
                # An interrupt ends the training, and not the kernel that it would go on to.
                run.message, run.status = "what it has learned so far is kept", Status.STOPPED
            except FloatingPointError as error:
                run.message = f"{error}. Try a smaller learning rate or momentum"
                run.status = Status.DIVERGED
            except Exception as error:  # shown beside the run: a task has nowhere else to say it
                run.message, run.status = f"{type(error).__name__}: {error}", Status.FAILED
            self.tell()

    async def _pausing(self, steps: Iterable[None]) -> None:
        """Take the steps; when it is time let the page be heard, which may ask to stop."""
        for _ in steps:
            if perf_counter() - self.since >= self.SLICE:
                hear_interrupts(self.stop)
                self.tell()
                await asyncio.sleep(self.PAUSE)
                self.since = perf_counter()
            if self.stopping:
                raise asyncio.CancelledError

    def _steps(self, run: Run) -> Iterator[None]:
        """Train; yields after each step, where it may pause or end."""
        s = run.settings
        train, validation = self.examples(s)
        batches = -(-len(train) // s.batch_size)
        parts, done = run.seeds * s.epochs * batches, 0
        for seed in range(s.seed, s.seed + run.seeds):
            rng = np.random.default_rng(seed)
            network, optimizer = self.build(replace(s, seed=seed), rng)
            records: list[EpochRecord] = []
            run.network = network
            first, _ = network.evaluate(*train.take(slice(self.BLOCK)))
            limit = 3 * max(first, math.log(s.sizes[-1]))
            run.curves.append(records)
            for epoch in range(1, s.epochs + 1):
                start = perf_counter()
                for batch in mini_batches(len(train), s.batch_size, rng):
                    optimizer.update(network.params, network.gradients(*train.take(batch)))
                    done += 1
                    run.share = done / parts
                    yield
                cost, accuracy = yield from self._evaluate(network, train)
                _, right = yield from self._evaluate(network, validation)
                records.append(EpochRecord(epoch, cost, accuracy, right, perf_counter() - start))
                if not cost <= limit:
                    grew = f"the cost grew from {first:.3g} at first to {cost:.3g} in epoch {epoch}"
                    raise FloatingPointError(grew)
        labels = validation.take(slice(None))[1]
        commonest = np.bincount(labels).max() / len(labels)
        if max(records[-1].validation_accuracy for records in run.curves) <= commonest + 0.01:
            run.message = f"it has not learned: one answer for all would be {commonest:.1%} right"

    def _evaluate(self, network: Any, examples: Examples) -> Generator[None, None, Numbers]:
        """(cost, accuracy) as the network gives them, put together from blocks of examples."""
        cost = accuracy = 0.0
        for start in range(0, len(examples), self.BLOCK):
            x, t = examples.take(slice(start, start + self.BLOCK))
            share = len(t) / len(examples)
            part_cost, part_accuracy = network.evaluate(x, t)
            cost, accuracy = cost + share * part_cost, accuracy + share * part_accuracy
            yield
        return cost, accuracy


def hear_interrupts(act: Callable[[], object]) -> None:
    """From now on act() when the kernel is interrupted while no cell runs.

    A kernel ignores interrupts then. Where they are heard already, nothing is changed.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: act())


# ---- points in the plane ----


def point_sets() -> dict[str, Points]:
    """{name: Points}: 240 points to train with and 240 to validate, all between −1 and 1."""
    rng, n = np.random.default_rng(0), 240
    t = np.arange(n) % 2

    def circle(turn: np.ndarray, radius: Any) -> np.ndarray:
        return np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)

    def moons(u: np.ndarray) -> np.ndarray:
        half = circle(np.pi * u, 0.6) - np.array([0.3, 0.15])
        return half * (1 - 2 * t[:, np.newaxis]) + rng.normal(0, 0.06, (n, 2))

    def circles(u: np.ndarray) -> np.ndarray:
        return circle(2 * np.pi * u, np.where(t == 1, 0.35, 0.8) + rng.normal(0, 0.07, n))

    def spiral(u: np.ndarray) -> np.ndarray:
        turn = 3 * np.pi * np.sqrt(u) + np.pi * t
        return circle(turn, 0.1 + 0.8 * np.sqrt(u)) + rng.normal(0, 0.02, (n, 2))

    def xor(u: np.ndarray) -> np.ndarray:
        side = np.where(u < 0.5, -1, 1)
        return rng.uniform(0.06, 0.9, (n, 2)) * np.stack([side, side * (1 - 2 * t)], axis=1)

    sets = {}
    for name, make in {"moons": moons, "circles": circles, "spiral": spiral, "XOR": xor}.items():
        halves = [make(rng.uniform(0, 1, n)) for _ in range(2)]
        sets[name] = Points(*((np.clip(x, -1, 1).astype(np.float32), t) for x in halves))
    return sets
