"""Coverage-guided fuzzing of the IDX reader: any file gives the right array or a ValueError.

Run: make fuzz     or: python fuzz/fuzz_idx.py -max_total_time=300 [folder of inputs]

Needs atheris (`pip install atheris`, Linux). The other arguments are libFuzzer's. An input that
breaks a promise is saved as crash-…; `python fuzz/fuzz_idx.py crash-…` runs it again.
"""

import gzip
import math
import struct
import sys
import tempfile
import tracemalloc
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("Fuzzing needs atheris, which is not installed: `pip install atheris` (Linux).")

with atheris.instrument_imports(include=["nnlesson"]):
    from nnlesson.datasets import read_idx

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
from idx_files import held_by

MEGABYTE = 1 << 20
SCRATCH = tempfile.TemporaryDirectory()
PATH = Path(SCRATCH.name) / "file"


def try_file(content: bytes) -> None:
    """Read the content as a file, and raise if the answer is not one of the two promised."""
    PATH.write_bytes(content)
    found = fault = None
    tracemalloc.start()
    try:
        found = read_idx(PATH)
    except ValueError as error:
        fault = str(error).removeprefix(f"{PATH}: ")
        if not fault or fault == str(error):
            raise AssertionError("the message does not name the file and the fault") from error
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    expected = held_by(content)
    if (found is None) != (expected is None):
        raise AssertionError(f"refused ({fault})" if found is None else "a bad file was read")
    if found is not None and (found.shape != expected.shape or (found != expected).any()):
        raise AssertionError("the array is not what the file holds")
    honest = len(content) if expected is None else expected.size
    if peak > 2 * honest + 2 * MEGABYTE:
        raise AssertionError(f"{peak} bytes of memory for {honest}")


def one_input(data: bytes) -> None:
    """The data as a file, and compressed: random bytes hardly ever are a good gzip file."""
    try_file(data)
    if data[:2] != b"\x1f\x8b":
        packed = gzip.compress(data, mtime=0)
        try_file(packed)
        if len(data) > 3:  # damaged at a place and in a way that the data choose
            damaged = bytearray(packed)
            damaged[data[-1] * len(packed) // 256] ^= data[-2] | 1
            try_file(bytes(damaged[: len(damaged) - data[-3] % 2 * (data[-3] % 20)]))


def main() -> None:
    """Start from a few good files, unless a folder of inputs is given."""
    arguments = sys.argv
    if all(argument.startswith("-") for argument in arguments[1:]):
        seeds = Path(SCRATCH.name) / "seeds"
        seeds.mkdir()
        for n, shape in enumerate([(3,), (0,), (2, 3, 4), (1, 1, 1, 1)]):
            content = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
            content += bytes(math.prod(shape))
            (seeds / f"{n}").write_bytes(content)
            (seeds / f"{n}.gz").write_bytes(gzip.compress(content))
        arguments = [*arguments, str(seeds)]
    atheris.Setup(arguments, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
