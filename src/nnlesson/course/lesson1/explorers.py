"""The live figures of lesson 1: the line of three numbers, the learning rule, a neuron card."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnlesson.course.live import Live


def decision_line(functions: Mapping[str, Sequence[int]], start: str = "AND") -> Live:
    """Drag the line that w1, w2 and b draw, or slide them: z and the answer at the four corners.

    functions: name -> wanted answers for (0, 0), (0, 1), (1, 0), (1, 1). Each is a goal to reach.
    """
    path = Path(__file__).with_name("decision_line.js")
    return Live(path, {"function": start}, functions=functions)


def learning_rule(
    looks: Sequence[Mapping[str, Any]], targets: Sequence[int], look: int = 1
) -> Live:
    """Step through the learning rule at the four corners: the line before and after, the numbers.

    looks: dicts of w, b (before), x, t, y, new_w, new_b, the first look first. targets: the wanted
    answers for (0, 0), (0, 1), (1, 0), (1, 1). `look` is the one shown at the start.
    """
    path = Path(__file__).with_name("learning_rule.js")
    return Live(path, {"look": look}, looks=[dict(one) for one in looks], targets=targets)


def one_neuron(network: Any, images: np.ndarray) -> Live:
    """Choose an image, a layer and a neuron of a PerceptronNetwork, and look at single inputs.

    images: (n, d), values 0 to 1. Seen are the neuron's inputs, weights, products, z and y.
    """
    layers: list[dict[str, Any]] = [
        {
            "weights": np.array([[round(1000 * w) for w in one.weights] for one in layer.neurons]),
            "biases": [one.bias for one in layer.neurons],
            "z": [],
            "y": [],
        }
        for layer in network.layers
    ]
    own = copy.deepcopy(network)  # forward leaves x, z and y in the neurons: not in yours
    for image in images:
        own.forward(np.asarray(image, float).tolist())
        for held, layer in zip(layers, own.layers, strict=True):
            for name in ("z", "y"):
                held[name].append([round(getattr(one, name), 6) for one in layer.neurons])
    percent = np.round(100 * np.asarray(images, float)).astype(int)
    middle = int(percent.sum(axis=0).argmax())  # an input that is not 0
    path = Path(__file__).with_name("one_neuron.js")
    return Live(path, images=percent, layers=layers, input=middle)
