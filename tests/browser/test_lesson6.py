"""Lesson 6 in the browser: votes, sliders, a digit drawn with the mouse and with the keyboard."""

import math

from browser_tools import moved

NAME = "06_misclassification_gallery.ipynb"
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
    before = lab.widget_image_src(cell)
    box = pad_of(cell).bounding_box()
    mouse = lab.page.mouse
    x, y = points[0]
    mouse.move(box["x"] + x, box["y"] + y)
    mouse.down()
    for x, y in points[1:]:
        mouse.move(box["x"] + x, box["y"] + y, steps=5)
    mouse.up()
    return lab.wait_for_new_picture(before, cell)


def said(cell):
    """What Python says it has read: it computed this from the pixels that it received."""
    return cell.locator("[role=status]").last.inner_text()


def test_a_3_drawn_with_the_mouse_is_read_as_a_3(lesson, screenshots):
    lab, cell = lesson, lesson.cell("reader = digit_reader(")
    assert "blank" in said(cell)
    draw(lab, cell, THREE)
    assert "prepared as MNIST was: read as 3" in said(cell)
    cell.screenshot(path=screenshots / "lesson6-three.png")

    # The same 3, a third as large and in the corner.
    moved(lab, cell, lambda: cell.get_by_role("button", name="Clear").click())
    assert "blank" in said(cell)
    draw(lab, cell, [(10 + x / 2.6, 8 + y / 2.6) for x, y in THREE])
    assert "prepared as MNIST was: read as 3" in said(cell)
    moved(lab, cell, lambda: cell.get_by_role("combobox").select_option("as before"))
    cell.screenshot(path=screenshots / "lesson6-corner.png")


def test_two_strokes_reach_python_as_one_picture(lesson):
    lab, cell = lesson, lesson.cell("reader = digit_reader(")
    ring = [(140 + 60 * math.cos(a / 4), 140 + 90 * math.sin(a / 4)) for a in range(26)]
    draw(lab, cell, ring)
    assert "prepared as MNIST was: read as 0" in said(cell)
    first = lab.widget_image_src(cell)
    draw(lab, cell, [(60, 140), (220, 140)])
    assert lab.widget_image_src(cell) != first


def test_the_pad_works_with_the_keyboard_alone(lesson, screenshots):
    lab, cell = lesson, lesson.cell("reader = digit_reader(")
    pad = pad_of(cell)
    assert pad.get_attribute("role") == "application" and "Space" in pad.get_attribute("aria-label")
    cell.get_by_role("combobox").focus()
    lab.press_key("Tab")
    assert pad.evaluate("e => e === document.activeElement"), "Tab does not reach the pad"
    active = lab.page.locator(".jp-Cell.jp-mod-active").inner_text()
    lab.press_key("ArrowUp", 8)
    lab.press_key("Space")
    moved(lab, cell, lambda: lab.press_key("ArrowDown", 16))
    lab.press_key("Space")
    assert "read as 1" in said(cell)
    cell.screenshot(path=screenshots / "lesson6-keyboard.png")
    moved(lab, cell, lambda: lab.press_key("Delete"))
    assert "blank" in said(cell)
    # JupyterLab did not take the keys for itself: its active cell is still the same.
    assert lab.page.locator(".jp-Cell.jp-mod-active").inner_text()[:200] == active[:200]


def test_every_control_of_lesson_6_moves_its_picture(lesson, screenshots):
    lab = lesson
    cell = lab.cell("abuse_explorer(x[some]")
    for label in ("image", "move right (pixels)", "move down (pixels)", "turn (degrees)"):
        moved(lab, cell, lambda label=label: lab.move_slider(label, times=2, within=cell))
    for label in ("thicken (pixels)", "noise"):
        moved(lab, cell, lambda label=label: lab.drag_slider(label, 30, cell))
    moved(lab, cell, lambda: cell.get_by_role("checkbox").check())
    cell.screenshot(path=screenshots / "lesson6-abuse.png")

    booth = lab.cell("booth = vote_booth(")
    moved(lab, booth, lambda: booth.get_by_role("button", name="Mistake").click())
    moved(lab, booth, lambda: booth.get_by_role("button", name="Unclear").click())
    moved(lab, booth, lambda: booth.get_by_role("button", name="Previous").click())
    booth.get_by_role("button", name="Wrong label").focus()
    moved(lab, booth, lambda: lab.press_key("Enter"))
    booth.screenshot(path=screenshots / "lesson6-votes.png")


def test_votes_arrive_in_python_and_questions_answer(lesson):
    lab = lesson
    booth = lab.cell("booth = vote_booth(")
    moved(lab, booth, lambda: booth.get_by_role("button", name="Unclear").click())
    counts = lab.cell("print(booth.counts)")
    counts.locator(".jp-InputArea .cm-content").click()
    lab.press_key("Control+Enter")
    counts.locator(".jp-OutputArea", has_text="'unclear': 1").wait_for()
    asked = lab.cell("ask_shift()")
    asked.get_by_role("button", name="C", exact=True).click()
    status = asked.get_by_role("status")
    status.wait_for()
    assert "C: Yes." in status.inner_text()
