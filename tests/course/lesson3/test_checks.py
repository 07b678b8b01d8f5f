"""What beginners write in lesson 3, and a few words of what they must be told."""

from decimal import Decimal

import numpy as np
import pytest

from nnlesson.course.lesson3 import checks as lesson3
from nnlesson.gradient import numerical_gradient
from nnlesson.losses import SoftmaxCrossEntropy

# ruff: noqa: E501  one answer a line: the table is read across


def central(f, z, h):
    return (f(z + h) - f(z - h)) / (2 * h)


def mean_cost(z, t):
    return SoftmaxCrossEntropy().forward(z, t)


def descend(f, x, rate, steps, sign=-1):
    for _ in range(steps):
        x = x + sign * rate * numerical_gradient(f, x)
    return x


def returns_inside(f, x, learning_rate, steps):
    for _ in range(steps):
        x = x - learning_rate * numerical_gradient(f, x)
        return x


def in_place(f, x, learning_rate, steps):
    for _ in range(steps):
        x -= learning_rate * numerical_gradient(f, x)
    return x


def one_number_after_the_other(f, x, learning_rate, steps):
    x = x.copy()
    for _ in range(steps):
        for i in range(len(x)):
            x[i] = x[i] - learning_rate * numerical_gradient(f, x)[i]
    return x


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


def forgets_return(f, x, learning_rate, steps):
    for _ in range(steps):
        x = x - learning_rate * numerical_gradient(f, x)


def rate_as_step(f, x, learning_rate, steps):
    for _ in range(steps):
        x = x - numerical_gradient(f, x, learning_rate)
    return x


def no_range(f, x, learning_rate, steps):
    for _ in steps:
        x = x - learning_rate * numerical_gradient(f, x)
    return x


def shares(t):
    return np.bincount(t) / len(t)


def luck(z, t, orders, shuffle=lambda z, t, o: (z, t[o])):
    return [mean_cost(*shuffle(z, t, o)) <= mean_cost(z, t) for o in orders]


def report(z, t, **changed):
    answers = z.argmax(axis=1)
    parts = {
        "accuracy": np.mean(answers == t),
        "majority": np.bincount(t).max() / len(t),
        "used": len(set(answers.tolist())),
        "hidden": np.mean((z - z.mean(axis=0)).argmax(axis=1) == t),
    }
    return tuple({**parts, **changed}.values())


def report_along_the_images(z, t):
    answers = z.argmax(axis=0)
    accuracy = np.mean(answers == t)
    return report(z, t, accuracy=accuracy, used=len(np.unique(answers)))


WRONG = [
    ("sharper_slope", lambda f, z, h: (central(f, z, h) + central(f, z, 2 * h)) / 2, "average"),
    ("sharper_slope", lambda f, z, h: 2 * central(f, z, h) - central(f, z, 2 * h), "4 times the error"),
    ("sharper_slope", lambda f, z, h: 4 * central(f, z, h) - central(f, z, 2 * h), "divide by 3"),
    ("sharper_slope", lambda f, z, h: 4 * central(f, z, h) - central(f, z, 2 * h) / 3, "brackets"),
    ("sharper_slope", lambda f, z, h: (4 * central(f, z, 2 * h) - central(f, z, h)) / 3, "larger error"),
    ("sharper_slope", lambda f, z, h: (4 * central(f, z, h) - central(f, z, 2 * h)) / 4, "3/4 of the slope"),
    ("sharper_slope", lambda f, z, h: central(f, z, h) - central(f, z, 2 * h) / 4, "3/4 of the slope"),
    ("sharper_slope", lambda f, z, h: central(f, z, h) - central(f, z, 2 * h), "difference of the two"),
    ("sharper_slope", lambda f, z, h: central(f, z, h) + (central(f, z, h) - central(f, z, 2 * h)) / 4, "a third"),
    ("sharper_slope", lambda f, z, h: central(f, z, h) - (central(f, z, h) - central(f, z, 2 * h)) / 3, "sign"),
    ("sharper_slope", lambda f, z, h: (4 * central(f, z, h) + central(f, z, 2 * h)) / 5, "subtract"),
    ("sharper_slope", central, "D(h) alone"),
    ("sharper_slope", lambda f, z, h: central(f, z, h / 2), "half the step"),
    ("sharper_slope", lambda f, z, h: central(f, z, 1e-5), "step of your own"),
    ("sharper_slope", lambda f, z, h: central(f, z, 1e-6), "step of your own"),
    ("sharper_slope", lambda f, z, h: (4 * central(f, z, h / 2) - central(f, z, h)) / 3, "h and 2h"),
    ("sharper_slope", lambda f, z, h: (f(z + h) - f(z)) / h, "forward"),
    ("descend", lambda f, x, r, n: descend(f, x, r, n, sign=1), "climbs"),
    ("descend", in_place, "changes the caller's start"),
    ("descend", returns_inside, "after the loop"),
    ("descend", forgets_return, "return line"),
    ("descend", no_range, "range(steps)"),
    ("descend", lambda f, x, r, n: x - n * r * numerical_gradient(f, x), "gradient of the start"),
    ("descend", lambda f, x, r, n: x - sum(r * numerical_gradient(f, x) for _ in range(n)), "gradient of the start"),
    ("descend", lambda f, x, r, n: [descend(f, x, r, i) for i in range(n + 1)], "last one"),
    ("descend", lambda f, x, r, n: descend(f, x, r, n + 1), "too many"),
    ("descend", lambda f, x, r, n: descend(f, x, r, n - 1), "too few"),
    ("descend", lambda f, x, r, n: descend(f, x, 1, n), "learning rate is not used"),
    ("descend", rate_as_step, "third argument"),
    ("descend", each_step_from_the_start, "taken from the start"),
    ("descend", last_step_from_the_start, "taken from the start"),
    ("descend", one_number_after_the_other, "measure them all first"),
    ("largest_rate", lambda c: 2 / c, "slope of c·x²"),
    ("largest_rate", lambda c: 1 / (2 * c), "lowest point"),
    ("largest_rate", lambda c: 1 / 2 * c, "divides by 2 and then multiplies"),
    ("largest_rate", lambda c: c, "steeper"),
    ("largest_rate", lambda c: 1, "c = 1 only"),
    ("largest_rate", lambda c: 0.05, "valley"),
    ("largest_rate", lambda c: 2 * c, "2c"),
    ("largest_rate", lambda c: 1 - 2 * c, "-1"),
    ("largest_rate", lambda c: -1 / c, "positive"),
    ("largest_rate", lambda c: 1 / c**2, "once c"),
    ("largest_rate", lambda c: "1/c", "quotation marks"),
    ("cost_of_shares", lambda t: np.log(10), "ten equal shares"),
    ("cost_of_shares", lambda t: np.log(len(np.unique(t))), "equal shares"),
    ("cost_of_shares", lambda t: -np.log(shares(t).max()), "commonest"),
    ("cost_of_shares", lambda t: np.mean(np.log(shares(t)[t])), "minus"),
    ("cost_of_shares", lambda t: -np.sum(shares(t) * np.log(shares(t))), "never occurs"),
    ("cost_of_shares", lambda t: -np.mean(np.log(shares(t))), "never occurs"),
    ("cost_of_shares", lambda t: -np.sum(np.log(shares(t)[t])), "sum over the examples"),
    ("cost_of_shares", lambda t: -np.log(shares(t)[t]), "return their mean"),
    ("cost_of_shares", lambda t: -np.mean(np.log2(shares(t)[t])), "log2"),
    ("cost_of_shares", lambda t: -np.mean(np.log(np.bincount(t)[t])), "counts"),
    ("cost_of_shares", lambda t: -np.sum(shares(t)[t] * np.log(shares(t)[t])), "once more"),
    ("cost_of_shares", lambda t: mean_cost(np.tile(shares(t), (len(t), 1)), t), "as z"),
    ("cost_of_shares", lambda t: shares(t), "these are the shares"),
    ("cost_of_shares", lambda t: 1 - np.mean(shares(t)[t]), "no logarithm"),
    ("luck", lambda z, t, orders: sum(luck(z, t, orders)), "how many"),
    ("luck", luck, "the mean of that"),
    ("luck", lambda z, t, orders: 1 - np.mean(luck(z, t, orders)), "cost more"),
    ("luck", lambda z, t, orders: np.mean([mean_cost(z, t[o]) for o in orders]), "compare each"),
    ("luck", lambda z, t, orders: np.mean(luck(z, t, orders, lambda z, t, o: (z, t))), "same cost"),
    ("luck", lambda z, t, orders: np.mean(luck(z, t, orders, lambda z, t, o: (z[o], t[o]))), "keeps its label"),
    ("luck", lambda z, t, orders: (sum(luck(z, t, orders)) + 1) / (len(orders) + 1), "add no 1"),
    ("luck", lambda z, t, orders: np.mean(luck(z, t, orders, lambda z, t, o: (z[o], t))), "z[order]"),
    ("luck", lambda z, t, orders: np.mean([np.mean(z.argmax(1) == t[o]) >= np.mean(z.argmax(1) == t) for o in orders]), "compare the costs"),
    ("luck", lambda z, t, orders: sum(luck(z, t, orders)) / len(t), "number of orders"),
    ("luck", lambda z, t, orders: np.mean(mean_cost(z, t[orders]) <= mean_cost(z, t)), "one order after the other"),
    ("report", lambda z, t: report(z, t, accuracy=np.sum(z.argmax(1) == t)), "how many are right"),
    ("report", lambda z, t: report(z, t, accuracy=np.mean(z.argmax() == t)), "axis=1"),
    ("report", lambda z, t: report(z, t, accuracy=np.mean(z.max(1) == t)), "not max"),
    ("report", lambda z, t: report(z, t, accuracy=np.mean(z.argmax(0) == t)), "along axis=1"),
    ("report", report_along_the_images, "along axis=1"),
    ("report", lambda z, t: report(z, t, accuracy=np.mean(z == t)), "these are outputs"),
    ("report", lambda z, t: report(z, t, accuracy=np.mean(z.argmax(1) != t)), "wrong answers"),
    ("report", lambda z, t: report(z, t, majority=np.bincount(z.argmax(1)).max() / len(t)), "commonest answer"),
    ("report", lambda z, t: report(z, t, majority=1 / z.shape[1]), "chance"),
    ("report", lambda z, t: report(z, t, majority=np.bincount(t).argmax()), "label itself"),
    ("report", lambda z, t: report(z, t, majority=np.bincount(t).max()), "divide by len(t)"),
    ("report", lambda z, t: report(z, t, used=np.unique(z.argmax(1))), "how many"),
    ("report", lambda z, t: report(z, t, used=len(np.unique(t))), "count the answers"),
    ("report", lambda z, t: report(z, t, used=z.shape[1]), "possible"),
    ("report", lambda z, t: report(z, t, used=len(np.unique((z - z.mean(axis=0)).argmax(1)))), "z itself"),
    ("report", lambda z, t: report(z, t, hidden=np.mean((z - z.mean()).argmax(1) == t)), "over the images"),
    ("report", lambda z, t: report(z, t, hidden=np.mean(z.argmax(1) == t)), "argmax anew"),
    ("report", lambda z, t: report(z, t, hidden=np.mean((z - z.mean(axis=1, keepdims=True)).argmax(1) == t)), "axis=0"),
    ("report", lambda z, t: report(z, t, hidden=np.mean((z - z.mean(axis=1)).argmax(1) == t)), "for each image"),
    ("report", lambda z, t: report(z, t, hidden=(z - z.mean(axis=0)).argmax(1)), "compare them with t"),
    ("report", lambda z, t: report(z, t, hidden=z - z.mean(axis=0)), "take argmax"),
    ("report", lambda z, t: report(z, t, hidden=np.mean((z - z.mean(axis=0)).argmax() == t)), "axis=1"),
    ("report", lambda z, t: report(z, t, hidden=np.mean(z.argmax(1) - z.argmax(1).mean() == t)), "from z"),
    ("report", lambda z, t: report(z, t, hidden=np.mean((z - z.mean(axis=0)).argmax(0) == t)), "along axis=1"),
    ("report", lambda z, t: report(z, t, hidden=np.sum((z - z.mean(axis=0)).argmax(1) == t)), "their share"),
    ("report", lambda z, t: report(z, t, hidden=np.mean((z.mean(axis=0) - z).argmax(1) == t)), "turned round"),
    ("report", lambda z, t: report(z, t, hidden=np.mean(((z - z.mean(axis=0)) / z.std(axis=0)).argmax(1) == t)), "deviation"),
    ("report", lambda z, t: (report(z, t)[1], report(z, t)[0], *report(z, t)[2:]), "exchanged"),
]  # fmt: skip


@pytest.mark.parametrize("exercise, answer, words", WRONG)
def test_what_beginners_write_is_told_its_cause(exercise, answer, words):
    verdict = getattr(lesson3, f"check_{exercise}").judge(answer)
    assert verdict.status == "not yet" and words in verdict.message


def walks_with_a_list(f, start, rate, count):
    place = np.array(start, dtype=float)
    for _ in range(count):
        place = place - np.multiply(rate, numerical_gradient(f, place))
    return place.tolist()


def adds_up_one_by_one(t):
    total = 0.0
    for label in t:
        total += -np.log(np.sum(t == label) / len(t))
    return total / len(t)


def sums_over_the_classes(t):
    present = shares(t)[shares(t) > 0]
    return -np.sum(present * np.log(present))


def counts_in_a_loop(z, t, orders):
    n, loss = 0, SoftmaxCrossEntropy()
    for order in orders:
        if loss.forward(z, t[order]) < loss.forward(z, t):
            n += 1
    return n / len(orders)


RIGHT = [
    ("sharper_slope", lambda g, x, step: central(g, x, step) + (central(g, x, step) - central(g, x, 2 * step)) / 3),
    ("sharper_slope", lambda f, z, h: (8 * f(z + h) - 8 * f(z - h) - f(z + 2 * h) + f(z - 2 * h)) / (12 * h)),
    ("descend", walks_with_a_list),
    ("largest_rate", lambda c: 2 / (2 * c)),
    ("largest_rate", lambda c: Decimal(1) / Decimal(c)),
    ("largest_rate", lambda c: np.array(1 / c)),
    ("cost_of_shares", adds_up_one_by_one),
    ("cost_of_shares", sums_over_the_classes),
    ("luck", counts_in_a_loop),
    ("luck", lambda z, t, orders: np.mean(luck(z, t, orders))),
    ("report", lambda z, t: np.array(report(z, t))),
    ("report", lambda z, t: list(report(z, t))),
]  # fmt: skip


@pytest.mark.parametrize("exercise, answer", RIGHT)
def test_right_answers_of_another_form_are_right(exercise, answer):
    assert getattr(lesson3, f"check_{exercise}").judge(answer).status == "right"


def test_the_largest_rate_is_where_descent_stops_working():
    c, start = 3.0, 1.0
    limit = lesson3.check_largest_rate.solution(c)
    for rate, ends_lower in ((0.99 * limit, True), (1.01 * limit, False)):
        x = start
        for _ in range(500):
            x -= rate * 2 * c * x
        assert (abs(x) < start) == ends_lower


def test_the_sharper_slope_is_sharper():
    exact, h = np.exp(1.0), 0.1
    sharper = lesson3.check_sharper_slope.solution(np.exp, 1.0, h)
    assert abs(sharper - exact) < abs(central(np.exp, 1.0, h) - exact) / 100


def test_no_answer_that_ignores_the_examples_is_cheaper_than_the_shares():
    rng = np.random.default_rng(0)
    t = rng.integers(0, 4, 30)
    best = lesson3.check_cost_of_shares.solution(t)
    z = np.log(shares(t))
    assert mean_cost(np.tile(z, (30, 1)), t) == pytest.approx(best)
    for _ in range(20):
        other = np.tile(z + rng.normal(0, 0.3, len(z)), (30, 1))
        assert mean_cost(other, t) > best


def test_a_case_with_a_function_is_told_by_its_name():
    said = str(lesson3.check_sharper_slope.judge(lambda f, z, h: f(z) + 1))
    assert "with a function f and z = 0.5 and h = 0.3 the result is" in said
