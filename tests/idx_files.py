"""IDX files for tests: any array as one, what any file holds, small files in place of MNIST's."""

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from nnlesson import datasets


def idx(array: np.ndarray) -> bytes:
    """The array as an IDX file of unsigned bytes."""
    shape = np.array(array.shape, ">u4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


def held_by(content: bytes) -> np.ndarray | None:
    """The array in this file by the definition of the format, all in memory; None: no IDX file."""
    try:
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        start = 4 + 4 * content[3]
        shape = struct.unpack(f">{content[3]}I", content[4:start])
        if content[:3] != b"\0\0\x08" or not shape or len(content) != start + math.prod(shape):
            return None
        return np.array(list(content[start:]), np.uint8).reshape(shape)
    # Damaged; too short; more than NumPy can hold: too many dimensions, or 0 × huge × huge.
    except (EOFError, zlib.error, gzip.BadGzipFile, IndexError, struct.error, ValueError):
        return None


def small_mnist() -> dict[str, bytes]:
    """Four files with MNIST's names and shapes, mostly empty images; not compressed."""
    rng, files = np.random.default_rng(0), {}
    for part, n in (("train", 5_010), ("t10k", 20)):
        images = np.zeros((n, 28, 28))
        images[:, 3:5] = rng.integers(0, 256, (n, 2, 28))  # so that they stay big, compressed too
        files[f"{part}-images-idx3-ubyte"] = idx(images)
        files[f"{part}-labels-idx1-ubyte"] = idx(rng.integers(0, 10, n))
    return files


FILES = small_mnist()


def write_packed(files: dict[str, bytes], folder: Path) -> Path:
    """The files in the folder, each as .gz."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, 1))
    return folder


def take_for_mnist(files: dict[str, bytes], checkout: Path, monkeypatch) -> None:
    """From now on these files, and no others, are MNIST, and this machine has none of them."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(datasets, "MNIST_SHA256", digests)
    monkeypatch.setattr(datasets, "_CHECKOUT", checkout)
    monkeypatch.delenv("NNLESSON_DATA", raising=False)
