"""Lesson 4's live walk through the 1-2-1 network: its numbers, slopes, formulas and words."""

import math
import re
from xml.dom import minidom

import numpy as np
import pytest

from nnlesson.activations import sigmoid
from nnlesson.course.lesson4.explorers import STEPS, backprop_walk
from nnlesson.gradient import numerical_gradient

pytest.importorskip("py_mini_racer")

PARAMETERS = {"w1": 0.9, "b1": -1.5, "w2": -0.3, "b2": 1.1, "v1": -0.7, "v2": -0.8, "c": 1.3}
NUMBERS = {"x": 0.7, "y": 1.0, **PARAMETERS}


def forward(n):
    """All numbers of the network by name, as in the lesson."""
    z1, z2 = n["w1"] * n["x"] + n["b1"], n["w2"] * n["x"] + n["b2"]
    a1, a2 = sigmoid(z1), sigmoid(z2)
    z = n["v1"] * a1 + n["v2"] * a2 + n["c"]
    a = sigmoid(z)
    cost = -n["y"] * np.log(a) - (1 - n["y"]) * np.log(1 - a)
    return {**n, "z1": z1, "a1": a1, "z2": z2, "a2": a2, "z": z, "a": a, "J": cost}


def named(p):
    """The seven parameters by name."""
    return dict(zip(PARAMETERS, p, strict=True))


def value_of(shown):
    """The value of a line of numbers as the figure writes it: −(0.3) · ln 0.5."""
    text = shown.replace("−", "-").replace("·", "*").replace("σ", "sigma")
    text = re.sub(r"ln ([\d.]+)", r"ln(\1)", text)
    names = {"sigma": lambda v: 1 / (1 + math.exp(-v)), "ln": math.log}
    return eval(text, {"__builtins__": {}}, names)


@pytest.mark.parametrize("seed", range(50))
def test_numbers_slopes_and_formulas_agree_at_a_thousand_settings(seed):
    rng = np.random.default_rng(seed)
    parameters = rng.normal(0, 1, 7).round(2)
    place = {"x": int(rng.integers(-20, 21)) / 10, "y": int(rng.integers(2))}
    numbers = named(parameters.tolist())
    values = forward(numbers | place)
    slopes = named(numerical_gradient(lambda p: forward(named(p) | place)["J"], parameters))
    slopes |= {"z": slopes["c"], "z1": slopes["b1"], "z2": slopes["b2"]}
    slopes |= {f"a{k}": slopes["z"] * numbers[f"v{k}"] for k in (1, 2)}
    slopes["a"] = slopes["z"] / (values["a"] * (1 - values["a"]))
    figure = backprop_walk(NUMBERS | numbers)
    for k, seen in enumerate(figure.see(*[{"step": k, **place} for k in range(21)])):
        found = seen["numbers"]
        assert found["values"] == pytest.approx(values, abs=1e-12)
        assert found["slopes"] == pytest.approx(slopes, rel=1e-5, abs=1e-7)
        if k == 0:
            assert seen["says"].startswith("Before the first step")
            continue
        way, name, formula, _ = STEPS[k - 1]
        result = (values if way == "forward" else slopes)[name]
        written = float(found["result"].replace("−", "-"))
        assert written == pytest.approx(result, abs=6e-5)
        assert value_of(found["shown"]) == pytest.approx(result, rel=0.05, abs=0.002)
        assert seen["says"].startswith(f"Step {k} of 20. ")
        assert seen["says"].endswith(f" is {found['result']}")
        assert formula in seen["rest"] and found["shown"] in seen["rest"]


def test_each_step_adds_one_number_or_one_slope_of_all():
    assert [way for way, *_ in STEPS] == ["forward"] * 7 + ["back"] * 13
    back = {name for way, name, *_ in STEPS if way == "back"}
    assert back == {*PARAMETERS, "a", "z", "a1", "z1", "a2", "z2"}
    seen = backprop_walk(NUMBERS).see(*[{"step": k} for k in range(21)])
    pictures = [minidom.parseString(one["svg"]) for one in seen]
    counts = [len(picture.getElementsByTagName("text")) for picture in pictures]
    assert counts == [counts[0] + k for k in range(21)]
    assert "∂J/∂z₁" in seen[14]["says"]
    assert "NaN" not in seen[20]["svg"] and "undefined" not in seen[20]["svg"]
