"""The lessons in JupyterLite: they run to the end, say what is stored, and keep a reader's work."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import nbformat
import pytest
from browser_tools import (
    KERNEL_IS_IDLE,
    NOTEBOOKS,
    SETTINGS,
    START_SECONDS,
    WATCH_KERNEL,
    Lab,
    Server,
)
from live_tools import LiveFigure
from nbval.plugin import IPyNbFile, coalesce_streams
from site_tools import PYODIDE, ROOT
from test_lesson6 import THREE, draw

from nnlesson.course.live import RECORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

LIVE = "A live figure"
TRACKER = "@jupyterlab/notebook-extension/tracker"
MNIST = Path(os.environ.get("NNLESSON_DATA") or ROOT / "../shared/mnist")
HARMLESS = (
    # The page names its icon late: until then the browser asks for that of the host.
    "/favicon.ico",
    # Asked before JupyterLite's service worker answers for the page.
    "/api/service-worker-heartbeat",
)
# What is another text in the browser, by the cell's id, and why. Each must differ.
DIFFERENT = {
    "c8e3025f": "lists take less memory: addresses have 32 bits",
    "efd7ac75": "WebAssembly does not notice an overflow",
    "54457dbf": "WebAssembly does not notice an overflow",
    "e8eb0076": "whole numbers have 32 bits",
}
SAVE_FILE = """async ([path, content]) => {
    await jupyterapp.serviceManager.contents.save(
        path, {type: 'file', format: 'base64', content, path, mimetype: 'application/gzip'});
}"""
SAVE_SETTINGS = "([name, text]) => jupyterapp.serviceManager.settings.save(name, text)"
COMPLETE = """async (texts) => {
    const {kernel} = jupyterapp.shell.currentWidget.context.sessionContext.session;
    const ask = (code) => kernel.requestComplete({code, cursor_pos: code.length});
    return (await Promise.all(texts.map(ask))).map((answer) => answer.content.matches);
}"""
CHANGE_CELL = """([number, text]) => {
    const cell = jupyterapp.shell.currentWidget.content.model.cells.get(number);
    cell.sharedModel.setSource(text);
}"""


class Lite(Lab):
    """One page of JupyterLite with one notebook open; its console and its requests are heard."""

    def __init__(self, browser: BrowserContext, server: Server) -> None:
        super().__init__(browser, server)
        self.looks = 0  # how often Python looked into the reader's folder
        self.page.on("request", self._asks)

    def _asks(self, request: Any) -> None:
        host = self.server.address.removesuffix("/lite")
        if not request.url.startswith((host + "/", "blob:", "data:")):
            self.console.append(f"it asks another host: {request.url}")
        self.looks += request.url.endswith("/api/drive")
        if "/pypi/" in request.url:  # an answer costs seconds: see build_lite.SETTINGS
            self.console.append(f"the kernel starts without it and installs it: {request.url}")

    def _heard(self, message: Any) -> None:
        if not message.location.get("url", "").endswith(HARMLESS):
            super()._heard(message)

    def open_notebook(self, name: str) -> None:
        """Open a notebook by its file name and wait until its kernel is ready."""
        address = f"{self.server.address}/notebooks/index.html?path={name}"
        self.page.goto(address)
        self.page.wait_for_function("() => window.jupyterapp?.serviceManager.isReady")
        # Every cell in the page even when it is out of sight, as in the tests of JupyterLab.
        self.page.evaluate(
            SAVE_SETTINGS, [TRACKER.replace("/tracker", ":tracker"), json.dumps(SETTINGS[TRACKER])]
        )
        self.page.goto(address)
        self.page.wait_for_function(KERNEL_IS_IDLE, timeout=4 * START_SECONDS * 1000)
        self.page.evaluate(WATCH_KERNEL)


@pytest.fixture
def lite(browser: Browser, address: str, site: Path) -> Iterator[Any]:
    """A function that opens a page of JupyterLite, in a browser that nobody has used before."""
    if not PYODIDE.is_dir():
        pytest.skip("not tested: there is no ../shared/pyodide, and NNLESSON_PYODIDE names none")
    context = browser.new_context()
    yield lambda: Lite(context, Server(f"{address}/lite", site / "lite"))
    context.close()


def differences(page: Lite, notebook: Path, request: pytest.FixtureRequest) -> list[str]:
    """What nbval says of the outputs beside the stored ones."""
    stored = IPyNbFile.from_parent(request.session, path=notebook)
    stored.setup_sanitize_files()
    code = [cell for cell in page.cells() if cell["cell_type"] == "code"]
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
                    # Its still, and the data for the book: made only where they are stored.
                    for kind in ("text/html", RECORD):
                        output.data.pop(kind, None)
            same = before.compare_outputs(coalesce_streams(now.outputs), wanted)
            if same == (now.id in DIFFERENT):
                found.append("\n".join([before.name, now.id, *before.comparison_traceback]))
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_lesson_runs_and_says_what_is_stored(lite, notebook, request):
    page = lite()
    page.open_notebook(notebook.name)
    assert 0 < page.looks < 70  # opened twice; only a module that is nowhere else is sought there
    page.run_all()
    assert page.faults() == []
    assert differences(page, notebook, request) == []
    if act := {"5": train_and_stop, "6": draw_and_vote}.get(notebook.name[1]):
        act(page)
        assert page.faults() == []


def test_modules_are_compiled_but_those_that_learners_read_and_tab_completes(lite, site):
    texts = {}
    for archive in (site / "lite/static/pyodide").iterdir():
        if archive.suffix in (".whl", ".zip"):
            names = ZipFile(archive).namelist()
            texts[archive.name.split("-")[0]] = any(name.endswith(".py") for name in names)
    assert len(texts) > 30
    assert [name for name, has_text in texts.items() if has_text] == ["nnlesson"]
    page = lite()
    page.open_notebook(NOTEBOOKS[0].name)
    page.run_cell("import numpy as np")
    answers = page.page.evaluate(COMPLETE, ["np.array_e", "np.linalg.nor"])
    assert answers == [["array_equal", "array_equiv"], ["norm"]]


def train_and_stop(page: Lite) -> None:
    """Lesson 5's playground: it trains, goes on while the page answers, and stops."""
    figure = LiveFigure(page, page.cell("play = playground("))
    figure.button("As article 1").click()
    figure.button("Train").click()
    page.wait_until(lambda: "Run 1 is training" in figure.says(), 60)
    page.wait_until(lambda: "epoch 0" not in figure.says(), 120)
    figure.button("Stop").click()
    page.wait_until(lambda: "Run 1 was stopped" in figure.says(), 60)
    assert figure.faults() == []


def draw_and_vote(page: Lite) -> None:
    """Lesson 6: a 3 drawn with the mouse is read as a 3, and a vote arrives in Python."""
    pad = LiveFigure(page, page.cell("drawn_digit(networks"))
    pad.control("network").select_option("the course's reader (MNIST)")
    pad.button("Clear").click()
    pad.settle()
    draw(pad, THREE)
    assert "prepared as MNIST was: read as 3" in pad.says()
    booth = page.cell("booth = vote_booth(")
    page.presses(booth, "Mistake")
    counts = page.run_cell("print(booth.counts)")
    counts.locator(".jp-OutputArea", has_text="'mistake': 1").wait_for()


def test_a_readers_answer_outlives_the_tab_and_can_be_downloaded(lite, tmp_path):
    answer = "my_answer = 42  # the reader's own"
    page = lite()
    page.open_notebook(NOTEBOOKS[0].name)
    number = next(i for i, c in enumerate(page.cells()) if "exercise" in str(c["metadata"]))
    page.page.evaluate(CHANGE_CELL, [number, answer])
    page.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.page.close()

    again = lite()
    again.open_notebook(NOTEBOOKS[0].name)
    assert "".join(again.cells()[number]["source"]) == answer
    with again.page.expect_download() as download:
        again.page.evaluate("() => jupyterapp.commands.execute('docmanager:download')")
    download.value.save_as(tmp_path / "mine.ipynb")
    kept = nbformat.read(tmp_path / "mine.ipynb", as_version=4)
    assert kept.cells[number].source == answer


def test_mnists_four_files_in_data_mnist_are_used(lite):
    if not MNIST.is_dir():
        pytest.skip("not tested: there is no ../shared/mnist, and NNLESSON_DATA names none")
    page = lite()
    page.open_notebook(NOTEBOOKS[4].name)
    for path in sorted(MNIST.glob("*-ubyte.gz")):
        content = base64.b64encode(path.read_bytes()).decode("ascii")
        page.page.evaluate(SAVE_FILE, [f"data/mnist/{path.name}", content])
    for text in ("import gzip", "from nnlesson.course.building"):
        page.run_cell(text)
    cell = page.run_cell("data = load_data()")
    said = cell.get_by_text("MNIST: 55,000 training, 5,000 validation, 10,000 test images")
    said.wait_for(timeout=120_000)
