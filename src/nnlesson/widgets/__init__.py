"""Controls around the pictures of nnlesson.figures. One module per lesson, and what they share."""

from nnlesson.widgets.common import (
    Explorer,
    Question,
    Stepper,
    choice,
    explorer,
    log_slider,
    question,
    slider,
    stepper,
    sweep,
    toggle,
)

__all__ = [
    "Explorer",
    "Question",
    "Stepper",
    "choice",
    "explorer",
    "log_slider",
    "question",
    "slider",
    "stepper",
    "sweep",
    "toggle",
]
