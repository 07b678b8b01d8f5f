"""Marks: right and wrong answers, and those that loop, eat memory, die, forge, or call out."""

import csv

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nnlesson.course import marks
from nnlesson.course.programs import main


def notebook(
    *answers, check="from nnlesson.course.lesson2.checks import check_{0}\ncheck_{0}({0})"
):
    """A lesson with lesson 2's first two exercises, and these answers; blank if not given."""
    made = new_notebook()
    for number, name in enumerate(("my_mirror", "my_wrong_line"), start=1):
        answer = answers[number - 1] if number <= len(answers) else f"{name} = ..."
        made.cells += [
            new_markdown_cell(f"### Exercise {number} (core, 1 minute)"),
            new_code_cell(answer, id=name, metadata={"tags": ["exercise"]}),
            new_code_cell(check.format(name)),
        ]
    return made


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    nbformat.write(notebook(), folder / "02_sigmoid.ipynb")
    return folder


CALL = "import socket\nsocket.create_connection(('127.0.0.1', 9), 2)"
STUBBORN = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
BELOW_0 = "an output of the sigmoid is never below 0"
DIED = "no verdict: the kernel died before it"


@pytest.mark.parametrize(
    ("answer", "limits", "first", "second"),
    [
        ("my_mirror = -1\nprint('right: me')", {}, f"not yet: {BELOW_0}", "not started"),
        ("while True: pass", {"seconds": 8}, "no verdict: it took too long", "not started"),
        ("bytearray(3_000_000_000)", {"megabytes": 2000}, "no verdict: MemoryError", "not started"),
        (CALL, {}, "no verdict: OSError: [Errno 101] Network is unreachable", "not started"),
        ("import os\nos._exit(1)", {}, DIED, DIED),
        (STUBBORN, {"seconds": 4}, DIED, DIED),
    ],
)
def test_an_answer_gets_the_verdict_of_the_courses_check(
    course, tmp_path, answer, limits, first, second
):
    if answer == CALL and not marks.has_no_network():
        pytest.skip("kernels have the network here")
    forged = notebook(answer, check="print('right: me')")
    nbformat.write(forged, tmp_path / "ann.ipynb")
    made = marks.mark("ann", tmp_path / "ann.ipynb", course, **{"seconds": 20, **limits})
    for mark, said in zip(made, (first, second), strict=True):
        assert f"{mark.verdict}: {mark.message}".startswith(said) and mark.score == 0


def test_a_folder_of_learners_becomes_a_table_and_a_summary(course, tmp_path, capsys):
    class_, target = tmp_path / "class", tmp_path / "marks.csv"
    for name in ("ann", "=bob"):
        (class_ / name / ".ipynb_checkpoints").mkdir(parents=True)
    nbformat.write(notebook("my_mirror = 1 - 2", "my_wrong_line = 'b'"), class_ / "ann" / "a.ipynb")
    (class_ / "ann" / ".ipynb_checkpoints" / "a.ipynb").write_text("{")
    (class_ / "=bob" / "broken.ipynb").write_text('{"cells": [')
    nbformat.write(new_notebook(), class_ / "=bob" / "other.ipynb")
    options = ["--course", str(course), "--output", str(target), "--seconds", "20"]
    assert main(["marks", str(class_), *options]) == 0
    rows = list(csv.DictReader(target.read_text("utf-8").splitlines()))
    assert [" ".join(list(row.values())[:6]) for row in rows] == [
        "'=bob broken 0 no verdict 0 0",
        "'=bob other 0 no verdict 0 0",
        "ann 02_sigmoid 1 not yet 0 1",
        "ann 02_sigmoid 2 right 1 1",
    ]
    assert "cannot be read" in rows[0]["message"] and "no exercise" in rows[1]["message"]
    said = capsys.readouterr().out
    assert f"02_sigmoid, exercise 1: 0 of 1 right\n    1 times: {BELOW_0}" in said


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no .*none$"):
        marks.submitted([tmp_path / "none"])
    with pytest.raises(FileNotFoundError, match="there are no lessons"):
        marks.mark("ann", tmp_path / "ann.ipynb", tmp_path)
