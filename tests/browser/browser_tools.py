"""JupyterLab in a real browser, for tests: open a lesson, run it, move its controls, look at it."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
HOW_TO_INSTALL = (
    "No Chromium was found. Install it (Debian, Ubuntu: apt install chromium; or: python -m "
    "playwright install chromium) or give its path in NNLESSON_CHROMIUM."
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What JupyterLab itself writes to the console when all is well. Each entry names its cause.
HARMLESS = (
    # asked for at every start; there is no saved workspace in a fresh folder
    "/lab/api/workspaces/",
)
SETTINGS = {
    # No question about news, and every cell in the page even when it is out of sight.
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}
START_SECONDS, RUN_SECONDS, SETTLE_SECONDS = 60, 600, 20


def chromium_path(bundled: str) -> str:
    """The browser to use: NNLESSON_CHROMIUM, Playwright's own, or the one on the PATH."""
    named = os.environ.get("NNLESSON_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"NNLESSON_CHROMIUM names {named}, which is not a file")
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = [bundled, *(shutil.which(name) for name in names)]
    for path in found:
        if path and Path(path).is_file():
            return path
    raise FileNotFoundError(HOW_TO_INSTALL)


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
        "--LabApp.extension_manager=readonly",
    ]
    log = folder / "server.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=out, cwd=work)
    try:
        wait_for_server(server, address, log)
        yield Server(address, work)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for_server(server: subprocess.Popen, address: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"{address}/api/status", timeout=2):
                return
        time.sleep(0.2)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise RuntimeError(f"JupyterLab did not start:\n{tail}")


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
# The open notebook as stored in its file would be: cells with their outputs.
CELLS = "() => jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells"


class Lab:
    """One page of JupyterLab with one notebook open.

    `page` is Playwright's page; `console` collects what the browser's console reports as errors.
    """

    def __init__(self, browser: Browser, server: Server) -> None:
        self.server = server
        self.page: Page = browser.new_page(viewport={"width": 1150, "height": 1400})
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

    def cell_errors(self) -> list[str]:
        """Each error that a cell shows, with the number of its cell."""
        return [
            f"cell {number}: {output['ename']}: {output['evalue']}"
            for number, cell in enumerate(self.cells())
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        ]

    def kernel_errors(self) -> list[str]:
        """Each error the kernel reported, callbacks included, and its death if it died."""
        seen = self.page.evaluate("() => window.seen")
        died = [s for s in seen["statuses"] if s in ("dead", "autorestarting", "terminating")]
        return seen["errors"] + [f"the kernel is {status}" for status in died]

    def console_errors(self) -> list[str]:
        """Errors in the browser's console, without the known noise of JupyterLab itself."""
        return [line for line in self.console if not any(known in line for known in HARMLESS)]

    def broken_widgets(self) -> int:
        """How many outputs say that a widget cannot be displayed."""
        texts = self.page.locator(".jp-OutputArea").all_inner_texts()
        return sum("Error displaying widget" in text or "Loading widget" in text for text in texts)

    def images_without_alt(self) -> list[str]:
        """Pictures in outputs that have neither alt text nor a title: the start of their source.

        JupyterLab itself writes alt="Image" where there is none.
        """
        script = """images => images
            .filter(i => ['', 'Image'].includes((i.alt || i.title || '').trim()))
            .map(i => i.src.slice(0, 60))"""
        return self.page.locator(".jp-OutputArea-output img").evaluate_all(script)

    def cell(self, text: str) -> Locator:
        """The cell whose source contains a text."""
        # A cell whose source is folded away has no .jp-InputArea, but it keeps the wrapper.
        wrapper = self.page.locator(".jp-Cell-inputWrapper")
        found = self.page.locator(".jp-Notebook .jp-Cell", has=wrapper)
        numbers = [
            i for i, cell in enumerate(self.cells()) if text in "".join(cell.get("source", ""))
        ]
        assert numbers, f"no cell contains {text!r}"
        return found.nth(numbers[0])

    def picture(self, within: Locator | None = None) -> Locator:
        """The picture of the first widget, in the page or within a cell."""
        return (within or self.page).locator("img.widget-image").first

    def widget_image_src(self, within: Locator | None = None) -> str:
        """The present source of a widget's picture; it is a new one after each redraw."""
        return self.picture(within).get_attribute("src") or ""

    def wait_for_new_picture(self, before: str, within: Locator | None = None) -> str:
        """Wait until a widget's picture differs from `before` and stays still; its source."""
        end = time.monotonic() + SETTLE_SECONDS
        last, since = before, time.monotonic()
        while time.monotonic() < end:
            now = self.widget_image_src(within)
            if now != last:
                last, since = now, time.monotonic()
            if last != before and time.monotonic() - since > 0.4:
                return last
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the picture did not change in {SETTLE_SECONDS} s")

    def slider(self, label: str, within: Locator | None = None) -> Locator:
        """The handle of the slider with this label."""
        row = (within or self.page).locator(".jupyter-widgets.widget-slider, .widget-hslider")
        label_is = self.page.locator(".widget-label", has_text=exactly(label))
        return row.filter(has=label_is).locator(".noUi-handle").first

    def move_slider(self, label: str, key: str = "ArrowRight", times: int = 1,
                    within: Locator | None = None) -> None:  # fmt: skip
        """Move a slider with the keyboard: focus its handle and press a key some times."""
        handle = self.slider(label, within)
        handle.scroll_into_view_if_needed()
        handle.focus()
        for _ in range(times):
            self.page.keyboard.press(key)
            # At a hand's pace: faster, the kernel's echo of one value can undo the next.
            self.page.wait_for_timeout(150)

    def drag_slider(self, label: str, dx: float, within: Locator | None = None) -> None:
        """Move a slider with the mouse, dx pixels to the right."""
        handle = self.slider(label, within)
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        assert box, f"the slider {label!r} is not visible"
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y, steps=4)
        self.page.mouse.move(x + dx, y, steps=4)
        self.page.mouse.up()

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

    def assert_healthy(self) -> None:
        """Assert that no cell, callback, kernel, widget or console reports an error."""
        assert self.cell_errors() == []
        assert self.kernel_errors() == []
        assert self.broken_widgets() == 0
        assert self.console_errors() == []
        assert self.images_without_alt() == []

    def close(self) -> None:
        """Close the page and end the kernels that this server runs."""
        with contextlib.suppress(Exception):
            self.page.evaluate(
                "() => jupyterapp.serviceManager.sessions.shutdownAll().catch(() => null)"
            )
        self.page.close()


def exactly(text: str) -> Any:
    """A pattern for an element whose whole text is this one."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")


def moved(lab: Lab, cell: Locator, act: Callable[[], Any]) -> str:
    """Do `act` and wait until the picture of the cell's widget is another one; its source."""
    before = lab.widget_image_src(cell)
    act()
    return lab.wait_for_new_picture(before, cell)
