"""The lessons in JupyterLite: they run to the end, say what is stored, and keep a reader's work."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import build_lite
import nbformat
import pytest
from browser_tools import (
    FLAGS,
    KERNEL_IS_IDLE,
    NOTEBOOKS,
    START_SECONDS,
    WATCH_KERNEL,
    Lab,
    Server,
    chromium_path,
)
from nbval.plugin import IPyNbFile, coalesce_streams

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

ROOT = Path(__file__).parents[2]
WIDGET, LIVE = "application/vnd.jupyter.widget-view+json", "A live figure"
# The files that a test may use, if they are there: named in the environment, or beside the checkout.
PYODIDE = Path(os.environ.get("NNLESSON_PYODIDE") or ROOT / "../shared/pyodide")
MNIST = Path(os.environ.get("NNLESSON_DATA") or ROOT / "../shared/mnist")
SAVE_FILE = """async ([path, content]) => {
    await jupyterapp.serviceManager.contents.save(
        path, {type: 'file', format: 'base64', content, path, mimetype: 'application/gzip'});
}"""
CHANGE_CELL = """([number, text]) => {
    const cell = jupyterapp.shell.currentWidget.content.model.cells.get(number);
    cell.sharedModel.setSource(text);
}"""


class Lite(Lab):
    """One page of JupyterLite with one notebook open; its console and its requests are heard."""

    def __init__(self, browser: BrowserContext, server: Server) -> None:
        super().__init__(browser, server)
        self.page.on("request", self._asks)

    def _asks(self, request: Any) -> None:
        if not request.url.startswith((self.server.address, "blob:", "data:")):
            self.console.append(f"it asks another host: {request.url}")

    def open_notebook(self, name: str) -> None:
        """Open a notebook by its file name and wait until its kernel is ready."""
        self.page.goto(f"{self.server.address}/notebooks/index.html?path={name}")
        self.page.wait_for_function(KERNEL_IS_IDLE, timeout=4 * START_SECONDS * 1000)
        self.page.evaluate(WATCH_KERNEL)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Plain files, as any host gives them; what it sends is not printed."""

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The lessons for the browser, built and served on this machine."""
    if not PYODIDE.is_dir():
        pytest.skip("not tested: there is no ../shared/pyodide, and NNLESSON_PYODIDE names none")
    folder = tmp_path_factory.mktemp("site") / "lite"
    build_lite.build(folder, str(PYODIDE))
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Server(f"http://127.0.0.1:{server.server_port}", folder)
    server.shutdown()
    server.server_close()


@pytest.fixture
def reader(site: Server) -> Iterator[BrowserContext]:
    """A browser of its own, as a reader has it: what is kept is kept from page to page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = chromium_path(playwright.chromium.executable_path)
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started.new_context(viewport={"width": 1150, "height": 1400})
        started.close()


def differences(lite: Lite, notebook: Path, request: pytest.FixtureRequest) -> list[str]:
    """What nbval says of the outputs beside the stored ones."""
    stored = IPyNbFile.from_parent(request.session, path=notebook)
    stored.setup_sanitize_files()
    code = [cell for cell in lite.cells() if cell["cell_type"] == "code"]
    text = json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    shown = nbformat.reads(text, as_version=4).cells
    cells = list(stored.collect())
    assert len(shown) == len(cells) > 10
    found = []
    for now, before in zip(shown, cells, strict=True):
        if not now.execution_count:
            found.append(f"{before.name} did not run")
        elif before.options["check"]:
            wanted = coalesce_streams(before.cell.outputs)
            for output in wanted:
                if output.get("data", {}).get("text/plain", "").startswith(LIVE):
                    output.data.pop("text/html", None)  # its still: made only where it is stored
            if not before.compare_outputs(coalesce_streams(now.outputs), wanted):
                found.append("\n".join([before.name, *before.comparison_traceback]))
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_lesson_runs_and_says_what_is_stored(site, reader, notebook, request):
    lite = Lite(reader, site)
    lite.open_notebook(notebook.name)
    lite.run_all()
    assert lite.faults() == []
    assert differences(lite, notebook, request) == []
    try_out = {"05_mnist_mlp": train_and_stop, "06_misclassification_gallery": draw_and_vote}
    try_out.get(notebook.stem, lambda lite: None)(lite)
    assert lite.faults() == []


def train_and_stop(lite: Lite) -> None:
    """Lesson 5's playground: a short run to its end, and a long one that is stopped."""
    cell = lite.cell("play = playground(")
    cell.scroll_into_view_if_needed()
    status = cell.locator("[role=status]").last
    train, stop = (cell.locator("button", has_text=name) for name in ("Train", "Stop"))
    lite.move_slider("epochs", "Home", within=cell)
    train.click()
    lite.wait_until(lambda: "Run 4 has finished after 1 epoch" in status.inner_text(), 120)
    lite.move_slider("epochs", "End", within=cell)
    train.click()
    lite.wait_until(stop.is_enabled)
    stop.click()
    lite.wait_until(lambda: "Run 5 was stopped" in status.inner_text(), 60)


def draw_and_vote(lite: Lite) -> None:
    """Lesson 6: a 3 drawn with the mouse is read as a 3, and a vote arrives in Python."""
    from test_lesson6 import PAD, THREE, draw, said

    pad = lite.cell(PAD)
    draw(lite, pad, THREE)
    assert "prepared as MNIST was: read as 3" in said(pad)
    booth = lite.cell("booth = vote_booth(")
    lite.presses(booth, "Mistake")
    lite.run_cell("print(booth.counts)").get_by_text("'mistake': 1").first.wait_for()


def test_a_readers_answer_outlives_the_tab_and_can_be_downloaded(site, reader, tmp_path):
    answer = "my_answer = 42  # the reader's own"
    lite = Lite(reader, site)
    lite.open_notebook(NOTEBOOKS[0].name)
    number = next(i for i, c in enumerate(lite.cells()) if "exercise" in str(c["metadata"]))
    lite.page.evaluate(CHANGE_CELL, [number, answer])
    lite.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    lite.page.close()

    again = Lite(reader, site)
    again.open_notebook(NOTEBOOKS[0].name)
    assert "".join(again.cells()[number]["source"]) == answer
    with again.page.expect_download() as download:
        again.page.evaluate("() => jupyterapp.commands.execute('docmanager:download')")
    download.value.save_as(tmp_path / "mine.ipynb")
    kept = nbformat.read(tmp_path / "mine.ipynb", as_version=4)
    assert kept.cells[number].source == answer


def test_mnists_four_files_in_data_mnist_are_used(site, reader):
    if not MNIST.is_dir():
        pytest.skip("not tested: there is no ../shared/mnist, and NNLESSON_DATA names none")
    lite = Lite(reader, site)
    lite.open_notebook(NOTEBOOKS[4].name)
    for path in sorted(MNIST.glob("*-ubyte.gz")):
        content = base64.b64encode(path.read_bytes()).decode("ascii")
        lite.page.evaluate(SAVE_FILE, [f"data/mnist/{path.name}", content])
    for text in ("import gzip", "from nnlesson.course.building"):
        lite.run_cell(text)
    cell = lite.run_cell("data = load_data()")
    said = cell.get_by_text("MNIST: 55,000 training, 5,000 validation, 10,000 test images")
    said.wait_for(timeout=120_000)
