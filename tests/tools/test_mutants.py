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
    definition = [f"- {line.strip()}" for line in cells.definitions(source)[name].splitlines()]
    old = [line for line in mutant.change if not line.startswith("+ ")]
    assert old and set(old) <= set(definition)


def test_the_record_is_read_whole():
    assert len(RECORD) == TEXT.count("```diff\n") > 0


@pytest.mark.parametrize(
    ("n", "n_lived", "module", "code", "said"),
    [
        (100, 2, "layers", 0, "98.0%"),
        (100, 3, "layers", 1, "\n## layers.f\n\n```diff\n- 2\n+ 3\n```\n"),
        (100, 1, "layers", 1, "take it out"),
        (100, 1, "losses", 0, "99.0%"),
        (39, 2, "layers", 1, "at least 95%"),
    ],
)
def test_the_report_asks_for_a_reason_and_for_enough(n, n_lived, module, code, said, capsys):
    made = [mutants.Mutant("layers.f", (f"- {i}", f"+ {i + 1}")) for i in range(3)]
    assert mutants.report(n, made[:n_lived], dict.fromkeys(made[:2], "why"), [module]) == code
    assert said in capsys.readouterr().out
