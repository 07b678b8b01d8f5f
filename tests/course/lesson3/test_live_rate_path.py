"""The live learning-rate path: its JavaScript against SGD and Momentum, and against theory."""

import re

import numpy as np
import pytest

from nnlesson.course.lesson3.explorers import rate_path
from nnlesson.optimizers import SGD, Momentum

pytest.importorskip("py_mini_racer")

BOWL, VALLEY = "bowl: x₀² + x₁²", "valley: x₀² + 20 x₁²"
CURVES = {BOWL: np.array([1.0, 1.0]), VALLEY: np.array([1.0, 20.0])}
RATES = [float(f"{10 ** (k / 20):.2g}") for k in range(-60, 3)]
VALUE = r"([\d,.]+)"


def figure():
    return rate_path({name: lambda x, c=c: c @ x**2 for name, c in CURVES.items()})


def random_settings(n):
    rng = np.random.default_rng(0)
    return [
        {
            "surface": str(rng.choice(list(CURVES))),
            "rate": float(rng.choice(RATES)),
            "momentum": round(0.05 * int(rng.integers(0, 20)) * int(rng.integers(0, 2)), 2),
            "steps": int(rng.integers(1, 61)),
            "x0": round(float(rng.integers(-40, 41)) / 10, 1),
            "x1": round(float(rng.integers(-40, 41)) / 10, 1),
        }
        for _ in range(n)
    ]


def walk(one):
    """The path of the taught optimizers, and its heights."""
    c = CURVES[one["surface"]]
    momentum = one["momentum"]
    optimizer = Momentum(one["rate"], momentum) if momentum else SGD(one["rate"])
    x = np.array([one["x0"], one["x1"]])
    path = [x.copy()]
    for _ in range(one["steps"]):
        optimizer.update({"x": x}, {"x": 2 * c * x})
        path.append(x.copy())
    return np.array(path), np.array([c @ x**2 for x in path])


def number(pattern, said):
    """The number in a sentence where the pattern has VALUE, or None."""
    found = re.search(pattern, said)
    return float(found[1].replace(",", "")) if found else None


def test_path_and_sentence_are_those_of_the_taught_optimizers():
    settings = [*random_settings(1500), {**random_settings(1)[0], "x0": 0.0, "x1": 0.0}]
    states = set()
    for one, seen in zip(settings, figure().see(*settings), strict=True):
        path, heights = walk(one)
        numbers, said = seen["numbers"], seen["says"]
        shown = np.array(numbers["path"], float)
        size = np.abs(path).max() + 1e-300
        np.testing.assert_allclose(shown / size, path / size, rtol=0, atol=1e-12)
        np.testing.assert_allclose(np.array(numbers["heights"], float), heights, 1e-9, 1e-24)
        states.add(numbers["state"])
        rate, momentum, n = one["rate"], one["momentum"], one["steps"]
        name = f"η = {rate:g}" + (f" with momentum {momentum:.2f}" if momentum else "")
        assert said.startswith(f"{name} {numbers['state']}: ")
        if heights[0] == 0:
            assert said.endswith(" stays: it starts at the lowest point")
            assert "Infinity" not in seen["svg"]
            continue
        left = heights / heights[0]
        if "arrives" in said:
            k = number(f"after {VALUE} step", said)
            assert (left[int(k) :] < 1e-6).all() and left[int(k) - 1] >= 1e-6
            assert not momentum or n - k >= 4
            continue
        assert momentum or left[-1] >= 1e-6
        assert f"after {n} step{'s' * (n > 1)}" in said
        if "diverges" in said:
            times = number(f"is {VALUE} times", said)
            if times is None:
                assert "more than a million times" in said and left[-1] > 1e6
            else:
                assert times == pytest.approx(left[-1], rel=0.051)
            assert left[-5:].max() > 1
            continue
        share = number(f"{VALUE}%", said)
        assert share == pytest.approx(100 * left[-1], abs=0.0051) or "less than 0.01%" in said
    assert states == {
        "arrives", "climbs again", "crawls", "diverges", "is on its way",
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
    ("setting", "words", "goal"),
    [
        ({"rate": 0.5}, "η = 0.5 arrives: under a millionth of the height is left after 1 step",
         "arrive in the bowl in one step"),
        ({"rate": 0.01}, "crawls", "crawl"),
        ({"rate": 1.0}, "jumps from side to side: after 20 steps it gets no lower", None),
        ({"rate": 1.3}, "diverges", "diverge"),
        ({"surface": VALLEY, "rate": 0.045, "steps": 60}, "after 59 steps", "arrive in the valley"),
        ({"surface": VALLEY, "rate": 0.05}, "jumps from side to side", None),
        ({"surface": VALLEY, "rate": 0.063, "momentum": 0.4, "steps": 60}, "arrives",
         "arrive in the valley within 30 steps, with momentum"),
        # only passes the bottom, at speed
        ({"rate": 0.0028, "momentum": 0.95, "steps": 40}, "climbs again", None),
    ],
)  # fmt: skip
def test_what_the_lesson_asks_for_is_found(setting, words, goal):
    (seen,) = figure().see(setting)
    assert words in seen["says"]
    assert goal in seen["goals"] if goal else seen["goals"] == []


def test_nothing_is_reached_before_a_hand_moves():
    assert figure().see({})[0]["goals"] == []


def test_another_kind_of_surface_is_refused():
    with pytest.raises(ValueError, match="saddle is not a x₀² \\+ c x₁²"):
        rate_path({"saddle": lambda x: x[0] * x[1] + 1})
