"""Make .venv with the pinned environment and this package in it; do nothing when it is up to date.

`make lab` and `make test` run this. On Windows run it with `py tools\\setup_env.py`. With the
argument `site` it adds what builds the web edition; .venv then still serves everything else.
It needs nothing but Python, and is written so that an old Python can still read it and say so.
"""

import hashlib
import os
import shutil
import subprocess
import sys

OLDEST, TOO_NEW = (3, 11), (3, 16)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
JUPYTER = os.path.join(ROOT, "tools", "jupyter")  # settings of JupyterLab in .venv
STAMP = os.path.join(VENV, "nnlesson-ready")
# What pins the packages. The second list holds all of the first, at the same versions.
LOCK, SITE_LOCK = "requirements.lock", "requirements-site.lock"
# Where .venv finds the package, written as a path relative to .venv: it is then plain ASCII
# whatever the folder is called (an editable install writes the full path, and with letters
# outside the system's encoding in it Python 3.11 does not even start), and the folder can move.
LINK_PACKAGE = """
import os, sysconfig
site = sysconfig.get_path("purelib")
with open(os.path.join(site, "nnlesson.pth"), "w") as file:
    file.write(os.path.relpath("src", site))
"""
IN_VENV = os.path.join(VENV, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))


class SetupError(Exception):
    """A step failed; the message is the one sentence the user reads."""


def is_new_enough(python):
    """Whether the interpreter at this path runs and is neither too old nor too new."""
    code = "import sys; sys.exit(not {} <= sys.version_info < {})".format(OLDEST, TOO_NEW)
    try:
        return subprocess.call([python, "-c", code], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def stamp_of(lock):
    """The line of the stamp file that says: the packages of this list are installed."""
    names = [os.path.join(ROOT, LOCK), os.path.join(ROOT, lock), os.path.abspath(__file__)]
    for folder, _, files in sorted(os.walk(JUPYTER)):
        names += [os.path.join(folder, name) for name in sorted(files)]
    digest = hashlib.sha256()
    for name in names:
        with open(name, "rb") as file:
            digest.update(file.read())
    return "{} {}\n".format(lock, digest.hexdigest())


def is_ready(lock):
    """Whether nothing has to be done."""
    try:
        with open(STAMP) as file:
            return stamp_of(lock) in file.readlines() and is_new_enough(IN_VENV)
    except OSError:
        return False


def run(command, sentence):
    """Run one step in the project's folder; the sentence says what to do if it fails."""
    environment = dict(os.environ)
    # uv installs where it is told, not where an activated environment would have it.
    environment.pop("VIRTUAL_ENV", None)
    try:
        code, detail = subprocess.call(command, cwd=ROOT, env=environment), ""
    except OSError as error:
        code, detail = 1, " ({})".format(error)
    if code != 0:
        raise SetupError(sentence + detail)


def make_venv():
    """A new, empty .venv, made with the Python that runs this script."""
    if os.path.abspath(sys.prefix) == os.path.abspath(VENV):
        raise SetupError(
            "The folder .venv has to be made again, but its own Python is running this: "
            "type `deactivate` and run the command once more."
        )
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        "Python could not make the folder .venv (see above): on Debian and Ubuntu "
        "`sudo apt install python3-venv` brings the missing part.",
    )


def install(lock):
    """Fill .venv: uv first, at the version that the list of packages has; uv installs the rest."""
    failed = (
        "The packages of {} could not be installed (see above): check the network "
        "and the free disk space, and run the command again. There are packages for Windows "
        "(x86_64), macOS and Linux (both x86_64 and arm64); on other systems it cannot "
        "work.".format(lock)
    )
    with open(os.path.join(ROOT, lock)) as file:
        lines = file.read().splitlines()
    first = [number for number, line in enumerate(lines) if line.startswith("uv==")][0]
    last = first
    while lines[last].endswith("\\"):
        last += 1
    uv_only = os.path.join(VENV, "uv.txt")
    with open(uv_only, "w") as file:
        file.write("\n".join(lines[first : last + 1]) + "\n")
    pip = [IN_VENV, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(pip + ["--require-hashes", "--no-deps", "-r", uv_only], failed)

    # Nothing is built here: that needs compilers, and takes long before it fails.
    uv = [IN_VENV, "-m", "uv", "pip", "install", "--python", IN_VENV, "--quiet", "--no-build"]
    # Compiled now, by all cores: not at the first import, in every process that may not write.
    run(uv + ["--compile-bytecode", "--require-hashes", "-r", lock], failed)
    shutil.copytree(JUPYTER, os.path.join(VENV, "etc", "jupyter"), dirs_exist_ok=True)
    run([IN_VENV, "-c", LINK_PACKAGE], "The package could not be linked into .venv (see above).")


def show_notebooks_as_text():
    """Let `git diff` in this clone show notebooks as text, or as they are where that fails."""
    python = os.path.relpath(IN_VENV, ROOT).replace(os.sep, "/")
    view = '{} tools/notebook_text.py "$1" 2>/dev/null || cat "$1"'.format(python)
    if os.path.exists(os.path.join(ROOT, ".git")):
        command = ["git", "config", "diff.notebook.textconv", "show() {{ {}; }}; show".format(view)]
        try:
            subprocess.call(command, cwd=ROOT)
        except OSError:  # no git: then there is nothing to show
            pass


def main():
    """Make or renew the environment; returns the exit code."""
    if not OLDEST <= sys.version_info < TOO_NEW:
        sys.stderr.write(
            "nnlesson needs Python {}.{} to {}.{}, and this is Python {}.{} ({}): install another, "
            "or name one you have, as in `make lab PYTHON=python3.12`.\n".format(
                OLDEST[0],
                OLDEST[1],
                TOO_NEW[0],
                TOO_NEW[1] - 1,
                sys.version_info[0],
                sys.version_info[1],
                sys.executable,
            )
        )
        return 1
    try:
        lock = SITE_LOCK if sys.argv[1:] == ["site"] else LOCK
        if is_ready(lock):
            return 0
        print("Setting up .venv (about 20 seconds, a minute on a slow network) ...")
        sys.stdout.flush()
        if not is_new_enough(IN_VENV):
            make_venv()
        install(lock)
        show_notebooks_as_text()
        # Written last and renamed: a set-up that was cut short has no stamp and starts again.
        with open(STAMP + ".part", "w") as file:
            file.writelines(stamp_of(each) for each in (LOCK, lock))
        os.replace(STAMP + ".part", STAMP)
    except SetupError as error:
        sys.stderr.write("Set-up failed. {}\n".format(error))
        return 1
    except OSError as error:
        sys.stderr.write(
            "Set-up failed. A file could not be read or written: {}. "
            "The folder must be yours to write to.\n".format(error)
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
