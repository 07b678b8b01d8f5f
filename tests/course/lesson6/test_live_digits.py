"""Lesson 6's live figures against the taught Python: drawings, changes of a digit, probabilities.

The browser keeps weights as float16; so do the networks here, and nothing else differs.
"""

import re

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

READER, UNTRAINED = trained_reader(), new_reader(np.random.default_rng(1))
for p in UNTRAINED.params.values():
    p[...] = p.astype(np.float16)
NETWORKS = {"reader": READER, "untrained": UNTRAINED}
PAD = drawn_digit(NETWORKS)
X, T = load_digits(low=0.0).test

# Dots, one at the edge; lines, the last along the edge, where half of the pen's width is lost.
SINGLE = [[(140, 140)], [(0, 280)], [(9, 9), (13, 12)]]
SINGLE += [[(60, 30), (60, 250)], [(0, 0), (280, 280)], [(280, 0), (280, 280)]]


def random_strokes(rng):
    """One to three strokes of a few points, anywhere on the pad, of any size."""
    corner, size = rng.uniform(0, 200, 2), rng.uniform(30, 250)
    drawn = [corner + size * rng.random((rng.integers(2, 8), 2)) for _ in range(rng.integers(1, 4))]
    return [np.clip(points, 0, 280).astype(int).tolist() for points in drawn]


def test_a_thousand_drawings_are_prepared_and_read_as_python_does():
    rng = np.random.default_rng(1)
    settings = [{"network": "reader", "strokes": [points]} for points in SINGLE]
    settings += [{"network": name, "strokes": random_strokes(rng)} for name in [*NETWORKS] * 510]
    for one, seen in zip(settings, PAD.see(*settings), strict=True):
        drawing = im.draw_strokes(one["strokes"])
        images = np.concatenate([im.prepare(im.thin(drawing)), im.only_shrink(drawing)])
        outputs = NETWORKS[one["network"]].predict(images)
        np.testing.assert_allclose(seen["numbers"]["images"], images, atol=1e-6)
        np.testing.assert_allclose(seen["numbers"]["outputs"], outputs, atol=1e-5)
        pattern = r"prepared as MNIST was: read as (\d), (\d+)%; only shrunk: read as (\d), (\d+)%"
        said = np.array(re.fullmatch(pattern, seen["says"]).groups(), int).reshape(2, 2)
        np.testing.assert_array_equal(said[:, 0], outputs.argmax(axis=1))
        np.testing.assert_allclose(said[:, 1], 100 * outputs.max(axis=1), rtol=0, atol=0.51)


def test_a_blank_pad_asks_for_a_digit():
    (seen,) = PAD.see({})
    assert seen["says"] == "The pad is blank: draw a digit"
    assert np.max(seen["numbers"]["outputs"]) == 0 and "NaN" not in seen["svg"]


def test_weights_travel_as_bytes_and_other_activations_are_refused():
    assert {type(p) for layer in for_browser(READER) for p in layer.values()} == {bytes}
    other = mlp([784, 8, 10], LeakyReLU, SoftmaxCrossEntropy(), rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="ReLU"):
        for_browser(other)


# ---- a digit that is spoiled ----


def spoil(images, right, down, turn, wider, noise, inverted):
    """As in the lesson."""
    images = im.thicken(im.rotate(im.shift(images, right, down), turn), wider)
    images = im.invert(images) if inverted else images
    return im.add_noise(images, noise, np.random.default_rng(0))


# All places of each slider, and where it changes nothing.
ANYWHERE = {
    "right": range(-8, 9),
    "down": range(-8, 9),
    "turn": range(-90, 91, 5),
    "wider": np.arange(-4, 13) / 4,
    "noise": np.arange(21) / 20,
    "inverted": [False, True],
}
NOTHING = {"right": 0, "down": 0, "turn": 0, "wider": 0.0, "noise": 0.0, "inverted": False}


def test_a_thousand_spoiled_digits_are_read_as_python_reads_them():
    x, t, rng = X[:20], T[:20], np.random.default_rng(3)
    settings = [{"image": k % 20, **NOTHING} for k in range(1020)]
    for one in settings[20:]:
        one |= {k: rng.choice(at).item() for k, at in ANYWHERE.items() if rng.random() < 0.5}
    before = READER.predict(x)
    for one, seen in zip(settings, spoiled_digit(x, t, READER).see(*settings), strict=True):
        k, numbers = one.pop("image"), seen["numbers"]
        image = spoil(x[k : k + 1], **one)
        (after,) = READER.predict(image)
        np.testing.assert_allclose(numbers["image"], image[0], atol=1e-5)
        np.testing.assert_allclose(numbers["after"], after, atol=1e-4)
        np.testing.assert_allclose(numbers["before"], before[k], atol=1e-5)
        assert numbers["changed"] == [name for name in NOTHING if one[name] != NOTHING[name]]
        said = re.fullmatch(r"Label \d, (.*)read as (\d) \(output (.+)\)", seen["says"])
        if np.diff(np.sort(after)[-2:]) > 1e-3:
            assert int(said[2]) == after.argmax()
            assert (said[1] == "still ") == (after.argmax() == t[k] == before[k].argmax())
        assert float(said[3]) == pytest.approx(after.max(), abs=0.0051)


def test_each_goal_can_be_reached_with_the_digits_that_a_move_ruins():
    answers, moved = (READER.predict(images).argmax(axis=1) for images in (X, im.shift(X, 4, 0)))
    some = np.flatnonzero((answers == T) & (moved != T))[:20]
    figure = spoiled_digit(X[some], T[some], READER)
    ways = [{"right": 3}, {"down": 3}, {"turn": 90}, {"wider": 3}, {"wider": -1}, {"noise": 1}]
    settings = [{"image": k} | NOTHING | way for k in range(len(some)) for way in ways]
    met = [seen for seen in figure.see(*settings) if seen["goals"]]
    assert len({goal for seen in met for goal in seen["goals"]}) == 4
    assert all(", now read as" in seen["says"] for seen in met)  # never without a new error
    assert figure.see({})[0]["goals"] == []
