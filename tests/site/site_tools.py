"""A file host for the web edition, and what its tests may find beside the checkout."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SHARED = Path(__file__).parents[2] / ".." / "shared"
PYODIDE = Path(os.environ.get("NNLESSON_PYODIDE") or SHARED / "pyodide")
MNIST = Path(os.environ.get("NNLESSON_DATA") or SHARED / "mnist")


class Quiet(SimpleHTTPRequestHandler):
    """A file host that does not write a line for each file."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address where this machine serves the folder, as any file host would."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
