"""The checks of lesson 5: a file's size, a baseline, stopping, honesty, momentum, comparing."""

from __future__ import annotations

import re
from math import prod

import numpy as np

from nnlesson.course.answers import as_text
from nnlesson.course.checks import FunctionCheck, PropertyCheck
from nnlesson.course.formulas import told


def _numbers(head, order="big"):
    """The numbers of four bytes after the magic number, as many as it says."""
    return [int.from_bytes(bytes(head[4 * i + 4 : 4 * i + 8]), order) for i in range(head[3])]


def _first_size(head):
    return _numbers([*head[:3], 1, *head[4:]])[0]


def _three_sizes(head):
    return _numbers([*head[:3], 3, *head[4:]])


check_size = FunctionCheck(
    **told("my_size", globals()),
    cases=lambda rng: [
        ([0, 0, 8, 3, 0, 0, 234, 96, 0, 0, 0, 28, 0, 0, 0, 28],),
        ([0, 0, 8, 1, 0, 0, 39, 16, 7, 2, 1, 0, 4, 1, 4, 9],),
        ([0, 0, 8, 3, 0, 1, 2, 3, 0, 0, 1, 4, 0, 0, 0, 30],),
    ],
)


INK = np.array([[0.1], [-0.1], [0], [0], [0]])  # some mean images are darker than others

check_nearest = FunctionCheck(
    **told("my_nearest", globals()),
    cases=lambda rng: [
        (rng.uniform(0, 1, (30, 6)), rng.uniform(0, 1, (5, 6)) + np.roll(INK, first, axis=0))
        for first in (1, 3)
    ],
)


def _stopping(better, first=1, late=0):
    """Early stopping; better(accuracies, i, best) says whether epoch i is a new best."""

    def stop(accuracies, patience):
        best = kept = 0
        for i in range(len(accuracies)):
            if i == 0 or better(accuracies, i, best):
                best, kept = i, i + first
            elif i - best == patience + late:
                return kept, i + first
        return kept, len(accuracies) - 1 + first

    return stop


def _above_best(accuracies, i, best):
    return accuracies[i] > accuracies[best]


_stop = _stopping(_above_best)


def _from_all(accuracies, patience):
    return int(np.argmax(accuracies)) + 1, _stop(accuracies, patience)[1]


def _first_fall(accuracies, patience):
    for i in range(1, len(accuracies)):
        if accuracies[i] < accuracies[i - 1]:
            return i, i + 1
    return len(accuracies), len(accuracies)


def _all_counted(accuracies, patience):
    best = kept = bad = 0
    for epoch, accuracy in enumerate(accuracies, start=1):
        if accuracy > best:
            best, kept = accuracy, epoch
        else:
            bad += 1
            if bad == patience:
                return kept, epoch
    return kept, len(accuracies)


def _without_end(accuracies, patience):
    kept, epoch = _stop(accuracies, patience)
    return (kept, epoch) if epoch - kept == patience else None


check_stop = FunctionCheck(
    **told("my_stop", globals()),
    cases=lambda rng: [
        ([0.66, 0.7, 0.6, 0.65, 0.66, 0.68, 0.9, 0.8], 3),
        ([0.5, 0.7, 0.6, 0.8, 0.79, 0.81, 0.8, 0.8, 0.82], 2),
        ([0.3, 0.4, 0.4, 0.5, 0.5, 0.5, 0.6], 2),
        ([0.1, 0.3, 0.25, 0.35, 0.3, 0.32], 3),
    ],
)

PLANS = "abcdef"


def _plans(answer):
    """The letters of the plans in an answer: 'bd', 'b and d', ['b', 'd']."""
    words = re.findall(r"\w+", as_text(answer).casefold())
    return {letter for word in words if set(word) <= set(PLANS) for letter in word}


check_honest = PropertyCheck(**told("my_honest", globals()))

check_swing = FunctionCheck(
    **told("my_swing", globals()),
    cases=lambda rng: [(0.0,), (0.5,), (0.9,), (0.8,)],
)


def _comparison(right_a, right_b):
    d = np.asarray(right_a, int) - np.asarray(right_b, int)
    return int(d.sum()), float(np.sqrt(len(d)) * d.std())


def _spread(right):
    """The standard error of the number of right answers."""
    return np.sqrt(len(right) * np.mean(right) * (1 - np.mean(right)))


def _answers(rng, n, wrong_a, wrong_b, both):
    a, b = np.ones(n, bool), np.ones(n, bool)
    a[: wrong_a + both] = False
    b[wrong_a : wrong_a + both + wrong_b] = False
    order = rng.permutation(n)
    return a[order], b[order]


check_comparison = FunctionCheck(
    **told("my_comparison", globals()),
    cases=lambda rng: [
        _answers(rng, 2000, 20, 48, 60),
        _answers(rng, 3000, 30, 18, 100),
        _answers(rng, 2500, 15, 15, 80),
    ],
)
