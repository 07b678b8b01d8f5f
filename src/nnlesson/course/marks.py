"""Marks: run learners' answers in the course's own notebooks, and write down each check's verdict.

`python -m nnlesson marks FOLDER` reads FOLDER/learner/01_perceptron.ipynb, or files given by name.
Only the cells of exercises are taken from a learner; all others, the checks too, are the course's.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from nnlesson.course.checks import Status

NO_VERDICT = "no verdict"
VERDICT = re.compile(rf"({'|'.join(Status)}): (.*)")
TITLE = re.compile(r"Exercise (\d+)\W+\((?:core|more),")
LIMIT = """
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({0}, {0}))
except (ImportError, ValueError):
    print("no limit of memory")
"""


class Mark(NamedTuple):
    """What came of one exercise. The names of the columns are nbgrader's where it has them."""

    student_id: str
    assignment: str
    exercise: int
    verdict: str
    score: int
    max_score: int
    message: str


class Alone(AsyncKernelManager):
    """A kernel that is spoken to by files, and has no network where `unshare` can take it away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, transport="ipc")
        self.was_interrupted = False

    async def interrupt_kernel(self) -> None:  # type: ignore[override]
        """End what takes too long; a cell that catches the interrupt too ends the kernel."""
        if self.was_interrupted:
            await self.shutdown_kernel(now=True)
        else:
            self.was_interrupted = True
            await super().interrupt_kernel()

    def go_on(self, **_: Any) -> None:
        """A cell has ended: the next may be interrupted, too."""
        self.was_interrupted = False

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The command that starts the kernel."""
        command = super().format_kernel_cmd(extra_arguments)
        return ["unshare", "-rn", *command] if has_no_network() else command


def has_no_network() -> bool:
    """Whether kernels run without a network here: on Linux, if it allows that to its users."""
    tool = shutil.which("unshare")
    return tool is not None and subprocess.run([tool, "-rn", "true"], check=False).returncode == 0


def submitted(places: Sequence[Path]) -> list[tuple[str, Path]]:
    """(learner, file) of each notebook: the learner is its folder, or a lone file's name."""
    found = []
    for place in places:
        if not place.exists():
            raise FileNotFoundError(f"there is no {place}")
        files = sorted(place.rglob("*.ipynb")) if place.is_dir() else [place]
        for file in files:
            inside = file.relative_to(place).parts if place.is_dir() else (file.name,)
            if ".ipynb_checkpoints" not in inside:
                found.append((inside[0] if len(inside) > 1 else file.stem, file))
    return found


def exercises(lesson: nbformat.NotebookNode) -> list[tuple[int, str, int]]:
    """(number, id of its cell, place of its check) of each exercise in one of the course's."""
    made, number = [], 0
    for place, cell in enumerate(lesson.cells):
        title = TITLE.search(cell.source) if cell.cell_type == "markdown" else None
        number = int(title[1]) if title else number
        if "exercise" in cell.metadata.get("tags", []):
            made.append((number, cell.id, place + 1))
    return made


def mark(
    learner: str, file: Path, course: Path, *, seconds: int = 120, megabytes: int = 4000
) -> list[Mark]:
    """The marks of one notebook, which is run in a kernel of its own.

    seconds: how long a cell may take; megabytes: the kernel's memory, where it can be limited.
    """
    lessons = {path.stem: nbformat.read(path, 4) for path in sorted(course.glob("0*.ipynb"))}
    if not lessons:
        raise FileNotFoundError(f"there are no lessons in {course}: name the course's notebooks")
    answers, said = {}, "it has no exercise of the course"
    try:
        answers = {cell.id: cell.source for cell in nbformat.read(file, 4).cells}
    except Exception as error:  # nbformat has many kinds
        said = f"the notebook cannot be read ({type(error).__name__})"
    n_asked = {name: sum(i in answers for _, i, _ in exercises(n)) for name, n in lessons.items()}
    name = max(n_asked, key=n_asked.__getitem__)
    if not n_asked[name]:
        return [Mark(learner, file.stem, 0, NO_VERDICT, 0, 0, said)]
    lesson, asked = lessons[name], exercises(lessons[name])
    for cell in lesson.cells:
        if cell.cell_type == "code":
            cell.outputs = []
        if "exercise" in cell.metadata.get("tags", []):
            cell.source = answers.get(cell.id, "")
    lesson.cells.insert(0, nbformat.v4.new_code_cell(LIMIT.format(megabytes * 1_000_000)))
    run(lesson, course, seconds)
    return [
        Mark(learner, name, number, *judged(lesson.cells[place + 1], lesson.cells[place]))
        for number, _, place in asked
    ]


def run(lesson: nbformat.NotebookNode, folder: Path, seconds: int) -> None:
    """Run the cells in place; one that takes too long is interrupted, and a dead kernel ends it."""
    with TemporaryDirectory() as pipes:
        kernel = Alone(kernel_name="python3", ip=str(Path(pipes) / "kernel"))
        client = NotebookClient(
            lesson, km=kernel, timeout=seconds, interrupt_on_timeout=True, allow_errors=True,
            resources={"metadata": {"path": folder}}, on_cell_executed=kernel.go_on,
        )  # fmt: skip
        try:
            client.execute(cleanup_kc=True)
        except (DeadKernelError, RuntimeError):  # RuntimeError: it did not start
            pass  # cells without output have no verdict
        finally:
            kernel.context.destroy(linger=0)  # the manager forgets a socket of a dead kernel


def judged(check: nbformat.NotebookNode, answer: nbformat.NotebookNode) -> tuple[Any, ...]:
    """Verdict, score, largest score and message of a check that was run."""
    said = "".join(o.get("text", "") for o in check.outputs if o.get("name") == "stdout")
    if found := VERDICT.match(said):
        return found[1], int(found[1] == Status.RIGHT), 1, found[2]
    errors = [o for cell in (answer, check) for o in cell.outputs if o.output_type == "error"]
    why = f"{errors[0].ename}: {errors[0].evalue}" if errors else "the kernel died before it"
    return NO_VERDICT, 0, 1, "it took too long" if why.startswith("KeyboardInterrupt") else why


def as_csv(marks: Iterable[Mark]) -> bytes:
    """The marks as a CSV file, a line for each exercise."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(Mark._fields)
    # A text that a spreadsheet would take for a formula begins with a quotation mark.
    table.writerows([f"'{v}" if str(v)[:1] in "=+-@" else v for v in one] for one in marks)
    return text.getvalue().encode("utf-8")


def summary(marks: Sequence[Mark]) -> str:
    """How many are right in each exercise, and the messages that came most often."""
    lines = []
    for task in sorted({(m.assignment, m.exercise) for m in marks}):
        these = [m for m in marks if (m.assignment, m.exercise) == task]
        right = sum(m.score for m in these)
        lines.append(f"{task[0]}, exercise {task[1]}: {right} of {len(these)} right")
        wrong = Counter(m.message for m in these if m.verdict in (Status.NOT_YET, NO_VERDICT))
        lines += [f"    {n} times: {message}" for message, n in wrong.most_common(3)]
    return "\n".join(lines)
