"""Nothing reaches for the network, runs text or programs, or reads pickles; SECURITY.md is true."""

import ast
import re
import socket
import subprocess
import sys
from urllib.parse import urlparse

import cells
import course_rules
import pytest
from jupyter_client.manager import start_new_kernel

from nnlesson import datasets

ROOT, PACKAGE = course_rules.ROOT, course_rules.PACKAGE
INSTALL = "import sys\nsys.path.insert(0, 'tests')\nimport watch\nwatch.install()\n"
IMPORT_ALL = """
import importlib, pkgutil, nnlesson
names = [module.name for module in pkgutil.walk_packages(nnlesson.__path__, "nnlesson.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""
CONNECTS = [
    "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)",
    "import socket\nsocket.gethostbyname('example.org')",
    "import socket\nwith socket.socket(type=2) as s: s.sendto(b'', ('192.0.2.1', 53))  # UDP",
    "import requests\nrequests.get('https://192.0.2.1/', timeout=1)",
    "import urllib.request\nurllib.request.urlopen('http://example.org')",
]


def run(code: str) -> subprocess.CompletedProcess:
    """Run code in a fresh interpreter, in the project's folder."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=ROOT)


def test_importing_everything_opens_no_connection_and_starts_no_program():
    done = run(INSTALL + IMPORT_ALL)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len([p for p in PACKAGE.rglob("*.py") if p.parent.name]) - 1


@pytest.mark.parametrize("code", CONNECTS, ids=lambda code: code.splitlines()[1][:40])
def test_the_watch_sees_every_way_to_the_network(code):
    hidden = "\n".join(f"    {line}" for line in code.splitlines())
    done = run(f"{INSTALL}try:\n{hidden}\nexcept Exception:\n    print('hidden')")
    assert done.returncode != 0 and "tests never download" in done.stderr, done.stdout
    assert "hidden" not in done.stdout


def test_a_test_that_reaches_for_the_network_fails():
    with pytest.raises(pytest.fail.Exception, match="tests never download"):
        exec(CONNECTS[0], {})


def test_a_server_on_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.getpeername() == server.getsockname()


def test_a_notebook_that_reaches_for_the_network_fails():
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        errors = []
        for code in ["print(1)", CONNECTS[0], IMPORT_ALL]:
            reply = client.execute_interactive(
                code, allow_stdin=False, output_hook=lambda message: None, timeout=120
            )
            errors.append(reply["content"].get("ename", ""))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert errors == ["", "Surprise", ""]


# A pickle that names a function, as all that run code do.
PICKLE = "b'cos\\ngetcwd\\n.'"


@pytest.mark.parametrize(
    "code",
    [
        "eval('1 + 1')",
        "exec('x = 1')",
        "compile('1', '', 'eval')",
        "import os\nos.system('true')",
        "import os\nos.popen('true').close()",
        "import subprocess\nsubprocess.run(['true'])",
        f"import pickle\npickle.loads({PICKLE})",
        f"import io, pickle\npickle.Unpickler(io.BytesIO({PICKLE})).load()",
    ],
)
def test_the_watch_sees_what_the_package_must_never_do(code):
    # The same lines, once as if they stood in the package and once elsewhere.
    as_if = "exec(compile({code!r}, {path!r}, 'exec'), {{}})"
    inside = run(INSTALL + as_if.format(code=code, path=str(PACKAGE / "new.py")))
    assert inside.returncode != 0 and "watch.Surprise: nnlesson" in inside.stderr, inside.stderr
    outside = run(INSTALL + as_if.format(code=code, path=str(ROOT / "new.py")))
    assert outside.returncode == 0, outside.stderr


# What ruff's rules S and TID251 do not see: programs by IPython or by name, and files.
OUT = {"ftplib", "http", "pooch", "requests", "socket", "urllib"}
PROGRAMS = {"__import__", "getoutput", "import_module", "run_cell", "run_line_magic", "system"}
FILES = {
    "dump", "fromfile", "genfromtxt", "load", "loadtxt", "memmap", "open", "read_bytes",
    "read_text", "save", "savefig", "savetxt", "savez", "savez_compressed", "tofile", "write_bytes",
    "write_text",
}  # fmt: skip
MAY = {
    "datasets.py": FILES | OUT,
    "weights.py": FILES,
    "live.py": {"os", "read_text"},  # its own JavaScript, and one environment variable
    "programs.py": {"write_bytes"},
    "style.py": {"save"},  # a picture, into memory
    "05_mnist_mlp.ipynb": {"read_bytes"},  # the first bytes of an IDX file, to look at
    "06_misclassification_gallery.ipynb": {"read_bytes", "write_bytes"},  # a picture, for a moment
}


def surprises(source: str | ast.Module, name: str) -> set[str]:
    """What a file of this name imports or calls and must not, and whether it reads pickles."""
    tree = ast.parse(source) if isinstance(source, str) else source
    found = set()
    for node in ast.walk(tree):
        found.add(cells.called_name(node))
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names} & OUT
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").split(".")[0]} & OUT
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            found.add(node.arg if ast.unparse(node.value) != "False" else "")
    return found & ((OUT | PROGRAMS | FILES | {"allow_pickle"}) - MAY.get(name, set()))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_only_datasets_reaches_out_and_only_its_floor_touches_files(path):
    assert surprises(path.read_text(encoding="utf-8"), path.name) == set()


@pytest.mark.parametrize(
    "path", sorted(course_rules.NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem
)
def test_no_cell_reaches_out_starts_programs_or_writes_files(path):
    for name, cell in course_rules.Lesson.read(path).code:
        assert surprises(cells.parse(cell), path.name) == set(), name


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("01.ipynb", "from urllib import request"),
        ("01.ipynb", "get_ipython().system('ls')"),
        ("weights.py", "def f():\n import socket"),
        ("layers.py", "np.save('x', y)"),
        ("figures.py", "open('figure.png', 'wb')"),
        ("weights.py", "np.load(file, allow_pickle=True)"),
        ("datasets.py", "np.load(file, allow_pickle=flag)"),
    ],
)
def test_a_surprise_is_found(name, source):
    assert surprises(source, name)


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
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert len(datasets.MIRRORS) >= 2
    for mirror in datasets.MIRRORS:
        assert mirror.startswith("https://") and mirror.endswith("/")
        assert urlparse(mirror).hostname in text
    verbs = re.findall(r"`make ([a-z-]+)", text)
    assert {"audit", "data", "lab", "lock"} <= set(verbs)
    for verb in verbs:
        assert re.search(rf"^{verb}:", makefile, flags=re.MULTILINE), verb
    assert not course_rules.broken_links(text, ROOT)
    for name, digest in datasets.MNIST_SHA256.items():
        assert re.fullmatch("[0-9a-f]{64}", digest), name
