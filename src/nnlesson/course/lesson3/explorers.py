"""The widgets of lesson 3: the step of a slope, the rate of a descent, and the questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnlesson.course.controls import Explorer, choice, log_slider, slider
from nnlesson.course.lesson3.figures import descent, step_size
from nnlesson.course.questions import question
from nnlesson.course.style import Figure

Function = Callable[[Any], Any]

# Kept out of the notebook, where the answer would stand above the question.
QUESTIONS: dict[str, tuple[str, list[str], int, list[str]]] = {
    "smaller step": (
        r"We let $h$ shrink down to $10^{-15}$. What happens to the error of the central "
        "difference?",
        ["It shrinks all the way.", "It shrinks, then stays.", "It shrinks, then grows again."],
        2,
        [
            "So says the algebra. But the computer keeps only 16 digits of each number.",
            "It does not stay: an error of fixed size is divided by a smaller and smaller step.",
            "Two nearly equal numbers are subtracted. What is left is mostly rounding, and it is "
            "divided by a tiny step.",
        ],
    ),
    "whole numbers": (
        "The same call with whole numbers: `naive_gradient(bowl, np.array([3, 4]))`. "
        "What comes out?",
        ["`[6 8]`", "An error message.", "Two wrong numbers, and no error message."],
        2,
        [
            "It would, if the array could hold 3.0001.",
            "NumPy puts 3.0001 into an array of whole numbers without a word: it cuts the "
            "decimals off.",
            "3.0001 becomes 3, and 2.9999 becomes 2. Run the next cell.",
        ],
    ),
    "rate 1": (
        r"In the bowl $x_0^2 + x_1^2$, what does gradient descent do with $\eta = 1$?",
        ["It arrives in one step.", "It jumps from side to side for ever.", "It flies away."],
        1,
        [
            r"That is $\eta = \frac12$: $x - \frac12 \cdot 2x = 0$.",
            r"The gradient is $2x$; a step gives $x - 1 \cdot 2x = -x$: as high, on the other "
            "side.",
            r"That needs $\eta$ above 1: then each jump ends higher than it began.",
        ],
    ),
    "first loss": (
        "A new network gives each of the ten digits the same share. How large is its softmax "
        "cross-entropy?",
        ["0.1", "2.30", "It depends on the images."],
        1,
        [
            "0.1 is the share; the loss is minus its logarithm.",
            r"$-\ln 0.1 = \ln 10 = 2.30$, whatever the images and the labels are.",
            "With equal shares each label costs the same.",
        ],
    ),
    "evaluations": (
        "The network has 39,760 parameters. Say one evaluation of the cost takes 0.3 ms. How long "
        "do 100 iterations of training with measured slopes take?",
        ["12 seconds", "24 seconds", "40 minutes"],
        2,
        [
            "That is 39,760 · 0.3 ms: one evaluation for each parameter, one gradient. We need two "
            "evaluations each, and 100 gradients.",
            "That is 2 · 39,760 · 0.3 ms: a single gradient. 100 iterations need 100 of them.",
            "2 · 39,760 · 0.3 ms is 24 seconds for one gradient; 100 gradients take 40 minutes.",
        ],
    ),
    "14 per cent": (
        "The network of section 8 gets 14% of its random labels right; chance is 10%. "
        "What has it learned?",
        ["to recognise some of the examples", "which label is the commonest", "we cannot say"],
        1,
        [
            "Then its answers would differ from example to example. The next cell shows them.",
            "It gives one answer to everything, and that label has a share of 14%.",
            "We can: the next cell counts its answers.",
        ],
    ),
    "all positive": (
        "All weights lie between 0 and 0.01. What do the 50 hidden units of the new network do?",
        ["Each one sees something else.", "All do nearly the same.", "All give 0."],
        1,
        [
            "For that, some weights must count against what others count for.",
            "Each sum is about 0.005 times the ink in the image: all 50 rise and fall together.",
            "The sigmoid of a small sum is near ½, not 0.",
        ],
    ),
}


def question_about(topic: str) -> question:
    """The "before you run" question of lesson 3 on a topic, one of QUESTIONS."""
    return question(*QUESTIONS[topic])


def step_explorer(
    f: Function, z: float, slope: float, steps: np.ndarray, errors: Mapping[str, np.ndarray]
) -> Explorer:
    """Slide the step h: what the difference sees of f at z, and the error it makes.

    errors = {"central, float64": error at each of `steps`, ...}; `slope` is the exact one.
    """

    def draw(h: float, method: str) -> Figure:
        return step_size(f, z, slope, h, method, steps, errors)

    low, high = np.log10(steps[[0, -1]])
    controls = {
        "h": log_slider("step h", float(low), float(high), 1e-5, 0.25),
        "method": choice("method", list(errors), "central, float64"),
    }
    alt = (
        "Left: the function as the computer sees it around z, in steps of h, with the measured "
        "and the exact slope. Right: the error against h for all methods, with a star at this h."
    )
    return Explorer(draw, controls, alt, columns=2)


def rate_explorer(
    surfaces: Mapping[str, Function],
    descend: Callable[[Function, np.ndarray, float, int], np.ndarray],
    start: tuple[float, float] = (-3.5, 3.0),
) -> Explorer:
    """Slide the learning rate: the path downhill on a surface, and the height at each step.

    descend(f, start, learning_rate, steps) -> path (steps + 1, 2).
    """

    def draw(surface: str, rate: float, steps: int) -> Figure:
        f = surfaces[surface]
        rate = float(f"{rate:.2g}")  # as shown by the slider: exactly 0.5, not 0.5012
        return descent(f, descend(f, np.array(start), rate, steps), rate)

    controls = {
        "surface": choice("surface", list(surfaces)),
        "rate": log_slider("learning rate η", -3.0, 0.1, 0.1, 0.05),
        "steps": slider("steps", 1, 60, 20),
    }
    alt = (
        "Left: the contour lines of the surface with the path from a blue square towards the star "
        "at the lowest point. Right: the height at each step on a log axis; the title says whether "
        "the descent crawls, arrives, jumps to and fro or diverges."
    )
    return Explorer(draw, controls, alt)
