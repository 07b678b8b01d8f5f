"""The book in a real browser: every page, every link, every live figure; search; a digit drawn."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import course_rules
import nbformat
import pytest
from site_tools import PYODIDE, WIDE, Reader

from nnlesson.course.live import KIT, RECORD, recorded

LESSONS = sorted(path.stem for path in course_rules.NOTEBOOKS.glob("*.ipynb"))
PAGES = ["index", *LESSONS, "run", "search"]
# A 3 as a person writes it, as points of one stroke on a pad of 280 x 280.
THREE = [
    (90, 70), (130, 50), (175, 65), (180, 105), (140, 132), (180, 155), (188, 200), (145, 232),
    (90, 215),
]  # fmt: skip
DRAWN = {"lesson6/drawn_digit"}
# What a figure shows: its sentence, its pictures and tables.
SHOWN = "root => [...root.querySelectorAll('.nn-says, .nn-parts')].map(e => e.innerHTML).join()"


@cache
def links_of(path: Path) -> Links:
    """The links of a file, read once."""
    return Links(path.read_text(encoding="utf-8"))


class Links(HTMLParser):
    """The addresses on a page, and the places in it that an address can name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what names another file, and what can be named."""
        named = dict(attrs)
        self.places.add(named.get("id") or "")
        self.links += [v for k, v in attrs if k in ("href", "src") and v is not None]


def broken(site: Path, page: str) -> list[str]:
    """The links of a page that lead nowhere, or to another host by themselves."""
    found = links_of(site / page)
    wrong = []
    for link in found.links:
        parts = urlsplit(link)
        if parts.scheme in ("http", "https", "data", "mailto"):
            continue
        path = site / page if not parts.path else site / unquote(parts.path)
        if not path.is_file():
            wrong.append(link)
        elif parts.fragment and path.suffix == ".html":
            places = links_of(path).places
            wrong += [link] if unquote(parts.fragment) not in places else []
        for name in parse_qs(parts.query).get("path", []):
            wrong += [] if (site / "lite" / "files" / name).is_file() else [link]
    return wrong


def sideways(reader: Reader) -> list[str]:
    """What makes the page, or a piece of code on it, folded or not, scroll sideways."""
    return reader.page.evaluate("""() => {
        const page = document.scrollingElement;
        document.querySelectorAll('main details').forEach(e => { e.open = true; });
        const code = [...document.querySelectorAll('main pre')];
        return [
            ...code.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent),
            ...(page.scrollWidth > page.clientWidth ? ['the page'] : []),
        ];
    }""")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault_in_light_dark_wide_and_narrow(reader, name):
    # `reader` itself fails on an error in the console, and on a request to another host.
    page = reader.open(f"{name}.html")
    article = page.locator("main")
    assert page.locator("h1:visible").count() == 1
    assert page.locator("mjx-merror, .problematic").count() == 0
    # No mathematics is left as it is written, but in code.
    prose = article.locator("p, li, summary").all_inner_texts()
    assert not [text for text in prose if re.search(r"\$[^$\d][^$]*\$|\\frac|\\sum", text)]
    assert sideways(reader) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert sideways(reader) == []
    page.set_viewport_size(WIDE)
    assert reader.axe_faults() == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(site, page):
    assert broken(site, f"{page}.html") == []


def test_a_broken_link_is_found(site, tmp_path):
    page = '<a href="gone.html"><a href="#gone"><a href="x.html#there"><p id="there"><a href="">'
    (tmp_path / "x.html").write_text(page, encoding="utf-8")
    assert broken(tmp_path, "x.html") == ["gone.html", "#gone"]


def test_the_pages_follow_each_other(reader):
    page = reader.open("index.html")
    for name in LESSONS:
        page.locator("a.right-next").click()
        page.wait_for_url(f"**/{name}.html")
    page.locator("a.left-prev").click()
    page.wait_for_url(f"**/{LESSONS[-2]}.html")


# ---- live figures ----


def records(lesson: str) -> list[dict]:
    """What a stored notebook holds of its live figures, in order."""
    notebook = nbformat.read(course_rules.NOTEBOOKS / f"{lesson}.ipynb", as_version=4)
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", []) if "data" in o]
    return [recorded(o.data[RECORD]) for o in outputs if RECORD in o.data]


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_live_figure_of_a_lesson_is_on_its_page_and_moves(reader, lesson):
    page = reader.open(f"{lesson}.html")
    figures = [record["figure"] for record in records(lesson)]
    places = page.locator("[data-figure]")
    assert [place.get_attribute("data-figure") for place in places.all()] == figures
    for place, figure in zip(places.all(), figures, strict=True):
        root = place.locator(".nn-live")
        root.scroll_into_view_if_needed()
        before = root.evaluate(SHOWN)
        if figure in DRAWN:
            draw(root, THREE)
        else:
            slider = root.get_by_role("slider").first
            slider.focus()
            slider.press("ArrowRight")
        page.wait_for_timeout(100)
        assert root.evaluate(SHOWN) != before, figure
        assert "NaN" not in root.evaluate(SHOWN) and "undefined" not in root.inner_text()


def test_every_figure_file_is_on_some_page_or_the_front_page():
    # A new figure must reach the readers of the book, too.
    files = {path.stem for path in KIT.parent.glob("lesson*/*.js") if "see(" in path.read_text()}
    shown = {record["figure"].split("/")[1] for lesson in LESSONS for record in records(lesson)}
    assert shown | {"drawn_digit"} <= files and len(files) >= 6


def draw(root, points) -> None:
    """Draw one stroke on the pad with the mouse; points as on a pad of 280 x 280."""
    box = root.locator("[data-drag=pad] rect").first.bounding_box()
    scale, mouse = box["width"] / 280, root.page.mouse
    places = [(box["x"] + scale * x, box["y"] + scale * y) for x, y in points]
    mouse.move(*places[0])
    mouse.down()
    for place in places[1:]:
        mouse.move(*place, steps=4)
    mouse.up()


def test_a_3_drawn_on_the_front_page_is_read_while_it_is_drawn(reader):
    page = reader.open("index.html")
    root = page.locator(".nn-live")
    assert "blank" in root.locator(".nn-says").inner_text()
    draw(root, THREE)
    said = root.locator(".nn-says")
    page.wait_for_function("() => /read as 3/.test(document.querySelector('.nn-says').innerText)")
    assert "prepared as MNIST was: read as 3" in said.inner_text()
    # What a screen reader hears is the same.
    page.wait_for_timeout(900)
    assert root.get_by_role("status").inner_text() == said.inner_text()


def test_the_figures_move_on_a_page_opened_as_a_file(browser, site):
    page = browser.new_page()
    page.goto((site / "02_sigmoid_derivative.html").as_uri())
    root = page.locator(".nn-live").first
    before = root.evaluate(SHOWN)
    root.get_by_role("slider").first.press("ArrowRight")
    page.wait_for_timeout(100)
    assert root.evaluate(SHOWN) != before
    page.close()


def test_two_figures_share_the_weights_of_one_network(site):
    scripts = list((site / "_static" / "live").glob("*.js"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in scripts}
    weights = [text for text in texts.values() if text.startswith("nnlesson.bytes")]
    named = {text.split('"')[1] for text in weights}
    assert weights and len(named) == len(weights)
    assert all(any(name in text for key, text in texts.items() if key != name) for name in named)


# ---- questions, search ----


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_question_shows_its_choices_and_folds_its_answer(reader, lesson):
    page = reader.open(f"{lesson}.html")
    answers = page.locator("details.math", has=page.get_by_text("Answer", exact=True))
    assert answers.count() == page.get_by_text("Before you run.", exact=True).count() >= 5
    for answer in answers.all():
        inside = answer.locator("p")
        assert not inside.is_visible()
        answer.locator("summary").click()
        assert inside.is_visible()
        assert not re.search(r"\$[^$]+\$", inside.inner_text()), inside.inner_text()
    # What stands for a widget names a way to use it.
    assert page.get_by_text("Run the cells to ").count() == 0


@pytest.mark.parametrize(("word", "pages"), [("softmax", 5), ("重み", 1)])
def test_search_finds(reader, word, pages):
    page = reader.open(f"search.html?q={word}")
    results = page.locator("#search-results li a")
    results.first.wait_for()
    assert results.count() >= pages
    results.first.click()
    page.wait_for_load_state()
    assert word in page.locator("article").inner_text().lower()


def test_run_this_lesson_opens_it_in_the_same_folder(reader):
    page = reader.open(f"{LESSONS[0]}.html")
    link = page.locator(".nn-run a")
    if PYODIDE.is_dir():
        assert link.get_attribute("href") == f"lite/notebooks/index.html?path={LESSONS[0]}.ipynb"
    else:
        assert link.get_attribute("href") == "run.html"
