"""The widgets of lesson 2: a tangent and a secant to slide along a curve, and the questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nnlesson.course.controls import Explorer, choice, slider
from nnlesson.course.lesson2.figures import Curve, tangent
from nnlesson.course.questions import question
from nnlesson.course.style import Figure

# Kept out of the notebook, where the answer would stand above the question.
QUESTIONS: dict[str, tuple[str, list[str], int, list[str]]] = {
    "step": (
        r"A neuron has $x = 2$, $w = 0.3$, $b = -0.1$, so $z = 0.5$. We change $w$ by 0.01. "
        r"How much does the output of the *step* change?",
        ["by about 0.01", "by about 0.02", "by nothing at all"],
        2,
        [
            "The step knows only two values, 0 and 1. It cannot change by 0.01.",
            r"$z$ does change by $0.01 \cdot x = 0.02$. But what does the step make of it?",
            r"$z$ goes from 0.50 to 0.52. Both are above 0, and the step says 1 to both.",
        ],
    ),
    "lost minus": (
        r"With $a = \frac{1}{1 + e^{z}}$ we compute $a(1 - a)$, and compare only this with the "
        "right slopes. Is the slip noticed?",
        ["yes, everywhere", "no, nowhere", "only on one side of 0"],
        1,
        [
            r"The wrong $a$ is $\sigma(-z) = 1 - \sigma(z)$. Put that into $a(1 - a)$.",
            r"The wrong $a$ is $1 - \sigma(z)$. In $a(1 - a)$ the two factors change places, "
            "and the product stays.",
            r"$a(1 - a)$ has the same value at $z$ and at $-z$, so both sides behave alike.",
        ],
    ),
    "traps": (
        r"Think of large $z$, where the right slope goes to 0. Which of the two slips is easier "
        "to notice?",
        [r"$z(1 - z)$", r"$\sigma'(a)$", "both are equally easy"],
        0,
        [
            r"It falls far below 0, at $z = 5$ to $-20$, although the sigmoid rises everywhere.",
            r"$a$ lies between 0 and 1, so $\sigma'(a)$ lies between 0.197 and 0.25. "
            "That looks like a good slope.",
            "Put in $z = 5$ and compare the two.",
        ],
    ),
    "full": (
        r"From which $z$ on is $1 - \sigma(z)$ *exactly* 0 in float64?",
        ["never", r"from about $z = 37$", r"from about $z = 710$, where $e^z$ overflows"],
        1,
        [
            "That is true in mathematics. But 16 digits cannot hold 0.99999999999999999999.",
            r"$e^{-37}$ is about $10^{-16}$. Added to 1 it changes only the 17th digit, "
            "which is not kept.",
            r"The 16 digits end much earlier than the large numbers do.",
        ],
    ),
    "chain": (
        "Ten sigmoids in a row. What is at most left of a nudge of size 1 in $z$?",
        ["about 1/40", "about 1/1,000", "about 1/1,000,000"],
        2,
        [
            r"That is $\frac{1}{4 \cdot 10}$. But the slopes are multiplied, not added.",
            r"That would be $\frac12$ ten times. The slope is at most $\frac14$.",
            r"$\left(\frac14\right)^{10} = \frac{1}{1048576}$.",
        ],
    ),
    "starting sum": (
        r"Each $z$ is a sum of 784 products *weight · pixel*, and the weights are small, "
        r"about 0.1. How large is a typical $z$?",
        ["about 0.1", "about 3", "about 80"],
        1,
        [
            "784 of them are added up. Some cancel, not all.",
            "Most pixels are close to −1 or 1, so a product has a size of about 0.1. Half of them "
            "are positive and half negative, so they mostly cancel. "
            r"What remains grows like a square root: $0.1 \cdot \sqrt{784} = 2.8$.",
            "That would be so if all had the same sign. They have not, and mostly cancel.",
        ],
    ),
    "softmax": (
        "We raise the score of *cat* a little and leave the other two as they are. "
        "What happens to the shares of *dog* and *bird*?",
        ["nothing: their scores did not change", "both fall", "one rises, one falls"],
        1,
        [
            r"Their $e^{z}$ did not change, but the sum $S$ under the fraction grew.",
            "The shares always add up to 1. What cat wins, the others lose.",
            r"Both have the same $S$ under the fraction, and it grew: both move the same way.",
        ],
    ),
}


def question_about(topic: str) -> question:
    """The "before you run" question of lesson 2 on a topic, one of QUESTIONS."""
    return question(*QUESTIONS[topic])


def tangent_explorer(functions: Mapping[str, tuple[Curve, Curve]], z: float = 1.0) -> Explorer:
    """Slide z and h: tangent at z, secant from z to z + h, both slopes. It starts at z.

    functions: name -> (f, its slope f_prime), both array -> array; several give a list to choose.
    """
    names = list(functions)

    def draw(z: float, h: float, name: str = names[0]) -> Figure:
        return tangent(z, h, *functions[name], name)

    controls: dict[str, Any] = {
        "z": slider("z", -5.0, 5.0, z, 0.1),
        "h": slider("h", 0.1, 3.0, 2.0, 0.1),
    }
    if len(names) > 1:
        controls = {"name": choice("activation", names), **controls}
    which = names[0] if len(names) == 1 else "chosen activation"
    alt = (
        f"The curve of the {which}, its tangent at z in blue and the dashed "
        "orange secant through z and z + h; below, the slopes of both lines on the curve of slopes."
    )
    return Explorer(draw, controls, alt)
