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
PLACES = {
    "surface": list(CURVES),
    "rate": [float(f"{10 ** (k / 20):.2g}") for k in range(-60, 3)],
    "momentum": [0.0] * 20 + [round(0.05 * k, 2) for k in range(20)],
    "steps": range(1, 61),
    **dict.fromkeys(("x0", "x1"), [k / 10 for k in range(-40, 41)]),
}


def seen(*settings):
    """What is shown of a path with each of these settings."""
    return rate_path({name: lambda x, c=c: c @ x**2 for name, c in CURVES.items()}).see(*settings)


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


def test_path_and_state_are_those_of_the_taught_optimizers():
    random.seed(0)
    settings = [{name: random.choice(at) for name, at in PLACES.items()} for _ in range(1500)]
    settings += [{**one, "steps": 60} for one in settings[:1000]]
    settings += [{**settings[0], "x0": 0.0, "x1": 0.0}]
    states = set()
    for one, shown in zip(settings, seen(*settings), strict=True):
        path, heights = walk(one)
        numbers, state, m = shown["numbers"], shown["numbers"]["state"], one["momentum"]
        states.add(state)
        with_momentum = f" with momentum {m:.2f}" if m else ""
        assert shown["says"].startswith(f"η = {one['rate']:g}{with_momentum} {state}: ")
        size = np.abs(path).max() + 1e-300
        assert_allclose(np.array(numbers["path"], float) / size, path / size, 0, 1e-12)
        assert_allclose(np.array(numbers["heights"], float), heights, 1e-9, 1e-24)
        assert "Infinity" not in shown["svg"]

        left = heights / (heights[0] or 1)
        n_there = list(left[::-1] < 1e-6).index(False) if heights[0] else 0
        assert (state == "stays") == (heights[0] == 0)
        # With momentum a path may only pass the bottom, at speed.
        assert (state == "arrives") == (n_there >= (5 if m else 1))
        assert state != "arrives" or numbers["arrived"] == len(left) - n_there
        assert state != "climbs" or left[-1] > 1
        assert state not in ("climbs", "diverges") or left[-min(5, len(left) // 2) :].max() > 1

        # Descent on c x² with momentum m converges below a rate of (1 + m) / c, and not above.
        border = (1 + m) / CURVES[one["surface"]].max()
        assert state != "diverges" or one["rate"] > border
        if one["steps"] == 60 and one["x0"] and one["x1"]:
            assert state == "diverges" or one["rate"] <= 1.25 * border
            if not m and one["rate"] < 0.9 * border:
                assert state in ("arrives", "crawls", "is on its way")
    assert len(states) == 9


@pytest.mark.parametrize(
    ("setting", "said", "goals"),
    [
        ({}, "0.01% of the height is left after 20 steps", []),  # before a hand moves
        ({"rate": 0.5}, "under a millionth of the height is left after 1 step",
         ["arrive in the bowl in one step"]),
        ({"rate": 0.01}, "44.57% of the height is left after 20 steps", ["crawl"]),
        ({"rate": 1.0}, "100.00% of the height is left after 20 steps", []),
        ({"rate": 1.001, "steps": 1}, "after 1 step it is as high as at the start", ["diverge"]),
        ({"rate": 1.01}, "after 20 steps it is 2.2 times as high as at the start", ["diverge"]),
        ({"rate": 1.1}, "after 20 steps it is 1,470 times as high as at the start", ["diverge"]),
        ({"rate": 1.3}, "it is over a million times as high as at the start", ["diverge"]),
        ({"x0": 0, "x1": 0}, "it starts at the lowest point", []),
        ({"surface": VALLEY, "rate": 0.045, "steps": 60}, "59 steps", ["arrive in the valley"]),
        ({"surface": VALLEY, "rate": 0.063, "momentum": 0.4}, "less than 0.01% of the height", []),
        ({"surface": VALLEY, "rate": 0.063, "momentum": 0.4, "steps": 60}, "after 19 steps",
         ["arrive in the valley", "arrive in the valley within 30 steps, with momentum"]),
    ],
)  # fmt: skip
def test_a_path_is_told_in_a_sentence_and_its_goals_are_found(setting, said, goals):
    (shown,) = seen(setting)
    assert said in shown["says"] and shown["goals"] == goals


def test_another_kind_of_surface_is_refused():
    with pytest.raises(ValueError, match="saddle is not a x₀² \\+ c x₁²"):
        rate_path({"saddle": lambda x: x[0] * x[1] + 1})
