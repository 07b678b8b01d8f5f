"""Data files become verified arrays, or one sentence that names the file and the fault."""

import gzip
import math
import os
import re
import shutil
import struct
import tracemalloc
import zlib
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from idx_files import FILES, held_by, idx, take_for_mnist, write_packed

from nnlesson import datasets
from nnlesson.datasets import load_data, load_digits, load_mnist, read_idx

ROOT = Path(__file__).parent.parent
TRAIN_IMAGES, TRAIN_LABELS, _, TEST_LABELS = FILES
DIGITS = "Bundled digits: 1,259 training, 179 validation, 359 test images"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout without MNIST, whatever this machine has; FILES pass for MNIST."""
    shutil.copytree(ROOT / "data" / "digits", tmp_path / "data" / "digits")
    take_for_mnist(FILES, tmp_path, monkeypatch)
    return tmp_path


# ---- one file: the array that was written, or a ValueError that names the file ----


def in_two_members(content: bytes) -> bytes:
    return gzip.compress(content[:9], 0) + gzip.compress(content[9:])


SHAPES = hnp.array_shapes(min_dims=1, max_dims=5, min_side=0, max_side=6)
ARRAYS = hnp.arrays(np.uint8, SHAPES, fill=st.nothing())
PACK = st.sampled_from([bytes, gzip.compress, in_two_members])
ANY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(folder: Path, content: bytes) -> None:
    """The reader's answer is right for this file, whatever it is."""
    path, expected = folder / "file", held_by(content)
    path.write_bytes(content)
    if expected is None:
        with pytest.raises(ValueError, match=r"file: \S\S"):
            read_idx(path)
    else:
        found = read_idx(str(path))
        assert found.dtype == np.uint8 and found.flags.writeable
        np.testing.assert_array_equal(found, expected, strict=True)


def with_byte(content: bytes, place: int, value: int) -> bytes:
    return content[:place] + bytes([value]) + content[place:][1:]


@ANY
@given(ARRAYS, PACK, st.data())
def test_a_file_gives_its_array_and_a_changed_a_longer_and_a_cut_one_a_sentence_or_theirs(
    tmp_path, array, pack, data
):
    whole = pack(idx(array))
    np.testing.assert_array_equal(held_by(whole), array, strict=True)
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = with_byte(whole, place, data.draw(st.integers(0, 255)))
    longer, cut = whole + data.draw(st.binary(max_size=30)), whole[:place]
    assert held_by(cut) is None
    for content in (whole, changed, longer, cut):
        check(tmp_path, content)


@pytest.mark.parametrize(
    "shape", [[0, 2**32 - 1, 2**32 - 1], [0, 2**31 - 1, 2**31 - 1], [1] * 64, [1] * 65]
)
def test_shapes_at_the_edge_of_what_numpy_can_hold(tmp_path, shape):
    header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
    check(tmp_path, header + bytes(math.prod(shape)))


GOOD = idx(np.arange(60).reshape(3, 4, 5))
PACKED = gzip.compress(GOOD)
FAULTS = {
    "empty": gzip.compress(b""),
    "cut off in its header, after 9 bytes": GOOD[:9],
    r"cut off: .* 60 values, of shape \(3, 4, 5\)": GOOD[:-1],
    "too long: .* 60 values": GOOD + b"\0",
    "not an IDX file: it begins with b'<!DO'": b"<!DOCTYPE html><html>",
    "its values are int8; only unsigned bytes": with_byte(GOOD, 2, 9),
    "its values are of unknown type 7": with_byte(GOOD, 2, 7),
    "claims 21,474,836,540 values; more than 47,040,000 are not": with_byte(GOOD, 4, 64),
    "it has 0 dimensions": with_byte(GOOD, 3, 0),
    "compressed twice": gzip.compress(PACKED),
    "damaged gzip file": PACKED[: len(PACKED) // 2],
    "too long: ": PACKED + PACKED,
}


@pytest.mark.parametrize("fault, content", FAULTS.items(), ids=FAULTS)
def test_a_bad_file_is_named_with_its_fault(tmp_path, monkeypatch, fault, content):
    monkeypatch.chdir(tmp_path)
    Path("digits.gz").write_bytes(content)
    with pytest.raises(ValueError, match=f"^digits.gz: .*{fault}"):
        read_idx("digits.gz")


MEGABYTE = 1 << 20
# What the header promises, how many megabytes follow it, and how many of them are an array.
HEAVY = {
    "20 rows of a megabyte": ("00000802 00000014 00100000", 20, 20),
    "40 MB, and nothing comes": ("00000801 02800000", 0, 0),
    "100 bytes, before a bomb": ("00000801 00000064", 60, 0),
}


@pytest.mark.parametrize("header, megabytes, honest", HEAVY.values(), ids=HEAVY)
@pytest.mark.parametrize("pack", [bytes, lambda content: gzip.compress(content, 1)])
def test_memory_stays_below_twice_the_honest_size(tmp_path, header, megabytes, honest, pack):
    (tmp_path / "file").write_bytes(pack(bytes.fromhex(header) + bytes(megabytes * MEGABYTE)))
    tracemalloc.start()
    with suppress(ValueError):
        read_idx(tmp_path / "file")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < (2 * honest + 2) * MEGABYTE


# ---- four files ----


def test_mnist_is_split_and_scaled(checkout):
    data = load_mnist(write_packed(FILES, checkout / "here"))
    assert str(data) == "MNIST: 10 training, 5,000 validation, 20 test images"
    pixels, labels, test_pixels, test_labels = map(held_by, FILES.values())
    for part, expected_images, expected_labels in (
        (data.train, pixels[:10], labels[:10]),
        (data.validation, pixels[10:], labels[10:]),
        (data.test, test_pixels, test_labels),
    ):
        x, t = part
        np.testing.assert_allclose(x, expected_images.reshape(-1, 784) / 127.5 - 1, atol=3e-7)
        np.testing.assert_array_equal(t, expected_labels)
        np.testing.assert_equal((part.images, part.labels), (x, t))
        # intp is what np.bincount takes, on any processor.
        assert (x.dtype, t.dtype) == (np.float32, np.intp)


def test_who_keeps_one_split_does_not_keep_the_others_and_test_images_are_kept_as_bytes():
    for name, size in (("train", 4), ("validation", 4), ("test", 1)):
        tracemalloc.start()
        kept = getattr(load_digits(), name)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert held < 1.1 * (kept.images.size * size + kept.labels.nbytes) + 100_000


@pytest.mark.parametrize("low, high", [(0, 1), (-0.5, 0.5), (3, 7)])
def test_the_scale_is_the_one_asked_for(low, high):
    images, raw = (load_digits(low=a, high=b).train.images for a, b in ((low, high), (0, 255)))
    assert (images.min(), images.max()) == (low, high)
    expected = low + raw.astype(float) / 255 * (high - low)
    assert np.abs(images - expected).max() <= 3e-7 * max(abs(low), abs(high))


@pytest.mark.parametrize("low, high", [(1, 1), (1, 0), (0, np.inf), (np.nan, 1)])
def test_a_scale_without_width_is_refused(low, high):
    with pytest.raises(ValueError, match="low must be less than high"):
        load_digits(low=low, high=high)


def test_the_folder_given_is_read_or_else_that_of_the_variable_or_else_data_mnist(
    checkout, monkeypatch
):
    # The folders hold different training labels, so that the answer tells which was read.
    for n, name in enumerate(("data/mnist", "named", "given")):
        here = FILES | {TRAIN_LABELS: idx(np.full(5_010, n))}
        take_for_mnist(here, checkout, monkeypatch)
        folder = write_packed(here, checkout / name)
        if n > 0:
            monkeypatch.setenv("NNLESSON_DATA", str(checkout / "named"))
        assert (load_data(folder if name == "given" else None).train.labels == n).all()


def test_an_installed_package_looks_in_the_checkout_around_or_below_the_current_folder(
    checkout, monkeypatch
):
    monkeypatch.setattr(datasets, "_CHECKOUT", checkout / "lib")
    write_packed(FILES, checkout / "data" / "mnist")
    (checkout / "notebooks").mkdir()
    monkeypatch.chdir(checkout / "notebooks")
    assert len(load_mnist().test.labels) == 20
    (checkout / "data").rename("data")
    shutil.rmtree("data/digits")
    assert len(load_mnist().test.labels) == 20


def test_plain_files_are_taken_too_but_packed_ones_first_and_a_folder_may_begin_with_a_tilde(
    checkout, monkeypatch
):
    monkeypatch.setenv("USERPROFILE" if os.name == "nt" else "HOME", str(checkout))
    folder = write_packed({TEST_LABELS: FILES[TEST_LABELS]}, checkout / "my digits 数字")
    for name, content in (FILES | {TEST_LABELS: b"an old try"}).items():
        (folder / name).write_bytes(content)
    assert len(load_mnist("~/my digits 数字").test.labels) == 20


def test_without_mnist_the_digits_are_taken_or_the_folder_and_three_ways_are_named(
    checkout, monkeypatch
):
    place = re.escape(str(checkout / "data" / "mnist"))
    ways = f"(?s){place} .*make data.*load_mnist.download=True.*NNLESSON_DATA"
    for _ in range(2):
        assert str(load_data()) == repr(load_data()) == DIGITS
        with pytest.raises(FileNotFoundError, match=ways):
            load_mnist()
        monkeypatch.setenv("NNLESSON_DATA", "")


NO_PLACE = {
    "nothing": "MNIST was not found. Looked in .*nothing .it is not there.",
    "empty": "MNIST was not found. Looked in .*empty .it is not there.",
    "a file": "a file is no folder that can be read .*NNLESSON_DATA",
    "~no-such-user-here/mnist": "MNIST was not found. Looked in .*no-such-user-here",
}


@pytest.mark.parametrize("name, words", NO_PLACE.items(), ids=NO_PLACE)
def test_a_place_that_was_named_gives_mnist_or_a_sentence(checkout, monkeypatch, name, words):
    write_packed(FILES, checkout / "data" / "mnist")  # a good one, which must not serve
    (checkout / "empty").mkdir()
    (checkout / "a file").write_text("", encoding="utf-8")
    place = name if name.startswith("~") else str(checkout / name)
    for folder in (place, None):
        with pytest.raises(OSError, match=words):
            load_data(folder)
        monkeypatch.setenv("NNLESSON_DATA", place)


def test_an_incomplete_mnist_is_not_replaced_by_the_digits(checkout):
    (write_packed(FILES, checkout / "data" / "mnist") / f"{TEST_LABELS}.gz").unlink()
    with pytest.raises(FileNotFoundError, match=f"mnist .it lacks {TEST_LABELS}.gz."):
        load_data()


@pytest.mark.parametrize("step", [(os, "listdir"), (datasets, "open")])
def test_what_may_not_be_read_is_a_sentence(checkout, step):
    folder = write_packed(FILES, checkout / "here")
    refused = PermissionError(13, "Permission denied")  # root may read all: it can only be played
    with patch.object(*step, create=True, side_effect=refused):
        with pytest.raises(PermissionError, match="here.* read .Permission denied"):
            load_data(folder)


# One image changed by CRC-32's own polynomial, which a CRC-32 does not see.
CHANGE = 0x1DB710641 << 8 * (16 + 14 * 28)
FORGED = int.from_bytes(FILES[TRAIN_IMAGES], "little") ^ CHANGE
FORGED = FORGED.to_bytes(len(FILES[TRAIN_IMAGES]), "little")
assert zlib.crc32(FORGED) == zlib.crc32(FILES[TRAIN_IMAGES])
DAMAGE = [
    ("cut off", TRAIN_LABELS, idx(np.zeros(5_010))[:-1]),
    ("but n is needed", TRAIN_LABELS, idx(np.zeros((20, 28, 28)))),
    (r"its shape is \(0,\)", TRAIN_LABELS, idx(np.zeros(0))),
    ("5009 labels for 5010 images", TRAIN_LABELS, idx(np.zeros(5_009))),
    ("the label 10; labels are 0 to 9", TRAIN_LABELS, idx(np.arange(5_010) % 11)),
    ("not that of MNIST", TRAIN_LABELS, idx(np.zeros(5_010))),
    (r"\(5010, 28, 27\), but n × 28 × 28", TRAIN_IMAGES, idx(np.zeros((5_010, 28, 27)))),
    ("not that of MNIST .its SHA-256 differs", TRAIN_IMAGES, FORGED),
]


@pytest.mark.parametrize("fault, name, content", DAMAGE, ids=[row[0] for row in DAMAGE])
def test_a_damaged_mnist_is_never_used_nor_replaced(checkout, fault, name, content):
    path = write_packed(FILES | {name: content}, checkout / "data" / "mnist") / f"{name}.gz"
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))}: .*{fault}"):
        load_data()


# ---- the real one ----


def test_the_real_mnist():
    data = load_data()
    if data.name != "MNIST":
        pytest.skip("MNIST is not on this machine (`make data` fetches it)")
    assert str(data) == "MNIST: 55,000 training, 5,000 validation, 10,000 test images"
    assert data.train.labels[:4].tolist() == [5, 0, 4, 1]
    # The mean of the training pixels is a well-known number.
    means = [part.images.mean(dtype=float) for part in (data.train, data.validation)]
    assert (np.average(means, weights=[11, 1]) + 1) / 2 == pytest.approx(0.1307, abs=1e-4)
