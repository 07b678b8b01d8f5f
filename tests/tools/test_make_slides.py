"""Slides show what a class looks at, in the notebook's order, and load nothing from elsewhere."""

import re

import course_rules
import make_slides
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

PATHS = sorted(course_rules.NOTEBOOKS.glob("*.ipynb"))


def sources(made):
    return [[cell.source for cell in slide.cells] for slide in made]


def test_where_a_slide_begins_and_what_is_only_said():
    cells = [
        new_markdown_cell("# Title\n\n**Time** long"),
        new_markdown_cell("Said at the title.\n\n## One\n\nSaid.\n\n$$ x $$\n\nSaid, too."),
        new_code_cell("a = 1"),
        new_markdown_cell("Said after a."),
        new_code_cell("import b"),
        new_code_cell("c = 2"),
        new_markdown_cell("Do this.\n\n```python\nd\n\ne\n```"),
        new_code_cell("f = ...", metadata={"tags": ["exercise"]}),
        new_code_cell("check(f)", metadata={"tags": ["check"]}),
        new_markdown_cell("<details>a\n\nhint</details>\n\nSaid last."),
        new_markdown_cell("### Two\n\n| a | b |"),
        new_markdown_cell("## More: three"),
        new_code_cell("g = 3"),
        new_markdown_cell("## Four"),
    ]
    made = make_slides.slides(cells)
    assert sources(made) == [
        ["# Title", "**Time** long"],
        ["## One", "$$ x $$", "a = 1"],
        ["c = 2"],
        ["Do this.", "```python\nd\n\ne\n```", "f = ..."],
        ["### Two", "| a | b |"],
        ["## Four"],
    ]
    assert [slide.kind for slide in made] == ["slide", "slide", *["subslide"] * 3, "slide"]
    assert [slide.notes for slide in made] == [
        ["Said at the title."], ["Said.", "Said, too.", "Said after a."], [], ["Said last."], [], []
    ]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_every_lesson_has_slides(path):
    notebook = nbformat.read(path, as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = [line for line in re.findall(r"^## .+", text, re.M) if "More: " not in line]
    made = make_slides.slides(notebook.cells)
    assert [s.cells[0].source for s in made if s.kind == "slide"][1:] == headings
    for slide in made:
        assert sum(cell.cell_type == "code" for cell in slide.cells) <= 1, slide.cells
    shown = [cell for slide in made for cell in slide.cells if cell.cell_type == "code"]
    assert any("exercise" in make_slides.tags_of(cell) for cell in shown)
    assert not any("check" in make_slides.tags_of(cell) for cell in shown)


def test_a_page_loads_from_its_own_folder_alone():
    page = make_slides.page(nbformat.read(PATHS[1], as_version=4))
    loaded = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]+)"', page)
    loaded += re.findall(r'"([^"]+/\w+\.js)"', page)
    outside = [name for name in loaded if not name.startswith("data:")]
    assert {name.split("/")[0] for name in outside} == set(make_slides.PARTS)
    assert "import(" not in page and "import mermaid" not in page
    assert page.count("<summary>Answer</summary>") == page.count("Before you run.") > 0
    assert page.count('<aside class="notes">') > 5 and "click, or unfold" not in page
    assert 'href="01_perceptron.html"' in page
    assert "<title>Lesson 2: The sigmoid and its slope slides</title>" in page


def test_what_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(make_slides, "PARTS", {"reveal": ("no_such_package", "x")})
    with pytest.raises(SystemExit, match=r"no_such_package.*make slides"):
        make_slides.put_parts(tmp_path)
