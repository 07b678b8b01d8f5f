"""Data files become verified arrays, or one sentence that names the file and the fault."""

from __future__ import annotations

import gzip
import os
import shutil
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from idx_files import held_by, idx, small_mnist, take_for_mnist, write_packed

from nnlesson import datasets
from nnlesson.datasets import load_data, load_digits, load_mnist, read_idx

ROOT = Path(__file__).parent.parent
TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout without MNIST, whatever this machine has."""
    shutil.copytree(ROOT / "data" / "digits", tmp_path / "data" / "digits")
    monkeypatch.setattr(datasets, "_CHECKOUT", tmp_path)
    monkeypatch.delenv("NNLESSON_DATA", raising=False)
    return tmp_path


@pytest.fixture
def files(monkeypatch):
    """Four small files that pass for MNIST."""
    content = small_mnist()
    take_for_mnist(content, monkeypatch)
    return content


# ---- one file: the array that was written, or a ValueError that names the file ----

SHAPES = hnp.array_shapes(min_dims=1, max_dims=5, min_side=0, max_side=6)
ARRAYS = hnp.arrays(np.uint8, SHAPES, fill=st.nothing())
PACK = st.sampled_from([bytes, gzip.compress])
ANY = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


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


@ANY
@given(array=ARRAYS, level=st.integers(0, 9), cuts=st.lists(st.integers(0, 500), max_size=4))
def test_what_is_written_is_read_packed_or_not_in_one_member_or_several(
    tmp_path, array, level, cuts
):
    content = idx(array)
    places = [0, *sorted(cuts), len(content)]
    parts = [content[start:end] for start, end in zip(places, places[1:], strict=False)]
    packed = b"".join(gzip.compress(part, level) for part in parts)
    for file in (content, packed):
        np.testing.assert_array_equal(held_by(file), array, strict=True)
        check(tmp_path, file)


@ANY
@given(st.lists(st.integers(0, 2**32 - 1), max_size=66), st.binary(max_size=50), PACK)
@example([0, 2**32 - 1, 2**32 - 1], b"", bytes)
@example([0, 2**31 - 1, 2**31 - 1], b"", bytes)
@example([1] * 64, b"7", bytes)
@example([1] * 65, b"7", bytes)
def test_random_headers(tmp_path, dimensions, rest, pack):
    header = struct.pack(f">HBB{len(dimensions)}I", 0, 8, len(dimensions), *dimensions)
    check(tmp_path, pack(header + rest))


@ANY
@given(array=ARRAYS, pack=PACK, data=st.data())
def test_a_cut_a_lengthened_and_a_changed_file(tmp_path, array, pack, data):
    content = pack(idx(array))
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] = data.draw(st.integers(0, 255))
    check(tmp_path, bytes(changed))
    check(tmp_path, content + data.draw(st.binary(max_size=30)))
    assert held_by(content[:place]) is None
    check(tmp_path, content[:place])


GOOD = idx(np.arange(60).reshape(3, 4, 5))
PACKED = gzip.compress(GOOD)


def with_byte(content: bytes, place: int, value: int) -> bytes:
    changed = bytearray(content)
    changed[place] = value
    return bytes(changed)


FAULTS = {
    "empty": (gzip.compress(b""), "empty"),
    "cut in its header": (GOOD[:9], "cut off in its header, after 9 bytes"),
    "one byte short": (GOOD[:-1], r"cut off: .* 60 values, of shape \(3, 4, 5\)"),
    "one byte long": (GOOD + b"\0", "too long: .* 60 values"),
    "a web page": (b"<!DOCTYPE html><html>", "not an IDX file: it begins with b'<!DO'"),
    "signed bytes": (with_byte(GOOD, 2, 9), "its values are int8; only unsigned bytes"),
    "unknown type": (with_byte(GOOD, 2, 7), "of unknown type 7"),
    "6 GiB claimed": (
        bytes.fromhex("00000803 00800000 0000001c 0000001c"),
        r"claims 6,576,668,672 values; more than 47,040,000 are not read",
    ),
    "no dimensions": (with_byte(GOOD, 3, 0), "0 dimensions"),
    "compressed twice": (gzip.compress(PACKED), "compressed twice"),
    "gzip, cut": (PACKED[: len(PACKED) // 2], "damaged gzip file"),
    "gzip, wrong checksum": (with_byte(PACKED, -6, PACKED[-6] ^ 1), "damaged gzip file"),
    "gzip, then text": (PACKED + b"and more", "damaged gzip file"),
    "gzip twice over": (PACKED + PACKED, "too long"),
}


@pytest.mark.parametrize("content, fault", FAULTS.values(), ids=FAULTS)
def test_a_bad_file_is_named_with_its_fault(tmp_path, content, fault):
    path = tmp_path / "digits.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=fault) as caught:
        read_idx(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing-here"):
        read_idx(tmp_path / "nothing-here")


MEGABYTE = 1 << 20
BIG = bytes.fromhex("00000802 00000014 00100000")  # the header of 20 rows of a megabyte each
HEAVY = {
    "honest": (BIG, 20, 20),
    "header promises 20 GB": (with_byte(BIG, 5, 0x50), 20, 20),
    "header promises 2³¹ images": (bytes.fromhex("00000803 80000000 0000001c 0000001c"), 0, 0),
    "a bomb: 200 MB behind a small header": (bytes.fromhex("00000801 00000064"), 200, 0),
}


@pytest.mark.parametrize("header, megabytes, honest", HEAVY.values(), ids=HEAVY)
@pytest.mark.parametrize("packed", [False, True])
def test_memory_stays_below_twice_the_honest_size(tmp_path, header, megabytes, honest, packed):
    path = tmp_path / "file"
    with gzip.open(path, "wb", compresslevel=1) if packed else open(path, "wb") as file:
        file.write(header)
        for _ in range(megabytes):
            file.write(bytes(MEGABYTE))
    tracemalloc.start()
    try:
        read_idx(path)
    except ValueError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < (2 * honest + 2) * MEGABYTE


# ---- four files ----


def test_mnist_is_split_and_scaled(files, checkout):
    data = load_mnist(write_packed(files, checkout / "here"))
    assert str(data) == "MNIST: 10 training, 5,000 validation, 20 test images"
    pixels = np.frombuffer(files[TRAIN_IMAGES], np.uint8, offset=16).reshape(-1, 784)
    labels = np.frombuffer(files[TRAIN_LABELS], np.uint8, offset=8)
    for part, rows in ((data.train, slice(0, 10)), (data.validation, slice(10, None))):
        assert part.images.dtype == np.float32
        assert part.labels.dtype == np.intp  # what np.bincount takes, on any processor
        assert np.allclose(part.images, pixels[rows] / 127.5 - 1, atol=3e-7)
        assert (part.labels == labels[rows]).all()


def test_who_keeps_one_split_does_not_keep_the_others_in_memory():
    for name in ("train", "validation", "test"):
        tracemalloc.start()
        kept = getattr(load_digits(), name)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert held < 1.1 * (kept.images.nbytes + kept.labels.nbytes) + 100_000


@pytest.mark.parametrize("low, high", [(0, 1), (-0.5, 0.5), (3, 7)])
def test_the_scale_is_the_one_asked_for(low, high):
    data, raw = load_digits(low=low, high=high), load_digits(low=0, high=255)
    assert data.train.images.min() == low
    assert data.train.images.max() == high
    expected = low + raw.test.images.astype(float) / 255 * (high - low)
    assert np.abs(data.test.images - expected).max() <= 3e-7 * max(abs(low), abs(high))


@pytest.mark.parametrize("low, high", [(1, 1), (1, 0), (0, np.inf), (np.nan, 1)])
def test_a_scale_without_width_is_refused(low, high):
    with pytest.raises(ValueError, match="low must be less than high"):
        load_digits(low=low, high=high)


def test_the_folder_given_is_read_or_else_that_of_the_variable_or_else_data_mnist(
    files, checkout, monkeypatch
):
    # The folders hold different training labels, so that the answer tells which was read.
    for n, name in enumerate(("data/mnist", "named", "given")):
        here = {**files, TRAIN_LABELS: idx(np.full(5_010, n))}
        take_for_mnist(here, monkeypatch)
        write_packed(here, checkout / name)
        if name == "named":
            monkeypatch.setenv("NNLESSON_DATA", str(checkout / name))
        for load in (load_mnist, load_data):
            given = checkout / name if name == "given" else None
            assert (load(given).train.labels == n).all()


@pytest.mark.parametrize("around", ["data/digits", "elsewhere"])
def test_an_installed_package_looks_in_the_checkout_around_or_below_the_current_folder(
    files, tmp_path, monkeypatch, around
):
    monkeypatch.delenv("NNLESSON_DATA", raising=False)
    monkeypatch.setattr(datasets, "_CHECKOUT", tmp_path / "lib")
    (tmp_path / around).mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    write_packed(files, (tmp_path if around == "data/digits" else Path()) / "data" / "mnist")
    assert len(load_mnist().test.labels) == 20


def test_files_without_gz_are_taken_too_and_a_folder_may_begin_with_a_tilde(
    files, checkout, monkeypatch
):
    monkeypatch.setenv("USERPROFILE" if os.name == "nt" else "HOME", str(checkout))
    folder = checkout / "my digits 数字"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    assert len(load_mnist("~/my digits 数字").test.labels) == 20


def test_a_packed_file_is_read_whatever_plain_one_lies_beside_it(files, checkout):
    folder = write_packed(files, checkout / "here")
    (folder / TEST_LABELS).write_bytes(b"an old try")
    assert len(load_mnist(folder).test.labels) == 20


def test_without_mnist_the_error_names_the_folder_and_the_three_ways(checkout):
    with pytest.raises(FileNotFoundError) as caught:
        load_mnist()
    assert str(checkout / "data" / "mnist") in str(caught.value)
    for way in ("make data", "load_mnist(download=True)", "NNLESSON_DATA"):
        assert way in str(caught.value)


@pytest.fixture
def places(files, checkout):
    """Names that a person may give by mistake, beside a good data/mnist that must not serve."""
    good = write_packed(files, checkout / "data" / "mnist")
    (checkout / "empty").mkdir()
    (checkout / "a file").write_text("", encoding="utf-8")
    if os.name != "nt":  # where links need no rights of their own
        (checkout / "circle").symlink_to(checkout / "circle")
        (checkout / "lost").symlink_to(checkout / "nothing")
    (checkout / "folders for files").mkdir()
    for path in good.iterdir():
        (checkout / "folders for files" / path.name).mkdir()
    return checkout


NO_PLACE = {
    "nothing": "MNIST was not found. Looked in .*nothing .it is not there.",
    "empty": "MNIST was not found. Looked in .*empty .it is not there.",
    "a file": "a file is no folder that can be read .*NNLESSON_DATA",
    "circle": "circle is no folder that can be read .*NNLESSON_DATA",
    "lost": "MNIST was not found. Looked in .*lost",
    "folders for files": "folders for files.*: cannot be read",
    "~no-such-user-here/mnist": "MNIST was not found. Looked in .*no-such-user-here",
}


@pytest.mark.parametrize("name, words", NO_PLACE.items(), ids=NO_PLACE)
@pytest.mark.parametrize("load", [load_mnist, load_data])
def test_a_place_that_was_named_gives_mnist_or_a_sentence(places, monkeypatch, name, words, load):
    if os.name == "nt" and name in ("circle", "lost"):
        pytest.skip("no links")
    place = name if name.startswith("~") else str(places / name)
    with pytest.raises(OSError, match=words):
        load(place)
    monkeypatch.setenv("NNLESSON_DATA", place)
    with pytest.raises(OSError, match=words):
        load()


def test_what_may_not_be_read_is_a_sentence(files, checkout, monkeypatch):
    # As root, who may read all, this can only be played.
    write_packed(files, checkout / "here")

    def refused(*arguments):
        raise PermissionError(13, "Permission denied")

    for module, name, words in (
        (os, "listdir", "here is no folder that can be read .Permission denied"),
        (datasets, "open", "ubyte.gz: cannot be read .Permission denied"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, refused, raising=False)
            with pytest.raises(PermissionError, match=words):
                load_data(checkout / "here")


def test_without_mnist_the_digits_are_taken(checkout, monkeypatch):
    for value in ("", None):
        if value is None:
            monkeypatch.delenv("NNLESSON_DATA")
        else:
            monkeypatch.setenv("NNLESSON_DATA", value)
        data = load_data()
        assert str(data) == "Bundled digits: 1,259 training, 179 validation, 359 test images"
        assert repr(data) == str(data)


@pytest.mark.parametrize("load", [load_mnist, load_data])
def test_an_incomplete_mnist_is_not_passed_over(files, checkout, load):
    (write_packed(files, checkout / "here") / f"{TEST_LABELS}.gz").unlink()
    with pytest.raises(FileNotFoundError, match=f"here .it lacks {TEST_LABELS}.gz"):
        load(checkout / "here")


DAMAGE = {
    "cut": (TRAIN_LABELS, idx(np.zeros(5_010))[:-1], "cut off"),
    "images for labels": (TRAIN_LABELS, idx(np.zeros((20, 28, 28))), "but n is needed"),
    "no labels": (TRAIN_LABELS, idx(np.zeros(0)), r"its shape is \(0,\)"),
    "one label less": (TRAIN_LABELS, idx(np.zeros(5_009)), "5009 labels for 5010 images"),
    "a label 10": (TRAIN_LABELS, idx(np.arange(5_010) % 11), "the label 10; labels are 0 to 9"),
    "other labels": (TRAIN_LABELS, idx(np.zeros(5_010)), "not that of MNIST"),
    "narrow images": (
        TRAIN_IMAGES,
        idx(np.zeros((5_010, 28, 27))),
        r"its shape is \(5010, 28, 27\), but n × 28 × 28 is needed",
    ),
    "other images": (TRAIN_IMAGES, idx(np.zeros((5_010, 28, 28))), "not that of MNIST"),
}


@pytest.mark.parametrize("name, content, fault", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("load", [load_mnist, load_data])
def test_a_damaged_mnist_is_never_used(files, checkout, load, name, content, fault):
    path = write_packed(files, checkout) / f"{name}.gz"
    for damaged in (content, gzip.compress(content, 1)):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=fault) as caught:
            load(checkout)
        assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_forged_file_with_the_same_crc_32_is_not_used(files, checkout, pack):
    path = write_packed(files, checkout) / f"{TRAIN_IMAGES}.gz"
    forged = bytearray(files[TRAIN_IMAGES])
    for byte, change in enumerate((0x1DB710641).to_bytes(5, "little"), 16 + 14 * 28):
        forged[byte] ^= change  # CRC-32's own polynomial: what it does not see
    assert zlib.crc32(forged) == zlib.crc32(files[TRAIN_IMAGES])
    path.write_bytes(pack(bytes(forged)))
    for load in (load_mnist, load_data):
        with pytest.raises(ValueError, match="not that of MNIST .its SHA-256 differs"):
            load(checkout)


# ---- the real one, and the module by itself ----


@pytest.mark.skipif(
    len(datasets._files(datasets._place(None))) < 4,
    reason="MNIST is not on this machine (`make data` fetches it)",
)
def test_the_real_mnist():
    data = load_data()
    assert str(data) == "MNIST: 55,000 training, 5,000 validation, 10,000 test images"
    assert data.train.labels[:4].tolist() == [5, 0, 4, 1]
    # The mean and the spread of the training pixels are well-known numbers.
    everything = np.concatenate([data.train.images, data.validation.images])
    assert abs((everything.mean(dtype=float) + 1) / 2 - 0.1307) < 1e-4
    assert abs(everything.std(dtype=float) / 2 - 0.3081) < 1e-4
