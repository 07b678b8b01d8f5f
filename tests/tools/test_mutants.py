"""The record of mutants that live: every entry has a reason and is about code that is there."""

import re

import cells
import course_rules
import mutants
import pytest

RECORD = mutants.recorded(mutants.RECORD.read_text(encoding="utf-8"))


@pytest.mark.parametrize("mutant", RECORD, ids=lambda mutant: mutant.where)
def test_every_entry_has_a_reason_and_is_about_code_that_is_there(mutant):
    assert len(RECORD[mutant].split()) >= 5
    module, _, name = mutant.where.partition(".")
    source = (course_rules.PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    definition = [line.strip() for line in cells.definitions(source)[name].splitlines()]
    signs = [line[0] for line in mutant.change]
    assert "-" in signs and set(signs) <= {"-", "+"}
    for line in mutant.change:
        if line.startswith("- "):
            assert line[2:] in definition, f"{mutant.where} has no line {line[2:]}"


def test_the_record_is_read_as_it_is_written():
    one = mutants.Mutant("losses.SquaredError.forward", ("- a = 1", "+ a = 2"))
    two = mutants.Mutant("losses.SquaredError.forward", ("- b = 1", "+ b = 2"))
    three = mutants.Mutant("layers.ReLU", ("- c = 1", "+ c = 2"))
    diffs = [str(two).partition("\n\n")[2], str(three)]
    text = f"# Title\n\n{one}\n\nNobody sees a.\n\n{diffs[0]}\n\nNor\nb.\n\n{diffs[1]}\n\nNor c.\n"
    assert mutants.recorded(text) == {one: "Nobody sees a.", two: "Nor b.", three: "Nor c."}


def test_names_and_diffs_of_mutmut_are_understood():
    assert mutants.named("nnlesson.losses.x_one_hot__mutmut_12") == "losses.one_hot"
    key = "nnlesson.losses.xǁSquaredErrorǁforward__mutmut_8"
    assert mutants.named(key) == "losses.SquaredError.forward"
    diff = "# key: survived\n--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n def f(x):\n-    return -x"
    diff += "\n+    return +x"
    assert mutants.change_of(diff) == ("- return -x", "+ return +x")


def lived(*numbers):
    return [mutants.Mutant("layers.f", (f"- {n}", f"+ {n + 1}")) for n in numbers]


def test_the_report_asks_for_a_reason_and_for_enough(capsys):
    known = dict.fromkeys(lived(1, 2), "a reason")
    assert mutants.report(100, lived(1, 2), known, ["layers"]) == 0
    assert "98.0%" in capsys.readouterr().out
    assert mutants.report(100, lived(1, 2, 3), known, ["layers"]) == 1
    assert re.search(
        r"not in tests/mutants.md:\n\n## layers.f\n\n```diff\n- 3\n\+ 4", capsys.readouterr().out
    )
    assert mutants.report(100, lived(1), known, ["layers"]) == 1
    assert "take it out" in capsys.readouterr().out
    assert mutants.report(100, lived(1), known, ["losses"]) == 0
    assert mutants.report(39, lived(1, 2), known, ["layers"]) == 1
    assert "at least 95%" in capsys.readouterr().out
