"""The widgets of lesson 6 without a browser: votes, spoiled digits, and pixels in, answers out."""

from pathlib import Path

import numpy as np
import pytest

from nnlesson import images as im
from nnlesson.activations import softmax
from nnlesson.course.controls import sweep
from nnlesson.course.lesson6 import explorers as lesson6
from nnlesson.datasets import load_digits
from nnlesson.layers import ReLU
from nnlesson.losses import SoftmaxCrossEntropy
from nnlesson.network import mlp
from nnlesson.optimizers import Momentum
from nnlesson.training import train_epoch

WAYS = {"prepared": im.prepare, "only shrunk": im.only_shrink}
# Threes by different hands, as points of one stroke on 280 x 280.
THREES = {
    "round": [(60, 70), (110, 40), (170, 45), (200, 85), (175, 125), (125, 135), (180, 150),
              (205, 195), (175, 240), (110, 245), (60, 215)],
    "flat top": [(80, 40), (190, 40), (120, 120), (180, 140), (200, 190), (160, 240), (80, 230)],
    "narrow": [(100, 60), (150, 50), (180, 80), (150, 125), (120, 130), (160, 140), (180, 180),
               (150, 220), (95, 210)],
    "small, in the upper left corner": [(40, 45), (65, 30), (95, 32), (110, 52), (98, 72),
                                        (72, 77), (100, 85), (112, 108), (98, 130), (65, 132),
                                        (40, 118)],
    "small, in the lower right corner": [(150, 155), (190, 140), (225, 160), (215, 190), (185, 200),
                                         (222, 213), (230, 240), (200, 265), (150, 255)],
    "large": [(30, 50), (100, 15), (200, 25), (240, 80), (200, 130), (120, 138), (210, 155),
              (250, 210), (200, 260), (100, 265), (30, 230)],
}  # fmt: skip


@pytest.fixture(scope="module")
def network():
    """A network trained in a second on shifted copies of the bundled digits."""
    rng = np.random.default_rng(6)
    made = mlp([784, 128, 10], ReLU, SoftmaxCrossEntropy(), rng=rng, scale=None, dtype=np.float32)
    images, labels = load_digits(low=0.0).train
    for rate, epochs in ((0.02, 40), (0.005, 15)):
        optimizer = Momentum(rate)
        for _ in range(epochs):
            train_epoch(made, im.random_shifts(images, 2, rng), labels, optimizer, 20, rng)
    return made


def as_bytes(drawing):
    return np.rint(drawing * 255).astype(np.uint8).tobytes()


def reader_of(*predictors):
    networks = {f"network {i}": predict for i, predict in enumerate(predictors)}
    return lesson6.digit_reader(networks, WAYS, im.draw_strokes([THREES["round"]]))


@pytest.mark.parametrize("name", THREES)
def test_a_drawn_3_is_read_as_a_3(network, name):
    reader = reader_of(network.predict)
    reader.pad.pixels = as_bytes(im.draw_strokes([THREES[name]], width=20))
    assert reader.answers["prepared"].argmax() == 3
    assert reader.answers["prepared"].sum() == pytest.approx(1, abs=1e-5)
    assert "prepared: <b>read as 3</b>" in reader.said.value
    assert set(reader.answers) == set(WAYS)


def test_preparation_decides_about_a_3_in_a_corner(network):
    reader = reader_of(network.predict)
    reader.pad.pixels = as_bytes(im.draw_strokes([THREES["small, in the upper left corner"]]))
    assert reader.answers["prepared"][3] > reader.answers["only shrunk"][3]


def test_every_stroke_draws_once_and_clear_makes_blank(network):
    calls = []

    def predict(x):
        calls.append(x.shape)
        return network.predict(x)

    reader = reader_of(predict)
    before, calls[:] = reader.image.value, []
    assert all(answer is None for answer in reader.answers.values())
    reader.pad.pixels = as_bytes(im.draw_strokes([[(100, 50), (100, 200)]]))
    assert calls == [(1, 784)] * 2  # once for each preparation
    drawn = reader.image.value
    reader.pad.pixels = as_bytes(im.draw_strokes([[(100, 50), (100, 200)], [(50, 60), (200, 60)]]))
    assert len({before, drawn, reader.image.value}) == 3
    reader.clear.click()
    assert reader.image.value == before and "blank" in reader.said.value
    assert not any(reader.pad.pixels)


def test_another_network_reads_the_same_drawing(network):
    def always_7(x):
        return softmax(np.tile(np.eye(10)[7] * 20, (len(x), 1)))

    reader = reader_of(network.predict, always_7)
    reader.pad.pixels = as_bytes(im.draw_strokes([THREES["round"]]))
    assert reader.answers["prepared"].argmax() == 3
    reader.network.value = "network 1"
    assert reader.answers["prepared"].argmax() == 7 and "read as 7" in reader.said.value


def test_bytes_that_are_no_drawing_are_said_and_do_not_raise(network):
    reader = reader_of(network.predict)
    reader.pad.pixels = b"\x01\x02"
    assert "78400 bytes make a drawing, but 2 came" in reader.said.value


def test_a_failing_network_is_said_below_the_pad():
    def broken(x):
        raise RuntimeError("no <weights>")

    reader = lesson6.digit_reader(
        {"broken": lambda x: np.full((1, 10), 0.1)}, WAYS, np.ones((9, 9))
    )
    reader.networks["broken"] = broken
    reader.pad.pixels = bytes([255]) * 280**2
    assert "no &lt;weights&gt;" in reader.said.value


def test_pad_gives_and_takes_drawings():
    pad = lesson6.DrawingPad()
    assert pad.drawing.shape == (280, 280) and pad.drawing.sum() == 0
    drawing = np.round(np.random.default_rng(0).random((280, 280)) * 255) / 255
    pad.drawing = drawing
    np.testing.assert_allclose(pad.drawing, drawing, atol=1e-12)
    for bad in (np.zeros((9, 9)), np.full((280, 280), 2.0), np.full((280, 280), np.nan)):
        with pytest.raises(ValueError, match=r"\(280, 280\) with 0 to 1"):
            pad.drawing = bad


def test_pixels_arrive_as_the_browser_sends_them():
    pad = lesson6.DrawingPad()
    pad.set_state({"pixels": memoryview(bytes([255]) * 280**2)})
    assert isinstance(pad.pixels, bytes) and pad.drawing.min() == 1


def test_the_browser_half_is_a_file_of_the_package_and_can_be_used_by_keyboard():
    source = Path(lesson6.__file__).with_name("pad.js").read_text(encoding="utf-8")
    assert str(lesson6.DrawingPad()._esm) == source
    for word in ("tabIndex = 0", "aria-label", "pointerdown", "keydown", "touch-action: none"):
        assert word in source
    assert "http" not in source  # it loads nothing
    for key in ("arrow keys", "Space", "Delete"):
        assert key in lesson6.DrawingPad().label


def wrong_digits(n):
    rng = np.random.default_rng(1)
    return rng.random((n, 784)), np.arange(n) % 10, rng.dirichlet(np.full(10, 0.3), n)


def test_votes_are_counted_and_can_be_changed():
    booth = lesson6.vote_booth(*wrong_digits(3))
    assert booth.counts == {"mistake": 0, "unclear": 0, "wrong label": 0}
    pictures = [booth.image.value]
    for verdict in ("mistake", "unclear", "mistake"):
        booth.buttons[verdict].click()
        pictures.append(booth.image.value)
    assert len(set(pictures)) == 4
    assert booth.counts == {"mistake": 2, "unclear": 1, "wrong label": 0}
    assert booth.at == 2 and booth.next.disabled
    assert booth.figure().get_suptitle() == "All 3 judged; most often: mistake"
    booth.previous.click()
    booth.buttons["wrong label"].click()
    assert booth.votes == {0: "mistake", 1: "wrong label", 2: "mistake"}
    for _ in range(5):
        booth.previous.click()
    assert booth.at == 0 and booth.previous.disabled
    assert booth.buttons["mistake"].button_style == "info"


@pytest.mark.parametrize("n", [0, 1, 4])
def test_a_booth_with_few_digits_or_none(n):
    booth = lesson6.vote_booth(*wrong_digits(n))
    for _ in range(n + 2):
        booth.vote("unclear")
    assert booth.counts["unclear"] == n
    assert booth.buttons["unclear"].disabled == (n == 0)
    assert booth.still.startswith("<img alt=")


def test_a_booth_refuses_what_it_does_not_know():
    images, labels, p = wrong_digits(3)
    with pytest.raises(ValueError, match="no verdict; choose from mistake, unclear, wrong label"):
        lesson6.vote_booth(images, labels, p).vote("right")
    with pytest.raises(ValueError, match="one label"):
        lesson6.vote_booth(images, labels[:2], p)


def spoil(images, right, down, turn, wider, noise, inverted):
    images = im.thicken(im.rotate(im.shift(images, right, down), turn), wider)
    images = im.invert(images) if inverted else images
    return im.add_noise(images, noise, np.random.default_rng(0))


@pytest.mark.slow
def test_abuse_draws_everywhere(network):
    images, labels = load_digits(low=0.0).test
    shown = lesson6.abuse_explorer(images[:4], labels[:4], network.predict, spoil)
    assert sweep(shown, corners=2) > 30
