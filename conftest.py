"""What holds for all tests: one thread, no network, the same random examples for everyone."""

import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

# A second thread makes small matrix products slower, much slower when another job is running.
# NumPy reads this once, when it is first imported: here, and in the notebooks' kernels.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
assert "numpy" not in sys.modules or os.environ["OPENBLAS_NUM_THREADS"] == "1"


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernels a clean IPython folder, and nbval its sanitize file wherever pytest runs."""
    if "IPYTHONDIR" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="nnlesson-ipython-")
        os.environ["IPYTHONDIR"] = folder.name
        config.add_cleanup(folder.cleanup)
    if config.getoption("nbval_sanitize_with", None) is None:
        config.option.nbval_sanitize_with = str(ROOT / "tests" / "sanitize.cfg")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test may talk to this machine only: a download in a test is an error that says so."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: object) -> None:
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}: tests never download")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
