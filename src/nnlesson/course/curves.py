"""Pictures of a training: curves against the epoch, and whether it has learned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nnlesson.course import style
from nnlesson.course.style import BLUE, GREY, LABEL, PALE, RED


def learning_finding(labels: np.ndarray, predicted: np.ndarray, n_classes: int) -> str:
    """One sentence: is the accuracy above the majority class by more than luck explains?

    Luck: two standard errors of a proportion, 2 sqrt(p (1 - p) / n).
    """
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    counts = np.bincount(labels, minlength=n_classes)
    majority = counts.max() / len(labels)
    accuracy = float(np.mean(labels == predicted))
    luck = 2 * np.sqrt(majority * (1 - majority) / len(labels))
    used = np.unique(predicted)
    always = f"always answering {counts.argmax()} ({style.percent(majority)})"
    said = f"{style.percent(accuracy)} right"
    if len(used) == 1:
        return f"{said}, and every answer is {used[0]}: none depends on the image"
    if accuracy <= majority + luck:
        return f"{said}: no better than {always}"
    if len(used) < n_classes:
        few = f"only {len(used)} of {n_classes} answers occur"
        return f"{said}, above the majority class, but {few}"
    return f"{said}: far more than {always}"


def learning_check(
    labels: np.ndarray, predicted: np.ndarray, n_classes: int, title: str | None = None
) -> Figure:
    """Is it really learning? Accuracy beside chance and the majority class, and what it answers.

    labels (n,), predicted (n,), integers from 0 to n_classes - 1. The title states the finding
    unless one is given.
    """
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    if labels.shape != predicted.shape or labels.ndim != 1 or len(labels) == 0:
        raise ValueError(f"labels {labels.shape} and predicted {predicted.shape}: (n,) is needed")
    counts = np.bincount(labels, minlength=n_classes)
    answers = np.bincount(predicted, minlength=n_classes)
    accuracy, majority = float(np.mean(labels == predicted)), counts.max() / len(labels)
    figure, (left, right) = style.new_figure(9, 3.3, 1, 2, width_ratios=(1, 1.7))
    left.bar([0], [accuracy], width=0.5, color=BLUE)
    clear = max(accuracy, majority) if accuracy < majority + 0.02 else accuracy
    style.write(left, 0, clear + 0.02, style.percent(accuracy), LABEL, va="bottom")
    lines = [(majority, RED, "--", "majority"), (1 / n_classes, GREY, ":", "chance")]
    for level, color, dash, name in lines:
        said = f"{name} {style.percent(level)}"
        left.axhline(level, color=color, linestyle=dash, linewidth=1.8, label=said)
    # The space above 1 is for the legend, which a high bar would meet.
    left.set(xlim=(-0.6, 0.6), ylim=(0, 1.42), xticks=[], yticks=np.linspace(0, 1, 6))
    left.grid(False, axis="x")
    style.label_axes(left, "", "", "share right")
    style.add_legend(left, loc="upper left", ncols=1)
    where = np.arange(n_classes)
    right.bar(where - 0.2, counts, 0.4, color=PALE, edgecolor=GREY, label="true labels")
    right.bar(where + 0.2, answers, 0.4, color=BLUE, label="answers")
    right.set(xticks=where, ylim=(0, 1.25 * max(counts.max(), answers.max())))
    right.grid(False, axis="x")
    style.label_axes(right, "", "class", "number of examples")
    style.add_legend(right, loc="upper right", ncols=2)
    finding = title or learning_finding(labels, predicted, n_classes)
    style.say(figure, finding)
    return figure


def training_curves(
    epochs: np.ndarray,
    costs: Mapping[str, np.ndarray],
    accuracies: Mapping[str, np.ndarray],
    title: str = "",
    chance: float | None = None,
) -> Figure:
    """Cost and accuracy against the epoch, one line per name: costs={"train": (n,)}, ...

    Lines shorter than `epochs` (a run that was stopped) end early. Accuracies are shares, 0 to 1.
    """
    figure, (left, right) = style.new_figure(9, 3.4, 1, 2)
    epochs = np.asarray(epochs)
    for ax, lines in ((left, costs), (right, accuracies)):
        named = {name: (epochs[: len(values)], values) for name, values in lines.items()}
        style.draw_lines(ax, named, markersize=4 if len(epochs) <= 30 else 0)
        if len(epochs) and np.ptp(epochs) < 12:
            ax.set_xticks(epochs)
        if len(lines) > 1:
            style.add_legend(ax)
    if chance is not None:
        right.axhline(chance, color=GREY, linestyle=":", linewidth=1.5)
        # Left out where the line is outside: `annotation_clip`.
        place = {"xycoords": ("axes fraction", "data"), "annotation_clip": True}
        style.note(right, "chance", (0.99, chance), (0, 1), GREY, ha="right", **place)
    style.label_axes(left, "", "epoch", "cost")
    style.label_axes(right, "", "epoch", "share right")
    style.say(figure, title)
    return figure
