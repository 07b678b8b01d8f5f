"""Data files become verified arrays, or one sentence that names the file and the fault."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from idx_files import idx, small_mnist, take_for_mnist, write_packed

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


# ---- one file ----


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("shape", [(5,), (0,), (3, 28, 28), (2, 0, 7), (1, 2, 3, 4, 5), (1,) * 64])
def test_read_idx_gives_back_what_was_written(tmp_path, shape, pack):
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    # The name says nothing: the content decides whether it is unpacked.
    (tmp_path / "file").write_bytes(pack(idx(array)))
    found = read_idx(tmp_path / "file")
    assert found.dtype == np.uint8
    assert found.shape == shape
    assert (found == array).all()
    assert found.flags.writeable
    assert (read_idx(str(tmp_path / "file")) == array).all()


def test_a_gzip_file_of_several_members_is_one_file(tmp_path):
    content = idx(np.arange(200))
    parts = [content[:3], content[3:100], b"", content[100:]]
    (tmp_path / "file").write_bytes(b"".join(gzip.compress(part) for part in parts))
    assert read_idx(tmp_path / "file").tolist() == list(range(200))


GOOD = idx(np.arange(60).reshape(3, 4, 5))
PACKED = gzip.compress(GOOD)


def with_byte(content: bytes, place: int, value: int) -> bytes:
    changed = bytearray(content)
    changed[place] = value
    return bytes(changed)


FAULTS = {
    "empty": (b"", "empty"),
    "empty, compressed": (gzip.compress(b""), "empty"),
    "two bytes": (GOOD[:2], "not an IDX file"),
    "cut in its header": (GOOD[:9], "cut off in its header, after 9 of 16 bytes"),
    "one byte short": (GOOD[:-1], r"cut off: .* 76 bytes, of shape \(3, 4, 5\)"),
    "one byte long": (GOOD + b"\0", "too long: .* 76 bytes"),
    "short, compressed": (gzip.compress(GOOD[:-1]), "cut off"),
    "long, compressed": (gzip.compress(GOOD + b"\0"), "too long"),
    "a web page": (b"<!DOCTYPE html><html>", "not an IDX file: it begins with b'<!DO'"),
    "wrong magic": (with_byte(GOOD, 0, 1), "not an IDX file"),
    "signed bytes": (with_byte(GOOD, 2, 9), "its values are int8; only unsigned bytes"),
    "floats": (with_byte(GOOD, 2, 13), "its values are float32; only unsigned bytes"),
    "unknown type": (with_byte(GOOD, 2, 7), "of unknown type 7"),
    "no dimensions": (with_byte(GOOD, 3, 0), "0 dimensions"),
    "255 dimensions": (with_byte(GOOD, 3, 255), "255 dimensions"),
    "2³¹ images": (with_byte(GOOD, 4, 0x80), "cut off"),
    "compressed twice": (gzip.compress(PACKED), "compressed twice"),
    "gzip, cut": (PACKED[: len(PACKED) // 2], "damaged gzip file"),
    "gzip, checksum missing": (PACKED[:-8], "damaged gzip file"),
    "gzip, half a checksum": (PACKED[:-3], "damaged gzip file"),
    "gzip, wrong checksum": (with_byte(PACKED, -6, PACKED[-6] ^ 1), "damaged gzip file"),
    "gzip, wrong length": (with_byte(PACKED, -1, 1), "damaged gzip file"),
    "gzip, header only": (PACKED[:10], "damaged gzip file"),
    "gzip, first two bytes": (PACKED[:2], "damaged gzip file"),
    "gzip, then zeros": (PACKED + bytes(8), "damaged gzip file"),
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


def peak_memory(path: Path) -> int:
    tracemalloc.start()
    try:
        read_idx(path)
    except ValueError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


MEGABYTE = 1 << 20
BIG = bytes.fromhex("00000802 00000014 00100000")  # the header of 20 rows of a megabyte each
HEAVY = {
    "honest": (BIG, 20, 20),
    "cut": (BIG, 10, 10),
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
    assert peak_memory(path) < (2 * honest + 2) * MEGABYTE


# ---- four files ----


def test_mnist_is_split_and_scaled(files, checkout):
    data = load_mnist(write_packed(files, checkout / "here"))
    assert str(data) == "MNIST: 10 training, 5,000 validation, 20 test images"
    pixels = np.frombuffer(files[TRAIN_IMAGES], np.uint8, offset=16).reshape(-1, 784)
    labels = np.frombuffer(files[TRAIN_LABELS], np.uint8, offset=8)
    for part, rows in ((data.train, slice(0, 10)), (data.validation, slice(10, None))):
        assert part.images.dtype == np.float32
        assert part.labels.dtype == np.int64
        assert np.allclose(part.images, pixels[rows] / 127.5 - 1, atol=3e-7)
        assert (part.labels == labels[rows]).all()
    assert data.train.images.min() == -1
    assert data.train.images.max() == 1


@pytest.mark.parametrize("low, high", [(-1, 1), (0, 1), (0, 255), (-0.5, 0.5), (3, 7)])
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


def test_the_folder_given_comes_first_then_the_variable_then_data_mnist(
    files, checkout, monkeypatch
):
    given, named, default = checkout / "given", checkout / "named", checkout / "data" / "mnist"
    monkeypatch.setenv("NNLESSON_DATA", str(named))
    # The folders hold different training labels, so that the answer tells which was read.
    for n, folder in enumerate((default, named, given)):
        labels = np.full(5_010, n)
        take_for_mnist({**files, TRAIN_LABELS: idx(labels)}, monkeypatch)
        write_packed({**files, TRAIN_LABELS: idx(labels)}, folder)
        assert (load_mnist(given).train.labels == n).all()
        assert (load_data(given).train.labels == n).all()


def test_an_installed_package_looks_below_the_current_folder(files, tmp_path, monkeypatch):
    monkeypatch.delenv("NNLESSON_DATA", raising=False)
    monkeypatch.setattr(datasets, "_CHECKOUT", tmp_path / "lib")
    write_packed(files, tmp_path / "work" / "data" / "mnist")
    monkeypatch.chdir(tmp_path / "work")
    assert len(load_mnist().test.labels) == 20


def test_files_without_gz_are_taken_too(files, checkout):
    folder = checkout / "plain"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    assert len(load_mnist(folder).test.labels) == 20


def test_without_mnist_the_error_names_the_folders_and_the_three_ways(checkout, monkeypatch):
    monkeypatch.setenv("NNLESSON_DATA", str(checkout / "named"))
    with pytest.raises(FileNotFoundError) as caught:
        load_mnist(checkout / "given")
    message = str(caught.value)
    for place in ("given", "named", str(Path("data") / "mnist")):
        assert str(checkout / place) in message
    for way in ("make data", "load_mnist(download=True)", "NNLESSON_DATA"):
        assert way in message


def test_without_mnist_the_digits_are_taken(checkout, monkeypatch):
    for value in ("", str(checkout / "nothing")):
        monkeypatch.setenv("NNLESSON_DATA", value)
        data = load_data()
        assert str(data) == "Bundled digits: 1,259 training, 179 validation, 359 test images"
        assert repr(data) == str(data)


@pytest.mark.parametrize("load", [load_mnist, load_data])
def test_an_incomplete_mnist_is_not_passed_over(files, checkout, load):
    (write_packed(files, checkout / "here") / f"{TEST_LABELS}.gz").unlink()
    with pytest.raises(FileNotFoundError, match=f"here .it lacks {TEST_LABELS}.gz.,"):
        load(checkout / "here")


DAMAGE = {
    "cut": (lambda files: files[TRAIN_LABELS][:-1], "cut off"),
    "images where labels should be": (
        lambda files: files["t10k-images-idx3-ubyte"],
        r"its shape is \(20, 28, 28\), but n is needed",
    ),
    "no labels": (lambda files: idx(np.zeros(0)), r"its shape is \(0,\)"),
    "one label less": (lambda files: idx(np.zeros(5_009)), "5009 labels for 5010 images"),
    "a label 10": (lambda files: idx(np.arange(5_010) % 11), "the label 10; labels are 0 to 9"),
    "other labels": (lambda files: idx(np.zeros(5_010)), "not that of MNIST"),
}


@pytest.mark.parametrize("damage, fault", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("load", [load_mnist, load_data])
def test_a_damaged_mnist_is_never_used(files, checkout, load, packed, damage, fault):
    path = write_packed(files, checkout) / f"{TRAIN_LABELS}.gz"
    path.write_bytes(gzip.compress(damage(files), 1) if packed else damage(files))
    with pytest.raises(ValueError, match=fault) as caught:
        load(checkout)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    "content, fault",
    [
        (idx(np.zeros((5_010, 28, 27))), r"its shape is \(5010, 28, 27\), but n × 28 × 28 is need"),
        (idx(np.zeros((5_010, 784))), "28 × 28 is needed"),
        (idx(np.zeros((5_010, 28, 28))), "not that of MNIST"),
    ],
)
def test_other_images_are_refused(files, checkout, content, fault):
    path = write_packed(files, checkout) / f"{TRAIN_IMAGES}.gz"
    path.write_bytes(gzip.compress(content, 1))
    with pytest.raises(ValueError, match=fault) as caught:
        load_mnist(checkout)
    assert str(caught.value).startswith(f"{path}: ")


def test_the_same_bytes_compressed_in_another_way_are_the_same_mnist(files, checkout):
    folder = write_packed(files, checkout)
    content = files[TRAIN_LABELS]
    # The checksum at the end is that of the last member only: SHA-256 must decide.
    two = gzip.compress(content[:100]) + gzip.compress(content[100:])
    (folder / f"{TRAIN_LABELS}.gz").write_bytes(two)
    assert len(load_mnist(folder).validation.labels) == 5_000


def test_pixels_that_look_like_the_checksum_prove_nothing(files, checkout):
    folder = write_packed(files, checkout)
    checksum = datasets.MNIST_CRC32[TRAIN_IMAGES].to_bytes(4, "little")
    other = idx(np.zeros((5_010, 28, 28)))[:-8] + checksum + bytes(4)
    (folder / f"{TRAIN_IMAGES}.gz").write_bytes(other)  # not compressed: no checksum at its end
    with pytest.raises(ValueError, match="not that of MNIST"):
        load_mnist(folder)


def test_digits_with_labels_above_9_or_of_another_count_are_refused(checkout):
    path = checkout / "data" / "digits" / f"{TEST_LABELS}.gz"
    for labels, fault in ((np.full(359, 12), "the label 12"), (np.zeros(3), "3 labels for 359")):
        path.write_bytes(gzip.compress(idx(labels)))
        with pytest.raises(ValueError, match=fault):
            load_digits()


# ---- the real one, and the module by itself ----


@pytest.mark.skipif(
    not any(
        all((folder / f"{name}.gz").is_file() for name in datasets.MNIST_SHA256)
        for folder in datasets._folders(None)
    ),
    reason="MNIST is not on this machine (`make data` fetches it)",
)
def test_the_real_mnist():
    data = load_data()
    assert str(data) == "MNIST: 55,000 training, 5,000 validation, 10,000 test images"
    assert data.train.labels[:4].tolist() == [5, 0, 4, 1]
    assert data.test.labels[:4].tolist() == [7, 2, 1, 0]
    assert np.bincount(data.test.labels).tolist() == [
        *[980, 1135, 1032, 1010, 982],
        *[892, 958, 1028, 974, 1009],
    ]
    assert data.train.images.shape == (55_000, 784)
    # The mean and the spread of the training pixels are well-known numbers.
    everything = np.concatenate([data.train.images, data.validation.images])
    assert abs((everything.mean(dtype=float) + 1) / 2 - 0.1307) < 1e-4
    assert abs(everything.std(dtype=float) / 2 - 0.3081) < 1e-4


def test_importing_the_module_imports_no_download_library():
    code = (
        "import sys, nnlesson.datasets as d; d.load_digits();"
        "print([name for name in ('pooch', 'requests', 'tqdm') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_may_begin_with_a_tilde(files, checkout, monkeypatch):
    monkeypatch.setenv("USERPROFILE" if os.name == "nt" else "HOME", str(checkout))
    write_packed(files, checkout / "my digits 数字")
    assert len(load_mnist("~/my digits 数字").test.labels) == 20
