"""Lesson 6's live figures against the taught Python: drawings, changes of a digit, probabilities.

The browser keeps weights as float16; so do the networks here, and nothing else differs.
"""

import re
from xml.dom import minidom

import numpy as np
import pytest

from nnlesson import images as im
from nnlesson.course.lesson6.explorers import drawn_digit, for_browser, spoiled_digit
from nnlesson.course.reader import new_reader, trained_reader
from nnlesson.datasets import load_digits
from nnlesson.layers import LeakyReLU
from nnlesson.losses import SoftmaxCrossEntropy
from nnlesson.network import mlp

pytest.importorskip("py_mini_racer")

THREE = [(60, 70), (110, 40), (170, 45), (200, 85), (175, 125), (125, 135), (180, 150), (205, 195),
         (175, 240), (110, 245), (60, 215)]  # fmt: skip


NETWORKS = {"reader": trained_reader(), "untrained": new_reader(np.random.default_rng(1))}
for p in NETWORKS["untrained"].params.values():
    p[...] = p.astype(np.float16)

SHAPES = {
    "dot": [[(140, 140)]],
    "dot at the edge": [[(0, 280)]],
    "line": [[(60, 30), (60, 250)]],
    "whole pad": [[(0, 0), (280, 280)], [(0, 280), (280, 0)]],
    "tiny": [[(100, 100), (104, 103), (101, 109)]],
}


def pad():
    return drawn_digit(NETWORKS, [THREE])


def random_strokes(rng):
    """One to three bent strokes, anywhere on the pad, of any size."""
    corner, size = rng.uniform(0, 200, 2), rng.uniform(30, 250)
    strokes = []
    for _ in range(rng.integers(1, 4)):
        turns = np.cumsum(rng.normal(0, 0.5, rng.integers(3, 11)))
        steps = np.stack([np.cos(turns), np.sin(turns)], axis=1)
        path = corner + np.cumsum(steps, axis=0) * size / len(turns) + rng.uniform(0, size, 2)
        strokes.append(np.rint(np.clip(path, 0, 280)).astype(int).tolist())
    return strokes


def test_a_thousand_drawings_are_prepared_and_read_as_python_does():
    rng = np.random.default_rng(1)
    settings = [{"network": "reader", "strokes": strokes} for strokes in SHAPES.values()]
    networks = [*NETWORKS] * 510
    settings += [{"network": name, "strokes": random_strokes(rng)} for name in networks]
    n_thinned = 0
    for one, seen in zip(settings, pad().see(*settings), strict=True):
        drawing = im.draw_strokes(one["strokes"])
        ink = im.thin(drawing)
        n_thinned += ink.sum() < im.crop(drawing).sum()
        images = np.concatenate([im.prepare(ink), im.only_shrink(drawing)])
        outputs = NETWORKS[one["network"]].predict(images)
        np.testing.assert_allclose(seen["numbers"]["images"], images, atol=1e-6)
        np.testing.assert_allclose(seen["numbers"]["outputs"], outputs, atol=1e-5)
        pattern = r"prepared as MNIST was: read as (\d), (\d+)%; only shrunk: read as (\d), (\d+)%"
        said = np.array(re.fullmatch(pattern, seen["says"]).groups(), int).reshape(2, 2)
        np.testing.assert_array_equal(said[:, 0], outputs.argmax(axis=1))
        np.testing.assert_allclose(said[:, 1], 100 * outputs.max(axis=1), rtol=0, atol=0.51)
    assert n_thinned > 100


def test_a_blank_pad_asks_for_a_digit():
    (seen,) = pad().see({"strokes": []})
    assert seen["says"] == "The pad is blank: draw a digit"
    assert np.array(seen["numbers"]["outputs"]).max() == 0
    minidom.parseString(seen["svg"])


def test_the_still_reads_a_digit_and_holds_no_weights():
    figure = pad()
    (seen,) = figure.see({})
    assert seen["says"].startswith("prepared as MNIST was: read as 3")
    assert "NaN" not in seen["svg"] and "undefined" not in seen["svg"]
    # Weights travel as bytes beside the state, not as text in it.
    reader = figure.given["networks"]["reader"]
    assert {type(p) for layer in reader for p in layer.values()} == {bytes}


def test_sixteen_bits_change_a_trained_network_little():
    network = trained_reader()
    rng = np.random.default_rng(2)
    for p in network.params.values():
        p *= rng.uniform(0.9995, 1.0005, p.shape).astype(np.float32)
    strokes = [random_strokes(rng) for _ in range(50)]
    figure = drawn_digit({"ours": network})
    for one, seen in zip(strokes, figure.see(*[{"strokes": s} for s in strokes]), strict=True):
        outputs = network.predict(im.only_shrink(im.draw_strokes(one)))[0]
        np.testing.assert_allclose(seen["numbers"]["outputs"][1], outputs, atol=0.01)


def test_other_activations_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="ReLU"):
        for_browser(mlp([784, 8, 10], LeakyReLU, SoftmaxCrossEntropy(), rng=rng))


# ---- a digit that is spoiled ----


def spoil(images, right, down, turn, wider, noise, inverted):
    """As in the lesson."""
    images = im.thicken(im.rotate(im.shift(images, right, down), turn), wider)
    images = im.invert(images) if inverted else images
    return im.add_noise(images, noise, np.random.default_rng(0))


NOTHING = {"right": 0, "down": 0, "turn": 0, "wider": 0.0, "noise": 0.0, "inverted": False}
ANYWHERE = {
    "right": range(-8, 9),
    "down": range(-8, 9),
    "turn": range(-90, 91, 5),
    "wider": np.arange(-4, 13) / 4,
    "noise": np.arange(21) / 20,
    "inverted": [False, True],
}


def random_changes(rng):
    """Each slider anywhere, or where it changes nothing."""
    return NOTHING | {
        name: rng.choice(values).item() for name, values in ANYWHERE.items() if rng.random() < 0.5
    }


def test_a_thousand_spoiled_digits_are_read_as_python_reads_them():
    x, t = (part[:20] for part in load_digits(low=0.0).test)
    rng = np.random.default_rng(3)
    settings = [{"image": int(rng.integers(20)), **random_changes(rng)} for _ in range(1000)]
    settings += [{"image": k, **NOTHING} for k in range(20)]
    network = NETWORKS["reader"]
    before = network.predict(x)
    for one, seen in zip(settings, spoiled_digit(x, t, network).see(*settings), strict=True):
        k, numbers = one.pop("image"), seen["numbers"]
        image = spoil(x[k : k + 1], **one)
        after = network.predict(image)[0]
        np.testing.assert_allclose(numbers["image"], image[0], atol=1e-5)
        np.testing.assert_allclose(numbers["after"], after, atol=1e-4)
        np.testing.assert_allclose(numbers["before"], before[k], atol=1e-5)
        assert numbers["changed"] == [name for name in NOTHING if one[name] != NOTHING[name]]
        said = re.fullmatch(r"Label (\d), (.*)read as (\d) \(output (.+)\)", seen["says"])
        if np.diff(np.sort(after)[-2:]) > 1e-3:
            assert int(said[3]) == after.argmax()
            assert (said[2] == "still ") == (after.argmax() == t[k] == before[k].argmax())
        assert float(said[4]) == pytest.approx(after.max(), abs=0.0051)
    minidom.parseString(seen["svg"])


def test_each_goal_can_be_reached_with_the_digits_that_a_move_ruins():
    x, t = load_digits(low=0.0).test
    network = NETWORKS["reader"]
    answers = [network.predict(images).argmax(axis=1) for images in (x, im.shift(x, 4, 0))]
    some = np.flatnonzero((answers[0] == t) & (answers[1] != t))[:20]
    figure = spoiled_digit(x[some], t[some], network)
    ways = [{"right": 3}, {"down": 3}, {"turn": 90}, {"wider": 3}, {"wider": -1}, {"noise": 1}]
    settings = [{"image": k} | NOTHING | way for k in range(len(some)) for way in ways]
    met = [seen for seen in figure.see(*settings) if seen["goals"]]
    assert len({goal for seen in met for goal in seen["goals"]}) == 4
    assert all(", now read as" in seen["says"] for seen in met)  # never without a new error
    assert figure.see({})[0]["goals"] == []
