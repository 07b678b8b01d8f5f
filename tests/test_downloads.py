"""MNIST is fetched whole and verified, or not at all, whatever the network and the disk do.

The server of these tests is on this machine (loopback); nothing is fetched from elsewhere.
"""

from __future__ import annotations

import errno
import gc
import gzip
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import urllib3
from idx_files import idx, small_mnist, take_for_mnist, write_packed

from nnlesson import datasets
from nnlesson.datasets import download_mnist, load_data, load_mnist, main

# requests closes the connection of a broken answer when the answer is collected, not before.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

FILES = small_mnist()
PACKED = {name: gzip.compress(content, 1) for name, content in FILES.items()}
NAMES = sorted(f"{name}.gz" for name in FILES)


class Mirrors(ThreadingHTTPServer):
    """One server, many mirrors: the first part of a path is how that mirror behaves."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.requested: list[str] = []  # paths
        self.released = threading.Event()  # lets the mirrors that wait go on

    def url(self, behaviour: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{behaviour}/"


class Answer(BaseHTTPRequestHandler):
    """A mirror with the behaviour that the path names."""

    server: Mirrors

    def do_GET(self) -> None:
        self.server.requested.append(self.path)
        _, behaviour, file = self.path.split("/")
        content = PACKED[file.removesuffix(".gz")]
        half = len(content) // 2
        if behaviour.isdigit():
            self.send_error(int(behaviour))
        elif behaviour == "redirect":
            self.forward(f"/good/{file}")
        elif behaviour == "circle":
            self.forward(self.path)
        elif behaviour == "cut":
            self.send(content[:half], len(content))
        elif behaviour == "cut-unannounced":
            self.send(content[:half], None)
        elif behaviour == "stall":
            self.send(content[:half], len(content))
            self.server.released.wait(30)
        elif behaviour == "slow":
            self.send(content[:half], len(content))
            self.server.released.wait(30)
            self.wfile.write(content[half:])
        elif behaviour == "silent":
            self.server.released.wait(30)
        elif behaviour == "page":
            self.send(b"<!DOCTYPE html><title>Please log in</title>")
        elif behaviour == "damaged":
            self.send(content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])
        elif behaviour == "other":
            self.send(gzip.compress(idx(np.ones(10))))
        elif behaviour == "nothing":
            self.send(b"")
        elif behaviour == "unpacking":  # a server that says how the file is packed: it comes plain
            self.send(content, len(content), ("Content-Encoding", "gzip"))
        else:
            assert behaviour == "good"
            self.send(content)

    def send(self, body: bytes, length: int | None = -1, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length == -1 else length))
        for header in headers:
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def forward(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def mirrors():
    server = Mirrors()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()
    gc.collect()  # here, where the marker above holds


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    """FILES are MNIST, none is on this machine, and no proxy stands before loopback."""
    take_for_mnist(FILES, monkeypatch)
    monkeypatch.setattr(datasets, "_CHECKOUT", tmp_path / "checkout")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NNLESSON_DATA", raising=False)
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "new" / "mnist"


def is_whole(folder: Path) -> bool:
    """The four files are there, right, and nothing else is."""
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    return all(gzip.decompress((folder / f"{n}.gz").read_bytes()) == FILES[n] for n in FILES)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def fetch(folder: Path, *urls: str) -> Path:
    return download_mnist(folder, mirrors=urls, timeout=1)


# ---- the normal way ----


def test_four_files_are_fetched_and_then_never_again(mirrors, folder):
    assert fetch(folder, mirrors.url("good")) == folder
    assert is_whole(folder)
    assert len(mirrors.requested) == 4
    assert fetch(folder, mirrors.url("good")) == folder
    assert len(mirrors.requested) == 4


def test_load_mnist_fetches_only_when_told_to(mirrors, folder, monkeypatch):
    monkeypatch.setattr(datasets, "MIRRORS", [mirrors.url("good")])
    with pytest.raises(FileNotFoundError):
        load_mnist(folder)
    assert mirrors.requested == []
    assert str(load_mnist(folder, download=True)).startswith("MNIST: 10 training")
    assert str(load_mnist(folder, download=True)) == str(load_data(folder))
    assert len(mirrors.requested) == 4


def test_the_files_go_to_the_first_folder(mirrors, tmp_path, monkeypatch):
    assert fetch(None, mirrors.url("good")) == Path("data/mnist")
    assert is_whole(tmp_path / "data" / "mnist")
    # A folder that has them already is as good as the one given.
    assert fetch(tmp_path / "other", mirrors.url("good")) == Path("data/mnist")
    (tmp_path / "data" / "mnist" / NAMES[0]).unlink()
    monkeypatch.setenv("NNLESSON_DATA", str(tmp_path / "named"))
    assert fetch(None, mirrors.url("good")) == tmp_path / "named"


def test_only_what_lacks_or_is_damaged_is_fetched(mirrors, folder):
    write_packed(FILES, folder)
    (folder / NAMES[0]).unlink()
    (folder / NAMES[1]).write_bytes(b"half a fi")
    (folder / NAMES[2]).write_bytes(gzip.compress(idx(np.ones(20))))
    fetch(folder, mirrors.url("good"))
    assert is_whole(folder)
    assert mirrors.requested == [f"/good/{name}.gz" for name in FILES if f"{name}.gz" in NAMES[:3]]


def test_plain_files_count_too(mirrors, folder):
    folder.mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    assert fetch(folder, mirrors.url("good")) == folder
    assert mirrors.requested == []


@pytest.mark.parametrize("behaviour", ["redirect", "unpacking"])
def test_other_ways_to_answer_are_understood(mirrors, folder, behaviour):
    fetch(folder, mirrors.url(behaviour))
    assert load_mnist(folder).name == "MNIST"


# ---- mirrors that fail ----

FAULTS = {
    "403": "answered with error 403",
    "404": "answered with error 404",
    "500": "answered with error 500",
    "cut": "broke off" if urllib3.__version__ >= "2" else "sent something else",
    "cut-unannounced": "sent something else",
    "stall": "did not answer in time",
    "silent": "did not answer in time",
    "page": "sent something else",
    "damaged": "sent something else",
    "other": "sent something else",
    "nothing": "sent something else",
    "circle": "failed: Exceeded 30 redirects",
}


@pytest.mark.parametrize("behaviour, fault", FAULTS.items())
def test_a_bad_mirror_leaves_nothing_and_says_what_it_did(mirrors, folder, behaviour, fault):
    bad = mirrors.url(behaviour)
    with pytest.raises(FileNotFoundError) as caught:
        fetch(folder, bad)
    first, *others = str(caught.value).splitlines()
    assert first == f"{next(iter(FILES))}.gz could not be fetched: {bad} {fault}."
    assert "Three ways to get it" in " ".join(others)
    assert left_in(folder) == []
    # The next try works, and so does another mirror.
    fetch(folder, mirrors.url("good"))
    assert is_whole(folder)


@pytest.mark.parametrize("behaviour", FAULTS)
def test_another_mirror_steps_in(mirrors, folder, behaviour):
    fetch(folder, mirrors.url(behaviour), mirrors.url("good"))
    assert is_whole(folder)
    # A mirror that failed once is asked last from then on: no second wait for a silent one.
    assert sum("/good/" not in path for path in set(mirrors.requested)) == 1


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_dead_mirror_is_passed_over(mirrors, folder):
    dead = f"http://127.0.0.1:{closed_port()}/"
    with pytest.raises(FileNotFoundError, match=f"{dead} could not be reached"):
        fetch(folder, dead)
    assert left_in(folder) == []
    fetch(folder, dead, mirrors.url("good"))
    assert is_whole(folder)


def test_all_mirrors_are_named_when_all_fail(mirrors, folder):
    with pytest.raises(FileNotFoundError) as caught:
        fetch(folder, mirrors.url("404"), mirrors.url("page"))
    assert f"{mirrors.url('404')} answered with error 404; " in str(caught.value)
    assert f"{mirrors.url('page')} sent something else.\n" in str(caught.value)


def test_no_network_is_the_error_of_a_missing_file_within_seconds(folder, monkeypatch):
    def no_names(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    errors = []
    start = time.monotonic()
    for download in (False, True):
        with pytest.raises(FileNotFoundError) as caught:
            load_mnist(folder, download=download)
        errors.append(caught.value)
    assert time.monotonic() - start < 30  # not a measurement: a stuck wait is minutes
    assert type(errors[0]) is type(errors[1])
    assert "could not be reached" in str(errors[1])
    assert str(errors[0]) in str(errors[1])


def test_there_are_two_mirrors_both_encrypted():
    assert len(datasets.MIRRORS) >= 2
    assert all(url.startswith("https://") and url.endswith("/") for url in datasets.MIRRORS)


# ---- disks that fail ----


class FullDisk:
    """A file on a disk with room for so many bytes."""

    def __init__(self, path: str, mode: str, room: int = 50) -> None:
        self.file, self.room = open(path, mode), room

    def write(self, content: bytes) -> int:
        written = self.file.write(content[: self.room])
        self.room -= written
        if written < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)


def test_a_full_disk(mirrors, folder, monkeypatch):
    import pooch.downloaders

    with monkeypatch.context() as patched:
        patched.setattr(pooch.downloaders, "open", FullDisk, raising=False)
        with pytest.raises(OSError) as caught:
            fetch(folder, mirrors.url("good"), mirrors.url("good"))
    reason = os.strerror(errno.ENOSPC)
    assert str(caught.value) == f"MNIST could not be saved in {folder}: {reason}."
    assert not isinstance(caught.value, FileNotFoundError)
    assert left_in(folder) == []
    assert len(mirrors.requested) == 1  # another mirror would not help
    fetch(folder, mirrors.url("good"))
    assert is_whole(folder)


@pytest.mark.parametrize("step", ["TemporaryDirectory", "replace"])
def test_a_folder_that_cannot_be_written(mirrors, folder, monkeypatch, step):
    def refused(*args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patched:
        # As root, which may write anywhere, a read-only folder can only be played.
        patched.setattr(datasets if step == "TemporaryDirectory" else os, step, refused)
        with pytest.raises(OSError) as caught:
            fetch(folder, mirrors.url("good"))
    reason = os.strerror(errno.EACCES)
    assert str(caught.value) == f"MNIST could not be saved in {folder}: {reason}."
    assert left_in(folder) == []
    fetch(folder, mirrors.url("good"))
    assert is_whole(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write there")
def test_a_read_only_folder(mirrors, folder):
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    with pytest.raises(OSError, match=f"could not be saved in {folder}: Permission denied"):
        fetch(folder, mirrors.url("good"))
    folder.chmod(0o700)
    assert left_in(folder) == []


def test_a_file_where_the_folder_should_be(mirrors, tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    for place in ("taken", "taken/mnist"):
        with pytest.raises(OSError, match="MNIST could not be saved in .*taken") as caught:
            fetch(tmp_path / place, mirrors.url("good"))
        assert "\n" not in str(caught.value)
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_file_that_another_process_has_just_put_there(mirrors, folder, monkeypatch):
    """On Windows a file that is open cannot be replaced; that it is the right one is enough."""
    replace = os.replace

    def replaced_by_another(source: Path, target: Path) -> None:
        replace(source, target)
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(os, "replace", replaced_by_another)
    fetch(folder, mirrors.url("good"))
    assert is_whole(folder)


# ---- from the shell ----


def test_the_command_says_what_it_did(mirrors, folder, monkeypatch, capsys):
    monkeypatch.setattr(datasets, "MIRRORS", [mirrors.url("good")])
    for _ in range(2):
        assert main(["--folder", str(folder)]) == 0
        assert capsys.readouterr().out == f"MNIST is in {folder}: four files, verified.\n"
    assert len(mirrors.requested) == 4


def test_the_command_fails_with_a_sentence(mirrors, folder, monkeypatch, capsys):
    monkeypatch.setattr(datasets, "MIRRORS", [mirrors.url("404")])
    assert main(["--folder", str(folder)]) == 1
    printed = capsys.readouterr()
    assert "could not be fetched" in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


@contextmanager
def command(folder: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, with FILES as MNIST and this one mirror."""
    sha256 = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    code = (
        "import json, sys; from nnlesson import datasets as d;"
        "d.MNIST_SHA256, d.MIRRORS = json.loads(sys.argv[1]);"
        "sys.exit(d.main(['--folder', sys.argv[2]]))"
    )
    arguments = [sys.executable, "-c", code, json.dumps([sha256, [url]]), str(folder)]
    # Ctrl-C reaches it even if these tests run in the background of a shell, where it is ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(condition: Callable[[], bool], *processes: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 60
    while not condition():
        for process in processes:
            assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="no Ctrl-C for one process alone there")
def test_ctrl_c_half_way_leaves_nothing(mirrors, folder):
    with command(folder, mirrors.url("stall")) as process:
        wait_until(lambda: any(path.stat().st_size for path in folder.rglob("*.gz")), process)
        assert not any(path.is_file() for path in folder.iterdir())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.endswith("Stopped. Nothing half-written is left; run it again.\n")
    assert "Traceback" not in err
    assert left_in(folder) == []
    fetch(folder, mirrors.url("good"))
    assert is_whole(folder)


def test_two_processes_at_once_do_no_harm(mirrors, folder):
    url = mirrors.url("slow")
    first = f"/slow/{next(iter(FILES))}.gz"
    with command(folder, url) as one, command(folder, url) as other:
        # Both are half way.
        wait_until(lambda: mirrors.requested.count(first) == 2, one, other)
        mirrors.released.set()
        for process in (one, other):
            out, err = process.communicate(timeout=60)
            assert process.returncode == 0, err
            assert out == f"MNIST is in {folder}: four files, verified.\n"
    assert is_whole(folder)
