"""Format, lint and types, with the pinned tools: what `make lint` says is also a test."""

import subprocess
import sys

import course_rules
import pytest


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join
)
def test_the_project_passes(command):
    result = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=course_rules.ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
