"""Slides of the lessons, for a class: `make slides` writes one page for each into slides/.

What stands on a slide is read from the notebook; no cell is marked by hand. A `##` heading begins
a column of slides, a code cell ends a slide. Headings, formulas, tables, lists and what begins in
bold are shown; other paragraphs are spoken: they stand in the speaker's notes. An exercise is
shown whole. Left out are checks, hints, and what is headed "More: ...".
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import nbformat
from cells import parse, tags_of
from jinja2 import DictLoader
from nbconvert import SlidesExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

ROOT = Path(__file__).resolve().parent.parent
SHOWN = re.compile(r"#|\||\*\*|[-*] |\d+\. |!\[|.*\$\$", re.DOTALL)
# Where the page finds what it loads, from its own folder; and the packages these come from.
PARTS = {
    "reveal": ("sphinx_revealjs", "_static/revealjs"),
    "mathjax": ("nbclassic", "static/components/MathJax"),
    "requirejs": ("nbclassic", "static/components/requirejs"),
    "jquery": ("nbclassic", "static/components/jquery"),
}
TEMPLATE = """{% extends 'reveal/index.html.j2' %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_css %}
<style>
:root { --jp-code-font-size: 15px; } /* 100 characters fit */
.reveal .slides { text-align: left; }
.reveal .slides section { overflow-y: auto; max-height: 100vh; }
.reveal img, .reveal svg { max-height: 75vh; }
.reveal h1, .reveal h2, .reveal h3 { text-transform: none; }
.jp-InputPrompt, .jp-OutputPrompt { display: none; }
</style>
<script type="text/x-mathjax-config">
MathJax.Hub.Config({"HTML-CSS": {availableFonts: [], preferredFont: null, webFont: "STIX-Web"}});
</script>
{% endblock %}"""


def only_a_widget(output: NotebookNode) -> bool:
    """Whether nothing but a line of text stands for what a running kernel would show."""
    return output.output_type == "display_data" and list(output.data) == ["text/plain"]


def only_imports(cell: NotebookNode) -> bool:
    """Whether a code cell just fetches names."""
    return all(isinstance(node, ast.Import | ast.ImportFrom) for node in parse(cell).body)


class Slide:
    """One slide: its cells, and what is said to it."""

    def __init__(self, kind: str) -> None:
        self.kind, self.cells, self.notes = kind, [], []

    @property
    def full(self) -> bool:
        """Whether it has its code cell, or the title of the lesson."""
        last = self.cells[-1:]
        return any(cell.cell_type == "code" or cell.source.startswith("**Time**") for cell in last)

    def marked(self) -> list[NotebookNode]:
        """Its cells as nbconvert wants them."""
        for cell in self.cells:
            cell.metadata["slideshow"] = {"slide_type": "-"}
            if cell.metadata.get("jupyter", {}).get("source_hidden"):
                cell.metadata["transient"] = {"remove_source": True}
                cell.outputs = [out for out in cell.outputs if not only_a_widget(out)]
        self.cells[0].metadata["slideshow"] = {"slide_type": self.kind}
        notes = [new_markdown_cell("\n\n".join(self.notes))] if self.notes else []
        for cell in notes:
            cell.metadata["slideshow"] = {"slide_type": "notes"}
        return self.cells + notes


def blocks(source: str) -> list[str]:
    """The paragraphs of a markdown cell, without hints; code in backticks stays whole.

    A link to another lesson leads to its slides.
    """
    source = re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL)
    source = re.sub(r"\.ipynb\b", ".html", source)
    pieces = re.split(r"(```.*?```)", source, flags=re.DOTALL)
    parts = [[p] if p.startswith("```") else re.split(r"\n\s*\n", p) for p in pieces]
    return [block.strip() for part in parts for block in part if block.strip()]


def slides(cells: list[NotebookNode]) -> list[Slide]:
    """The slides of a lesson; its cells are changed."""
    made, more = [Slide("slide")], False
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if cell.cell_type == "code":
            if more or "check" in tags_of(cell) or only_imports(cell):
                continue
            if made[-1].full:
                made.append(Slide("subslide"))
            made[-1].cells.append(cell)
            continue
        whole = after is not None and "exercise" in tags_of(after)
        for block in blocks(cell.source):
            if block.startswith("## "):
                more = block.startswith("## More: ")
            if more:
                continue
            if not (whole or SHOWN.match(block)):
                made[-1].notes.append(block)
                continue
            if re.match("##+ ", block) or made[-1].full:
                made.append(Slide("slide" if block.startswith("## ") else "subslide"))
            made[-1].cells.append(new_markdown_cell(block))
    return [slide for slide in made if slide.cells]


def page(notebook: NotebookNode) -> str:
    """The slides of a notebook as one page; it loads PARTS from its own folder, and no more."""
    title = notebook.cells[0].source.partition("\n")[0].lstrip("# ")
    notebook.cells = [cell for slide in slides(notebook.cells) for cell in slide.marked()]
    exporter = SlidesExporter(
        extra_loaders=[DictLoader({"slides.html.j2": TEMPLATE})],
        template_file="slides.html.j2",
        reveal_url_prefix="reveal",
        reveal_theme="white",
        reveal_scroll=True,
        reveal_number="h.v",
        mathjax_url="mathjax/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe",
        require_js_url="requirejs/require.js",
        jquery_url="jquery/jquery.min.js",
    )
    return exporter.from_notebook_node(notebook, {"metadata": {"name": title}})[0]


def put_parts(target: Path) -> None:
    """Copy what the pages load; SystemExit, with a sentence, where it is not installed."""
    for name, (package, inside) in PARTS.items():
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            sys.exit(f"The package {package} is missing: make slides with `make slides`.")
        source = Path(spec.submodule_search_locations[0]) / inside
        shutil.copytree(source, target / name, dirs_exist_ok=True)


def main() -> None:
    """Write the page of each notebook named, and what the pages load."""
    parser = argparse.ArgumentParser(description="Make slides of lessons.")
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, default=ROOT / "slides", help="the folder they go to")
    arguments = parser.parse_args()
    arguments.to.mkdir(parents=True, exist_ok=True)
    put_parts(arguments.to)
    for path in arguments.notebooks:
        text = page(nbformat.read(path, as_version=4))
        target = arguments.to / f"{path.stem}.html"
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=arguments.to, delete=False
        ) as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        os.replace(file.name, target)
        print(f"Open {target} in a browser. Arrow keys move, S shows the notes.")


if __name__ == "__main__":
    main()
