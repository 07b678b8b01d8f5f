"""The bundled digits: made again byte for byte, stratified, without overlap, in MNIST's form."""

from __future__ import annotations

import importlib.util

import course_rules
import numpy as np
import pytest

from nnlesson.datasets import MNIST_SHA256, Dataset, digits_folder, load_digits

ROOT = course_rules.ROOT
FOLDER = ROOT / "data" / "digits"
FILES = sorted(f"{name}.gz" for name in MNIST_SHA256)


@pytest.fixture(scope="module")
def make_digits():
    spec = importlib.util.spec_from_file_location("make_digits", ROOT / "tools" / "make_digits.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_digits(low=0.0, high=255.0)


def parts(data: Dataset) -> list[tuple[np.ndarray, np.ndarray]]:
    return [data.train, data.validation, data.test]


def test_the_script_makes_the_same_bytes(make_digits, tmp_path):
    make_digits.make(tmp_path)
    assert digits_folder() == FOLDER
    for folder in (tmp_path, FOLDER):
        assert sorted(path.name for path in folder.glob("*.gz")) == FILES
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_all_1797_are_there_in_three_parts(digits):
    assert [len(labels) for _, labels in parts(digits)] == [1_259, 179, 359]
    for images, labels in parts(digits):
        assert images.shape == (len(labels), 784)


def test_every_digit_has_the_same_share_in_each_part(digits):
    counts = np.array([np.bincount(labels, minlength=10) for _, labels in parts(digits)])
    shares = np.array([[0.7], [0.1], [0.2]]) * counts.sum(axis=0)
    assert np.abs(counts - shares).max() <= 1


def test_no_image_is_there_twice_and_the_form_is_that_of_mnist(digits):
    images = np.concatenate([images for images, _ in parts(digits)]).reshape(-1, 28, 28)
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


def test_the_labels_belong_to_the_images(digits):
    means = [digits.train.images[digits.train.labels == k].mean(axis=0) for k in range(10)]
    distances = [np.square(digits.test.images - mean).sum(axis=1) for mean in means]
    assert np.mean(np.argmin(distances, axis=0) == digits.test.labels) > 0.8


def test_the_digits_are_credited():
    for file in ("README.md", "digits/LICENSE"):
        text = (ROOT / "data" / file).read_text(encoding="utf-8")
        for fact in ("Alpaydin", "Kaynak", "CC BY 4.0", "creativecommons.org/licenses/by/4.0"):
            assert fact in text, f"{file} does not say {fact}"
