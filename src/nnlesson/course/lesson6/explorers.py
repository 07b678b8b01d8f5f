"""The widgets of lesson 6: votes on wrong digits, a digit to spoil, and a pad to draw on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets
import numpy as np

from nnlesson.course.controls import Picture, button, row, show_box
from nnlesson.course.lesson6.figures import nothing_to_show, vote_card
from nnlesson.course.live import Live
from nnlesson.course.style import Figure, to_html
from nnlesson.layers import ReLU
from nnlesson.losses import SoftmaxCrossEntropy
from nnlesson.network import Network


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
        answer = f"label {true}, read as {values.argmax()}"
        said = f"Wrong digit {self.at + 1} of {n}: {answer}"
        if self.at in self.votes:
            said = f"{said}. Your vote: {self.votes[self.at]}"
        if len(self.votes) == n:
            votes = ", ".join(f"{name} {times}" for name, times in self.counts.items())
            said = f"All {n} judged: {votes}. This one: {answer}"
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
    networks: Mapping[str, Network], strokes: Sequence[Sequence[tuple[float, float]]] = ()
) -> Live:
    """A pad to draw a digit on, and what a network reads in it, prepared and only shrunk.

    networks: {name: 784 inputs, 10 outputs}. strokes: lists of points (x, y) from 0 to 280, drawn
    at the start. `values["strokes"]` are a learner's; images.draw_strokes makes a drawing of them.
    """
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
