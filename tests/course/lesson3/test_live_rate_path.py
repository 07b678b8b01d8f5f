"""The live learning-rate path: its JavaScript against SGD and Momentum, and against theory."""

import random

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nnlesson.course.lesson3.explorers import rate_path
from nnlesson.optimizers import SGD, Momentum

pytest.importorskip("py_mini_racer")

BOWL, VALLEY = "bowl: x₀² + x₁²", "valley: x₀² + 20 x₁²"
CURVES = {BOWL: np.array([1.0, 1.0]), VALLEY: np.array([1.0, 20.0])}
TENTHS = [k / 10 for k in range(-40, 41)]
PLACES = {
    "surface": list(CURVES),
    "rate": [float(f"{10 ** (k / 20):.2g}") for k in range(-60, 3)],
    "momentum": [0.0] * 20 + [round(0.05 * k, 2) for k in range(20)],
    "steps": range(1, 61),
    "x0": TENTHS,
    "x1": TENTHS,
}


def figure():
    return rate_path({name: lambda x, c=c: c @ x**2 for name, c in CURVES.items()})


def random_settings(n):
    random.seed(0)
    return [{name: random.choice(at) for name, at in PLACES.items()} for _ in range(n)]


def walk(one):
    """The path of the taught optimizers, and its heights."""
    c, m = CURVES[one["surface"]], one["momentum"]
    optimizer = Momentum(one["rate"], m) if m else SGD(one["rate"])
    x = np.array([one["x0"], one["x1"]])
    path = [x.copy()]
    for _ in range(one["steps"]):
        optimizer.update({"x": x}, {"x": 2 * c * x})
        path.append(x.copy())
    return np.array(path), np.array([c @ x**2 for x in path])


def after(k):
    return f"after {k} step" if k == 1 else f"after {k} steps"


def sentence(one, left, arrived, state):
    """What is said of a path in this state; left (steps + 1,) are shares of the first height."""
    now, last = left[-1], after(one["steps"])
    share = f"{100 * now:.2f}%" if now >= 1e-4 else "less than 0.01%"
    times = f"{now:.2g}" if now < 10 else f"{now:,.0f}" if now <= 1e6 else "over a million"
    many = "" if now < 1.05 else f"{times} times "
    rest = {
        "stays": "it starts at the lowest point",
        "arrives": f"under a millionth of the height is left {after(arrived)}",
    }
    momentum = f" with momentum {one['momentum']:.2f}" if one["momentum"] else ""
    others = f"{share} of the height is left {last}"
    if now > 1.001:
        others = f"{last} it is {many}as high as at the start"
    return f"η = {one['rate']:g}{momentum} {state}: {rest.get(state, others)}"


def test_path_and_sentence_are_those_of_the_taught_optimizers():
    settings = [*random_settings(1500), {**random_settings(1)[0], "x0": 0.0, "x1": 0.0}]
    states = set()
    for one, seen in zip(settings, figure().see(*settings), strict=True):
        path, heights = walk(one)
        numbers, state = seen["numbers"], seen["numbers"]["state"]
        size = np.abs(path).max() + 1e-300
        assert_allclose(np.array(numbers["path"], float) / size, path / size, 0, 1e-12)
        assert_allclose(np.array(numbers["heights"], float), heights, 1e-9, 1e-24)
        assert "Infinity" not in seen["svg"]
        states.add(state)
        left = heights / (heights[0] or 1)
        arrived = 1 + max(np.flatnonzero(left >= 1e-6), default=-1)
        assert seen["says"] == sentence(one, left, arrived, state)
        assert (state == "stays") == (heights[0] == 0)
        # With momentum a path may only pass the bottom, at speed.
        is_there = len(left) - arrived >= (5 if one["momentum"] else 1)
        assert (state == "arrives") == (is_there and state != "stays")
        recent = left[-min(5, len(left) // 2) :].max()
        assert state not in ("climbs", "diverges") or recent > 1
        assert state != "climbs" or left[-1] > 1
        steepest = CURVES[one["surface"]].max()
        assert state != "diverges" or one["rate"] * steepest > 1 + one["momentum"]
    assert states == {
        "arrives", "climbs", "climbs again", "crawls", "diverges", "is on its way",
        "jumps from side to side", "stays",
    }  # fmt: skip


def test_the_state_of_a_long_path_is_what_theory_says():
    # Descent on c x² with momentum m converges below a rate of (1 + m) / c, and not above.
    settings = [
        {**one, "steps": 60, "x0": one["x0"] or 1, "x1": one["x1"] or 1}
        for one in random_settings(1000)
    ]
    for one, seen in zip(settings, figure().see(*settings), strict=True):
        border = (1 + one["momentum"]) / CURVES[one["surface"]].max()
        state = seen["numbers"]["state"]
        if one["rate"] > 1.25 * border:
            assert state == "diverges", one
        elif one["rate"] < 0.9 * border:
            assert state != "diverges", one
            assert one["momentum"] or state in ("arrives", "crawls", "is on its way")
        elif one["rate"] == border and not one["momentum"]:
            assert state == "jumps from side to side"


@pytest.mark.parametrize(
    ("setting", "words", "goals"),
    [
        ({}, "η = 0.1 ", []),  # nothing is reached before a hand moves
        ({"rate": 0.5}, "arrives: under a millionth of the height is left after 1 step",
         ["arrive in the bowl in one step"]),
        ({"rate": 0.01}, "crawls", ["crawl"]),
        ({"rate": 1.0}, "jumps from side to side: 100.00% of the height is left", []),
        ({"rate": 1.3}, "diverges", ["diverge"]),
        ({"surface": VALLEY, "rate": 0.045, "steps": 60}, "after 59 steps",
         ["arrive in the valley"]),
        ({"surface": VALLEY, "rate": 0.063, "momentum": 0.4, "steps": 60}, "arrives",
         ["arrive in the valley", "arrive in the valley within 30 steps, with momentum"]),
        # only passes the bottom, at speed
        ({"rate": 0.0028, "momentum": 0.95, "steps": 40}, "climbs again", []),
        ({"rate": 0.0025, "momentum": 0.95, "steps": 51}, "swings: 8.", []),
    ],
)  # fmt: skip
def test_what_the_lesson_asks_for_is_found(setting, words, goals):
    (seen,) = figure().see(setting)
    assert words in seen["says"]
    assert seen["goals"] == goals


def test_another_kind_of_surface_is_refused():
    with pytest.raises(ValueError, match="saddle is not a x₀² \\+ c x₁²"):
        rate_path({"saddle": lambda x: x[0] * x[1] + 1})
