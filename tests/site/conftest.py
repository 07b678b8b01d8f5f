"""The web edition for its tests; they run when asked for: pytest tests/site (norecursedirs)."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import make_site
import pytest
from browser_tools import browser as browser  # a fixture
from site_tools import PYODIDE


class Quiet(SimpleHTTPRequestHandler):
    """A file host that does not write a line for each file."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make site` makes; without Pyodide's files it holds the book alone."""
    target = tmp_path_factory.mktemp("web") / "site"
    missing = make_site.build(target, str(PYODIDE))
    assert bool(missing) == (not PYODIDE.is_dir()), missing
    return target


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the folder is served, on this machine, as any file host would."""
    handler = functools.partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
