"""Puts small faults into the taught modules, and says which no test notices: make mutants.

mutmut makes the faults (mutants), one at a time: + for -, >= for >, None for an argument, another
text. A mutant that fails no test lives. Each one that lives must stand in tests/mutants.md with the
reason, and no more than one in twenty may. Linux and macOS; name modules to try only those.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from course_rules import taught_modules

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "mutants.md"
MUTMUT = "mutmut==3.8.1"
NEEDED = ("hypothesis", "nbformat", "numpy", "pytest")  # by the tests below
MODULES = taught_modules()
# The fast tests of these modules; mutmut runs those that reach the function with the fault.
TESTS = (*MODULES, "articles", "validate")
# This one lists the functions of a module, and would see mutmut's own.
LEFT_OUT = "not every_function_is_tried_here"
SETTINGS = """
[tool.pytest.ini_options]
addopts = "-p no:cacheprovider --import-mode=prepend"
filterwarnings = ["error", "default::DeprecationWarning"]
markers = ["slow: not run here"]

[tool.mutmut]
source_paths = ["src"]
only_mutate = {only}
also_copy = ["conftest.py", "data"]
pytest_add_cli_args = ["-k", "{left_out}"]
pytest_add_cli_args_test_selection = {tests}
"""
ENOUGH = 0.95


@dataclass(frozen=True)
class Mutant:
    """Where a fault was put, and what became of which lines."""

    where: str
    change: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"## {self.where}", "", "```diff", *self.change, "```"])


def recorded(text: str) -> dict[Mutant, str]:
    """The mutants of tests/mutants.md, each with its reason."""
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        where, _, rest = section.partition("\n")
        for diff, reason in re.findall(
            r"```diff\n(.*?)```\n+(.*?)(?=\n```diff|\Z)", rest, re.DOTALL
        ):
            change = tuple(line.rstrip() for line in diff.splitlines() if line.strip())
            found[Mutant(where.strip(), change)] = " ".join(reason.split())
    return found


def named(key: str) -> str:
    """`losses.SquaredError.forward` for nnlesson.losses.xǁSquaredErrorǁforward__mutmut_8."""
    _, module, function = key.split(".")
    function = re.sub(r"__mutmut_\d+$", "", function)
    name = ".".join(function.split("ǁ")[1:]) if "ǁ" in function else function.removeprefix("x_")
    return f"{module}.{name}"


def change_of(diff: str) -> tuple[str, ...]:
    """The lines that a diff takes out and puts in, without their indentation."""
    lines = diff.splitlines()
    changed = [line for line in lines if re.match(r"[-+](?![-+]{2} )", line)]
    return tuple(f"{line[0]} {line[1:].strip()}" for line in changed)


def copy_project(folder: Path, modules: list[str]) -> None:
    """What mutmut needs of the project: it works in copies of these."""
    for part in ("src", "tests", "data/digits"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "conftest.py", folder)
    paths = [f"tests/test_{name}.py" for name in TESTS]
    settings = SETTINGS.format(
        only=[f"src/nnlesson/{module}.py" for module in modules],
        left_out=LEFT_OUT,
        tests=[path for path in paths if (folder / path).is_file()],
    )
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")


def install(folder: Path) -> None:
    """An environment with mutmut and what the tests need, in the versions that are used here."""
    uv = [sys.executable, "-m", "uv"]
    where = str(folder / ".venv")
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, where], check=True)
    packages = [MUTMUT, *(f"{name}=={version(name)}" for name in NEEDED)]
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", where, *packages], check=True)


def mutmut(folder: Path, *arguments: str) -> str:
    """Run mutmut in the folder; returns what it prints. On a terminal, a run is shown instead."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    shown = arguments[0] == "run" and sys.stdout.isatty()
    done = subprocess.run(
        [str(folder / ".venv" / "bin" / "mutmut"), *arguments], cwd=folder, env=environment,
        check=False, encoding="utf-8", stdout=None if shown else subprocess.PIPE,
        stderr=None if shown else subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode != 0:
        sys.exit(f"mutmut {' '.join(arguments)} failed:\n{(done.stdout or '')[-4000:]}")
    return done.stdout or ""


def outcomes(folder: Path) -> tuple[int, list[Mutant]]:
    """How many mutants there were, and those that lived."""
    lines = re.findall(
        r"^\s*(nnlesson\S+): (.+)$", mutmut(folder, "results", "--all", "true"), re.M
    )
    lived = [key for key, status in lines if status not in ("killed", "timeout", "segfault")]
    return len(lines), [Mutant(named(key), change_of(mutmut(folder, "show", key))) for key in lived]


def report(n: int, lived: list[Mutant], known: dict[Mutant, str], modules: list[str]) -> int:
    """Print what was found; returns the exit code."""
    score = 1 - len(lived) / n
    print(f"{n} mutants, {n - len(lived)} noticed: {score:.1%}")
    new = [mutant for mutant in lived if mutant not in known]
    gone = [m for m in known if m not in lived and m.where.split(".")[0] in modules]
    for mutant in new:
        print(f"\nThis one lives and is not in tests/mutants.md:\n\n{mutant}")
    for mutant in gone:
        print(f"\nThis one is in tests/mutants.md and lives no more: take it out.\n\n{mutant}")
    if score < ENOUGH:
        print(f"\nToo many live: at least {ENOUGH:.0%} must be noticed.")
    return 1 if new or gone or score < ENOUGH else 0


def main() -> int:
    """Try the modules named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(MODULES)}; default: all")
    parser.add_argument("--jobs", default=1, type=int, help="how many at once (default: 1)")
    options = parser.parse_args()
    if unknown := set(options.modules) - set(MODULES):
        parser.error(f"no such taught module: {', '.join(sorted(unknown))}")
    modules = options.modules or list(MODULES)
    with tempfile.TemporaryDirectory(prefix="nnlesson-mutants-") as place:
        folder = Path(place)
        copy_project(folder, modules)
        install(folder)
        mutmut(folder, "run", "--max-children", str(options.jobs))
        n, lived = outcomes(folder)
    return report(n, lived, recorded(RECORD.read_text(encoding="utf-8")), modules)


if __name__ == "__main__":
    sys.exit(main())
