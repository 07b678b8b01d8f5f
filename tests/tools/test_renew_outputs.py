"""nbval, set up as in this project, finds every change of a text output; `make outputs` renews."""

import base64
import io
import re
import subprocess
import sys
from pathlib import Path

import course_rules
import nbformat
import numpy as np
import pytest
import renew_outputs
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

ROOT = course_rules.ROOT
PICTURE = """from IPython.display import display
page = '<img alt="A {word}" src="data:image/png;base64,{pixels}">'
display({{"text/html": page}}, raw=True)"""
WIDGETS = """import ipywidgets
image = ipywidgets.Image(value=b"\\x89PNG 'two'")
ipywidgets.VBox([ipywidgets.IntSlider(value=2), image])"""
LEVELS = np.random.default_rng(0).integers(0, 250, (20, 30))
SPOT = LEVELS.copy()
SPOT[3, 4] += 5


def run(*command, **options) -> subprocess.CompletedProcess:
    """What this Python says to a command."""
    options = {"capture_output": True, "encoding": "utf-8", "check": False, **options}
    return subprocess.run([sys.executable, *command], **options)


def renew(path: Path) -> subprocess.CompletedProcess:
    """Run tools/renew_outputs.py on one notebook."""
    return run(ROOT / "tools" / "renew_outputs.py", path)


def write(path: Path, *sources: str) -> nbformat.NotebookNode:
    """A notebook of these cells, never run."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    nbformat.write(notebook, path)
    return notebook


def png(levels: np.ndarray, compress_level: int = 6) -> str:
    """A picture of these levels (height, width) as base64."""
    stream = io.BytesIO()
    Image.fromarray(levels.astype(np.uint8)).save(stream, "PNG", compress_level=compress_level)
    return base64.b64encode(stream.getvalue()).decode()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "lesson.ipynb"


@pytest.mark.slow
def test_nbval_compares_all_but_pixels(path):
    picture = PICTURE.format(word="line", pixels="AAAA")
    write(path, "print(1)", "1 + 1", picture, picture, WIDGETS, "print(3)", "x = 3")
    assert renew(path).returncode == 0
    notebook = nbformat.read(path, as_version=4)
    cells = notebook.cells
    for cell, kind, old, new in (
        (1, "text/plain", "2", "3"),
        (2, "text/html", "AAAA", "BB/+CC=="),
        (3, "text/html", "A line", "A cross"),
        (4, "text/plain", "PNG", "GNP"),
    ):
        data = cells[cell].outputs[0].data
        assert old in data[kind]
        data[kind] = data[kind].replace(old, new)
    cells[5].outputs = []
    cells[6].outputs = [new_output("stream", text="3\n")]
    nbformat.write(notebook, path)
    command = ["-m", "pytest", "-rA", "-c", ROOT / "pyproject.toml"]
    command += ["--nbval-sanitize-with", ROOT / "tests" / "sanitize.cfg", path]
    # A folder of its own: pytest must not read this project's other settings by accident.
    said = run(*command, cwd=path.parent).stdout
    verdicts = re.findall(r"^(PASSED|FAILED) .*::Cell (\d)", said, flags=re.MULTILINE)
    failed = [int(cell) for verdict, cell in verdicts if verdict == "FAILED"]
    assert failed == [1, 3, 5, 6] and len(verdicts) == len(cells), said


@pytest.mark.slow
def test_outputs_are_stored_cleanly_and_the_same_twice(path):
    picture = PICTURE.format(word="line", pixels=png(LEVELS))
    imports = "from nnlesson.course.questions import question"
    asked = "question('1 + 1?', ['2', '3'], 0, ['', 'No.'])"
    prints = "print(1)\nprint(2, flush=True)\nprint(3)"
    notebook = write(path, WIDGETS, prints, picture, imports, "def relu(z): ...", asked, "%pwd")
    notebook.cells.insert(0, new_markdown_cell("text"))
    notebook.metadata = nbformat.from_dict({"widgets": {}, "kernelspec": {"name": "other"}})
    notebook.cells[1].metadata = nbformat.from_dict({"tags": ["check"], "execution": {"a": "b"}})
    notebook.cells[5].metadata["tags"] = ["drift:activations.relu"]
    nbformat.write(notebook, path)

    assert renew(path).returncode == 0
    lesson = nbformat.read(path, as_version=4)
    shown = lesson.cells[3].outputs[0].data
    shown["text/html"] = shown["text/html"].replace(png(LEVELS), png(LEVELS, compress_level=1))
    nbformat.write(lesson, path)  # the same picture in other bytes, which stay
    once = path.read_bytes()
    assert renew(path).returncode == 0
    assert path.read_bytes() == once
    lesson = course_rules.Lesson.read(path)
    cells = lesson.notebook.cells
    assert [cell.id for cell in cells] == [cell.id for cell in notebook.cells]
    assert cells[1].metadata == {"tags": ["check"]}
    assert [output.text for output in cells[2].outputs] == ["1\n2\n3\n"]
    assert "np.maximum" in cells[5].source
    assert [cell for cell in cells if "jupyter" in cell.metadata] == [cells[6]]
    for rule in ("is_valid", "is_stored_executed", "has_no_drift", "folds_answers_and_scenery"):
        assert list(getattr(course_rules, rule)(lesson)) == []


def page(*pictures: str) -> list:
    """The output of a cell that shows these pictures."""
    html = "".join(f'<img alt="A" src="data:image/png;base64,{one}">' for one in pictures)
    return [new_output("display_data", {"text/html": html}), new_output("stream", text="x")]


@pytest.mark.parametrize(
    ("new", "kept"),
    [(LEVELS, True), (LEVELS + 4, True), (LEVELS + 5, False), (SPOT, False), (LEVELS.T, False)],
    ids=["same", "nearly the same", "lighter", "one pixel", "turned"],
)
def test_a_picture_that_looks_the_same_keeps_its_bytes(new, kept):
    stored, other = png(LEVELS, compress_level=1), png(255 - LEVELS)
    outputs = page(other, png(new))
    renew_outputs.keep_pictures(page(stored, other), outputs)
    assert outputs == page(other, stored if kept else png(new))
    renew_outputs.keep_pictures([], outputs)
    assert outputs == page(other, stored if kept else png(new))


@pytest.mark.slow
@pytest.mark.parametrize("source", ["1 / 0", "import os\nos._exit(1)", "..."])
def test_a_notebook_that_fails_is_left_as_it_was(path, source):
    notebook = write(path, "print(1)", source)
    if source == "...":
        notebook.cells[0].metadata["tags"] = ["drift:activations.lost"]
        nbformat.write(notebook, path)
    before = path.read_bytes()
    result = renew(path)
    assert result.returncode != 0
    assert "left as it was" in result.stderr
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
