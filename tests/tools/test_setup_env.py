"""The set-up: nothing to do when up to date, and one clear sentence when it cannot work."""

import importlib.util
import os
import re
import shutil
import subprocess
import venv
from pathlib import Path

import course_rules
import pytest

ROOT = course_rules.ROOT
needs_make = pytest.mark.skipif(
    os.name == "nt" or shutil.which("make") is None, reason="there is no make here"
)


@pytest.fixture
def setup_env(tmp_path, monkeypatch):
    """The script as a module, at work in a folder of its own."""
    folder = tmp_path / "a course 日本語"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=ignored)
    for path in ROOT.glob("requirements*.lock"):
        shutil.copy(path, folder)
    spec = importlib.util.spec_from_file_location("setup_env", folder / "tools" / "setup_env.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.sys, "argv", ["setup_env.py"])
    return module


def test_a_second_set_up_does_nothing_unless_a_file_changed(setup_env, monkeypatch):
    commands = []

    def call(command, **_):
        commands.append(command)
        if "venv" in command:
            os.makedirs(setup_env.VENV)
        return 0 if os.path.isdir(setup_env.VENV) else 1

    def installed(*arguments, changed=()):
        """What the set-up installs and links after a change of these files."""
        for name in changed:
            with Path(setup_env.ROOT, name).open("a", encoding="utf-8") as file:
                file.write("\n# changed\n")
        commands.clear()
        monkeypatch.setattr(setup_env.sys, "argv", ["setup_env.py", *arguments])
        assert setup_env.main() == 0
        assert all("--require-hashes" in command for command in commands if "install" in command)
        return [command[-1] for command in commands if command[-1] in (*lessons, *site)]

    monkeypatch.setattr(setup_env.subprocess, "call", call)
    lessons = ["requirements.lock", setup_env.LINK_PACKAGE]
    site = ["requirements-site.lock", setup_env.LINK_PACKAGE]
    assert installed() == lessons
    assert installed() == []
    for name in ("requirements.lock", "tools/setup_env.py", "tools/jupyter/custom/custom.css"):
        assert installed(changed=[name]) == lessons
    # The site adds its packages once, and leaves the rest ready.
    assert installed("site") == site
    assert installed("site") == installed() == []
    assert installed(changed=["requirements-site.lock"]) == []
    assert installed("site") == site


def test_the_package_is_found_in_a_folder_of_any_name(setup_env, tmp_path):
    # A real .venv, without packages, in a locale that knows ASCII only; then the folder moves.
    folder = Path(setup_env.ROOT)
    (folder / "src" / "nnlesson").mkdir(parents=True)
    venv.create(setup_env.VENV, symlinks=os.name != "nt")
    setup_env.run([setup_env.IN_VENV, "-c", setup_env.LINK_PACKAGE], "")
    moved = folder.rename(tmp_path / "引っ越し")
    python = moved / Path(setup_env.IN_VENV).relative_to(folder)
    code = "import nnlesson, os; print(os.path.samefile(*nnlesson.__path__, 'src/nnlesson'))"
    said = subprocess.check_output(
        [python, "-c", code], cwd=moved, env=os.environ | {"LC_ALL": "C"}, encoding="utf-8"
    )
    assert said.strip() == "True"


def test_a_failed_step_leaves_no_stamp_and_says_what_to_do(setup_env, monkeypatch, capsys):
    # First every step fails, then those after .venv, and then a file cannot be written.
    monkeypatch.setattr(setup_env.subprocess, "call", lambda *_, **__: 1)
    assert setup_env.main() == 1
    monkeypatch.setattr(setup_env, "make_venv", lambda: os.makedirs(setup_env.VENV, exist_ok=True))
    assert setup_env.main() == 1
    monkeypatch.setattr(setup_env, "install", lambda _: open(setup_env.ROOT))  # noqa: PLW1514
    assert setup_env.main() == 1
    first, second, third = capsys.readouterr().err.splitlines()
    assert "python3-venv" in first and "yours to write to" in third
    assert "Set-up failed. The packages of requirements.lock" in second
    assert not os.path.exists(setup_env.STAMP)


@pytest.mark.parametrize("version", [(3, 8, 10), (3, 16, 0)])
def test_a_python_without_packages_is_told_so(setup_env, monkeypatch, capsys, version):
    monkeypatch.setattr(setup_env.sys, "version_info", version)
    assert setup_env.main() == 1
    message = capsys.readouterr().err
    assert f"needs Python 3.11 to 3.15, and this is Python 3.{version[1]} " in message
    assert message.count("\n") == 1


def test_an_old_python_can_read_the_script():
    # f-strings, annotations and the like would be a SyntaxError there instead of a sentence.
    source = (ROOT / "tools" / "setup_env.py").read_text(encoding="ascii")
    for new in ('f"', "->", ":=", "match ", "nonlocal "):
        assert new not in source


def make(*arguments, path=os.environ["PATH"]):
    """What make says in the project's folder, without what an outer make was told."""
    options = {"cwd": ROOT, "env": {"PATH": path}, "capture_output": True, "encoding": "utf-8"}
    return subprocess.run(["make", *arguments], **options, check=False)


@needs_make
def test_make_help_keeps_the_verbs_of_learners_and_of_maintainers_apart():
    learners, maintainers = (
        re.findall(r"(?m)^  make ([a-z-]+)", make(verb).stdout)
        for verb in ("help", "help-maintainers")
    )
    assert {"lab", "test", "data"} < set(learners) and len(learners) <= 6
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = re.findall(r"(?m)^([a-z-]+):(?!=)", makefile)
    assert sorted([*learners, *maintainers, "help", "setup"]) == sorted(set(verbs))


@needs_make
def test_make_takes_the_first_python_that_is_new_enough_or_says_that_there_is_none(tmp_path):
    for tool in ("sh", "make"):  # what the recipe itself needs
        (tmp_path / tool).symlink_to(shutil.which(tool))
    said = []
    for name, script in (
        ("python3", "exit 1"),  # too old
        ("python3.12", '[ "$1" = -c ] || echo "took $0 for $1"'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
        said.append(make("setup", path=str(tmp_path)))
    assert said[0].returncode != 0
    assert "needs Python 3.11 to 3.15, and none was found" in said[0].stderr
    assert "python3.12 for tools/setup_env.py" in said[1].stdout
    assert 'no Python at "lost"' in make("setup", "PYTHON=lost").stderr
