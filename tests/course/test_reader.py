"""The reader that comes with the course reads as well as its file says, and is small."""

import re

import numpy as np
import pytest

from nnlesson.course.reader import READER, new_reader, trained_reader
from nnlesson.datasets import load_digits, load_mnist
from nnlesson.weights import read_note

SIZES, NOTE = read_note(READER)
(SAID,) = re.findall(r"test accuracy (98\.\d\d)%", NOTE)


def test_the_file_is_small_and_says_how_it_was_made():
    assert SIZES == [784, 256, 10] and READER.stat().st_size < 500_000
    assert "python tools/make_reader.py" in NOTE


def test_it_has_the_accuracy_that_its_file_says():
    try:
        data = load_mnist(low=0.0)
    except FileNotFoundError:
        pytest.skip("MNIST is not here")
    accuracy = trained_reader().evaluate(*data.test)[1]
    assert 100 * accuracy == pytest.approx(float(SAID), abs=0.05)  # float32 rounds differently


def test_it_reads_digits_of_other_hands_and_fresh_weights_do_not():
    images, labels = load_digits(low=0.0).test
    assert trained_reader().evaluate(images, labels)[1] > 0.75
    assert new_reader(np.random.default_rng(0)).evaluate(images, labels)[1] < 0.4
