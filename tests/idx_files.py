"""IDX files for tests: any array as one, what any file holds, small files in place of MNIST's."""

from __future__ import annotations

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nnlesson import datasets

if TYPE_CHECKING:
    import pytest


def idx(array: np.ndarray) -> bytes:
    """The array as an IDX file of unsigned bytes."""
    shape = np.array(array.shape, ">u4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


def held_by(content: bytes) -> np.ndarray | None:
    """The array in this file by the definition of the format, all in memory; None: no IDX file."""
    if content[:2] == b"\x1f\x8b":
        packed, content = content, b""
        while packed:  # one member of a gzip file after the other, and nothing else between
            member = zlib.decompressobj(wbits=31)
            try:
                content += member.decompress(packed)
            except zlib.error:
                return None
            if not member.eof:
                return None
            packed = member.unused_data
    if len(content) < 4 or content[:3] != b"\0\0\x08" or content[3] == 0:
        return None
    start = 4 + 4 * content[3]
    if len(content) < start:
        return None
    shape = struct.unpack(f">{content[3]}I", content[4:start])
    if len(content) != start + math.prod(shape):
        return None
    try:
        return np.array(list(content[start:]), np.uint8).reshape(shape)
    except ValueError:  # more than NumPy can hold: too many dimensions, or 0 × huge × huge
        return None


def small_mnist(n_train: int = 5_010, n_test: int = 20) -> dict[str, bytes]:
    """Four files with MNIST's names and shapes, mostly empty images; not compressed."""
    rng = np.random.default_rng(0)
    files = {}
    for part, n in (("train", n_train), ("t10k", n_test)):
        labels = rng.integers(0, 10, n)
        images = np.zeros((n, 28, 28), np.uint8)
        images[:, 14, labels] = 255
        images[:, 3:5] = rng.integers(0, 256, (n, 2, 28))  # so that they stay big, compressed too
        files[f"{part}-images-idx3-ubyte"] = idx(images)
        files[f"{part}-labels-idx1-ubyte"] = idx(labels)
    return files


def write_packed(files: dict[str, bytes], folder: Path) -> Path:
    """The files in the folder, each as .gz."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, 1))
    return folder


def take_for_mnist(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on these files, and no others, are MNIST."""
    sha256 = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    crc32 = {name: zlib.crc32(content) for name, content in files.items()}
    monkeypatch.setattr(datasets, "MNIST_SHA256", sha256)
    monkeypatch.setattr(datasets, "MNIST_CRC32", crc32)
