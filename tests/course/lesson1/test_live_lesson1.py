"""The live learning rule and neuron card: what JavaScript shows against the taught Python."""

import re
from xml.dom import minidom

import numpy as np
import pytest

from nnlesson.activations import step
from nnlesson.course.lesson1.explorers import learning_rule, one_neuron
from nnlesson.perceptron import PerceptronLayer, PerceptronNetwork

pytest.importorskip("py_mini_racer")

FUNCTIONS = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0]}
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)


def said(v):
    """A number as the figure writes it."""
    return f"{v + 0:g}".replace("-", "−")


def texts(tag, html):
    """The texts of all elements of a kind."""
    return [re.sub("<.*?>", "", inside) for inside in re.findall(f"<{tag}>(.*?)</{tag}>", html)]


# ---- the learning rule ----


def watch(targets, w, b, n):
    """n looks of the rule, as the lesson's `watch` hands them over."""
    looks = []
    for k in range(n):
        x, t = CORNERS[k % 4], targets[k % 4]
        y = int(step(w @ x + b))
        new_w, new_b = w + (t - y) * x, b + (t - y)
        looks.append({"w": w, "b": b, "x": x, "t": t, "y": y, "new_w": new_w, "new_b": new_b})
        w, b = new_w, new_b
    return looks


def test_every_look_shows_the_numbers_of_the_rule():
    rng = np.random.default_rng(0)
    for targets in FUNCTIONS.values():
        w, b = rng.integers(-8, 9, 2) / 4, int(rng.integers(-2, 3))
        looks = watch(targets, w, b, 260)
        figure = learning_rule(looks, targets)
        right = 0
        for k, seen in enumerate(figure.see(*[{"look": k + 1} for k in range(260)])):
            one = looks[k]
            error = one["t"] - one["y"]
            right = 0 if error else right + 1
            z = float(one["w"] @ one["x"] + one["b"])
            numbers = seen["numbers"]
            assert numbers == {"z": z, "error": error, "x": list(one["x"]), "inARow": right}
            verdict = "wrong, so the numbers change" if error else "right, so the numbers stay"
            assert seen["says"].startswith(f"Look {k + 1}: {verdict}")
            assert ("it has learned" in seen["says"]) == (right >= 4)
            lines = texts("p", seen["rest"])
            assert lines[1].endswith(f" = {said(z)}")
            assert lines[2] == f"Answer y = {one['y']}, so t − y = {said(error)}"
            cells = texts("td", seen["rest"])
            before, after = (*one["w"], one["b"]), (*one["new_w"], one["new_b"])
            assert cells[1::4] == [said(v) for v in before]
            assert cells[3::4] == [said(v) for v in after]
            minidom.parseString(seen["svg"])


def line_ends(seen, dashed):
    """Ends of the dashed or the solid line, as inputs; None if there is none."""
    for found in minidom.parseString(seen["svg"]).getElementsByTagName("polyline"):
        is_line = found.getAttribute("stroke-width") == "2.2"
        if is_line and (found.getAttribute("stroke-dasharray") != "") == dashed:
            ends = [place.split(",") for place in found.getAttribute("points").split()]
            places = np.array(ends, float)
            return (places - [40, 380]) / [350, -350] * 3.3 - 1
    return None


def test_the_lines_before_and_after_are_those_of_the_weights():
    looks = watch(FUNCTIONS["AND"], np.array([-1.0, 0.5]), 1, 24)
    looks += watch(FUNCTIONS["AND"], np.zeros(2), 0, 24)
    figure = learning_rule(looks, FUNCTIONS["AND"])
    drawn = 0
    for one, seen in zip(looks, figure.see(*[{"look": k + 1} for k in range(48)]), strict=True):
        change = one["t"] != one["y"]
        for dashed, w, b in ((True, one["w"], one["b"]), (False, one["new_w"], one["new_b"])):
            ends = line_ends(seen, dashed)
            if not w.any() or (dashed and not change):
                assert ends is None
            else:
                drawn += 1
                np.testing.assert_allclose(ends @ w + b, 0, atol=1e-3)
    assert drawn > 40


def test_the_goals_of_the_rule_are_reached_on_the_way_not_at_once():
    figure = learning_rule(watch(FUNCTIONS["AND"], np.zeros(2), 0, 24), FUNCTIONS["AND"])
    reached = [seen["goals"] for seen in figure.see(*[{"look": k + 1} for k in range(24)])]
    assert reached[0] == [] and len({goal for some in reached for goal in some}) == 3
    never = learning_rule(watch(FUNCTIONS["XOR"], np.zeros(2), 0, 24), FUNCTIONS["XOR"])
    assert "find four right looks in a row" not in never.see({"look": 24})[0]["goals"]


def test_the_figure_starts_where_it_is_told_and_is_small():
    looks = watch(FUNCTIONS["AND"], np.zeros(2), 0, 24)
    figure = learning_rule(looks, FUNCTIONS["AND"], look=8)
    assert figure.see({})[0]["says"].startswith("Look 8: ")
    assert len(figure._esm) < 40_000 and len(figure.still()) < 60_000


# ---- the neuron card ----


def network(*sizes):
    rng = np.random.default_rng(0)
    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    made = PerceptronNetwork([PerceptronLayer(d, m, rng) for d, m in pairs])
    for layer in made.layers:
        for one in layer.neurons:
            one.bias = float(rng.normal())
    return made


def test_the_card_shows_what_the_neuron_holds():
    rng = np.random.default_rng(1)
    images = np.round(rng.uniform(-1, 1, (5, 784)) * rng.integers(0, 2, (5, 784)), 2)
    sizes = [6, 5, 3]
    taught = network(784, *sizes)
    settings = [
        {
            "image": int(rng.integers(5)),
            "layer": f"{k + 1} ({sizes[k]} neurons)",
            "neuron": int(rng.integers(6)),
            "input": int(rng.integers(784 if k == 0 else 6)),
        }
        for k in rng.integers(0, 3, 1100)
    ]
    for one, seen in zip(settings, one_neuron(taught, images).see(*settings), strict=True):
        k = int(one["layer"][0]) - 1
        at = min(one["neuron"], sizes[k] - 1)
        taught.forward(images[one["image"]].tolist())
        neuron = taught.layers[k].neurons[at]
        d = len(neuron.weights)
        i = min(one["input"], d - 1)
        z, y = f"{neuron.z:.2f}".replace("-", "−"), f"{neuron.y:.3f}"
        assert seen["says"] == f"Layer {k + 1}, neuron {at}: {d} weights, z = {z}, y = {y}"
        numbers = seen["numbers"]
        assert (numbers["neuron"], numbers["input"]) == (at, i)
        assert numbers["x"] == pytest.approx(neuron.x[i], abs=1e-6)
        assert numbers["weight"] == pytest.approx(neuron.weights[i], abs=0.00051)
        assert numbers["product"] == pytest.approx(neuron.weights[i] * neuron.x[i], abs=0.00051)
        cells = [float(text.replace("−", "-")) for text in texts("td", seen["rest"])[3::4]]
        total = float(np.dot(neuron.weights, neuron.x))
        wanted = [numbers["product"], total, neuron.bias, neuron.z, neuron.y]
        assert cells == pytest.approx(wanted, abs=0.0051)
        weights = [f"{round(w, 3) + 0:.3f}".replace("-", "−") for w in neuron.weights]
        low, high = (weights[place(neuron.weights)] for place in (np.argmin, np.argmax))
        assert f"Weights from {low} to {high}." in seen["rest"]


def test_the_pictures_are_those_of_the_weights_and_products():
    images = np.random.default_rng(1).uniform(0, 1, (1, 784))
    taught = network(784, 2)
    (seen,) = one_neuron(taught, images).see({"neuron": 1})
    taught.forward(images[0].tolist())
    neuron = taught.layers[0].neurons[1]
    largest = np.abs(neuron.weights).max()
    wanted = (neuron.x, neuron.weights / largest, np.multiply(neuron.weights, neuron.x) / largest)
    drawn = re.findall(r'<g transform="scale\(6\)".*?</g>', seen["svg"])
    for picture, shares in zip(drawn, wanted, strict=True):
        pixels = np.zeros((28, 28))
        for path in minidom.parseString(picture).getElementsByTagName("path"):
            sign = 1 if path.getAttribute("fill") == "black" else -1
            for x, y, n in re.findall(r"M(\d+) (\d+)h(\d+)v1", path.getAttribute("d")):
                level = sign * float(path.getAttribute("fill-opacity"))
                pixels[int(y), int(x) : int(x) + int(n)] = level
        np.testing.assert_allclose(pixels.ravel(), shares, atol=1 / 24 + 0.015)


def test_bars_stand_for_few_numbers_and_the_card_is_small():
    images = np.random.default_rng(1).uniform(0, 1, (2, 784))
    figure = one_neuron(network(784, 20, 10), images)
    (seen,) = figure.see({"layer": "2 (10 neurons)", "neuron": 19})
    assert seen["says"].startswith("Layer 2, neuron 9: 20 weights")
    assert "scale(6)" not in seen["svg"] and seen["svg"].count("<rect") > 60
    assert len(figure.still()) < 60_000 and len(figure._esm) < 40_000
    minidom.parseString(seen["svg"])
