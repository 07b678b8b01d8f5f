"""Handwritten digits as verified arrays: MNIST, or the small set that comes with the course.

The only module that touches the disk or the network. It refuses damaged files and never guesses.
The file format, the data and its terms are described in data/README.md.
"""

import argparse
import gzip
import hashlib
import math
import os
import sys
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

# SHA-256 of the four *decompressed* files: mirrors compress the same bytes in different ways.
MNIST_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
# The last rows of the training files are kept for validation.
N_VALIDATION_MNIST, N_VALIDATION_DIGITS = 5_000, 179

_IDX_TYPES = {8: "uint8", 9: "int8", 11: "int16", 12: "int32", 13: "float32", 14: "float64"}
_CHUNK = 1 << 18  # bytes read at a time
_GZIP_MAX_RATIO = 1032  # deflate cannot shrink anything further than this


class Split(NamedTuple):
    """images (n, 784) float32, one image a row, and labels (n,) int64 in 0…9."""

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Dataset:
    """Three splits under one name; str() says in one line which data it is and how much."""

    name: str
    train: Split
    validation: Split
    test: Split

    def __str__(self) -> str:
        counts = [len(part.labels) for part in (self.train, self.validation, self.test)]
        return "{}: {:,} training, {:,} validation, {:,} test images".format(self.name, *counts)

    __repr__ = __str__  # the arrays themselves would fill the screen


def read_idx(path: str | os.PathLike) -> np.ndarray:
    """Array of bytes, in the shape its header gives, from an IDX file, gzip-compressed or not.

    Raises ValueError, which names the file and the fault, if it is not exactly one whole IDX file
    of unsigned bytes. Memory grows with the bytes really found, not with what the header claims.
    Format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
    """
    content, shape = _read_content(Path(path))
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def load_mnist(
    folder: str | os.PathLike | None = None,
    *,
    download: bool = False,
    low: float = -1.0,
    high: float = 1.0,
) -> Dataset:
    """MNIST, 55,000 / 5,000 / 10,000 images, bytes 0…255 scaled to low…high.

    Looks in the folder given, then in $NNLESSON_DATA, then in data/mnist; download=True fetches
    what is not there. Raises FileNotFoundError with the ways to get MNIST when there is none,
    ValueError when a file is damaged or is not MNIST's.
    """
    found = _find_mnist(folder)
    if found is None and download:
        found = download_mnist(folder)
    if found is None:
        raise FileNotFoundError(_how_to_get_mnist(folder))
    return _load("MNIST", found, N_VALIDATION_MNIST, low, high, MNIST_SHA256)


def load_digits(*, low: float = -1.0, high: float = 1.0) -> Dataset:
    """The bundled digits, 1,259 / 179 / 359 images in MNIST's form; see data/README.md."""
    inside = Path(__file__).parent / "data" / "digits"  # an installed package
    folder = inside if inside.is_dir() else _CHECKOUT / "data" / "digits"
    return _load("Bundled digits", folder, N_VALIDATION_DIGITS, low, high)


def load_data(
    folder: str | os.PathLike | None = None, *, low: float = -1.0, high: float = 1.0
) -> Dataset:
    """MNIST when it is there (see load_mnist), the bundled digits otherwise; print it to see which.

    A damaged or incomplete MNIST is an error: it is never replaced in silence.
    """
    if any(_file(place, name) for place in _folders(folder) for name in MNIST_SHA256):
        return load_mnist(folder, low=low, high=high)
    return load_digits(low=low, high=high)


_CHECKOUT = Path(__file__).parents[2]


def _folders(folder: str | os.PathLike | None) -> list[Path]:
    """Where MNIST may be, in order; a download goes to the first."""
    named = [folder, os.environ.get("NNLESSON_DATA")]
    # An installed package has no checkout around it: there, data/mnist is below the current folder.
    home = _CHECKOUT if (_CHECKOUT / "data" / "digits").is_dir() else Path()
    return [Path(place).expanduser() for place in named if place] + [home / "data" / "mnist"]


def _file(folder: Path, name: str) -> Path | None:
    paths = (folder / f"{name}.gz", folder / name)
    return next((path for path in paths if path.is_file()), None)


def _find_mnist(folder: str | os.PathLike | None) -> Path | None:
    for place in _folders(folder):
        if all(_file(place, name) for name in MNIST_SHA256):
            return place
    return None


def _how_to_get_mnist(folder: str | os.PathLike | None) -> str:
    looked = []
    for place in _folders(folder):
        missing = [f"{name}.gz" for name in MNIST_SHA256 if not _file(place, name)]
        looked.append(f"{place} (no {', '.join(missing)})")
    return (
        f"MNIST was not found. Looked in: {'; '.join(looked)}.\n"
        "Three ways to get it: (1) `make data`, or `python -m nnlesson.datasets`, downloads it; "
        "(2) load_mnist(download=True) does the same from Python; "
        "(3) copy the four .gz files into one of these folders, "
        "or name the folder that has them in the environment variable NNLESSON_DATA."
    )


def _load(
    name: str,
    folder: Path,
    n_validation: int,
    low: float,
    high: float,
    checksums: dict[str, str] | None = None,
) -> Dataset:
    """Read, verify and scale the four files, each in its own thread (zlib and SHA-256 allow it)."""

    def images(file: str) -> np.ndarray:
        pixels = _read_part(folder, file, (28, 28), checksums).reshape(-1, 784)
        scaled = np.multiply(pixels, np.float32((high - low) / 255), dtype=np.float32)
        return np.add(scaled, np.float32(low), out=scaled)

    def labels(file: str) -> np.ndarray:
        return _read_part(folder, file, (), checksums).astype(np.int64)

    with ThreadPoolExecutor(4) as pool:
        x, t, x_test, t_test = pool.map(
            lambda file: images(file) if "images" in file else labels(file), MNIST_SHA256
        )
    for kind, rows, targets in (("train", x, t), ("t10k", x_test, t_test)):
        if len(rows) != len(targets) or len(rows) == 0:
            raise ValueError(f"{folder}: {kind} has {len(rows)} images but {len(targets)} labels")
        if targets.max() > 9:
            raise ValueError(f"{folder}: {kind} has the label {targets.max()}; labels are 0 to 9")
    if len(x) <= n_validation:
        raise ValueError(f"{folder}: {len(x)} training images, more than {n_validation} are needed")
    train, validation = slice(None, -n_validation), slice(-n_validation, None)
    return Dataset(
        name,
        Split(x[train], t[train]),
        Split(x[validation], t[validation]),
        Split(x_test, t_test),
    )


def _read_part(
    folder: Path, name: str, example_shape: tuple[int, ...], checksums: dict[str, str] | None
) -> np.ndarray:
    path = _file(folder, name) or folder / f"{name}.gz"
    content, shape = _read_content(path)
    if shape[1:] != example_shape:
        wanted = " × ".join(["n", *map(str, example_shape)])
        raise ValueError(
            f"{path}: its shape is {shape}, but {wanted} is expected in a file so named"
        )
    if checksums and hashlib.sha256(content).hexdigest() != checksums[name]:
        raise ValueError(
            f"{path}: a whole IDX file, but not MNIST's (SHA-256 differs). "
            "Delete it and fetch it again with `make data`."
        )
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def _read_content(path: Path) -> tuple[bytearray, tuple[int, ...]]:
    """Decompressed bytes of a whole IDX file and the shape in its header."""

    def refuse(fault: str) -> ValueError:
        return ValueError(f"{path}: {fault}")

    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        most = os.fstat(file.fileno()).st_size * (_GZIP_MAX_RATIO if packed else 1)
        stream = gzip.GzipFile(fileobj=file) if packed else file
        content = bytearray()

        def read_up_to(size: int) -> None:
            while len(content) < size and (chunk := stream.read(min(_CHUNK, size - len(content)))):
                content.extend(chunk)

        try:
            read_up_to(4)
            if not content:
                raise refuse("empty")
            if content[:2] == b"\x1f\x8b":
                raise refuse("compressed twice; decompress it once")
            if len(content) < 4 or content[:2] != b"\0\0":
                raise refuse(f"not an IDX file: it begins with {bytes(content)!r}")
            type_code, n_dimensions = content[2:4]
            if type_code != 8:
                kind = _IDX_TYPES.get(type_code, f"of unknown type 0x{type_code:02x}")
                raise refuse(f"its values are {kind}; only unsigned bytes (uint8) are read")
            if not 1 <= n_dimensions <= 32:  # the most that every NumPy can hold
                raise refuse(f"its header gives {n_dimensions} dimensions; 1 to 32 are possible")
            header = 4 + 4 * n_dimensions
            read_up_to(header)
            if len(content) < header:
                raise refuse(f"cut off in its header, after {len(content)} of {header} bytes")
            shape = tuple(int(n) for n in np.frombuffer(content, ">u4", n_dimensions, offset=4))
            size = header + math.prod(shape)
            if size <= most:
                read_up_to(size + 1)  # the byte too many shows a longer file
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise refuse(f"damaged gzip file ({error})") from error
    if size > most or len(content) < size:
        raise refuse(f"cut off: its header promises {shape}, {size} bytes, but there are fewer")
    if len(content) > size:
        raise refuse(f"too long: its header promises {shape}, {size} bytes, but there are more")
    return content, shape


def download_mnist(
    folder: str | os.PathLike | None = None,
    *,
    mirrors: Sequence[str] = MIRRORS,
    timeout: float | tuple[float, float] = (3, 15),
) -> Path:
    """The folder that holds MNIST's four verified files; what lacks or is damaged is fetched.

    timeout: seconds to connect and to wait for data. Raises FileNotFoundError when no mirror has
    a right copy, OSError when the folder cannot be written. A file appears whole or not at all.
    """
    if verified := _find_verified(folder):
        return verified
    target = _folders(folder)[0]
    for name, checksum in MNIST_SHA256.items():
        if _is_verified(_file(target, name), checksum):
            continue
        try:
            target.mkdir(parents=True, exist_ok=True)
            # Below the target, so that the last step is a rename on one disk.
            with TemporaryDirectory(dir=target, prefix=".download-") as scratch:
                fetched = Path(scratch) / name
                _fetch(name, fetched, checksum, mirrors, timeout)
                os.replace(fetched, target / f"{name}.gz")
        except FileNotFoundError as error:
            raise FileNotFoundError(f"{error}\n{_how_to_get_mnist(folder)}") from error
        except OSError as error:
            # Another process may just have put the same file there and hold it open (Windows).
            if not _is_verified(_file(target, name), checksum):
                reason = error.strerror or error
                raise OSError(f"MNIST could not be saved in {target}: {reason}.") from error
    return target


def _find_verified(folder: str | os.PathLike | None) -> Path | None:
    """The first folder in which all four files are MNIST's."""
    for place in _folders(folder):
        if all(_is_verified(_file(place, name), sha) for name, sha in MNIST_SHA256.items()):
            return place
    return None


def _is_verified(path: Path | None, checksum: str) -> bool:
    try:
        return path is not None and hashlib.sha256(_read_content(path)[0]).hexdigest() == checksum
    except ValueError:
        return False


def _fetch(
    name: str,
    path: Path,
    checksum: str,
    mirrors: Sequence[str],
    timeout: float | tuple[float, float],
) -> None:
    """Write a right copy of the file to path, from the first mirror that has one."""
    from pooch import HTTPDownloader  # here, not above: importing them takes longer than loading
    from requests import RequestException

    get = HTTPDownloader(progressbar=True, chunk_size=1 << 16, timeout=timeout)
    failures = []
    for mirror in mirrors:
        url = f"{mirror}{name}.gz"
        try:
            get(url, path, None)
        except RequestException as error:
            failures.append(f"{url}: {type(error).__name__}: {error}")
            continue
        if _is_verified(path, checksum):
            return
        failures.append(f"{url}: it sent something else (SHA-256 differs)")
    raise FileNotFoundError(f"{name}.gz could not be fetched. Tried: {'; '.join(failures)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch MNIST where it lacks (`make data`); the exit status is 0 when it is there, verified."""
    parser = argparse.ArgumentParser(prog="python -m nnlesson.datasets", description=main.__doc__)
    parser.add_argument("--folder", help="where to put it (default: $NNLESSON_DATA or data/mnist)")
    folder = parser.parse_args(arguments).folder
    try:
        if found := _find_verified(folder):
            print(f"MNIST is in {found}, whole and verified: nothing to fetch.")
        else:
            print(f"MNIST is now in {download_mnist(folder)}, verified.")
    except KeyboardInterrupt:
        print("\nStopped. Nothing half-written is left; run it again.", file=sys.stderr)
        return 130
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
