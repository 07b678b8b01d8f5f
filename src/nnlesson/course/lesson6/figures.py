"""The pictures of lesson 6: wrong digits, how sure they were, spoiled digits, and drawn ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from nnlesson.course import style
from nnlesson.course.digits import digit_grid, draw_image
from nnlesson.course.style import BLUE, COLORS, GREEN, GREY, INK, LABEL, MARKERS, ORANGE, RED, TINT


def nothing_to_show(title: str, text: str) -> Figure:
    """A picture that says why there is no picture."""
    figure, ax = style.new_figure(6.4, 1.6)
    ax.set_axis_off()
    style.write(ax, 0.5, 0.5, text, LABEL)
    style.label_axes(ax, title)
    return figure


def gallery(
    images: np.ndarray,
    labels: np.ndarray,
    probabilities: np.ndarray,
    which: np.ndarray,
    title: str = "",
    most: int = 25,
    second: bool = False,
) -> Figure:
    """The digits `which` (indices, at most `most`), titled t: true and p: predicted.

    images (n, d), labels (n,), probabilities (n, k). With `second`, a second line gives the
    confidence in percent and the second guess.
    """
    which = np.asarray(which, dtype=int)[:most]
    if len(which) == 0:
        return nothing_to_show(title, "No wrong digit: every answer here is right.")
    order = np.argsort(-probabilities[which], axis=1, kind="stable")
    titles = []
    for i, (best, runner) in zip(which, order[:, :2], strict=True):
        text = f"t: {labels[i]}  p: {best}"
        if second:
            text = f"{text}\n{probabilities[i, best]:.1%}, then {runner}"
        titles.append(text)
    return digit_grid(images[which], titles, columns=5, title=title, inches=1.05)


def confusion(counts: np.ndarray) -> Figure:
    """The confusion matrix (k, k), row = true, column = predicted; errors coloured, right grey."""
    k = len(counts)
    errors = counts.copy()
    np.fill_diagonal(errors, 0)
    figure, ax = style.new_figure(6.2, 5.2)
    ax.imshow(errors, cmap="Oranges", vmin=0, vmax=max(errors.max(), 1) * 1.7)
    for true, guess in np.ndindex(k, k):
        if true == guess:
            square = Rectangle((guess - 0.5, true - 0.5), 1, 1, facecolor=TINT[GREY])
            ax.add_patch(square)
        if counts[true, guess]:
            style.write(ax, guess, true, f"{counts[true, guess]}")
    ax.grid(False)
    ax.set(xticks=range(k), yticks=range(k))
    style.label_axes(ax, confusion_finding(errors), "predicted digit", "true digit")
    return figure


def confusion_finding(errors: np.ndarray) -> str:
    """A commonest confusion in words; errors (k, k) with an empty diagonal."""
    if errors.sum() == 0:
        return "No confusion: every answer is right"
    true, guess = np.unravel_index(errors.argmax(), errors.shape)
    often, total = errors.max(), errors.sum()
    times, s = "once" if often == 1 else f"{often} times", "s" if total > 1 else ""
    which = "the commonest" if np.sum(errors == often) == 1 else "among the commonest"
    return f"{total} error{s}; {which}: {true} taken for {guess}, {times}"


def luck(k: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far a share k / n may be from the truth by luck: below it and above it.

    Wilson's interval for two standard errors; that of k (n - k) / n³ alone is 0 where k is 0 or n.
    """
    share = k / n
    middle = (share + 2 / n) / (1 + 4 / n)
    half = 2 * np.sqrt(share * (1 - share) / n + 1 / n**2) / (1 + 4 / n)
    return share - np.clip(middle - half, 0, share), np.clip(middle + half, share, 1) - share


def error_per_digit(counts: np.ndarray) -> Figure:
    """Share of each true digit that is read wrong, from a confusion matrix; whiskers show luck.

    A digit that does not occur has no bar.
    """
    k, n = len(counts), counts.sum(axis=1)
    there, wrong = np.flatnonzero(n), n - np.diag(counts)
    rate = wrong[there] / n[there]
    below, above = luck(wrong[there], n[there])
    figure, ax = style.new_figure(6.8, 3.3)
    ax.bar(there, rate, width=0.65, color=BLUE)
    ax.errorbar(there, rate, [below, above], fmt="none", ecolor=INK, elinewidth=1, capsize=3)
    mean = wrong.sum() / max(n.sum(), 1)
    ax.axhline(mean, color=GREY, linestyle="--", linewidth=1.5, label=f"all digits {mean:.1%}")
    ax.set(xticks=range(k), ylim=(0, 1.25 * max([*(rate + above), 0.01])))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    ax.grid(False, axis="x")
    title = "No digit is read wrong"
    if wrong.sum():
        best, worst = rate.argmin(), rate.argmax()
        apart = rate[best] + above[best] < rate[worst] - below[worst]
        said = [f"{there[i]}: {rate[i]:.1%}" for i in (best, worst)]
        title = f"Wrong of {said[0]}, of {said[1]}: whiskers {'apart' if apart else 'overlap'}"
    style.label_axes(ax, title, "true digit", "share wrong")
    style.add_legend(ax, loc="upper left")
    return figure


def reliability(
    bins: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]], title: str = ""
) -> Figure:
    """Share right against confidence, and how many answers there are of each confidence.

    bins: {name: (mean confidence, share right, number)}, each (n_bins,), nan where number is 0.
    Whiskers show luck.
    """
    figure, (ax, low) = style.new_figure(6.4, 5.2, 2, 1, sharex=True, height_ratios=(3, 1))
    ax.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1.5, label="as right as sure")
    most, width = 1, 0.8 / (len(bins) * max(len(n) for _, _, n in bins.values()))
    for i, (name, (confidence, right, n)) in enumerate(bins.items()):
        some = n > 0
        whiskers = luck(right[some] * n[some], n[some])
        ax.errorbar(confidence[some], right[some], yerr=whiskers, color=COLORS[i],
                    marker=MARKERS[i], linestyle=style.DASHES[i], markersize=5, linewidth=1.6,
                    elinewidth=1, capsize=3, label=name)  # fmt: skip
        centre = (np.arange(len(n)) + 0.5) / len(n) + (i - (len(bins) - 1) / 2) * width
        low.bar(centre[some], n[some], width=width, color=COLORS[i])
        most = max(most, n.max())
    ax.set(xlim=(0, 1.02), ylim=(-0.03, 1.06))
    low.set(yscale="log", ylim=(0.7, 3 * most))
    style.label_axes(ax, title, "", "share right")
    style.label_axes(low, "", "confidence: the largest output", "answers")
    style.add_legend(ax, loc="lower right")
    return figure


def outputs(ax: Axes, values: np.ndarray, true: int) -> None:
    """Ten bars (k,): the largest is green if it is the true class, else red."""
    k, best = len(values), int(values.argmax())
    colors = [BLUE] * k
    colors[best] = GREEN if best == true else RED
    ax.bar(range(k), values, width=0.66, color=colors)
    style.note(ax, "true", (true, 0), (0, -26), annotation_clip=False)
    ax.set(xticks=range(k), ylim=(0, 1.08), yticks=[0, 0.5, 1])
    ax.grid(False, axis="x")


def under_change(
    amounts: Sequence[float], accuracies: Mapping[str, Sequence[float]], change: str, title: str
) -> Figure:
    """Accuracy against how much the images are changed: a line per network, and chance."""
    figure, ax = style.new_figure(6.8, 3.7)
    style.draw_lines(ax, {name: (amounts, values) for name, values in accuracies.items()})
    ax.axhline(0.1, color=GREY, linestyle=":", linewidth=1.5, label="chance")
    ax.set(ylim=(0, 1.04), xticks=amounts)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    style.label_axes(ax, title, change, "share right")
    # Below the lines where they are high, above them where they are low: matplotlib finds it.
    style.add_legend(ax, loc="best")
    return figure


def vote_card(
    image: np.ndarray, true: int, values: np.ndarray, votes: Mapping[str, int], title: str
) -> Figure:
    """A wrong digit (d,), its ten outputs (k,), and how many votes each verdict has so far."""
    figure, (left, middle, right) = style.new_figure(9, 3.2, 1, 3, width_ratios=(1.1, 2, 1.5))
    # Fixed margins: half the time of a drawing, and nothing jumps when a button is pressed.
    figure.set_layout_engine(None)
    figure.subplots_adjust(left=0.01, bottom=0.2, right=0.985, top=0.86, wspace=0.42, hspace=0.2)
    draw_image(left, image)
    outputs(middle, values, true)
    style.label_axes(middle, "", "", "output")
    right.barh(list(votes), list(votes.values()), height=0.55, color=[RED, ORANGE, GREEN])
    for i, n in enumerate(votes.values()):
        style.write(right, n, i, f" {n}", LABEL, ha="left")
    right.set(xlim=(0, max(5, 1.2 * max(votes.values()))), xticks=[])
    right.invert_yaxis()
    right.grid(False)
    right.set_title("your votes", fontsize=LABEL, color=INK, loc="left")
    style.say(figure, title)
    return figure


def preparation(steps: Mapping[str, np.ndarray], title: str) -> Figure:
    """The steps from a drawing to an input, {name: image (h, w)}; in 28 x 28 a cross: pixel 14."""
    figure, axes = style.new_figure(9, 2.9, 1, len(steps))
    for ax, (name, image) in zip(axes, steps.items(), strict=True):
        height, width = image.shape
        draw_image(ax, image, f"{name}\n{height} × {width}", extent=(0, width, height, 0))
        if height == width == 28:
            ax.axhline(14.5, color=RED, linewidth=0.8)  # the middle of pixel 14
            ax.axvline(14.5, color=RED, linewidth=0.8)
    style.say(figure, title)
    return figure


def bending(image: np.ndarray, moves: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """How a digit (784,) is bent: {name: (move down and right (2, 28, 28), bent (28, 28))}.

    An arrow goes from a pixel of the new image to the place where the old one is read.
    """
    figure, axes = style.new_figure(9, 2.8, 1, 2 * len(moves))
    place = np.arange(0, 28, 3)
    some = np.ix_(place, place)
    for (left, right), name in zip(axes.reshape(-1, 2), moves, strict=True):
        (dy, dx), bent = moves[name]
        draw_image(left, image, name, alpha=0.45)
        draw_image(right, bent, "the image read so")
        left.quiver(place, place, dx[some], dy[some], color=RED, angles="xy", scale_units="xy",
                    scale=1, width=0.008)  # fmt: skip
    said = "Only smooth moves leave a digit whole"
    style.say(figure, said)
    return figure
