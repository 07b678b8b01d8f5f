"""The bundled digits: made again byte for byte, stratified, without overlap, in MNIST's form."""

import course_rules
import make_digits
import numpy as np

from nnlesson.datasets import MNIST_SHA256, digits_folder, load_digits

DATA = course_rules.ROOT / "data"
DIGITS = load_digits(low=0.0, high=255.0)
PARTS = [DIGITS.train, DIGITS.validation, DIGITS.test]


def test_the_script_makes_the_same_bytes(tmp_path):
    make_digits.make(tmp_path)
    assert digits_folder() == DATA / "digits"
    for name in MNIST_SHA256:
        made, stored = (folder / f"{name}.gz" for folder in (tmp_path, DATA / "digits"))
        assert made.read_bytes() == stored.read_bytes(), name


def test_all_1797_are_there_and_every_digit_has_the_same_share_in_each_part():
    assert [images.shape for images, _ in PARTS] == [(1_259, 784), (179, 784), (359, 784)]
    counts = np.array([np.bincount(labels, minlength=10) for _, labels in PARTS])
    shares = np.array([[0.7], [0.1], [0.2]]) * counts.sum(axis=0)
    assert np.abs(counts - shares).max() <= 1


def test_no_image_is_there_twice_and_the_form_is_that_of_mnist():
    images = np.concatenate([images for images, _ in PARTS]).reshape(-1, 28, 28)
    assert len(np.unique(images, axis=0)) == 1_797
    assert (images.min(), images.max()) == (0, 255)
    # 20 × 20 pixels of ink at most, and the centre of mass within half a pixel of (14, 14).
    for axis in (1, 2):
        inked = images.any(axis=axis)
        assert all(np.ptp(np.flatnonzero(line)) < 20 for line in inked)
        mass = images.sum(axis=axis)
        centres = mass @ np.arange(28) / mass.sum(axis=1)
        assert np.abs(centres - 14).max() < 0.51  # a hundredth for rounding to 0…255


def test_the_digits_are_credited():
    facts = {"Alpaydin", "Kaynak", "CC BY 4.0", "creativecommons.org/licenses/by/4.0"}
    for file in ("README.md", "digits/LICENSE"):
        text = (DATA / file).read_text(encoding="utf-8")
        assert {fact for fact in facts if fact in text} == facts, file
