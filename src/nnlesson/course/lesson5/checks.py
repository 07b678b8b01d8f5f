"""The checks of lesson 5: bytes, a baseline, counting steps, momentum, and an honest test."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

from __future__ import annotations

import numpy as np

from nnlesson.course.checks import ChoiceCheck, Either, FunctionCheck


def _number(four):
    return ((four[0] * 256 + four[1]) * 256 + four[2]) * 256 + four[3]


def _base(base):
    return lambda four: sum(b * base ** (3 - i) for i, b in enumerate(four))


check_number = FunctionCheck(
    "my_number",
    solution=_number,
    right="each byte counts 256 times the byte after it",
    mistakes={
        "this reads the bytes from the wrong end: in IDX the first byte counts most":
            lambda four: _number(four[::-1]),
        "the bytes are only added: a byte counts 256 times the one after it": sum,
        "a byte has 256 values, 0 to 255, so each place counts 256 times the next, not 255":
            _base(255),
        "the places count 256 times the next: a byte is not a decimal digit": _base(10),
        "^ is no power in Python, it compares bits; a power is written 256**3":
            Either(
                lambda four: four[0] * 256 ^ 3 + four[1] * 256 ^ 2 + four[2] * 256 + four[3],
                lambda four: 256 ^ 3 * four[0] + 256 ^ 2 * four[1] + 256 * four[2] + four[3],
                lambda four: four[0] * (256 ^ 3) + four[1] * (256 ^ 2) + four[2] * 256 + four[3],
            ),
        "the first two bytes are left out; they count from 65,536 up":
            lambda four: four[2] * 256 + four[3],
        "the last byte counts 1, so every place is 256 times too large here":
            lambda four: 256 * _number(four),
        "256 * 3 is a product; the places count 256**3, 256**2, 256 and 1":
            lambda four: four[0] * 256 * 3 + four[1] * 256 * 2 + four[2] * 256 + four[3],
        "the bytes are not digits to write one after another: each counts 256 times the next":
            lambda four: int("".join(map(str, four))),
    },
    cases=lambda rng: [
        (list(map(int, rng.integers(1, 256, 4))),),
        ([0, 0, 8, 3],),
        ([0, 0, 234, 96],),
        ([1, 0, 0, 0],),
    ],
)


def _distances(images, means):
    return ((images[:, np.newaxis] - means) ** 2).sum(axis=2)


INK = np.array([[0.1], [-0.1], [0], [0], [0]])  # some mean images are darker than others

check_nearest = FunctionCheck(
    "my_nearest",
    solution=lambda images, means: _distances(images, means).argmin(axis=1),
    right="the answer is the class whose mean image is nearest",
    mistakes={
        "this is the mean image that is farthest away: take argmin":
            lambda images, means: _distances(images, means).argmax(axis=1),
        "this finds the nearest image for each mean; for each image (each row) take axis=1":
            lambda images, means: _distances(images, means).argmin(axis=0),
        "differences above and below 0 cancel: square them before you sum":
            lambda images, means: (images[:, np.newaxis] - means).sum(axis=2).argmin(axis=1),
        "these are the distances themselves; the answer is which mean is nearest: argmin":
            lambda images, means: _distances(images, means).min(axis=1),
        "the largest product is not the smallest distance: a mean image with much ink wins it":
            lambda images, means: (images @ means.T).argmax(axis=1),
        "these are all the distances; for each image keep the place of the smallest":
            lambda images, means: _distances(images, means),
        "argmin() without an axis looks through the whole table; for each image take axis=1":
            lambda images, means: _distances(images, means).argmin(),
        "n images and k means do not fit row by row: images[:, np.newaxis] - means is (n, k, d)":
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

check_steps = FunctionCheck(
    "my_steps",
    solution=lambda n, batch_size, epochs: -(-n // batch_size) * epochs,
    right="every batch is one step, the short last batch too",
    mistakes={
        "the short last batch of each epoch is a step too: round up with -(-n // batch_size)":
            lambda n, batch_size, epochs: n // batch_size * epochs,
        "there are no parts of a step: the last batch of an epoch is short, and is a step":
            lambda n, batch_size, epochs: n / batch_size * epochs,
        "these are the steps of one epoch; there are `epochs` of them":
            lambda n, batch_size, epochs: -(-n // batch_size),
        "each epoch starts with a full batch again: round up for one epoch, then multiply":
            lambda n, batch_size, epochs: -(-n * epochs // batch_size),
        "a step is made for a whole batch, not for each example":
            lambda n, batch_size, epochs: n * epochs,
        "where the batches fit exactly there is no short one: 60 in batches of 10 are 6 steps":
            lambda n, batch_size, epochs: (n // batch_size + 1) * epochs,
        "these are the full batches of one epoch: the short one is a step too, and epochs repeat":
            lambda n, b, e: n // b,
        "round() goes to the nearest whole number; a short batch of any size is a step: round up":
            lambda n, b, e: round(n / b) * e,
        "each epoch ends with its own short batch: round up for one epoch, then multiply":
            lambda n, b, e: n * e // b,
        "n is missing: how many batches do n examples make?": lambda n, b, e: b * e,
        "n is divided by the batch size, not multiplied": lambda n, b, e: n * b * e,
    },
    cases=lambda rng: [(1259, 100, 7), (55, 10, 3), (10, 4, 5), (5, 8, 2), (60, 10, 3)],
)


def _momentum(p, v, dp, learning_rate, momentum):
    v = momentum * v - learning_rate * dp
    return p + v, v


def _moved(velocity):
    """p and v from `velocity(v, dp, learning_rate, momentum)`, the new v."""
    return lambda p, v, dp, rate, m: (p + velocity(v, dp, rate, m), velocity(v, dp, rate, m))


check_momentum = FunctionCheck(
    "my_momentum",
    solution=_momentum,
    right="first the velocity, then the step with the new velocity",
    parts=("p", "v"),
    mistakes={
        "p moves by the old v: compute the new v first, then add it":
            {"p": lambda p, v, dp, rate, m: p + v},
        "the sign of the slope: v gets minus learning_rate · dp, or the cost goes up":
            _moved(lambda v, dp, rate, m: m * v + rate * dp),
        "v points downhill already: add it to p, do not subtract it":
            {"p": lambda p, v, dp, rate, m: p - (m * v - rate * dp)},
        "this is SGD: the velocity has no part in it":
            lambda p, v, dp, rate, m: (p - rate * dp, v),
        "there is no factor (1 − momentum) in this form: v = momentum · v − learning_rate · dp":
            _moved(lambda v, dp, rate, m: m * v - (1 - m) * rate * dp),
        "the learning rate belongs to dp inside v, not to the whole step":
            lambda p, v, dp, rate, m: (p + rate * (m * v - dp), m * v - dp),
        "you return p alone; return both: p, v": Either(
            lambda p, v, dp, rate, m: p + m * v - rate * dp,
            lambda p, v, dp, rate, m: p + v,
        ),
        "the order is turned: return the new p first, then the new v":
            lambda p, v, dp, rate, m: _momentum(p, v, dp, rate, m)[::-1],
        "momentum is missing: the old v counts momentum times":
            _moved(lambda v, dp, rate, m: v - rate * dp),
        "momentum belongs to v, and learning_rate to dp":
            _moved(lambda v, dp, rate, m: rate * v - m * dp),
        "this is another form, with the learning rate outside; here v holds learning_rate · dp":
            lambda p, v, dp, rate, m: (p - rate * (m * v + dp), m * v + dp),
    },
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
