"""Build the web edition into site/: the lessons as a book, and in lite/ to run: `make site`.

The book shows what the notebooks store; nothing is executed. Its live figures move without Python:
each brings its JavaScript and its data as two small scripts. `python tools/make_site.py --help`
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import build_lite
import nbformat
import numpy as np

from nnlesson.course.lesson6.explorers import drawn_digit, spoiled_digit
from nnlesson.course.live import KIT, RECORD, Live, joined, recorded
from nnlesson.course.reader import trained_reader
from nnlesson.datasets import load_digits
from nnlesson.images import shift

ROOT = Path(__file__).resolve().parent.parent
README = "README.md"
# Longer bytes are a script of their own, so that two figures share one network.
LONG = 4096
# Where the workflow that publishes the site puts it: Colab reads its notebooks there.
SITE_BRANCH = "gh-pages"
LITE = "lite/notebooks/index.html"


class SiteError(Exception):
    """The book cannot be built; the message is the sentence to show."""


def build(target: Path, pyodide: str | None = None, repository: str = "") -> str:
    """Fill the folder `target`; it appears whole or not at all. An old one is replaced.

    pyodide: as in build_lite.build. repository: "owner/name" at GitHub, for links to it.
    Returns one sentence on what is missing, or an empty text. Raises SiteError, OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        source, made = Path(scratch, "source"), Path(scratch, "site")
        missing = ""
        try:
            build_lite.build(made / "lite", pyodide)
        except build_lite.NotBuilt as error:
            missing = f"The book is there, but its lessons do not run in the browser: {error}."
        prepare(source, Book(source / "_static", runs=not missing, repository=repository))
        sphinx(source, made)
        if repository:
            (made / "colab").mkdir()
            for path in notebooks():
                nbformat.write(on_colab(path, repository), made / "colab" / path.name)
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
    return missing


def sphinx(source: Path, target: Path) -> None:
    """Make pages of the sources; a warning is a fault."""
    trees = source.with_name("doctrees")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", trees]
    done = subprocess.run([*command, source, target], check=False, text=True, capture_output=True)
    if done.returncode:
        raise SiteError(f"Sphinx could not make the pages:\n{done.stderr.strip()[-3000:]}")
    (target / ".buildinfo").unlink(missing_ok=True)
    (target / ".nojekyll").touch()  # GitHub would leave out folders that begin with _


def prepare(source: Path, book: Book) -> None:
    """Write what Sphinx reads: the pages, the notebooks as pages, scripts, MathJax."""
    shutil.copytree(ROOT / "docs", source)
    shutil.copy(KIT.with_suffix(".css"), book.static)
    copy_mathjax(book.static)
    for path in notebooks():
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(book.page(notebook, path.name), source / path.name)
    draw = book.place({"figure": "lesson6/drawn_digit", "start": {}, "given": None}, "draw", "")
    if not book.runs:
        page = source / "run.md"
        parts = page.read_text(encoding="utf-8").partition("## In your browser")
        rest = parts[2][parts[2].index("## On your computer") :]
        page.write_text(parts[0] + rest, encoding="utf-8")
    (source / "draw.html").write_text(draw, encoding="utf-8")
    (source / "lessons.md").write_text(lesson_table(), encoding="utf-8")
    (source / "elsewhere.md").write_text(elsewhere(book.repository), encoding="utf-8")


def notebooks() -> list[Path]:
    """The lessons, in order."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def copy_mathjax(target: Path) -> None:
    """MathJax as one file, and its licence, from the package whose hash stands in the lock."""
    try:
        package = metadata.distribution("django-static-mathjax")
    except metadata.PackageNotFoundError as error:
        raise SiteError("MathJax is not installed: run this as `make site`") from error
    shutil.copy(str(package.locate_file("mathjax/static/mathjax/es5/tex-svg-full.js")), target)
    licence = package.read_text("LICENSE") or ""
    (target / "tex-svg-full.LICENSE.txt").write_text(licence, encoding="utf-8")


def lesson_table() -> str:
    """The README's table of lessons: a link to each page, what you build there, and how long."""
    table = ["| Lesson | What you build | Time |", "|---|---|---|"]
    for line in (ROOT / README).read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| \d .*\(notebooks/(.+)\) \| (.+) \| .+ \| (.+) \|", line)
        if row:  # a link without a text shows the title of its page
            table.append("| []({}) | {} | {} |".format(*row.groups()))
    return "\n".join(table)


def elsewhere(repository: str) -> str:
    """Services that run the lessons of a repository, as a section; nothing where none is named."""
    if not repository:
        return ""
    binder = f"https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/notebooks"
    colab = f"https://colab.research.google.com/github/{repository}/blob/{SITE_BRANCH}/colab"
    lessons = ", ".join(
        f"[lesson {k}]({colab}/{path.name})" for k, path in enumerate(notebooks(), 1)
    )
    return (
        "## Elsewhere\n\n"
        f"- [Binder]({binder}) runs the lessons on a computer of its own; starting takes minutes.\n"
        f"- Google Colab opens a lesson, if you have an account there: {lessons}. The first cell "
        "installs the course and says what does not run there.\n"
        f"- The source is [at GitHub](https://github.com/{repository}).\n"
    )


COLAB_SAYS = """\
**On Colab.** The next cell installs the course; then go on below. Two things are different here.
Sliders, buttons and live figures need Colab's *custom widgets*, which the cell turns on; where
Colab refuses them, the text and the stored pictures remain. The commands `make ...` are for a copy
of the course on your own computer; for MNIST run `load_mnist(download=True)` once.\
"""
COLAB_RUNS = """\
%pip install --quiet "git+https://github.com/{repository}"
from google.colab import output

output.enable_custom_widget_manager()\
"""


def on_colab(path: Path, repository: str) -> nbformat.NotebookNode:
    """A lesson with two cells before it, which install the course of this repository on Colab."""
    notebook = nbformat.read(path, as_version=4)
    install = nbformat.v4.new_code_cell(COLAB_RUNS.format(repository=repository), id="colab-runs")
    say = nbformat.v4.new_markdown_cell(COLAB_SAYS, id="colab-says")
    notebook.cells[:0] = [say, install]
    return notebook


# ---- a notebook as a page ----


class Book:
    """The pages: how a notebook becomes one, and the scripts that they need.

    static: the folder for scripts; runs: whether the lessons run in lite/; repository: as in build.
    """

    def __init__(self, static: Path, runs: bool, repository: str = "") -> None:
        self.static, self.runs, self.repository = static, runs, repository

    def run_link(self, name: str, said: str) -> str:
        """A link that opens a notebook to run it; where it cannot, to how it is done elsewhere."""
        address = f"{LITE}?path={name}" if self.runs else "run.html"
        return f'<a href="{address}">{said}</a>'

    def page(self, notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
        """The notebook as Sphinx shall show it: in place of what needs a kernel, what does not."""
        said = "Run this lesson" if self.runs else "How to run this lesson"
        where = "in your browser, with nothing to install" if self.runs else "on your computer"
        run = f"{self.run_link(name, said)} {where}. The figures move on this page, too."
        run = f'<p class="nn-run">{run}</p>'
        title, _, rest = notebook.cells[0].source.partition("\n")
        notebook.cells[0].source = f"{title}\n\n{run}\n{rest}"
        n_figures = 0
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = re.sub(r"\[([^]]*)\]\(\.\./([^)]+)\)", self._outside, cell.source)
                continue
            if cell.cell_type == "code" and cell.metadata.get("jupyter", {}).get("source_hidden"):
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
            kept = []
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                if RECORD in data:
                    n_figures += 1
                    key = f"{Path(name).stem}-{n_figures}"
                    record = recorded(data.pop(RECORD))
                    note = "" if record["given"] is not None else READER_NOTE
                    data["text/html"] = self.place(record, key, data["text/html"]) + note
                elif data.get("text/plain", "").startswith("A live figure"):
                    link = self.run_link(name, "Run this lesson")
                    still = data["text/html"].replace("Run the cells to move it.", "")
                    data["text/html"] = f'{still}<p class="nn-note">{link} to use it.</p>'
                elif "text/html" in data:
                    data["text/html"] = unfolded(data["text/html"])
                elif data.get("text/plain", "").startswith("Run the cells to "):
                    if ANSWER in data["text/plain"]:
                        continue  # the folded answer follows
                    use = data["text/plain"].removeprefix("Run the cells ").partition(".")[0]
                    link = self.run_link(name, "Run this lesson")
                    data["text/html"] = f'<p class="nn-note">{link} {html.escape(use)}.</p>'
                kept.append(output)
            if "outputs" in cell:
                cell.outputs = kept
        return notebook

    def _outside(self, link: re.Match[str]) -> str:
        # A file of the repository that is no page: a link only where it is known to lead somewhere.
        if not self.repository:
            return link[1]
        return f"[{link[1]}](https://github.com/{self.repository}/blob/main/{link[2]})"

    def place(self, record: dict[str, Any], key: str, still: str) -> str:
        """The HTML in which mount.js puts a live figure; until then, its still is there.

        record: as Live.record gives it. key: the name of the figure's data, of this figure alone.
        """
        figure, start, given = record["figure"], record["start"], record["given"]
        if given is None:
            live = WITH_READER[figure](start)
            start, given = live.start, live.given
        module = joined(KIT.parent / f"{figure}.js")
        name = json.dumps(figure)
        code = f"(() => {{\n{module}nnlesson.figures[{name}] = kit.live(figure);\n}})();\n"
        scripts = [self._script(figure.replace("/", "-"), code)]

        def packed(value: bytes) -> dict[str, str]:
            text = base64.b64encode(value).decode("ascii")
            if len(value) > LONG:
                name = hashlib.sha256(value).hexdigest()[:12]
                scripts.append(self._script(name, f'nnlesson.bytes["{name}"] = "{text}";\n'))
                text = name
            return {"$bytes": text}

        data = json.dumps({"start": start, "given": given}, default=packed, ensure_ascii=False)
        scripts.append(self._script(key, f'nnlesson.given["{key}"] = {data};\n'))
        attributes = f'data-figure="{figure}" data-given="{key}"'
        return f'<div class="nn-place" {attributes}>{still}</div>{"".join(scripts)}'

    def _script(self, name: str, code: str) -> str:
        path = self.static / "live" / f"{name}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(code, encoding="utf-8")
        return f'<script defer src="_static/live/{name}.js"></script>'


ANSWER = "unfold the answer"


def unfolded(page: str) -> str:
    """Stored HTML for the book: stills of widgets are open, and answers have their mathematics."""
    page = page.replace("<details><summary>Still picture", "<details open><summary>Still picture")
    return page.replace("<details><summary>Answer", '<details class="math"><summary>Answer')


# ---- figures whose data are images and networks ----


def drawn(start: dict[str, Any]) -> Live:
    """The pad, with the strokes of the lesson's start, read by the reader of the course."""
    return drawn_digit({"the course's reader (MNIST)": trained_reader()}, start.get("strokes", ()))


def spoiled(start: dict[str, Any]) -> Live:
    """Bundled digits that the course's reader reads, until they are moved by four pixels."""
    test, reader = load_digits(low=0.0).test, trained_reader()
    images, labels = test.images, test.labels

    def is_right(x: np.ndarray) -> np.ndarray:
        return reader.predict(x).argmax(axis=1) == labels

    some = np.flatnonzero(is_right(images) & ~is_right(shift(images, 4, 0)))[:20]
    return spoiled_digit(images[some], labels[some], reader)


WITH_READER: dict[str, Callable[[dict[str, Any]], Live]] = {
    "lesson6/drawn_digit": drawn,
    "lesson6/spoiled_digit": spoiled,
}
READER_NOTE = (
    '<p class="nn-note">On this page the reader that comes with the course reads. When you run the '
    "lesson, it is the network that you train there.</p>"
)


def main() -> int:
    """Build site/; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=Path, default=ROOT / "site", help="site/ if not given")
    parser.add_argument("--pyodide", help="a folder or address with the files of Pyodide's release")
    parser.add_argument("--repository", default="", help="owner/name at GitHub, for links to it")
    options = parser.parse_args()
    try:
        missing = build(options.target, options.pyodide, options.repository)
    except (SiteError, OSError) as error:
        print(f"The site was not built. {error}", file=sys.stderr)
        return 1
    print(f"{options.target} is built: `make site-serve` shows it. {missing}".strip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
