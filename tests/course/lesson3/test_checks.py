"""Lesson 3's checks name the cause of a wrong answer, and take every right one."""

from decimal import Decimal

import numpy as np
import pytest

from nnlesson.course.lesson3 import checks as lesson3
from nnlesson.gradient import numerical_gradient
from nnlesson.losses import SoftmaxCrossEntropy

CHECKS = {c.name: c for name, c in vars(lesson3).items() if name.startswith("check_")}


def central(f, z, h):
    return (f(z + h) - f(z - h)) / (2 * h)


def mix(combine):
    """An answer that combines D(h) and D(2h), the near and the far difference."""
    return lambda f, z, h: combine(central(f, z, h), central(f, z, 2 * h))


def descend(f, x, rate, steps):
    for _ in range(steps):
        x = x - rate * numerical_gradient(f, x)
    return x


def gradients_of_the_start(f, x, learning_rate, steps):
    return x - sum(learning_rate * numerical_gradient(f, x) for _ in range(steps))


def each_step_from_the_start(f, x, learning_rate, steps):
    place = x
    for _ in range(steps):
        place = x - learning_rate * numerical_gradient(f, place)
    return place


def last_step_from_the_start(f, x, learning_rate, steps):
    place = x
    for _ in range(steps):
        slopes = numerical_gradient(f, place)
        place = place - learning_rate * slopes
    return x - learning_rate * slopes


def shares(t):
    return np.bincount(t) / len(t)


def cost(z, t):
    return SoftmaxCrossEntropy().forward(z, t)


def luck(z, t, orders):
    return [cost(z, t[order]) <= cost(z, t) for order in orders]


def right(z, t):
    return np.mean(z.argmax(axis=1) == t)


def centred(z):
    return z - z.mean(axis=0)


def report(z, t, **changed):
    parts = {
        "accuracy": right(z, t),
        "majority": np.bincount(t).max() / len(t),
        "used": len(set(z.argmax(axis=1).tolist())),
        "hidden": right(centred(z), t),
    }
    return tuple({**parts, **changed}.values())


def report_along_the_images(z, t):
    answers = z.argmax(axis=0)
    accuracy = np.mean(answers == t)
    return report(z, t, accuracy=accuracy, used=len(np.unique(answers)))


# Wrong answers, and words of what they are told: other forms of a mistake, and several causes of
# one message. The mistakes as a check lists them, tests/course/test_checks.py tries.
WRONG = {
    "my_sharper_slope": [
        (mix(lambda near, far: (4 * near - far) / 4), "3/4 of the slope"),
        (mix(lambda near, far: near - far / 4), "3/4 of the slope"),
        (mix(lambda near, far: near + (near - far) / 4), "a third"),
        (mix(lambda near, far: near - (near - far) / 3), "sign"),
        (lambda f, z, h: central(f, z, 1e-6), "step of your own"),
        (lambda f, z, h: f(z) + 1, "with a function f and z = 0.5 and h = 0.3 the result is"),
    ],
    "my_descend": [
        (lambda f, x, r, n: x - r * numerical_gradient(f, x), "after the loop"),
        (lambda f, x, r, n: [x for _ in n], "not iterable"),
        (gradients_of_the_start, "gradient of the start"),
        (lambda f, x, r, n: [descend(f, x, r, i) for i in range(n + 1)], "last one"),
        (each_step_from_the_start, "taken from the start"),
        (last_step_from_the_start, "taken from the start"),
    ],
    "my_largest_rate": [(lambda c: 1 / 2 * c, "divides by 2 and then multiplies")],
    "my_cost_of_shares": [(lambda t: -np.mean(np.log(shares(t))), "never occurs")],
    "my_luck": [
        (luck, "the mean of that"),
        (lambda z, t, orders: np.mean([cost(z, t) <= cost(z, t) for _ in orders]), "left alone"),
    ],
    "my_report": [
        (lambda z, t: report(z, t, accuracy=np.mean(z.argmax() == t)), "axis=1"),
        (lambda z, t: report(z, t, accuracy=np.mean(z.max(axis=1) == t)), "not max"),
        (report_along_the_images, "along axis=1"),
        (lambda z, t: report(z, t, hidden=np.mean(centred(z).argmin(1) == t)), "take argmax"),
        (lambda z, t: report(z, t, hidden=[right(z - m, t) for m in [z.mean(1)]]), "do not fit"),
        (lambda z, t: report(z, t, used=len(np.unique(centred(z).argmax(1)))), "z itself"),
        (lambda z, t: report(z, t, hidden=right(z, t)), "argmax anew"),
        (lambda z, t: report(z, t, hidden=right(z - z.mean(), t)), "over the images"),
        (lambda z, t: report(z, t, hidden=right(z - z.mean(axis=1)[:, None], t)), "axis=0"),
        (lambda z, t: report(z, t, hidden=np.mean(centred(z).argmax() == t)), "axis=1"),
        (lambda z, t: report(z, t, hidden=np.mean(centred(z.argmax(1)) == t)), "from z"),
        (lambda z, t: report(z, t, hidden=np.mean(centred(z).argmax(0) == t)), "along axis=1"),
    ],
}

RIGHT = {
    "my_sharper_slope": [
        mix(lambda near, far: near + (near - far) / 3),
        lambda f, z, h: (8 * f(z + h) - 8 * f(z - h) - f(z + 2 * h) + f(z - 2 * h)) / (12 * h),
    ],
    "my_descend": [lambda f, start, rate, count: descend(f, start, rate, count).tolist()],
    "my_largest_rate": [lambda c: Decimal(1) / Decimal(c), lambda c: np.array(1 / c)],
    "my_cost_of_shares": [
        lambda t: sum(-np.log(np.sum(t == label) / len(t)) for label in t) / len(t),
        lambda t: -sum(share * np.log(share) for share in shares(t) if share > 0),
    ],
    "my_luck": [
        lambda z, t, orders: sum(cost(z, t[o]) < cost(z, t) for o in orders) / len(orders),
        lambda z, t, orders: np.mean(luck(z, t, orders)),
    ],
    "my_report": [lambda z, t: np.array(report(z, t)), lambda z, t: list(report(z, t))],
}


@pytest.mark.parametrize(
    "name, answer, words", [(name, *row) for name, rows in WRONG.items() for row in rows]
)
def test_what_beginners_write_is_told_its_cause(name, answer, words):
    verdict = CHECKS[name].judge(answer)
    assert verdict.status == "not yet" and words in verdict.message


@pytest.mark.parametrize("name, answer", [(n, a) for n, answers in RIGHT.items() for a in answers])
def test_right_answers_of_another_form_are_right(name, answer):
    assert CHECKS[name].judge(answer).status == "right"


def test_every_exercise_is_tried():
    assert set(WRONG) == set(RIGHT) == set(CHECKS)


def test_the_largest_rate_is_where_descent_stops_working():
    limit = lesson3.check_largest_rate.solution(3.0)
    low, high = (
        abs(descend(lambda x: 3 * x[0] ** 2, np.ones(1), part * limit, 500))
        for part in (0.99, 1.01)
    )
    assert low < 1 < high


def test_the_sharper_slope_is_sharper():
    sharper = lesson3.check_sharper_slope.solution(np.exp, 1.0, 0.1)
    assert abs(sharper - np.e) < abs(central(np.exp, 1.0, 0.1) - np.e) / 100


def test_no_answer_that_ignores_the_examples_is_cheaper_than_the_shares():
    rng = np.random.default_rng(0)
    t = rng.integers(0, 4, 30)
    best, z = lesson3.check_cost_of_shares.solution(t), np.log(shares(t))
    assert cost(np.tile(z, (30, 1)), t) == pytest.approx(best)
    for change in rng.normal(0, 0.3, (20, 4)):
        assert cost(np.tile(z + change, (30, 1)), t) > best
