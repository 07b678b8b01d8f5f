"""The checks of lesson 5: a file's size, a baseline, stopping, honesty, momentum, comparing."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

from __future__ import annotations

import re
from math import prod

import numpy as np

from nnlesson.course.answers import as_text
from nnlesson.course.checks import Either, FunctionCheck, PropertyCheck, Rule


def _numbers(head, order="big"):
    """The numbers of four bytes after the magic number, as many as it says."""
    return [int.from_bytes(bytes(head[4 * i + 4:4 * i + 8]), order) for i in range(head[3])]


def _first_size(head):
    return _numbers([*head[:3], 1, *head[4:]])[0]


def _three_sizes(head):
    return _numbers([*head[:3], 3, *head[4:]])


check_size = FunctionCheck(
    "my_size",
    solution=lambda head: 4 + 4 * head[3] + prod(_numbers(head)),
    right="the header says how many sizes follow, and their product is the number of bytes",
    mistakes={
        "these are the bytes of the data alone: the header comes before them":
            lambda head: prod(_numbers(head)),
        "the magic number is part of the header: it takes 4 bytes, too":
            lambda head: 4 * head[3] + prod(_numbers(head)),
        "a file of labels has one size, so its header is 8 bytes long, not 16":
            lambda head: 16 + prod(_numbers(head)),
        "a file of labels has no rows and columns: the fourth byte says how many sizes follow":
            Either(
                lambda head: 16 + prod(_three_sizes(head)),
                lambda head: 4 + 4 * head[3] + prod(_three_sizes(head)),
                lambda head: prod(_three_sizes(head)),
            ),
        "this reads the sizes from the wrong end: in IDX the first byte counts most":
            lambda head: 4 + 4 * head[3] + prod(_numbers(head, "little")),
        "an image has rows · columns bytes, and this counts one byte for each image": Either(
            lambda head: 16 + _first_size(head),
            lambda head: 4 + 4 * head[3] + _first_size(head),
        ),
        "not every image has 28 · 28 pixels: the header says how many rows and columns":
            Either(
                lambda head: 16 + 784 * _first_size(head),
                lambda head: 4 + 4 * head[3] + _first_size(head) * (784 if head[3] == 3 else 1),
            ),
        "the sizes are multiplied, not added: n images of rows · columns bytes":
            lambda head: 4 + 4 * head[3] + sum(_numbers(head)),
        "each size has four bytes, and this does not use all of them": Either(
            lambda head: 4 + 4 * head[3] + prod(head[7:4 + 4 * head[3]:4]),
            lambda head: 16 + head[7] * head[11] * head[15],
            lambda head: 4 + 4 * head[3] + prod(n % 256**2 for n in _numbers(head)),
        ),
        "the four bytes are not simply added: each counts 256 times as much as the next":
            lambda head: 4 + 4 * head[3] + prod(
                sum(head[4 * i + 4:4 * i + 8]) for i in range(head[3])
            ),
    },
    cases=lambda rng: [
        ([0, 0, 8, 3, 0, 0, 234, 96, 0, 0, 0, 28, 0, 0, 0, 28],),
        ([0, 0, 8, 1, 0, 0, 39, 16, 7, 2, 1, 0, 4, 1, 4, 9],),
        ([0, 0, 8, 3, 0, 1, 2, 3, 0, 0, 1, 4, 0, 0, 0, 30],),
    ],
    tolerance=0,
)


def _distances(images, means):
    return ((images[:, np.newaxis] - means) ** 2).sum(axis=2)


INK = np.array([[0.1], [-0.1], [0], [0], [0]])  # some mean images are darker than others

check_nearest = FunctionCheck(
    "my_nearest",
    solution=lambda images, means: _distances(images, means).argmin(axis=1),
    right="the answer is the class whose mean image is nearest",
    mistakes={
        "this is the mean image that is farthest away; the nearest is asked for":
            lambda images, means: _distances(images, means).argmax(axis=1),
        "this finds the nearest image for each mean; asked for is the nearest mean for each image":
            lambda images, means: _distances(images, means).argmin(axis=0),
        "differences above and below 0 cancel: square them before you sum": Either(
            lambda images, means: (images[:, np.newaxis] - means).sum(axis=2).argmin(axis=1),
            lambda images, means: np.abs(
                (images[:, np.newaxis] - means).sum(axis=2)
            ).argmin(axis=1),
        ),
        "these are the distances themselves; the answer is which mean is nearest: argmin":
            lambda images, means: _distances(images, means).min(axis=1),
        "the largest product is not the smallest distance: a mean image with much ink wins it":
            lambda images, means: (images @ means.T).argmax(axis=1),
        "(x - m)² is x² - 2x·m + m²: here the 2 before x·m is missing":
            lambda images, means: ((means**2).sum(axis=1) - images @ means.T).argmin(axis=1),
        "these are all the distances; for each image keep the place of the smallest":
            lambda images, means: _distances(images, means),
        "argmin() without an axis looks through the whole table; for each image take axis=1":
            lambda images, means: _distances(images, means).argmin(),
        "these shapes do not fit: images[:, np.newaxis] - means is (n, k, d)":
            lambda images, means: ((images - means) ** 2).sum(axis=1).argmin(),
        "the sum runs over the pixels, the last axis: of (n, k, d) that is axis=2":
            lambda images, means: ((images[:, np.newaxis] - means) ** 2).sum(axis=1).argmin(axis=1),
        "this adds the sizes of the differences; the task squares them":
            lambda images, means: np.abs(images[:, np.newaxis] - means).sum(axis=2).argmin(axis=1),
    },
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
    "my_stop",
    solution=_stop,
    right="it looks back only, waits for `patience` epochs, and keeps the best weights so far",
    parts=("the epoch that is kept", "the last epoch"),
    mistakes={
        "epochs count from 1, and these count from 0": _stopping(_above_best, first=0),
        "training goes on to the end here: it must stop when patience is over":
            {"the last epoch": lambda a, p: len(a)},
        "this keeps the best of all epochs; it may come after training has stopped": _from_all,
        "compare with the best epoch so far, not with the epoch before":
            _stopping(lambda a, i, best: a[i] > a[i - 1]),
        "an epoch that is only as good as the best is no new best":
            _stopping(lambda a, i, best: a[i] >= a[best]),
        "this stops an epoch late: `patience` epochs without a new best are enough":
            _stopping(_above_best, late=1),
        "this stops an epoch early: it is the `patience`-th epoch without a new best that ends it":
            _stopping(_above_best, late=-1),
        "the last weights are not the best: the first number is the epoch of the best accuracy":
            {"the epoch that is kept": lambda a, p: _stop(a, p)[1]},
        "this is the accuracy itself; the epoch that reached it is asked for":
            {"the epoch that is kept": lambda a, p: a[_stop(a, p)[0] - 1]},
        "the second number is the epoch after which training ends, not the one that is kept":
            {"the last epoch": lambda a, p: _stop(a, p)[0]},
        "two numbers are asked for: the epoch that is kept, and the last epoch": Either(
            lambda a, p: _stop(a, p)[0],
            lambda a, p: _stop(a, p)[1],
        ),
        "the order is turned: first the epoch that is kept, then the last epoch":
            lambda a, p: _stop(a, p)[::-1],
        "this stops at the first fall, whatever `patience` is": _first_fall,
        "a new best starts the count again: `patience` epochs one after the other": _all_counted,
        "nothing is returned when training goes on to the end: return the last epoch then":
            _without_end,
    },
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


def _without(letter):
    return lambda answer: letter not in _plans(answer)


check_honest = PropertyCheck(
    "my_honest",
    solution="bd",
    right="in b and d the reported images had no part in training, choosing or preparing",
    rules={
        "write the letters of all honest plans, such as 'af'":
            Rule(_plans, 5),
        "a: 20 tries on the test set pick the one that was lucky there: its number is too good":
            Rule(_without("a"), "abd"),
        "c: copies of one image land on both sides, so the test images were nearly learned by "
        "heart": Rule(_without("c"), "bcd"),
        "e: the test images had a part: the mean that prepares every image was taken over them, "
        "too": Rule(_without("e"), "bde"),
        "f: the best of 100 epochs on the validation images was partly lucky on just these images":
            Rule(_without("f"), "bdf"),
        "b is missing: the test images chose nothing there, the validation images did":
            Rule(lambda answer: "b" in _plans(answer), "d"),
        "d is missing: it chooses the epoch on validation images, and reports on others":
            Rule(lambda answer: "d" in _plans(answer), "b"),
    },
)

check_swing = FunctionCheck(
    "my_swing",
    solution=lambda momentum: 1 / (1 + momentum),
    right="v = -(momentum · v) + 1 gives v = 1 / (1 + momentum): about half, with 0.9",
    mistakes={
        "the slopes do not cancel: the old velocity counts only momentum times, the new slope once":
            0.0,
        "that is the steady slope, where all terms have the same sign; here the signs alternate":
            Either(lambda m: 1 / (1 - m), lambda m: -1 / (1 - m)),
        "1 - momentum is the second step; the third adds momentum² again, and so on": lambda m:
            1 - m,
        "half is what it comes near to when momentum is nearly 1; with momentum 0 it is SGD: 1":
            0.5,
        "the sizes alone are asked for, and the step of SGD is 1: leave η out":
            lambda m: 0.1 / (1 + m),
        "the step is the whole new velocity, not only the part that was kept of the old one":
            lambda m: m / (1 + m),
        "the turned-round velocity does not help the new slope, it works against it: divide":
            lambda m: 1 + m,
        "with momentum 0 this is right; with more the old velocity works against the new slope":
            1.0,
        "the size is asked for, without a sign": lambda m: -1 / (1 + m),
        "one factor too many: the slope enters whole, without (1 - momentum)":
            lambda m: (1 - m) / (1 + m),
        "this is the momentum itself": lambda m: m,
        "the geometric series of -momentum is 1 / (1 + momentum), not of momentum²":
            lambda m: 1 / (1 - m**2),
    },
    cases=lambda rng: [(0.0,), (0.5,), (0.9,), (0.8,)],
    tolerance=1e-3,
)


def _comparison(right_a, right_b):
    d = np.asarray(right_a, int) - np.asarray(right_b, int)
    return int(d.sum()), float(np.sqrt(len(d)) * d.std())


def _spread(right):
    """The standard error of the number of right answers."""
    return np.sqrt(len(right) * np.mean(right) * (1 - np.mean(right)))


def _scaled(difference, error):
    """The right numbers, multiplied: difference(n), error(n)."""
    def scaled(a, b):
        d, e = _comparison(a, b)
        return d * difference(len(a)), e * error(len(a))
    return scaled


def _answers(rng, n, wrong_a, wrong_b, both):
    a, b = np.ones(n, bool), np.ones(n, bool)
    a[:wrong_a + both] = False
    b[wrong_a:wrong_a + both + wrong_b] = False
    order = rng.permutation(n)
    return a[order], b[order]


check_comparison = FunctionCheck(
    "my_comparison",
    solution=_comparison,
    right="where both are right or both wrong the difference is 0, so only the others bring luck",
    parts=("the difference", "the standard error"),
    mistakes={
        "NumPy does not subtract True and False: make numbers of them first, .astype(int)":
            lambda a, b: ((a - b).sum(), np.sqrt(len(a)) * (a - b).std()),
        "these are shares; count images: the sum of d, and √n times its standard deviation": Either(
            _scaled(lambda n: 1 / n, lambda n: 1 / n),
            lambda a, b: (
                np.mean(a) - np.mean(b), np.hypot(_spread(a), _spread(b)) / len(a)
            ),
        ),
        "this is a share; count images: the sum of d":
            {"the difference": lambda a, b: _comparison(a, b)[0] / len(a)},
        "this counts only the images that A alone reads: take off those that B alone reads":
            {"the difference": lambda a, b: int((a & ~b).sum())},
        "take √n times d.std(), n being all the images; d.var() is the square of d.std()":
            {"the standard error": lambda a, b: (
                np.sqrt(len(a)) * (a.astype(int) - b.astype(int)).var()
            )},
        "the two are not independent: take the spread of d, which is 0 where both agree":
            {"the standard error": lambda a, b: np.hypot(_spread(a), _spread(b))},
        "this is the spread of one network's answers; that of the differences is asked for": Either(
            {"the standard error": lambda a, b: _spread(a)},
            {"the standard error": lambda a, b: _spread(b)},
        ),
        "n differences are added up, so their spread grows √n times": {
            "the standard error": lambda a, b: _scaled(float, lambda n: 1 / np.sqrt(n))(a, b)[1]
        },
        "near 0, as that of a mean or of a share is; the sum of d has √n times d.std()": {
            "the standard error": lambda a, b: _scaled(float, lambda n: 1 / n)(a, b)[1]
        },
        "n times would be right if all differences moved together; independent ones need √n": {
            "the standard error": lambda a, b: _scaled(float, np.sqrt)(a, b)[1]
        },
        "the square root is missing: this is the variance of the sum":
            {"the standard error": lambda a, b: _comparison(a, b)[1] ** 2},
        "this is two standard errors; one is asked for":
            {"the standard error": lambda a, b: 2 * _comparison(a, b)[1]},
        "the sign: how many more has A right than B?":
            {"the difference": lambda a, b: -_comparison(a, b)[0]},
        "without a sign nobody knows which network is better":
            {"the difference": lambda a, b: abs(_comparison(a, b)[0])},
        "that counts the images on which they disagree; those for A count +1, those for B -1":
            {"the difference": lambda a, b: int(np.sum(a != b))},
        "two numbers are asked for: the difference and its standard error": Either(
            lambda a, b: _comparison(a, b)[0],
            lambda a, b: _comparison(a, b)[1],
        ),
        "the first number is the difference, the second its standard error":
            lambda a, b: _comparison(a, b)[::-1],
    },
    cases=lambda rng: [
        _answers(rng, 2000, 20, 48, 60),
        _answers(rng, 3000, 30, 18, 100),
        _answers(rng, 2500, 15, 15, 80),
    ],
    tolerance=0.01,
)
