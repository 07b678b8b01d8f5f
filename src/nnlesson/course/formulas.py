"""The exercises of a lesson as its checks.toml has them: formulas, and what the learner is told.

A formula is Python in a text, such as "2 / c": so a wrong answer is a short line below the message
that it earns. This is the one place of the package that runs text as code. It is the package's own
text, and in the tests `assert_check_teaches` runs each formula.
"""

from __future__ import annotations

import linecache
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nnlesson.course.checks import Either, Rule, Seen


def told(name: str, scope: dict[str, Any]) -> dict[str, Any]:
    """What the check of the exercise `name` is made of, from `[name]` in checks.toml.

    The file lies beside the one whose globals are `scope`; formulas may use these. `mistakes` has
    lists: a message, then the wrong answers that earn it. These and `solution` are formulas of the
    arguments in `takes`, and of what `where` makes of those. A number is a constant answer,
    { dW = "x @ dout" } a formula for one part, { when = "...", wrong = "..." } a Seen. `rules` has
    lists, too: a message, what must hold of the `answer`, an answer of which it does not hold.
    """
    table = dict(_tables(Path(scope["__file__"]).with_suffix(".toml"))[name])
    takes, where = table.pop("takes", ""), table.pop("where", {})

    def made(wrong: Any) -> Any:
        if isinstance(wrong, str):
            return _value(wrong, scope, takes, where)
        if not isinstance(wrong, dict):
            return wrong
        if "when" in wrong:
            seen = "results, cases" if takes else "answer"
            return Seen(_value(wrong["when"], scope, seen), made(wrong["wrong"]))
        return {part: made(formula) for part, formula in wrong.items()}

    if "rules" in table:
        table["rules"] = {
            message: Rule(_value(holds, scope, "answer"), made(wrong))
            for message, holds, wrong in table["rules"]
        }
    if "mistakes" in table:
        table["mistakes"] = {
            said: Either(*map(made, wrongs)) for said, *wrongs in table["mistakes"]
        }
    if "why" not in table:
        table["solution"] = made(table["solution"])
    return {"name": name, **table}


@cache
def _tables(file: Path) -> dict[str, dict[str, Any]]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _value(
    formula: str, scope: dict[str, Any], takes: str = "", where: Mapping[str, str] | None = None
) -> Any:
    """The value of a formula of the course, or, if it takes something, a function of that."""
    steps = [f"{name} := {made}" for name, made in (where or {}).items()]
    source = f"[{', '.join([*steps, formula])}][-1]" if steps else formula
    if takes:
        source = f"lambda {takes}: {source}"
    file = f"<{source}>"
    linecache.cache[file] = len(source), None, [source], file  # so that an error can show its line
    return eval(compile(source, file, "eval"), scope)  # noqa: S307 the course's own text
