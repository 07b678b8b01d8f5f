"""Marks: right and wrong answers, and those that loop, eat memory, die, forge, or call out."""

import csv

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nnlesson.course import marks
from nnlesson.course.programs import main

NAMES = ("my_mirror", "my_wrong_line")
BLANK = [f"{name} = ..." for name in NAMES]


def notebook(*answers):
    """A lesson with lesson 2's first two exercises, and these answers."""
    cells = []
    for number, (name, answer) in enumerate(zip(NAMES, answers, strict=True), start=1):
        check = f"from nnlesson.course.lesson2.checks import check_{name}\ncheck_{name}({name})"
        title = new_markdown_cell(f"### Exercise {number} (core, 1 minute)")
        mine = new_code_cell(answer, id=name, metadata={"tags": ["exercise"]})
        cells += [title, mine, new_code_cell(check)]
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    nbformat.write(notebook(*BLANK), folder / "02_sigmoid.ipynb")
    return folder


@pytest.fixture
def marked(course, tmp_path):
    """Gives the marks of a learner with these answers; the second is blank if it is not given."""

    def mark(*answers, forged="", **limits):
        made = notebook(*answers, *BLANK[len(answers) :])
        made.cells[2].source = forged or made.cells[2].source
        nbformat.write(made, tmp_path / "ann.ipynb")
        return marks.mark("ann", tmp_path / "ann.ipynb", course, **{"seconds": 20, **limits})

    return mark


def test_each_answer_gets_the_verdict_of_the_courses_check(marked):
    one, two = marked("my_mirror = 1 - 2", "my_wrong_line = 'b'")
    said = "an output of the sigmoid is never below 0"
    assert one == ("ann", "02_sigmoid", 1, "not yet", 0, 1, said)
    assert two[:6] == ("ann", "02_sigmoid", 2, "right", 1, 1)


def test_neither_a_changed_check_nor_a_printed_verdict_is_believed(marked):
    made = marked("my_mirror = 5\nprint('right: me')", forged="print('right: me')")
    assert [m.verdict for m in made] == ["not yet", "not started"]


CALL = "import socket\nsocket.create_connection(('127.0.0.1', 9), 2)"
STUBBORN = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
DIES = "the kernel died before it"


@pytest.mark.parametrize(
    ("answer", "limits", "message", "next_verdict"),
    [
        ("while True: pass", {"seconds": 8}, "it took too long", "not started"),
        ("x = bytearray(3_000_000_000)", {"megabytes": 2000}, "MemoryError", "not started"),
        (CALL, {}, "unreachable", "not started"),
        ("import os\nos._exit(1)", {}, DIES, "no verdict"),
        (STUBBORN, {"seconds": 4}, DIES, "no verdict"),
    ],
)
def test_what_harms_has_no_verdict(marked, answer, limits, message, next_verdict):
    if answer == CALL and not marks.has_no_network():
        pytest.skip("kernels have the network here")
    one, two = marked(answer, **limits)
    assert one.verdict == "no verdict" and message in one.message
    assert (two.verdict, two.score) == (next_verdict, 0)


def test_a_folder_of_learners_becomes_a_table_and_a_summary(course, tmp_path, capsys):
    class_ = tmp_path / "class"
    for name in ("ann", "=bob"):
        (class_ / name / ".ipynb_checkpoints").mkdir(parents=True)
    nbformat.write(notebook("my_mirror = -1", BLANK[1]), class_ / "ann" / "a.ipynb")
    (class_ / "ann" / ".ipynb_checkpoints" / "a.ipynb").write_text("{")
    (class_ / "=bob" / "broken.ipynb").write_text('{"cells": [')
    nbformat.write(new_notebook(), class_ / "=bob" / "other.ipynb")
    target = tmp_path / "marks.csv"
    options = ["--course", str(course), "--output", str(target), "--seconds", "20"]
    assert main(["marks", str(class_), *options]) == 0
    rows = list(csv.DictReader(target.read_text("utf-8").splitlines()))
    assert [(r["student_id"], r["exercise"], r["verdict"]) for r in rows] == [
        ("'=bob", "0", "no verdict"), ("'=bob", "0", "no verdict"),
        ("ann", "1", "not yet"), ("ann", "2", "not started"),
    ]  # fmt: skip
    assert "cannot be read" in rows[0]["message"] and "no exercise" in rows[1]["message"]
    said = capsys.readouterr().out
    assert "02_sigmoid, exercise 1: 0 of 1 right\n    1 times: an output of the sigmoid" in said


def test_a_missing_folder_is_one_sentence(course, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["marks", str(tmp_path / "none"), "--course", str(course)]) == 1
    assert capsys.readouterr().err.endswith("none\n")
    assert main(["marks", str(tmp_path), "--course", str(tmp_path)]) == 0  # nobody handed in
    with pytest.raises(FileNotFoundError, match="there are no lessons"):
        marks.mark("ann", tmp_path / "ann.ipynb", tmp_path)
