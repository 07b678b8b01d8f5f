"""What set-up brings to JupyterLab: a quiet start, short lines, lessons that git sees unchanged."""

import pytest
from browser_tools import NOTEBOOKS, jupyterlab

LESSON = NOTEBOOKS[1].name
IS_SAVED = "() => !jupyterapp.shell.currentWidget.context.model.dirty"
# Of paragraphs of text alone, three lines or more: letters per line.
LETTERS_PER_LINE = """() => [...document.querySelectorAll('.jp-MarkdownOutput > p')]
    .filter(p => !p.querySelector('mjx-container'))
    .map(p => [p.innerText.length, p.clientHeight / parseFloat(getComputedStyle(p).lineHeight)])
    .filter(([_, lines]) => lines > 2.5)
    .map(([letters, lines]) => letters / (lines - 0.5))"""
ANSWER = """() => {
    const cells = [...jupyterapp.shell.currentWidget.content.model.cells];
    const exercise = cells.find(c => (c.getMetadata('tags') ?? []).includes('exercise'));
    exercise.sharedModel.setSource('# my answer');
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A JupyterLab of its own: in the log of the other stands what other tests did."""
    with jupyterlab(tmp_path_factory.mktemp("make-lab"), NOTEBOOKS) as running:
        yield running


def wait_until_saved(lab):
    lab.page.wait_for_function(IS_SAVED, timeout=60_000)


def test_nobody_is_asked_or_warned(lab):
    lab.open_notebook(LESSON)
    wait_until_saved(lab)
    said = lab.page.locator(".Toastify, .jp-Dialog").all_inner_texts()
    assert "".join(said).strip() == ""
    log = (lab.server.folder.parent / "server.log").read_text(encoding="utf-8")
    assert "Extension Manager is 'readonly'" in log
    # Of the test's own making: it has no token.
    warnings = [line for line in log.splitlines() if "[W " in line or "WARNING" in line.upper()]
    assert [line for line in warnings if "authentication is disabled" not in line] == []


def test_a_lesson_that_was_opened_and_played_with_is_unchanged_and_an_answer_is_kept(lab):
    path = lab.server.folder / LESSON
    stored = path.read_bytes()
    lab.open_notebook(LESSON)
    wait_until_saved(lab)
    assert path.read_bytes() == stored
    figure = lab.run_cell("tangent(")
    slider = figure.locator("input[type=range]").first
    slider.wait_for()
    slider.focus()
    lab.press_key("ArrowRight", 5)
    wait_until_saved(lab)
    assert path.read_bytes() == stored
    lab.page.evaluate(ANSWER)
    wait_until_saved(lab)
    before, now = (text.decode().splitlines() for text in (stored, path.read_bytes()))
    assert sorted(set(now) - set(before)) == ['    "# my answer"']
    assert lab.faults() == []


def test_lines_are_about_75_letters_long(lab, screenshots):
    lab.open_notebook(LESSON)
    lengths = sorted(lab.page.evaluate(LETTERS_PER_LINE))
    assert len(lengths) > 10
    assert 60 < lengths[len(lengths) // 2] < 82 and lengths[-1] < 95
    lab.page.screenshot(path=screenshots / "make-lab.png")
