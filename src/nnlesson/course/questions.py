"""Questions to answer before running: a button per choice, and a folded answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import ipywidgets
from IPython.display import Markdown, display

from nnlesson.course.controls import button, folded, show_box


class question:
    """A "before you run" question with a button per choice; the last line of a cell.

    Prompt and choices are Markdown, explanations HTML, both with $maths$. `answer` is the index
    of the right choice. One explanation per choice says what is right or wrong with it.
    """

    def __init__(
        self, prompt: str, choices: Sequence[str], answer: int, explanations: Sequence[str]
    ) -> None:
        if not 0 <= answer < len(choices):
            raise ValueError(f"answer is {answer}: the index of one of {len(choices)} choices")
        if isinstance(explanations, str) or len(explanations) != len(choices):
            raise ValueError(f"{len(choices)} choices need as many explanations")
        self.prompt, self.choices, self.answer = prompt, list(choices), answer
        self.explanations = list(explanations)
        self.letters = [chr(ord("A") + i) for i in range(len(choices))]
        self.buttons = [
            button(letter, f"Answer {letter}", partial(self.choose, i))
            for i, letter in enumerate(self.letters)
        ]
        for each in self.buttons:
            each.layout.width = "4em"
        self.feedback = ipywidgets.HTMLMath()
        self.box = ipywidgets.VBox([ipywidgets.HBox(self.buttons), self.feedback])

    def choose(self, index: int) -> None:
        """Answer with a choice: say whether it is right and why, and mark its button."""
        right = index == self.answer
        for i, each in enumerate(self.buttons):
            each.button_style = ("success" if right else "warning") if i == index else ""
        verdict = f"{self.letters[index]}: {'Yes.' if right else 'Not quite.'}"
        # role=status: a screen reader says it when it appears.
        why = self.explanations[index]
        self.feedback.value = f'<div role="status"><b>{verdict}</b> {why}</div>'

    def _ipython_display_(self) -> None:
        lines = [f"**Before you run.** {self.prompt}", ""]
        lines += [f"- **{a}.** {c}" for a, c in zip(self.letters, self.choices, strict=True)]
        display(Markdown("\n".join(lines)))
        show_box(self.box, "Run the cells to answer with a click, or unfold the answer.")
        right = f"<b>{self.letters[self.answer]}.</b> {self.explanations[self.answer]}"
        folded("Answer", f"<p>{right}</p>")
