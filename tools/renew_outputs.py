"""Run notebooks from top to bottom and store their outputs in place: `make outputs`.

What would change from run to run without any reason is left out: widget state and model ids,
execution times, the version of Python. Cell ids stay. A notebook that fails is left as it was.
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT = 1800


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


def asks_a_question(source: str) -> bool:
    """Whether a cell calls question(...), with the answer among its arguments."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic or a shell line, no question
        return False
    names = [getattr(node, "func", None) for node in ast.walk(tree)]
    return "question" in [getattr(name, "id", getattr(name, "attr", "")) for name in names]


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
    count = 0
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled", "ExecuteTime", "jupyter"):
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        if asks_a_question(cell.source):
            # The answer must not stand above the buttons; a click on the bar unfolds the cell.
            cell.metadata["jupyter"] = nbformat.from_dict({"source_hidden": True})
        count += 1
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
    for cell in notebook.cells:
        if "id" not in cell:
            cell["id"] = nbformat.v4.new_code_cell().id
        if cell.cell_type == "code":
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
    with tempfile.TemporaryDirectory(prefix="nnlesson-ipython-") as folder:
        os.environ["IPYTHONDIR"] = folder
        renew_all(paths)
    return 0


if __name__ == "__main__":
    sys.exit(main())
