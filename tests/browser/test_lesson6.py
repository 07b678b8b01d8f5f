"""Lesson 6 in the browser: digits that are spoiled and drawn, votes, and a question."""

import math

import numpy as np
import pytest
from live_tools import LiveFigure, check_looks, check_speed

from nnlesson.course.reader import trained_reader
from nnlesson.images import draw_strokes, only_shrink, prepare, thin

# A 3 as a person writes it, as points of one stroke on a pad of 280 x 280.
THREE = [(60, 70), (110, 40), (170, 45), (200, 85), (175, 125), (125, 135), (180, 150), (205, 195),
         (175, 240), (110, 245), (60, 215)]  # fmt: skip
# What the lesson's network makes of a digit, as the lesson's Python spoils it.
SPOIL = """
from nnlesson.images import add_noise, rotate, shift, thicken
def spoiled(k, right, down, turn, wider, noise):
    images = thicken(rotate(shift(x[some[k]][None], right, down), turn), wider)
    return network.predict(add_noise(images, noise, np.random.default_rng(0)))[0].tolist()
"""


@pytest.fixture
def pad(lesson):
    """The drawing pad, blank."""
    figure = LiveFigure(lesson, lesson.cell("drawn_digit(networks"))
    figure.control("network").select_option("the course's reader (MNIST)")
    figure.button("Clear").click()
    figure.settle()
    return figure


@pytest.fixture
def digit(lesson):
    """The first digit to spoil, untouched."""
    figure = LiveFigure(lesson, lesson.cell("spoiled_digit(x[some]"))
    figure.press_keys("image", "Home")
    figure.button("Undo all changes").click()
    figure.settle()
    return figure


def number(text):
    """The number that a figure writes."""
    return float(text.split()[0].replace("−", "-").rstrip("°"))


def bars(figure, name):
    """The ten outputs as a picture of the figure writes them."""
    texts = figure.root.get_by_role("group", name=name).locator("text").all_text_contents()
    return [number(texts[k + 1]) for k in range(len(texts) - 20, len(texts), 2)]


def strokes(pad):
    """The strokes on the pad, as they are drawn in the page."""
    lines = pad.root.locator('[data-drag="pad"] polyline').all()
    points = [line.get_attribute("points").split() for line in lines]
    return [[tuple(map(float, p.split(","))) for p in each[:-1]] for each in points]


def check_reading(pad):
    """Bars and words are what Python reads in these strokes, prepared and only shrunk."""
    drawing = draw_strokes(strokes(pad))
    spoken = pad.spoken()
    for way, image in (
        ("prepared as MNIST was", prepare(thin(drawing))),
        ("only shrunk", only_shrink(drawing)),
    ):
        outputs = trained_reader().predict(image)[0]
        assert bars(pad, way) == pytest.approx(outputs, abs=0.006)
        assert f"{way}: read as {outputs.argmax()}, " in spoken


def draw(pad, points, is_seen_while_drawing=False):
    """One stroke with the mouse through these points, and all bars that were seen on the way."""
    sheet, mouse = pad.part("pad").locator("rect"), pad.page.mouse
    sheet.scroll_into_view_if_needed()
    box, seen = sheet.bounding_box(), []
    scale = box["width"] / 279
    (x, y), *others = [(box["x"] + scale * x, box["y"] + scale * y) for x, y in points]
    mouse.move(x, y)
    mouse.down()
    for point in others:
        mouse.move(*point, steps=5)
        if is_seen_while_drawing:
            pad.settle()
            seen.append(bars(pad, "prepared as MNIST was"))
    mouse.up()
    pad.settle()
    return seen


def test_a_3_drawn_with_the_mouse_is_read_while_it_is_drawn(pad):
    assert pad.spoken() == "The pad is blank: draw a digit"
    seen = draw(pad, THREE, is_seen_while_drawing=True)
    assert len({tuple(values) for values in seen}) > 5
    assert "prepared as MNIST was: read as 3" in pad.says()
    check_reading(pad)
    # the same 3, a third as large and in the corner: only the preparation reads it
    pad.button("Clear").click()
    draw(pad, [(10 + x / 2.6, 8 + y / 2.6) for x, y in THREE])
    check_reading(pad)
    assert "prepared as MNIST was: read as 3" in pad.says()
    assert bars(pad, "prepared as MNIST was")[3] > 0.9 > bars(pad, "only shrunk")[3]
    before = bars(pad, "only shrunk")
    pad.control("network").select_option("as before")
    pad.settle()
    assert bars(pad, "only shrunk") != before


def test_two_strokes_one_with_a_finger_are_one_drawing(pad):
    draw(pad, [(140 + 60 * math.cos(a / 4), 140 + 90 * math.sin(a / 4)) for a in range(26)])
    assert "prepared as MNIST was: read as 0" in pad.says()
    pad.touch("pad", (60, 30))
    assert len(strokes(pad)) == 2
    check_reading(pad)


def test_the_pad_works_with_the_keyboard_alone(pad, lesson):
    pad.button("Clear").focus()
    lesson.press_key("Tab")
    sheet = pad.root.get_by_role("application")
    assert sheet.evaluate("e => e === document.activeElement"), "Tab does not reach the pad"
    active = lesson.page.locator(".jp-Cell.jp-mod-active").inner_text()
    lesson.press_key("ArrowUp", 8)
    lesson.press_key("Space")
    assert pad.spoken().startswith("The pen is down. ")
    lesson.press_key("ArrowDown", 16)
    lesson.press_key("Space")
    check_reading(pad)
    assert "read as 1" in pad.says()
    lesson.press_key("Delete")
    assert pad.spoken() == "The pad is blank: draw a digit"
    # JupyterLab did not take the keys for itself: its active cell is still the same.
    assert lesson.page.locator(".jp-Cell.jp-mod-active").inner_text()[:200] == active[:200]


def check_digit(digit, lesson):
    """The outputs are those of the lesson's network for the digit spoiled in Python."""
    values = [
        int(number(digit.value(name))) for name in ("image", "move right", "move down", "turn")
    ]
    values += [number(digit.value(name)) for name in ("thicken", "noise")]
    outputs = lesson.ask(f"(exec({SPOIL!r}, globals()), spoiled(*{values}))[1]")
    assert bars(digit, "The ten outputs") == pytest.approx(outputs, abs=0.01)
    said = f"read as {np.argmax(outputs)} (output "
    assert said in digit.spoken() or np.diff(np.sort(outputs)[-2:]) < 0.01


def test_a_digit_is_spoiled_by_mouse_finger_and_keys(digit, lesson):
    assert "still read as" in digit.says()
    for act in (digit.drag, digit.touch):
        before = digit.value("move right"), digit.value("move down")
        act("digit", (30, 20))
        assert (digit.value("move right"), digit.value("move down")) != before
        check_digit(digit, lesson)
    digit.drag("turn", (60, 20))
    assert number(digit.value("turn")) < 0
    check_digit(digit, lesson)
    digit.button("Undo all changes").click()
    for label, key, times in (("image", "ArrowRight", 2), ("thicken", "ArrowRight", 3),
                              ("noise", "ArrowRight", 6), ("turn", "ArrowLeft", 4)):  # fmt: skip
        digit.press_keys(label, key, times)
        check_digit(digit, lesson)
    before = bars(digit, "The ten outputs")
    digit.control("invert").check()
    digit.settle()
    assert bars(digit, "The ten outputs") != before


def test_a_goal_of_the_spoiled_digit_is_noticed_and_spoken(digit):
    digit.press_keys("turn", "End")
    for _ in range(20):  # some digits look the same when they are turned
        if "✓ misread after a turn alone" in digit.root.locator(".nn-goals").inner_text():
            break
        digit.press_keys("image", "ArrowRight")
    assert "misread after a turn alone ✓" in digit.spoken()


def test_drawing_and_dragging_are_as_fast_as_an_empty_page(browser, pad, digit):
    check_speed(browser, pad, "pad", (60, 60))
    check_speed(browser, digit, "digit", (50, 40))


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_both_fit_and_are_accessible(pad, digit, lesson, screenshots, is_dark):
    draw(pad, THREE)
    digit.press_keys("turn", "ArrowRight", 5)
    check_looks(lesson, {"pad": pad, "spoiled": digit}, screenshots, is_dark)


def test_votes_arrive_in_python_by_mouse_and_by_keyboard(lesson, screenshots):
    booth = lesson.run_cell("booth = vote_booth(")
    for button in ("Mistake", "Unclear", "Previous"):
        lesson.presses(booth, button)
    booth.get_by_role("button", name="Wrong label").focus()
    lesson.redraws(booth, lambda: lesson.press_key("Enter"))
    booth.screenshot(path=screenshots / "lesson6-votes.png")
    counts = lesson.run_cell("print(booth.counts)")
    for vote in ("'mistake': 1", "'wrong label': 1", "'unclear': 0"):
        counts.locator(".jp-OutputArea", has_text=vote).wait_for()


def test_questions_of_lesson_6_answer(lesson):
    assert "Yes." in lesson.answer("We move every digit 4 pixels", "D")
