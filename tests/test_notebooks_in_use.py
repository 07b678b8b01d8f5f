"""Notebooks as people use them: run twice, interrupted, with broken answers, and in odd places.

`make test-use` runs these, not `make test`: they take minutes. The bundled digits serve here, so
that no single run does.
"""

import ast
import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import course_rules
import pytest
from jupyter_client.manager import run_kernel

ROOT = course_rules.ROOT
PATHS = sorted(course_rules.NOTEBOOKS.glob("*.ipynb"))
CELL_TIMEOUT = 300

pytestmark = pytest.mark.slow  # minutes: `make test-use`
each_lesson = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@pytest.fixture
def kernel():
    """A client of a kernel, as Jupyter starts it: in the folder of the notebooks, without MNIST."""
    named = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "MPLBACKEND")}
    named["NNLESSON_DATA"] = ""
    with run_kernel(cwd=str(course_rules.NOTEBOOKS), env=named) as client:
        yield client


def run(kernel, code, interrupt_when=lambda ran: False, after=CELL_TIMEOUT):
    """Run a cell: the type of its error, or "", and the text that it printed or came to.

    Interrupt it, once, as soon as the condition on these holds, or after so many seconds."""
    ran, interrupted = SimpleNamespace(error="", text=""), []

    def hear(message):
        content = message["content"]
        ran.text += content.get("text") or content.get("data", {}).get("text/plain", "")
        if not interrupted and interrupt_when(ran):
            interrupted.append(kernel.parent.interrupt_kernel())

    # In its own thread, with an event loop that it closes; interrupt_kernel leaves one.
    stop = kernel.parent.provisioner.send_signal
    timer = threading.Timer(after, lambda: asyncio.run(stop(signal.SIGINT)))
    timer.start()
    options = {"allow_stdin": False, "output_hook": hear, "timeout": CELL_TIMEOUT + 10}
    ran.error = kernel.execute_interactive(code, **options)["content"].get("ename", "")
    timer.cancel()
    return ran


def code_cells(path):
    return [cell for _, cell in course_rules.Lesson.read(path).code]


def is_tagged(cell, tag):
    return tag in course_rules.tags_of(cell)


def run_all(kernel, cells):
    """Run cells in order; each must pass. Returns the text of those whose output is compared."""
    texts = []
    for cell in cells:
        ran = run(kernel, cell.source)
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
def test_broken_answers_then_run_all_twice_in_one_kernel(path, kernel):
    cells, error = code_cells(path), ""
    for cell in cells:
        if is_tagged(cell, "exercise"):
            broken = with_body(cell.source, "    raise LookupError('a slip of the learner')")
            error = run(kernel, broken).error
            assert error == ("ZeroDivisionError" if broken.endswith("= 1 / 0") else "")
            continue
        ran = run(kernel, cell.source)  # after an exercise, this is its check
        assert ran.error == ("NameError" if error else ""), f"in the cell\n{cell.source}"
        if is_tagged(cell, "check") and not error:
            assert "not yet:" in ran.text and "a slip of the learner" in ran.text
        error = ""
    assert run_all(kernel, cells) == run_all(kernel, cells)


@each_lesson
def test_an_endless_answer_can_be_interrupted(path, kernel):
    cells = code_cells(path)
    exercise = next(c for c in cells if is_tagged(c, "exercise") and c.source.startswith("def "))
    first = cells.index(exercise) + 1
    exercise, check = exercise.source, cells[first].source
    run_all(kernel, cells[:first])
    for way in ("", "    print('on my way')\n"):
        run(kernel, with_body(exercise, way + "    while True: pass"))
        assert run(kernel, check, after=1.0).error == "KeyboardInterrupt"
        assert run(kernel, "print(6 * 7)").text == "42\n"  # printing has come back
    run(kernel, exercise)
    assert "not started:" in run(kernel, check).text
    run_all(kernel, cells[first:])


TRAINS_LIVE = [path for path in PATHS if ".watch(train(" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", TRAINS_LIVE, ids=[path.stem for path in TRAINS_LIVE])
def test_a_lesson_goes_on_after_its_training_was_interrupted(path, kernel):
    interrupted = 0
    for cell in code_cells(path):
        if ".watch(train(" in cell.source:
            ran = run(kernel, cell.source, lambda ran: bool(ran.text))  # the figure is there
            assert ran.error in ("KeyboardInterrupt", ""), ran  # "": it was done already
            interrupted += ran.error == "KeyboardInterrupt"
        run_all(kernel, [cell])
    assert interrupted >= 1


def printed(path, stream):
    """What each compared cell of an executed notebook printed on "stdout" or "stderr"."""
    compared = [cell for cell in code_cells(path) if not is_tagged(cell, "nbval-ignore-output")]
    return ["".join(o.text for o in cell.outputs if o.get("name") == stream) for cell in compared]


def read_only(folder):
    """Make a folder read-only; returns what to put before a command that is to see it so.

    Permissions do not stop root: for root the folder is mounted read-only, for that command.
    """
    subprocess.run(["chmod", "-R", "a-w", folder], check=True)
    if os.geteuid() != 0:
        return []
    mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
    wrapped = ["unshare", "--mount", "sh", "-c", mount, "sh", str(folder)]
    try:
        subprocess.run([*wrapped, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"as root, and nothing can be mounted here: {error}")
    return wrapped


@each_lesson
@pytest.mark.skipif(sys.platform == "win32", reason="LANG and read-only folders differ there")
def test_two_at_once_from_a_read_only_checkout_with_spaces_and_japanese_in_its_path_and_lang_c(
    path, tmp_path
):
    checkout = tmp_path / "教室 2 の ノート" / "nn lesson"
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "mnist")
    for part in ("src", "notebooks", "data"):
        shutil.copytree(ROOT / part, checkout / part, ignore=ignored)
    # Without a display, in a plain C locale that Python may not improve: ASCII is the default.
    hidden = ("DISPLAY", "MPLBACKEND", "PYTHONIOENCODING")
    environment = {k: v for k, v in os.environ.items() if k not in hidden}
    environment |= {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment |= {"PYTHONPATH": str(checkout / "src"), "NNLESSON_DATA": ""}
    before = read_only(checkout)

    def start(*command):
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "errors": "replace"}
        command = [*before, sys.executable, *command]
        # What is there already, as the working folder, sees no mount.
        return subprocess.Popen(command, env=environment, cwd=tmp_path, **streams)

    code = "import nnlesson, pathlib; pathlib.Path(nnlesson.__file__).with_name('new').touch()"
    said, _ = start("-c", code).communicate()
    assert re.search("(Read-only|Permission).*nn lesson/src/nnlesson/new", said)

    names, both = [tmp_path / "one.ipynb", tmp_path / "two.ipynb"], []
    execute = "-m nbconvert --to notebook --execute".split()
    for name in names:
        both.append(start(*execute, f"{checkout}/notebooks/{path.name}", "--output", name))
        time.sleep(2)  # two kernels that look for free ports in the same moment may take the same
    for running in both:
        said, _ = running.communicate(timeout=CELL_TIMEOUT)
        assert running.returncode == 0, said[-3000:]
    one, two = (printed(name, "stdout") for name in names)
    assert one == two and sum(map(bool, one)) > 5
    assert not any(printed(names[0], "stderr"))
