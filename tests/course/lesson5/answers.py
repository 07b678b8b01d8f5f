"""Answers to lesson 5's exercises: right in another form, and wrong, with words they are told."""

import struct
from decimal import Decimal
from math import prod, sqrt

import numpy as np


def n_bytes(head, sizes):
    return 4 * (head[3] + 1) + prod(sizes[: head[3]])


def by_loop(images, means):
    return [min(range(len(means)), key=lambda k: sum((i - means[k]) ** 2)) for i in images]


def by_counting(accuracies, patience):
    """Early stopping that counts the epochs without a new best."""
    bad, at = 0, 1
    for epoch in range(2, len(accuracies) + 1):
        if accuracies[epoch - 1] > accuracies[at - 1]:
            at, bad = epoch, 0
        else:
            bad += 1
        if bad == patience:
            return at, epoch
    return at, len(accuracies)


def simulated(momentum):
    v = 0.0
    for step in range(200):
        v = momentum * v + (-1) ** step
    return abs(v)


def counted(a, b):
    more = sum(1 for x, y in zip(a, b, strict=True) if x and not y)
    less = sum(1 for x, y in zip(a, b, strict=True) if y and not x)
    return more - less, sqrt(more + less)


RIGHT = {
    "my_size": [lambda head: n_bytes(head, np.frombuffer(bytes(head), ">u4")[1:].astype(int))],
    "my_nearest": [by_loop, lambda x, m: ((m**2).sum(1) - 2 * x @ m.T).argmin(1)],
    "my_stop": [by_counting, lambda a, p: np.array(by_counting(a, p))],
    "my_honest": ["bd", "b and d", ["b", "d"], {"d", "b"}, "(B), (d)", "plans b, d"],
    "my_swing": [simulated, lambda m: 1 / (1 + Decimal(str(m)))],
    "my_comparison": [
        counted,
        lambda a, b: np.array([a.sum() - b.sum(), len(a) ** 0.5 * (a * 1 - b * 1).std(ddof=1)]),
    ],
}
WRONG = {
    "my_size": [
        (lambda head: 8 + prod(struct.unpack(">3I", bytes(head[4:16]))[: head[3]]), "47040008;")
    ],
    "my_honest": [("bf", "best of 100"), ("abcdef", "a: 20 tries"), ("none", "letters of all")],
}
