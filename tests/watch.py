"""Ends what surprises: reaching for the network, or a package that runs text, programs or pickles.

Python reports such events to audit hooks, whoever causes them. conftest.py installs this one for
all tests, and every notebook kernel of the tests runs this file when it starts.
"""

import os
import socket
import sys
from collections.abc import Iterator

PACKAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src")
PACKAGE = os.path.join(PACKAGE, "nnlesson") + os.sep
MARKS = os.path.join(PACKAGE, "course", "marks.py")  # `nnlesson marks` runs learners' notebooks
FORMULAS = os.path.join(PACKAGE, "course", "formulas.py")  # runs what checks.toml says
HERE = {None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0", socket.gethostname()}
INTERNET = {socket.AF_INET, socket.AF_INET6}
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
PROGRAMS = {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"}
PROGRAMS |= {"os.system", "pty.spawn", "subprocess.Popen"}


class Surprise(BaseException):
    """Not an Exception: `except Exception` must not hide it."""


def reached(event: str, args: tuple) -> object:
    """The host that an event of the socket module is about; None for this machine."""
    host: object = None
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        connection, address = args[:2]
        if connection.family in INTERNET and isinstance(address, tuple):
            host = address[0]
    elif event in LOOKUPS:
        host = args[0]
    name = host.decode() if isinstance(host, bytes) else host
    return None if name in HERE else name


def files(frame: object) -> Iterator[str]:
    """The file of the code that runs here, that of its caller, and so on."""
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def is_ours(frame: object, direct: bool) -> bool:
    """Whether the package caused an event: itself, or through the standard library."""
    library = os.path.dirname(os.__file__) + os.sep
    for name in files(frame):
        through = name.startswith((library, "<frozen")) and "site-packages" not in name
        if direct or not through:
            return name.startswith(PACKAGE)
    return False


def install(error: type[BaseException] = Surprise) -> None:
    """Raise the error wherever one of the events happens, from now on."""

    def watch(event: str, args: tuple) -> None:
        if event.startswith("socket."):
            host = reached(event, args)
            if host is not None:
                raise error(f"a test tried to reach {host}: tests never download")
        elif event in PROGRAMS or event == "pickle.find_class":
            frame = sys._getframe(1)
            if is_ours(frame, direct=False) and MARKS not in files(frame):
                raise error(f"nnlesson caused {event}: it starts no program and reads no pickle")
        # Importing and class making run code, too: only what a module does itself counts.
        elif event in ("exec", "compile") and is_ours(sys._getframe(1), direct=True):
            if sys._getframe(1).f_code.co_filename != FORMULAS:
                raise error("nnlesson runs text as code")

    sys.addaudithook(watch)
