"""Marks: right and wrong answers, and those that loop, eat memory, die, forge, or call out."""

import csv

import nbformat
import pytest

from nnlesson.course import marks
from nnlesson.course.programs import main

NAMES = ("my_mirror", "my_wrong_line")
RIGHT = ("my_mirror = 0.0474", "my_wrong_line = 'b'")


def notebook(answers):
    """A lesson with lesson 2's first two exercises, and these answers."""
    v4 = nbformat.v4
    cells = []
    for number, (name, answer) in enumerate(zip(NAMES, answers, strict=True), start=1):
        cells += [
            v4.new_markdown_cell(f"### Exercise {number} (core, 1 minute)", id=f"text-{number}"),
            v4.new_code_cell(answer, id=f"mine-{number}", metadata={"tags": ["exercise"]}),
            v4.new_code_cell(
                f"from nnlesson.course.lesson2.checks import check_{name}\ncheck_{name}({name})",
                id=f"check-{number}",
            ),
        ]
    return v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    nbformat.write(notebook([f"{name} = ..." for name in NAMES]), folder / "02_sigmoid.ipynb")
    return folder


def marked(course, tmp_path, *answers, **limits):
    """The marks of a learner with these answers."""
    file = tmp_path / "ann.ipynb"
    nbformat.write(notebook([*answers, *(["x = ..."] * (2 - len(answers)))]), file)
    return marks.mark("ann", file, course, **{"seconds": 20, **limits})


def test_each_answer_gets_the_verdict_of_the_courses_check(course, tmp_path):
    one, two = marked(course, tmp_path, "my_mirror = 1 - 2", "my_wrong_line = ...")
    assert one[:6] == ("ann", "02_sigmoid", 1, "not yet", 0, 1)
    assert one.message == "an output of the sigmoid is never below 0"
    assert two[:6] == ("ann", "02_sigmoid", 2, "not started", 0, 1)


def test_a_right_answer_scores(course, tmp_path):
    assert [(m.verdict, m.score) for m in marked(course, tmp_path, *RIGHT)] == [("right", 1)] * 2


def test_neither_a_changed_check_nor_a_printed_verdict_is_believed(course, tmp_path):
    nb = notebook(["my_mirror = 5\nprint('right: me')", "my_wrong_line = ..."])
    nb.cells[2].source = "print('right: me')"
    nbformat.write(nb, tmp_path / "bob.ipynb")
    assert [m.verdict for m in marks.mark("bob", tmp_path / "bob.ipynb", course)] == [
        "not yet", "not started",
    ]  # fmt: skip


def test_what_loops_or_eats_memory_or_calls_out_has_no_verdict_and_the_next_has(course, tmp_path):
    (loop, after) = marked(course, tmp_path, "while True: pass", "my_wrong_line = ...", seconds=8)
    assert (loop.verdict, loop.message) == ("no verdict", "it took too long")
    assert after.verdict == "not started"
    hog, _ = marked(course, tmp_path, "x = bytearray(3_000_000_000)", megabytes=2000)
    assert hog.verdict == "no verdict" and hog.message.startswith("MemoryError")
    if marks.has_no_network():
        call = "import socket\nsocket.create_connection(('127.0.0.1', 9), 2)"
        one, _ = marked(course, tmp_path, call)
        assert one.verdict == "no verdict" and "unreachable" in one.message


def test_a_kernel_that_dies_leaves_the_rest_without_verdict(course, tmp_path):
    one, two = marked(course, tmp_path, "import os\nos._exit(1)", "my_wrong_line = ...")
    assert one.message == two.message == "the kernel died before it"
    assert {one.verdict, two.verdict} == {"no verdict"}


def test_an_answer_that_catches_every_interrupt_does_not_hold_up_the_class(course, tmp_path):
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    one, two = marked(course, tmp_path, stubborn, "my_wrong_line = ...", seconds=4)
    assert {one.verdict, two.verdict} == {"no verdict"}


def test_a_folder_of_learners_becomes_a_table_and_a_summary(course, tmp_path, capsys):
    class_ = tmp_path / "class"
    for name in ("ann", "=bob"):
        (class_ / name / ".ipynb_checkpoints").mkdir(parents=True)
    nbformat.write(notebook(["my_mirror = -1", "my_wrong_line = ..."]), class_ / "ann" / "a.ipynb")
    (class_ / "ann" / ".ipynb_checkpoints" / "a.ipynb").write_text("{")
    (class_ / "=bob" / "broken.ipynb").write_text('{"cells": [')
    nbformat.write(nbformat.v4.new_notebook(), class_ / "=bob" / "other.ipynb")
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
