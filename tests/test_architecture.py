"""The floors of the package where import-linter and ruff (tests/tools/test_style.py) do not see."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import cells
import course_rules
import pytest

PACKAGE = course_rules.PACKAGE
# Calls that read or write files, whatever they are called on.
FILES = {
    "dump", "fromfile", "genfromtxt", "load", "loadtxt", "memmap", "open", "read_bytes",
    "read_text", "save", "savefig", "savetxt", "savez", "savez_compressed", "tofile", "write_bytes",
    "write_text",
}  # fmt: skip
MAY_CALL = {
    "datasets.py": FILES,
    "weights.py": FILES,
    "programs.py": {"write_bytes"},
    "style.py": {"save"},  # a picture, into memory
}


def faults(source: str, name: str) -> set[str]:
    """What a file of this name calls and must not, and whether it may read pickles."""
    nodes = list(ast.walk(ast.parse(source)))
    calls = {cells.called_name(node) for node in nodes}
    keywords = [node for node in nodes if isinstance(node, ast.keyword)]
    pickles = [k for k in keywords if k.arg == "allow_pickle" and ast.unparse(k.value) != "False"]
    forbidden = FILES - MAY_CALL.get(name, set())
    return (calls & forbidden) | {keyword.arg for keyword in pickles}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_only_its_floor_touches_files(path):
    assert not faults(path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("layers.py", "np.save('x', y)"),
        ("layers.py", "y.tofile('x')"),
        ("figures.py", "open('figure.png', 'wb')"),
        ("weights.py", "np.load(file, allow_pickle=True)"),
        ("datasets.py", "np.load(file, allow_pickle=flag)"),
    ],
)
def test_a_module_off_its_floor_is_found(name, source):
    assert faults(source, name)


def loaded(modules: list[str], folder: Path = PACKAGE.parent) -> set[str]:
    """The libraries in memory after a fresh interpreter has imported modules of the package."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); before = set(sys.modules)\n"
    code += "".join(f"import {module}\n" for module in modules)
    code += "print(*(m.split('.')[0] for m in sys.modules if m not in before))"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return set(result.stdout.split()) - set(sys.stdlib_module_names)


def test_importing_the_package_is_light():
    assert loaded(["nnlesson"]) == {"nnlesson"}


def test_the_textbook_needs_numpy_alone():
    modules = course_rules.taught_modules()
    assert len(modules) > 5
    assert loaded([f"nnlesson.{name}" for name in modules]) <= {"nnlesson", "numpy"}


def test_a_heavy_import_would_be_seen(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "nnlesson")
    with (tmp_path / "nnlesson" / "activations.py").open("a", encoding="utf-8") as file:
        file.write("import matplotlib\n")
    assert "matplotlib" in loaded(["nnlesson.activations"], tmp_path)
