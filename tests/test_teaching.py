"""The guide for teachers names what is there, quotes the checks, and its plans fit their time."""

import importlib
import re
from collections import defaultdict

import class_load
import course_rules
import pytest
from course_rules import Lesson
from nbformat.v4 import new_markdown_cell, new_notebook

from nnlesson.course.checks import Check

TEXT = (course_rules.ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
LESSONS = {int(path.name[:2]): path for path in sorted(course_rules.NOTEBOOKS.glob("*.ipynb"))}
each_lesson = pytest.mark.parametrize("number", LESSONS)
# "sections 1 to 3 and 9", "exercises 1, 2, 4": the word, and the numbers after it
NAMED = re.compile(r"\b(section|exercise)s? ((?:\d+(?:, and |, | and | to )?)+)", re.IGNORECASE)
PLANS = {"One evening": 150, "A weekend": 2 * 360}  # minutes
TALK = 1.5  # a class against one who learns alone, as the guide reckons


def named(text):
    """The numbers of the sections and of the exercises that a text names."""
    found = defaultdict(set)
    for kind, numbers in NAMED.findall(text):
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", numbers):
            found[kind.lower()] |= set(range(int(first), int(last or first) + 1))
    return found


def sections(path):
    """The cells of each numbered section of a lesson."""
    cells, current = defaultdict(list), 0
    for _, cell in Lesson.read(path).cells:
        if cell.cell_type == "code":
            cells[current].append(cell)
            continue
        for piece in re.split(r"(?m)^(?=## )", cell.source):
            if heading := re.match(r"## (?:(\d+) )?", piece):
                current = int(heading[1] or 0)
            cells[current].append(new_markdown_cell(piece))
    return cells


def rows():
    """The table of the three plans: for each lesson its columns, by their heading."""
    lines = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("| ")]
    head = next(line for line in lines if "One evening" in line[1])
    for line in lines:
        if lesson := re.fullmatch(r" Lesson (\d) ", line[0]):
            yield int(lesson[1]), dict(zip(head, line, strict=True))


@each_lesson
def test_it_names_sections_and_exercises_that_are_there(number):
    source = LESSONS[number].read_text(encoding="utf-8")
    own = re.search(rf"(?s)### Lesson {number}\n(.+?)\n##", TEXT)[1]
    assert f"../notebooks/{LESSONS[number].name}" in own
    said = named("\n".join([own, *dict(rows())[number].values()]))
    assert said["section"] <= set(sections(LESSONS[number]))
    assert said["exercise"] <= set(map(int, re.findall(r"Exercise (\d+)\*{0,2} \(", source)))


@each_lesson
def test_it_quotes_what_the_checks_say(number):
    checks = vars(importlib.import_module(f"nnlesson.course.lesson{number}.checks")).values()
    messages = [message for c in checks if isinstance(c, Check) for message in c.mistakes]
    own = re.search(rf"(?s)### Lesson {number}\n.+?stumble\*\*(.+?)\*\*Ask", TEXT)[1]
    quotes = [" ".join(quote.split()) for quote in re.findall(r'"([^"]+)"', own)]
    assert len(quotes) >= 3
    assert [q for q in quotes if not any(message.startswith(q) for message in messages)] == []


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_fits_its_time(plan, monkeypatch):
    """By the formula of the lessons' own times: full, but not more than full."""
    monkeypatch.setattr(course_rules, "ROUND_TO", 0.01)
    total = 0.0
    for number, row in rows():
        chosen = next(cell for head, cell in row.items() if plan in head)
        cells = sections(LESSONS[number])
        for section in named(chosen)["section"]:
            part = new_notebook(cells=cells[section])
            total += TALK * course_rules.minutes(Lesson(LESSONS[number], part))
    assert 0.75 * PLANS[plan] < total <= PLANS[plan], f"{plan}: {total:.0f} minutes"


def test_machines_and_limits_follow_from_what_was_measured():
    most = []
    for name in ("Bundled digits", "MNIST"):
        measured = re.search(rf"(?s)\n\*\*{name}\*\*\n(.+?)\n\n\*\*", TEXT)[1]
        memory = [int(number) for number in re.findall(r"(?m)\| (\d+) MB \|$", measured)]
        assert len(memory) == len(LESSONS)
        most.append(max(memory))
        fit = [str(class_load.fits(most[-1], size)) for size in class_load.MACHINES]
        assert f"| {name} | {' | '.join(fit)} |" in TEXT
    limits = [1000 * int(gb) for gb in re.findall(r"(?:limits\.memory|limit:) (\d)G", TEXT)]
    assert len(limits) == 2 and min(limits) > 1.25 * max(most)


def test_the_class_is_played_with_the_settings_that_the_guide_gives(tmp_path):
    known = class_load.environment(tmp_path)
    named = re.findall(r"\b(MALLOC_\w+_|OPENBLAS_NUM_THREADS)\W+(\d+)", TEXT)
    assert len(named) == 6  # three settings, for one machine and for many
    assert {name: known[name] for name, _ in named} == dict(named)
