"""Every lesson in JupyterLab: it runs to its end, its questions answer, its live figures move."""

import re

from live_tools import check_looks, frames, middle
from playwright.sync_api import expect


def test_lesson_runs_in_the_browser(lesson):
    code = [cell for cell in lesson.cells() if cell["cell_type"] == "code"]
    assert code and all(cell["execution_count"] for cell in code if "".join(cell["source"]).strip())


def test_each_question_answers_by_key_and_mouse_and_is_typeset(lesson):
    first = lesson.page.get_by_role("button", name="A", exact=True)
    questions = lesson.page.locator(".jp-Cell", has=first).all()
    assert len(questions) >= 5
    for question in questions:
        said, right = question.get_by_role("status"), []
        question.get_by_role("button", name="A", exact=True).press("Enter")
        for letter in question.get_by_role("button", name=re.compile("^[A-Z]$")).all():
            if (name := letter.inner_text()) != "A":
                letter.click()
            expect(said).to_have_text(re.compile(rf"^{name}: (Yes|Not quite)\. ."))
            right += [name] if "Yes." in said.inner_text() else []
        assert len(right) == 1
        shown = question.locator(".jp-OutputArea").first
        expect(shown).not_to_contain_text("$", use_inner_text=True)


def test_each_live_figure_fits_and_is_accessible(lesson, screenshots, request):
    named = request.node.callspec.id
    figures = {f"{named}-{k}": figure for k, figure in enumerate(lesson.figures())}
    check_looks(lesson, figures, screenshots)


def test_each_grip_of_a_live_figure_follows_mouse_and_finger(lesson):
    for figure in lesson.figures():
        for grip in figure.root.locator("[data-drag]:not([data-drag=neuron])").all():  # is pressed
            picture = grip.locator("xpath=ancestor::*[contains(@class, 'nn-picture')]").last
            for finger in (False, True):
                grip.scroll_into_view_if_needed()
                x, y = middle(grip)
                across = 60 if x < middle(picture)[0] else -60
                way = [(x + across * k / 12, y + 15 * k / 12) for k in range(13)]
                assert len(figure.draw(way, finger)) > 3, (grip, finger)
                if grip.get_attribute("data-drag") not in ("pad", "digit"):  # which stay
                    assert abs(x + across - middle(grip)[0]) < 60, (grip, finger)


def test_dragging_a_grip_is_about_as_smooth_as_on_an_empty_page(lesson, browser):
    empty = browser.new_page()
    for figure in lesson.figures():
        for grip in figure.root.locator("[data-drag]:not([data-drag=neuron])").all():
            grip.scroll_into_view_if_needed()
            # Once will do: other programs may keep the machine busy for a while.
            ways = ((*middle(grip), 50) for _ in range(5))  # it has moved after each try
            tries = ((frames(lesson.page, *way), frames(empty, *way)) for way in ways)
            assert any(ours > theirs / 2 for ours, theirs in tries), grip
    empty.close()


def test_each_slider_list_and_box_moves_its_live_figure_which_speaks(lesson):
    for figure in lesson.figures():
        is_playground = figure.button("Train").count() > 0  # its settings show when it trains
        for slider in figure.root.get_by_role("slider").all():
            values, seen = [], set()
            for key in ("Home", "ArrowUp", *["PageUp"] * 10, "End", "ArrowDown"):
                slider.press(key)
                seen.add(figure.shown())
                values.append(slider.get_attribute("aria-valuetext"))
            assert all(values) and values[0] != values[1] and values[-2] != values[-1], values
            assert is_playground or len(seen) > 1, values
        for choice in figure.root.get_by_role("combobox").all():
            options, seen = choice.locator("option").all_inner_texts(), set()
            for option in options:
                choice.select_option(option)
                seen.add(figure.shown())
                assert choice.input_value() == option
            assert is_playground or len(seen) == len(options), options
        for box in figure.root.get_by_role("checkbox").all():
            before = figure.shown()
            box.click()
            assert figure.shown() != before
        assert not re.search("NaN|undefined", figure.root.inner_text())
        expect(figure.spoken).to_contain_text(figure.says.inner_text())
