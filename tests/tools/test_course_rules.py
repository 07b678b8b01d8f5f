"""Every notebook keeps the course's rules; and every rule fails on a notebook that breaks it."""

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

You will be able to tell good from bad. You need: Python. It takes 10 minutes."""
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


def test_is_valid(lesson):
    one = code("x = 1")
    assert "kernel" in faults(
        rules.is_valid, lesson(one, metadata={"kernelspec": {"name": "env", "display_name": "e"}})
    )
    assert "widget state" in faults(rules.is_valid, lesson(one, metadata={"widgets": {}}))
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Box()"}
    assert "model id" in faults(rules.is_valid, lesson(code("x", new_output("display_data", view))))
    timed = code("x = 1")
    timed.metadata["execution"] = {"iopub.status.busy": "now"}
    assert "times" in faults(rules.is_valid, lesson(timed))
    twins = lesson(one)
    twins.notebook.cells[1]["id"] = twins.notebook.cells[0]["id"]
    assert "id" in faults(rules.is_valid, twins)
    broken = lesson(one)
    broken.notebook.cells[0]["outputs"] = []
    assert "not a valid notebook" in faults(rules.is_valid, broken)


def test_is_small(lesson):
    big = new_markdown_cell("x" * rules.MAX_BYTES)
    assert "bytes" in faults(rules.is_small, lesson(big))


@pytest.mark.parametrize(
    ("missing", "opening"),
    [
        ("title", OPENING.removeprefix("# ")),
        ("be able to", OPENING.replace("You will be able to", "See how to")),
        ("need", OPENING.replace("You need: Python.", "")),
        ("minutes", OPENING.replace("10 minutes", "some time")),
    ],
)
def test_opens_well(lesson, missing, opening):
    found = list(rules.opens_well(lesson(opening=opening)))
    assert len(found) == 1 and missing in found[0]


def test_opens_well_needs_text(lesson):
    code_first = lesson(code("x = 1"))
    del code_first.notebook.cells[:2]
    assert "is not text" in faults(rules.opens_well, code_first)


@pytest.mark.parametrize("link", ["[next](02_lost.ipynb)", "![a](lost.png)", "[a](<lost.md#part>)"])
def test_has_links_that_lead_somewhere(lesson, link):
    check = rules.has_links_that_lead_somewhere
    assert "lost" in faults(check, lesson(new_markdown_cell(link)))
    good = "[this](01_perceptron.ipynb#top) [web](https://example.org) [here](#top) `[x](no)`"
    assert not faults(check, lesson(new_markdown_cell(good)))


@pytest.mark.parametrize("source", ["%matplotlib inline", "!ls", "def f(:", "", "# only a comment"])
def test_is_plain_python(lesson, source):
    assert faults(rules.is_plain_python, lesson(code(source)))


def test_has_short_cells(lesson):
    assert "16 lines" in faults(rules.has_short_cells, lesson(code("x = 1\n" * 15 + "x = 1")))
    assert not faults(rules.has_short_cells, lesson(code("x = 1\n" * 14 + "x = 1")))


def test_has_text_between_code(lesson):
    cells = [code("x = 1"), code("x = 2"), code("x = 3"), code("x = 4")]
    assert faults(rules.has_text_between_code, lesson(*cells, spaced=False)).count("third") == 1
    assert not faults(rules.has_text_between_code, lesson(*cells[:2], spaced=False))


@pytest.mark.parametrize("source", ["f(x);", "f(x); # quiet", "f(x);\n\n# quiet\n"])
def test_has_no_trailing_semicolon(lesson, source):
    assert faults(rules.has_no_trailing_semicolon, lesson(code(source)))


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return x",
        "def f():\n    global x\n    x = 2",
        "f = lambda: x",
        "def f(y):\n    return [y + x for _ in y]",
        "def f(y):\n    return apply(lambda z: z + x, y)",
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
        "slope(f=lambda w: w + x)",
        "def g(y):\n    def h():\n        return y\n    return h",
        "[x + y for y in range(3)]",
        "def f(y=x):\n    return y",
        "class A:\n    size = x\n\n    def f(self):\n        return A",
    ],
)
def test_has_no_hidden_globals_allows(lesson, source):
    setting = code("import numpy as np\nx = 1\nLIMIT = 3")
    assert not faults(rules.has_no_hidden_globals, lesson(setting, code(source)))


def test_is_stored_executed(lesson):
    check = rules.is_stored_executed
    assert "no code" in faults(check, lesson())
    skipped = code("x = 1", execution_count=2)
    assert "top to bottom" in faults(check, lesson(skipped))
    unrun = lesson(code("x = 1"))
    unrun.notebook.cells[2].execution_count = None
    assert "top to bottom" in faults(check, unrun)
    for source in ["print(1)", "for x in y:\n    print(x)", "x = 1\nx", "x[0]", "show(figure)"]:
        assert "no output is stored" in faults(check, lesson(code(source))), source


def test_has_no_errors(lesson):
    check = rules.has_no_errors
    error = new_output("error", ename="ValueError", evalue="bad", traceback=[])
    assert "ValueError: bad" in faults(check, lesson(code("f()", error)))
    assert "a warning" in faults(check, lesson(code("f()", stream("careful", name="stderr"))))


@pytest.mark.parametrize(
    ("source", "tags", "message"),
    [
        ("f()", ["nbval-ignore-output"], "say why"),
        ("f()", ["nbval-ignore-output", "reason:lazy"], "unknown reason"),
        ("f()", ["reason:timing"], "lacks the tag"),
        ("f()", ["nbval-ignore-output", "reason:training"], "asserts no band"),
        ("f()", ["nbval-skip"], "does not use"),
        ("f()", ["raises-exception"], "does not use"),
        ("# NBVAL_IGNORE_OUTPUT\nf()", [], "by a comment"),
        ("#NBVAL_SKIP\nf()", [], "by a comment"),
    ],
)
def test_is_compared(lesson, source, tags, message):
    assert message in faults(rules.is_compared, lesson(code(source, tags=tags)))


def test_is_compared_allows(lesson):
    tags = ["nbval-ignore-output", "reason:training", "reason:data"]
    assert not faults(rules.is_compared, lesson(code("assert 0.9 < accuracy < 1", tags=tags)))
    text = new_markdown_cell("text", metadata={"tags": ["check"]})
    assert "is text" in faults(rules.is_compared, lesson(text))


@pytest.mark.parametrize(
    "cell",
    [
        code("x", html('<img src="data:image/png;base64,AA==">')),
        code("x", html('<img alt=" " src="data:image/png;base64,AA==">')),
        code("x", html('<div><img alt="a"><img alt=""></div>')),
        code("x", new_output("display_data", {"image/png": PNG, "text/plain": "<Figure>"})),
        new_markdown_cell("![](picture.png)"),
        new_markdown_cell('<img src="picture.png">'),
    ],
)
def test_has_alt_text(lesson, cell):
    assert faults(rules.has_alt_text, lesson(cell))


@pytest.mark.parametrize(
    "cell",
    [
        code('load("/home/anna/mnist")'),
        code("x", stream("saved to /tmp/tmpab1/w.npz")),
        code("x", stream("saved to C:\\Users\\anna\\w.npz")),
        code("x", html("<b>/Users/anna/x</b>")),
        code("x", stream("ipykernel_4711: careful", name="stderr")),
        new_markdown_cell("See `/opt/notes`."),
    ],
)
def test_names_no_machine(lesson, cell):
    assert "path of a machine" in faults(rules.names_no_machine, lesson(cell))


def test_names_no_machine_allows(lesson):
    good = new_markdown_cell("and/or $A:\\mathbb{R}$ https://example.org/home/x data/mnist a/tmp/b")
    assert not faults(rules.names_no_machine, lesson(good))


SETTING = "from nnlesson.course.style import show\nfrom nnlesson.course.lesson9 import figures"
FOLDED = [
    'from nnlesson.course.questions import question\n\nquestion("1 + 1?", ["2", "3"], 0, [])',
    "from nnlesson.course.lesson9.controls import slider\n\nslider(curve)",
    'show(figures.curve(x[:3], -1), alt="A line")',
    'title = f"{n} lines"\nfigure = figures.curve(x, title)\nshow(figure, alt="A line")',
    'lines = {name: f(x) for name, f in curves.items()}\nshow(figures.lines(lines), alt="Lines")',
]
READ = [
    'kept = f(x)\nshow(figures.curve(kept), alt="A line")',  # a later cell uses it
    'show(figures.curve(x * (1 - x)), alt="A line")',
    'show(figures.curve(lambda x: f(x)), alt="A line")',
    'def g(x):\n    return x\n\n\nshow(figures.curve(g), alt="A line")',
    'assert x\nshow(figures.curve(x), alt="A line")',
    'import math\n\nshow(figures.curve(math.pi), alt="A line")',
    'show(figures.curve(x), alt="A line")\nprint(x)',
    "figures.curve",
    "f(x)",
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


BLANK = "def my_f(x):\n    return ..."


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([("def my_f(x):\n    return x", ["exercise"]), ("check(my_f)", ["check"])], "not blank"),
        ([(BLANK, ["exercise"])], "without a check"),
        ([(BLANK, ["exercise"]), ("x = 1", []), ("check(1)", ["check"])], "without a check"),
        ([(BLANK, ["exercise"]), (BLANK, ["exercise"]), ("f()", ["check"])], "without a check"),
        ([("check(1)", ["check"])], "without an exercise"),
        ([(BLANK, ["exercise"]), ("check(my_f)", ["check"]), ("y = my_f(1)", [])], "learner's"),
        ([("my_x = ...", ["exercise"]), ("f()", ["check"]), ("print(my_x)", [])], "learner's"),
    ],
)
def test_has_blank_exercises(lesson, cells, message):
    made = lesson(*(code(source, tags=tags) for source, tags in cells))
    assert message in faults(rules.has_blank_exercises, made)


WHOLE = MODULE[MODULE.index("class Box") :].strip()
ADD = "@add_to_class(Box)\n"


@pytest.mark.parametrize(
    ("source", "tag", "text"),
    [
        (DOUBLE, "double", DOUBLE),
        ("", "double", DOUBLE),
        ("def double(:", "double", DOUBLE),
        (DOUBLE.replace("2 * x", "x + x"), "double", DOUBLE),
        (DOUBLE.replace("Twice", "two times"), "double", DOUBLE),
        ("def triple(x):\n    return 3 * x", "double", DOUBLE),
        ("import numpy as np\n\n\n" + DOUBLE + "\n\n\nprint(double(2))", "double", DOUBLE),
        ("LIMIT = 4", "LIMIT", "LIMIT = 3"),
        ("", "Box", WHOLE),
        (WHOLE.replace("Holds", "Has"), "Box", WHOLE),
        (BOX.replace("self.x = x", "self.x = 2 * x"), "Box", BOX),
        (BOX.replace("    size = 1\n\n", ""), "Box", BOX),
        (BOX.replace("Box", "Bag"), "Box", BOX),
        ("class Box:\n    pass", "Box", BOX[: BOX.index("\n\n    def")]),
        (TWICE.replace("@property\n", ""), "Box.twice", TWICE),
        (TWICE.replace("self.x", "self.y"), "Box.twice", TWICE),
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
    for rule in rules.RULES:
        assert f"def test_{rule.__name__}(" in source
