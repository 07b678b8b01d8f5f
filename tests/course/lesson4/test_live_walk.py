"""Lesson 4's live walk through the 1-2-1 network: its numbers, slopes, formulas and words."""

import re

import numpy as np
import pytest

from nnlesson.activations import sigmoid
from nnlesson.course.lesson4.explorers import STEPS, backprop_walk
from nnlesson.gradient import numerical_gradient

pytest.importorskip("py_mini_racer")

PARAMETERS = ["w1", "b1", "w2", "b2", "v1", "v2", "c"]


def forward(x, y, w1, b1, w2, b2, v1, v2, c):
    """All numbers of the network by name, as in the lesson."""
    z1, z2 = w1 * x + b1, w2 * x + b2
    a1, a2 = sigmoid(z1), sigmoid(z2)
    z = v1 * a1 + v2 * a2 + c
    a = sigmoid(z)
    J = -y * np.log(a) - (1 - y) * np.log(1 - a)
    return locals()


def value_of(shown):
    """The value of a line of numbers as the figure writes it: −(0.3) · ln 0.5."""
    text = shown.replace("−", "-").replace("·", "*").replace("σ", "sigma")
    text = re.sub(r"ln ([\d.]+)", r"ln(\1)", text)
    return eval(text, {"__builtins__": {}, "sigma": sigmoid, "ln": np.log})


@pytest.mark.parametrize("seed", range(50))
def test_numbers_slopes_and_formulas_agree_at_a_thousand_settings(seed):
    rng = np.random.default_rng(seed)
    p = rng.normal(0, 1, 7).round(2)
    x, y = int(rng.integers(-20, 21)) / 10, int(rng.integers(2))
    values = forward(x, y, *p.tolist())
    measured = numerical_gradient(lambda p: forward(x, y, *p)["J"], p)
    slopes = dict(zip(PARAMETERS, measured, strict=True))
    slopes |= {"z": slopes["c"], "z1": slopes["b1"], "z2": slopes["b2"]}
    slopes |= {f"a{k}": slopes["z"] * values[f"v{k}"] for k in (1, 2)}
    slopes["a"] = slopes["z"] / (values["a"] * (1 - values["a"]))
    figure = backprop_walk({"x": 0.7, "y": 1, **{name: values[name] for name in PARAMETERS}})
    looks = figure.see(*[{"step": k, "x": x, "y": y} for k in range(21)])
    assert looks[0]["says"].startswith("Before the first step")
    for k, (way, name, formula, _) in enumerate(STEPS, start=1):
        seen, found = looks[k], looks[k]["numbers"]
        result = (values if way == "forward" else slopes)[name]
        assert found["values"] == pytest.approx(values, abs=1e-12)
        assert found["slopes"] == pytest.approx(slopes, rel=1e-5, abs=1e-7)
        assert value_of(found["result"]) == pytest.approx(result, abs=6e-5)
        assert value_of(found["shown"]) == pytest.approx(result, rel=0.05, abs=0.002)
        named = name.replace("1", "₁").replace("2", "₂")
        assert re.fullmatch(rf"Step {k} of 20\. .*{named},? is {found['result']}", seen["says"])
        assert formula in seen["rest"] and found["shown"] in seen["rest"]
        # each step adds one number or one slope to the picture
        assert seen["svg"].count("<text") == looks[0]["svg"].count("<text") + k
    assert not re.search("NaN|undefined", looks[20]["svg"])
