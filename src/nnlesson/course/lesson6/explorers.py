"""The widgets of lesson 6: votes on wrong digits, a digit to spoil, and a pad to draw on."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import numpy as np
import traitlets
from ipywidgets.widgets.trait_types import bytes_serialization

from nnlesson.course.controls import (
    Explorer,
    Picture,
    button,
    choice,
    row,
    show_box,
    slider,
    toggle,
)
from nnlesson.course.lesson6.figures import abused, nothing_to_show, readings, vote_card
from nnlesson.course.live import Live
from nnlesson.course.reader import trained_reader
from nnlesson.course.style import Figure, to_html
from nnlesson.layers import ReLU
from nnlesson.losses import SoftmaxCrossEntropy
from nnlesson.network import Network

Predict = Callable[[np.ndarray], np.ndarray]


def abuse_explorer(
    images: np.ndarray, labels: np.ndarray, predict: Predict, spoil: Callable[..., np.ndarray]
) -> Explorer:
    """Sliders that spoil one of the images (n, 784), and what `predict` makes of it.

    spoil(image (1, 784), right=, down=, turn=, wider=, noise=, inverted=) -> (1, 784).
    """

    def draw(image: int, **changes: Any) -> Figure:
        digit = images[image : image + 1]
        changed = spoil(digit, **changes)
        before, after = predict(np.concatenate([digit, changed]))
        return abused(digit, changed, before, after, int(labels[image]))

    controls = {
        "image": slider("image", 0, len(images) - 1, 0),
        "right": slider("move right (pixels)", -8, 8, 4),
        "down": slider("move down (pixels)", -8, 8, 0),
        "turn": slider("turn (degrees)", -90, 90, 0, 5),
        "wider": slider("thicken (pixels)", -1.0, 2.0, 0.0, 0.25),
        "noise": slider("noise", 0.0, 1.0, 0.0, 0.05),
        "inverted": toggle("invert"),
    }
    alt = "A digit, the same digit spoiled, and ten bars: the network's outputs for it"
    return Explorer(draw, controls, alt, columns=2)


class vote_booth:
    """Whose fault is it? Three buttons for each wrong digit; the last line of a cell.

    images (n, 784), labels (n,), probabilities (n, k). `votes` maps the place of a digit to its
    verdict.
    """

    VERDICTS = ("mistake", "unclear", "wrong label")

    def __init__(self, images: np.ndarray, labels: np.ndarray, probabilities: np.ndarray) -> None:
        if not len(images) == len(labels) == len(probabilities):
            raise ValueError("every image needs one label and one row of probabilities")
        self.images, self.labels, self.probabilities = images, labels, probabilities
        self.votes: dict[int, str] = {}
        self.at = 0
        self.buttons = {
            name: button(name.capitalize(), f"Vote: {name}", partial(self.vote, name))
            for name in self.VERDICTS
        }
        self.previous = button("Previous", "Previous digit", lambda: self.go(-1), "arrow-left")
        self.next = button("Next", "Next digit", lambda: self.go(1), "arrow-right")
        alt = "A wrong digit, the network's ten outputs for it, and the votes so far"
        figure = self.figure()
        self.still, self.image = to_html(figure, alt), Picture(figure, alt)
        buttons = row(*self.buttons.values(), self.previous, self.next)
        self.box = ipywidgets.VBox([buttons, self.image])
        self._set_buttons()

    @property
    def counts(self) -> dict[str, int]:
        """How many digits have each verdict."""
        given = list(self.votes.values())
        return {name: given.count(name) for name in self.VERDICTS}

    def vote(self, verdict: str) -> None:
        """Give the digit shown this verdict (a second vote replaces the first) and go on."""
        if verdict not in self.VERDICTS:
            raise ValueError(f"{verdict!r} is no verdict; choose from {', '.join(self.VERDICTS)}")
        if len(self.images):
            self.votes[self.at] = verdict
            self.go(1)

    def go(self, by: int) -> None:
        """Show the next digit, or another one: `by` places on, as far as there are digits."""
        self.at = min(max(self.at + by, 0), max(len(self.images) - 1, 0))
        self._set_buttons()
        self.image.show(self.figure())

    def figure(self) -> Figure:
        """The present digit and the votes so far."""
        n = len(self.images)
        if n == 0:
            return nothing_to_show("Nothing to vote on", "No wrong digit: every answer is right.")
        values, true = self.probabilities[self.at], int(self.labels[self.at])
        said = f"Wrong digit {self.at + 1} of {n}: label {true}, read as {values.argmax()}"
        if self.at in self.votes:
            said = f"{said}. Your vote: {self.votes[self.at]}"
        if len(self.votes) == n:
            most = max(self.counts, key=lambda name: self.counts[name])
            said = f"All {n} judged; most often: {most}"
        return vote_card(self.images[self.at], true, values, self.counts, said)

    def _set_buttons(self) -> None:
        self.previous.disabled = self.at == 0
        self.next.disabled = self.at >= len(self.images) - 1
        for name, verdict in self.buttons.items():
            verdict.button_style = "info" if self.votes.get(self.at) == name else ""
            verdict.disabled = len(self.images) == 0

    def _ipython_display_(self) -> None:
        text = f"Run the cells to vote. The widget shows: {self.image.tooltip}"
        show_box(self.box, text, self.still)


class DrawingPad(anywidget.AnyWidget):
    """A square of paper to draw on; `pixels` holds size x size bytes, 0 paper to 255 ink.

    The browser sends them after each stroke; set them from Python and they are shown.
    """

    _esm = Path(__file__).with_name("pad.js")
    size = traitlets.Int(280).tag(sync=True)
    pen = traitlets.Int(22).tag(sync=True)
    label = traitlets.Unicode(
        "Drawing pad. Draw with mouse, pen or finger. With the keyboard: arrow keys move the pen, "
        "Shift and arrow move it a little, Space puts it down or lifts it, Delete clears."
    ).tag(sync=True)
    # Without bytes_serialization the browser's value is refused, and nothing says so.
    pixels = traitlets.Bytes(b"").tag(sync=True, echo_update=False, **bytes_serialization)

    @property
    def drawing(self) -> np.ndarray:
        """The picture (size, size), 0 paper to 1 ink. ValueError if the bytes do not fit."""
        if not self.pixels:
            return np.zeros((self.size, self.size))
        if len(self.pixels) != self.size**2:
            raise ValueError(f"{self.size**2} bytes make a drawing, but {len(self.pixels)} came")
        values = np.frombuffer(self.pixels, np.uint8) / 255
        return values.reshape(self.size, self.size)

    @drawing.setter
    def drawing(self, values: np.ndarray) -> None:
        values = np.asarray(values, dtype=float)
        if values.shape != (self.size, self.size) or not (values.min() >= 0 and values.max() <= 1):
            wanted = f"a drawing of shape ({self.size}, {self.size}) with 0 to 1 is needed"
            raise ValueError(f"{wanted}, but this one has shape {values.shape}")
        self.pixels = np.rint(values * 255).astype(np.uint8).tobytes()


class digit_reader:
    """A pad, and what a network reads on it after each stroke, in several preparations.

    networks: {name: predict}; preparations: {name: drawing (h, w) -> (1, 784)}; `example` is drawn
    for the still. `answers` holds the outputs (k,) by preparation, None for a blank pad.
    """

    def __init__(
        self,
        networks: Mapping[str, Predict],
        preparations: Mapping[str, Callable[[np.ndarray], np.ndarray]],
        example: np.ndarray,
    ) -> None:
        self.networks, self.preparations = dict(networks), dict(preparations)
        self.answers: dict[str, np.ndarray | None] = {}
        alt = (
            "What the network sees of the drawing, and its ten outputs: once prepared as MNIST "
            "was, once only shrunk"
        )
        self.pad = DrawingPad()
        self.network = choice("network", list(self.networks))
        self.clear = button("Clear", "Clear the pad", self.wipe, "eraser")
        self.said = ipywidgets.HTML()
        self.still = to_html(self.read(example), alt)
        self.image = Picture(self.read(self.pad.drawing), alt)
        self._say()
        self.pad.observe(self._changed, "pixels")
        self.network.observe(self._changed, "value")
        left = ipywidgets.VBox([self.pad, self.clear], layout={"margin": "0 1em 0 0"})
        self.box = ipywidgets.VBox([self.network, row(left, self.image), self.said])

    def read(self, drawing: np.ndarray) -> Figure:
        """Reads a drawing (h, w) of 0 to 1: sets `answers` and returns the picture of them."""
        predict = self.networks[self.network.value]
        seen: dict[str, np.ndarray | None] = dict.fromkeys(self.preparations)
        self.answers = dict.fromkeys(self.preparations)
        if drawing.max() > 0:
            for name, prepared in self.preparations.items():
                image = prepared(drawing)
                seen[name], self.answers[name] = image, predict(image)[0]
        return readings(seen, self.answers)

    def wipe(self) -> None:
        """Make the pad blank."""
        self.pad.pixels = bytes(self.pad.size**2)

    def _changed(self, change: object) -> None:
        try:
            self.image.show(self.read(self.pad.drawing))
            self._say()
        except Exception as error:
            said = html.escape(f"{type(error).__name__}: {error}")
            self.said.value = f'<div role="status">This drawing cannot be read ({said}).</div>'

    def _say(self) -> None:
        """Puts the answers into words, which a screen reader says when they change."""
        words = [
            f"{html.escape(name)}: <b>read as {answer.argmax()}</b>, {answer.max():.0%}"
            for name, answer in self.answers.items()
            if answer is not None
        ]
        text = "; ".join(words) or "The pad is blank: draw a digit."
        self.said.value = f'<div role="status">{text}</div>'

    def _ipython_display_(self) -> None:
        text = f"Run the cells to draw a digit. The widget shows: {self.image.tooltip}"
        show_box(self.box, text, self.still)


def for_browser(network: Network) -> list[dict[str, bytes]]:
    """The weights and biases of each layer, two bytes a number, for predict in network.js.

    ValueError unless there is ReLU between the layers and softmax at the end.
    """
    affine, between = network.layers[::2], network.layers[1::2]
    if (
        affine != network.affine
        or not all(isinstance(layer, ReLU) for layer in between)
        or not isinstance(network.loss, SoftmaxCrossEntropy)
    ):
        raise ValueError("the browser reads with ReLU between layers and softmax at the end only")
    return [{"W": _float16(layer.W), "b": _float16(layer.b)} for layer in affine]


def _float16(values: np.ndarray) -> bytes:
    return values.astype("<f2").tobytes()


def drawn_digit(
    networks: Mapping[str, Network] | None = None,
    strokes: Sequence[Sequence[tuple[float, float]]] = (),
) -> Live:
    """A pad to draw a digit on, and what a network reads in it, prepared and only shrunk.

    networks: {name: 784 inputs, 10 outputs}; without them the reader that comes with the course.
    strokes: lists of points (x, y) from 0 to 280, drawn at the start. `values["strokes"]` are those
    that a learner drew; images.draw_strokes makes a drawing of them.
    """
    networks = networks or {"the course's reader": trained_reader()}
    given = {name: for_browser(network) for name, network in networks.items()}
    path = Path(__file__).with_name("drawn_digit.js")
    return Live(path, {"network": next(iter(networks)), "strokes": strokes}, networks=given)


def spoiled_digit(images: np.ndarray, labels: np.ndarray, network: Network) -> Live:
    """Drag, turn and spoil one of the images (n, 784), 0 to 1, and see what a network reads in it.

    What happens: shift, rotate, thicken, invert, then add_noise with np.random.default_rng(0).
    """
    given: dict[str, Any] = {
        "images": [np.rint(255 * image).astype(np.uint8).tobytes() for image in images],
        "labels": labels,
        "layers": for_browser(network),
        "noise": np.random.default_rng(0).normal(0, 1, 784).astype(np.float32),
    }
    return Live(Path(__file__).with_name("spoiled_digit.js"), **given)
