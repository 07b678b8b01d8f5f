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


HERE = {None, "", "127.0.0.1", "::1", "localhost", socket.gethostname()}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test may talk to this machine only: a download fails it and says so."""
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def refuse_elsewhere(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in HERE:
            pytest.fail(f"a test tried to reach {name}: tests never download")

    def connect_here(self: socket.socket, address: tuple) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse_elsewhere(address[0])
        connect(self, address)

    def getaddrinfo_here(host: object, *args: object, **options: object) -> list:
        refuse_elsewhere(host)
        return getaddrinfo(host, *args, **options)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo_here)
