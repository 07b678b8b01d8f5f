"""Lesson 5's playground in JupyterLab: it trains, stops at once, is heard, and fits every page."""

import time

import pytest
from browser_tools import Lab
from live_tools import LiveFigure, set_theme

SETUP = """
import asyncio
import numpy as np
from nnlesson.course.lesson5.explorers import playground
from nnlesson.datasets import load_digits
from nnlesson.layers import LeakyReLU, ReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError
from nnlesson.network import mlp
from nnlesson.optimizers import Momentum
A = {"ReLU": ReLU, "leaky ReLU": LeakyReLU, "sigmoid": Sigmoid}
L = {"softmax": SoftmaxCrossEntropy, "sigmoids": CrossEntropy, "squared error": SquaredError}
def build(s, rng):
    network = mlp(s.sizes, A[s.activation], L[s.loss](), s.l2, rng, s.scale, np.float32)
    return network, Momentum(s.learning_rate, s.momentum)
"""
PLAY = "play = playground(load_digits(low=0.0), build, A, L); play"
# Steps taken, and the moment of each message of the page: what Stop is measured by.
WATCH = """
import time
heard = []
play.observe(lambda c: heard.append((time.perf_counter(), c["new"].get("asked"))), "values")
print("watching")
"""
ASK = """
last = heard[-1][0] if heard else 0
print([str(r.status) for r in play.trainer.runs], last, play.trainer.since)
"""


@pytest.fixture(scope="module")
def lab(browser, server):
    made = Lab(browser, server)
    made.open_notebook(server.add_notebook("playground.ipynb", [SETUP, PLAY, WATCH, ASK]))
    made.run_all()
    yield made
    assert made.faults() == []
    made.close()


@pytest.fixture
def figure(lab):
    return LiveFigure(lab, lab.cell("play = playground("))


def wait_for(figure, text, seconds=60):
    figure.lab.wait_until(lambda: text in figure.says(), seconds)


def test_it_trains_by_keyboard_and_says_so(figure):
    assert figure.says() == "Choose settings and press Train"
    assert figure.button("Stop").get_attribute("aria-disabled") == "true"
    assert figure.value("learning rate η") == "0.1" and figure.value("hidden layer 2") == "none"
    figure.press_keys("epochs", "Home")
    figure.press_keys("epochs", "ArrowRight", times=4)
    figure.button("Train").focus()
    figure.page.keyboard.press("Enter")
    wait_for(figure, "Run 1 has finished, epoch 5 of 5")
    assert "of the validation digits right" in figure.spoken()
    assert "a first run ✓" in figure.root.inner_text()
    assert len(figure.rows()) == 1


def test_the_network_is_drawn_as_it_learns_and_a_second_click_does_nothing(figure):
    for name in ("epochs", "hidden layer 1"):  # so that it takes long
        figure.press_keys(name, "End")
    picture = figure.root.locator("[data-drag=neuron] image")
    seen = set()
    figure.button("Train").click()
    figure.lab.wait_until(lambda: len(seen) > 4 or seen.add(picture.get_attribute("href")))
    assert figure.button("Train").get_attribute("aria-disabled") == "true"
    figure.button("Train").click(force=True)  # it is off, and does nothing
    figure.button("Stop").click()
    wait_for(figure, "Run 2 was stopped")
    assert len(figure.rows()) == 2


def test_stop_is_heard_within_a_third_of_a_second(figure, lab):
    figure.press_keys("epochs", "End")
    figure.control("batch size").select_option("10")
    figure.button("Train").click()
    wait_for(figure, "Run 3 is training")
    figure.page.wait_for_timeout(500)
    start = time.perf_counter()
    figure.button("Stop").click()
    wait_for(figure, "Run 3 was stopped", 5)
    until_seen = time.perf_counter() - start
    cell = lab.run_cell("last = heard")
    said = cell.locator(".jp-OutputArea-output pre").last.inner_text()
    asked, last_step = map(float, said.rsplit("]", 1)[1].split())
    assert last_step - asked < 0.3  # no step was taken later than that
    assert until_seen < 3  # the test's own look at the page takes most of it


def test_an_interrupt_of_the_idle_kernel_stops_the_training(figure, lab):
    figure.button("Train").click()
    wait_for(figure, "Run 4 is training")
    lab.page.evaluate("() => jupyterapp.commands.execute('notebook:interrupt-kernel')")
    wait_for(figure, "Run 4 was stopped", 10)


def test_a_cell_runs_while_it_trains(figure, lab):
    figure.button("Train").click()
    wait_for(figure, "Run 5 is training")
    lab.run_cell("last = heard")
    assert "'training']" in lab.cell("last = heard").inner_text()
    figure.button("Stop").click()
    wait_for(figure, "Run 5 was stopped")


def test_the_table_sorts_and_takes_runs_out_of_the_picture(figure):
    head = figure.root.locator("th", has_text="epochs")
    head.get_by_role("button").click()
    figure.settle()
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").focus()
    figure.page.keyboard.press("Enter")
    figure.settle()
    assert head.get_attribute("aria-sort") == "descending"
    done = [int(row[-3].split()[0]) for row in figure.rows()]
    assert done == sorted(done, reverse=True)
    names = figure.root.locator(".nn-legend li")
    before = names.count()
    figure.button("run 5 in the picture").click()
    figure.settle()
    assert names.count() == before - 1


def test_points_have_a_tab_of_their_own(figure):
    figure.button("Points").click()
    figure.control("points").select_option("XOR")
    figure.press_keys("epochs", "Home")
    figure.press_keys("epochs", "ArrowRight", times=20)
    figure.button("Train 5 seeds").click()
    wait_for(figure, "seed 5 of 5")
    wait_for(figure, "Run 6 has finished")
    assert len(figure.rows()) == 1 and "five seeds ✓" in figure.root.inner_text()
    assert figure.root.locator("[fill-opacity='0.25']").count() == 2  # a band in each plot
    figure.button("Digits").click()
    figure.settle()
    assert len(figure.rows()) == 5


def test_the_settings_stand_beside_the_picture(figure, lab):
    size = lab.page.viewport_size
    lab.page.set_viewport_size({"width": 1000, "height": 700})
    lab.page.wait_for_timeout(400)
    first, last = (figure.control(name).bounding_box() for name in ("digits", "zoom to 100%"))
    picture = figure.root.locator(".nn-picture").first.bounding_box()
    assert picture["x"] > first["x"] + first["width"]
    assert last["y"] + last["height"] - figure.root.bounding_box()["y"] < 570  # below it: the bars
    lab.page.set_viewport_size(size)


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_width_and_theme_is_without_fault(figure, lab, screenshots, is_dark):
    size = lab.page.viewport_size
    set_theme(lab, is_dark)
    for tab in ("Digits", "Points"):
        figure.button(tab).click()
        for width in (1400, 1000, 390):
            lab.page.set_viewport_size({"width": width, "height": 2600})
            lab.page.wait_for_timeout(300)
            assert figure.faults() == []
            parts = figure.root.locator(":scope > *, .nn-parts > *, .nn-row").evaluate_all(
                "parts => parts.map(e => e.getBoundingClientRect().right)"
            )
            box = figure.root.bounding_box()
            assert max(parts) <= box["x"] + box["width"] + 1
            theme = "dark" if is_dark else "light"
            figure.root.screenshot(path=screenshots / f"play-{tab}-{width}-{theme}.png")
    lab.page.set_viewport_size(size)
    set_theme(lab, False)


def test_the_cell_run_again_ends_the_training(figure, lab):
    figure.button("Digits").click()
    figure.button("Train").click()
    wait_for(figure, "Run 7 is training")
    again = LiveFigure(lab, lab.run_cell("play = playground("))
    lab.wait_until(lambda: again.says() == "Choose settings and press Train")
    again.press_keys("epochs", "Home")
    again.button("Train").click()
    wait_for(again, "Run 1 has finished")
