"""What a lesson's checks.toml says becomes a check; a slip in it does not pass unseen."""

import importlib
import tomllib
from pathlib import Path

import pytest

from nnlesson import course
from nnlesson.course.checks import Check, FunctionCheck, ValueCheck, assert_check_teaches
from nnlesson.course.formulas import told

FILES = sorted(Path(course.__file__).parent.glob("lesson*/checks.toml"))
FILE = """
[my_slopes]
takes = "x, z"
where = { a = "tripled(x)", b = "a * z" }
solution = "(a, b)"
parts = ["da", "db"]
right = "yes"
mistakes = [
  ["both are turned", "(b, a)"],
  ["da lacks its factor", { da = "x" }, { da = "2 * x" }],
  ["0 is no slope", { db = 0 }],
  ["z is lost", { when = "results[0][1] == 7", wrong = "(a, 7)" }],
]

[my_number]
solution = "tripled(2)"
right = "yes"
mistakes = [["that is half of it", 3], ["too large", { when = "answer > 6", wrong = 7 }]]
"""


@pytest.fixture
def scope(tmp_path):
    (tmp_path / "checks.toml").write_text(FILE, encoding="utf-8")
    return {"__file__": str(tmp_path / "checks.py"), "tripled": lambda x: 3 * x}


def test_formulas_become_a_check_that_teaches(scope):
    cases = {"cases": lambda rng: [(1.0, 2.0), (2.0, 5.0)]}
    check = FunctionCheck(**told("my_slopes", scope), **cases)
    assert_check_teaches(check)
    assert check.arguments == ["x", "z"] and len(check.wrong_answers()) == 5
    assert check.judge(lambda x, z: (2 * x, 3 * x * z)).message == "da lacks its factor"
    assert_check_teaches(ValueCheck(**told("my_number", scope)))
    del scope["tripled"]  # as by a slip in a name
    with pytest.raises(NameError):
        assert_check_teaches(check)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_a_file_has_the_exercises_of_its_lesson_and_a_message_once(file):
    exercises = tomllib.loads(file.read_text(encoding="utf-8"))
    lesson = vars(importlib.import_module(f"nnlesson.course.{file.parent.name}.checks"))
    assert list(exercises) == [c.name for c in lesson.values() if isinstance(c, Check)]
    for exercise in exercises.values():
        messages = [message for message, *_ in exercise.get("mistakes", exercise.get("rules", []))]
        assert sorted(set(messages)) == sorted(messages)
