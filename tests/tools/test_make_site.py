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

ROOT = course_rules.ROOT


def page(tmp_path: Path, *outputs: dict, runs: bool = True, **metadata):
    """A lesson with one code cell of these outputs, as a page."""
    displayed = [new_output("display_data", data) for data in outputs]
    code = new_code_cell("f()", outputs=displayed, metadata=metadata)
    notebook = new_notebook(cells=[new_markdown_cell("# Title\n\nText"), code])
    return make_site.Book(tmp_path, runs).page(notebook, "02_x.ipynb")


@pytest.mark.parametrize(
    ("runs", "link"), [(True, "lite/notebooks/index.html?path=02_x.ipynb"), (False, "run.html")]
)
def test_a_page_begins_with_its_title_and_the_way_to_run_it(tmp_path, runs, link):
    first = page(tmp_path, runs=runs).cells[0].source
    assert first.startswith("# Title\n\n<p") and first.endswith("\n\nText")
    assert f'href="{link}"' in first and ("How to run" in first) is not runs


def test_what_is_folded_in_the_notebook_is_folded_on_the_page(tmp_path):
    made = page(tmp_path, jupyter={"source_hidden": True}, tags=["x"])
    assert made.cells[1].metadata.tags == ["x", "hide-input"]
    assert "tags" not in page(tmp_path).cells[1].metadata


def test_a_question_keeps_its_folded_answer_and_loses_the_line_about_buttons(tmp_path):
    widget = {"text/plain": "Run the cells to answer with a click, or unfold the answer."}
    answer = {"text/html": "<details><summary>Answer</summary><p>$x$</p></details>"}
    (kept,) = page(tmp_path, widget, answer).cells[1].outputs
    assert kept.data["text/html"].startswith('<details class="math"><summary>Answer')


def test_another_widget_becomes_a_link_and_its_still_is_open(tmp_path):
    widget = {"text/plain": "Run the cells to vote. The widget shows: a digit"}
    still = {"text/html": "<details><summary>Still picture, for reading</summary>x</details>"}
    made = page(tmp_path, widget, still).cells[1].outputs
    said, kept = (output.data["text/html"] for output in made)
    assert re.fullmatch('<p class="nn-note"><a .*path=02_x.*</a> to vote.</p>', said)
    assert kept.startswith("<details open>")


def test_a_live_figure_has_a_place_a_script_and_its_data(tmp_path):
    figure = tangent(["ReLU"])
    stored = {"text/html": "<p>still</p>", RECORD: figure.record()}
    (kept,) = page(tmp_path, stored).cells[1].outputs
    place = kept.data["text/html"]
    assert RECORD not in kept.data and "<p>still</p>" in place
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


@pytest.mark.parametrize(("repository", "said"), [("", "see f"), ("a/b", "see [f](https")])
def test_a_link_to_a_file_that_is_no_page_leads_to_the_repository_or_is_text(repository, said):
    notebook = new_notebook(cells=[new_markdown_cell("# T\nsee [f](../benchmarks/f.py)")])
    made = make_site.Book(Path("unused"), True, repository).page(notebook, "x.ipynb")
    assert said in made.cells[0].source and "(../" not in made.cells[0].source


def test_the_table_of_lessons_is_that_of_the_readme():
    rows = make_site.lesson_table().splitlines()[2:]
    names = [path.name for path in make_site.notebooks()]
    assert [re.match(r"\| \[\]\((.+?)\)", row)[1] for row in rows] == names
    assert all(re.search(r"\| \d\d min \|$", row) for row in rows)


def test_a_lesson_for_colab_installs_the_course_first():
    for path in make_site.notebooks():
        made = make_site.on_colab(path, "owner/name")
        nbformat.validate(made)
        assert made.cells[0].cell_type == "markdown" and "different here" in made.cells[0].source
        assert "git+https://github.com/owner/name" in made.cells[1].source
        assert made.cells[2].source.startswith("# Lesson")
    said = make_site.elsewhere("owner/name")
    assert all(f"/owner/name/blob/gh-pages/colab/{p.name}" in said for p in make_site.notebooks())
    assert make_site.elsewhere("") == ""
    workflow = (ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
    assert f"--initial-branch {make_site.SITE_BRANCH}" in workflow


def test_without_mathjax_a_sentence_says_so(tmp_path, monkeypatch, capsys):
    missing = make_site.metadata.PackageNotFoundError("mathjax")
    monkeypatch.setattr(make_site.metadata, "distribution", Mock(side_effect=missing))
    refused = make_site.build_lite.NotBuilt("there is no folder")
    monkeypatch.setattr(make_site.build_lite, "build", Mock(side_effect=refused))
    monkeypatch.setattr("sys.argv", ["make_site.py", "--target", str(tmp_path / "site")])
    assert make_site.main() == 1
    assert "MathJax is not installed: run this as `make site`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
