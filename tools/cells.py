"""What a cell is, read from its source: a piece of the package, a question, only a picture."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat

DRIFT = "drift:"
# What a learner should see: an operator, a condition, a function made on the spot.
COMPUTES = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda)


def tags_of(cell: nbformat.NotebookNode) -> list[str]:
    """The cell's tags."""
    return list(cell.metadata.get("tags", []))


def parse(cell: nbformat.NotebookNode) -> ast.Module:
    """The cell as Python; empty if it is not Python."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def called_name(node: ast.AST) -> str:
    """`f` for the call `f(...)` or `x.f(...)`, and '' for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


# ---- a piece of the package ----


def _methods(node: ast.stmt) -> list[ast.FunctionDef]:
    """The methods of a class; none of anything else."""
    body = node.body if isinstance(node, ast.ClassDef) else []
    return [member for member in body if isinstance(member, ast.FunctionDef)]


def _lines(node: ast.FunctionDef | ast.ClassDef | ast.stmt) -> slice:
    """The place of a statement among the lines of its source, with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    return slice(min(n.lineno for n in [node, *decorators]) - 1, node.end_lineno)


def definitions(source: str) -> dict[str, str]:
    """The text of each top-level definition and method of a module, dedented, by dotted name."""
    nodes: dict[str, ast.stmt] = {}
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            nodes[node.name] = node
            nodes |= {f"{node.name}.{method.name}": method for method in _methods(node)}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            nodes |= {target.id: node for target in targets if isinstance(target, ast.Name)}
    lines = source.splitlines()
    return {name: textwrap.dedent("\n".join(lines[_lines(n)])) for name, n in nodes.items()}


def public_definitions(source: str) -> list[str]:
    """The dotted names of the functions, classes and methods the lessons have to show."""
    names = []
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            methods = [method.name for method in _methods(node)]
            shown = [name for name in methods if name.startswith("__") or name[0] != "_"]
            names += [node.name, *(f"{node.name}.{name}" for name in shown)]
    return names


def _without(class_source: str, methods: Iterable[str]) -> str:
    """A class's text without these methods, and without the blank lines above them."""
    node = ast.parse(class_source).body[0]
    lines: list[str | None] = list(class_source.splitlines())
    for method in _methods(node):
        if method.name in methods:
            place = _lines(method)
            start = place.start
            while not (lines[start - 1] or "").strip():
                start -= 1
            lines[start : place.stop] = [None] * (place.stop - start)
    return "\n".join(line for line in lines if line is not None)


def drift_tags(cell: nbformat.NotebookNode) -> list[str]:
    """What the cell's drift tags name, as module.Name or module.Class.method."""
    return [tag.removeprefix(DRIFT) for tag in tags_of(cell) if tag.startswith(DRIFT)]


def shown_methods(cell: nbformat.NotebookNode) -> set[str] | None:
    """The methods of the class that the cell shows; None if it shows no class."""
    classes = [node for node in parse(cell).body if isinstance(node, ast.ClassDef)]
    return {method.name for method in _methods(classes[0])} if classes else None


def filled(cell: nbformat.NotebookNode, tag: str, package: Path) -> str:
    """The package's text for a cell with this drift tag.

    A class cell keeps the methods it shows; one without a class in it gets the whole class.
    Raises LookupError, with a sentence, when the package has no such definition or method.
    """
    module, _, name = tag.partition(".")
    path = package / f"{module}.py"
    ours = definitions(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if name not in ours:
        raise LookupError(
            f"is tagged {DRIFT}{tag}, which is not in the package: if it has a new name, "
            "change the tag"
        )
    owner, _, method = name.partition(".")
    if method:
        return f"@add_to_class({owner})\n{ours[name]}"
    methods = {other.partition(".")[2] for other in ours if other.startswith(name + ".")}
    kept = shown_methods(cell)
    if not methods or kept is None:
        return ours[name]
    for lost in sorted(kept - methods):
        raise LookupError(
            f"shows {name}.{lost}, which is not in nnlesson.{module}: take it out of the cell, "
            "or give it its new name"
        )
    return _without(ours[name], methods - kept)


def shown(cell: nbformat.NotebookNode) -> Iterator[str]:
    """The dotted names of what a drift cell shows: module.Class, and its methods that are there."""
    for tag in drift_tags(cell):
        yield tag
        yield from (f"{tag}.{method}" for method in shown_methods(cell) or ())


# ---- what is folded ----


def asks_a_question(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell calls question(...), with the answer among its arguments."""
    return any(called_name(node) == "question" for node in ast.walk(parse(cell)))


def _imports_from(node: ast.AST, package: str) -> bool:
    """Whether a statement imports from this package or one of its modules."""
    return isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package}.")


def _names(tree: ast.AST, kind: type[ast.expr_context]) -> set[str]:
    """The names that code reads (ast.Load) or sets (ast.Store), but for those of `for ... in`."""
    nodes = list(ast.walk(tree))
    loops = [name for n in nodes if isinstance(n, ast.comprehension) for name in ast.walk(n.target)]
    names = [n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, kind)]
    return {n.id for n in names} - {n.id for n in loops if isinstance(n, ast.Name)}


def _only_draws(body: list[ast.stmt], stage: set[str]) -> bool:
    """Whether statements end with a call of the stage, and before it only import and assign."""
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Call):
        return False
    nodes = [node for statement in body for node in ast.walk(statement)]
    return (
        ast.unparse(last.value.func).partition(".")[0] in stage
        and all(isinstance(n, ast.Assign) or _imports_from(n, "nnlesson") for n in body[:-1])
        and not any(isinstance(node, COMPUTES) for node in nodes)
    )


def folded(cells: list[nbformat.NotebookNode]) -> list[bool]:
    """For each code cell of a notebook, whether a reader sees its source only after a click.

    Two kinds are folded: a question, whose answer stands in the source; and a cell that only draws.
    Such a cell ends with show(...) or a control from nnlesson.course. What it makes before that
    no later cell needs, and it has no operator, condition, lambda, definition or assert in it.
    """
    trees = [parse(cell) for cell in cells]
    statements = [node for tree in trees for node in tree.body]
    imports = [node for node in statements if _imports_from(node, "nnlesson.course")]
    stage = {alias.asname or alias.name for node in imports for alias in node.names}
    found, needed = [], set()
    for cell, tree in reversed(list(zip(cells, trees, strict=True))):
        made = _names(tree, ast.Store)
        draws = _only_draws(tree.body, stage) and not made & needed and "check" not in tags_of(cell)
        found.append(draws or asks_a_question(cell))
        needed = (needed - made) | (_names(tree, ast.Load) - made)
    return found[::-1]
