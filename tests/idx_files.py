"""IDX files for tests: any array as one, and a small set of files in the place of MNIST's."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

import numpy as np
import pytest

from nnlesson import datasets


def idx(array: np.ndarray) -> bytes:
    """The array as an IDX file of unsigned bytes."""
    shape = np.array(array.shape, ">u4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


def small_mnist(n_train: int = 5_010, n_test: int = 20) -> dict[str, bytes]:
    """Four files with MNIST's names and shapes, mostly empty images; not compressed."""
    rng = np.random.default_rng(0)
    files = {}
    for part, n in (("train", n_train), ("t10k", n_test)):
        labels = rng.integers(0, 10, n)
        images = np.zeros((n, 28, 28), np.uint8)
        images[:, 14, labels] = 255
        images[:, 3, :] = rng.integers(0, 256, (n, 1))
        files[f"{part}-images-idx3-ubyte"] = idx(images)
        files[f"{part}-labels-idx1-ubyte"] = idx(labels)
    return files


def write_packed(files: dict[str, bytes], folder: Path) -> Path:
    """The files in the folder, each as .gz."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
    return folder


def take_for_mnist(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on these files, and no others, are MNIST."""
    sha256 = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    crc32 = {name: zlib.crc32(content) for name, content in files.items()}
    monkeypatch.setattr(datasets, "MNIST_SHA256", sha256)
    monkeypatch.setattr(datasets, "MNIST_CRC32", crc32)
