"""Slides show what a class looks at, in the notebook's order, and load nothing from elsewhere."""

import re

import course_rules
import make_slides
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

PATHS = sorted(course_rules.NOTEBOOKS.glob("*.ipynb"))


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
    assert [(one.kind, [cell.source for cell in one.cells], one.notes) for one in made] == [
        ("slide", ["# Title", "**Time** long"], ["Said at the title."]),
        ("slide", ["## One", "$$ x $$", "a = 1"], ["Said.", "Said, too.", "Said after a."]),
        ("subslide", ["c = 2"], []),
        ("subslide", ["Do this.", "```python\nd\n\ne\n```", "f = ..."], ["Said last."]),
        ("subslide", ["### Two", "| a | b |"], []),
        ("slide", ["## Four"], []),
    ]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_lesson_has_slides(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    made = make_slides.slides(cells)
    begins = [slide.cells[0].source for slide in made if slide.kind == "slide"]
    assert begins[1:] == re.findall(r"(?m)^## (?!More: ).+", text)


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
