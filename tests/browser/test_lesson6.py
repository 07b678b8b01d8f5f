"""Lesson 6 in the browser: votes, sliders, a digit drawn with the mouse and with the keyboard."""

import math

PAD = "reader = digit_reader("
# A 3 as a person writes it, as points of one stroke on a pad of 280 x 280.
THREE = [(60, 70), (110, 40), (170, 45), (200, 85), (175, 125), (125, 135), (180, 150), (205, 195),
         (175, 240), (110, 245), (60, 215)]  # fmt: skip


def pad_of(cell):
    """The canvas of the drawing pad."""
    pad = cell.locator("canvas")
    pad.wait_for()
    pad.scroll_into_view_if_needed()
    return pad


def draw(lab, cell, points):
    """One stroke with the mouse through these points; waits until Python has drawn the answer."""
    box, mouse = pad_of(cell).bounding_box(), lab.page.mouse
    (x, y), *others = [(box["x"] + x, box["y"] + y) for x, y in points]

    def stroke():
        mouse.move(x, y)
        mouse.down()
        for point in others:
            mouse.move(*point, steps=5)
        mouse.up()

    lab.redraws(cell, stroke)


def said(cell):
    """What Python says it has read: it computed this from the pixels that it received."""
    return cell.locator("[role=status]").last.inner_text()


def test_a_3_drawn_with_the_mouse_is_read_as_a_3(lesson, screenshots):
    cell = lesson.run_cell(PAD)
    assert "blank" in said(cell)
    draw(lesson, cell, THREE)
    assert "prepared as MNIST was: read as 3" in said(cell)
    cell.screenshot(path=screenshots / "lesson6-three.png")

    # The same 3, a third as large and in the corner.
    lesson.presses(cell, "Clear")
    assert "blank" in said(cell)
    draw(lesson, cell, [(10 + x / 2.6, 8 + y / 2.6) for x, y in THREE])
    assert "prepared as MNIST was: read as 3" in said(cell)
    lesson.chooses(cell, "as before")
    cell.screenshot(path=screenshots / "lesson6-corner.png")


def test_two_strokes_reach_python_as_one_picture(lesson):
    cell = lesson.run_cell(PAD)
    draw(
        lesson, cell, [(140 + 60 * math.cos(a / 4), 140 + 90 * math.sin(a / 4)) for a in range(26)]
    )
    assert "prepared as MNIST was: read as 0" in said(cell)
    draw(lesson, cell, [(60, 140), (220, 140)])


def test_the_pad_works_with_the_keyboard_alone(lesson, screenshots):
    cell = lesson.run_cell(PAD)
    pad = pad_of(cell)
    assert pad.get_attribute("role") == "application" and "Space" in pad.get_attribute("aria-label")
    cell.get_by_role("combobox").focus()
    lesson.press_key("Tab")
    assert pad.evaluate("e => e === document.activeElement"), "Tab does not reach the pad"
    active = lesson.page.locator(".jp-Cell.jp-mod-active").inner_text()
    lesson.press_key("ArrowUp", 8)
    lesson.press_key("Space")
    lesson.redraws(cell, lambda: lesson.press_key("ArrowDown", 16))
    lesson.press_key("Space")
    assert "read as 1" in said(cell)
    cell.screenshot(path=screenshots / "lesson6-keyboard.png")
    lesson.redraws(cell, lambda: lesson.press_key("Delete"))
    assert "blank" in said(cell)
    # JupyterLab did not take the keys for itself: its active cell is still the same.
    assert lesson.page.locator(".jp-Cell.jp-mod-active").inner_text()[:200] == active[:200]


def test_every_control_of_lesson_6_moves_its_picture(lesson, screenshots):
    cell = lesson.cell("abuse_explorer(x[some]")
    for label in ("image", "move right (pixels)", "move down (pixels)", "turn (degrees)"):
        lesson.slides(cell, label, times=2)
    for label in ("thicken (pixels)", "noise"):
        lesson.redraws(cell, lambda label=label: lesson.drag_slider(label, 30, cell))
    lesson.redraws(cell, cell.get_by_role("checkbox").check)
    cell.screenshot(path=screenshots / "lesson6-abuse.png")


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
