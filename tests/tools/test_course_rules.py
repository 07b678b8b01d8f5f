"""Every notebook keeps the course's rules; and every rule fails on a notebook that breaks it."""

import re
from pathlib import Path

import course_rules as rules
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PATHS = sorted(rules.NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("rule", rules.RULES, ids=[rule.__name__ for rule in rules.RULES])
@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_notebook_keeps_the_rule(path, rule):
    faults = list(rule(rules.Lesson.read(path)))
    if faults:
        pytest.fail("\n".join([f"{path.name}: {rule.__doc__}", *faults]), pytrace=False)


def test_notebooks_are_lessons_of_the_course():
    assert {path.stem for path in PATHS} <= set(rules.LESSONS)


def test_taught_modules_of_the_lessons_exist():
    for module, lesson in rules.LESSON_OF.items():
        if lesson in {path.stem for path in PATHS}:
            assert (rules.PACKAGE / f"{module}.py").is_file(), f"{lesson} teaches nnlesson.{module}"


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


def test_hides_answers(lesson):
    asks = code(
        'from nnlesson.course.questions import question\n\nquestion("1 + 1?", ["2", "3"], 0, [])'
    )
    assert faults(rules.hides_answers, lesson(asks)) != ""
    asks.metadata["jupyter"] = {"source_hidden": True}
    assert not faults(rules.hides_answers, lesson(asks))
    assert not faults(rules.hides_answers, lesson(code('question_about("step")')))


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


@pytest.mark.parametrize(
    ("source", "tag", "message"),
    [
        (DOUBLE.replace("2 * x", "x * 2"), "perceptron.double", "differs"),
        (DOUBLE.replace("Twice", "two times"), "perceptron.double", "differs"),
        (DOUBLE.replace("double", "triple"), "perceptron.double", "differs"),
        ("LIMIT = 4", "perceptron.LIMIT", "differs"),
        (DOUBLE + "\n\n\nprint(double(2))", "perceptron.double", "alone"),
        ("import numpy as np\n\n\n" + DOUBLE, "perceptron.double", "alone"),
        (DOUBLE, "perceptron.lost", "not in the package"),
        (DOUBLE, "lost.double", "not in the package"),
        (DOUBLE, "perceptron", "not in the package"),
        ("def double(:", "perceptron.double", "not Python"),
        (BOX.replace("self.x = x", "self.x = 2 * x"), "perceptron.Box", "perceptron.Box.__init__"),
        (BOX.replace("size = 1", "size = 2"), "perceptron.Box", "differs"),
        (BOX.replace("    size = 1\n\n", ""), "perceptron.Box", "differs"),
        (BOX + "\n\n    def more(self):\n        return 1", "perceptron.Box", "Box.more"),
        (BOX.replace("Box", "Bag"), "perceptron.Box", "differs"),
        (TWICE.replace("@property\n", ""), "perceptron.Box.twice", "differs"),
        (TWICE.replace("self.x", "self.y"), "perceptron.Box.twice", "differs"),
        (TWICE.removeprefix("@add_to_class(Box)\n"), "perceptron.Box.twice", "add_to_class(Box)"),
        (TWICE.replace("class(Box)", "class(Bag)"), "perceptron.Box.twice", "add_to_class(Box)"),
    ],
)
def test_has_no_drift(lesson, source, tag, message):
    drifted = lesson(code(source, tags=[f"drift:{tag}"]))
    assert message in faults(rules.has_no_drift, drifted)
    # What has drifted is not shown.
    if (name := tag.removeprefix("perceptron.")) in rules.public_definitions(MODULE):
        assert f"shows nnlesson.perceptron.{name} " in faults(rules.shows_its_modules, drifted)


def test_has_no_drift_allows_the_whole_class(lesson):
    whole = MODULE[MODULE.index("class Box") :].strip()
    shown = lesson(
        code(whole, tags=["drift:perceptron.Box"]), code(DOUBLE, tags=["drift:perceptron.double"])
    )
    assert not faults(rules.has_no_drift, shown)
    assert not faults(rules.shows_its_modules, shown)


def test_shows_its_modules(lesson):
    missing = list(rules.shows_its_modules(lesson(code(BOX, tags=["drift:perceptron.Box"]))))
    names = [re.search(r"nnlesson\.(\S+)", fault).group(1) for fault in missing]
    assert names == ["perceptron.double", "perceptron.Box.twice"]


def test_what_is_shown_later_exists_and_has_a_later_lesson():
    for definition, home in rules.SHOWN_LATER.items():
        module, _, name = definition.partition(".")
        source = (rules.PACKAGE / f"{module}.py").read_text(encoding="utf-8")
        assert name in rules.public_definitions(source)
        assert rules.LESSON_OF[module] < home and home in rules.LESSONS


def test_every_rule_is_proven_here():
    source = Path(__file__).read_text(encoding="utf-8")
    for rule in rules.RULES:
        assert f"def test_{rule.__name__}(" in source
