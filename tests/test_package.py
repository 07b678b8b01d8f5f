"""The package as it is installed: the wheel carries it and the digits; a short list is enough."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import course_rules
import nbformat
import pytest
from packaging.requirements import Requirement

ROOT = course_rules.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = PROJECT["dependencies"]
NAMES = ("requirements.lock", "requirements-site.lock", "requirements.txt")
LOCK, SITE_LOCK, SHORT = ((ROOT / name).read_text(encoding="utf-8") for name in NAMES)


def run(*command: object, cwd: Path = ROOT, **environment: str) -> str:
    """What a command printed; it must succeed, without the data and settings of this machine."""
    hidden = ("NNLESSON_DATA", "NNLESSON_STILLS", "PYTHONPATH", "IPYTHONDIR", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    kept |= environment | {"PYTHONUTF8": "1"}
    return subprocess.check_output(list(map(str, command)), cwd=cwd, env=kept, encoding="utf-8")


def test_the_wheel_holds_the_package_and_the_digits_and_works_where_it_is_installed(tmp_path):
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (path,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(path).extractall(tmp_path / "site")
    names = set(zipfile.ZipFile(path).namelist())
    wanted = {  # live figures have a half for the browser, and exercises a file of formulas
        path.relative_to(ROOT / "src").as_posix()
        for path in course_rules.PACKAGE.rglob("*")
        if path.suffix in {".py", ".js", ".css", ".toml", ".typed"}
    }
    assert {"nnlesson/course/lesson6/drawn_digit.js", "nnlesson/py.typed"} <= wanted <= names
    assert all(name.startswith(("nnlesson/", "nnlesson-")) for name in names)
    licences = {name.partition("licenses/")[2] for name in names}
    assert {"LICENSE", "LICENSE-text"} <= licences

    code = "import nnlesson.datasets as d; print(d.__file__, len(d.load_digits().test.labels))"
    # Ahead of this project's own source; and in a folder where there is no repository to find.
    printed = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(tmp_path / "site"))
    where, count = printed.rsplit(maxsplit=1)
    assert Path(where).is_relative_to(tmp_path) and count == "359"


@pytest.mark.parametrize("lock", [LOCK, SITE_LOCK], ids=["all", "site"])
def test_every_pin_of_the_lock_has_a_hash_and_no_registry_is_named(lock):
    pins = re.split(r"\n(?=[a-z0-9])", lock.strip())
    assert len(pins) > 50
    pinned = re.compile(r"[a-z0-9._-]+==\S+(.|\n)*--hash=sha256:[0-9a-f]{64}")
    assert [pin for pin in pins if not pinned.match(pin)] == []
    assert not re.search(r"://|index-url|find-links", lock + SHORT)


def pins_of(lock: str) -> list[tuple[str, str]]:
    """Each package of a list with its version; some have two, for different Pythons."""
    return re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", lock, flags=re.MULTILINE)


@pytest.mark.parametrize(("extra", "lock"), [("dev", LOCK), ("site", SITE_LOCK)])
def test_the_lock_keeps_to_the_ranges(extra, lock):
    wanted = [*NEEDED, *PROJECT["optional-dependencies"][extra]]
    for requirement in map(Requirement, wanted):
        versions = [version for name, version in pins_of(lock) if name == requirement.name]
        assert versions, f"{requirement.name} is not in the lock: run `make lock`"
        assert all(map(requirement.specifier.contains, versions)), f"{requirement}: `make lock`"


def test_the_site_has_all_else_at_the_same_versions():
    # So .venv serves the lessons and their tests after `make site` as before.
    assert set(pins_of(LOCK)) < set(pins_of(SITE_LOCK)), "run `make lock`"


def test_the_short_list_names_the_dependencies_as_the_lock_pins_them_and_the_package():
    *pins, package = [line for line in SHORT.splitlines() if not line.startswith("#")]
    assert package == "."
    assert {Requirement(pin).name for pin in pins} == {Requirement(one).name for one in NEEDED}
    assert set(pins_of(SHORT)) < set(pins_of(LOCK)), "run `make lock`"


@pytest.mark.slow
def test_the_short_list_is_enough_for_a_lesson(tmp_path):
    # What a clone holds, but this folder's own builds, and an empty environment.
    clone, empty = tmp_path / "clone", tmp_path / "empty"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "mnist", "site", "slides")
    shutil.copytree(ROOT, clone, ignore=ignored)
    venv.create(empty, with_pip=True, symlinks=os.name != "nt")
    python = empty / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt", cwd=clone)

    (lesson,) = (clone / "notebooks").glob("01_*.ipynb")
    made = ["--execute", "--to", "notebook", "--output", tmp_path / "made.ipynb", lesson]
    # A kernel of this environment, not one that the user has registered elsewhere.
    run(python, "-m", "nbconvert", *made, JUPYTER_PREFER_ENV_PATH="1")
    cells = nbformat.read(tmp_path / "made.ipynb", as_version=4).cells
    assert sum("text" in output for cell in cells for output in cell.get("outputs", [])) > 5
    where = run(python, "-c", "import nnlesson; print(nnlesson.__file__)", cwd=tmp_path)
    assert Path(where).is_relative_to(empty)
