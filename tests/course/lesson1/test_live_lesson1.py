"""Lesson 1's live figures: what JavaScript shows and computes, against the taught Python."""

import re
from itertools import compress, pairwise
from xml.dom import minidom

import numpy as np
import pytest

from nnlesson.course.lesson1.explorers import decision_line, learning_rule, one_neuron
from nnlesson.perceptron import PerceptronLayer, PerceptronNetwork

pytest.importorskip("py_mini_racer")

FUNCTIONS = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0]}
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)


def said(v, spec="g"):
    """A number as the figures write it: 0 has no minus."""
    return f"{float(f'{v:{spec}}') + 0:{spec}}".replace("-", "−")


def cells(html):
    """The rows of a table, as texts."""
    rows = re.findall("<tr>(.*?)</tr>", html)
    return [re.sub("<.*?>", "", row.replace("</td>", "|")).split("|")[:-1] for row in rows[1:]]


# ---- the decision line ----


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_line_decides_as_numpy_does(name):
    numbers = np.random.default_rng(1).integers(-60, 61, (300, 3)) / 20
    numbers[:3] = [0, 0, -1], [0, 0, 0], [0, 0, 1]  # no line
    settings = [{"function": name, "w1": w1, "w2": w2, "b": b} for w1, w2, b in numbers.tolist()]
    shown = decision_line(FUNCTIONS).see(*settings)
    for z, seen in zip(numbers[:, :2] @ CORNERS.T + numbers[:, 2:], shown, strict=True):
        z = z.round(9)
        answers = (z >= 0).astype(int).tolist()
        right = np.equal(answers, FUNCTIONS[name])
        won = f"All 4 right: these three numbers are {name}"
        assert seen["says"] == (won if right.all() else f"{name}: {right.sum()} of 4 right")
        assert seen["goals"] == ([name] if right.all() else [])
        assert seen["numbers"]["z"] == pytest.approx(z, abs=1e-9)
        columns = np.transpose(cells(seen["rest"])).tolist()
        assert columns[1:3] == [[said(v, ".2f") for v in z], [f"{y}" for y in answers]]
        assert columns[4] == ["✓ right" if one else "✗ wrong" for one in right]
        assert name != "XOR" or not right.all()
        minidom.parseString(seen["svg"])


# ---- the learning rule ----


def lines_drawn(svg):
    """Ends (2, 2), as inputs, of the line before, which is dashed, and of the line after."""
    found = {"7 5": [], "": []}
    for line in minidom.parseString(svg).getElementsByTagName("polyline"):
        if line.getAttribute("stroke-width") == "2.2":
            ends = [place.split(",") for place in line.getAttribute("points").split()]
            at = (np.array(ends, float) - [40, 380]) / [350, -350] * 3.3 - 1
            found[line.getAttribute("stroke-dasharray")].append(at)
    return found.values()


def test_every_look_shows_its_numbers_and_lines_and_reaches_its_goals():
    rng = np.random.default_rng(0)
    looks, right = [], 0
    for k in range(1000):
        (*w, b), (*new_w, new_b) = rng.integers(-2, 3, (2, 3)) / 4
        t, y = rng.integers(0, 2, 2)
        after = {"new_w": new_w, "new_b": new_b}
        looks.append({"w": w, "b": b, "x": CORNERS[k % 4], "t": t, "y": y, **after})
    figure = learning_rule(looks, FUNCTIONS["AND"], look=8)
    assert "<p><b>Look 8: " in figure.still()
    pictures = figure.see(*[{"look": k + 1} for k in range(len(looks))])
    for k, (one, seen) in enumerate(zip(looks, pictures, strict=True)):
        before, after = (*one["w"], one["b"]), (*one["new_w"], one["new_b"])
        x, z, error = one["x"], one["x"] @ one["w"] + one["b"], one["t"] - one["y"]
        right = 0 if error else right + 1
        assert seen["numbers"] == {"z": z, "error": error, "x": list(x), "inARow": right}
        verdict = "wrong, so the numbers change" if error else "right, so the numbers stay"
        assert seen["says"].startswith(f"Look {k + 1}: {verdict}")
        assert ("it has learned" in seen["says"]) == (right >= 4)
        met = [error == 1, error == -1 and x.any(), right >= 4]
        goals = [[word for word in ("adds", "takes", "four") if word in g] for g in seen["goals"]]
        assert goals == [[word] for word in compress(("adds", "takes", "four"), met)]
        assert f" = {said(z)}</p>" in seen["rest"]
        assert f"Answer y = {one['y']}, so t − y = {said(error)}</p>" in seen["rest"]
        rows = [(row[1], row[3]) for row in cells(seen["rest"])]
        assert rows == [(said(old), said(new)) for old, new in zip(before, after, strict=True)]
        dashed, solid = lines_drawn(seen["svg"])
        assert len(dashed) == (error != 0 and any(before[:2])) and len(solid) == any(after[:2])
        for ends, (*w, b) in [*((at, before) for at in dashed), *((at, after) for at in solid)]:
            np.testing.assert_allclose(ends @ w + b, 0, atol=1e-3)


# ---- the neuron card ----


def network(image, *sizes):
    """The same network every time, its biases not 0; it remembers this image."""
    rng = np.random.default_rng(0)
    made = PerceptronNetwork([PerceptronLayer(*d, rng) for d in pairwise([len(image), *sizes])])
    for neuron in [neuron for layer in made.layers for neuron in layer.neurons]:
        neuron.bias = float(rng.normal())
    made.forward(image.tolist())
    return made


def test_the_card_shows_what_the_neuron_holds():
    rng = np.random.default_rng(1)
    images = np.round(rng.uniform(-1, 1, (5, 784)) * rng.integers(0, 2, (5, 784)), 2)
    sizes, names = [12, 5, 3], ["1 (12 neurons)", "2 (5 neurons)", "3 (3 neurons)"]
    taught = [network(image, *sizes) for image in images]
    chosen = rng.integers(0, (5, 3, 12, 784), (1100, 4))
    chosen[chosen[:, 1] > 0, 3] %= 14  # some beyond the last input, as some neurons are
    settings = [
        {"image": m, "layer": names[k], "neuron": j, "input": i} for m, k, j, i in chosen.tolist()
    ]
    shown = one_neuron(taught[0], images).see(*settings)
    for (m, k, j, i), seen in zip(chosen.tolist(), shown, strict=True):
        j = min(j, sizes[k] - 1)
        neuron = taught[m].layers[k].neurons[j]
        x, w, d = np.array(neuron.x), np.array(neuron.weights), len(neuron.x)
        i = min(i, d - 1)
        z, y = said(neuron.z, ".2f"), said(neuron.y, ".3f")
        assert seen["says"] == f"Layer {k + 1}, neuron {j}: {d} weights, z = {z}, y = {y}"
        at = [seen["numbers"][name] for name in ("neuron", "input", "x")]
        assert at == pytest.approx([j, i, x[i]], abs=1e-6)
        # Weights come in thousandths.
        assert seen["numbers"]["weight"] == pytest.approx(w[i], abs=0.00051)
        assert seen["numbers"]["product"] == pytest.approx(w[i] * x[i], abs=0.00051)
        last = [float(row[-1].replace("−", "-")) for row in cells(seen["rest"])]
        wanted = [w[i] * x[i], w @ x, neuron.bias, neuron.z, neuron.y]
        assert last == pytest.approx(wanted, abs=0.0051)
        assert f"Weights from {said(w.min(), '.3f')} to {said(w.max(), '.3f')}." in seen["rest"]
        # Three pictures with a rectangle each, or three times d bars; and four panels' frames.
        drawn = [seen["svg"].count("scale(6)"), seen["svg"].count("<rect")]
        assert drawn == ([3, 3 + 4] if k == 0 else [0, 3 * d + 4])


def test_the_pictures_are_those_of_the_input_the_weights_and_the_products():
    image = np.random.default_rng(1).uniform(0, 1, 784)
    taught = network(image, 2)
    (seen,) = one_neuron(taught, image[None]).see({"neuron": 1})
    weights = np.array(taught.layers[0].neurons[1].weights)
    weights /= np.abs(weights).max()
    groups = minidom.parseString(seen["svg"]).getElementsByTagName("g")
    drawn = [group for group in groups if group.getAttribute("transform") == "scale(6)"]
    for picture, shares in zip(drawn, (image, weights, weights * image), strict=True):
        pixels = np.zeros((28, 28))
        for path in picture.getElementsByTagName("path"):
            sign = 1 if path.getAttribute("fill") == "black" else -1
            level = sign * float(path.getAttribute("fill-opacity"))
            for x, y, n in re.findall(r"M(\d+) (\d+)h(\d+)v1", path.getAttribute("d")):
                pixels[int(y), int(x) : int(x) + int(n)] += level
        np.testing.assert_allclose(pixels.ravel(), shares, atol=1 / 24 + 0.015)
