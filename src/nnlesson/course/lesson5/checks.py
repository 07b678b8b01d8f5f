"""The checks of lesson 5: bytes, a baseline, counting steps, momentum, and an honest test."""

from __future__ import annotations

import numpy as np

from nnlesson.course.checks import ChoiceCheck, FunctionCheck, Mistake


def _number(four):
    return ((four[0] * 256 + four[1]) * 256 + four[2]) * 256 + four[3]


def _base(base):
    return lambda four: sum(b * base ** (3 - i) for i, b in enumerate(four))


check_number = FunctionCheck(
    "my_number",
    solution=_number,
    right="each byte counts 256 times the byte after it",
    mistakes=[
        Mistake(
            lambda four: _number(four[::-1]),
            "this reads the bytes from the wrong end: in IDX the first byte counts most",
        ),
        Mistake(sum, "the bytes are only added: a byte counts 256 times the one after it"),
        Mistake(
            _base(255),
            "a byte has 256 values, 0 to 255, so each place counts 256 times the next, not 255",
        ),
        Mistake(_base(10), "the places count 256 times the next: a byte is not a decimal digit"),
        Mistake(
            lambda four: four[2] * 256 + four[3],
            "the first two bytes are left out; they count from 65,536 up",
        ),
    ],
    cases=lambda rng: [
        (list(map(int, rng.integers(1, 256, 4))),),
        ([0, 0, 8, 3],),
        ([0, 0, 234, 96],),
        ([1, 0, 0, 0],),
    ],
)


def _distances(images, means):
    return ((images[:, np.newaxis] - means) ** 2).sum(axis=2)


check_nearest = FunctionCheck(
    "my_nearest",
    solution=lambda images, means: _distances(images, means).argmin(axis=1),
    right="the answer is the class whose mean image is nearest",
    mistakes=[
        Mistake(
            lambda images, means: _distances(images, means).argmax(axis=1),
            "this is the mean image that is farthest away: take argmin",
        ),
        Mistake(
            lambda images, means: _distances(images, means).argmin(axis=0),
            "this finds the nearest image for each mean; for each image (each row) take axis=1",
        ),
        Mistake(
            lambda images, means: (images[:, np.newaxis] - means).sum(axis=2).argmin(axis=1),
            "differences above and below 0 cancel: square them before you sum",
        ),
        Mistake(
            lambda images, means: _distances(images, means).min(axis=1),
            "these are the distances themselves; the answer is which mean is nearest: argmin",
        ),
        Mistake(
            lambda images, means: (images @ means.T).argmax(axis=1),
            "the largest product is not the smallest distance: a mean image with much ink wins it",
        ),
        Mistake(
            lambda images, means: _distances(images, means),
            "these are all the distances; for each image keep the place of the smallest",
        ),
    ],
    cases=lambda rng: [
        (rng.uniform(0, 1, (30, 6)), rng.uniform(0, 1, (5, 6)) + [[0], [0.1], [0], [-0.1], [0]])
    ],
)

check_steps = FunctionCheck(
    "my_steps",
    solution=lambda n, batch_size, epochs: -(-n // batch_size) * epochs,
    right="every batch is one step, the short last batch too",
    mistakes=[
        Mistake(
            lambda n, batch_size, epochs: n // batch_size * epochs,
            "the short last batch of each epoch is a step too: round up with -(-n // batch_size)",
        ),
        Mistake(
            lambda n, batch_size, epochs: n / batch_size * epochs,
            "there are no parts of a step: the last batch of an epoch is short, and is a step",
        ),
        Mistake(
            lambda n, batch_size, epochs: -(-n // batch_size),
            "these are the steps of one epoch; there are `epochs` of them",
        ),
        Mistake(
            lambda n, batch_size, epochs: -(-n * epochs // batch_size),
            "each epoch starts with a full batch again: round up for one epoch, then multiply",
        ),
        Mistake(
            lambda n, batch_size, epochs: n * epochs,
            "a step is made for a whole batch, not for each example",
        ),
        Mistake(
            lambda n, batch_size, epochs: (n // batch_size + 1) * epochs,
            "where the batches fit exactly there is no short one: 60 in batches of 10 are 6 steps",
        ),
    ],
    cases=lambda rng: [(1259, 100, 7), (55, 10, 3), (10, 4, 5), (5, 8, 2), (60, 10, 3)],
)


def _momentum(p, v, dp, learning_rate, momentum):
    v = momentum * v - learning_rate * dp
    return p + v, v


check_momentum = FunctionCheck(
    "my_momentum",
    solution=_momentum,
    right="first the velocity, then the step with the new velocity",
    parts=("p", "v"),
    mistakes=[
        Mistake(
            lambda p, v, dp, learning_rate, momentum: (
                p + v,
                momentum * v - learning_rate * dp,
            ),
            "p moves by the old v: compute the new v first, then add it",
        ),
        Mistake(
            lambda p, v, dp, learning_rate, momentum: (
                p + momentum * v + learning_rate * dp,
                momentum * v + learning_rate * dp,
            ),
            "the sign of the slope: v gets minus learning_rate · dp, or the cost goes up",
        ),
        Mistake(
            lambda p, v, dp, learning_rate, momentum: (
                p - (momentum * v - learning_rate * dp),
                momentum * v - learning_rate * dp,
            ),
            "v points downhill already: add it to p, do not subtract it",
        ),
        Mistake(
            lambda p, v, dp, learning_rate, momentum: (p - learning_rate * dp, v),
            "this is SGD: the velocity has no part in it",
        ),
        Mistake(
            lambda p, v, dp, learning_rate, momentum: (
                p + momentum * v - (1 - momentum) * learning_rate * dp,
                momentum * v - (1 - momentum) * learning_rate * dp,
            ),
            "there is no factor (1 − momentum) in this form: v = momentum · v − learning_rate · dp",
        ),
        Mistake(
            lambda p, v, dp, learning_rate, momentum: (
                p + learning_rate * (momentum * v - dp),
                momentum * v - dp,
            ),
            "the learning rate belongs to dp inside v, not to the whole step",
        ),
    ],
    cases=lambda rng: [
        (rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), 0.1, 0.8),
        (rng.normal(size=4), np.zeros(4), rng.normal(size=4), 0.5, 0.9),
    ],
)

check_honest = ChoiceCheck(
    "my_choice",
    solution="b",
    right="choices are made on validation images, and the test images give only the final number",
    why={
        "a": "20 tries on the test set pick the one that was lucky there: its number is too good",
        "c": "training images were learned by heart; on them the most overfitted run looks best",
        "d": "the best of 20 was also lucky on the validation images: say how it does on others",
    },
)
