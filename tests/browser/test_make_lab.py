"""What set-up brings to JupyterLab: a quiet start, short lines, lessons that git sees unchanged."""

import pytest
from browser_tools import NOTEBOOKS, Lab, jupyterlab
from playwright.sync_api import expect

LESSON = NOTEBOOKS[1].name
IS_SAVED = "() => !jupyterapp.shell.currentWidget.context.model.dirty"
# Of paragraphs of text alone, three lines or more: letters per line.
LETTERS_PER_LINE = """() => [...document.querySelectorAll('.jp-MarkdownOutput > p')]
    .filter(p => !p.querySelector('mjx-container'))
    .map(p => [p.innerText.length, p.clientHeight / parseFloat(getComputedStyle(p).lineHeight)])
    .filter(([_, lines]) => lines > 2.5)
    .map(([letters, lines]) => letters / (lines - 0.5))"""
ANSWER = """text => {
    const cells = [...jupyterapp.shell.currentWidget.content.model.cells];
    const exercise = cells.find(c => (c.getMetadata('tags') ?? []).includes('exercise'));
    exercise.sharedModel.setSource(text);
}"""
BROKEN = """
import ipywidgets
from IPython.display import HTML, display
slider = ipywidgets.IntSlider(description='n')
slider.observe(lambda change: 1 / 0, 'value')
picture = HTML('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
nothing = {'model_id': 'none', 'version_major': 2, 'version_minor': 0}
display(slider, picture)
display({'application/vnd.jupyter.widget-view+json': nothing}, raw=True)
raise RuntimeError('a fault')
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The home of a JupyterLab of its own: in the log of the other stands what other tests did."""
    return tmp_path_factory.mktemp("make-lab")


@pytest.fixture(scope="module")
def lab(browser, home):
    """Lesson 2, opened and not run."""
    with jupyterlab(home) as address:
        made = Lab(browser, address)
        made.open_notebook(LESSON)
        made.page.wait_for_function(IS_SAVED)
        yield made
        made.close()


def test_nobody_is_asked_or_warned(lab, home):
    said = lab.page.locator(".Toastify, .jp-Dialog").all_inner_texts()
    assert "".join(said).strip() == ""
    log = (home / "server.log").read_text(encoding="utf-8")
    assert "Extension Manager is 'readonly'" in log
    # Of the test's own making: it has no token.
    warnings = [line for line in log.splitlines() if "[W " in line or "WARNING" in line.upper()]
    assert [line for line in warnings if "authentication is disabled" not in line] == []


def test_lines_are_about_75_letters_long(lab):
    lengths = sorted(lab.page.evaluate(LETTERS_PER_LINE))
    assert len(lengths) > 10
    assert 60 < lengths[len(lengths) // 2] < 82 and lengths[-1] < 95


def test_a_lesson_shows_stills_and_played_with_is_unchanged_and_an_answer_is_kept(lab, home):
    path = home / "work" / LESSON
    stored = path.read_bytes()
    stills = lab.page.locator('.jp-OutputArea img[src^="data:image/svg+xml"]')
    expect(stills).to_have_count(2)
    expect(lab.page.locator(".nn-live")).to_have_count(0)
    figure = lab.figure("tangent(", runs=True)
    expect(stills).to_have_count(1)  # in its place is the figure
    figure.keys("z", *["ArrowRight"] * 5)
    lab.page.wait_for_function(IS_SAVED)
    assert path.read_bytes() == stored
    lab.page.evaluate(ANSWER, "# my answer")
    lab.page.wait_for_function(IS_SAVED)
    before, now = (text.decode().splitlines() for text in (stored, path.read_bytes()))
    assert sorted(set(now) - set(before)) == ['    "# my answer"']
    assert lab.faults() == []


def test_what_is_wrong_is_seen_by_these_tests(lab):
    lab.page.evaluate(ANSWER, BROKEN)
    broken = lab.cell("a fault", runs=True)
    broken.locator(".noUi-handle").press("ArrowRight")
    lab.page.evaluate("() => console.error('a console error')")
    lab.page.wait_for_function("() => seen.length > 1")
    expect(broken).to_contain_text("Error displaying widget")  # until then: "Loading widget"
    assert set(lab.faults()) >= {
        "RuntimeError: a fault",
        "ZeroDivisionError: division by zero",
        "Error displaying widget",
        "a picture without alt text: data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "a console error ()",
    }
