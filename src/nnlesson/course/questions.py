"""Questions to answer before running: a button per choice, and a folded answer."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets
from IPython.display import Markdown, display

from nnlesson.course.controls import folded, show_box


class Question:
    """A question with a button per choice; a click says why it is right or not."""

    def __init__(
        self, prompt: str, choices: Sequence[str], answer: int, explanations: Sequence[str] | str
    ) -> None:
        if not 0 <= answer < len(choices):
            raise ValueError(f"answer is {answer}: the index of one of {len(choices)} choices")
        if isinstance(explanations, str):
            explanations = [explanations] * len(choices)
        if len(explanations) != len(choices):
            raise ValueError(f"{len(choices)} choices need as many explanations, or one for all")
        self.prompt, self.choices, self.answer = prompt, list(choices), answer
        self.explanations = list(explanations)
        letters = [chr(ord("A") + i) for i in range(len(choices))]
        self.buttons = [
            ipywidgets.Button(
                description=letter, tooltip=f"Answer {letter}", layout={"width": "4em"}
            )
            for letter in letters
        ]
        self.feedback = ipywidgets.HTMLMath()
        for i, button in enumerate(self.buttons):
            button.on_click(lambda _, i=i: self.choose(i))
        self.box = ipywidgets.VBox([ipywidgets.HBox(self.buttons), self.feedback])

    def choose(self, index: int) -> None:
        """Answer with a choice: say whether it is right and why, and mark its button."""
        right = index == self.answer
        verdict = "Yes." if right else "Not quite."
        for i, button in enumerate(self.buttons):
            style = "success" if right else "warning"
            button.button_style = style if i == index else ""
        letter = self.buttons[index].description
        # role=status: a screen reader says it when it appears.
        self.feedback.value = (
            f'<div role="status"><b>{letter}: {verdict}</b> {self.explanations[index]}</div>'
        )

    def _ipython_display_(self) -> None:
        lines = [f"**Before you run.** {self.prompt}", ""]
        lines += [
            f"- **{b.description}.** {c}" for b, c in zip(self.buttons, self.choices, strict=True)
        ]
        display(Markdown("\n".join(lines)))
        show_box(self.box, "Run the cells to answer with a click, or unfold the answer.")
        letter = self.buttons[self.answer].description
        folded("Answer", f"<p><b>{letter}.</b> {self.explanations[self.answer]}</p>")


def question(
    prompt: str, choices: Sequence[str], answer: int, explanations: Sequence[str] | str
) -> Question:
    """A "before you run" question; the last line of a cell.

    Prompt and choices are Markdown, explanations HTML, both with $maths$. `answer` is the index
    of the right choice. One explanation per choice says what is right or wrong with it.
    """
    return Question(prompt, choices, answer, explanations)
