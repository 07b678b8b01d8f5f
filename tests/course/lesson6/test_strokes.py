"""Every digit is drawn twice, and all lie on the pad. That they are read stands in the lesson."""

import numpy as np

from nnlesson.course.lesson6.strokes import DIGITS, LETTERS, drawn


def test_every_digit_is_there_twice_and_all_fit_on_the_pad():
    assert np.bincount([digit for digit, _ in DIGITS]).min() >= 2
    for strokes in [*(strokes for _, strokes in DIGITS), *LETTERS.values()]:
        points = np.concatenate(strokes)
        assert points.min() > -0.05 and (points.max(axis=0) < [0.75, 1.05]).all()
        ink = np.argwhere(drawn(strokes))
        assert ink.min() > 0 and ink.max() < 279
