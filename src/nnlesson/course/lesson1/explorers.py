"""The widgets of lesson 1: the line three numbers draw, the learning rule, a card per neuron."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnlesson.course.controls import Explorer, Stepper, choice, slider
from nnlesson.course.lesson1.figures import correction, decision_line, neuron_card
from nnlesson.course.style import Figure, minus


def decision_explorer(functions: Mapping[str, Sequence[int]], start: str = "AND") -> Explorer:
    """Slide w1, w2 and b and choose the function: the line, z at the four corners, what is right.

    functions: name -> wanted answers for (0, 0), (0, 1), (1, 0), (1, 1).
    """

    def draw(function: str, w1: float, w2: float, b: float) -> Figure:
        return decision_line(w1, w2, b, function, functions[function])

    controls = {
        "function": choice("function", list(functions), start),
        "w1": slider("w₁", -3.0, 3.0, 1.0, 0.25),
        "w2": slider("w₂", -3.0, 3.0, 1.0, 0.25),
        "b": slider("b", -3.0, 3.0, -0.5, 0.25),
    }
    alt = (
        "Left: the four inputs in a plane, cut by the line z = 0. "
        "Right: a table of z, answer and target for each input."
    )
    return Explorer(draw, controls, alt)


def correction_stepper(
    steps: Sequence[Mapping[str, Any]], targets: Sequence[int], still_step: int = 0
) -> Stepper:
    """Look after look of the learning rule at the four corners; see figures.correction."""

    def draw(step: int) -> Figure:
        return correction(steps[step], targets, step + 1)

    alt = (
        "One look of the learning rule: left the line before and after, "
        "right the numbers of the rule for the example that is circled."
    )
    return Stepper(draw, len(steps), alt, still_step, first=1)


def neuron_browser(network: Any, images: np.ndarray) -> Explorer:
    """Choose an image, a layer and a neuron of a PerceptronNetwork: the card of that neuron.

    images: (n, d), values 0 to 1. The neuron slider is as long as the layer chosen.
    """
    examples = [image.tolist() for image in np.asarray(images, float)]
    sizes = [len(layer.neurons) for layer in network.layers]

    def draw(image: int, layer: int, neuron: int) -> Figure:
        own = copy.deepcopy(network)  # forward leaves x, z and y in the neurons: not in yours
        own.forward(examples[image])
        number = min(neuron, sizes[layer] - 1)
        one = own.layers[layer].neurons[number]
        title = f"Layer {layer + 1}, neuron {number}: {len(one.weights)} weights, "
        title += minus(f"z = {one.z:.2f}, y = {one.y:.3f}")
        return neuron_card(one.x, one.weights, one.bias, one.z, one.y, title)

    names = [(f"{k + 1} ({size} neurons)", k) for k, size in enumerate(sizes)]
    controls = {
        "image": slider("image", 0, len(examples) - 1, 0),
        "layer": choice("layer", names, 0),
        "neuron": slider("neuron", 0, sizes[0] - 1, 0),
    }
    alt = (
        "The card of one neuron: its inputs, its weights, their products as pictures, "
        "and its z and output y on the sigmoid."
    )
    made = Explorer(draw, controls, alt)

    def fit_slider(change: Mapping[str, Any]) -> None:
        controls["neuron"].max = sizes[change["new"]] - 1

    controls["layer"].observe(fit_slider, "value")
    return made
