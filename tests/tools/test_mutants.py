"""The record of mutants that live: every entry has a reason and is about code that is there."""

import cells
import course_rules
import mutants
import pytest

TEXT = mutants.RECORD.read_text(encoding="utf-8")
RECORD = mutants.recorded(TEXT)


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


def test_the_record_is_read_whole():
    assert len(RECORD) == TEXT.count("```diff\n") > 0


def test_the_report_asks_for_a_reason_and_for_enough(capsys):
    one, two, three = (mutants.Mutant("layers.f", (f"- {n}", f"+ {n + 1}")) for n in (1, 2, 3))
    known = dict.fromkeys([one, two], "a reason")
    for n, lived, module, code, said in (
        (100, [one, two], "layers", 0, "98.0%"),
        (100, [one, two, three], "layers", 1, "\n## layers.f\n\n```diff\n- 3\n+ 4\n```\n"),
        (100, [one], "layers", 1, "take it out"),
        (100, [one], "losses", 0, "99.0%"),
        (39, [one, two], "layers", 1, "at least 95%"),
    ):
        assert mutants.report(n, lived, known, [module]) == code
        assert said in capsys.readouterr().out
