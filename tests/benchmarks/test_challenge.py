"""The closing challenge in a short form: the same recipe, on few digits and for few epochs."""

import json
import sys

import course_rules
import numpy as np

from nnlesson.datasets import load_digits

sys.path.insert(0, str(course_rules.ROOT / "benchmarks"))
import challenge


def test_the_recipe_learns_in_a_short_run():
    said = []
    settings = {"epochs": 25, "seed": 1, "sizes": [784, 100, 10], "batch_size": 20, "rate": 0.01}
    made = challenge.run(load_digits(low=0.0), **settings, say=said.append)
    assert 0.85 < made["test"] < 0.99 and made["seed"] == 1
    assert len(said) == 26 and "epoch  1 of 25: validation" in said[0]
    assert f"test accuracy {made['test']:.2%}" in said[-1] and "seed 1" in said[-1]


def test_upright_digits_lean_no_longer():
    images = np.vstack([load_digits(low=0.0).test.images, np.zeros((1, 784), np.float32)])
    given = images.copy()
    upright = challenge.upright(images)
    before, after = (abs(lean(some[:-1])).mean() for some in (images, upright))
    assert after < before / 10
    np.testing.assert_array_equal(images, given)
    assert not upright[-1].any()
    sums = upright.reshape(-1, 28, 28).sum(axis=2), images.reshape(-1, 28, 28).sum(axis=2)
    np.testing.assert_allclose(*sums, atol=0.6)  # each row keeps its ink but what leaves the image


def lean(images):
    """Columns per row, of each image (n, 784): the slope of polyfit's straight line through ink."""
    rows, columns = np.indices((28, 28)).reshape(2, -1)
    return np.array([np.polyfit(rows, columns, 1, w=np.sqrt(ink))[0] for ink in images])


def test_the_learning_rate_falls_to_nearly_nothing(monkeypatch):
    rates = []

    def update(optimizer, params, grads):
        rates.append(optimizer.learning_rate)

    monkeypatch.setattr(challenge.Momentum, "update", update)
    sizes = [784, 4, 10]
    challenge.run(load_digits(low=0.0), epochs=2, seed=0, sizes=sizes, say=lambda line: None)
    assert rates[0] == 0.08 and 0 < rates[-1] < 0.08 / 20
    half = np.cos(np.linspace(0, np.pi, len(rates), endpoint=False))
    np.testing.assert_allclose(rates, 0.04 * (1 + half))


def test_lesson_6_tells_what_is_recorded():
    recorded = json.loads((course_rules.ROOT / "benchmarks" / "challenge.json").read_text("utf-8"))
    lesson = course_rules.Lesson.read(course_rules.NOTEBOOKS / "06_misclassification_gallery.ipynb")
    (told,) = (c.source for _, c in lesson.cells if c.source.startswith("The recipe, written"))
    a, b, c = (f"{100 * one['test']:.2f}%" for one in recorded["runs"])
    assert f"{a}, {b} and {c}" in told and f"**{recorded['median']:.2%}**" in told
    wrong = [round((1 - one["validation"]) * 5000) for one in recorded["runs"]]
    assert "{}, {} and {} wrong".format(*wrong) in told
    recipe = recorded["recipe"]
    assert "-".join(map(str, recipe["sizes"])) in told and f"{recipe['epochs']} epochs" in told
    assert f"falls from {recipe['rate']} to 0" in told
