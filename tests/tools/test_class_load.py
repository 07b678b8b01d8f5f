"""What a played class reports. `make test-class` plays one."""

import asyncio
import sys
from unittest.mock import AsyncMock

import class_load
import pytest
from class_load import Learner

ONE, TWO = class_load.NOTEBOOKS[:2]


def test_the_table_tells_the_worst_of_each_lesson():
    learners = [
        Learner("a", TWO, 3, 20, [0.1, 0.2, 0.9], 100, 200, 5),
        Learner("b", TWO, 4, 10, [0.3], 90, 300, 4),
        Learner("c", ONE, fault="it broke"),
    ]
    lines = class_load.table(learners, alone=False).splitlines()
    assert lines[2] == f"| {ONE.stem} | 1 | 0 s | 0 s | - | 0 s | 0 MB | 0 MB |"
    assert lines[3] == f"| {TWO.stem} | 2 | 4 s | 20 s | 250, 900 ms | 5 s | 100 MB | 300 MB |"
    *_, alone = class_load.table(learners[:1], alone=True).splitlines()
    assert alone == f"| {TWO.stem} | 5 s | 100 MB | 200 MB |"


def test_what_is_missing_or_wrong_is_said(monkeypatch, capsys):
    monkeypatch.setattr(class_load, "PROXY", [sys.executable, "-c", "raise SystemExit(1)"])
    for which, learners, said in (
        (str, "0", "1 or more"),
        (str, "1", "could not be fetched"),
        (lambda name: None, "1", "install nodejs"),
    ):
        monkeypatch.setattr(class_load.shutil, "which", which)
        monkeypatch.setattr("sys.argv", ["class_load.py", "--learners", learners])
        with pytest.raises(SystemExit) as ended:
            class_load.main()
        assert said in f"{ended.value}{capsys.readouterr().err}"


def test_a_fault_is_noted_and_holds_nobody_up(monkeypatch):
    broken = AsyncMock(side_effect=TimeoutError("the server did not start"))
    monkeypatch.setattr(class_load.Class, "run_and_move", broken)
    learner, running = Learner("a", ONE), {"a", "b"}
    asyncio.run(class_load.Class("http://127.0.0.1:1", "").learn(learner, running))
    assert learner.fault == "TimeoutError: the server did not start" and running == {"b"}
