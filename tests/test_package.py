"""The wheel: it builds, carries the bundled digits and nothing else, and works from there."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import course_rules
import pytest
from packaging.requirements import Requirement

ROOT = course_rules.ROOT
DIGITS = {path.name for path in (ROOT / "data" / "digits").glob("*.gz")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel of the package as it is now."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_package_and_the_digits(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    modules = {  # the drawing pad's half for the browser is a .js file
        path.relative_to(ROOT / "src").as_posix()
        for path in course_rules.PACKAGE.rglob("*")
        if path.suffix in {".py", ".js"}
    }
    assert "nnlesson/course/lesson6/pad.js" in modules
    digits = {f"nnlesson/data/digits/{name}" for name in DIGITS}
    assert len(DIGITS) == 4
    assert modules | digits | {"nnlesson/py.typed"} <= set(names)
    others = {name for name in names if not name.startswith(("nnlesson/", "nnlesson-"))}
    assert not others
    for licence in ("LICENSE", "LICENSE-text"):
        assert any(name.endswith(f"licenses/{licence}") for name in names)


def test_the_wheel_works_from_where_it_is_installed(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = """
import nnlesson, nnlesson.datasets
digits = nnlesson.datasets.load_digits()
print(nnlesson.__file__)
print(len(digits.train[1]) + len(digits.validation[1]) + len(digits.test[1]))
"""
    # Ahead of this project's own source; and in a folder where there is no repository to find.
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONUTF8": "1"}
    environment.pop("NNLESSON_DATA", None)
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    where, count = result.stdout.split("\n")[:2]
    assert Path(where).is_relative_to(tmp_path)
    assert count == "1797"


def test_every_pin_has_a_hash_and_no_registry_is_named():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(pins) > 50
    for pin in pins:
        assert re.match(r"[a-z0-9._-]+==\S+", pin), pin.splitlines()[0]
        assert "--hash=sha256:" in pin, pin.splitlines()[0]
    assert not re.search(r"://|index-url|find-links", text)


def test_the_lock_keeps_to_the_ranges():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, flags=re.MULTILINE)
    ranges = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, ranges):
        versions = [version for name, version in pins if name == requirement.name]
        assert versions, f"{requirement.name} is not in requirements.txt: run `make lock`"
        assert all(map(requirement.specifier.contains, versions)), f"{requirement}: `make lock`"
