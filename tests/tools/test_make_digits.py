"""The bundled digits: made again byte for byte, stratified, without overlap, in MNIST's form."""

from __future__ import annotations

import course_rules
import make_digits
import numpy as np

from nnlesson.datasets import MNIST_SHA256, digits_folder, load_digits

ROOT = course_rules.ROOT
FOLDER = ROOT / "data" / "digits"


DIGITS = load_digits(low=0.0, high=255.0)
PARTS = [DIGITS.train, DIGITS.validation, DIGITS.test]


def test_the_script_makes_the_same_bytes(tmp_path):
    make_digits.make(tmp_path)
    assert digits_folder() == FOLDER
    made, stored = ({p.name: p.read_bytes() for p in f.glob("*.gz")} for f in (tmp_path, FOLDER))
    assert made == stored and sorted(made) == sorted(f"{name}.gz" for name in MNIST_SHA256)


def test_all_1797_are_there_and_every_digit_has_the_same_share_in_each_part():
    assert [images.shape for images, _ in PARTS] == [(1_259, 784), (179, 784), (359, 784)]
    counts = np.array([np.bincount(labels, minlength=10) for _, labels in PARTS])
    shares = np.array([[0.7], [0.1], [0.2]]) * counts.sum(axis=0)
    assert counts.sum() == 1_797 and np.abs(counts - shares).max() <= 1


def test_no_image_is_there_twice_and_the_form_is_that_of_mnist():
    images = np.concatenate([images for images, _ in PARTS]).reshape(-1, 28, 28)
    assert len(np.unique(images, axis=0)) == 1_797
    assert images.min() == 0
    assert images.max() == 255
    # 20 × 20 pixels of ink at most, and the centre of mass within half a pixel of (14, 14).
    for axis in (1, 2):
        inked = images.any(axis=axis)
        first, last = inked.argmax(axis=1), 27 - inked[:, ::-1].argmax(axis=1)
        assert (last - first).max() < 20
        mass = images.sum(axis=axis)
        centres = mass @ np.arange(28) / mass.sum(axis=1)
        assert np.abs(centres - 14).max() < 0.51  # a hundredth for rounding to 0…255


def test_the_labels_belong_to_the_images():
    means = [DIGITS.train.images[DIGITS.train.labels == k].mean(axis=0) for k in range(10)]
    distances = [np.square(DIGITS.test.images - mean).sum(axis=1) for mean in means]
    assert np.mean(np.argmin(distances, axis=0) == DIGITS.test.labels) > 0.8


def test_the_digits_are_credited():
    for file in ("README.md", "digits/LICENSE"):
        text = (ROOT / "data" / file).read_text(encoding="utf-8")
        for fact in ("Alpaydin", "Kaynak", "CC BY 4.0", "creativecommons.org/licenses/by/4.0"):
            assert fact in text, f"{file} does not say {fact}"
