"""Lesson 5's checks accept other right ways, and name the cause of the likeliest wrong answers."""

import struct
from decimal import Decimal
from math import hypot, sqrt

import numpy as np
import pytest

from nnlesson.course.lesson5 import checks as lesson5

# ---- 1: how many bytes ----


def unpacked(head):
    n_sizes = head[3]
    sizes = struct.unpack(f">{n_sizes}I", bytes(head[4 : 4 + 4 * n_sizes]))
    total = 1
    for size in sizes:
        total = total * size
    return 4 * (n_sizes + 1) + total


def from_buffer(head):
    sizes = np.frombuffer(bytes(head), ">u4")[1:]
    return 8 + sizes[0] if head[3] == 1 else 16 + np.prod(sizes.astype(np.int64))


def three(head):
    return struct.unpack(">3I", bytes(head[4:16]))


def images_only(head):
    n, rows, columns = three(head)
    return 16 + n * rows * columns


def without_header(head):
    n, rows, columns = three(head)
    return n if head[3] == 1 else n * rows * columns


def header_of_16(head):
    n, rows, columns = three(head)
    return 16 + n if head[3] == 1 else 16 + n * rows * columns


def without_magic(head):
    n, rows, columns = three(head)
    return 4 + n if head[3] == 1 else 12 + n * rows * columns


def little_endian(head):
    n, rows, columns = struct.unpack("<3I", bytes(head[4:16]))
    return 8 + n if head[3] == 1 else 16 + n * rows * columns


def two_bytes_each(head):
    n, rows, columns = (256 * head[i] + head[i + 1] for i in (6, 10, 14))
    return 8 + n if head[3] == 1 else 16 + n * rows * columns


def always_28(head):
    return 8 + three(head)[0] if head[3] == 1 else 16 + three(head)[0] * 28 * 28


# ---- 2: the nearest mean ----


def by_loop(images, means):
    return [min(range(len(means)), key=lambda k: sum((i - means[k]) ** 2)) for i in images]


# ---- 3: when to stop ----


def stop_while(accuracies, patience):
    waited, best, at, epoch = 0, -1.0, 0, 0
    while epoch < len(accuracies) and waited < patience:
        epoch += 1
        waited += 1
        if accuracies[epoch - 1] > best:
            best, at, waited = accuracies[epoch - 1], epoch, 0
    return [at, epoch]


def stop_as_array(accuracies, patience):
    return np.array(stop_while(accuracies, patience))


def stop_after(accuracies, patience, *, start=1, ties=False, late=0, last=False):
    best = at = -1
    for epoch, a in enumerate(accuracies, start=start):
        if a > best or (ties and a == best):
            best, at = a, epoch
        elif epoch - at == patience + late:
            return (epoch if last else at), epoch
    return (epoch if last else at), epoch


def best_of_all(accuracies, patience):
    return accuracies.index(max(accuracies)) + 1, stop_while(accuracies, patience)[1]


def before_it(accuracies, patience):
    falls, at = 0, 1
    for epoch in range(2, len(accuracies) + 1):
        if accuracies[epoch - 1] > accuracies[epoch - 2]:
            falls, at = 0, epoch
        else:
            falls += 1
        if falls == patience:
            return at, epoch
    return at, len(accuracies)


def counts_all(accuracies, patience):
    bad, at = 0, 1
    for epoch in range(2, len(accuracies) + 1):
        if accuracies[epoch - 1] > accuracies[at - 1]:
            at = epoch
        else:
            bad += 1
        if bad == patience:
            return at, epoch
    return at, len(accuracies)


def value_of_best(accuracies, patience):
    at, last = stop_while(accuracies, patience)
    return accuracies[at - 1], last


def never_ends(accuracies, patience):
    at, last = stop_while(accuracies, patience)
    if last - at == patience:
        return at, last


# ---- 5 and 6: momentum, and comparing ----


def simulated(momentum):
    v = 0.0
    for step in range(200):
        v = momentum * v + (-1) ** step
    return abs(v)


def counted(a, b):
    more = sum(1 for x, y in zip(a, b, strict=True) if x and not y)
    less = sum(1 for x, y in zip(a, b, strict=True) if y and not x)
    return more - less, sqrt(more + less)


def d_of(a, b):
    return a * 1 - b * 1


def share_error(a):
    return sqrt(a.mean() * (1 - a.mean()) / len(a))


RIGHT = {
    "my_size": [unpacked, from_buffer],
    "my_nearest": [
        by_loop,
        lambda x, m: np.linalg.norm(x[:, None, :] - m[None], axis=-1).argmin(axis=-1),
        lambda x, m: np.array([((i - m) ** 2).sum(axis=1).argmin() for i in x]),
        lambda x, m: ((m**2).sum(1) - 2 * x @ m.T).argmin(1),
    ],
    "my_stop": [stop_while, stop_as_array, stop_after],
    "my_honest": ["bd", "b and d", ["b", "d"], {"d", "b"}, "BD", "(b), (d)", "plans b, d", "d b"],
    "my_swing": [simulated, lambda m: 1 / (1 + Decimal(str(m))), lambda mu: (1 + mu) ** -1],
    "my_comparison": [
        counted,
        lambda a, b: [d_of(a, b).sum(), len(a) ** 0.5 * d_of(a, b).std(ddof=1)],
        lambda a, b: np.array([a.sum() - b.sum(), np.sqrt(len(a) * np.var(d_of(a, b)))]),
    ],
}

# A wrong answer as a beginner writes it, and words that its message must have.
WRONG = {
    "my_size": [
        (without_header, "header comes before"),
        (images_only, "no rows and columns"),
        (header_of_16, "8 bytes long"),
        (without_magic, "magic number is part"),
        (little_endian, "wrong end"),
        (lambda head: 16 + three(head)[0], "one byte for each image"),
        (two_bytes_each, "use all of them"),
        (always_28, "28 · 28"),
    ],
    "my_nearest": [
        (lambda x, m: ((x[:, None] - m) ** 2).sum(axis=2).argmax(axis=1), "farthest"),
        (lambda x, m: ((x[:, None] - m) ** 2).sum(axis=2).argmin(axis=0), "axis=1"),
        (lambda x, m: (x[:, None] - m).sum(axis=2).argmin(axis=1), "square them"),
        (lambda x, m: ((x[:, None] - m).sum(axis=2) ** 2).argmin(axis=1), "square them"),
        (lambda x, m: ((x[:, None] - m) ** 2).sum(axis=2).min(axis=1), "argmin"),
        (lambda x, m: (x @ m.T).argmax(axis=1), "largest product"),
        (lambda x, m: ((x[:, None] - m) ** 2).sum(axis=2).argmin(), "whole table"),
        (lambda x, m: ((m**2).sum(axis=1) - x @ m.T).argmin(axis=1), "2 before x·m"),
        (lambda x, m: ((x - m) ** 2).sum(axis=1).argmin(), "do not fit row by row"),
    ],
    "my_stop": [
        (lambda a, p: stop_after(a, p, start=0), "count from 1"),
        (best_of_all, "future"),
        (before_it, "best epoch so far"),
        (counts_all, "starts the count again"),
        (lambda a, p: stop_after(a, p, ties=True), "no new best"),
        (lambda a, p: stop_after(a, p, late=1), "epoch late"),
        (lambda a, p: stop_after(a, p, last=True), "last weights"),
        (value_of_best, "accuracy itself"),
        (never_ends, "nothing is returned"),
        (lambda a, p: stop_while(a, p)[0], "two numbers"),
    ],
    "my_honest": [
        ("abd", "a: 20 tries"),
        ("bcd", "copies"),
        ("bde", "mean that prepares"),
        ("bf", "best of 100"),
        ("b", "d is missing"),
        ("d", "b is missing"),
        ("abcdef", "a: 20 tries"),
        ("none", "letters of all"),
    ],
    "my_swing": [
        (lambda m: 0, "do not cancel"),
        (lambda m: 1 / (1 - m), "steady slope"),
        (lambda m: 1 / (m - 1), "steady slope"),
        (lambda m: 1 - m, "second step"),
        (lambda m: 0.5, "half is"),
        (lambda m: m / (1 + m), "whole new velocity"),
        (lambda m: 1 + m, "divide"),
        (lambda m: 1, "with momentum 0"),
        (lambda m: -1 / (1 + m), "without a sign"),
    ],
    "my_comparison": [
        (lambda a, b: ((a - b).sum(), (a - b).std() * sqrt(len(a))), "True minus True"),
        (
            lambda a, b: (
                a.sum() - b.sum(),
                len(a) * hypot(share_error(a), share_error(b)),
            ),
            "not independent",
        ),
        (lambda a, b: (a.sum() - b.sum(), len(a) * share_error(a)), "one network's"),
        (lambda a, b: (d_of(a, b).sum(), d_of(a, b).std()), "√n times"),
        (lambda a, b: (d_of(a, b).sum(), d_of(a, b).std() / sqrt(len(a))), "a mean or of a share"),
        (lambda a, b: (a.sum() - b.sum(), share_error(a)), "a mean or of a share"),
        (lambda a, b: (d_of(a, b).mean(), d_of(a, b).std() / sqrt(len(a))), "count images"),
        (lambda a, b: (d_of(b, a).sum(), d_of(b, a).std() * sqrt(len(a))), "the sign"),
        (lambda a, b: (d_of(a, b).sum(), len(a) * d_of(a, b).var()), "square root"),
        (lambda a, b: (d_of(a, b).sum(), 2 * sqrt(len(a)) * d_of(a, b).std()), "two standard"),
        (lambda a, b: ((a & ~b).sum(), sqrt(len(a)) * d_of(a, b).std()), "B alone"),
        (lambda a, b: (d_of(a, b).sum(), sqrt(len(a)) * d_of(a, b).var()), "d.var()"),
        (lambda a, b: (d_of(a, b).sum(), sqrt((a != b).sum()) * d_of(a, b).std()), "all the im"),
        (lambda a, b: d_of(a, b).sum(), "two numbers"),
    ],
}

CHECKS = {c.name: c for name, c in vars(lesson5).items() if name.startswith("check_")}


def test_every_exercise_was_tried():
    assert set(RIGHT) == set(WRONG) == set(CHECKS)
    assert all(len(tried) >= 7 for tried in WRONG.values())


@pytest.mark.parametrize("name", RIGHT)
def test_other_right_ways_are_right(name):
    for answer in RIGHT[name]:
        assert CHECKS[name].judge(answer).status == "right", CHECKS[name].judge(answer)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_told_its_cause(name):
    for number, (answer, words) in enumerate(WRONG[name]):
        verdict = CHECKS[name].judge(answer)
        assert verdict.status == "not yet" and words in verdict.message, (number, verdict)
