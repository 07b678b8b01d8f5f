"""Lesson 1's further live figures in JupyterLab: by mouse, finger and keyboard, seen and spoken."""

import numpy as np
import pytest
from live_tools import check_looks, check_speed

SETUP = """
import numpy as np
from nnlesson.activations import step
from nnlesson.course.lesson1.explorers import learning_rule, one_neuron
from nnlesson.datasets import load_digits
from nnlesson.perceptron import PerceptronLayer, PerceptronNetwork
AND = [0, 0, 0, 1]
w, b, looks = np.zeros(2), 0, []
for k in range(24):
    x, t = np.array([k // 2 % 2, k % 2]), AND[k % 4]
    y = int(step(w @ x + b))
    look = {"w": w, "b": b, "x": x, "t": t, "y": y}
    w, b = w + (t - y) * x, b + (t - y)
    looks.append({**look, "new_w": w, "new_b": b})
rng = np.random.default_rng(0)
sizes = [(784, 20), (20, 20), (20, 10)]
network = PerceptronNetwork([PerceptronLayer(*size, rng) for size in sizes])
images = load_digits(low=0.0, high=1.0).test.images[:12]
"""
CELLS = {"rule": "learning_rule(looks, AND)", "card": "one_neuron(network, images)"}


def numbers_after(rule):
    """w₁, w₂ and b after the look that is shown."""
    return [float(row[-1].replace("−", "-")) for row in rule.rows()]


def test_the_rule_is_stepped_through_and_plays(figure, page):
    rule = figure("rule")
    rule.press_keys("look", "Home")
    rule.button("Next").click()
    assert rule.spoken().startswith("Look 2: ")
    before = numbers_after(rule)
    rule.button("Next").focus()
    page.press_key("Enter")
    rule.settle()
    shown = [float(row[1].replace("−", "-")) for row in rule.rows()]
    assert rule.says().startswith("Look 3: ") and shown == before
    rule.button("Play").click()
    rule.root.get_by_text("Look 5:").first.wait_for()
    rule.button("Pause").click()
    rule.press_keys("look", "End")
    w1, w2, b = numbers_after(rule)
    z = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) @ [w1, w2] + b
    assert (z >= 0).tolist() == [False, False, False, True]
    assert "it has learned" in rule.spoken()
    assert "✓ find four right looks in a row" in rule.root.locator(".nn-goals").inner_text()


def test_no_click_of_the_rule_is_lost(figure):
    rule = figure("rule")
    rule.press_keys("look", "End")  # Next is off, until the click on Reset is drawn
    rule.root.evaluate("""async root => {
        const named = name => root.querySelector(`[data-act="${name}"]`);
        named("reset").click();
        for (let k = 0; k < 20; k += 1) {
            named("next").click();
            await new Promise(done => setTimeout(done, 30));
        }
    }""")
    rule.root.locator(".nn-says", has_text="Look 21: ").wait_for()


def test_the_ring_follows_mouse_finger_and_keys(figure):
    card = figure("card")
    card.control("layer").select_option("1 (20 neurons)")
    card.press_keys("input", "Home")
    card.press_keys("input", "PageUp", 5)
    card.press_keys("input", "ArrowRight", 3)
    for act, by in ((card.drag, (20, 30)), (card.touch, (-20, -20))):
        before = int(card.value("input"))
        act("input", by)
        after = int(card.value("input"))
        assert (after - before > 28) if by[1] > 0 else (before - after > 28)
        assert card.rows()[0][0] == str(after)
        x, w, product = (float(cell.replace("−", "-")) for cell in card.rows()[0][1:])
        assert product == pytest.approx(w * x, abs=0.002)


def test_the_sliders_are_as_long_as_the_layer(figure):
    card = figure("card")
    card.control("layer").select_option("1 (20 neurons)")
    card.press_keys("neuron", "End")
    card.press_keys("input", "End")
    assert (card.value("neuron"), card.value("input")) == ("19", "783")
    card.control("layer").select_option("3 (10 neurons)")
    assert card.spoken().startswith("Layer 3, neuron 9: 20 weights, z = ")
    assert (card.value("neuron"), card.value("input")) == ("9", "19")
    card.press_keys("neuron", "ArrowLeft")
    assert card.value("neuron") == "8" and card.says().startswith("Layer 3, neuron 8")
    assert card.control("neuron").get_attribute("max") == "9"


def test_a_drag_of_the_ring_is_as_fast_as_an_empty_page(browser, figure):
    card = figure("card")
    card.control("layer").select_option("1 (20 neurons)")
    check_speed(browser, card, "input", (-60, -60))


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_a_figure_fits_and_is_accessible(figure, page, screenshots, is_dark):
    check_looks(page, {name: figure(name) for name in CELLS}, screenshots, is_dark)
