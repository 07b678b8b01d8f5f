"""nbval, set up as in this project, finds every change of a text output; `make outputs` renews."""

import base64
import io
import re
import subprocess
import sys
from operator import itemgetter

import course_rules
import nbformat
import numpy as np
import pytest
import renew_outputs
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

ROOT = course_rules.ROOT
WIDGETS = """import ipywidgets
image = ipywidgets.Image(value=b"\\x89PNG 'two'")
ipywidgets.VBox([ipywidgets.IntSlider(value=2), image])"""
LEVELS = np.random.default_rng(0).integers(0, 250, (20, 30))
SPOT = LEVELS.copy()
SPOT[3, 4] += 5


def run(*command, cwd=ROOT) -> subprocess.CompletedProcess:
    """What this Python says to a command."""
    options = {"capture_output": True, "encoding": "utf-8", "check": False}
    return subprocess.run([sys.executable, *command], cwd=cwd, **options)


def png(levels: np.ndarray, compress_level: int = 6) -> str:
    """A picture of these levels (height, width) as base64."""
    stream = io.BytesIO()
    Image.fromarray(levels.astype(np.uint8)).save(stream, "PNG", compress_level=compress_level)
    return base64.b64encode(stream.getvalue()).decode()


def page(*pictures: str, alt: str = "A line") -> nbformat.NotebookNode:
    """An output that shows these pictures."""
    html = "".join(f'<img alt="{alt}" src="data:image/png;base64,{one}">' for one in pictures)
    return new_output("display_data", {"text/html": html})


def draws(picture: str) -> str:
    """The source of a cell with this output."""
    return f"from IPython.display import display\ndisplay({dict(page(picture).data)}, raw=True)"


def printed(text: str) -> nbformat.NotebookNode:
    return new_output("stream", text=text)


@pytest.mark.slow
def test_nbval_compares_all_but_pixels(tmp_path):
    text = "VBox(children=(IntSlider(value=2), Image(value=b\"\\x89GNP 'one'\")))"
    stored = [
        ("print(1)", [printed("1\n")], "PASSED"),
        ("1 + 1", [new_output("execute_result", {"text/plain": "3"})], "FAILED"),
        (draws("AAAA"), [page("BB/+CC==")], "PASSED"),
        (draws("AAAA"), [page("AAAA", alt="A cross")], "FAILED"),
        (WIDGETS, [new_output("execute_result", {"text/plain": text})], "PASSED"),
        ("print(3)", [], "FAILED"),
        ("x = 3", [printed("3\n")], "FAILED"),
    ]
    cells = [new_code_cell(a, outputs=b, execution_count=1) for a, b, _ in stored]
    nbformat.write(new_notebook(cells=cells), tmp_path / "lesson.ipynb")
    command = ["-m", "pytest", "-rA", "-c", ROOT / "pyproject.toml", "lesson.ipynb"]
    command += ["--nbval-sanitize-with", ROOT / "tests" / "sanitize.cfg"]
    # A folder of its own: pytest must not read this project's other settings by accident.
    said = run(*command, cwd=tmp_path).stdout
    verdicts = sorted(re.findall(r"(?m)^(PASSED|FAILED) .*::Cell (\d)", said), key=itemgetter(1))
    assert [verdict for verdict, _ in verdicts] == [verdict for *_, verdict in stored], said


@pytest.mark.slow
def test_outputs_are_stored_cleanly_and_the_same_twice(tmp_path):
    path, before = tmp_path / "lesson.ipynb", png(LEVELS)
    cells = [
        new_markdown_cell("text"),
        new_code_cell(WIDGETS, metadata={"tags": ["check"], "execution": {"a": "b"}}),
        new_code_cell("print(1)\nprint(2, flush=True)\nprint(3)"),
        new_code_cell(draws(before)),
        new_code_cell("from nnlesson.course.questions import question"),
        new_code_cell("def relu(z): ...", metadata={"tags": ["drift:activations.relu"]}),
        new_code_cell("question('1 + 1?', ['2', '3'], 0, ['', 'No.'])"),
        new_code_cell("%pwd"),
    ]
    metadata = {"widgets": {}, "kernelspec": {"name": "other", "display_name": "Other"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    assert run("tools/renew_outputs.py", path).returncode == 0
    # The same picture in other bytes, in the output, which comes before the source: they stay.
    once = path.read_text(encoding="utf-8").replace(before, png(LEVELS, compress_level=1), 1)
    path.write_text(once, encoding="utf-8")
    assert run("tools/renew_outputs.py", path).returncode == 0
    assert path.read_text(encoding="utf-8") == once

    lesson = course_rules.Lesson.read(path)
    made = lesson.notebook.cells
    assert [cell.id for cell in made] == [cell.id for cell in cells]
    assert made[1].metadata == {"tags": ["check"]}
    assert [output.text for output in made[2].outputs] == ["1\n2\n3\n"]
    assert "np.maximum" in made[5].source
    assert ["jupyter" in cell.metadata for cell in made] == [cell is made[6] for cell in made]
    for rule in ("is_valid", "is_stored_executed", "has_no_drift", "folds_answers_and_scenery"):
        assert list(getattr(course_rules, rule)(lesson)) == []


@pytest.mark.parametrize(
    ("new", "kept"),
    [(LEVELS, True), (LEVELS + 4, True), (LEVELS + 5, False), (SPOT, False), (LEVELS.T, False)],
    ids=["same", "nearly the same", "lighter", "one pixel", "turned"],
)
def test_a_picture_that_looks_the_same_keeps_its_bytes(new, kept):
    stored, other = png(LEVELS, compress_level=1), png(255 - LEVELS)
    outputs = [page(other, png(new)), printed("x")]
    for old in ([page(stored, other), printed("x")], []):
        renew_outputs.keep_pictures(old, outputs)
        assert outputs == [page(other, stored if kept else png(new)), printed("x")]


@pytest.mark.slow
@pytest.mark.parametrize("source", ["1 / 0", "import os\nos._exit(1)", "..."])
def test_a_notebook_that_fails_is_left_as_it_was(tmp_path, source):
    path = tmp_path / "lesson.ipynb"
    tags = ["drift:activations.lost"] if source == "..." else []
    cells = [new_code_cell("1", execution_count=7), new_code_cell(source, metadata={"tags": tags})]
    nbformat.write(new_notebook(cells=cells), path)
    before = path.read_bytes()
    done = run("tools/renew_outputs.py", path)
    assert done.returncode != 0 and "left as it was" in done.stderr
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
