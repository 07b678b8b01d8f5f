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
    (folder / "tools").mkdir(parents=True)
    for name in ("requirements.lock", "requirements-site.lock", "tools/setup_env.py"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "tools" / "jupyter", folder / "tools" / "jupyter")
    spec = importlib.util.spec_from_file_location("setup_env", folder / "tools" / "setup_env.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.sys, "argv", ["setup_env.py"])
    return module


@pytest.fixture
def commands(setup_env, monkeypatch):
    """The commands that the set-up runs, recorded; `python -m venv` makes an empty .venv."""
    made = []

    def call(command, **_):
        made.append(command)
        if "venv" in command:
            os.makedirs(setup_env.VENV)
        return 0 if os.path.isdir(setup_env.VENV) else 1

    monkeypatch.setattr(setup_env.subprocess, "call", call)
    return made


@pytest.fixture
def installed(setup_env, commands, monkeypatch):
    """Runs the set-up with arguments; returns the lists of packages that it installs."""

    def set_up(*arguments):
        commands.clear()
        monkeypatch.setattr(setup_env.sys, "argv", ["setup_env.py", *arguments])
        assert setup_env.main() == 0
        assert all("--require-hashes" in c for c in commands if "install" in c)
        return [c[-1] for c in commands if "--compile-bytecode" in c]

    return set_up


def change(setup_env, name):
    with Path(setup_env.ROOT, name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")


@pytest.mark.parametrize(
    "name", ["requirements.lock", "tools/setup_env.py", "tools/jupyter/jupyter_server_config.py"]
)
def test_a_second_set_up_does_nothing_unless_a_file_changed(setup_env, installed, commands, name):
    assert installed() == ["requirements.lock"]
    assert "nnlesson.pth" in commands[-1][-1]
    assert installed() == []
    assert len(commands) == 1  # asking .venv's Python for its version
    change(setup_env, name)
    assert installed() == ["requirements.lock"]


def test_the_site_adds_its_packages_once_and_leaves_the_rest_ready(setup_env, installed):
    assert installed() == ["requirements.lock"]
    assert installed("site") == ["requirements-site.lock"]
    assert installed("site") == [] and installed() == []
    change(setup_env, "requirements-site.lock")
    assert installed() == []  # what the lessons need is still there
    assert installed("site") == ["requirements-site.lock"]


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
    # Even the first step fails, and then those after it.
    monkeypatch.setattr(setup_env.subprocess, "call", lambda *_, **__: 1)
    assert setup_env.main() == 1
    assert "python3-venv" in capsys.readouterr().err
    monkeypatch.setattr(setup_env, "make_venv", lambda: os.makedirs(setup_env.VENV))
    assert setup_env.main() == 1
    assert "Set-up failed. The packages of requirements.lock" in capsys.readouterr().err
    assert not os.path.exists(setup_env.STAMP)


def test_a_folder_that_cannot_be_written_is_explained(setup_env, commands, monkeypatch, capsys):
    monkeypatch.setattr(setup_env, "install", lambda _: open(setup_env.ROOT))  # noqa: PLW1514
    assert setup_env.main() == 1
    assert "yours to write to" in capsys.readouterr().err


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


def make(*arguments, **environment):
    """Run make in the project's folder, without what an outer make was told."""
    told = {"MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "PYTHON", "ARGS", "LESSON"}
    kept = {name: value for name, value in os.environ.items() if name not in told}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=kept | environment,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@needs_make
def test_make_help_keeps_the_verbs_of_learners_and_of_maintainers_apart():
    learners, maintainers = (
        set(re.findall(r"make ([a-z-]+)", make(verb).stdout, flags=re.MULTILINE))
        for verb in ("help", "help-maintainers")
    )
    assert {"lab", "test", "data"} < learners and len(learners) <= 6
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z-]+):(?!=)", makefile, flags=re.MULTILINE))
    assert learners | maintainers == verbs - {"help", "setup"} and not learners & maintainers


@needs_make
def test_make_takes_the_first_python_that_is_new_enough_or_says_that_there_is_none(tmp_path):
    for tool in ("sh", "make"):  # what the recipe itself needs
        (tmp_path / tool).symlink_to(shutil.which(tool))
    for name, script in (
        ("python3", "exit 1"),  # too old
        ("python3.12", '[ "$1" = -c ] || echo "took $0 for $1"'),
    ):
        result = make("setup", PATH=str(tmp_path))
        assert result.returncode != 0
        assert "needs Python 3.11 to 3.15, and none was found" in result.stderr
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    assert "python3.12 for tools/setup_env.py" in make("setup", PATH=str(tmp_path)).stdout
    assert 'no Python at "lost"' in make("setup", "PYTHON=lost").stderr
