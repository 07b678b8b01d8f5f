"""Images: moves that undo each other, a drawing prepared as MNIST was, and clear refusals."""

from functools import partial

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from strategies import locked, refusals, rng

from nnlesson import images as im
from nnlesson.datasets import load_digits

DIGITS = load_digits(low=0.0).test.images[:40]
TILES = DIGITS.reshape(-1, 28, 28)
THREE = [[(60, 70), (110, 40), (170, 45), (200, 85), (175, 125), (125, 135), (180, 150),
          (205, 195), (175, 240), (110, 245), (60, 215)]]  # fmt: skip
DOT = np.pad(np.ones((1, 1, 1)), ((0, 0), (14, 13), (14, 13)))  # a pixel of ink
CHANGES = {
    "shift": lambda x: im.shift(x, 2, -3),
    "rotate": lambda x: im.rotate(x, 25),
    "thicken": lambda x: im.thicken(x, 0.5),
    "thin": lambda x: im.thicken(x, -0.5),
    "invert": im.invert,
    "add_noise": lambda x: im.add_noise(x, 0.3, rng(0)),
    "random_shifts": lambda x: im.random_shifts(x, 2, rng(0)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_change_keeps_shape_type_range_and_its_input(change, dtype):
    (rows,) = locked(DIGITS.astype(dtype))
    changed = change(rows)
    assert changed.shape == rows.shape and changed.dtype == dtype
    assert changed.min() >= 0 and changed.max() <= 1
    assert not np.shares_memory(changed, rows) and not np.array_equal(changed, rows)
    assert_array_equal(change(rows.reshape(-1, 28, 28)).reshape(rows.shape), changed)


@given(st.integers(-30, 30), st.integers(-30, 30))
def test_shift_moves_right_and_down_and_what_comes_in_is_paper(dx, dy):
    wide = np.pad(TILES, ((0, 0), (30, 30), (30, 30)))
    assert_array_equal(im.shift(TILES, dx, dy), np.roll(wide, (dy, dx), (1, 2))[:, 30:58, 30:58])
    for far in (dx + 10**9, dx - 10**9):
        assert im.shift(DIGITS, far, 0).sum() == im.shift(DIGITS, 0, far).sum() == 0


@given(st.integers(0, 10**6), st.sampled_from([1, 30]))
def test_sample_weighs_the_pixels_around_a_place_and_off_the_edge_is_paper(seed, spread):
    images = rng().random((2, 28, 28))  # with ink at the edge
    rows, columns = rng(seed).normal(14, spread, (2, 5, 6))
    rows[0], columns[0] = -1.5, [0, 1, 2, 3, 26, 27]  # the pixels beside it are both paper
    down, right = (np.clip(1 - abs(p[..., None] - range(28)), 0, 1) for p in (rows, columns))
    expected = np.einsum("nij,pqi,pqj->npq", images, down, right)
    assert_allclose(im.sample(images, rows, columns), expected, atol=1e-12)


def test_rotate_turns_counterclockwise_about_the_middle():
    assert_allclose(im.rotate(TILES, 90), np.rot90(TILES, axes=(1, 2)), atol=1e-5)
    rows, columns = np.indices((28, 28)) - 13.5
    places = (columns + 1j * rows) * np.exp(1j * np.pi / 6) + 13.5 * (1 + 1j)
    assert_allclose(im.rotate(TILES, 30), im.sample(TILES, places.imag, places.real), atol=1e-5)


def test_thicken_grows_by_a_pixel_on_every_side():
    cross = im.thicken(DOT, 1)
    assert cross.sum() == 5 and cross[0, 13, 14] == cross[0, 14, 13] == 1
    assert im.thicken(DOT, 0.5).sum() == 3
    assert im.thicken(cross, -1).sum() == 1
    assert_array_equal(im.thicken(DIGITS, 0), DIGITS)
    ink = [im.thicken(DIGITS, amount).sum() for amount in (-1, -0.5, 0, 0.5, 1, 1.5, 2)]
    assert ink == sorted(ink) and len(set(ink)) == 7


def test_random_shifts_moves_each_image_as_shift_does():
    moves = rng().integers(-2, 3, (2, 20)).T  # the same that random_shifts draws
    expected = [im.shift(DIGITS[i : i + 1], *move)[0] for i, move in enumerate(moves)]
    assert_array_equal(im.random_shifts(DIGITS[:20], 2, rng()), expected)


@given(*[st.integers(1, 20)] * 4)
def test_a_pixel_of_a_resized_drawing_is_the_mean_of_what_it_covers(h, w, height, width):
    drawing = rng().random((h, w))
    fine = np.kron(drawing, np.ones((height, width)))  # every pixel in height x width parts
    expected = fine.reshape(height, h, width, w).mean(axis=(1, 3))
    assert_allclose(im.resize(drawing, height, width), expected)


def box_of(image):
    return im.crop(image.reshape(28, 28).astype(float)).shape


@pytest.mark.parametrize("size", [280, 560])
def test_prepare_centres_a_box_of_20_wherever_the_digit_stood_and_only_shrink_does_not(size):
    here = im.draw_strokes(THREE, size=size)
    there = np.roll(here, (-15, 30), axis=(0, 1))
    seen = im.prepare(here)
    assert_allclose(im.prepare(there), seen, atol=1e-6)
    assert seen.shape == (1, 784) and seen.dtype == np.float32
    assert seen.min() == 0 and 0.9 < seen.max() <= 1
    assert max(box_of(seen)) == 20
    middle = (np.indices((28, 28)) * seen.reshape(28, 28)).sum(axis=(1, 2)) / seen.sum()
    assert np.abs(middle - 14).max() <= 0.5 + 1e-6
    one, other = im.only_shrink(here), im.only_shrink(there)
    assert one.shape == (1, 784) and one.dtype == np.float32 and not np.allclose(one, other)


BOXES = [
    ((280, 280), np.s_[40:240, 100:140], (20, 4)),
    ((280, 280), np.s_[:, 0], (20, 1)),
    ((1, 1), np.s_[:], (20, 20)),
    ((50, 60), np.s_[20:26:5, 10:31:20], (6, 20)),
]


@pytest.mark.parametrize("size, ink, box", BOXES)
def test_the_box_is_that_of_the_ink_and_keeps_the_ratio(size, ink, box):
    drawing = np.zeros(size)
    drawing[ink] = 0.1
    assert box_of(im.prepare(drawing)) == box


def test_centre_rounds_half_a_pixel_as_on_paper_and_leaves_a_heavy_end_on_it():
    even = np.full((1, 14), 0.3)  # its middle comes out as 6.500000000000001
    assert_array_equal(im.centre(even), np.pad(even, ((14, 13), (8, 6))))
    image = np.zeros((20, 20))
    image[19, 19] = 1  # its mass at the far end: the image would leave the paper
    assert_array_equal(im.centre(image), np.pad(image, ((0, 8), (0, 8))))
    assert_array_equal(im.centre(image[::-1]), np.pad(image[::-1], ((8, 0), (0, 8))))


@given(st.integers(0, 10**6))
def test_random_places_turn_slant_stretch_move_and_bend(seed):
    numbers = rng(seed)
    bend, most = im.bends(1.2, numbers), np.array([5, 0.05, 0.1, 0.1, 1, 1])
    degrees, slant, tall, wide, *moved = numbers.uniform(-most, most)
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    change = np.diag([1 + tall, 1 + wide]) @ [[c, s], [-s, c]] + [[0, 0], [slant, 0]]
    expected = np.tensordot(change, np.indices((28, 28)) - 13.5, 1) + bend
    expected += np.reshape(moved, (2, 1, 1)) + 13.5
    assert_allclose(im.random_places(rng(seed)), expected, atol=1e-12)


POINT = st.tuples(st.floats(0, 20), st.floats(0, 20))


@given(st.lists(POINT, min_size=1, max_size=3))
@example([(5, 5), (5.5, 5)])  # shorter than a pixel
def test_a_pen_inks_what_is_within_half_its_width_of_the_lines_between_points(points):
    line = np.linspace(points[:-1] or points, points[1:] or points, 500).reshape(-1, 2)
    y, x = np.indices((20, 20))[..., np.newaxis]
    nearest = np.hypot(x - line[:, 0], y - line[:, 1]).min(axis=2)
    drawing = im.draw_strokes([points], size=20, width=6)
    assert_allclose(drawing, np.clip(3.5 - nearest, 0, 1), atol=0.01)


def test_strokes_are_drawn_together_by_a_pen_of_22():
    dot = [[(30, 250)]]
    one, other = (im.draw_strokes(strokes, 280, 22) for strokes in (THREE, dot))
    assert_array_equal(im.draw_strokes([*THREE, *dot]), np.maximum(one, other))
    assert_array_equal(im.draw_strokes([], 5), np.zeros((5, 5)))


NO_IMAGES = [
    (DIGITS * 2 - 1, ValueError, r"0 \(paper\) to 1.*low=0.0"),
    ((DIGITS * 255).astype(np.uint8), TypeError, "images must be an array of float32"),
    (DIGITS[:, :700], ValueError, "cannot reshape"),
]
NO_DRAWING = [
    (np.zeros((9, 9)), ValueError, "the drawing is blank: draw a digit first"),
    (np.full((9, 9), 255.0), ValueError, r"the drawing must hold 0 \(paper\) to 1 \(ink\)"),
    (np.ones(9), ValueError, r"the drawing must have shape \(1 or more, 1 or more\)"),
]
TAKE_DRAWINGS = [im.prepare, im.only_shrink, im.thin]
test_images_drawings_and_numbers_that_are_none_are_refused = refusals(
    *[(partial(change, x), *said) for change in CHANGES.values() for x, *said in NO_IMAGES],
    *[(partial(take, x), *said) for take in TAKE_DRAWINGS for x, *said in NO_DRAWING],
    (lambda: im.shift(DIGITS, 0.5, 0), (ValueError, TypeError), "."),
    (lambda: im.thicken(DIGITS, np.nan), ValueError, "."),
    (lambda: im.add_noise(DIGITS, -1, rng()), ValueError, "."),
    (lambda: im.centre(np.ones((29, 3))), ValueError, "."),
    (lambda: im.draw_strokes([[1, 2, 3]]), TypeError, "."),
)


def test_invert_and_noise_are_their_formulas():
    assert_array_equal(im.invert(DIGITS), 1 - DIGITS)
    noise = rng(0).normal(0, 0.3, (40, 784))
    noisy = im.add_noise(DIGITS.astype(float), 0.3, rng(0))
    assert_allclose(noisy, np.clip(DIGITS + noise, 0, 1))


def test_bends_are_noise_that_bell_curves_have_smoothed():
    noise = rng(0).normal(size=(2, 28, 28))
    bells = np.array([[np.exp(-((i - j) ** 2) / 2 / 4**2) for j in range(28)] for i in range(28)])
    bells = [row / np.linalg.norm(row) for row in bells]
    expected = 1.4 * np.einsum("ai,nij,bj->nab", bells, noise, bells)
    assert_allclose(im.bends(1.4, rng(0)), expected)


@pytest.mark.parametrize("width", [7, 14])
def test_the_width_of_strokes_is_found_on_average_over_directions(width):
    ends = [140 + 110 * np.array([np.cos(a), np.sin(a)]) for a in np.arange(12) * np.pi / 12]
    strokes = [im.draw_strokes([[(140, 140), end]], width=width) for end in ends]
    assert np.mean([*map(im.stroke_width, strokes)]) == pytest.approx(width, rel=0.1)


@pytest.mark.parametrize("width", [12, 30])
@pytest.mark.parametrize("most", [0.03, 0.06])
def test_thinning_leaves_strokes_of_a_share_of_the_length_at_most(width, most):
    drawing = im.crop(im.draw_strokes([[(60, 30), (250, 200)]], width=width))
    ink = im.thin(drawing, most)
    before, after = (im.stroke_width(d) / max(d.shape) for d in (drawing, ink))
    assert after == pytest.approx(min(most, before), abs=0.0125)


def test_a_stroke_that_is_thin_enough_is_only_cropped():
    for width in (4, 22):
        drawing = im.draw_strokes(THREE, width=width)
        assert_array_equal(im.thin(drawing), im.crop(drawing))


def test_thinning_wears_8_4_8_neighbours_while_half_of_the_darkest_ink_is_left():
    assert im.crop(im.thin(np.ones((60, 20)))).shape == (48, 8)
    assert im.crop(im.thin(np.ones((60, 20)), most=0.05)).shape == (44, 4)
    y, x = np.indices((31, 31)) - 15
    rhombus = 1.0 * (abs(x) + abs(y) <= 15)
    assert im.crop(im.thin(rhombus)).shape == (21, 21)  # a corner loses 2 pixels, 1, and 2
    for grey, stays in ((0.4, True), (0.5, False)):
        spot = np.maximum(grey * rhombus, (x == 0) & (y == 0))
        assert np.array_equal(im.thin(spot), spot) == stays


def test_thinning_only_takes_ink_and_never_all_of_it():
    blobs = [rng().random(size) for size in ((1, 1), (2, 2), (3, 1), (40, 40))]
    blobs += [np.ones((2, 2)), np.ones((60, 60)), 0.2 * im.draw_strokes(THREE, width=60)]
    for drawing in locked(*blobs):
        ink = im.thin(drawing)
        assert (ink <= im.crop(drawing)).all() and ink.max() >= drawing.max() / 2
        assert im.prepare(ink).sum() > 0
