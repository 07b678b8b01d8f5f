"""JupyterLab in a real browser, for tests: open a lesson, run it, move its figures, look at it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from live_tools import LiveFigure
from playwright.sync_api import Error, expect, sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
HOW_TO_INSTALL = (
    "No Chromium could be started. Install it (Debian, Ubuntu: apt install chromium; or: python -m "
    "playwright install chromium) or give its path in NNLESSON_CHROMIUM."
)
# What JupyterLab itself writes to the console when all is well. Each entry names its cause.
HARMLESS = (
    # asked for at every start; there is no saved workspace in a fresh folder
    "/lab/api/workspaces/",
    # `make site` brings JupyterLite, and JupyterLab finds the extension for its pages, too
    "Shared module @jupyterlite/",
)
# How long to wait for what must happen: for most things, and for a whole lesson to run.
expect.set_options(timeout=60_000)
WAIT_MS, RUN_MS = 60_000, 1_200_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium for all tests; where there is none the whole run ends with a sentence."""
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
        found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))
        path = bundled if Path(bundled).is_file() else next(filter(None, found), None)
        try:
            path = os.environ.get("NNLESSON_CHROMIUM", path)
            started = playwright.chromium.launch(executable_path=path)
        except Error as error:
            pytest.exit(f"{HOW_TO_INSTALL}\n{error}", returncode=3)
        yield started
        started.close()


class Reader:
    """A page of the browser that notes what goes wrong: errors, and requests to another host."""

    heard = ("error",)  # of the console's kinds of messages
    harmless: tuple[str, ...] = ()

    def __init__(self, browser: Browser | BrowserContext, address: str) -> None:
        self.address = address
        self.page: Page = browser.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.wrong: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        said = f"{message.text} ({message.location.get('url', '')})"
        if message.type in self.heard and not any(known in said for known in self.harmless):
            self.wrong.append(said)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"another host was asked: {request.url}")


@contextlib.contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab on copies of all lessons in folder/work, with folder as its home.

    It has no token: it listens on this machine only, for the length of the test.
    """
    work, log = folder / "work", folder / "server.log"
    shutil.copytree(NOTEBOOKS[0].parent, work, ignore=shutil.ignore_patterns(".*"))
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "HOME")
    environment = {**os.environ, **dict.fromkeys(own, str(folder))}
    if data := os.environ.get("NNLESSON_DATA"):
        environment["NNLESSON_DATA"] = str(Path(data).resolve())
    options = [
        "--ServerApp.port=0",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={work}",
        "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True",
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
    ]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, env=environment, stdout=out, stderr=out) as server,
    ):
        try:
            while not (said := re.search(r"(http://127.+)/lab\n", log.read_text("utf-8"))):
                assert server.poll() is None, log.read_text("utf-8")
                time.sleep(0.2)
            yield said[1]
        finally:
            server.terminate()


KERNEL_IS_IDLE = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return context?.isReady && context.session?.kernel?.status === 'idle';
}"""
# Every cell is in the page even when it is out of sight. Each error that the kernel reports is
# noted, also those of callbacks, which appear nowhere in the notebook.
PREPARE = """() => {
    const { content, sessionContext } = jupyterapp.shell.currentWidget;
    content.notebookConfig = { ...content.notebookConfig, windowingMode: 'none' };
    if (!jupyterapp.shell.leftCollapsed) jupyterapp.shell.collapseLeft?.();
    window.seen = [];
    const { kernel } = sessionContext.session;
    kernel.statusChanged.connect((_, status) => {
        if (/dead|restarting|terminating/.test(status)) seen.push('the kernel is ' + status);
    });
    kernel.iopubMessage.connect((_, { header, content }) => {
        if (header.msg_type === 'error') seen.push(content.ename + ': ' + content.evalue);
    });
}"""
# JupyterLab itself writes alt="Image" where there is none.
FAULTS = """() => [
    ...seen,
    ...document.body.innerText.match(/Error displaying widget|Loading widget/g) ?? [],
    ...[...document.querySelectorAll('.jp-OutputArea-output img')]
        .filter(i => ['', 'Image'].includes((i.alt || i.title || '').trim()))
        .map(i => 'a picture without alt text: ' + i.src.slice(0, 60)),
]"""
RUN_CELL = """async number => {
    jupyterapp.shell.currentWidget.content.activeCellIndex = number;
    await jupyterapp.commands.execute('notebook:run-cell');
}"""
# The open notebook as stored in its file would be: cells with their outputs.
CELLS = "() => jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells"


class Lab(Reader):
    """A page of JupyterLab with one notebook open."""

    harmless = HARMLESS
    path = "lab/tree/{}?reset"

    def open_notebook(self, name: str) -> None:
        """Open a notebook by its file name and wait until its kernel is ready."""
        self.page.set_viewport_size({"width": 1150, "height": 1400})
        self.page.goto(f"{self.address}/{self.path.format(name)}")
        self.page.wait_for_function(KERNEL_IS_IDLE, timeout=4 * WAIT_MS)
        self.page.evaluate(PREPARE)

    def execute(self, command: str, **arguments: str) -> None:
        """Do what a menu of JupyterLab does."""
        self.page.evaluate("([name, more]) => jupyterapp.commands.execute(name, more)",
                           [command, arguments])  # fmt: skip

    def run_all(self) -> None:
        """Run all cells and wait until the kernel has done everything."""
        self.execute("notebook:run-all-cells")
        self.page.wait_for_function(KERNEL_IS_IDLE, timeout=RUN_MS)

    def cells(self) -> list[dict[str, Any]]:
        """The cells of the open notebook with their present outputs, as in its file."""
        return self.page.evaluate(CELLS)

    def faults(self) -> list[str]:
        """What the kernel, callbacks, widgets, pictures and the console say is wrong."""
        return [*self.page.evaluate(FAULTS), *self.wrong]

    def cell(self, text: str, runs: bool = False) -> Locator:
        """The first cell whose source contains a text; run once more, its widgets are made anew."""
        sources = ["".join(cell["source"]) for cell in self.cells()]
        number = next(i for i, source in enumerate(sources) if text in source)
        if runs:
            self.page.evaluate(RUN_CELL, number)
            self.page.wait_for_function(KERNEL_IS_IDLE, timeout=RUN_MS)
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{number}"]')

    def figure(self, text: str, runs: bool = False) -> LiveFigure:
        """The live figure of such a cell."""
        return LiveFigure(self.cell(text, runs).locator(".nn-live"))

    def figures(self) -> list[LiveFigure]:
        """All live figures of the notebook, in order."""
        return [LiveFigure(root) for root in self.page.locator(".nn-live").all()]

    def close(self) -> None:
        """Close the page and end its notebook's kernel, and no other page's."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget?.sessionContext.shutdown()")
        self.page.close()
