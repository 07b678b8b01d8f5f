"""Nothing reaches for the network, runs text or programs, or reads pickles; SECURITY.md is true."""

import ast
import re
import socket
import subprocess
import sys

import cells
import course_rules
import pytest
from jupyter_client.manager import run_kernel

from nnlesson import datasets

ROOT, PACKAGE = course_rules.ROOT, course_rules.PACKAGE
INSTALL = "import sys\nsys.path.insert(0, 'tests')\nimport watch\nwatch.install()\n"
IMPORT_ALL = """
import importlib, pkgutil, nnlesson
names = [module.name for module in pkgutil.walk_packages(nnlesson.__path__, "nnlesson.")]
assert [importlib.import_module(name) for name in names][40:]  # more than 40
"""
CONNECTS = [
    "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)",
    "import socket\nsocket.gethostbyname('example.org')",
    "import socket\nwith socket.socket(type=2) as s: s.sendto(b'', ('192.0.2.1', 53))  # UDP",
    "import requests\nrequests.get('https://192.0.2.1/', timeout=1)",
]
NEVER = [
    "eval('1 + 1')",
    "exec('x = 1')",
    "compile('1', '', 'eval')",
    "import os\nos.system('true')",
    "import subprocess\nsubprocess.run(['true'])",
    "import pickle\npickle.loads(b'cos\\ngetcwd\\n.')",  # names a function, as all that run code
]
# What code does, in which folder, and how the watch ends it; "": it does not.
WATCHED = [(code, ROOT, "tests never download") for code in CONNECTS]
WATCHED += [(code, PACKAGE, "watch.Surprise: nnlesson") for code in NEVER]
WATCHED += [(code, ROOT, "") for code in NEVER]


@pytest.mark.parametrize("code, folder, end", WATCHED)
def test_the_watch_sees_every_way_to_the_network_and_what_the_package_must_never_do(
    code, folder, end
):
    # Run as if it stood in this file, and as if all its errors were hidden.
    hidden = f"exec(compile({code!r}, {str(folder / 'new.py')!r}, 'exec'), {{}})"
    code = f"{INSTALL}try:\n    {hidden}\nexcept Exception:\n    print('hidden')"
    options = {"cwd": ROOT, "capture_output": True, "encoding": "utf-8", "check": False}
    done = subprocess.run([sys.executable, "-c", code], **options)
    assert (done.returncode != 0) == bool(end) and end in done.stderr, done.stderr
    assert done.stdout == ""


def test_a_test_that_reaches_for_the_network_fails_but_not_for_this_machine():
    with pytest.raises(pytest.fail.Exception, match="tests never download"):
        exec(CONNECTS[0], {})
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_a_notebook_that_reaches_for_the_network_fails_and_importing_everything_does_not():
    with run_kernel(kernel_name="python3") as kernel:
        options = {"allow_stdin": False, "output_hook": len, "timeout": 120}
        said = [kernel.execute_interactive(code, **options) for code in (CONNECTS[0], IMPORT_ALL)]
    assert [one["content"].get("ename") for one in said] == ["Surprise", None], said


# What ruff's rules S and TID251 do not see: programs by IPython or by name, and files.
OUT = {"ftplib", "http", "pooch", "requests", "socket", "urllib"}
PROGRAMS = {"__import__", "getoutput", "import_module", "run_cell", "run_line_magic", "system"}
FILES = {"dump", "fromfile", "genfromtxt", "load", "loadtxt", "memmap", "open", "save", "savefig"}
FILES |= {"savetxt", "savez", "savez_compressed", "tofile"}
FILES |= {f"{way}_{kind}" for way in ("read", "write") for kind in ("bytes", "text")}
MAY = {
    "datasets.py": FILES | OUT,
    "weights.py": FILES,
    "formulas.py": {"read_text"},  # the exercises beside a lesson's checks
    "live.py": {"os", "read_text"},  # its own JavaScript, and one environment variable
    "programs.py": {"write_bytes"},
    "style.py": {"save"},  # a picture, into memory
    "05_mnist_mlp.ipynb": {"read_bytes"},  # the first bytes of an IDX file, to look at
    "06_misclassification_gallery.ipynb": {"read_bytes", "write_bytes"},  # a picture, for a moment
}


def surprises(tree: ast.Module, name: str) -> set[str]:
    """What a file of this name imports or calls and must not, and whether it reads pickles."""
    found = set()
    for node in ast.walk(tree):
        found.add(cells.called_name(node))
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None), *(alias.name for alias in node.names)]
            found |= {str(name).split(".")[0] for name in names} & OUT
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            found.add(node.arg if ast.unparse(node.value) != "False" else "")
    return found & ((OUT | PROGRAMS | FILES | {"allow_pickle"}) - MAY.get(name, set()))


SOURCES = [*sorted(PACKAGE.rglob("*.py")), *sorted(course_rules.NOTEBOOKS.glob("*.ipynb"))]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_only_datasets_reaches_out_and_only_its_floor_touches_files(path):
    if path.suffix == ".ipynb":
        trees = [cells.parse(cell) for _, cell in course_rules.Lesson.read(path).code]
    else:
        trees = [ast.parse(path.read_text(encoding="utf-8"))]
    assert [surprises(tree, path.name) for tree in trees] == [set()] * len(trees)


def test_surprises_are_found_where_they_are_none_of_the_files_own_ways():
    source = "from urllib import request\ndef f():\n import socket\nget_ipython().system('ls')\n"
    tree = ast.parse(source + "open('x', 'wb')\nnp.load(file, allow_pickle=flag)")
    never = {"system", "allow_pickle"}
    assert surprises(tree, "layers.py") == never | {"urllib", "socket", "open", "load"}
    assert surprises(tree, "weights.py") == never | {"urllib", "socket"}
    assert surprises(tree, "datasets.py") == never


def test_only_datasets_names_a_host():
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".js", ".css", ".html") and path.name != "datasets.py":
            text = path.read_text(encoding="utf-8")
            hosts = set(re.findall(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+", text))
            assert not hosts - {"http://www.w3.org"}, path.name  # names SVG, is never fetched
            if path.suffix == ".js":
                runs = r"\b(?:eval|fetch|Function|importScripts|WebSocket|XMLHttpRequest)\b"
                loads = r"\bimport\b(?! {)"  # `import {` names a neighbour, which Python joins
                assert not re.search(f"{runs}|{loads}", text), path.name


def test_security_md_names_what_is_fetched_and_by_which_verb():
    text, makefile = ((ROOT / n).read_text(encoding="utf-8") for n in ("SECURITY.md", "Makefile"))
    hosts = [re.fullmatch("https://([^/]+)/.*/", mirror)[1] for mirror in datasets.MIRRORS]
    assert len(hosts) >= 2 and all(host in text for host in hosts)
    verbs = set(re.findall(r"`make ([a-z-]+)", text))
    assert {"audit", "data", "lab", "lock"} <= verbs
    assert verbs <= set(re.findall(r"(?m)^([a-z-]+):", makefile))
