"""The floors of the package: who may import whom, and who may touch the disk or draw."""

import ast
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import course_rules
import pytest

PACKAGE = course_rules.PACKAGE
STDLIB = set(sys.stdlib_module_names)

# What gives a module the disk, the network, or other programs.
OUTSIDE = {
    "ctypes", "ftplib", "glob", "gzip", "http", "importlib", "multiprocessing", "os", "pathlib",
    "pooch", "requests", "shutil", "socket", "ssl", "subprocess", "tempfile", "urllib", "zipfile",
}  # fmt: skip
# Calls that read or write files, whatever they are called on.
FILE_CALLS = {
    "fromfile", "genfromtxt", "load", "loadtxt", "memmap", "open", "read_bytes", "read_text",
    "save", "savefig", "savetxt", "savez", "savez_compressed", "tofile", "write_bytes",
    "write_text",
}  # fmt: skip
# Never, in any module: running text as code, or reading data that can run code.
NEVER_IMPORTED = {
    "cloudpickle", "code", "codeop", "commands", "dill", "joblib", "jsonpickle", "marshal",
    "pickle", "pty", "runpy", "shelve", "subprocess", "torch", "yaml",
}  # fmt: skip
NEVER_CALLED = {
    "__import__", "compile", "create_subprocess_exec", "create_subprocess_shell", "eval", "exec",
    "execl", "execv", "execve", "execvp", "fork", "getoutput", "import_module", "popen",
    "posix_spawn", "run_cell", "run_line_magic", "spawnl", "spawnv", "startfile", "system",
}  # fmt: skip
# Lessons are read from top to bottom: a taught module needs little of the standard library.
TAUGHT_STDLIB = {
    "__future__", "abc", "collections", "contextlib", "dataclasses", "functools", "itertools",
    "math", "random", "time", "typing",
}  # fmt: skip


@dataclass(frozen=True)
class Floor:
    """What a module may import: modules of the package, libraries, the standard library."""

    ours: set[str] = field(default_factory=set)
    libraries: set[str] = field(default_factory=lambda: {"numpy"})
    stdlib: set[str] = field(default_factory=lambda: TAUGHT_STDLIB)
    file_calls: set[str] = field(default_factory=set)


TAUGHT = {
    "perceptron": Floor({"validate"}),
    "activations": Floor({"validate"}),
    "derivation": Floor({"activations", "validate"}),
    "losses": Floor({"activations", "validate"}),
    "gradient": Floor({"validate"}),
    "layers": Floor({"activations", "validate"}),
    "network": Floor({"activations", "gradient", "layers", "losses", "validate"}),
    "optimizers": Floor({"validate"}),
    "training": Floor({"network", "optimizers", "validate"}),
    "mistakes": Floor({"validate"}),
    "images": Floor({"validate"}),
}
PLUMBING_STDLIB = STDLIB - OUTSIDE
PLUMBING = {
    "__init__": Floor(libraries=set()),
    "__main__": Floor({"course"}, set(), PLUMBING_STDLIB),
    "validate": Floor(),
    "datasets": Floor({"validate"}, {"numpy", "pooch", "requests", "tqdm"}, STDLIB, FILE_CALLS),
    "weights": Floor({"validate"}, {"numpy"}, STDLIB, FILE_CALLS),
}
# Packages: a module in one may also import the others of its package.
PACKAGES = {
    "course": Floor(
        {*TAUGHT, "datasets", "validate", "weights"},
        {"IPython", "PIL", "anywidget", "ipywidgets", "matplotlib", "numpy", "traitlets"},
        PLUMBING_STDLIB | {"os", "pathlib", "tempfile"},
        {"load", "save", "savefig", "write_bytes"},
    ),
}


def floor_of(module: str) -> Floor | None:
    """The floor of a module, named like `course.style`; None if it has none."""
    package = module.split(".")[0]
    if package in PACKAGES:
        return PACKAGES[package]
    return {**TAUGHT, **PLUMBING}.get(module)


def imports(tree: ast.Module, module: str) -> list[str]:
    """The dotted names of all a module imports, wherever in it; relative ones made absolute."""
    names = []
    package = ["nnlesson", *module.split(".")][:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            # `from nnlesson import layers` imports nnlesson.layers.
            names += [f"{origin}.{alias.name}" for alias in node.names]
    return names


def faults(source: str, module: str) -> list[str]:
    """What a module does that its floor does not allow, one sentence each."""
    floor = floor_of(module)
    if floor is None:
        return [f"nnlesson.{module} has no floor: list it in tests/test_architecture.py"]
    tree = ast.parse(source)
    found = []
    for name in imports(tree, module):
        top, _, rest = name.partition(".")
        other = rest.split(".")[0]
        if top in NEVER_IMPORTED:
            found.append(f"imports {top}")
        elif top == "nnlesson":
            same_package = other in PACKAGES and other == module.split(".")[0]
            if other != "__version__" and other not in floor.ours and not same_package:
                found.append(f"imports nnlesson.{other}")
        elif top in STDLIB and top not in floor.stdlib:
            found.append(f"imports {top}")
        elif top not in STDLIB and top not in floor.libraries:
            hint = "" if top == "matplotlib" else ""
            found.append(f"imports {top}{hint}")
    for node in ast.walk(tree):
        called = course_rules.called_name(node)
        # re.compile and the like are methods; only the bare names run code.
        bare = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if called in NEVER_CALLED and (bare or called not in {"compile", "eval", "exec"}):
            found.append(f"calls {called}")
        if called in FILE_CALLS - floor.file_calls:
            found.append(f"calls {called}, which touches files")
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            if not (isinstance(node.value, ast.Constant) and node.value.value is False):
                found.append("allows pickle")
        if isinstance(node, ast.keyword) and node.arg == "shell":
            found.append("uses a shell")
    return found


def modules() -> dict[str, Path]:
    """All modules of the package by name; a package's own __init__ under the package's name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)] = path
    return found


@pytest.mark.parametrize("module", modules())
def test_module_stays_on_its_floor(module):
    path = modules()[module]
    # Relative imports in a package's __init__ start one level lower.
    name = f"{module}.__init__" if path.name == "__init__.py" and "." not in module else module
    name = "__init__" if module == "__init__" else name
    found = faults(path.read_text(encoding="utf-8"), name)
    if found:
        pytest.fail(f"nnlesson.{module} {', '.join(found)}", pytrace=False)


def test_taught_modules_are_the_ones_the_lessons_show():
    assert set(TAUGHT) == set(course_rules.LESSON_OF)


def test_imports_among_modules_have_a_direction():
    # No cycle: taking away modules that import none of the rest ends with nothing left.
    left = {name: set(floor.ours) for name, floor in {**TAUGHT, **PLUMBING, **PACKAGES}.items()}
    while left:
        free = {name for name, others in left.items() if not others & set(left)}
        assert free, f"these import each other: {sorted(left)}"
        left = {name: others for name, others in left.items() if name not in free}


def test_importing_the_package_is_light():
    loaded = "import sys, nnlesson; print(*(m.split('.')[0] for m in sys.modules))"
    assert not {"numpy", "matplotlib", "ipywidgets", "IPython", "pooch"} & run_python(loaded)


def test_taught_modules_need_numpy_alone():
    names = [name for name in modules() if name in TAUGHT]
    lines = "\n".join(f"import nnlesson.{name}" for name in names)
    loaded = f"import sys\n{lines}\nprint(*(m.split('.')[0] for m in sys.modules))"
    heavy = {"matplotlib", "ipywidgets", "IPython", "anywidget", "pooch", "tqdm", "requests"}
    assert not heavy & run_python(loaded)


def run_python(code: str) -> set[str]:
    """The words that a fresh interpreter prints."""
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    return set(result.stdout.split())


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("unlisted", "x = 1"),
        ("layers", "import matplotlib"),
        ("layers", "from matplotlib.figure import Figure"),
        ("layers", "from nnlesson.network import Network"),
        ("layers", "from nnlesson import network"),
        ("layers", "from .network import Network"),
        ("layers", "from . import network"),
        ("layers", "def f():\n    import pathlib"),
        ("layers", "import scipy"),
        ("layers", "np.save('x', y)"),
        ("layers", "open('x')"),
        ("layers", "eval('1')"),
        ("activations", "from nnlesson.losses import CrossEntropy"),
        ("training", "from nnlesson.course.style import show"),
        ("training", "from nnlesson.datasets import Dataset"),
        ("course.lesson1.figures", "open('figure.png', 'wb')"),
        ("course.lesson1.explorers", "import urllib.request"),
        ("course.lesson1.checks", "exec(answer)"),
        ("datasets", "import pickle"),
        ("datasets", "np.load(path, allow_pickle=True)"),
        ("datasets", "np.load(path, allow_pickle=flag)"),
        ("datasets", "os.system('ls')"),
        ("datasets", "import subprocess"),
        ("datasets", "from pickle import loads"),
        ("datasets", "import os\nos.execv(path, [])"),
        ("course.lesson1.checks", "get_ipython().run_line_magic('sx', 'ls')"),
        ("datasets", "import importlib\nimportlib.import_module(name)"),
        ("datasets", "from nnlesson.network import Network"),
        ("weights", "import requests"),
        ("__init__", "import numpy"),
        ("__init__", "from nnlesson.layers import Affine"),
    ],
)
def test_a_module_off_its_floor_is_found(module, source):
    assert faults(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("layers", "import numpy as np\nfrom nnlesson.activations import sigmoid"),
        ("layers", "from .activations import sigmoid\nfrom nnlesson import validate"),
        ("network", "from nnlesson.layers import Affine\nfrom nnlesson.losses import CrossEntropy"),
        ("course.lesson1.figures", "from nnlesson.course.style import new_figure\nimport io"),
        ("course.lesson1.figures", "from ..style import new_figure\nfrom .. import style"),
        ("datasets", "import gzip\nimport re\nwith open(path) as f:\n    re.compile('x')"),
        ("weights", "np.load(path, allow_pickle=False)"),
    ],
)
def test_a_module_on_its_floor_is_left_alone(module, source):
    assert faults(source, module) == []
