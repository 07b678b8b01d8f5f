"""Format, lint, types and floors, with the pinned tools: what `make lint` says is also a test."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import course_rules
import pytest

ROOT = course_rules.ROOT
IMPORTS = ["-c", "import importlinter.cli as c; c.lint_imports_command()", "--no-cache"]
RUFF = ["-m", "ruff", "check"]


def run(command: list[str], folder: Path = ROOT, source: str | None = None):
    """One of the tools, on the project or on a copy of it, or on a file given as text."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, input=source,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [[*RUFF, "."], ["-m", "ruff", "format", "--check", "."], ["-m", "mypy"], IMPORTS],
    ids=["ruff check", "ruff format", "mypy", "import-linter"],
)
def test_the_project_passes(command):
    result = run(command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_each_contract_finds_a_module_off_its_floor(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src" / "nnlesson", tmp_path / "nnlesson")
    for name, line in {
        "validate": "from nnlesson.activations import relu",  # ground
        "optimizers": "from . import datasets",  # top
        "activations": "def f():\n    from nnlesson.losses import CrossEntropy",  # textbook
        "course/style": "from .lesson1 import figures",  # rooms
        "course/lesson1/figures": "from nnlesson.course.lesson2.figures import nudge",  # rooms
        "new": "import matplotlib\nfrom nnlesson.course.style import show",  # drawing, top
    }.items():
        with (tmp_path / "nnlesson" / f"{name}.py").open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    said = run(IMPORTS, tmp_path).stdout
    contracts = course_rules.contracts()
    assert len(contracts) == 5
    for contract in contracts:
        assert f"{contract['name']} BROKEN" in " ".join(said.split()), said
    for chain in [
        "validate -> nnlesson.activations", "optimizers -> nnlesson.datasets",
        "new -> nnlesson.course.style", "new -> matplotlib",
        "course.style -> nnlesson.course.lesson1.figures",
        "course.lesson1.figures -> nnlesson.course.lesson2.figures",
    ]:  # fmt: skip
        assert f"nnlesson.{chain}" in said


@pytest.mark.parametrize(
    ("file", "source", "rule"),
    [
        ("layers", "def f():\n    import urllib.request", "TID251"),
        ("course/lesson1/explorers", "from requests import get", "TID251"),
        ("../../notebooks/new", "import socket", "TID251"),
        ("datasets", "import pickle", "S403"),
        ("weights", "import subprocess", "S404"),
        ("weights", "import os\n\nos.system('ls')", "S605"),
        ("weights", "import os\n\nos.execv('ls', [])", "S606"),
        ("course/lesson1/checks", "exec(answer)", "S102"),
        ("course/lesson1/checks", "eval(answer)", "S307"),
    ],
)
def test_ruff_finds_what_the_package_must_never_do(file, source, rule):
    path = ROOT / "src" / "nnlesson" / f"{file}.py"
    command = [*RUFF, "--output-format=json", "--stdin-filename", str(path), "-"]
    assert rule in [fault["code"] for fault in json.loads(run(command, source=source).stdout)]
