"""The lessons in JupyterLite: they run to the end, say what is stored, and keep a reader's work."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import nbformat
import pytest
from browser_tools import NOTEBOOKS, Lab
from live_tools import THREE
from nbval.plugin import IPyNbFile, coalesce_streams
from playwright.sync_api import expect
from site_tools import MNIST, PYODIDE

from nnlesson.course.live import RECORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LIVE = "A live figure"
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
    """One page of JupyterLite with one notebook open; `asked` are the addresses it asked for."""

    path = "lite/notebooks/index.html?path={}"
    harmless = (
        # The page names its icon late: until then the browser asks for that of the host.
        "/favicon.ico",
        # Asked before JupyterLite's service worker answers for the page.
        "/api/service-worker-heartbeat",
    )

    def open_notebook(self, name: str) -> None:
        """Open a notebook by its file name and wait until its kernel is ready."""
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        super().open_notebook(name)


@pytest.fixture
def lite(browser: Browser, address: str) -> Iterator[Callable[[Path], Lite]]:
    """A function that opens a notebook in JupyterLite, in a browser that nobody has used before."""
    if not PYODIDE.is_dir():
        pytest.skip("not tested: there is no ../shared/pyodide, and NNLESSON_PYODIDE names none")
    context = browser.new_context()

    def opened(notebook: Path) -> Lite:
        made = Lite(context, address)
        made.open_notebook(notebook.name)
        return made

    yield opened
    context.close()


def differences(page: Lite, notebook: Path, request: pytest.FixtureRequest) -> list[str]:
    """What nbval says of the outputs beside the stored ones."""
    stored = IPyNbFile.from_parent(request.session, path=notebook)
    stored.setup_sanitize_files()
    code = [cell for cell in page.cells() if cell["cell_type"] == "code"]
    text = json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    shown, found = nbformat.reads(text, as_version=4).cells, []
    for now, before in zip(shown, stored.collect(), strict=True):
        assert now.execution_count, before.name
        if not before.options["check"]:
            continue
        wanted = coalesce_streams(before.cell.outputs)
        for output in wanted:
            if output.get("data", {}).get("text/plain", "").startswith(LIVE):
                # Its still, and the data for the book: made only where they are stored.
                output.data.pop("text/html", None)
                output.data.pop(RECORD, None)
        same = before.compare_outputs(coalesce_streams(now.outputs), wanted)
        if same == (now.id in DIFFERENT):
            found.append("\n".join([before.name, now.id, *before.comparison_traceback]))
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_lesson_runs_and_says_what_is_stored(lite, notebook, request):
    page = lite(notebook)
    looks = sum(url.endswith("/api/drive") for url in page.asked)
    assert 0 < looks < 45  # only a module that is nowhere else is sought in the reader's folder
    # The kernel starts with all it needs: to ask for more costs seconds, see build_lite.SETTINGS.
    assert [url for url in page.asked if "/pypi/" in url] == []
    page.run_all()
    assert page.faults() == []
    assert differences(page, notebook, request) == []
    if act := {"5": train_and_stop, "6": draw_and_vote}.get(notebook.name[1]):
        act(page)
        assert page.faults() == []


def train_and_stop(page: Lite) -> None:
    """Lesson 5's playground: it trains, goes on while the page answers, and stops."""
    play = page.figure("play = playground(")
    play.button("As article 1").click()
    play.button("Train").click()
    expect(play.says).to_contain_text("Run 1 is training")
    expect(play.says).not_to_contain_text("epoch 0", timeout=10 * 60_000)
    play.button("Stop").click()
    expect(play.says).to_contain_text("Run 1 was stopped")


def draw_and_vote(page: Lite) -> None:
    """Lesson 6: a 3 drawn with the mouse is read as a 3, and a vote arrives in Python."""
    pad = page.figure("drawn_digit(networks")
    pad.control("network").select_option("the course's reader (MNIST)")
    pad.button("Clear").click()
    pad.write(THREE)
    expect(pad.says).to_contain_text("prepared as MNIST was: read as 3")
    page.cell("booth = vote_booth(").get_by_role("button", name="Mistake").click()
    counts = page.cell("print(booth.counts)", runs=True)
    expect(counts.locator(".jp-OutputArea")).to_contain_text("'mistake': 1")


def test_modules_are_compiled_but_those_that_learners_read_and_tab_completes(lite, site):
    texts = {}
    for archive in (site / "lite/static/pyodide").iterdir():
        if archive.suffix in (".whl", ".zip"):
            names = ZipFile(archive).namelist()
            texts[archive.name.split("-")[0]] = any(name.endswith(".py") for name in names)
    assert len(texts) > 30
    assert [name for name, has_text in texts.items() if has_text] == ["nnlesson"]
    page = lite(NOTEBOOKS[0])
    page.cell("import numpy as np", runs=True)
    answers = page.page.evaluate(COMPLETE, ["np.array_e", "np.linalg.nor"])
    assert answers == [["array_equal", "array_equiv"], ["norm"]]


def test_a_readers_answer_outlives_the_tab_and_can_be_downloaded(lite, tmp_path):
    answer = "my_answer = 42  # the reader's own"
    page = lite(NOTEBOOKS[0])
    number = next(i for i, c in enumerate(page.cells()) if "exercise" in str(c["metadata"]))
    page.page.evaluate(CHANGE_CELL, [number, answer])
    page.execute("docmanager:save")
    page.page.close()

    again = lite(NOTEBOOKS[0])
    assert "".join(again.cells()[number]["source"]) == answer
    with again.page.expect_download() as download:
        again.execute("docmanager:download")
    download.value.save_as(tmp_path / "mine.ipynb")
    kept = nbformat.read(tmp_path / "mine.ipynb", as_version=4)
    assert kept.cells[number].source == answer


def test_mnists_four_files_in_data_mnist_are_used(lite):
    if not MNIST.is_dir():
        pytest.skip("not tested: there is no ../shared/mnist, and NNLESSON_DATA names none")
    page = lite(NOTEBOOKS[4])
    for path in sorted(MNIST.glob("*-ubyte.gz")):
        content = base64.b64encode(path.read_bytes()).decode("ascii")
        page.page.evaluate(SAVE_FILE, [f"data/mnist/{path.name}", content])
    for text in ("import gzip", "from nnlesson.course.building", "data = load_data()"):
        cell = page.cell(text, runs=True)
    expect(cell).to_contain_text("MNIST: 55,000 training, 5,000 validation, 10,000 test images")
