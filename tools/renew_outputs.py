"""Fill the drift cells of notebooks, run them, and store their outputs in place: `make outputs`.

A cell tagged `drift:module.Name` gets the package's text before anything runs. What would change
from run to run without any reason is left out: widget state and model ids, execution times, the
version of Python, the bytes of a picture that looks the same. Cell ids stay. A notebook that fails
is left as it was.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
from cells import drift_tags, filled, folded
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT = 1800
PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
# Levels of 255 that another version of a font or a rasteriser may change, and no reader sees.
SAME_LEVELS = 4


def joined_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Outputs with neighbouring pieces of one stream made one: how text is cut is chance."""
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if output.output_type == "stream" and last is not None and last.get("name") == output.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def fill(notebook: nbformat.NotebookNode, package: Path = ROOT / "src" / "nnlesson") -> None:
    """Write the package's text into the drift cells; LookupError, with a sentence, if it cannot."""
    for number, cell in enumerate(notebook.cells, start=1):
        for tag in drift_tags(cell):
            try:
                cell.source = filled(cell, tag, package)
            except LookupError as error:
                raise LookupError(f"cell {number} {error}") from None


def pixels(png: str) -> np.ndarray:
    """The levels (height, width, 4) of a picture given as base64."""
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        return np.asarray(picture.convert("RGBA"), dtype=int)


def looks_the_same(one: str, other: str) -> bool:
    """Whether two pictures, given as base64, have the same size and nearly the same pixels."""
    if one == other:
        return True
    a, b = pixels(one), pixels(other)
    return a.shape == b.shape and np.abs(a - b).max() <= SAME_LEVELS


def keep_pictures(
    stored: list[nbformat.NotebookNode], outputs: list[nbformat.NotebookNode]
) -> None:
    """Put the stored bytes into the new outputs of a cell where a picture still looks the same."""
    old = [png for output in stored for png in PICTURE.findall(page(output))]
    for output in outputs:
        for png in PICTURE.findall(page(output)):
            same = next((known for known in old if looks_the_same(known, png)), png)
            output.data["text/html"] = page(output).replace(png, same)


def page(output: nbformat.NotebookNode) -> str:
    """The HTML of an output; empty if it has none."""
    return output.get("data", {}).get("text/html", "")


def clean(notebook: nbformat.NotebookNode) -> None:
    """Leave in an executed notebook only what the next run would make again."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled", "ExecuteTime", "jupyter"):
            cell.metadata.pop(key, None)
    for count, (cell, fold) in enumerate(zip(code, folded(code), strict=True), start=1):
        if fold:  # a click on the bar beside the cell shows its source
            cell.metadata["jupyter"] = nbformat.from_dict({"source_hidden": True})
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if "data" in output:
                output.data.pop(WIDGET_VIEW, None)
        # A widget that shows nothing but itself leaves nothing to store.
        kept = [output for output in cell.outputs if output.get("data", True)]
        cell.outputs = joined_streams(kept)


def renew(path: Path) -> None:
    """Execute one notebook and write it back; raises what nbclient raises, and writes nothing."""
    notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    fill(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    stored = [cell.outputs for cell in code]
    for cell in notebook.cells:
        if "id" not in cell:
            cell["id"] = nbformat.v4.new_code_cell().id
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        record_timing=False,
    )
    client.execute()
    clean(notebook)
    for cell, outputs in zip(code, stored, strict=True):
        keep_pictures(outputs, cell.outputs)
    nbformat.validate(notebook)
    part = path.with_name(path.name + ".part")
    try:
        nbformat.write(notebook, part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def renew_all(paths: list[Path]) -> None:
    """Renew one notebook after the other; ends the program with a sentence at the first fault."""
    for path in paths:
        start = time.perf_counter()
        try:
            renew(path)
        except OSError as error:
            sys.exit(f"{path} could not be read or written: {error}")
        except LookupError as error:
            sys.exit(f"{path} was left as it was: {error}")
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            sys.exit(f"{path} was left as it was, because a cell failed:\n{error}")
        print(f"{path}: {time.perf_counter() - start:.0f} s, {path.stat().st_size:,} bytes")


def main() -> int:
    """Renew the notebooks named, or all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "notebooks", nargs="*", type=Path, help="all of notebooks/ if none is named"
    )
    paths = parser.parse_args().notebooks or sorted((ROOT / "notebooks").glob("*.ipynb"))
    # The kernels run as in the tests: one thread, and none of the user's own start-up files.
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    os.environ["NNLESSON_STILLS"] = "1"  # live figures leave a picture for readers
    with tempfile.TemporaryDirectory(prefix="nnlesson-ipython-") as folder:
        os.environ["IPYTHONDIR"] = folder
        renew_all(paths)
    return 0


if __name__ == "__main__":
    sys.exit(main())
