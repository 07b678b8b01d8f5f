"""Weights on disk: a network's parameters in one .npz file, checked when they come back.

An .npz file is a zip of NumPy arrays. Nothing in it is run: it is read with allow_pickle=False.
"""

from __future__ import annotations

import math
import os
import stat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from nnlesson import validate

FORMAT, VERSION = "nnlesson weights", 1


def save_weights(network: Any, path: str | os.PathLike, note: str = "") -> None:
    """Write the arrays of network.params to an .npz file; it appears whole or not at all.

    note: how they were made, for read_note. ValueError if a weight is nan or inf, OSError if the
    file cannot be written, or if something other than a plain file stands there.
    """
    for name, p in network.params.items():
        validate.finite(name, p, "; nothing was saved")
    target = Path(path)
    content: dict[str, Any] = {"format": FORMAT, "version": VERSION, **network.params}
    if note:
        content["note"] = note
    try:
        # Beside the target, so that the last step is a rename on one disk.
        with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
            part = Path(scratch) / "weights.npz"
            np.savez(part, **content)
            replace(part, target)
    except OSError as error:
        raise OSError(
            f"the weights could not be saved in {target}: {error.strerror or error}"
        ) from error


def replace(part: Path, target: Path) -> None:
    """Rename part to target. OSError if there is one already that is not a plain file."""
    if os.path.lexists(target) and not stat.S_ISREG(os.lstat(target).st_mode):
        raise OSError("what stands there is a folder, link or device, not a plain file")
    os.replace(part, target)


def load_weights(network: Any, path: str | os.PathLike) -> None:
    """Set the parameters of a network, in place, to those that save_weights wrote.

    FileNotFoundError if there is no file; ValueError, and an unchanged network, if it is not such a
    file or if names, shapes or numbers do not fit. Precision stays that of the network.
    """
    params = network.params
    found, _ = _read(Path(path), 8 * sum(p.size for p in params.values()) + 1_000_000)
    if list(found) != list(params):
        raise ValueError(
            f"{path} holds {_listed(found)}, but the network has {_listed(params)}: "
            "build it with as many layers as the one that was saved"
        )
    fitting = {}
    for name, p in params.items():
        array = found[name]
        if array.dtype.kind != "f":
            raise ValueError(f"{path}: {name} must hold floats, but it is a {array.dtype} array")
        if array.shape != p.shape:
            raise ValueError(
                f"{path}: {name} has shape {array.shape}, but the network needs {p.shape}: "
                "build it with the sizes of the one that was saved"
            )
        with np.errstate(over="ignore"):
            fitting[name] = array.astype(p.dtype)
        validate.finite(f"{path}: {name}", fitting[name])
    for name, p in params.items():
        p[...] = fitting[name]


def read_note(path: str | os.PathLike) -> tuple[list[int], str]:
    """(neurons per layer, inputs first; the note) of a file that save_weights wrote."""
    found, note = _read(Path(path))
    shapes = [array.shape for name, array in found.items() if name.startswith("W")]
    if not shapes or any(len(shape) != 2 for shape in shapes):
        raise ValueError(f"{path} does not hold the weights of a network of Affine layers")
    return [shapes[0][0], *(shape[1] for shape in shapes)], note


def _read(path: Path, most: float = math.inf) -> tuple[dict[str, np.ndarray], str]:
    """The arrays of a weights file by name, and its note; format and version are checked.

    most: the bytes that they may take in memory.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no weights file {path}; save_weights makes one")
    try:
        with open(path, "rb") as file:  # np.load leaves a damaged file open that it opened
            archive = np.load(file, allow_pickle=False)
            if isinstance(archive, np.ndarray):
                raise ValueError("it holds a single array")
            claimed = sum(part.file_size for part in archive.zip.infolist())
            # save_weights packs nothing: what claims more than the file has was made elsewhere.
            if claimed > (allowed := min(most, path.stat().st_size)):
                raise ValueError(f"it claims {claimed:,} bytes of arrays; {allowed:,} are possible")
            found = {name: archive[name] for name in archive.files}
    except Exception as error:  # a damaged zip brings up a dozen kinds, MemoryError among them
        raise ValueError(
            f"{path} is not a weights file, or it is damaged ({_first_line(error)})"
        ) from error
    made_by, version = found.pop("format", None), found.pop("version", None)
    if made_by is None or version is None or made_by.shape != () or str(made_by) != FORMAT:
        raise ValueError(f"{path} is an .npz file, but save_weights did not make it")
    if version.shape != () or version != VERSION:
        raise ValueError(
            f"{path} has version {version} of the format, and this nnlesson reads {VERSION}: "
            "use the nnlesson that saved it"
        )
    note = found.pop("note", np.array(""))
    return found, str(note) if note.shape == () else ""


def _listed(names: Any) -> str:
    return ", ".join(names) or "nothing"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
