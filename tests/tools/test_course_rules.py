"""Every notebook keeps the course's rules; and every rule fails on a notebook that breaks it."""

import copy
import re
from pathlib import Path

import cells
import course_rules as rules
import nbformat
import pytest
import renew_outputs
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PATHS = sorted(rules.NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("rule", rules.RULES, ids=[rule.__name__ for rule in rules.RULES])
@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_notebook_keeps_the_rule(path, rule):
    faults = list(rule(rules.Lesson.read(path)))
    if faults:
        pytest.fail("\n".join([f"{path.name}: {rule.__doc__}", *faults]), pytrace=False)


def test_the_lessons_show_the_whole_textbook():
    assert not list(rules.shown_once([rules.Lesson.read(path) for path in PATHS]))


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
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

MODULE = '''"""A taught module."""

import numpy as np

LIMIT = 3


def double(x):
    """Twice x."""
    return 2 * x


class Box:
    """Holds x."""

    size = 1

    def __init__(self, x):
        self.x = x

    @property
    def twice(self):
        """Twice x."""
        return double(self.x)

    def _hidden(self):
        return 0
'''
OPENING = """# A lesson

You will be able to tell good from bad. You need: Python. It takes 0 minutes."""
PNG = "iVBORw0KGgo="
DOUBLE = 'def double(x):\n    """Twice x."""\n    return 2 * x'
BOX = '''class Box:
    """Holds x."""

    size = 1

    def __init__(self, x):
        self.x = x'''
TWICE = '''@add_to_class(Box)
@property
def twice(self):
    """Twice x."""
    return double(self.x)'''


def stream(text, name="stdout"):
    return new_output("stream", text=text, name=name)


def html(page):
    return new_output("display_data", {"text/html": page, "text/plain": "<IPython HTML>"})


def code(source, *outputs, tags=(), **cell):
    metadata = {"tags": list(tags)} if tags else {}
    return new_code_cell(source, outputs=list(outputs), metadata=metadata, **cell)


@pytest.fixture
def lesson(tmp_path):
    """Makes a lesson of the given cells, text between them, all else as it should be."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "perceptron.py").write_text(MODULE, encoding="utf-8")

    def make(*cells, opening=OPENING, metadata=None, spaced=True):
        all_cells = [new_markdown_cell(opening)]
        for cell in cells:
            all_cells += [new_markdown_cell("A paragraph."), cell] if spaced else [cell]
        number = 0
        for cell in all_cells:
            if cell.cell_type == "code" and cell.execution_count is None:
                number += 1
                cell.execution_count = number
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(
            cells=all_cells, metadata={"kernelspec": kernel, **(metadata or {})}
        )
        path = tmp_path / "01_perceptron.ipynb"
        nbformat.write(notebook, path)
        return rules.Lesson(path, rules.Lesson.read(path).notebook, tmp_path / "package")

    return make


def test_a_good_lesson_keeps_every_rule(lesson):
    good = lesson(
        code("import numpy as np\n\nfrom nnlesson.course.building import add_to_class"),
        code(DOUBLE, tags=["drift:perceptron.double"]),
        code("LIMIT = 3", tags=["drift:perceptron.LIMIT"]),
        code("for x in [1, 2]:\n    print(double(x))", stream("2\n4\n")),
        code(BOX, tags=["drift:perceptron.Box"]),
        code(TWICE, tags=["drift:perceptron.Box.twice"]),
        code(
            "seconds = 2.5\nprint(seconds)",
            stream("1"),
            tags=["nbval-ignore-output", "reason:timing"],
        ),
        new_markdown_cell("**Exercise 1** (more, 1 minute). Double it."),
        code("def my_double(x):\n    return ...", tags=["exercise"]),
        code("my_double(3)", tags=["check"]),
        code(
            'show(figure, alt="A line")',
            html(f'<img alt="A line" src="data:image/png;base64,{PNG}">'),
        ),
    )
    assert {rule.__name__: list(rule(good)) for rule in rules.RULES} == {
        rule.__name__: [] for rule in rules.RULES
    }


def faults(rule, lesson):
    return " | ".join(rule(lesson))


VIEW = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Box()"}
IGNORED = "nbval-ignore-output"
BLANK = code("def my_f(x):\n    return ...", tags=["exercise"])
BLANK_VALUE = code("my_x = ...", tags=["exercise"])
CHECK = code("check(my_f)", tags=["check"])
# Rule, what its fault says, and notebooks each of one to three cells with that fault.
BROKEN = [
    (rules.is_valid, "model id", code("x", new_output("display_data", VIEW))),
    (rules.is_small, "bytes", new_markdown_cell("x" * rules.MAX_BYTES)),
    (rules.has_links_that_lead_somewhere, "lost", new_markdown_cell("[next](02_lost.ipynb)")),
    (rules.has_links_that_lead_somewhere, "lost", new_markdown_cell("![a](lost.png)")),
    (rules.has_links_that_lead_somewhere, "lost", new_markdown_cell("[a](<lost.md#part>)")),
    (rules.is_plain_python, "not plain", code("%matplotlib inline")),
    (rules.is_plain_python, "no code", code("# only a comment")),
    (rules.has_short_cells, "16 lines", code("x = 1\n" * 16)),
    (rules.has_no_trailing_semicolon, "`;`", code("f('é'); # quiet\n\n# quiet\n")),
    (rules.is_stored_executed, "no code", new_markdown_cell("text")),
    (rules.is_stored_executed, "top to bottom", code("x = 1", execution_count=2)),
    (rules.is_stored_executed, "no output", code("for x in y:\n    print(x)")),
    (rules.is_stored_executed, "no output", code("x = 1\nx")),
    (rules.is_stored_executed, "no output", code("show(figure)")),
    (rules.has_no_errors, "a warning", code("f()", stream("careful", name="stderr"))),
    (
        rules.has_no_errors,
        "ValueError: bad",
        code("f()", new_output("error", ename="ValueError", evalue="bad", traceback=[])),
    ),
    (rules.is_compared, "say why", code("f()", tags=[IGNORED])),
    (rules.is_compared, "unknown reason", code("f()", tags=[IGNORED, "reason:lazy"])),
    (rules.is_compared, "lacks the tag", code("f()", tags=["reason:timing"])),
    (rules.is_compared, "no band", code("f()", tags=[IGNORED, "reason:training"])),
    (rules.is_compared, "does not use", code("f()", tags=["nbval-skip"])),
    (rules.is_compared, "by a comment", code("# NBVAL_IGNORE_OUTPUT\nf()")),
    (rules.is_compared, "is text", new_markdown_cell("text", metadata={"tags": ["check"]})),
    (rules.has_alt_text, "without", code("x", html('<img src="data:image/png;base64,AA==">'))),
    (rules.has_alt_text, "without", code("x", html('<div><img alt="a"><img alt=""></div>'))),
    (rules.has_alt_text, "bare", code("x", new_output("display_data", {"image/png": PNG}))),
    (rules.has_alt_text, "without", new_markdown_cell("![](picture.png)")),
    (rules.has_alt_text, "without", new_markdown_cell('<img src="picture.png">')),
    (rules.names_no_machine, "/home/anna", code('load("/home/anna/mnist")')),
    (rules.names_no_machine, "Users", code("x", stream("saved to C:\\Users\\anna\\w.npz"))),
    (rules.names_no_machine, "ipykernel", code("x", stream("ipykernel_4711: careful"))),
    (rules.names_no_machine, "/opt/notes", new_markdown_cell("See `/opt/notes`.")),
    (rules.has_blank_exercises, "not blank", code("my_f = abs", tags=["exercise"]), CHECK),
    (rules.has_blank_exercises, "without a check", BLANK),
    (rules.has_blank_exercises, "without a check", BLANK, code("x = 1"), CHECK),
    (rules.has_blank_exercises, "without a check", BLANK, BLANK_VALUE, CHECK),
    (rules.has_blank_exercises, "without an exercise", CHECK),
    (rules.has_blank_exercises, "learner's", BLANK, CHECK, code("y = my_f(1)")),
    (rules.has_blank_exercises, "learner's", BLANK_VALUE, CHECK, code("print(my_x)")),
]


@pytest.mark.parametrize(("rule", "message", "cells"), [(r, m, c) for r, m, *c in BROKEN])
def test_a_broken_rule_is_found(lesson, rule, message, cells):
    assert message in faults(rule, lesson(*copy.deepcopy(cells)))


@pytest.mark.parametrize(
    ("rule", "cell"),
    [
        (rules.has_short_cells, code("x = 1\n" * 15)),
        (rules.is_compared, code("assert 0.9 < a < 1", tags=[IGNORED, "reason:training"])),
        (
            rules.has_links_that_lead_somewhere,
            new_markdown_cell("[this](01_perceptron.ipynb#top) [web](https://a.org) `[x](no)`"),
        ),
        (
            rules.names_no_machine,
            new_markdown_cell("and/or $A:\\mathbb{R}$ https://a.org/home/x data/mnist a/tmp/b"),
        ),
    ],
)
def test_what_is_right_is_left_alone(lesson, rule, cell):
    assert faults(rule, lesson(cell)) == ""


def test_is_valid(lesson):
    kernel = {"kernelspec": {"name": "env", "display_name": "e"}}
    assert "kernel" in faults(rules.is_valid, lesson(code("x = 1"), metadata=kernel))
    assert "widget state" in faults(rules.is_valid, lesson(code("x"), metadata={"widgets": {}}))
    one = lesson(code("x = 1"))
    one.notebook.cells[2].metadata["execution"] = {"iopub.status.busy": "now"}
    assert "times" in faults(rules.is_valid, one)
    one.notebook.cells[0]["outputs"] = []
    assert "not a valid notebook" in faults(rules.is_valid, one)
    one.notebook.cells[1]["id"] = one.notebook.cells[0]["id"]
    assert "id" in faults(rules.is_valid, one)


@pytest.mark.parametrize("part", ["# ", "You will be able to", "You need: ", "0 minutes"])
def test_opens_well(lesson, part):
    made = lesson(opening=OPENING.replace(part, ""))
    (fault,) = rules.opens_well(made)
    assert "opens the lesson without" in fault
    made.notebook.cells = [code("x = 1")]
    assert "is not text" in faults(rules.opens_well, made)


def text(*lines):
    return new_markdown_cell("\n".join(lines))


def long(n_words):
    return text("word " * n_words)


HALF_AN_HOUR = 30 * rules.WORDS_A_MINUTE
ASKED = 'question("1 + 1?", ["1", "2", "3"], {}, ["no", "yes", "no"])'


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ([long(HALF_AN_HOUR)], 30),
        ([long(HALF_AN_HOUR), text("## More: why", "word " * HALF_AN_HOUR)], 30),
        ([text("## More: why"), long(9000), text("### A part"), long(9000), text("## Next")], 0),
        ([text("<details>", "word " * HALF_AN_HOUR, "</details>", "|a table|" * 2000)], 0),
        ([code("\n".join(["x = 1", "", "# why"] * 200))], 10),
        ([code(ASKED.format(i % 3)) for i in range(10)], 10),
        ([text("**Exercise 1** (core, 15 minutes)."), text("Exercise 2 (more, 9 minutes)")], 15),
    ],
)  # fmt: skip
def test_says_its_time(lesson, cells, wanted):
    made = lesson(*cells, spaced=False)
    assert rules.minutes(made) == wanted
    assert bool(faults(rules.says_its_time, made)) == (wanted != 0)


def test_a_lesson_is_never_longer_than_75_minutes(lesson):
    words = 80 * rules.WORDS_A_MINUTE
    made = lesson(long(words), opening=OPENING.replace("0 minutes", "80 minutes"), spaced=False)
    assert "75 is the most" in faults(rules.says_its_time, made)


def test_marks_its_exercises(lesson):
    blank = code("mine = ...", tags=["exercise"])
    assert not faults(rules.marks_its_exercises, lesson(text("Exercise 1 (core, 1 minute)"), blank))
    assert faults(rules.marks_its_exercises, lesson(text("Exercise 1 (one minute)"), blank))


KEYS = [([1, 1, 1, 0], False), ([1, 1, 0, 2], True), ([1, 1], True)]


@pytest.mark.parametrize(("keys", "fine"), KEYS)
def test_balances_its_keys(lesson, keys, fine):
    made = lesson(*[code(ASKED.format(key)) for key in keys])
    assert bool(faults(rules.balances_its_keys, made)) != fine


def test_has_text_between_code(lesson):
    cells = [code(f"x = {n}") for n in range(4)]
    assert faults(rules.has_text_between_code, lesson(*cells, spaced=False)).count("third") == 1
    assert not faults(rules.has_text_between_code, lesson(*cells[:2], spaced=False))


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return x",
        "def f():\n    global x\n    x = 2",
        "f = lambda: x",
        "def f(y):\n    return [y + x for _ in y]",
        "class A:\n    def f(self):\n        return x",
        "def f():\n    def g():\n        return x\n    return g",
        "run([lambda: x])",
        "def f():\n    return MISSING",
        "def f():\n    return sum",
        "def f():\n    return TWICE",
    ],
)
def test_has_no_hidden_globals(lesson, source):
    setting = code("x = 1\nsum = 3\nTWICE = 1\nTWICE += 1")
    assert "from the notebook" in faults(rules.has_no_hidden_globals, lesson(setting, code(source)))


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return np.sqrt(x) + len(x) + LIMIT",
        "slope(lambda w: w + x, x)",
        "def g(y):\n    def h():\n        return y\n    return h",
        "[x + y for y in range(3)]",
        "def f(y=x):\n    return y",
        "class A:\n    size = x\n\n    def f(self):\n        return A",
    ],
)
def test_has_no_hidden_globals_allows(lesson, source):
    setting = code("import numpy as np\nx = 1\nLIMIT = 3")
    assert not faults(rules.has_no_hidden_globals, lesson(setting, code(source)))


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
    assert cells.folded([cell for _, cell in made.code]) == [False, source in FOLDED, False]
    rule = rules.folds_answers_and_scenery
    assert (faults(rule, made) != "") == (source in FOLDED)
    made.code[1][1].metadata["jupyter"] = {"source_hidden": True}
    assert (faults(rule, made) != "") == (source in READ)


WHOLE = MODULE[MODULE.index("class Box") :].strip()
ADD = "@add_to_class(Box)\n"


@pytest.mark.parametrize(
    ("source", "tag", "text"),
    [
        (DOUBLE, "double", DOUBLE),
        ("", "double", DOUBLE),
        ("def double(:", "double", DOUBLE),
        (DOUBLE.replace("2 * x", "x + x"), "double", DOUBLE),
        ("def triple(x):\n    return 3 * x", "double", DOUBLE),
        ("import numpy as np\n\n\n" + DOUBLE + "\n\n\nprint(double(2))", "double", DOUBLE),
        ("LIMIT = 4", "LIMIT", "LIMIT = 3"),
        (WHOLE.replace("Holds", "Has"), "Box", WHOLE),
        (BOX.replace("self.x = x", "self.x = 2 * x"), "Box", BOX),
        (BOX.replace("    size = 1\n\n", ""), "Box", BOX),
        ("class Box:\n    pass", "Box", BOX[: BOX.index("\n\n    def")]),
        (TWICE.replace("@property\n", ""), "Box.twice", TWICE),
        (TWICE.removeprefix(ADD), "Box.twice", TWICE),
    ],
)
def test_has_no_drift(lesson, source, tag, text):
    drifted = lesson(code(source, tags=[f"drift:perceptron.{tag}"]))
    assert ("differs" in faults(rules.has_no_drift, drifted)) == (source != text)
    renew_outputs.fill(drifted.notebook, drifted.package)
    assert drifted.code[0][1].source == text
    assert not faults(rules.has_no_drift, drifted)


@pytest.mark.parametrize(
    ("source", "tag", "message"),
    [
        (DOUBLE, "perceptron.lost", "drift:perceptron.lost, which is not in the package"),
        (DOUBLE, "lost.double", "not in the package: if it has a new name, change the tag"),
        (DOUBLE, "perceptron", "not in the package"),
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
    rest = lesson(
        code(TWICE, tags=["drift:perceptron.Box.twice"]),
        code(DOUBLE, tags=["drift:perceptron.double"]),
    )
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
