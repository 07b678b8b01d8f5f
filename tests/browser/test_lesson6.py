"""Lesson 6 in the browser: a digit drawn by mouse, finger or keys is read, and votes arrive."""

import pytest
from live_tools import THREE
from playwright.sync_api import expect

ACTIVE = "() => jupyterapp.shell.currentWidget.content.activeCellIndex"


@pytest.fixture
def pad(lesson):
    """The drawing pad, blank."""
    figure = lesson.figure("drawn_digit(networks")
    figure.control("network").select_option("the course's reader (MNIST)")
    figure.button("Clear").click()
    expect(figure.spoken).to_have_text("The pad is blank: draw a digit")
    return figure


def test_a_3_drawn_with_the_mouse_is_read_while_it_is_drawn(pad):
    assert len(pad.write(THREE)) > 5
    expect(pad.says).to_contain_text("prepared as MNIST was: read as 3")
    # the same 3, a third as large and in the corner: only the preparation reads it
    pad.button("Clear").click()
    pad.write([(10 + x / 2.6, 8 + y / 2.6) for x, y in THREE])
    expect(pad.spoken).to_contain_text("prepared as MNIST was: read as 3")


def test_the_pad_works_with_the_keyboard_alone(pad, lesson):
    active = lesson.page.evaluate(ACTIVE)
    pad.button("Clear").press("Tab")
    sheet = pad.root.get_by_role("application")
    expect(sheet).to_be_focused()
    for key in (*["ArrowUp"] * 8, "Space"):
        sheet.press(key)
    expect(pad.spoken).to_contain_text("The pen is down. ")
    for key in (*["ArrowDown"] * 16, "Space"):
        sheet.press(key)
    expect(pad.spoken).to_contain_text("read as 1")
    sheet.press("Delete")
    expect(pad.spoken).to_have_text("The pad is blank: draw a digit")
    assert lesson.page.evaluate(ACTIVE) == active  # JupyterLab did not take the keys for itself


def test_votes_arrive_in_python_by_mouse_and_by_keyboard(lesson):
    booth = lesson.cell("booth = vote_booth(", runs=True)
    picture = booth.locator("img.widget-image").first
    for name in ("Mistake", "Unclear", "Previous", "Wrong label"):
        before, button = picture.get_attribute("src"), booth.get_by_role("button", name=name)
        if name == "Wrong label":
            button.press("Enter")
        else:
            button.click()
        expect(picture).not_to_have_attribute("src", before)
    counts = lesson.cell("print(booth.counts)", runs=True)
    for vote in ("'mistake': 1", "'wrong label': 1", "'unclear': 0"):
        expect(counts.locator(".jp-OutputArea")).to_contain_text(vote)
