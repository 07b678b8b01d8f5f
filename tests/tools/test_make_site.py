"""A notebook as a page of the book: what needs a kernel is replaced, and the rest stays."""

import json
import re
from pathlib import Path
from unittest.mock import Mock

import course_rules
import make_site
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nnlesson.course.lesson2.explorers import tangent
from nnlesson.course.live import RECORD


def page(folder: Path, *outputs: dict, runs: bool = True, repository: str = "", **metadata):
    """The cells of a page: its title, and a code cell with what is left of these outputs."""
    displayed = [new_output("display_data", data) for data in outputs]
    code = new_code_cell("f()", outputs=displayed, metadata=metadata)
    notebook = new_notebook(cells=[new_markdown_cell("# Title\n\nsee [f](../x/f.py)"), code])
    return make_site.Book(folder, runs, repository).page(notebook, "02_x.ipynb").cells


@pytest.mark.parametrize(
    ("runs", "repository", "run", "see"),
    [
        (True, "", 'href="lite/notebooks/index.html?path=02_x.ipynb">Run this', "see f"),
        (False, "a/b", 'href="run.html">How to run this', "see [f](https://github.com/a/b/blob/"),
    ],
)
def test_a_page_begins_with_its_title_and_the_way_to_run_it_and_its_links_lead_somewhere(
    tmp_path, runs, repository, run, see
):
    title, said, text = page(tmp_path, runs=runs, repository=repository)[0].source.split("\n\n")
    assert title == "# Title" and run in said and text.startswith(see) and "(../" not in text


def test_what_needs_a_kernel_is_a_link_and_what_is_folded_stays_folded(tmp_path):
    question = {"text/plain": "Run the cells to answer with a click, or unfold the answer."}
    answer = {"text/html": "<details><summary>Answer</summary><p>$x$</p></details>"}
    widget = {"text/plain": "Run the cells to vote. The widget shows: a digit"}
    still = {"text/html": "<details><summary>Still picture, for reading</summary>x</details>"}
    outputs, folded = (question, answer, widget, still), {"source_hidden": True}
    _, made = page(tmp_path, *outputs, jupyter=folded, tags=["x"])
    assert made.metadata.tags == ["x", "hide-input"]
    answer, link, still = (output.data["text/html"] for output in made.outputs)
    assert answer.startswith('<details class="math"><summary>Answer')
    assert re.fullmatch('<p class="nn-note"><a .*path=02_x.*</a> to vote.</p>', link)
    assert still.startswith("<details open>")


def test_a_live_figure_has_a_place_a_script_and_its_data(tmp_path):
    figure = tangent(["ReLU"])
    _, made = page(tmp_path, {"text/html": "<p>still</p>", RECORD: figure.record()})
    assert made.metadata == {}  # not folded
    (place,) = made.outputs[0].data.values()
    assert "<p>still</p>" in place
    scripts = re.findall(r'<script defer src="_static/(live/[^"]+)">', place)
    code, data = [(tmp_path / name).read_text(encoding="utf-8") for name in scripts]
    assert code.startswith("(() => {") and 'nnlesson.figures["lesson2/tangent"]' in code
    said = re.fullmatch(r'nnlesson.given\["02_x-1"\] = (.*);\n', data)
    assert json.loads(said[1]) == {"start": figure.start, "given": figure.given}


def test_figures_without_stored_data_get_those_of_the_course(tmp_path):
    book = make_site.Book(tmp_path, runs=True)
    for figure in make_site.WITH_READER:
        place = book.place({"figure": figure, "start": {}, "given": None}, "x", "")
        names = re.findall(r'src="_static/(live/[^"]+)"', place)
        assert len(names) >= 3 and all((tmp_path / name).is_file() for name in names)


def test_the_table_of_lessons_is_that_of_the_readme():
    rows = re.findall(r"(?m)^\| \[\]\((.+?)\) \| .+ \| \d\d min \|$", make_site.lesson_table())
    assert rows == [path.name for path in make_site.notebooks()]


def test_a_lesson_for_colab_installs_the_course_first():
    said = make_site.elsewhere("owner/name")
    for path in make_site.notebooks():
        made = make_site.on_colab(path, "owner/name")
        nbformat.validate(made)
        says, install, title = (cell.source for cell in made.cells[:3])
        assert "different here" in says and "git+https://github.com/owner/name" in install
        assert title.startswith("# Lesson")
        assert f"/owner/name/blob/gh-pages/colab/{path.name}" in said
    assert make_site.elsewhere("") == ""
    workflow = (course_rules.ROOT / ".github" / "workflows" / "site.yml").read_text(
        encoding="utf-8"
    )
    assert f"--initial-branch {make_site.SITE_BRANCH}" in workflow


def test_without_mathjax_a_sentence_says_so(tmp_path, monkeypatch, capsys):
    missing = Mock(side_effect=make_site.metadata.PackageNotFoundError("mathjax"))
    monkeypatch.setattr(make_site.metadata, "distribution", missing)
    monkeypatch.setattr("sys.argv", ["x", "--target", str(tmp_path / "site"), "--pyodide", "no"])
    assert make_site.main() == 1
    assert "MathJax is not installed: run this as `make site`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
