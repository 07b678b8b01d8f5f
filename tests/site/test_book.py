"""The book in a real browser: every page, every link, every live figure; search; a digit drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import course_rules
import nbformat
import pytest
from browser_tools import Reader
from live_tools import THREE, LiveFigure, axe_faults
from playwright.sync_api import Page, expect

from nnlesson.course.live import RECORD, recorded

LESSONS = sorted(path.stem for path in course_rules.NOTEBOOKS.glob("*.ipynb"))
PAGES = ["index", *LESSONS, "run", "search"]
WIDE: Any = {"width": 1400, "height": 1000}
MATHEMATICS_ARE_SET = (
    "() => !window.MathJax?.startup?.promise || MathJax.startup.promise.then(() => true)"
)
LINKS = """all => all.map(
    e => new URL(e.getAttribute('href') ?? e.getAttribute('src'), document.baseURI).href)"""
# What makes the page, or a piece of code on it, folded or not, scroll sideways.
SIDEWAYS = """() => {
    document.querySelectorAll('main details').forEach(e => { e.open = true; });
    const parts = [document.scrollingElement, ...document.querySelectorAll('main pre')];
    return parts.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent);
}"""
# To be fast axe does not see what MathJax makes, and code but for some of it: thousands of
# elements that are alike.
REMOVE_WHAT_IS_ALIKE = """() => {
    document.querySelectorAll('article mjx-container').forEach(e => e.replaceWith('x'));
    [...document.querySelectorAll('article .highlight')].slice(8).forEach(e => e.remove());
}"""


class BookReader(Reader):
    """A page of the book."""

    heard = ("error", "warning")

    def open(self, path: str) -> Page:
        """Open a page of the site and wait until its mathematics are set."""
        self.page.goto(f"{self.address}/{path}")
        self.page.wait_for_function(MATHEMATICS_ARE_SET)
        return self.page


@pytest.fixture
def reader(browser: Any, address: str) -> Iterator[BookReader]:
    """A page of the browser in which nothing went wrong, also not by the end of the test."""
    made = BookReader(browser, address)
    made.page.set_viewport_size(WIDE)
    made.page.emulate_media(color_scheme="light")
    yield made
    made.page.close()
    assert made.wrong == []


def leads_somewhere(site: Path, link: str) -> bool:
    """Whether the site has the file of a link, the place in it, and the notebook it opens."""
    parts = urlsplit(link)
    opened = [site / "lite/files" / name for name in parse_qs(parts.query).get("path", [])]
    file, place = site / unquote(parts.path)[1:], unquote(parts.fragment)
    if not all(path.is_file() for path in (file, *opened)):
        return False
    return not place or f'id="{place}"' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault_in_light_dark_wide_and_narrow(reader, site, name):
    # `reader` itself fails on an error in the console, and on a request to another host.
    page = reader.open(f"{name}.html")
    expect(page.locator("h1:visible")).to_have_count(1)
    expect(page.locator("mjx-merror, .problematic")).to_have_count(0)
    # No mathematics is left as it is written, but in code.
    prose = page.locator("main").locator("p, li, summary").all_inner_texts()
    assert not [text for text in prose if re.search(r"\$[^$\d][^$]*\$|\\frac|\\sum", text)]
    links = page.locator("[href], [src]").evaluate_all(LINKS)
    own = [link for link in links if link.startswith(reader.address)]
    assert own and [link for link in own if not leads_somewhere(site, link)] == []
    for size in ({"width": 390, "height": 900}, WIDE):
        page.set_viewport_size(size)
        assert page.evaluate(SIDEWAYS) == []
    page.evaluate(REMOVE_WHAT_IS_ALIKE)
    for scheme, options in (("light", "{}"), ("dark", "{ runOnly: 'color-contrast' }")):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        assert axe_faults(page.locator("main"), options) == []


def test_the_pages_follow_each_other(reader):
    page = reader.open("index.html")
    for name in LESSONS:
        page.locator("a.right-next").click()
        page.wait_for_url(f"**/{name}.html")
    page.locator("a.left-prev").click()
    page.wait_for_url(f"**/{LESSONS[-2]}.html")


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_live_figure_of_a_lesson_is_on_its_page_and_moves(reader, lesson):
    notebook = nbformat.read(course_rules.NOTEBOOKS / f"{lesson}.ipynb", as_version=4)
    outputs = [o.get("data", {}) for cell in notebook.cells for o in cell.get("outputs", [])]
    names = [recorded(data[RECORD])["figure"] for data in outputs if RECORD in data]
    places = reader.open(f"{lesson}.html").locator("[data-figure]").all()
    assert [place.get_attribute("data-figure") for place in places] == names
    for place, name in zip(places, names, strict=True):
        figure = LiveFigure(place.locator(".nn-live"))
        before = figure.shown()
        if name == "lesson6/drawn_digit":
            figure.write(THREE)
        else:
            figure.root.get_by_role("slider").first.press("ArrowRight")
        assert figure.shown() != before, name
        assert not re.search("NaN|undefined", figure.root.inner_text()), name


def test_a_3_drawn_on_the_front_page_is_read_while_it_is_drawn(reader):
    pad = LiveFigure(reader.open("index.html").locator(".nn-live"))
    expect(pad.says).to_contain_text("blank")
    assert len(pad.write(THREE)) > 5
    expect(pad.says).to_contain_text("prepared as MNIST was: read as 3")
    # What a screen reader hears is the same.
    expect(pad.spoken).to_have_text(pad.says.inner_text())


def test_the_figures_move_on_a_page_opened_as_a_file(browser, site):
    page = browser.new_page()
    page.goto((site / f"{LESSONS[1]}.html").as_uri())
    figure = LiveFigure(page.locator(".nn-live").first)
    before = figure.shown()
    figure.root.get_by_role("slider").first.press("ArrowRight")
    assert figure.shown() != before
    page.close()


def test_two_figures_share_the_weights_of_one_network(site):
    texts = [path.read_text(encoding="utf-8") for path in site.glob("_static/live/*.js")]
    named = [text.split('"')[1] for text in texts if text.startswith("nnlesson.bytes")]
    assert named and len(set(named)) == len(named)
    assert all(sum(name in text for text in texts) > 1 for name in named)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_question_shows_its_choices_and_folds_its_answer(reader, lesson):
    page = reader.open(f"{lesson}.html")
    answers = page.locator("details.math", has=page.get_by_text("Answer", exact=True))
    assert answers.count() == page.get_by_text("Before you run.", exact=True).count() >= 5
    for answer in answers.all():
        inside = answer.locator("p")
        expect(inside).to_be_hidden()
        answer.locator("summary").click()
        expect(inside).to_be_visible()
        assert not re.search(r"\$[^$]+\$", inside.inner_text()), inside.inner_text()
    # What stands for a widget names a way to use it.
    expect(page.get_by_text("Run the cells to ")).to_have_count(0)


@pytest.mark.parametrize(("word", "pages"), [("softmax", 5), ("重み", 1)])
def test_search_finds(reader, word, pages):
    page = reader.open(f"search.html?q={word}")
    results = page.locator("#search-results li a")
    expect(results.nth(pages - 1)).to_be_visible()
    results.first.click()
    expect(page.locator("article")).to_contain_text(word, ignore_case=True)
