"""The reader that comes with the course reads as well as its file says, and is small."""

import re

import numpy as np
import pytest

from nnlesson.course.reader import READER, new_reader, trained_reader
from nnlesson.datasets import load_digits, load_mnist
from nnlesson.images import draw_strokes, prepare
from nnlesson.weights import read_note


def test_the_file_is_small_and_says_how_it_was_made():
    sizes, note = read_note(READER)
    assert sizes == [784, 256, 10]
    assert READER.stat().st_size < 500_000
    assert "python tools/make_reader.py" in note and re.search(r"test accuracy 98\.\d\d%", note)


def test_it_has_the_accuracy_that_its_file_says():
    try:
        data = load_mnist(low=0.0)
    except FileNotFoundError:
        pytest.skip("MNIST is not here")
    _, accuracy = trained_reader().evaluate(*data.test)
    said = float(re.search(r"accuracy ([\d.]+)%", read_note(READER)[1])[1]) / 100
    assert accuracy == pytest.approx(said, abs=5e-4)  # float32 rounds differently elsewhere


def test_it_reads_digits_of_other_hands_and_fresh_weights_do_not():
    images, labels = load_digits(low=0.0).test
    assert trained_reader().evaluate(images, labels)[1] > 0.75
    assert new_reader(np.random.default_rng(0)).evaluate(images, labels)[1] < 0.4


def test_it_reads_a_drawn_7():
    seven = draw_strokes([[(60, 40), (200, 40), (110, 240)]])
    probabilities = trained_reader().predict(prepare(seven))[0]
    assert probabilities.argmax() == 7
