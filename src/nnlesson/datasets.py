"""Handwritten digits as verified arrays: MNIST, or the small set that comes with the course.

The only module that reaches the network. It refuses damaged files and never guesses.
The file format, the data and its terms are described in data/README.md.
"""

import argparse
import gzip
import hashlib
import io
import math
import os
import shutil
import struct
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple

import numpy as np

# Of the *decompressed* files: mirrors compress the same bytes in different ways.
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
# The bytes of the largest file: no more are read, or fetched, for any of them.
_MOST = 60_000 * 28 * 28
# The last rows of the training files are kept for validation.
N_VALIDATION_MNIST, N_VALIDATION_DIGITS = 5_000, 179

_IDX_TYPES = {8: "uint8", 9: "int8", 11: "int16", 12: "int32", 13: "float32", 14: "float64"}
_GZIP = b"\x1f\x8b"  # how every gzip file begins
_CHECKOUT = Path(__file__).parent.parent.parent
Folder = str | os.PathLike | None
Timeout = float | tuple[float, float]  # seconds: to connect and to wait for data, or one for both


class Split(NamedTuple):
    """images (n, 784) float32, one image a row, and labels (n,) intp in 0…9."""

    images: np.ndarray
    labels: np.ndarray


class ScaledAtUse:
    """A Split that keeps bytes, a quarter of the memory: its images are scaled at each use."""

    def __init__(self, pixels: np.ndarray, labels: np.ndarray, low: float, high: float):
        self.pixels, self.labels, self.limits = pixels, labels, (low, high)

    @property
    def images(self) -> np.ndarray:
        """New (n, 784) float32, one image a row."""
        return _scale(self.pixels, *self.limits)

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter((self.images, self.labels))


@dataclass(frozen=True, eq=False)
class Dataset:
    """Three splits under one name; str() says in one line which data it is and how much."""

    name: str
    train: Split
    validation: Split
    test: Split | ScaledAtUse  # test images are asked for once or twice, after all else

    def __str__(self) -> str:
        counts = [len(part.labels) for part in (self.train, self.validation, self.test)]
        return "{}: {:,} training, {:,} validation, {:,} test images".format(self.name, *counts)

    __repr__ = __str__  # the arrays themselves would fill the screen


def load_data(folder: Folder = None, *, low: float = -1.0, high: float = 1.0) -> Dataset:
    """MNIST when it is there (see load_mnist), the bundled digits otherwise; print it to see which.

    A damaged or incomplete MNIST is an error: it is never replaced in silence. So is a folder that
    you name, here or in $NNLESSON_DATA, and that does not hold MNIST.
    """
    if _named(folder) or _files(_place(folder)):
        return load_mnist(folder, low=low, high=high)
    return load_digits(low=low, high=high)


def load_mnist(
    folder: Folder = None, *, download: bool = False, low: float = -1.0, high: float = 1.0
) -> Dataset:
    """MNIST, 55,000 / 5,000 / 10,000 images, bytes 0…255 scaled to low…high.

    From the folder given, or else $NNLESSON_DATA, or else data/mnist; download=True fetches what
    is not there. Raises FileNotFoundError with the ways to get MNIST when there is none, OSError
    when the folder or a file cannot be read, ValueError when a file is damaged or is not MNIST's.
    """
    place = _place(folder)
    if len(_files(place)) < len(MNIST_SHA256):
        if not download:
            raise FileNotFoundError(_how_to_get_mnist(place))
        download_mnist(place, mirrors=MIRRORS)
    return _load("MNIST", place, N_VALIDATION_MNIST, low, high, verify=True)


def load_digits(*, low: float = -1.0, high: float = 1.0) -> Dataset:
    """The bundled digits, 1,259 / 179 / 359 images in MNIST's form; see data/README.md."""
    return _load("Bundled digits", digits_folder(), N_VALIDATION_DIGITS, low, high)


def digits_folder() -> Path:
    """The folder with the four IDX files of the bundled digits."""
    inside = Path(__file__).parent / "data" / "digits"  # an installed package
    return inside if inside.is_dir() else _CHECKOUT / "data" / "digits"


def read_idx(path: str | os.PathLike, *, most: int = _MOST) -> np.ndarray:
    """Array of bytes, in the shape its header gives, from an IDX file, gzip-compressed or not.

    most: how many values it may hold; MNIST's largest file by default. Raises ValueError, which
    names the file and the fault, if it is not exactly one whole IDX file of unsigned bytes. Memory
    grows with the bytes really found, not with what the header claims.
    """
    try:
        with open(path, "rb") as file:
            if file.peek(2)[:2] != _GZIP:
                return _parse(file, most)
            with gzip.GzipFile(fileobj=file) as unpacked:  # compares the checksum at the end, too
                return _parse(unpacked, most)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path}: damaged gzip file ({error})") from error
    except OSError as error:
        raise type(error)(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _parse(file: BinaryIO | gzip.GzipFile, most: int) -> np.ndarray:
    """The array in an open IDX file; the file must end where the array does."""
    start = file.read(4)
    if not start:
        raise ValueError("empty")
    if start[:2] == _GZIP:
        raise ValueError("compressed twice; decompress it once")
    if len(start) < 4 or start[:2] != b"\0\0":
        raise ValueError(f"not an IDX file: it begins with {start!r}")
    kind, n_dimensions = start[2:]
    if kind != 8:
        found = _IDX_TYPES.get(kind, f"of unknown type {kind}")
        raise ValueError(f"its values are {found}; only unsigned bytes (uint8) are read")
    if not 1 <= n_dimensions <= 64:  # as many as NumPy can hold
        raise ValueError(f"it has {n_dimensions} dimensions; 1 to 64 are possible")
    sizes = file.read(4 * n_dimensions)
    if len(sizes) < 4 * n_dimensions:
        raise ValueError(f"cut off in its header, after {4 + len(sizes)} bytes")
    shape = struct.unpack(f">{n_dimensions}I", sizes)
    size = math.prod(shape)
    if size > most:
        raise ValueError(f"its header claims {size:,} values; more than {most:,} are not read")
    content = bytearray()
    # In blocks, for a header may claim gigabytes; and one byte more, which tells a longer file.
    while block := file.read(min(size + 1 - len(content), 1 << 18)):
        content += block
    if len(content) != size:
        fault = "cut off" if len(content) < size else "too long"
        raise ValueError(f"{fault}: by its header it holds {size} values, of shape {shape}")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _load(
    name: str, folder: Path, n_validation: int, low: float, high: float, verify: bool = False
) -> Dataset:
    """The dataset in the four files of the folder, scaled; with verify they must be MNIST's."""
    if not 0 < high - low < math.inf:
        raise ValueError(f"low must be less than high, but low is {low} and high is {high}")
    read = []
    for part in ("train", "t10k"):
        files = [f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"]
        paths = [_files(folder).get(file, folder / f"{file}.gz") for file in files]
        pixels, labels = arrays = [read_idx(path) for path in paths]
        for path, array, shape in zip(paths, arrays, ((28, 28), ()), strict=True):
            if array.shape[1:] != shape or len(array) == 0:
                wanted = " × ".join(["n", *map(str, shape)])
                raise ValueError(f"{path}: its shape is {array.shape}, but {wanted} is needed")
        if len(pixels) != len(labels):
            counts = f"{len(labels)} labels for {len(pixels)} images in {paths[0].name}"
            raise ValueError(f"{paths[1]}: {counts}")
        if labels.max() > 9:
            raise ValueError(f"{paths[1]}: it has the label {labels.max()}; labels are 0 to 9")
        for file, path, array in zip(files, paths, arrays, strict=True):
            if verify and _sha256(array) != MNIST_SHA256[file]:
                raise ValueError(
                    f"{path}: a good IDX file, but not that of {name} (its SHA-256 differs). "
                    "Delete it, or let `make data` fetch it again."
                )
        read.append((pixels, labels.astype(np.intp)))
    (pixels, labels), test = read
    cut = max(len(labels) - n_validation, 0)
    # Arrays of their own, not views: who keeps one split does not keep all in memory.
    train, validation = (
        Split(_scale(pixels[part], low, high), labels[part].copy())
        for part in (slice(cut), slice(cut, None))
    )
    return Dataset(name, train, validation, ScaledAtUse(*test, low, high))


def _scale(pixels: np.ndarray, low: float, high: float) -> np.ndarray:
    """Bytes (n, 28, 28) as float32 rows (n, 784) in low…high."""
    rows = np.empty((len(pixels), 784), np.float32)
    for start in range(0, len(rows), 64):  # few enough to stay in the cache: twice as fast
        block = rows[start : start + 64]
        few = pixels[start : start + 64].reshape(-1, 784)
        np.multiply(few, np.float32((high - low) / 255), out=block)
        block += np.float32(low)
    return rows


def _sha256(array: np.ndarray) -> str:
    """The SHA-256 of the decompressed IDX file that holds this array."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    digest = hashlib.sha256(header)
    digest.update(array.ravel().data)
    return digest.hexdigest()


def _named(folder: Folder) -> Path | None:
    """The folder given, or else the one that $NNLESSON_DATA names, or else None."""
    name = folder or os.environ.get("NNLESSON_DATA")
    return Path(os.path.expanduser(name)) if name else None


def _place(folder: Folder) -> Path:
    """The one folder where MNIST may be, and where a download goes."""
    # An installed package has no checkout around it: one that is worked in serves, or any folder.
    around = (_CHECKOUT, Path.cwd(), *Path.cwd().parents)
    home = next((place for place in around if (place / "data" / "digits").is_dir()), Path())
    return _named(folder) or home / "data" / "mnist"


def _files(folder: Path) -> dict[str, Path]:
    """The path of each file of MNIST's that the folder holds, a packed one before a plain one."""
    try:
        there = set(os.listdir(folder))
    except FileNotFoundError:
        return {}
    except OSError as error:
        why = f"{folder} is no folder that can be read ({error.strerror})"
        raise type(error)(f"{why}: NNLESSON_DATA, or your call, should name one") from error
    both = ((name, f) for name in MNIST_SHA256 for f in (name, f"{name}.gz"))
    return {name: folder / file for name, file in both if file in there}


def _how_to_get_mnist(place: Path) -> str:
    missing = [f"{name}.gz" for name in MNIST_SHA256 if name not in _files(place)]
    lacks = "it is not there" if len(missing) == 4 else f"it lacks {', '.join(missing)}"
    return (
        f"MNIST was not found. Looked in {place.absolute()} ({lacks}).\n"
        "Three ways to get it: (1) `make data`, or `python -m nnlesson.datasets`, downloads it; "
        "(2) load_mnist(download=True) does the same from Python; "
        "(3) copy its four .gz files into this folder, "
        "or name the folder that has them in the environment variable NNLESSON_DATA."
    )


def download_mnist(
    folder: Folder = None,
    *,
    mirrors: Sequence[str] = MIRRORS,
    timeout: Timeout = (3, 15),
    seconds: float = 600,
) -> Path:
    """The folder that holds MNIST's four verified files; what lacks or is damaged is fetched.

    timeout: seconds to connect, and to wait for data; seconds: for one whole file. Raises
    FileNotFoundError when no mirror has a right copy, OSError when the folder cannot be written.
    A file appears whole or not at all.
    """
    target, order = _place(folder), list(mirrors)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for old in target.glob(".download-*"):  # a download that was killed has left it
            with suppress(FileNotFoundError):  # another process may clear it away, too
                if time.time() - old.stat().st_mtime > 600:
                    shutil.rmtree(old, ignore_errors=True)
        for name in MNIST_SHA256:
            if not _is_verified(target, name):
                _fetch(name, target, order, timeout, seconds)
    except _NotFetched as error:
        raise FileNotFoundError(f"{error}\n{_how_to_get_mnist(target)}") from error
    except OSError as error:
        reason = error.strerror or error
        raise OSError(f"MNIST could not be saved in {target}: {reason}.") from error
    return target


class _NotFetched(Exception):
    """A mirror, or no mirror, has a right copy; the text says why."""


class _Limited(io.BytesIO):
    """What is being fetched; it takes neither more than a file of MNIST's has nor for ever."""

    def __init__(self, seconds: float):
        super().__init__()
        self.seconds, self.end = seconds, time.monotonic() + seconds

    def write(self, piece):
        if self.tell() > 1.01 * _MOST:  # packed badly it may be a little longer
            raise _NotFetched("sent more than MNIST has")
        if time.monotonic() > self.end:
            raise _NotFetched(f"took longer than {self.seconds:g} seconds")
        return super().write(piece)


def _fetch(name: str, folder: Path, mirrors: list[str], timeout: Timeout, seconds: float) -> None:
    """Put a right copy of the file in the folder; a mirror that fails becomes the last in order."""
    from pooch import HTTPDownloader  # here, not above: importing them takes longer than loading
    from requests import RequestException

    # Small pieces: between two of them Limited looks at the clock. Not pooch.retrieve: it knows
    # hashes of the compressed file only.
    get = HTTPDownloader(progressbar=True, chunk_size=256, timeout=timeout)
    faults = []
    for mirror in list(mirrors):
        print(f"{mirror}{name}.gz", file=sys.stderr)
        content = _Limited(seconds)
        try:
            get(f"{mirror}{name}.gz", content, None)
            if _save(content, folder, name):
                return
            faults.append(f"{mirror} sent something else")
        except (RequestException, ValueError, _NotFetched) as error:
            faults.append(f"{mirror} {_fault(error)}")
        mirrors.append(mirrors.pop(0))
    raise _NotFetched(f"{name}.gz could not be fetched: {'; '.join(faults)}.")


def _save(content: io.BytesIO, folder: Path, name: str) -> bool:
    """Whether the content is right; if so it becomes the file, whole or not at all."""
    # Inside the folder, so that the last step is a rename on one disk.
    with TemporaryDirectory(dir=folder, prefix=".download-") as scratch:
        part = Path(scratch) / f"{name}.gz"
        with open(part, "wb") as file:
            file.write(content.getvalue())
        if not _is_verified(part.parent, name):
            return False
        try:
            os.replace(part, folder / part.name)
        except PermissionError:
            # On Windows: another process has just put the same file there and still reads it.
            if not _is_verified(folder, name):
                raise
    return True


def _fault(error: Exception) -> str:
    """What a mirror did wrong, in words."""
    if isinstance(error, _NotFetched):
        return str(error)
    response = getattr(error, "response", None)
    if response is not None:
        return f"answered with error {response.status_code}"
    if "timed out" in str(error):
        return "did not answer in time"
    return "could not be reached, or broke off"


def _is_verified(folder: Path, name: str) -> bool:
    """Whether the folder holds this file of MNIST's, and not another."""
    try:
        return _sha256(read_idx(_files(folder)[name])) == MNIST_SHA256[name]
    except (KeyError, ValueError):
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch MNIST unless it is there, and verify it."""
    parser = argparse.ArgumentParser(prog="python -m nnlesson.datasets", description=main.__doc__)
    parser.add_argument("--folder", help="where to put it (default: $NNLESSON_DATA or data/mnist)")
    try:
        folder = download_mnist(parser.parse_args(arguments).folder, mirrors=MIRRORS)
    except KeyboardInterrupt:
        message, status = "\nStopped. Nothing half-written is left; run it again.", 130
    except OSError as error:
        message, status = str(error), 1
    else:
        print(f"MNIST is in {folder}: four files, verified.")
        return 0
    # Here and not above: only now is the progress bar gone, which would spoil the line.
    print(message, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
