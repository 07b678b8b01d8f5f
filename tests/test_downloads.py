"""MNIST is fetched whole and verified, or not at all, whatever the network and the disk do.

The server of these tests is on this machine (loopback); nothing is fetched from elsewhere.
"""

import errno
import gc
import gzip
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import urllib3
from idx_files import FILES, idx, take_for_mnist, write_packed

from nnlesson import datasets
from nnlesson.datasets import download_mnist, load_data, load_mnist, main

# requests closes the connection of a broken answer when the answer is collected, not before.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PACKED = {name: gzip.compress(content, 1) for name, content in FILES.items()}
NAMES = sorted(f"{name}.gz" for name in FILES)


# Bytes without end, and the pause after each: fast, or too slowly for a wait of a second to notice.
ENDLESS = {"flood": (bytes(1 << 16), 0), "drip": (b"x", 0.002)}


class Mirror(BaseHTTPRequestHandler):
    """One server, many mirrors: the first part of the path is how this one behaves."""

    def do_GET(self):
        self.server.requested.append(self.path)
        _, behaviour, file = self.path.split("/")
        whole = PACKED[file.removesuffix(".gz")]
        body = {
            **dict.fromkeys(("cut", "cut-unannounced", "stall"), whole[: len(whole) // 2]),
            "redirect": b"",
            "page": b"<!DOCTYPE html><title>Please log in</title>",
            "other": gzip.compress(idx(np.ones(10))),
        }.get(behaviour, whole)
        self.send_response({"redirect": 302, "404": 404}.get(behaviour, 200))
        if behaviour in ("good", "cut", "stall"):
            self.send_header("Content-Length", str(len(whole)))
        if behaviour == "unpacking":  # a server that says how the file is packed: it comes plain
            self.send_header("Content-Encoding", "gzip")
        if behaviour == "redirect":
            self.send_header("Location", f"/good/{file}")
        if behaviour == "silent":
            self.server.released.wait(30)
        self.end_headers()
        self.wfile.write(body)
        if behaviour == "stall":
            self.server.released.wait(30)
        if behaviour in ENDLESS:
            piece, pause = ENDLESS[behaviour]
            with suppress(OSError):
                while not self.server.released.wait(pause):
                    self.wfile.write(piece)


@pytest.fixture
def mirrors():
    """The server, which remembers the paths that were asked for, and the address of each mirror."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        server.requested, server.released = [], threading.Event()
        server.url = lambda behaviour: f"http://127.0.0.1:{server.server_port}/{behaviour}/"
        threading.Thread(target=server.serve_forever, args=[0.05]).start()
        yield server
        server.released.set()
        server.shutdown()
    gc.collect()  # here, where the marker above holds


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    """FILES are MNIST, none is on this machine, and no proxy stands before loopback."""
    take_for_mnist(FILES, tmp_path / "checkout", monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "new" / "mnist"


def left_in(folder):
    return sorted(path.name for path in folder.rglob("*"))


def is_whole(folder):
    """The four files are there, verified, and nothing else is."""
    return left_in(folder) == NAMES and load_mnist(folder).name == "MNIST"


def fetch(folder, *urls, **options):
    return download_mnist(folder, mirrors=urls, timeout=1, **options)


# ---- the normal way ----


def test_load_mnist_fetches_only_when_told_to_and_only_once(mirrors, folder, monkeypatch):
    monkeypatch.setattr(datasets, "MIRRORS", [mirrors.url("good")])
    with pytest.raises(FileNotFoundError):
        load_mnist(folder)
    assert mirrors.requested == []
    assert str(load_mnist(folder, download=True)).startswith("MNIST: 10 training")
    assert str(load_mnist(folder, download=True)) == str(load_data(folder))
    assert fetch(folder, mirrors.url("good")) == folder and is_whole(folder)
    assert len(mirrors.requested) == 4


def test_the_files_go_to_the_folder_that_is_read(mirrors, tmp_path, monkeypatch):
    assert fetch(None, mirrors.url("redirect")) == Path("data/mnist")
    assert is_whole(tmp_path / "data" / "mnist")
    monkeypatch.setenv("NNLESSON_DATA", str(tmp_path / "named"))
    assert fetch(None, mirrors.url("unpacking")) == tmp_path / "named"
    assert is_whole(tmp_path / "named")


def test_only_what_lacks_or_is_damaged_is_fetched(mirrors, folder):
    write_packed(FILES, folder)
    (folder / NAMES[0]).unlink()
    (folder / NAMES[1]).write_bytes(b"half a fi")
    (folder / NAMES[2]).write_bytes(gzip.compress(idx(np.ones(20))))
    (folder / NAMES[3]).rename(folder / NAMES[3].removesuffix(".gz"))  # a plain file counts too
    fetch(folder, mirrors.url("good"))
    assert load_mnist(folder).name == "MNIST"
    assert sorted(mirrors.requested) == [f"/good/{name}" for name in NAMES[:3]]


# ---- mirrors that fail ----

UNREACHED, ELSE = "could not be reached, or broke off", "sent something else"
FAULTS = {
    "404": "answered with error 404",
    "cut": UNREACHED if urllib3.__version__ >= "2" else ELSE,
    "stall": "did not answer in time",
    "silent": "did not answer in time",
    **dict.fromkeys(("cut-unannounced", "page", "other"), ELSE),
    "flood": "sent more than MNIST has",
    "drip": "took longer than 2 seconds",
}


@pytest.mark.parametrize("behaviour, fault", FAULTS.items())
def test_a_bad_mirror_leaves_nothing_and_another_steps_in(
    mirrors, folder, monkeypatch, behaviour, fault
):
    monkeypatch.setattr(datasets, "_MOST", 1 << 20)
    seconds = 2 if behaviour == "drip" else 60
    bad, dead = mirrors.url(behaviour), "http://127.0.0.1:1/"  # where nobody listens
    with pytest.raises(FileNotFoundError) as caught:
        fetch(folder, bad, dead, seconds=seconds)
    first, *others = str(caught.value).splitlines()
    said = f"{bad} {fault}; {dead} {UNREACHED}"
    assert first == f"{next(iter(FILES))}.gz could not be fetched: {said}."
    assert "Three ways to get it" in " ".join(others)
    assert left_in(folder) == []
    mirrors.requested.clear()
    fetch(folder, bad, mirrors.url("good"), seconds=seconds)
    assert is_whole(folder)
    # A mirror that failed once is asked last from then on: no second wait for a silent one.
    assert [behaviour in path for path in mirrors.requested] == [True] + 4 * [False]


# ---- disks that fail ----


# The step that fails, and how. As root, which may write anywhere, a disk can only be played.
DISKS = [
    (datasets, "TemporaryDirectory", errno.EACCES),
    (datasets, "open", errno.ENOSPC),
    (os, "replace", errno.EACCES),
]


@pytest.mark.parametrize("place, step, code", DISKS)
def test_a_disk_that_cannot_be_written(mirrors, folder, place, step, code):
    fault = OSError(code, os.strerror(code))
    with patch.object(place, step, create=True, side_effect=fault):
        with pytest.raises(OSError) as caught:
            fetch(folder, mirrors.url("good"), mirrors.url("good"))
    assert str(caught.value) == f"MNIST could not be saved in {folder}: {os.strerror(code)}."
    assert not isinstance(caught.value, FileNotFoundError)
    assert left_in(folder) == []
    assert len(mirrors.requested) <= 1  # another mirror would not help
    fetch(folder, mirrors.url("good"))
    assert is_whole(folder)


def test_a_file_where_the_folder_should_be(mirrors, tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    for place in ("taken", "taken/mnist"):
        with pytest.raises(OSError, match="^MNIST could not be saved in .*taken.*$"):
            fetch(tmp_path / place, mirrors.url("good"))
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_file_that_another_process_has_just_put_there(mirrors, folder):
    """On Windows a file that is open cannot be replaced; that it is the right one is enough."""

    def replaced_by_another(source, target):
        Path(target).write_bytes(Path(source).read_bytes())
        raise PermissionError

    with patch.object(os, "replace", replaced_by_another):
        fetch(folder, mirrors.url("good"))
    assert is_whole(folder)


# ---- from the shell ----


def test_the_command_says_what_it_did(mirrors, folder, monkeypatch, capsys):
    monkeypatch.setattr(datasets, "MIRRORS", [mirrors.url("404")])
    assert main(["--folder", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "could not be fetched" in err and "Traceback" not in err
    monkeypatch.setattr(datasets, "MIRRORS", [mirrors.url("good")])
    for _ in range(2):
        assert main(["--folder", str(folder)]) == 0
        assert capsys.readouterr().out == f"MNIST is in {folder}: four files, verified.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no Ctrl-C for one process alone there")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_an_end_half_way_leaves_nothing(mirrors, folder, sign):
    # The command in a process of its own, with FILES as MNIST and this one mirror. Ctrl-C reaches
    # it even if these tests run in the background of a shell, where it is ignored.
    code = f"""import signal
from nnlesson import datasets as d
signal.signal(signal.SIGINT, signal.default_int_handler)
d.MNIST_SHA256, d.MIRRORS = {datasets.MNIST_SHA256}, {[mirrors.url("stall")]}
raise SystemExit(d.main(["--folder", {str(folder)!r}]))"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert "stall" in process.stderr.readline()  # the mirror that is asked
        assert process.stderr.read(10)  # of the progress bar, which is still being made then
        time.sleep(0.5)
        process.send_signal(sign)
        _, err = process.communicate(timeout=60)
    if sign == signal.SIGINT:
        assert process.returncode == 130 and "Traceback" not in err
        assert err.endswith("Stopped. Nothing half-written is left; run it again.\n")
    assert left_in(folder) == []


def test_what_an_earlier_end_has_left_is_cleared_away(mirrors, folder):
    for name in (".download-dead", ".download-of-another-process"):
        (folder / name).mkdir(parents=True)
        (folder / name / NAMES[0]).write_bytes(b"half")
    os.utime(folder / ".download-dead", (0, 0))
    fetch(folder, mirrors.url("good"))
    assert left_in(folder) == [".download-of-another-process", *NAMES[:1], *NAMES]
