"""Every notebook keeps the course's rules; and every rule fails on a notebook that breaks it."""

import copy
import re
import textwrap
from itertools import combinations

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
    said = re.search(r"\d+ min", rules.Lesson.read(path).notebook.cells[0].source)
    assert re.search(rf"(?m)^\|.*{path.stem}.*?\b{said[0]}", readme)


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/teaching.md"]
)
def test_links_lead_somewhere(name):
    path = rules.ROOT / name
    assert not rules.broken_links(path.read_text(encoding="utf-8"), path.parent)


# ---- each rule is proven by notebooks that break it ----

DOUBLE = 'def double(x):\n    """Twice x."""\n    return 2 * x'
INIT = "\n\n    def __init__(self, x):\n        self.x = x"
BOX = 'class Box:\n    """Holds x."""\n\n    size = 1' + INIT
PROPERTY = '@property\ndef twice(self):\n    """Twice x."""\n    return double(self.x)'
HIDDEN = "def _hidden(self):\n    return 0"
WHOLE = BOX + textwrap.indent(f"\n\n{PROPERTY}\n\n{HIDDEN}", "    ")
TWICE = f"@add_to_class(Box)\n{PROPERTY}"
MODULE = f"import numpy as np\n\nLIMIT = 3\n\n\n{DOUBLE}\n\n\n{WHOLE}\n"
# The last two need not be shown.
PACKAGE = {"convolution": DOUBLE, "perceptron": MODULE, "validate": DOUBLE, "__main__": DOUBLE}


def stream(text, name="stdout"):
    return new_output("stream", text=text, name=name)


def shown(kind, data):
    return new_output("display_data", {kind: data, "text/plain": "<IPython HTML>"})


def code(source, *outputs, tags=(), **cell):
    metadata = {"tags": list(tags)} | cell.pop("metadata", {})
    return new_code_cell(source, outputs=list(outputs), metadata=metadata, **cell)


def text(*lines, **cell):
    return new_markdown_cell("\n".join(lines), **cell)


KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
OPENS = ("# A lesson", "You will be able to do it.", "You need: Python.", "It takes 0 minutes.")
OPENING, *TOO_SHORT = (text(*lines) for lines in (OPENS, *combinations(OPENS, 3)))


@pytest.fixture
def lesson(tmp_path):
    """Makes a lesson of the given cells, all else as it should be."""
    package, path = tmp_path / "package", tmp_path / "01_perceptron.ipynb"
    package.mkdir()
    for name, source in PACKAGE.items():
        (package / f"{name}.py").write_text(source, encoding="utf-8")

    def make(*cells, opening=OPENING, **metadata):
        cells = copy.deepcopy([opening, *cells])
        for number, cell in enumerate((c for c in cells if c.cell_type == "code"), start=1):
            cell.execution_count = cell.execution_count or number
        notebook = new_notebook()
        notebook.cells, notebook.metadata = cells, {"kernelspec": KERNEL} | metadata
        path.write_text(nbformat.v4.writes(notebook), encoding="utf-8")
        return rules.Lesson(path, notebook, package)

    return make


def case(rule, said, *cells, **options):
    """The rule's faults in a lesson of these cells, made with these options, match `said`."""
    return pytest.param(rule, said, cells, options, id=f"{rule.__name__}: {said}")


def right(rule, *cells, **options):
    """The rule finds no fault."""
    return case(rule, "^$", *cells, **options)


def asked(keys):
    """Questions with these right answers."""
    return [code(f'question("1 + 1?", ["1", "2", "3"], {key}, ["no"])') for key in keys]


def long(n_minutes):
    return text("word " * n_minutes * rules.WORDS_A_MINUTE)


MORE = [text("## More"), text("## More: a"), long(60), text("### b"), long(60), text("## Next")]
HINT = text("<details>", "word " * 9000, "</details>", "|a table|" * 2000)
EXERCISES = "**Exercise 1** (core, 15 minutes). Exercise 2 (more, 9 minutes)"
VIEW = "application/vnd.jupyter.widget-view+json"
IGNORED = "nbval-ignore-output"
PICTURES = '<img alt="a"><img src="b">'
ERROR = new_output("error", ename="ValueError", evalue="bad", traceback=[])
BLANK = code("def my_f(x):\n    return ...", tags=["exercise"])
BLANK_VALUE = code("my_x = ...", tags=["exercise"])
CHECK = code("check(my_f)", tags=["check"])
SET = code("import numpy as np\nx = 1\nsum = 3\nLIMIT = 3\nTWICE = 1\nTWICE += 1")
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
CASES = [
    case(rules.is_valid, "model id", code("x", shown(VIEW, {"model_id": "1"}))),
    case(rules.is_valid, "widget state", widgets={}),
    case(rules.is_valid, "kernel", kernelspec={"name": "env", "display_name": "e"}),
    case(rules.is_valid, "not a valid notebook", kernelspec={"name": "python3"}),
    case(rules.is_valid, "execution times", code("x", metadata={"execution": {}})),
    case(rules.is_valid, "id of their own", code("x", id="a"), code("y", id="a")),
    case(rules.is_small, "bytes", text("x" * rules.MAX_BYTES)),
    case(rules.opens_well, "is not text", opening=code("x")),
    *[case(rules.opens_well, "without[^|]*$", opening=one) for one in TOO_SHORT],
    case(rules.says_its_time, "gives 30$", long(30), text("## More: why"), long(60)),
    right(rules.says_its_time, *MORE, HINT),
    case(rules.says_its_time, "gives 10$", code("\n".join(["x = 1", "", "# why"] * 200))),
    case(rules.says_its_time, "gives 10$", *asked("0120120120")),
    case(rules.says_its_time, "gives 15$", text(EXERCISES)),
    case(rules.says_its_time, "75 is the most", long(80)),
    case(rules.marks_its_exercises, "and 0 marked", text("Exercise 1 (one minute)"), BLANK, CHECK),
    case(rules.balances_its_keys, "3 of 4", *asked("1110")),
    right(rules.balances_its_keys, *asked("1102")),
    right(rules.balances_its_keys, *asked("11")),
    case(rules.has_links_that_lead_somewhere, "lost", text("[a](<lost.md#part>)")),
    right(rules.has_links_that_lead_somewhere, text("[a](01_perceptron.ipynb#b) `[x](no)`")),
    right(rules.has_links_that_lead_somewhere, text("[web](https://a.org) [here](#part)")),
    case(rules.is_plain_python, "not plain", code("%matplotlib inline")),
    case(rules.is_plain_python, "no code", code("# only a comment")),
    case(rules.has_short_cells, "16 lines", code("x = 1\n" * 16)),
    right(rules.has_short_cells, code("x = 1\n" * 15)),
    case(rules.has_text_between_code, "^cell 4 is the third[^|]*$", *[code("x")] * 4),
    right(rules.has_text_between_code, *[code("x")] * 2),
    case(rules.has_no_trailing_semicolon, "`;`", code("f('é'); # quiet\n\n# quiet\n")),
    *[case(rules.has_no_hidden_globals, "from the", SET, code(one)) for one in READS_A_VARIABLE],
    *[right(rules.has_no_hidden_globals, SET, code(one)) for one in TAKES_WHAT_IT_USES],
    case(rules.is_stored_executed, "no code", text("text")),
    case(rules.is_stored_executed, "top to bottom", code("x = 1", execution_count=2)),
    case(rules.is_stored_executed, "no output", code("for x in y:\n    print(x)")),
    case(rules.is_stored_executed, "no output", code("x = 1\nx")),
    case(rules.is_stored_executed, "no output", code("show(figure)")),
    case(rules.has_no_errors, "a warning", code("f()", stream("careful", name="stderr"))),
    case(rules.has_no_errors, "ValueError: bad", code("f()", ERROR)),
    case(rules.is_compared, "say why", code("f()", tags=[IGNORED])),
    case(rules.is_compared, "unknown reason", code("f()", tags=[IGNORED, "reason:lazy"])),
    case(rules.is_compared, "lacks the tag", code("f()", tags=["reason:timing"])),
    case(rules.is_compared, "no band", code("f()", tags=[IGNORED, "reason:training"])),
    case(rules.is_compared, "does not use", code("f()", tags=["nbval-skip"])),
    case(rules.is_compared, "by a comment", code("# NBVAL_IGNORE_OUTPUT\nf()")),
    case(rules.is_compared, "is text", text("text", metadata={"tags": ["check"]})),
    right(rules.is_compared, code("assert 0.9 < a < 1", tags=[IGNORED, "reason:training"])),
    case(rules.has_alt_text, "without", code("x", shown("text/html", PICTURES))),
    case(rules.has_alt_text, "bare", code("x", shown("image/png", ""))),
    case(rules.has_alt_text, "without", text("![](picture.png)")),
    case(rules.names_no_machine, "/home/anna", code('load("/home/anna/mnist")')),
    case(rules.names_no_machine, "Users", code("x", stream("saved to C:\\Users\\anna\\w.npz"))),
    case(rules.names_no_machine, "ipykernel", code("x", stream("ipykernel_4711: careful"))),
    right(rules.names_no_machine, text("and/or $A:\\mathbb{R}$ https://a.org/home/x a/tmp/b")),
    case(rules.has_blank_exercises, "not blank", code("my_f = abs", tags=["exercise"]), CHECK),
    case(rules.has_blank_exercises, "without a check", BLANK),
    case(rules.has_blank_exercises, "without a check", BLANK, code("x = 1"), CHECK),
    case(rules.has_blank_exercises, "without a check", BLANK, BLANK_VALUE, CHECK),
    case(rules.has_blank_exercises, "without an exercise", CHECK),
    case(rules.has_blank_exercises, "learner's", BLANK, CHECK, code("y = my_f(1)")),
    case(rules.has_blank_exercises, "learner's", BLANK_VALUE, CHECK, code("print(my_x)")),
]


@pytest.mark.parametrize(("rule", "said", "cells", "options"), CASES)
def test_a_broken_rule_is_found_and_what_is_right_is_left_alone(lesson, rule, said, cells, options):
    faults = " | ".join(rule(lesson(*cells, **options)))
    assert re.search(said, faults), faults


def test_every_rule_is_proven_here():
    found = {case.values[0] for case in CASES if case.values[1] != "^$"}
    below = {rules.has_no_drift, rules.folds_answers_and_scenery}
    assert found | below == set(rules.RULES)


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
]


@pytest.mark.parametrize("is_folded", [False, True])
@pytest.mark.parametrize("source", FOLDED + READ)
def test_folds_answers_and_scenery(lesson, source, is_folded):
    imports = "from nnlesson.course.style import show\nfrom nnlesson.course.lesson9 import figures"
    cell = code(source, metadata={"jupyter": {"source_hidden": is_folded}})
    made = lesson(code(imports), cell, code("print(kept, title)\nfigure = title = 1"))
    faults = list(rules.folds_answers_and_scenery(made))
    assert len(faults) == (is_folded != (source in FOLDED)), faults


@pytest.mark.parametrize(
    ("source", "tag", "wanted"),
    [
        (DOUBLE, "double", DOUBLE),
        ("", "Box", WHOLE),
        (DOUBLE.replace("2 * x", "x + x"), "double", DOUBLE),
        ("LIMIT = 4", "LIMIT", "LIMIT = 3"),
        (BOX.replace("    size = 1\n\n", ""), "Box", BOX),
        ("class Box:\n    pass", "Box", BOX.removesuffix(INIT)),
        (TWICE.replace("@property\n", ""), "Box.twice", TWICE),
    ],
)
def test_a_drift_cell_is_filled_with_the_package(lesson, source, tag, wanted):
    drifted = lesson(code(source, tags=[f"drift:perceptron.{tag}"]))
    assert bool(list(rules.has_no_drift(drifted))) == (source != wanted)
    renew_outputs.fill(drifted.notebook, drifted.package)
    assert drifted.code[0][1].source == wanted
    assert not list(rules.has_no_drift(drifted))


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("lost.double", "cell 2 is tagged drift:lost.double, which is not in the package"),
        ("perceptron.Box.thrice", "not in the package: if it has a new name, change the tag"),
        ("perceptron.Box", "cell 2 shows Box.old, which is not in nnlesson.perceptron"),
    ],
)
def test_what_the_package_does_not_have_is_said(lesson, tag, said):
    drifted = lesson(code(BOX.replace("__init__", "old"), tags=[f"drift:{tag}"]))
    (fault,) = rules.has_no_drift(drifted)
    assert said in fault
    with pytest.raises(LookupError, match=re.escape(fault)):
        renew_outputs.fill(drifted.notebook, drifted.package)
    assert "old" in drifted.code[0][1].source


def test_all_that_is_public_is_shown_once(lesson):
    one = lesson(code(BOX, tags=["drift:perceptron.Box"]))
    missing = " ".join(rules.shown_once([one], one.package))
    names = re.findall(r"no lesson shows nnlesson\.(\S+)", missing)
    assert names == ["convolution.double", "perceptron.double", "perceptron.Box.twice"]
    tags = [f"drift:{name}" for name in names]
    rest = lesson(code(DOUBLE, tags=tags[:2]), code(TWICE, tags=tags[2:]))
    assert not list(rules.shown_once([one, rest], one.package))
    assert len(list(rules.shown_once([one, rest, rest], one.package))) == 3
