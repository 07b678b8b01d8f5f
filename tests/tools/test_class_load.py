"""What a played class reports, and how messages of a kernel are read. See `make test-class`."""

import asyncio
import json
import struct
import sys
from types import SimpleNamespace

import class_load
import pytest
from class_load import Kernel, Learner

ONE, TWO = class_load.NOTEBOOKS[:2]


class Socket:
    """A connection that gives what it was given, and keeps what it is sent."""

    def __init__(self, *messages):
        self.messages, self.sent = list(messages), []

    async def read_message(self):
        return self.messages.pop(0) if self.messages else None

    async def write_message(self, text):
        self.sent.append(json.loads(text))


@pytest.fixture(autouse=True)
def every_message_has_this_id(monkeypatch):
    monkeypatch.setattr(class_load, "uuid4", lambda: SimpleNamespace(hex="asked"))


def message(kind, parent="asked", **content):
    header, parent = {"msg_type": kind}, {"msg_id": parent}
    return json.dumps({"header": header, "parent_header": parent, "content": content})


def run(source, *messages):
    return asyncio.run(Kernel(Socket(*messages)).run(source))


def test_a_cell_is_run_to_its_end():
    other = message("stream", "another", name="stdout", text="no")
    said = message("stream", name="stdout", text="yes")
    idle = message("status", execution_state="idle")
    assert run("print('yes')", other, said, idle) == "yes"


def test_a_cell_that_fails_and_a_kernel_that_dies_are_told():
    with pytest.raises(RuntimeError, match="ValueError: bad in '1/0'"):
        run("1/0", message("error", ename="ValueError", evalue="bad"))
    with pytest.raises(ConnectionError, match="broke"):
        run("1")


def test_a_picture_comes_as_a_binary_message():
    text = message("comm_msg", comm_id="picture").encode()
    socket = Socket(struct.pack(">3I", 2, 12, 12 + len(text)) + text + b"\x89PNG")
    asyncio.run(Kernel(socket).move("slider", "picture", 7))
    assert socket.sent[0]["content"]["data"]["state"] == {"value": 7}
    assert not socket.messages


def test_the_table_tells_the_worst_of_each_lesson():
    learners = [
        Learner("a", TWO, 3, 20, [0.1, 0.2, 0.9], 200, 5),
        Learner("b", TWO, 4, 10, [0.3], 300, 4),
        Learner("c", ONE, fault="it broke"),
    ]
    lines = class_load.table(learners, alone=False).splitlines()
    assert lines[2] == f"| {ONE.stem} | 1 | 0 s | 0 s | - | 0 s | 0 MB |"
    assert lines[3] == f"| {TWO.stem} | 2 | 4 s | 20 s | 250, 900 ms | 5 s | 300 MB |"
    *_, alone = class_load.table(learners[:1], alone=True).splitlines()
    assert alone == f"| {TWO.stem} | 5 s | 200 MB |"


def test_how_many_fit():
    room = 1000 * (8 - class_load.SYSTEM_GB)
    asked = [(room / 3, 8), (room / 3 + 1, 8), (400, 1)]
    assert [class_load.fits(*each) for each in asked] == [3, 2, 0]


def test_what_is_missing_or_wrong_is_said(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["class_load.py", "--learners", "0"])
    with pytest.raises(SystemExit):
        class_load.main()
    assert "1 or more" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["class_load.py"])
    monkeypatch.setattr(class_load.shutil, "which", lambda name: name)
    monkeypatch.setattr(class_load, "PROXY", [sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(SystemExit, match="could not be fetched"):
        class_load.main()
    monkeypatch.setattr(class_load.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="install nodejs"):
        class_load.main()


def test_a_fault_is_noted_and_holds_nobody_up(monkeypatch):
    async def break_off(self, learner, running):
        raise TimeoutError("the server did not start")

    monkeypatch.setattr(class_load.Class, "run_and_move", break_off)
    learner, running = Learner("a", ONE), {"a", "b"}
    asyncio.run(class_load.Class("http://127.0.0.1:1", "").learn(learner, running))
    assert learner.fault == "TimeoutError: the server did not start"
    assert running == {"b"}
