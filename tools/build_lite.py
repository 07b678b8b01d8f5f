"""The lessons as a folder of plain files that run in a reader's browser: JupyterLite and Pyodide.

`build(target, pyodide)` makes it. JupyterLite shows the notebooks; Pyodide is Python, compiled for
the browser. Inside are this package with its digits, what it needs, and nothing that reaches out.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib
import nbformat
import playwright
from matplotlib import font_manager

ROOT = Path(__file__).parents[1]
MODULE = (sys.executable, "-m")
VERSION = "0.27.7"
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
# Of the release's lock, and of what its lock does not list: Python itself.
SHA256 = {
    "pyodide-lock.json": "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "pyodide.js": "b4cb23a53aba19c221659b9fb40a2f18281d685691dc06647fb0afd0681baf98",
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
}
# What JupyterLite's kernel asks for: packages of the release, and wheels of its own.
KERNEL = ("ipython", "jedi", "micropip", "sqlite3", "ssl")
KERNEL_WHEELS = ("ipykernel", "piplite", "pyodide_kernel")
# And the lessons; the lock names what these need in turn.
COMPILED = (*KERNEL, "matplotlib", "numpy", "pillow")
# Python alone, at the versions of requirements.lock: what the release has not, or has too old.
PURE = ("anywidget", "comm", "ipywidgets", "psygnal", "tqdm", "typing-extensions")
SETTINGS: dict[str, Any] = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "nnlesson",
        "appUrl": "./tree",
        "faviconUrl": "./notebooks/favicon.ico",
        # The reader's own files: a name of their own beside other JupyterLites of one host.
        "contentsStorageName": "nnlesson",
        "settingsStorageName": "nnlesson settings",
        "exposeAppInBrowser": True,
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "pyodideUrl": "./static/pyodide/pyodide.js",
                "disablePyPIFallback": True,
                # All at once while Python starts; else the kernel installs one after the other.
                "loadPyodideOptions": {"packages": ["comm", *KERNEL, *KERNEL_WHEELS]},
            }
        },
    },
}


# Stands where the reader may put MNIST: an empty folder would not be shown.
MNIST_HERE = """# MNIST's four files go here

Drop these four files into this folder, and run a lesson again: it then uses MNIST.
`train-images-idx3-ubyte.gz`, `train-labels-idx1-ubyte.gz`, `t10k-images-idx3-ubyte.gz`,
`t10k-labels-idx1-ubyte.gz`. They stay in your browser. With them lessons 5
and 6 take many minutes here. Without them the lessons use the small set of digits that comes with
the course.
"""


class NotBuilt(Exception):
    """The lessons cannot be made to run in the browser; the message is the sentence to show."""


def build(target: Path, pyodide: str | None = None) -> None:
    """Fill the folder `target`; it appears whole or not at all. An old one is replaced.

    pyodide: the folder or the http(s) address of Pyodide's release; left out, the official one.
    Raises NotBuilt when a file cannot be had, or is not that of the release.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the last step is a rename on one disk.
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        work = Path(scratch)
        python = work / "pyodide"
        python.mkdir()
        lock = copy_release(pyodide or RELEASE, python)
        added = [own_wheel(python), *pure_wheels(python), font_list(python), *kernel_wheels(python)]
        compile_modules(python)
        own_folder_last(python / "pyodide.js")
        add_packages(lock, added)
        text = json.dumps(lock, sort_keys=True)
        (python / "pyodide-lock.json").write_text(text, encoding="utf-8")
        site = jupyterlite(work)
        python.rename(site / "static" / "pyodide")
        if target.exists():
            shutil.rmtree(target)
        site.rename(target)


# ---- Pyodide's release ----


def copy_release(source: str, target: Path) -> dict[str, Any]:
    """Copy the verified files of a release that the lessons need; returns a lock of these alone."""
    fetch = fetcher(source)
    lock = json.loads(fetch("pyodide-lock.json", SHA256["pyodide-lock.json"]).read_bytes())
    packages = with_needs(lock["packages"], COMPILED)
    files = SHA256 | {package["file_name"]: package["sha256"] for package in packages.values()}
    for name, digest in sorted(files.items()):
        shutil.copyfile(fetch(name, digest), target / name)
    return {**lock, "packages": packages}


def fetcher(source: str) -> Any:
    """A function from (name, SHA-256) to the path of that file of the release, verified."""
    if re.match(r"https?://", source):
        return lambda name, digest: fetched(source.rstrip("/") + "/", name, digest)
    folder = Path(source).expanduser()
    if not folder.is_dir():
        raise NotBuilt(f"there is no folder {source}; name one with the files of Pyodide {VERSION}")
    return lambda name, digest: verified(folder / name, digest)


def verified(path: Path, digest: str) -> Path:
    """The path, if the file there is the one of the release."""
    if not path.is_file():
        raise NotBuilt(f"{path} is not there; Pyodide {VERSION} has it")
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise NotBuilt(f"{path} is not the file of Pyodide {VERSION}: its SHA-256 differs")
    return path


def fetched(address: str, name: str, digest: str) -> Path:
    """The file in the user's cache; fetched, with its progress shown, when it is not there."""
    import pooch
    from requests import RequestException

    cache = Path(pooch.os_cache("nnlesson")) / f"pyodide-{VERSION}"
    get = pooch.HTTPDownloader(progressbar=True, timeout=(5, 60))
    try:
        return Path(pooch.retrieve(address + name, f"sha256:{digest}", name, cache, downloader=get))
    except (RequestException, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise NotBuilt(f"{address}{name} could not be fetched: {reason}") from error


def with_needs(packages: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """These packages of a lock and all that they depend on."""
    found: dict[str, Any] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop().replace("_", "-")  # its keys have dashes, its needs either
        if name not in found:
            found[name] = packages[name]
            waiting += packages[name]["depends"]
    return found


# ---- what is added to the release: this package, what is Python alone, a list of fonts ----


def own_wheel(folder: Path) -> Path:
    """The wheel of this package, made from the checkout."""
    made = [*MODULE, "hatchling", "build", "-t", "wheel", "-d", folder]
    run(made, what="the package's wheel")
    return next(folder.glob("nnlesson-*.whl"))


def pure_wheels(folder: Path) -> list[Path]:
    """The wheels of PURE, by the hashes of requirements.lock."""
    before = set(folder.iterdir())
    wanted = folder / "wanted.txt"
    wanted.write_text("\n".join(map(pinned, PURE)), encoding="utf-8")
    # For the Python in the browser, which is another one than the one that runs this.
    browser = ["--only-binary", ":all:", "--platform", "any", "--python-version", "3.12"]
    files = ["--require-hashes", "--no-deps", "-d", str(folder), "-r", str(wanted)]
    pip = ["pip", "download", "--quiet", "--disable-pip-version-check"]
    run([*MODULE, *pip, *browser, *files], what="the wheels that the lessons need")
    wanted.unlink()
    return sorted(set(folder.iterdir()) - before)


def pinned(name: str) -> str:
    """The requirement of requirements.lock for this package, with its hashes."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{name}==[^\\\n]*(\\\n[^\\\n]*)*", lock, re.MULTILINE)
    if not found:
        raise NotBuilt(f"requirements.lock does not hold {name}: `make lock` renews it")
    return found[0]


def kernel_wheels(folder: Path) -> list[Path]:
    """JupyterLite's kernel itself, as its extension brings it."""
    extension = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
    given = Path(sysconfig.get_path("data")) / extension
    found = [next(given.glob(f"{name}-*.whl")) for name in KERNEL_WHEELS]
    return [Path(shutil.copy(wheel, folder)) for wheel in found]


def font_list(folder: Path) -> Path:
    """The list of its fonts, for matplotlib: the one in its wheel is of another version.

    Without it matplotlib makes a list at each start of a lesson, and says so in the lesson.
    """
    with zipfile.ZipFile(next(folder.glob("matplotlib-[0-9]*.whl"))) as wheel:
        source = wheel.read("matplotlib/font_manager.py").decode()
        names = set(wheel.namelist())
    made = font_manager.FontManager()
    made._version = int(re.findall(r"__version__ = (\d+)", source)[0])
    here = Path(matplotlib.get_data_path())
    inside = {here / name.removeprefix("matplotlib/mpl-data/") for name in names}
    for kind in ("afmlist", "ttflist"):
        setattr(made, kind, [font for font in getattr(made, kind) if Path(font.fname) in inside])
    listed = folder / "fontlist.json"
    font_manager.json_dump(made, listed)
    archive = folder / f"fontlist-{made._version}-.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(listed, "matplotlib/fontlist.json")
    listed.unlink()
    return archive


def compile_modules(folder: Path) -> None:
    """Compile the modules of the wheels and of Python itself: a lesson starts about a third sooner.

    By this very Pyodide, in the Node.js that comes inside Playwright: its Python alone makes code
    that it can read, and nobody has to install one.
    """
    node = next((Path(playwright.__file__).parent / "driver").glob("node*"))
    script = Path(__file__).with_name("compile_modules.mjs")
    run([node, script, folder], what="the compiled modules of Pyodide")


def own_folder_last(start: Path) -> None:
    """Let an import look into the reader's folder last: the kernel is ready a second sooner.

    Each look is a question to the page, through the browser's network, and Python waits for it.
    """
    text = start.read_text(encoding="utf-8")
    first = 'sys.path.insert(0,"")'
    if text.count(first) != 1:
        raise NotBuilt(f"{start.name} has not the one {first} that Pyodide {VERSION} has")
    start.write_text(text.replace(first, 'sys.path.append("")'), encoding="utf-8")


def add_packages(lock: dict[str, Any], paths: list[Path]) -> None:
    """Let the lock know these files, so that an import just works."""
    found = {path.name.split("-")[0].replace("_", "-"): path for path in paths}
    others = [name for name in found if name != "nnlesson"]
    # A package is unpacked after those that it needs: the list of fonts over matplotlib's. And
    # nnlesson brings all the others, so they are there before a lesson asks for them.
    needs = {"fontlist": ["matplotlib"], "nnlesson": [*others, *COMPILED]}
    for name, path in found.items():
        lock["packages"][name] = {
            "name": name,
            "version": path.name.split("-")[1],
            "file_name": path.name,
            "install_dir": "site",
            "package_type": "package",
            "imports": [name.replace("-", "_")],
            "depends": needs.get(name, []),
            "unvendored_tests": False,
        }
    folder = paths[0].parent
    for package in lock["packages"].values():  # compiled, the release's wheels are other files
        content = (folder / package["file_name"]).read_bytes()
        package["sha256"] = hashlib.sha256(content).hexdigest()


# ---- JupyterLite ----


def jupyterlite(work: Path) -> Path:
    """The folder that JupyterLite makes of the notebooks."""
    lite, contents, site = work / "lite", work / "contents", work / "site"
    lite.mkdir()
    contents.mkdir()
    (lite / "jupyter-lite.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        # The notebook joins its lines here, as JupyterLite's file server wants them.
        notebook = nbformat.read(path, as_version=4)
        (contents / path.name).write_text(json.dumps(notebook), encoding="utf-8")
    here = contents / "data" / "mnist"
    here.mkdir(parents=True)
    (here / "README.md").write_text(MNIST_HERE, encoding="utf-8")
    places = ["--lite-dir", lite, "--contents", contents, "--output-dir", site]
    apps = [part for app in ("notebooks", "tree", "edit") for part in ("--apps", app)]
    options = [*places, *apps, "--no-sourcemaps", "--no-unused-shared-packages"]
    made = [*MODULE, "jupyterlite_core", "build", *options]
    run(made, what="JupyterLite's folder", folder=lite)
    return site


def run(command: list[Any], what: str, folder: Path = ROOT) -> None:
    """Run a program; what it would have made is named if it fails."""
    made = subprocess.run(command, cwd=folder, text=True, capture_output=True)
    if made.returncode:
        raise NotBuilt(f"{what} could not be made: {(made.stderr or made.stdout)[-1500:].strip()}")
