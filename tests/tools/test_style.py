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


OFF_THEIR_FLOORS = [
    ("validate", "nnlesson.activations", "relu"),  # ground
    ("optimizers", "nnlesson.datasets", "load_digits"),  # top
    ("activations", "nnlesson.losses", "CrossEntropy"),  # textbook
    ("course.style", "nnlesson.course.lesson1.figures", "line_ends"),  # rooms
    ("course.lesson1.figures", "nnlesson.course.lesson2.figures", "nudge"),  # rooms
    ("new", "nnlesson.course.style", "show"),  # top
    ("new", "matplotlib", "figure"),  # drawing
]


def test_each_contract_finds_a_module_off_its_floor(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src" / "nnlesson", tmp_path / "nnlesson")
    for module, other, name in OFF_THEIR_FLOORS:
        path = tmp_path / "nnlesson" / f"{module.replace('.', '/')}.py"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\ndef f():\n    from {other} import {name}\n")
    said = run(IMPORTS, tmp_path).stdout
    contracts = course_rules.contracts()
    assert len(contracts) == 5
    for contract in contracts:
        assert f"{contract['name']} BROKEN" in " ".join(said.split()), said
    for module, other, _ in OFF_THEIR_FLOORS:
        assert f"nnlesson.{module} -> {other}" in said


FORBIDDEN = {
    "import pickle": "S403",
    "import subprocess": "S404",
    "os.system('ls')": "S605",
    "os.execv('ls', [])": "S606",
    "exec(answer)": "S102",
    "eval(answer)": "S307",
}
REACHES_OUT = ["import os", "import urllib.request", "from requests import get", "import socket"]


@pytest.mark.parametrize(
    ("file", "reaches_out"),
    [("layers", False), ("course/lesson1/checks", False), ("../../notebooks/new", False)]
    + [("datasets", True), ("weights", True)],
)
def test_ruff_finds_what_the_package_must_never_do(file, reaches_out):
    rules = FORBIDDEN | dict.fromkeys([] if reaches_out else REACHES_OUT, "TID251")
    path = ROOT / "src" / "nnlesson" / f"{file}.py"
    command = [*RUFF, "--output-format=json", "--stdin-filename", str(path), "-"]
    faults = json.loads(run(command, source="\n".join(["import os", *rules])).stdout)
    for row, rule in enumerate(rules.values(), start=2):
        assert rule in [fault["code"] for fault in faults if fault["location"]["row"] == row]
