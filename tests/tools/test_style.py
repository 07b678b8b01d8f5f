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
    options = {"cwd": folder, "input": source, "capture_output": True, "encoding": "utf-8"}
    return subprocess.run([sys.executable, *command], **options, check=False)


@pytest.mark.parametrize(
    "command",
    [[*RUFF, "."], ["-m", "ruff", "format", "--check", "."], ["-m", "mypy"], IMPORTS],
    ids=["ruff check", "ruff format", "mypy", "import-linter"],
)
def test_the_project_passes(command):
    result = run(command)
    assert result.returncode == 0, result.stdout + result.stderr


# A module, and what it must not import, by each contract.
OFF_THEIR_FLOORS = [
    ("validate", "nnlesson.activations"),  # ground
    ("optimizers", "nnlesson.datasets"),  # top
    ("activations", "nnlesson.losses"),  # textbook
    ("course.style", "nnlesson.course.lesson1.figures"),  # rooms
    ("course.lesson1.figures", "nnlesson.course.lesson2.figures"),  # rooms
    ("new", "nnlesson.course.style"),  # top
    ("new", "matplotlib"),  # drawing
]


def test_each_contract_finds_a_module_off_its_floor(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src" / "nnlesson", tmp_path / "nnlesson")
    for module, other in OFF_THEIR_FLOORS:
        path = tmp_path / "nnlesson" / f"{module.replace('.', '/')}.py"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nimport {other}\n")
    said = " ".join(run(IMPORTS, tmp_path).stdout.split())
    wanted = [f"{contract['name']} BROKEN" for contract in course_rules.contracts()]
    wanted += [f"nnlesson.{module} -> {other}" for module, other in OFF_THEIR_FLOORS]
    assert len(wanted) == 12 and [text for text in wanted if text not in said] == [], said


FORBIDDEN = {
    "import pickle": "S403",
    "import subprocess": "S404",
    "os.system('ls')": "S605",
    "os.execv('ls', [])": "S606",
    "exec(answer)": "S102",
    "eval(answer)": "S307",
}
REACHES_OUT = ["import os", "import urllib.request", "from requests import get", "import socket"]
FILES = ["layers", "course/lesson1/checks", "../../notebooks/new", "datasets", "weights"]


@pytest.mark.parametrize("file", FILES)
def test_ruff_finds_what_the_package_must_never_do(file):
    may_reach_out = file in ("datasets", "weights")
    rules = FORBIDDEN | dict.fromkeys([] if may_reach_out else REACHES_OUT, "TID251")
    name = f"{course_rules.PACKAGE}/{file}.py"
    command = [*RUFF, "--output-format=json", "--stdin-filename", name, "-"]
    faults = json.loads(run(command, source="\n".join(["import os", *rules])).stdout)
    found = {(fault["location"]["row"], fault["code"]) for fault in faults}
    assert set(enumerate(rules.values(), start=2)) <= found
