"""Makes the bundled digits (data/digits) again, byte for byte, from scikit-learn's copy of them.

Run: python tools/make_digits.py [folder]        scikit-learn is needed here and nowhere else.

Each 8 × 8 image is enlarged to 20 × 20 (bilinear) and moved by whole pixels until its centre of
mass lies at the centre of a 28 × 28 image: the form of MNIST's images. Everything is counted in
whole numbers, so that every machine makes the same bytes.
"""

import gzip
import sys
import zlib
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "data" / "digits"


def enlarge(image: np.ndarray) -> np.ndarray:
    """The image (8, 8) of 0…16 as (20, 20) of 0…1600: bilinear between pixel centres.

    A pixel is 2.5 new pixels wide, so every weight is a whole number of tenths.
    """
    weights = np.zeros((20, 8), dtype=np.int64)
    for new in range(20):
        tenths = min(max(4 * new - 3, 0), 70)  # 10 · ((new + ½) / 2.5 − ½), kept inside the image
        left, part = divmod(tenths, 10)
        weights[new, left] += 10 - part
        weights[new, min(left + 1, 7)] += part
    return weights @ image @ weights.T


def centre(image: np.ndarray, size: int = 28, middle: int = 14) -> np.ndarray:
    """The image inside (size, size) zeros, its centre of mass within half a pixel of the middle.

    The middle is pixel (14, 14): in MNIST all centres of mass lie between 13.5 and 14.5.
    """
    mass = image.sum()
    place = np.arange(len(image))
    row = int(middle * mass - image.sum(axis=1) @ place + mass // 2) // int(mass)
    column = int(middle * mass - image.sum(axis=0) @ place + mass // 2) // int(mass)
    row, column = (int(np.clip(start, 0, size - len(image))) for start in (row, column))
    centred = np.zeros((size, size), dtype=image.dtype)
    centred[row : row + len(image), column : column + len(image)] = image
    return centred


def split(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers for the training and the test file, each digit in the same share (stratified).

    Of every digit the last fifth is for the test, and the tenth before it for validation, which
    stands at the end of the training file. The source is ordered by writer, more or less: mixed
    rows would test on the hands that were learned from, and look two or three percent better.
    """
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for digit in range(10):
        rows = np.flatnonzero(labels == digit)
        n_test, n_validation = round(len(rows) / 5), round(len(rows) / 10)
        ends = [len(rows) - n_test - n_validation, len(rows) - n_test]
        for part, chosen in zip(parts, np.split(rows, ends), strict=True):
            part.extend(chosen)
    train, validation, test = (np.sort(np.array(part)) for part in parts)
    return np.concatenate([train, validation]), test


def idx(array: np.ndarray) -> bytes:
    """The array as an IDX file of unsigned bytes."""
    shape = np.array(array.shape, dtype=">u4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


def stored_gzip(content: bytes) -> bytes:
    """A gzip file that stores the content as it is, in blocks of 65,535 bytes (RFC 1951, 1952).

    Compressed bytes differ between versions of zlib; stored ones do not, and neither git nor a
    wheel grows by it: both compress their files themselves.
    """
    out = b"\x1f\x8b\x08" + bytes(6) + b"\xff"  # no name, no time, no system
    for start in range(0, max(len(content), 1), 65535):
        block = content[start : start + 65535]
        length, last = len(block), start + 65535 >= len(content)
        out += bytes([last]) + length.to_bytes(2, "little")
        out += (65535 - length).to_bytes(2, "little") + block
    return out + zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")


def make(folder: Path) -> None:
    """Write the four files into the folder."""
    from sklearn.datasets import load_digits

    source = load_digits()
    small = source.images.astype(np.int64)  # (1797, 8, 8) of whole numbers 0…16
    images = np.stack([(centre(enlarge(image)) * 255 + 800) // 1600 for image in small])
    train, test = split(source.target)
    folder.mkdir(parents=True, exist_ok=True)
    for part, rows in (("train", train), ("t10k", test)):
        for kind, array in (("images-idx3", images[rows]), ("labels-idx1", source.target[rows])):
            packed = stored_gzip(idx(array))
            if gzip.decompress(packed) != idx(array):
                raise AssertionError("the gzip file does not give back its content")
            (folder / f"{part}-{kind}-ubyte.gz").write_bytes(packed)
            print(f"{part}-{kind}-ubyte.gz {array.shape}")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
