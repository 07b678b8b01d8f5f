"""What the tests of the web edition may find beside the checkout, or named in the environment."""

import os
from pathlib import Path

SHARED = Path(__file__).parents[2] / ".." / "shared"
PYODIDE = Path(os.environ.get("NNLESSON_PYODIDE") or SHARED / "pyodide")
MNIST = Path(os.environ.get("NNLESSON_DATA") or SHARED / "mnist")
