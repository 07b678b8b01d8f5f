"""How large trials and pictures are: smaller in a web browser, where computing is slow."""

from __future__ import annotations

import sys

# Pyodide: Python compiled for the browser. Its NumPy has no fast library for matrix products.
IN_BROWSER = sys.platform == "emscripten"


def smaller(n: int, less: int) -> int:
    """The number n; in a web browser `less`."""
    return less if IN_BROWSER else n
