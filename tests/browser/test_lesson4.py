"""Lesson 4 in the browser: the live walk goes forward and back, by button, node, key and itself."""

import re

import pytest
from live_tools import check_looks, middle
from playwright.sync_api import expect

FORWARD, BACK = "Step {} of 20. Forward: {} is ", "Step {} of 20. Back: the next slope, ∂J/∂{}, is "
# All of it in one frame of the page: the buttons that are seen are those of before.
CLICKS = """root => {
    const click = name => root.querySelector(`[data-act=${name}]`).click();
    click('reset');
    for (let k = 0; k < 7; k += 1) click('next');
}"""


@pytest.fixture
def walk(lesson):
    """The walk as it is when its cell has run: before the first step."""
    return lesson.figure("backprop_walk(numbers)", runs=True)


def test_buttons_walk_and_play(walk):
    expect(walk.spoken).to_contain_text("Before the first step")
    walk.button("Next").click()
    expect(walk.spoken).to_contain_text(FORWARD.format(1, "z₁"))
    walk.button("Next").press("Enter")
    expect(walk.says).to_contain_text("Step 2 of 20")
    walk.button("Previous").click()
    expect(walk.says).to_contain_text("Step 1 of 20")
    walk.button("Play").click()
    expect(walk.says).to_contain_text(re.compile(r"Step ([3-9]|\d\d) of 20"))
    walk.button("Pause").click()
    walk.button("Reset").click()
    expect(walk.spoken).to_contain_text("Before the first step")
    expect(walk.button("Play")).to_be_visible()


def test_no_click_is_lost(walk):
    walk.keys("step", "End")  # Next is off, until the click on Reset is drawn
    walk.root.evaluate(CLICKS)
    expect(walk.says).to_contain_text("Step 7 of 20")


def test_nodes_are_pressed_by_mouse_finger_and_key(walk):
    walk.button("z").click()
    expect(walk.says).to_contain_text(FORWARD.format(5, "z"))
    walk.draw([middle(walk.button("w₁ 0.9"))], finger=True)
    expect(walk.says).to_contain_text(BACK.format(15, "w₁"))
    node = walk.root.get_by_role("button", name="z₁ ")
    node.press("Enter")
    expect(walk.spoken).to_contain_text(FORWARD.format(1, "z₁"))
    node.press("Space")
    expect(walk.spoken).to_contain_text(BACK.format(14, "z₁"))


@pytest.mark.parametrize("step", [3, 14])
def test_the_walk_fits_and_is_accessible(walk, lesson, screenshots, step):
    walk.keys("step", "Home", *["ArrowRight"] * step)
    check_looks(lesson, {f"walk-step{step}": walk}, screenshots)
