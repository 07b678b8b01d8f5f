"""JupyterLab in a real browser, for tests: open a lesson, run it, move its controls, look at it."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
HOW_TO_INSTALL = (
    "No Chromium was found. Install it (Debian, Ubuntu: apt install chromium; or: python -m "
    "playwright install chromium) or give its path in NNLESSON_CHROMIUM."
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
# What JupyterLab itself writes to the console when all is well. Each entry names its cause.
HARMLESS = (
    # asked for at every start; there is no saved workspace in a fresh folder
    "/lab/api/workspaces/",
    # `make site` brings JupyterLite, and JupyterLab finds the extension for its pages, too
    "Shared module @jupyterlite/",
)
SETTINGS = {
    # Every cell is in the page even when it is out of sight.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}
START_SECONDS, RUN_SECONDS, SETTLE_SECONDS = 60, 600, 20


def chromium_path(bundled: str) -> str:
    """The browser to use: NNLESSON_CHROMIUM, Playwright's own, or the one on the PATH."""
    named = os.environ.get("NNLESSON_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    for path in [named] if named else [bundled, *map(shutil.which, names)]:
        if path and Path(path).is_file():
            return path
    raise FileNotFoundError(
        f"NNLESSON_CHROMIUM names {named}, which is not a file" if named else HOW_TO_INSTALL
    )


@contextlib.contextmanager
def headless_chromium() -> Iterator[Browser]:
    """A browser for tests; where there is none the whole run fails with a sentence."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        try:
            path = chromium_path(playwright.chromium.executable_path)
        except FileNotFoundError as error:
            pytest.exit(str(error), returncode=3)
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@dataclass
class Server:
    """A running JupyterLab: its address, and the folder of notebooks that it shows."""

    address: str
    folder: Path

    def add_notebook(self, name: str, cells: list[str]) -> str:
        """Write a notebook of code cells, for tests of the tools; its name."""
        code = [nbformat.v4.new_code_cell(source) for source in cells]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        made = nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": kernel})
        nbformat.write(made, self.folder / name)
        return name


@contextlib.contextmanager
def jupyterlab(folder: Path, notebooks: list[Path]) -> Iterator[Server]:
    """A JupyterLab server on copies of notebooks, with a home of its own.

    It has no token: it listens on this machine only, for the length of the test.
    """
    work = folder / "work"
    work.mkdir()
    for notebook in notebooks:
        shutil.copy(notebook, work)
    for name, settings in SETTINGS.items():
        package, plugin = name.rsplit("/", 1)
        place = folder / "config/lab/user-settings" / package
        place.mkdir(parents=True, exist_ok=True)
        text = json.dumps(settings)
        (place / f"{plugin}.jupyterlab-settings").write_text(text, encoding="utf-8")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
    }
    if "NNLESSON_DATA" in environment:
        environment["NNLESSON_DATA"] = str(Path(environment["NNLESSON_DATA"]).resolve())
    address = f"http://127.0.0.1:{(port := free_port())}"
    options = [
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={work}",
        "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True",
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
    ]
    log = folder / "server.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=out, cwd=work)
    try:
        end = time.monotonic() + START_SECONDS
        while not answers(f"{address}/api/status"):
            if server.poll() is not None or time.monotonic() > end:
                tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"JupyterLab did not start:\n{tail}")
            time.sleep(0.2)
        yield Server(address, work)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def answers(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
        return True
    return False


# Runs in the page: notes each status of the kernel and each error it reports, also those of
# callbacks, which appear nowhere in the notebook.
WATCH_KERNEL = """() => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    window.seen = {statuses: [], errors: []};
    kernel.statusChanged.connect((_, status) => window.seen.statuses.push(status));
    kernel.iopubMessage.connect((_, message) => {
        if (message.header.msg_type === 'error')
            window.seen.errors.push(message.content.ename + ': ' + message.content.evalue);
    });
}"""
KERNEL_IS_IDLE = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return context?.isReady && context.session?.kernel?.status === 'idle';
}"""
# JupyterLab itself writes alt="Image" where there is none.
WITHOUT_ALT = """images => images
    .filter(i => ['', 'Image'].includes((i.alt || i.title || '').trim()))
    .map(i => i.src.slice(0, 60))"""
RUN_CELL = """async number => {
    jupyterapp.shell.currentWidget.content.activeCellIndex = number;
    await jupyterapp.commands.execute('notebook:run-cell');
}"""
ASK_KERNEL = """async expression => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const ask = {code: '', user_expressions: {answer: expression}};
    return (await kernel.requestExecute(ask).done).content.user_expressions.answer;
}"""
# The open notebook as stored in its file would be: cells with their outputs.
CELLS = "() => jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells"


class Lab:
    """One page of JupyterLab with one notebook open.

    `page` is Playwright's page; `console` collects what the browser's console reports as errors.
    """

    def __init__(self, browser: Browser | BrowserContext, server: Server) -> None:
        self.server = server
        self.page: Page = browser.new_page()
        self.page.set_viewport_size({"width": 1150, "height": 1400})
        self.console: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.console.append(f"page error: {error}"))
        self.page.on("crash", lambda: self.console.append("the page crashed"))

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def open_notebook(self, name: str) -> None:
        """Open a notebook by its file name and wait until its kernel is ready."""
        self.page.goto(f"{self.server.address}/lab/tree/{name}?reset")
        self.page.wait_for_function(KERNEL_IS_IDLE, timeout=START_SECONDS * 1000)
        self.page.evaluate(WATCH_KERNEL)
        self.page.evaluate(
            "() => { if (!jupyterapp.shell.leftCollapsed) jupyterapp.shell.collapseLeft(); }"
        )

    def run_all(self) -> None:
        """Run all cells and wait until the kernel has done everything."""
        self.page.set_default_timeout(RUN_SECONDS * 1000)
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(KERNEL_IS_IDLE, timeout=RUN_SECONDS * 1000)
        self.page.set_default_timeout(SETTLE_SECONDS * 1000)

    def cells(self) -> list[dict[str, Any]]:
        """The cells of the open notebook with their present outputs, as in its file."""
        return self.page.evaluate(CELLS)

    def faults(self) -> list[str]:
        """What cells, callbacks, the kernel, widgets, pictures and the console say is wrong."""
        faults = [
            f"cell {number}: {output['ename']}: {output['evalue']}"
            for number, cell in enumerate(self.cells())
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        ]
        seen = self.page.evaluate("() => window.seen")
        faults += [f"reported by the kernel: {error}" for error in seen["errors"]]
        died = {"dead", "autorestarting", "terminating"} & set(seen["statuses"])
        faults += [f"the kernel is {status}" for status in died]
        for text in self.page.locator(".jp-OutputArea").all_inner_texts():
            if "Error displaying widget" in text or "Loading widget" in text:
                faults.append("a widget cannot be displayed")
        bare = self.page.locator(".jp-OutputArea-output img").evaluate_all(WITHOUT_ALT)
        faults += [f"a picture without alt text: {source}" for source in bare]
        # The console, without the known noise of JupyterLab itself.
        return faults + [line for line in self.console if not any(k in line for k in HARMLESS)]

    def cell(self, text: str) -> Locator:
        """The cell whose source contains a text."""
        # A cell whose source is folded away has no .jp-InputArea, but it keeps the wrapper.
        wrapper = self.page.locator(".jp-Cell-inputWrapper")
        return self.page.locator(".jp-Notebook .jp-Cell", has=wrapper).nth(self.number_of(text))

    def number_of(self, text: str) -> int:
        """The number of the first cell whose source contains a text, counted from 0."""
        numbers = [i for i, cell in enumerate(self.cells()) if text in "".join(cell["source"])]
        assert numbers, f"no cell contains {text!r}"
        return numbers[0]

    def run_cell(self, text: str) -> Locator:
        """Run the cell whose source contains a text once more: its widgets are made anew."""
        self.page.evaluate(RUN_CELL, self.number_of(text))
        self.page.wait_for_function(KERNEL_IS_IDLE)
        return self.cell(text)

    def ask(self, expression: str) -> Any:
        """The value that an expression has in the notebook's kernel: a number, text or list."""
        answer = self.page.evaluate(ASK_KERNEL, f"__import__('json').dumps({expression})")
        assert answer["status"] == "ok", answer
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def widget_image_src(self, within: Locator | None = None) -> str:
        """The present source of a widget's picture; it is a new one after each redraw."""
        picture = (within or self.page).locator("img.widget-image").first
        return picture.get_attribute("src") or ""

    def wait_for_new_picture(self, before: str, within: Locator | None = None) -> str:
        """Wait until a widget's picture differs from `before` and stays still; its source."""
        last, since = before, time.monotonic()

        def is_new_and_still() -> bool:
            nonlocal last, since
            if (now := self.widget_image_src(within)) != last:
                last, since = now, time.monotonic()
            return last != before and time.monotonic() - since > 0.4

        self.wait_until(is_new_and_still)
        return last

    def wait_until(self, happened: Callable[[], bool], seconds: float = SETTLE_SECONDS) -> None:
        """Wait for what the page does not announce."""
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, f"it did not happen in {seconds} s"
            self.page.wait_for_timeout(50)

    def redraws(self, cell: Locator, act: Callable[[], Any]) -> None:
        """Do `act`; the picture of the cell's widget must become another one."""
        before = self.widget_image_src(cell)
        act()
        self.wait_for_new_picture(before, cell)

    def slides(self, cell: Locator, label: str, key: str = "ArrowRight", times: int = 1) -> None:
        """Move a slider with the keyboard; the picture must follow."""
        self.redraws(cell, lambda: self.move_slider(label, key, times, cell))

    def presses(self, cell: Locator, name: str) -> None:
        """Press a button; the picture must follow."""
        self.redraws(cell, cell.get_by_role("button", name=name).click)

    def chooses(self, cell: Locator, option: str) -> None:
        """Choose from the only list of the cell; the picture must follow."""
        self.redraws(cell, lambda: cell.get_by_role("combobox").select_option(option))

    def answer(self, text: str, letter: str) -> str:
        """Answer the question in the cell with this text; what it says then."""
        cell = self.cell(text)
        cell.get_by_role("button", name=letter, exact=True).click()
        said = cell.get_by_text(re.compile(rf"{letter}: (Yes|Not quite)\."))
        said.first.wait_for()
        return said.first.inner_text()

    def press_key(self, key: str, times: int = 1) -> None:
        """Press a key where the focus is."""
        for _ in range(times):
            self.page.keyboard.press(key)

    def screenshots(self, name: str, folder: Path) -> list[Path]:
        """Pictures of the whole notebook, one per screenful, as name-01.png, name-02.png, ..."""
        folder.mkdir(parents=True, exist_ok=True)
        scroller = self.page.locator(
            ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer"
        )
        # JupyterLab lets the last cell scroll up to the top; stop where it ends instead.
        total, shown = scroller.evaluate("""e => {
            const last = [...e.querySelectorAll('.jp-Cell')].at(-1).getBoundingClientRect();
            return [last.bottom - e.getBoundingClientRect().top + e.scrollTop, e.clientHeight];
        }""")
        made = []
        for number, top in enumerate(range(0, max(round(total) - 40, 1), shown - 40), start=1):
            scroller.evaluate("(e, top) => { e.scrollTop = top }", top)
            self.page.wait_for_timeout(150)
            path = folder / f"{name}-{number:02d}.png"
            scroller.screenshot(path=path)
            made.append(path)
        scroller.evaluate("e => { e.scrollTop = 0 }")
        return made

    def close(self) -> None:
        """Close the page and end its notebook's kernel, and no other page's."""
        with contextlib.suppress(Exception):
            self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.close()


def exactly(text: str) -> Any:
    """A pattern for an element whose whole text is this one."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")
