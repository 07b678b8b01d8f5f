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

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.requested = []  # paths
        self.released = threading.Event()  # lets the mirrors that wait go on

    def url(self, behaviour):
        port = 1 if behaviour == "dead" else self.server_port  # nobody listens at port 1
        return f"http://127.0.0.1:{port}/{behaviour}/"


# Bytes without end, and the pause after each: fast, or too slowly for a wait of a second to notice.
ENDLESS = {"flood": (bytes(1 << 16), 0), "drip": (b"x", 0.002)}


class Answer(BaseHTTPRequestHandler):
    """A mirror with the behaviour that the path names."""

    def do_GET(self):
        self.server.requested.append(self.path)
        _, behaviour, file = self.path.split("/")
        content = PACKED[file.removesuffix(".gz")]
        half = len(content) // 2
        body = {
            **dict.fromkeys(("cut", "cut-unannounced", "stall"), content[:half]),
            "page": b"<!DOCTYPE html><title>Please log in</title>",
            "damaged": content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :],
            "other": gzip.compress(idx(np.ones(10))),
        }.get(behaviour, content)
        self.send_response({"redirect": 302, "404": 404}.get(behaviour, 200))
        if behaviour in ("good", "cut", "stall"):
            self.send_header("Content-Length", str(len(content)))
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
    with Mirrors() as server:
        threading.Thread(target=server.serve_forever, args=[0.05]).start()
        yield server
        server.released.set()
        server.shutdown()
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


def left_in(folder):
    return sorted(path.name for path in folder.rglob("*"))


def is_whole(folder):
    """The four files are there, verified, and nothing else is."""
    return left_in(folder) == NAMES and load_mnist(folder).name == "MNIST"


def fetch(folder, *urls):
    return download_mnist(folder, mirrors=urls, timeout=1)


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
    assert fetch(None, mirrors.url("good")) == Path("data/mnist")
    assert is_whole(tmp_path / "data" / "mnist")
    monkeypatch.setenv("NNLESSON_DATA", str(tmp_path / "named"))
    assert fetch(None, mirrors.url("good")) == tmp_path / "named"


def test_only_what_lacks_or_is_damaged_is_fetched(mirrors, folder):
    write_packed(FILES, folder)
    (folder / NAMES[0]).unlink()
    (folder / NAMES[1]).write_bytes(b"half a fi")
    (folder / NAMES[2]).write_bytes(gzip.compress(idx(np.ones(20))))
    (folder / NAMES[3]).rename(folder / NAMES[3].removesuffix(".gz"))  # a plain file counts too
    fetch(folder, mirrors.url("good"))
    assert load_mnist(folder).name == "MNIST"
    assert sorted(mirrors.requested) == [f"/good/{name}" for name in NAMES[:3]]


@pytest.mark.parametrize("behaviour", ["redirect", "unpacking"])
def test_other_ways_to_answer_are_understood(mirrors, folder, behaviour):
    fetch(folder, mirrors.url(behaviour))
    assert is_whole(folder)


# ---- mirrors that fail ----

UNREACHED, ELSE = "could not be reached, or broke off", "sent something else"
FAULTS = {
    "404": "answered with error 404",
    "dead": UNREACHED,
    "cut": UNREACHED if urllib3.__version__ >= "2" else ELSE,
    "stall": "did not answer in time",
    "silent": "did not answer in time",
    **dict.fromkeys(("cut-unannounced", "page", "damaged", "other"), ELSE),
}


@pytest.mark.parametrize("behaviour, fault", FAULTS.items())
def test_a_bad_mirror_leaves_nothing_and_another_steps_in(mirrors, folder, behaviour, fault):
    bad = mirrors.url(behaviour)
    with pytest.raises(FileNotFoundError) as caught:
        fetch(folder, bad)
    first, *others = str(caught.value).splitlines()
    assert first == f"{next(iter(FILES))}.gz could not be fetched: {bad} {fault}."
    assert "Three ways to get it" in " ".join(others)
    assert left_in(folder) == []
    fetch(folder, bad, mirrors.url("good"))
    assert is_whole(folder)
    # A mirror that failed once is asked last from then on: no second wait for a silent one.
    asked = {path for path in mirrors.requested if "/good/" not in path}
    assert len(asked) == (behaviour != "dead")


# How many seconds it may take, and what is said then.
ENDS = [("flood", 60, "sent more than MNIST has"), ("drip", 0.5, "took longer than 0.5 seconds")]


@pytest.mark.parametrize("behaviour, seconds, fault", ENDS)
def test_a_download_without_end_is_ended(mirrors, folder, monkeypatch, behaviour, seconds, fault):
    monkeypatch.setattr(datasets, "_MOST", 1 << 20)
    url = mirrors.url(behaviour)
    with pytest.raises(FileNotFoundError, match=f"could not be fetched: {url} {fault}"):
        download_mnist(folder, mirrors=[url], timeout=1, seconds=seconds)
    assert left_in(folder) == []


def test_all_mirrors_are_named_when_all_fail(mirrors, folder):
    bad = [mirrors.url(behaviour) for behaviour in ("404", "page")]
    with pytest.raises(FileNotFoundError, match=f"{bad[0]} {FAULTS['404']}; {bad[1]} {ELSE}"):
        fetch(folder, *bad)


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
    printed = capsys.readouterr()
    assert "could not be fetched" in printed.err and "Traceback" not in printed.err
    assert printed.out == ""
    monkeypatch.setattr(datasets, "MIRRORS", [mirrors.url("good")])
    for _ in range(2):
        assert main(["--folder", str(folder)]) == 0
        assert capsys.readouterr().out == f"MNIST is in {folder}: four files, verified.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no Ctrl-C for one process alone there")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_an_end_half_way_leaves_nothing(mirrors, folder, sign):
    # The command in a process of its own, with FILES as MNIST and this one mirror.
    code = f"""from nnlesson import datasets as d
d.MNIST_SHA256, d.MIRRORS = {datasets.MNIST_SHA256}, {[mirrors.url("stall")]}
raise SystemExit(d.main(["--folder", {str(folder)!r}]))"""
    # Ctrl-C reaches it even if these tests run in the background of a shell, where it is ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")
    signal.signal(signal.SIGINT, before)
    with process:
        assert "stall" in process.stderr.readline()  # the mirror that is asked
        while not mirrors.requested:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.02)
        assert process.stderr.read(10)  # of the progress bar, which is still being made then
        time.sleep(0.5)
        process.send_signal(sign)
        _, err = process.communicate(timeout=60)
    if sign == signal.SIGINT:
        assert process.returncode == 130
        assert err.endswith("Stopped. Nothing half-written is left; run it again.\n")
        assert "Traceback" not in err
    assert left_in(folder) == []


def test_what_an_earlier_end_has_left_is_cleared_away(mirrors, folder):
    for name, age in ((".download-dead", 3600), (".download-of-another-process", 0)):
        (folder / name).mkdir(parents=True)
        (folder / name / NAMES[0]).write_bytes(b"half")
        then = time.time() - age
        os.utime(folder / name, (then, then))
    fetch(folder, mirrors.url("good"))
    assert left_in(folder) == [".download-of-another-process", *NAMES[:1], *NAMES]
