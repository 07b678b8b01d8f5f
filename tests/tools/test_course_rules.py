"""Every notebook keeps the course's rules; and every rule fails on a notebook that breaks it."""

import copy
import re
import textwrap
from pathlib import Path

import course_rules as rules
import nbformat
import pytest
import renew_outputs
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PATHS = sorted(rules.NOTEBOOKS.glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@each_notebook
def test_notebook_keeps_the_rule(path, rule):
    faults = list(rule(rules.Lesson.read(path)))
    if faults:
        pytest.fail("\n".join([f"{path.name}: {rule.__doc__}", *faults]), pytrace=False)


def test_the_lessons_show_the_whole_textbook():
    assert not list(rules.shown_once([rules.Lesson.read(path) for path in PATHS]))


@each_notebook
def test_readme_and_lesson_say_the_same_time(path):
    readme = (rules.ROOT / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"^\|.*{path.stem}.*?(\d+) min", readme, flags=re.MULTILINE)
    said = re.search(r"(\d+) minutes", rules.Lesson.read(path).notebook.cells[0].source)
    assert row and said and row.group(1) == said.group(1)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name):
    text = (rules.ROOT / name).read_text(encoding="utf-8")
    assert not rules.broken_links(text, rules.ROOT)


# ---- each rule is proven by notebooks that break it ----

OPENING = """# A lesson

You will be able to tell good from bad. You need: Python. It takes 0 minutes."""
DOUBLE = 'def double(x):\n    """Twice x."""\n    return 2 * x'
INIT = "\n\n    def __init__(self, x):\n        self.x = x"
BOX = 'class Box:\n    """Holds x."""\n\n    size = 1' + INIT
PROPERTY = '@property\ndef twice(self):\n    """Twice x."""\n    return double(self.x)'
HIDDEN = "def _hidden(self):\n    return 0"
WHOLE = BOX + textwrap.indent(f"\n\n{PROPERTY}\n\n{HIDDEN}", "    ")
TWICE = f"@add_to_class(Box)\n{PROPERTY}"
MODULE = f"import numpy as np\n\nLIMIT = 3\n\n\n{DOUBLE}\n\n\n{WHOLE}\n"


def stream(text, name="stdout"):
    return new_output("stream", text=text, name=name)


def html(page):
    return new_output("display_data", {"text/html": page, "text/plain": "<IPython HTML>"})


def code(source, *outputs, tags=(), **cell):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)}, **cell)


def text(*lines):
    return new_markdown_cell("\n".join(lines))


@pytest.fixture
def lesson(tmp_path):
    """Makes a lesson of the given cells, text between them, all else as it should be."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "perceptron.py").write_text(MODULE, encoding="utf-8")

    def make(*cells, opening=OPENING, spaced=True, **metadata):
        all_cells = [new_markdown_cell(opening)]
        for cell in copy.deepcopy(cells):
            all_cells += [new_markdown_cell("A paragraph.")] * spaced + [cell]
        code_cells = [cell for cell in all_cells if cell.cell_type == "code"]
        for number, cell in enumerate(code_cells, start=1):
            cell.execution_count = cell.execution_count or number
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(cells=all_cells, metadata={"kernelspec": kernel} | metadata)
        path = tmp_path / "01_perceptron.ipynb"
        nbformat.write(notebook, path)
        return rules.Lesson(path, rules.Lesson.read(path).notebook, tmp_path / "package")

    return make


def faults(rule, lesson):
    return " | ".join(rule(lesson))


VIEW = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Box()"}
IGNORED = "nbval-ignore-output"
ERROR = new_output("error", ename="ValueError", evalue="bad", traceback=[])
BLANK = code("def my_f(x):\n    return ...", tags=["exercise"])
BLANK_VALUE = code("my_x = ...", tags=["exercise"])
CHECK = code("check(my_f)", tags=["check"])
TAGGED = new_markdown_cell("text", metadata={"tags": ["check"]})
# Rule, what its fault says, and notebooks each of one to three cells with that fault.
BROKEN = [
    (rules.is_valid, "model id", code("x", new_output("display_data", VIEW))),
    (rules.is_small, "bytes", text("x" * rules.MAX_BYTES)),
    (rules.has_links_that_lead_somewhere, "lost", text("[next](02_lost.ipynb)")),
    (rules.has_links_that_lead_somewhere, "lost", text("[a](<lost.md#part>)")),
    (rules.is_plain_python, "not plain", code("%matplotlib inline")),
    (rules.is_plain_python, "no code", code("# only a comment")),
    (rules.has_short_cells, "16 lines", code("x = 1\n" * 16)),
    (rules.has_no_trailing_semicolon, "`;`", code("f('é'); # quiet\n\n# quiet\n")),
    (rules.is_stored_executed, "no code", text("text")),
    (rules.is_stored_executed, "top to bottom", code("x = 1", execution_count=2)),
    (rules.is_stored_executed, "no output", code("for x in y:\n    print(x)")),
    (rules.is_stored_executed, "no output", code("x = 1\nx")),
    (rules.is_stored_executed, "no output", code("show(figure)")),
    (rules.has_no_errors, "a warning", code("f()", stream("careful", name="stderr"))),
    (rules.has_no_errors, "ValueError: bad", code("f()", ERROR)),
    (rules.is_compared, "say why", code("f()", tags=[IGNORED])),
    (rules.is_compared, "unknown reason", code("f()", tags=[IGNORED, "reason:lazy"])),
    (rules.is_compared, "lacks the tag", code("f()", tags=["reason:timing"])),
    (rules.is_compared, "no band", code("f()", tags=[IGNORED, "reason:training"])),
    (rules.is_compared, "does not use", code("f()", tags=["nbval-skip"])),
    (rules.is_compared, "by a comment", code("# NBVAL_IGNORE_OUTPUT\nf()")),
    (rules.is_compared, "is text", TAGGED),
    (rules.has_alt_text, "without", code("x", html('<div><img alt="a"><img alt=""></div>'))),
    (rules.has_alt_text, "bare", code("x", new_output("display_data", {"image/png": ""}))),
    (rules.has_alt_text, "without", text("![](picture.png)")),
    (rules.has_alt_text, "without", text('<img src="picture.png">')),
    (rules.names_no_machine, "/home/anna", code('load("/home/anna/mnist")')),
    (rules.names_no_machine, "Users", code("x", stream("saved to C:\\Users\\anna\\w.npz"))),
    (rules.names_no_machine, "ipykernel", code("x", stream("ipykernel_4711: careful"))),
    (rules.has_blank_exercises, "not blank", code("my_f = abs", tags=["exercise"]), CHECK),
    (rules.has_blank_exercises, "without a check", BLANK),
    (rules.has_blank_exercises, "without a check", BLANK, code("x = 1"), CHECK),
    (rules.has_blank_exercises, "without a check", BLANK, BLANK_VALUE, CHECK),
    (rules.has_blank_exercises, "without an exercise", CHECK),
    (rules.has_blank_exercises, "learner's", BLANK, CHECK, code("y = my_f(1)")),
    (rules.has_blank_exercises, "learner's", BLANK_VALUE, CHECK, code("print(my_x)")),
    (rules.marks_its_exercises, "and 0 marked", text("Exercise 1 (one minute)"), BLANK, CHECK),
]


RIGHT = [
    (rules.has_short_cells, "", code("x = 1\n" * 15)),
    (rules.is_compared, "", code("assert 0.9 < a < 1", tags=[IGNORED, "reason:training"])),
    (rules.has_links_that_lead_somewhere, "", text("[a](01_perceptron.ipynb#b) `[x](no)`")),
    (rules.has_links_that_lead_somewhere, "", text("[web](https://a.org)")),
    (rules.names_no_machine, "", text("and/or $A:\\mathbb{R}$ https://a.org/home/x a/tmp/b")),
]


@pytest.mark.parametrize(("rule", "message", "cells"), [(r, m, c) for r, m, *c in BROKEN + RIGHT])
def test_a_broken_rule_is_found_and_what_is_right_is_left_alone(lesson, rule, message, cells):
    said = faults(rule, lesson(*cells))
    assert message in said and bool(message) == bool(said)


def test_is_valid(lesson):
    one = lesson(code("x"), kernelspec={"name": "env", "display_name": "e"}, widgets={})
    assert "kernel" in faults(rules.is_valid, one) and "state" in faults(rules.is_valid, one)
    first, _, cell = one.notebook.cells
    cell.metadata["execution"] = {"iopub.status.busy": "now"}
    assert "times" in faults(rules.is_valid, one)
    first["outputs"] = []
    assert "not a valid notebook" in faults(rules.is_valid, one)
    first["id"] = cell["id"]
    assert "id of their own" in faults(rules.is_valid, one)


@pytest.mark.parametrize("part", ["# ", "You will be able to", "You need: ", "0 minutes"])
def test_opens_well(lesson, part):
    made = lesson(opening=OPENING.replace(part, ""))
    (fault,) = rules.opens_well(made)
    assert "opens the lesson without" in fault
    made.notebook.cells = [code("x = 1")]
    assert "is not text" in faults(rules.opens_well, made)


def long(n_minutes):
    return text("word " * n_minutes * rules.WORDS_A_MINUTE)


ASKED = 'question("1 + 1?", ["1", "2", "3"], {}, ["no", "yes", "no"])'


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ([long(30), text("## More: why", "word " * 9000)], 30),
        ([text("## More: why"), long(60), text("### A part"), long(60), text("## Next")], 0),
        ([text("<details>", "word " * 9000, "</details>", "|a table|" * 2000)], 0),
        ([code("\n".join(["x = 1", "", "# why"] * 200))], 10),
        ([code(ASKED.format(i % 3)) for i in range(10)], 10),
        ([long(80)], 80),
        ([text("**Exercise 1** (core, 15 minutes)."), text("Exercise 2 (more, 9 minutes)")], 15),
    ],
)  # fmt: skip
def test_says_its_time(lesson, cells, wanted):
    made = lesson(*cells, spaced=False)
    assert rules.minutes(made) == wanted
    said = faults(rules.says_its_time, made)
    assert (f"formula gives {wanted}" in said) == (wanted != 0)
    assert ("75 is the most" in said) == (wanted > 75)


@pytest.mark.parametrize("keys, said", [("1110", "3 of 4"), ("1102", ""), ("11", "")])
def test_balances_its_keys(lesson, keys, said):
    found = faults(rules.balances_its_keys, lesson(*[code(ASKED.format(key)) for key in keys]))
    assert said in found and bool(said) == bool(found)


def test_has_text_between_code(lesson):
    cells = [code("x = 1") for _ in range(4)]
    assert faults(rules.has_text_between_code, lesson(*cells, spaced=False)).count("third") == 1
    assert not faults(rules.has_text_between_code, lesson(*cells[:2], spaced=False))


READS_A_VARIABLE = [
    "def f(): return x",
    "def f():\n    global x\n    x = 2",
    "f = lambda: x",
    "def f(y): return [y + x for _ in y]",
    "def f():\n    def g(): return x\n    return g",
    "class A:\n    def f(self): return x",
    "run([lambda: x])",
    "def f(): return MISSING",
    "def f(): return sum",
    "def f(): return TWICE",
]
TAKES_WHAT_IT_USES = [
    "def f(x): return np.sqrt(x) + len(x) + LIMIT",
    "slope(lambda w: w + x, x)",
    "def g(y):\n    def h(): return y\n    return h",
    "[x + y for y in range(3)]",
    "def f(y=x): return y",
    "class A:\n    size = x\n    def f(self): return A",
]


@pytest.mark.parametrize("source", READS_A_VARIABLE + TAKES_WHAT_IT_USES)
def test_has_no_hidden_globals(lesson, source):
    setting = "import numpy as np\nx = 1\nsum = 3\nLIMIT = 3\nTWICE = 1\nTWICE += 1"
    said = faults(rules.has_no_hidden_globals, lesson(code(setting), code(source)))
    assert ("from the notebook" in said) == (source in READS_A_VARIABLE)


SETTING = "from nnlesson.course.style import show\nfrom nnlesson.course.lesson9 import figures"
FOLDED = [
    'from nnlesson.course.questions import question\n\nquestion("1 + 1?", ["2", "3"], 0, [])',
    "from nnlesson.course.lesson9.controls import slider\n\nslider(curve)",
    'show(figures.curve(x[:3], -1), alt="A line")',
    'title = f"{n} lines"\nfigure = figures.curve(x, title)\nshow(figure, alt="A line")',
]
READ = [
    'kept = f(x)\nshow(figures.curve(kept), alt="A line")',  # a later cell uses it
    'show(figures.curve(x * (1 - x)), alt="A line")',
    'show(figures.curve(lambda x: f(x)), alt="A line")',
    'def g(x):\n    return x\n\n\nshow(figures.curve(g), alt="A line")',
    'assert x\nshow(figures.curve(x), alt="A line")',
    'show(figures.curve(x), alt="A line")\nprint(x)',
    "figures.curve",
    "",
]


@pytest.mark.parametrize("source", FOLDED + READ)
def test_folds_answers_and_scenery(lesson, source):
    cell = code(source)
    made = lesson(code(SETTING), cell, code("print(kept, title)\nfigure = title = 1"))
    rule = rules.folds_answers_and_scenery
    assert (faults(rule, made) != "") == (source in FOLDED)
    made.code[1][1].metadata["jupyter"] = {"source_hidden": True}
    assert (faults(rule, made) != "") == (source in READ)


@pytest.mark.parametrize(
    ("source", "tag", "wanted"),
    [
        (DOUBLE, "double", DOUBLE),
        ("", "Box", WHOLE),
        (DOUBLE.replace("2 * x", "x + x"), "double", DOUBLE),
        ("import numpy as np\n\n\n" + DOUBLE + "\n\n\nprint(double(2))", "double", DOUBLE),
        ("LIMIT = 4", "LIMIT", "LIMIT = 3"),
        (WHOLE.replace("Holds", "Has"), "Box", WHOLE),
        (BOX.replace("    size = 1\n\n", ""), "Box", BOX),
        ("class Box:\n    pass", "Box", BOX.removesuffix(INIT)),
        (TWICE.replace("@property\n", ""), "Box.twice", TWICE),
        (PROPERTY, "Box.twice", TWICE),
    ],
)
def test_has_no_drift(lesson, source, tag, wanted):
    drifted = lesson(code(source, tags=[f"drift:perceptron.{tag}"]))
    assert ("differs" in faults(rules.has_no_drift, drifted)) == (source != wanted)
    renew_outputs.fill(drifted.notebook, drifted.package)
    assert drifted.code[0][1].source == wanted
    assert not faults(rules.has_no_drift, drifted)


@pytest.mark.parametrize(
    ("source", "tag", "message"),
    [
        (DOUBLE, "perceptron.lost", "drift:perceptron.lost, which is not in the package"),
        (DOUBLE, "lost.double", "not in the package: if it has a new name, change the tag"),
        (TWICE, "perceptron.Box.thrice", "not in the package"),
        (BOX.replace("__init__", "old"), "perceptron.Box", "shows Box.old, which is not in nn"),
    ],
)
def test_what_the_package_does_not_have_is_said(lesson, source, tag, message):
    drifted = lesson(code(source, tags=[f"drift:{tag}"]))
    assert message in faults(rules.has_no_drift, drifted)
    with pytest.raises(LookupError, match="^cell 3 (is tagged|shows)"):
        renew_outputs.fill(drifted.notebook, drifted.package)
    assert drifted.code[0][1].source == source


def test_all_that_is_public_is_shown_once(lesson):
    one = lesson(code(BOX, tags=["drift:perceptron.Box"]))
    missing = list(rules.shown_once([one], one.package))
    names = [re.search(r"no lesson shows nnlesson\.(\S+)", fault).group(1) for fault in missing]
    assert names == ["perceptron.double", "perceptron.Box.twice"]
    twice = code(TWICE, tags=["drift:perceptron.Box.twice"])
    rest = lesson(twice, code(DOUBLE, tags=["drift:perceptron.double"]))
    assert not list(rules.shown_once([one, rest], one.package))
    assert "more than one" in list(rules.shown_once([one, rest, rest], one.package))[0]


def test_taught_is_what_lies_flat(tmp_path):
    for name in ("__init__", "__main__", "validate", "datasets", "convolution"):
        (tmp_path / f"{name}.py").touch()
    (tmp_path / "course").mkdir()
    assert rules.taught_modules(tmp_path) == ["convolution"]
    assert {"validate", "weights"}.isdisjoint(rules.taught_modules())


def test_every_rule_is_proven_here():
    source = Path(__file__).read_text(encoding="utf-8")
    proven = {rule for rule, *_ in BROKEN}
    for rule in rules.RULES:
        assert rule in proven or f"def test_{rule.__name__}(" in source
