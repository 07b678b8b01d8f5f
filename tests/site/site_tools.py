"""The web edition for tests: built once, served on loopback, opened in a headless Chromium."""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from live_tools import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
# The files of Pyodide's release, if they are there: named in the environment, or by the checkout.
PYODIDE = Path(os.environ.get("NNLESSON_PYODIDE") or ROOT / "../shared/pyodide")


WIDE: Any = {"width": 1400, "height": 1000}


class Quiet(SimpleHTTPRequestHandler):
    """A file host that does not write a line for each file."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder's files, as any file host would serve them."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Reader:
    """A page of a browser that notes what goes wrong: errors, and requests to another host."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.page: Page = browser.new_page(viewport=WIDE)
        self.wrong: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"another host was asked: {request.url}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> Page:
        """Open a page of the site and wait until its mathematics are set."""
        self.page.goto(f"{self.address}/{path}", wait_until="load")
        self.page.wait_for_function(
            "() => !window.MathJax?.startup?.promise || MathJax.startup.promise.then(() => true)"
        )
        return self.page

    def axe_faults(self) -> list[str]:
        """What axe finds wrong in the page's own part, once light and once dark.

        To be fast it leaves out what MathJax makes, and code but for some of it: thousands of
        elements that are alike. They are gone from the page then.
        """
        self.page.add_script_tag(path=AXE)
        self.page.evaluate("""() => {
            document.querySelectorAll('article mjx-container').forEach(e => e.replaceWith('x'));
            [...document.querySelectorAll('article .highlight')].slice(8).forEach(e => e.remove());
        }""")
        return self._axe("{}") + self._axe("{ runOnly: 'color-contrast' }", "dark")

    def _axe(self, options: str, scheme: Any = "light") -> list[str]:
        self.page.emulate_media(color_scheme=scheme)
        self.page.wait_for_selector(f"html[data-theme={scheme}]")
        found: Any = self.page.evaluate(f"""async () => {{
            const options = {{ preload: false, resultTypes: ['violations'], ...{options} }};
            const run = await axe.run('main', options);
            return run.violations.flatMap(v => v.nodes.map(n => [v.id, n.html, n.failureSummary]));
        }}""")
        return [f"{rule}: {' '.join(html.split())[:120]} {why}" for rule, html, why in found]
