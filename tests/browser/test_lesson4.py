"""Lesson 4 in the browser: the live walk goes forward and back, and questions answer."""

import pytest
from live_tools import LiveFigure, check_looks, check_speed

# Clicks on a button at a hand's fastest pace, and what the figure then says.
CLICK = """async (button, [times, ms]) => {
    for (let k = 0; k < times; k += 1) {
        button.click();
        await new Promise(done => setTimeout(done, ms));
    }
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    return button.closest('.nn-live').querySelector('.nn-says').textContent;
}"""


@pytest.fixture
def walk(lesson):
    """The walk as it is when its cell has run: before the first step."""
    return LiveFigure(lesson, lesson.run_cell("backprop_walk(numbers)"))


def said(number):
    """A number as the figure writes it."""
    return f"{number:.4f}".replace("-", "−")


def test_buttons_and_keys_walk_to_the_numbers_of_the_lesson(walk, lesson):
    values, slopes = lesson.ask("values"), lesson.ask("slopes")
    assert walk.spoken().startswith("Before the first step")
    walk.button("Next").click()
    assert walk.spoken() == f"Step 1 of 20. Forward: z₁ is {said(values['z1'])}"
    walk.button("Next").focus()
    lesson.press_key("Enter", 5)
    walk.settle()
    assert walk.says() == f"Step 6 of 20. Forward: a is {said(values['a'])}"
    walk.button("Previous").click()
    assert walk.says() == f"Step 5 of 20. Forward: z is {said(values['z'])}"
    walk.press_keys("step", "End")
    assert walk.spoken() == f"Step 20 of 20. Back: the next slope, ∂J/∂b₂, is {said(slopes['b2'])}"
    (row,) = walk.rows()
    shown = [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row[1:]]
    assert row[0] == "∂J/∂b₂ = δ₂ · 1"
    assert shown == [f"= {said(slopes['z2'])} · 1", f"= {said(slopes['b2'])}"]
    walk.button("Reset").click()
    walk.button("Play").click()
    walk.root.locator(".nn-says", has_text="Step 2 of 20").wait_for()
    walk.button("Pause").click()


def test_nodes_are_pressed_by_mouse_finger_and_key(walk, lesson):
    slopes = lesson.ask("slopes")
    walk.button("z").click()
    assert walk.says().startswith("Step 5 of 20. Forward: z is ")
    walk.tap("w₁ 0.9")
    assert walk.says() == f"Step 15 of 20. Back: the next slope, ∂J/∂w₁, is {said(slopes['w1'])}"
    node = walk.root.get_by_role("button", name="z₁ ")
    node.focus()
    lesson.press_key("Enter")
    assert walk.spoken().startswith("Step 1 of 20. Forward: z₁ is ")
    lesson.press_key("Space")
    walk.settle()
    assert walk.says() == f"Step 14 of 20. Back: the next slope, ∂J/∂z₁, is {said(slopes['z1'])}"


def test_other_inputs_give_other_slopes(walk, lesson):
    walk.press_keys("step", "End")
    walk.press_keys("step", "ArrowLeft")
    walk.press_keys("input x", "ArrowLeft", 7)
    assert walk.value("input x") == "0.0"
    assert walk.says() == "Step 19 of 20. Back: the next slope, ∂J/∂w₂, is 0.0"
    walk.press_keys("input x", "ArrowRight", 15)
    walk.press_keys("label y", "Home")
    other = "{**numbers, 'x': 1.5, 'y': 0.0}"
    slope = lesson.ask(f"measured_slope(cost_121, 'w2', {other})")
    assert walk.says().endswith(f"∂J/∂w₂, is {said(slope)}")


def test_no_click_of_the_walk_is_lost(walk):
    for _ in range(5):
        for name, step in (("Next", "Step 20 of 20"), ("Previous", "Before the first step")):
            button = walk.button(name).element_handle()
            assert button.evaluate(CLICK, [20, 30]).startswith(step)


def test_the_walk_is_as_fast_as_an_empty_page(browser, walk):
    walk.press_keys("step", "End")
    check_speed(browser, walk, "input x", (120, 0))


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_the_walk_fits_and_is_accessible(walk, lesson, screenshots, is_dark):
    for step in (3, 14):
        walk.press_keys("step", "Home")
        walk.press_keys("step", "ArrowRight", step)
        check_looks(lesson, {f"walk-step{step}": walk}, screenshots, is_dark)


def test_questions_of_lesson_4_answer(lesson):
    question = "If $z$ changes 3 times as fast as $w$"
    assert "Not quite." in lesson.answer(question, "A")
    assert "Yes." in lesson.answer(question, "B")
    cell = lesson.cell(question)
    cell.get_by_text("Rates along a chain multiply").first.wait_for()
    # The formulas of the question and of its choices are typeset, not shown as text.
    cell.locator("mjx-container").first.wait_for()
    assert "$" not in cell.locator(".jp-OutputArea").first.inner_text()
