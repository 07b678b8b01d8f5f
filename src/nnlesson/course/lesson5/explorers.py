"""The widgets of lesson 5: curves that grow while a network trains, and the playground."""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

import numpy as np

from nnlesson.course.lesson5.runs import (
    NUMBERS,
    Build,
    Run,
    Settings,
    Status,
    Trainer,
    point_sets,
    spread,
)
from nnlesson.course.live import Live, plain
from nnlesson.course.style import DIVERGING, INK_ON_PAPER, bitmap

HERE = Path(__file__).parent


class live_curve(Live):
    """A progress bar, and curves of cost and accuracy that grow with every epoch.

    Display it, then loop over watch(records): it hands on each record of train, and draws at most
    once in `every` seconds.
    """

    needs_kernel = True

    def __init__(
        self, epochs: int, title: str = "", chance: float | None = None, every: float = 0.5
    ) -> None:
        self.every, self.records = every, list[Any]()
        path = HERE / "live_curve.js"
        super().__init__(path, epochs=epochs, title=title, chance=chance, **self.so_far(0))

    def so_far(self, seconds: float) -> dict[str, Any]:
        """What has come in so many seconds."""
        curve = {name: spread([self.records], name) for name in NUMBERS.values()}
        return {"curve": curve, "seconds": seconds}

    def watch(self, records: Iterable[Any]) -> Iterator[Any]:
        """Yields the records (epoch, cost, train_accuracy, ...) and shows them as they come."""
        start = drawn = perf_counter()
        try:
            for record in records:
                self.records.append(record)
                if perf_counter() - drawn >= self.every:
                    drawn = perf_counter()
                    self.show(**self.so_far(drawn - start))
                yield record
        finally:
            self.show(**self.so_far(perf_counter() - start))


# The values that the controls start with, and what the buttons above them set.
BOTH = {"tab": "digits", "points": "moons", "digits": "0 to 9", "pixels": "0 to 1", "l2": "0",
        "loss": "softmax", "scale": "√(2 / inputs)", "third": 0, "seed": 0}  # fmt: skip
DIGITS = {"tab": "digits", "first": 30, "second": 0, "third": 0, "activation": "ReLU",
          "rate": 0.1, "momentum": 0.9, "batch": "100", "epochs": 20}  # fmt: skip
PRESETS = {
    "digits": DIGITS,
    "points": {**DIGITS, "tab": "points", "first": 4, "batch": "20", "epochs": 100,
               "scale": "√(2 / inputs)", "loss": "softmax", "l2": "0", "seed": 0},
    # Article 1's rate and λ are for sums over a batch of 100; here they are for means.
    "article 1": {**DIGITS, **BOTH, "first": 100, "activation": "sigmoid",
                  "loss": "sigmoids", "pixels": "−1 to 1", "scale": "0.1", "rate": 0.05,
                  "momentum": 0.0, "l2": "0.0001", "epochs": 100, "seed": 3},
    "article 3": {**DIGITS, **BOTH, "first": 500, "second": 100, "activation": "leaky ReLU",
                  "loss": "squared error", "digits": "0, 1, 2", "scale": "0.01", "rate": 0.01},
}  # fmt: skip
N_KEPT = 5  # so many of the newest runs are in the picture, unless a learner decides otherwise
N_WATCHED = 500  # so many validation digits are read again at each message


def settings_of(values: Mapping[str, Any]) -> Settings:
    """The settings that the controls show."""
    v = values
    is_digits = v["tab"] == "digits"
    ends = (784, 10 if v["digits"] == "0 to 9" else 3) if is_digits else (2, 2)
    hidden = [int(v[name]) for name in ("first", "second", "third") if v[name]]
    return Settings(
        sizes=(ends[0], *hidden, ends[1]), activation=v["activation"], learning_rate=v["rate"],
        momentum=v["momentum"], batch_size=int(v["batch"]), epochs=int(v["epochs"]),
        l2=float(v["l2"]), scale=None if v["scale"].startswith("√") else float(v["scale"]),
        loss=v["loss"], seed=int(v["seed"]), examples="digits" if is_digits else v["points"],
        low=-1.0 if is_digits and v["pixels"] == "−1 to 1" else 0.0,
    )  # fmt: skip


class playground(Live):
    """Settings, Train and Stop; the network as it learns; a table of all runs; chosen runs in one
    picture. Two tabs: digits, and points in the plane. The last line of a cell.

    data: digits with pixels from 0 to 1; build(settings, rng) -> (network, optimizer).
    `trainer` holds the runs and works without a browser; `trainer.runs[-1].network` is trained.
    A new playground ends the training of those before it.
    """

    EVERY = 0.12  # seconds between two messages while a network trains
    made: ClassVar[weakref.WeakSet[playground]] = weakref.WeakSet()
    trainer: Trainer
    needs_kernel = True

    def __init__(
        self, data: Any, build: Build, activations: Iterable[str], losses: Iterable[str]
    ) -> None:
        for other in playground.made:
            other.trainer.stop()
        playground.made.add(self)
        points = point_sets()
        self.trainer = Trainer({"digits": data, **points}, build, self._tell)
        self.told, self.asked = 0.0, 0
        start = {**BOTH, **DIGITS}
        pictures = {}
        for tab in ("digits", "points"):
            s = settings_of({**start, **PRESETS[tab]})
            pictures[tab] = picture_of(build(s, np.random.default_rng(0))[0], s)
        shown = {name: [list(sets.train), list(sets.validation)] for name, sets in points.items()}
        super().__init__(
            HERE / "playground.js", start, runs=[], presets=PRESETS, n_kept=N_KEPT,
            activations=list(activations), losses=list(losses), points=shown,
        )  # fmt: skip
        self.now = plain({"run": None, "pictures": pictures})
        self.observe(self._pressed, "values")

    def train(self, seeds: int = 1) -> Run | None:
        """Train with the settings shown, with so many seeds; None while a training is going on."""
        if self.trainer.running:
            return None
        run = self.trainer.start(settings_of({**self.start, **self.values}), seeds)
        self._tell(is_urgent=True)
        return run

    def _pressed(self, change: Mapping[str, Any]) -> None:
        """What the buttons ask for: [how often one was pressed, which]."""
        before, (self.asked, what) = self.asked, change["new"].get("asked", [0, ""])
        if self.asked == before:
            self._forget()
        elif what == "stop":
            self.trainer.stop()
        else:
            self.train(5 if what == "five" else 1)

    def _forget(self) -> None:
        """Keep the networks of the last run and of those in the picture: memory is not endless."""
        ticks, runs = self.values.get("ticks", {}), self.trainer.runs
        for run in runs[:-1]:
            is_new = run.number > len(runs) - N_KEPT
            if not ticks.get(str(run.number), is_new):  # a learner's tick goes first
                run.network = None

    def _tell(self, is_urgent: bool = False) -> None:
        """Show the runs as they are now."""
        run = self.trainer.runs[-1]
        has_ended = run.status != Status.TRAINING
        if is_urgent or has_ended:
            done = [r for r in self.trainer.runs if r.status != Status.TRAINING]
            self.show(runs=[r.as_data() for r in done])
            self._forget()
        elif perf_counter() - self.told < self.EVERY:
            return
        now = {**self.now, "run": None if has_ended else run.as_data()}
        if run.network is not None and run.status != Status.FAILED:
            tab = "digits" if run.settings.examples == "digits" else "points"
            picture = picture_of(run.network, run.settings)
            now["pictures"] = {**self.now["pictures"], tab: picture}
            if tab == "digits":
                now["misread"] = self._misread(run)
        self.now = plain(now)
        self.told = perf_counter()

    def _misread(self, run: Run) -> dict[str, Any]:
        """How many of the first validation digits are misread, and the first of these."""
        _, digits = self.trainer.examples(run.settings)
        x, t = digits.take(slice(N_WATCHED))
        answers = run.network.forward(x).argmax(axis=1)
        wrong = np.flatnonzero(answers != t)
        few = wrong[:12]
        images = 255 * digits.x[digits.rows[few]].reshape(-1, 28, 28)
        return {
            "n": len(wrong), "of": len(t), "answers": answers[few], "labels": t[few],
            "images": [bitmap(image, INK_ON_PAPER) for image in images],
        }  # fmt: skip


def picture_of(network: Any, settings: Settings) -> dict[str, Any]:
    """What the page draws of a network: a small picture of each hidden neuron, the last weights.

    With digits a picture shows the neuron's weights, with points its output over the plane, and
    there are the lines of the first layer. weights: from −1 to 1, None if there are many.
    """
    layers, last = network.affine[:-1], network.affine[-1]
    few = [layer.W if layer is last or layer.W.size <= 144 else None for layer in network.affine]
    made: dict[str, Any] = {
        "examples": settings.examples, "sizes": settings.sizes,
        "weights": [None if W is None else (levels(W) / 127).round(2) for W in few[1:]],
    }  # fmt: skip
    if settings.examples == "digits":
        tiles = [_folded(layer.W.T) for layer in layers]
    else:
        tiles, z = [], plane(20)
        for layer in network.layers[:-1]:
            z = layer.forward(z)
            if layer not in layers:
                tiles.append(z.T.reshape(-1, 20, 20))
        made["lines"] = lines_of(layers[0].W, layers[0].b)
        answers = 2 * network.loss.activate(network.forward(plane(40)))[:, 1] - 1
        made["answers"] = sheet(answers.reshape(1, 40, 40), "RdBu", largest=1.7)
    wide = 346 / len(layers) - 44  # so much room has a layer in the page's picture, 250 high
    columns = [1 if len(t) <= 12 else max(1, round(math.sqrt(len(t) * wide / 250))) for t in tiles]
    made["layers"] = [
        {"columns": n, "sheet": sheet(t, DIVERGING, n)} for n, t in zip(columns, tiles, strict=True)
    ]
    return made


def lines_of(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """For each column w of W (2, m) and its b four places (m, 4, 2): two of the line w·x + b = 0
    that are far outside the plane, its nearest to 0, and one beside that where w·x + b grows.

    nan where w is 0: there is no line.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.hypot(*W.astype(float))
        up, foot = (W / size).T, (-W * b / size**2).T
    along = 4 * up[:, ::-1] * [-1, 1]
    return np.stack([foot + along, foot - along, foot, foot + 0.13 * up], axis=1)


def plane(side: int) -> np.ndarray:
    """The middles of side x side squares of the plane, −1.1 to 1.1, row by row from the top."""
    middles = (np.arange(side) + 0.5) / side * 2.2 - 1.1
    x, y = np.meshgrid(middles, -middles)
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def _folded(weights: np.ndarray) -> np.ndarray:
    """The weights (m, d) of m neurons, each as a tile (height, width) that is nearly a square."""
    m, d = weights.shape
    width = math.ceil(math.sqrt(d))
    return np.pad(weights, ((0, 0), (0, -d % width))).reshape(m, -1, width)


def levels(values: np.ndarray, largest: float | None = None) -> np.ndarray:
    """Numbers as −127 to 127; the ends are ±largest, or three standard deviations."""
    values = np.nan_to_num(values.astype(float), nan=0, posinf=1e30, neginf=-1e30)
    ends = largest or 3 * float(values.std()) or 1.0
    return np.clip(np.rint(127 * values / ends), -127, 127)


def sheet(tiles: np.ndarray, colours: str, columns: int = 1, largest: float | None = None) -> str:
    """Tiles (n, h, w) side by side in rows, a pixel apart, in a colormap: an address."""
    n, h, w = tiles.shape
    rows = -(-n // columns)
    apart = np.pad(levels(tiles, largest), ((0, rows * columns - n), (0, 1), (0, 1)))
    whole = apart.reshape(rows, columns, h + 1, w + 1).swapaxes(1, 2).reshape(rows * (h + 1), -1)
    return bitmap(128 + whole[:-1, :-1], colours)
