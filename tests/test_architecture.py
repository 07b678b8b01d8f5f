"""What an import brings into memory: nothing for the package, NumPy for the textbook."""

import shutil
import subprocess
import sys
from pathlib import Path

import course_rules

PACKAGE = course_rules.PACKAGE


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
