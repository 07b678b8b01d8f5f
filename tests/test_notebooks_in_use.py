"""Notebooks as people use them: run twice, interrupted, with broken answers, and in odd places.

`make test-use` runs these, not `make test`: they take minutes. The bundled digits serve here, so
that no single run does.
"""

import ast
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import course_rules
import pytest
from jupyter_client.manager import start_new_kernel

ROOT = course_rules.ROOT
PATHS = sorted(course_rules.NOTEBOOKS.glob("*.ipynb"))
CELL_TIMEOUT = 300

pytestmark = pytest.mark.slow  # minutes: `make test-use`
each_lesson = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])


class Kernel:
    """A running kernel, as Jupyter starts it: in the folder of the notebooks, without MNIST."""

    def __init__(self):
        named = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "MPLBACKEND")}
        named["NNLESSON_DATA"] = ""
        self.manager, self.client = start_new_kernel(cwd=str(course_rules.NOTEBOOKS), env=named)

    def run(self, code, interrupt_when=lambda ran: False, after=CELL_TIMEOUT):
        """Run a cell: the type of its error, or "", and the text that it printed or came to.

        Interrupt it, once, as soon as the condition on these holds, or after so many seconds."""
        ran, interrupted = SimpleNamespace(error="", text=""), []

        def hear(message):
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                ran.text += content["text"]
            elif kind in ("execute_result", "display_data"):
                ran.text += content["data"].get("text/plain", "")
            if not interrupted and interrupt_when(ran):
                interrupted.append(self.manager.interrupt_kernel())

        # In its own thread, with an event loop that it closes; manager.interrupt_kernel leaves one.
        stop = self.manager.provisioner.send_signal
        timer = threading.Timer(after, lambda: asyncio.run(stop(signal.SIGINT)))
        timer.start()
        reply = self.client.execute_interactive(
            code, allow_stdin=False, output_hook=hear, timeout=CELL_TIMEOUT + 10
        )
        timer.cancel()
        ran.error = reply["content"].get("ename", "")
        return ran


@pytest.fixture
def one_kernel():
    """A fresh kernel."""
    made = Kernel()
    yield made
    made.client.stop_channels()
    made.manager.shutdown_kernel(now=True)


def code_cells(path):
    return [cell for _, cell in course_rules.Lesson.read(path).code]


def is_tagged(cell, tag):
    return tag in course_rules.tags_of(cell)


def run_all(made, cells):
    """Run cells in order; each must pass. Returns the text of those whose output is compared."""
    texts = []
    for cell in cells:
        ran = made.run(cell.source)
        assert not ran.error, f"{ran.error} in the cell\n{cell.source}"
        if not is_tagged(cell, "nbval-ignore-output"):
            texts.append(ran.text)
    return texts


def with_body(source, body):
    """An exercise with another body for its function, or another value for its name."""
    node = ast.parse(source).body[-1]
    if isinstance(node, ast.FunctionDef):
        return f"def {node.name}({ast.unparse(node.args)}):\n" + body
    assert isinstance(node, ast.Assign), source
    return f"{ast.unparse(node.targets[0])} = 1 / 0"


@each_lesson
def test_broken_answers_then_run_all_twice_in_one_kernel(path, one_kernel):
    cells, error = code_cells(path), ""
    for cell in cells:
        if is_tagged(cell, "exercise"):
            broken = with_body(cell.source, "    raise LookupError('a slip of the learner')")
            error = one_kernel.run(broken).error
            assert error == ("ZeroDivisionError" if broken.endswith("= 1 / 0") else "")
            continue
        ran = one_kernel.run(cell.source)  # after an exercise, this is its check
        assert ran.error == ("NameError" if error else ""), f"in the cell\n{cell.source}"
        if is_tagged(cell, "check") and not error:
            assert "not yet:" in ran.text and "a slip of the learner" in ran.text
        error = ""
    assert run_all(one_kernel, cells) == run_all(one_kernel, cells)


@each_lesson
def test_an_endless_answer_can_be_interrupted(path, one_kernel):
    cells = code_cells(path)
    exercise = next(c for c in cells if is_tagged(c, "exercise") and c.source.startswith("def "))
    first = cells.index(exercise) + 1
    exercise, check = exercise.source, cells[first].source
    run_all(one_kernel, cells[:first])
    for way in ("", "    print('on my way')\n"):
        one_kernel.run(with_body(exercise, way + "    while True: pass"))
        assert one_kernel.run(check, after=1.0).error == "KeyboardInterrupt"
        assert one_kernel.run("print(6 * 7)").text == "42\n"  # printing has come back
    one_kernel.run(exercise)
    assert "not started:" in one_kernel.run(check).text
    run_all(one_kernel, cells[first:])


TRAINS_LIVE = [path for path in PATHS if ".watch(train(" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", TRAINS_LIVE, ids=[path.stem for path in TRAINS_LIVE])
def test_a_lesson_goes_on_after_its_training_was_interrupted(path, one_kernel):
    interrupted = 0
    for cell in code_cells(path):
        if ".watch(train(" in cell.source:
            ran = one_kernel.run(cell.source, lambda ran: bool(ran.text))  # the figure is there
            assert ran.error in ("KeyboardInterrupt", ""), ran  # "": it was done already
            interrupted += ran.error == "KeyboardInterrupt"
        run_all(one_kernel, [cell])
    assert interrupted >= 1


def printed(path, stream):
    """What each compared cell of an executed notebook printed on "stdout" or "stderr"."""
    compared = [cell for cell in code_cells(path) if not is_tagged(cell, "nbval-ignore-output")]
    return ["".join(o.text for o in cell.outputs if o.get("name") == stream) for cell in compared]


def nbconvert(notebook, made):
    """The command that executes a notebook into another file."""
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", str(notebook)]
    return [*command, "--output", str(made)]


@each_lesson
def test_two_at_once(path, tmp_path):
    names, both = [tmp_path / "one.ipynb", tmp_path / "two.ipynb"], []
    for name in names:
        command = nbconvert(path, name)
        both.append(subprocess.Popen(command, env=os.environ | {"NNLESSON_DATA": ""}))
        time.sleep(2)  # two kernels that look for free ports in the same moment may take the same
    assert [running.wait(CELL_TIMEOUT) for running in both] == [0, 0]
    one, two = ([printed(name, stream) for stream in ("stdout", "stderr")] for name in names)
    assert one == two and sum(map(bool, one[0])) > 5


def read_only(folder):
    """Make a folder read-only; returns what to put before a command that is to see it so.

    Permissions do not stop root: for root the folder is mounted read-only, for that command.
    """
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
    wrapped = ["unshare", "--mount", "sh", "-c", mount, "sh", str(folder)]
    try:
        subprocess.run([*wrapped, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"as root, and nothing can be mounted here: {error}")
    return wrapped


@pytest.fixture
def odd_checkout(tmp_path):
    """A copy of what a checkout holds, in a path with spaces and Japanese characters."""
    folder = tmp_path / "教室 2 の ノート" / "nn lesson"
    for part in ("src", "notebooks", "data"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "mnist")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    yield folder
    for path in [folder, *folder.rglob("*")]:  # or the copy could not be removed
        path.chmod(path.stat().st_mode | 0o200)


@each_lesson
@pytest.mark.skipif(sys.platform == "win32", reason="LANG and read-only folders differ there")
def test_a_read_only_checkout_with_spaces_and_japanese_in_its_path_and_lang_c(
    path, odd_checkout, tmp_path
):
    # Without a display, in a plain C locale that Python may not improve: ASCII is the default.
    hidden = ("DISPLAY", "MPLBACKEND", "PYTHONIOENCODING")
    environment = {k: v for k, v in os.environ.items() if k not in hidden}
    environment |= {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment |= {"PYTHONPATH": str(odd_checkout / "src"), "NNLESSON_DATA": ""}
    before = read_only(odd_checkout)

    def run(*command):
        return subprocess.run(
            [*before, *command], env=environment, capture_output=True, encoding="utf-8",
            errors="replace", check=False, cwd=tmp_path,  # what is there already sees no mount
        )  # fmt: skip

    code = "import nnlesson, os, pathlib; print(os.fsencode(nnlesson.__file__))\n"
    code += "pathlib.Path(nnlesson.__file__).with_name('new').touch()"
    probe = run(sys.executable, "-c", code)
    package = odd_checkout / "src" / "nnlesson" / "__init__.py"
    assert probe.stdout.strip() == str(os.fsencode(package))
    assert "Read-only" in probe.stderr or "Permission" in probe.stderr

    made = run(*nbconvert(odd_checkout / "notebooks" / path.name, tmp_path / "made.ipynb"))
    assert made.returncode == 0, made.stderr[-3000:]
    assert sum(map(bool, printed(tmp_path / "made.ipynb", "stdout"))) > 5
    assert not any(printed(tmp_path / "made.ipynb", "stderr"))
