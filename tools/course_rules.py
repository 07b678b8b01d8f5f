"""The rules every notebook of the course keeps, each a function from a notebook to its faults.

A fault is one sentence that names the cell and says what to do. `test_course_rules.py` applies
all RULES to all notebooks, and proves with small bad notebooks that each rule can fail.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from cells import called_name, drift_tags, filled, folded, parse, public_definitions, shown, tags_of

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
PACKAGE = ROOT / "src" / "nnlesson"

# Why the output of a cell may be left out of the comparison.
REASONS = {
    "timing": "a measured time",
    "training": "a trained number; the cell asserts its band",
    "data": "depends on whether MNIST is there",
    "random-widget": "a widget whose text holds something random",
}
MAX_LINES = 15
MAX_CODE_CELLS_IN_A_ROW = 2
MAX_BYTES = 1_000_000


@dataclass
class Lesson:
    """A notebook as the rules read it: its path, its content, and where the package lies."""

    path: Path
    notebook: nbformat.NotebookNode
    package: Path = PACKAGE

    @classmethod
    def read(cls, path: Path) -> Lesson:
        """The notebook at this path."""
        # Not nbformat.read: it repairs what the rules are to find.
        return cls(path, nbformat.v4.reads(path.read_text(encoding="utf-8")))

    @property
    def cells(self) -> list[tuple[str, nbformat.NotebookNode]]:
        """All cells, each with the name that faults use for it."""
        return [(f"cell {n}", cell) for n, cell in enumerate(self.notebook.cells, start=1)]

    @property
    def code(self) -> list[tuple[str, nbformat.NotebookNode]]:
        """The code cells with their names."""
        return [(name, cell) for name, cell in self.cells if cell.cell_type == "code"]


def statements_run(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that running these surely reaches: also those in loops and with blocks."""
    for statement in body:
        yield statement
        if isinstance(statement, (ast.For, ast.With)):
            yield from statements_run(statement.body)


def mimebundles(cell: nbformat.NotebookNode) -> Iterator[dict[str, Any]]:
    """The data of every rich output of a code cell."""
    for output in cell.get("outputs", []):
        if "data" in output:
            yield output.data


def texts(cell: nbformat.NotebookNode) -> Iterator[str]:
    """What a reader sees as text: the source, and every text output."""
    yield cell.source
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield output.text
        elif output.output_type == "error":
            yield "\n".join(output.traceback)
    for data in mimebundles(cell):
        for kind, text in data.items():
            if kind.startswith("text/"):
                yield text


# ---- form ----


def is_valid(lesson: Lesson) -> Iterator[str]:
    """The file is a valid notebook, for the kernel python3, without widget state."""
    ids = [cell.get("id") for _, cell in lesson.cells]
    if None in ids or len(set(ids)) < len(ids):
        yield "cells without an id of their own: run `make outputs`"
    else:
        try:
            nbformat.validate(lesson.notebook)
        except nbformat.ValidationError as error:
            yield f"not a valid notebook: {str(error).splitlines()[0]}"
    kernel = lesson.notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        yield f"the kernel is named {kernel!r}, not 'python3': run `make outputs`"
    if "widgets" in lesson.notebook.metadata:
        yield "widget state is stored in the metadata: run `make outputs`"
    for name, cell in lesson.code:
        if "execution" in cell.metadata:
            yield f"{name} stores execution times in its metadata: run `make outputs`"
        if any("application/vnd.jupyter.widget-view+json" in data for data in mimebundles(cell)):
            yield f"{name} stores a widget's random model id: run `make outputs`"


def is_small(lesson: Lesson) -> Iterator[str]:
    """The file is smaller than 1 MB."""
    size = lesson.path.stat().st_size
    if size >= MAX_BYTES:
        yield f"the file has {size:,} bytes, and {MAX_BYTES:,} is the limit: draw less in it"


def opens_well(lesson: Lesson) -> Iterator[str]:
    """The first cell has the title, what you will be able to do, what you need and how long."""
    name, first = lesson.cells[0] if lesson.cells else ("cell 1", None)
    if first is None or first.cell_type != "markdown":
        yield f"{name} is not text: a lesson opens with its title and aims"
        return
    wanted = {
        "a title line `# ...`": r"\A# \S",
        "'you will be able to'": r"(?i)you will be able to",
        "'you need'": r"(?i)you (will )?need",
        "'<number> minutes'": r"\b\d+ minutes",
    }
    for what, pattern in wanted.items():
        if not re.search(pattern, first.source):
            yield f"{name} opens the lesson without {what}"


# The one formula behind the times in lessons and README: reading, code, questions, exercises.
WORDS_A_MINUTE, LINES_A_MINUTE, MINUTES_A_QUESTION, ROUND_TO, LONGEST = 150, 20, 1, 5, 75
_EXERCISE = r"Exercise \d+\*{0,2} \((core|more), (\d+) minutes?\)"


def minutes(lesson: Lesson) -> int:
    """How long a lesson takes with its core exercises, rounded to 5 minutes.

    Left out are what is folded, tables, exercises marked "more", and sections headed "More: ...".
    """
    total, optional = 0.0, 0  # optional: the level of the heading of a section headed "More:"
    for _, cell in lesson.cells:
        if cell.cell_type == "markdown":
            for line in re.sub(r"(?s)<details>.*?</details>", "", cell.source).splitlines():
                if heading := re.match(r"(#+) (More:)?", line):
                    level = len(heading[1])
                    optional = 0 if level <= optional else optional
                    optional = optional or (level if heading[2] else 0)
                if not optional:
                    words = [] if line.startswith("|") else line.split()
                    core = [int(n) for kind, n in re.findall(_EXERCISE, line) if kind == "core"]
                    total += len(words) / WORDS_A_MINUTE + sum(core)
        elif not optional and any(
            called_name(node) == "question" for node in ast.walk(parse(cell))
        ):
            total += MINUTES_A_QUESTION
        elif not optional and not (
            {"exercise", "check"} & set(tags_of(cell))
            or cell.metadata.get("jupyter", {}).get("source_hidden")
        ):
            lines = [line.strip() for line in cell.source.splitlines()]
            total += len([x for x in lines if x and not x.startswith("#")]) / LINES_A_MINUTE
    return ROUND_TO * round(total / ROUND_TO)


def says_its_time(lesson: Lesson) -> Iterator[str]:
    """The first cell says how long the lesson takes, as `minutes` computes it; 75 at most."""
    wanted = minutes(lesson)
    said = re.search(r"\b(\d+) minutes", lesson.cells[0][1].source if lesson.cells else "")
    if said and int(said[1]) != wanted:
        yield f"{lesson.cells[0][0]} says {said[1]} minutes, and the formula gives {wanted}"
    if wanted > LONGEST:
        yield f"the lesson takes {wanted} minutes, and {LONGEST} is the most: cut, or mark as more"


def balances_its_keys(lesson: Lesson) -> Iterator[str]:
    """The right answers of a lesson's questions are spread: half on one letter at most."""
    keys = [
        "ABCD"[node.args[2].value]
        for _, cell in lesson.code
        for node in ast.walk(parse(cell))
        if called_name(node) == "question" and len(node.args) > 2
        if isinstance(node.args[2], ast.Constant)
    ]
    for letter in set(keys):
        if len(keys) > 2 and keys.count(letter) > (len(keys) + 1) // 2:
            yield f"{keys.count(letter)} of {len(keys)} questions have the key {letter}: move some"


def marks_its_exercises(lesson: Lesson) -> Iterator[str]:
    """Every exercise says whether it is core or more, and how long it takes: (core, 5 minutes)."""
    said = "\n".join(cell.source for _, cell in lesson.cells if cell.cell_type == "markdown")
    marked = len(re.findall(_EXERCISE, said))
    blanks = sum("exercise" in tags_of(cell) for _, cell in lesson.code)
    if marked != blanks:
        yield f"{blanks} exercises, and {marked} marked like `Exercise 3 (core, 5 minutes)`"


def has_links_that_lead_somewhere(lesson: Lesson) -> Iterator[str]:
    """Every link to a file in the project leads to a file."""
    for name, cell in lesson.cells:
        if cell.cell_type == "markdown":
            for target in broken_links(cell.source, lesson.path.parent):
                yield f"{name} links to {target}, which does not exist"


def broken_links(markdown: str, folder: Path) -> list[str]:
    """The targets of a text's links into the project that are not there."""
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)
    targets = re.findall(r"\]\(<?([^)\s>]+)>?[^)]*\)", without_code)
    local = [t for t in targets if not re.match(r"[a-z]+:|#", t)]
    return [t for t in local if not (folder / t.split("#")[0]).exists()]


# ---- code cells ----


def is_plain_python(lesson: Lesson) -> Iterator[str]:
    """Every code cell is Python, not empty, and without magics or shell lines."""
    for name, cell in lesson.code:
        try:
            if not ast.parse(cell.source).body:
                yield f"{name} has no code"
        except SyntaxError as error:
            yield f"{name}, line {error.lineno}, is not plain Python (no magics, no shell lines)"


def has_short_cells(lesson: Lesson) -> Iterator[str]:
    """No code cell is longer than 15 lines."""
    for name, cell in lesson.code:
        lines = len(cell.source.splitlines())
        if lines > MAX_LINES:
            yield f"{name} has {lines} lines, and {MAX_LINES} is the limit: split it"


def has_text_between_code(lesson: Lesson) -> Iterator[str]:
    """No more than two code cells follow one another."""
    in_a_row = 0
    for name, cell in lesson.cells:
        in_a_row = in_a_row + 1 if cell.cell_type == "code" else 0
        if in_a_row == MAX_CODE_CELLS_IN_A_ROW + 1:
            yield f"{name} is the third code cell in a row: put a paragraph before it"


def has_no_trailing_semicolon(lesson: Lesson) -> Iterator[str]:
    """No cell ends with `;`: nbval runs cells so that the output it hides appears."""
    for name, cell in lesson.code:
        for last in parse(cell).body[-1:]:
            line = cell.source.splitlines()[last.end_lineno - 1].encode()
            if line[last.end_col_offset :].lstrip().startswith(b";"):
                yield f"{name} ends with `;`: end it with a call that returns nothing"


# Scopes that run at once, where they are written: they see the notebook as the cell does.
_AT_ONCE = {"listcomp", "setcomp", "dictcomp", "genexpr"}


class _WithoutInlineLambdas(ast.NodeTransformer):
    """Drops lambdas that a cell passes straight to a call: `slope(lambda w: cost(x, w), w)`."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.args = [_nothing(arg) for arg in node.args]
        for keyword in node.keywords:
            keyword.value = _nothing(keyword.value)
        return node


def _nothing(node: ast.expr) -> ast.expr:
    """None in place of a lambda."""
    return ast.Constant(None) if isinstance(node, ast.Lambda) else node


def _globals_read(table: symtable.SymbolTable, in_function: bool = False) -> Iterator[tuple]:
    """(function, name) for each global name that a function below this scope uses."""
    is_function = table.get_type() == "function" and table.get_name() not in _AT_ONCE
    inside = in_function or is_function
    if inside and table.get_type() == "function":
        for symbol in table.get_symbols():
            if symbol.is_global():
                yield table.get_name(), symbol.get_name()
    for child in table.get_children():
        yield from _globals_read(child, inside)


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """(name, kind) for what statements bind at a notebook's top level; kind: made or data."""
    for statement in body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                yield alias.asname or alias.name.split(".")[0], "made"
        elif isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            yield statement.name, "made"
        else:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id, "data"


def has_no_hidden_globals(lesson: Lesson) -> Iterator[str]:
    """A function takes what it uses: it reads no variable of the notebook.

    Free to use: builtins, imports, functions and classes of the notebook, and a CONSTANT that is
    set once. A lambda passed straight to a call by a cell is a closure made for that call.
    """
    kinds: dict[str, list[str]] = {}
    for _, cell in lesson.code:
        for name, kind in _bindings(parse(cell).body):
            kinds.setdefault(name, []).append(kind)
    free = {name for name, kind in kinds.items() if set(kind) == {"made"}}
    free |= {name for name, kind in kinds.items() if name.isupper() and kind == ["data"]}
    free |= {"display", *dir(builtins)} - set(kinds)
    for name, cell in lesson.code:
        tree = ast.fix_missing_locations(_WithoutInlineLambdas().visit(parse(cell)))
        table = symtable.symtable(ast.unparse(tree), name, "exec")
        for function, variable in sorted(set(_globals_read(table))):
            if variable not in free:
                yield (
                    f"{name}: the function {function} reads {variable!r} from the notebook: "
                    "pass it as an argument"
                )


def folds_answers_and_scenery(lesson: Lesson) -> Iterator[str]:
    """The source of questions and of cells that only draw is folded, that of no other cell."""
    cells = [cell for _, cell in lesson.code]
    for (name, cell), fold in zip(lesson.code, folded(cells), strict=True):
        if fold != cell.metadata.get("jupyter", {}).get("source_hidden", False):
            wanted = "is a question or only draws: fold" if fold else "is to be read: unfold"
            yield f"{name} {wanted} its source with `make outputs`"


# ---- stored outputs ----


def is_stored_executed(lesson: Lesson) -> Iterator[str]:
    """All code cells were run once, top to bottom, and what they print and show is stored."""
    counts = [cell.execution_count for _, cell in lesson.code]
    if not counts:
        yield "there is no code"
    elif counts != list(range(1, len(counts) + 1)):
        yield "the cells were not run once each from top to bottom: run `make outputs`"
    for name, cell in lesson.code:
        body = parse(cell).body
        last = body[-1] if body else None
        talks = any(
            isinstance(statement, ast.Expr) and called_name(statement.value) in {"print", "show"}
            for statement in statements_run(body)
        )
        values = (ast.Name, ast.Attribute, ast.BinOp, ast.Compare, ast.Subscript, ast.Tuple)
        talks = talks or (isinstance(last, ast.Expr) and isinstance(last.value, values))
        if talks and not cell.outputs:
            yield f"{name} prints or shows something, and no output is stored: run `make outputs`"


def has_no_errors(lesson: Lesson) -> Iterator[str]:
    """No stored output is an error or a warning."""
    for name, cell in lesson.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{name} stores the error {output.ename}: {output.evalue}"
            elif output.output_type == "stream" and output.name == "stderr":
                yield f"{name} stores a warning: {output.text.strip().splitlines()[0]}"


def is_compared(lesson: Lesson) -> Iterator[str]:
    """Every output is compared, or the cell says why not; trained numbers are asserted."""
    for name, cell in lesson.cells:
        tags = tags_of(cell)
        reasons = [tag.removeprefix("reason:") for tag in tags if tag.startswith("reason:")]
        ignored = "nbval-ignore-output" in tags
        plain = {"nbval-ignore-output", "exercise", "check"}
        for tag in tags:
            if tag not in plain and not tag.startswith(("cover:", "drift:", "reason:")):
                yield f"{name} has the tag {tag!r}, which the course does not use"
        if tags and cell.cell_type != "code":
            yield f"{name} is text and has tags: only code cells have them"
        for reason in reasons:
            if reason not in REASONS:
                yield f"{name} has the unknown reason {reason!r}: one of {', '.join(REASONS)}"
        if ignored and not reasons:
            yield f"{name} is not compared: say why with a tag `reason:...`"
        if reasons and not ignored:
            yield f"{name} has a reason, and lacks the tag `nbval-ignore-output` it is for"
        if re.search(r"NBVAL_|PYTEST_VALIDATE", cell.source):
            yield f"{name} steers nbval by a comment: use tags"
        if "training" in reasons and not any(
            isinstance(node, ast.Assert) for node in ast.walk(parse(cell))
        ):
            yield f"{name} shows a trained number and asserts no band for it"


def alt_texts(page: str) -> list[str]:
    """The alt text of each picture in HTML or Markdown; empty for a picture without one."""
    images = [re.search(r'\balt="([^"]*)"', tag) for tag in re.findall(r"<img\b[^>]*>", page)]
    markdown = re.findall(r"!\[([^\]]*)\]\(", page)
    return [alt.strip() for alt in [*(found[1] if found else "" for found in images), *markdown]]


def has_alt_text(lesson: Lesson) -> Iterator[str]:
    """Every picture says in words what it shows."""
    for name, cell in lesson.cells:
        for data in mimebundles(cell):
            for kind in data:
                if kind.startswith("image/"):
                    yield f'{name} shows a bare {kind}: use show(figure, alt="...")'
        pages = [cell.source] if cell.cell_type == "markdown" else []
        pages += [data["text/html"] for data in mimebundles(cell) if "text/html" in data]
        if "" in [alt for page in pages for alt in alt_texts(page)]:
            yield f"{name} has a picture without alt text"


_MACHINE_PATHS = re.compile(
    r"(?<![\w.:/])/(?:home|Users|root|tmp|private|var|work|workspace|mnt|opt)/\w[^\s'\"]*"
    r"|\b[A-Z]:\\+Users\b[^\s'\"]*|ipykernel_\d+"
)


def names_no_machine(lesson: Lesson) -> Iterator[str]:
    """No text holds a path of the machine it was written on."""
    for name, cell in lesson.cells:
        for text in texts(cell):
            # A picture's bytes may hold anything.
            text = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=\s]+", "", text)
            for found in _MACHINE_PATHS.findall(text):
                yield f"{name} holds the path of a machine, {found}"


# ---- exercises ----


def has_blank_exercises(lesson: Lesson) -> Iterator[str]:
    """An exercise is stored blank, its check follows, and no other cell needs the answer."""
    answers: set[str] = set()
    waiting = ""
    for name, cell in lesson.code:
        tags, tree = tags_of(cell), parse(cell)
        if "exercise" in tags:
            if waiting:
                yield f"{waiting} is an exercise without a check after it"
            waiting = name
            answers |= {bound for bound, _ in _bindings(tree.body)}
            constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            if ... not in constants:
                yield f"{name} is an exercise that is not blank: leave `...` in it"
        elif "check" in tags:
            if not waiting:
                yield f"{name} is a check without an exercise before it"
            waiting = ""
        else:
            if waiting:
                yield f"{waiting} is an exercise without a check after it"
                waiting = ""
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            for answer in sorted(answers & names):
                yield f"{name} uses {answer!r}, which is a learner's answer"
    if waiting:
        yield f"{waiting} is an exercise without a check after it"


# ---- the textbook ----


def has_no_drift(lesson: Lesson) -> Iterator[str]:
    """A definition shown in the lesson and the one in the package are the same text."""
    for name, cell in lesson.cells:
        for tag in drift_tags(cell):
            try:
                if cell.source != filled(cell, tag, lesson.package):
                    yield f"{name} differs from nnlesson.{tag}: run `make outputs`"
            except LookupError as error:
                yield f"{name} {error}"


def contracts() -> list[dict[str, Any]]:
    """Who may import whom, as pyproject.toml says it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def taught_modules(package: Path = PACKAGE) -> list[str]:
    """The modules of the textbook: all that lie flat, but for the few they stand on.

    Those few are named once, by the contract that keeps them low.
    """
    low = next(c["source_modules"] for c in contracts() if c["id"] == "ground")
    names = sorted(path.stem for path in package.glob("[!_]*.py"))
    return [name for name in names if f"nnlesson.{name}" not in low]


def shown_once(lessons: list[Lesson], package: Path = PACKAGE) -> Iterator[str]:
    """All that is public in the textbook is built in one cell of one lesson."""
    times = Counter(tag for lesson in lessons for _, cell in lesson.code for tag in shown(cell))
    for module in taught_modules(package):
        for name in public_definitions((package / f"{module}.py").read_text(encoding="utf-8")):
            if times[f"{module}.{name}"] == 0:
                yield f"no lesson shows nnlesson.{module}.{name} (tag drift:{module}.{name})"
            elif times[f"{module}.{name}"] > 1:
                yield f"more than one cell shows nnlesson.{module}.{name}"


RULES = [
    is_valid,
    is_small,
    opens_well,
    says_its_time,
    marks_its_exercises,
    balances_its_keys,
    has_links_that_lead_somewhere,
    is_plain_python,
    has_short_cells,
    has_text_between_code,
    has_no_trailing_semicolon,
    has_no_hidden_globals,
    is_stored_executed,
    has_no_errors,
    is_compared,
    has_alt_text,
    names_no_machine,
    has_blank_exercises,
    has_no_drift,
    folds_answers_and_scenery,
]
