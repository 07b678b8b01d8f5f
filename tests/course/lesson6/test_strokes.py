"""The drawn digits lie on the pad and are read; thin mends those by a thick pen, and no other."""

import numpy as np
import pytest

from nnlesson.course.lesson6.strokes import DIGITS, LETTERS, drawn
from nnlesson.course.reader import trained_reader
from nnlesson.images import prepare, thin

LABELS = np.array([digit for digit, _ in DIGITS])


def n_right(height, pen, step=lambda drawing: drawing):
    """How many of the drawn digits the course's reader reads right."""
    images = [prepare(step(drawn(strokes, height, pen))) for _, strokes in DIGITS]
    return np.sum(trained_reader().predict(np.concatenate(images)).argmax(axis=1) == LABELS)


def test_every_digit_is_there_twice_and_all_fit_on_the_pad():
    assert np.bincount(LABELS).min() >= 2
    for strokes in [*(strokes for _, strokes in DIGITS), *LETTERS.values()]:
        points = np.array([point for points in strokes for point in points])
        assert points.min() > -0.05 and (points.max(axis=0) < [0.75, 1.05]).all()
        drawing = drawn(strokes)
        assert drawing.shape == (280, 280)
        assert not drawing[[0, -1]].any() and not drawing[:, [0, -1]].any()


@pytest.mark.parametrize("height, pen", [(60, 12), (120, 22), (180, 12), (180, 30), (230, 40)])
def test_thinning_harms_no_drawing_by_a_normal_pen(height, pen):
    assert n_right(height, pen) >= 20 and n_right(height, pen, thin) >= 20


@pytest.mark.parametrize(
    "height, pen, before, after", [(80, 30, 19, 20), (60, 30, 10, 16), (40, 22, 10, 14)]
)
def test_small_digits_by_a_thick_pen_are_read_after_thinning(height, pen, before, after):
    assert n_right(height, pen) <= before and n_right(height, pen, thin) >= after
