"""Lesson 5 in the browser: the live curve grew, and the playground trains, stops and compares."""

import time


def rows(cell):
    return cell.locator("table tr").count() - 1


def test_playground_trains_stops_and_overlays(lesson, screenshots):
    lab, cell = lesson, lesson.cell("play = playground(")
    cell.scroll_into_view_if_needed()

    def says(text, seconds=90):
        lab.wait_until(lambda: text in status.inner_text(), seconds)

    status = cell.locator("[role=status]").last
    train, stop = (cell.locator("button", has_text=name) for name in ("Train", "Stop"))
    assert rows(cell) == 3 and stop.is_disabled()
    assert "epoch 100 of 100" in lab.cell("display(live)").inner_text()

    # a short run to its end, with the keyboard
    picture = lab.widget_image_src(cell)
    lab.move_slider("epochs", "Home", within=cell)
    lab.move_slider("epochs", "ArrowRight", times=2, within=cell)
    train.focus()
    lab.press_key("Enter")
    says("Run 4 has finished after 3 epochs")
    lab.wait_for_new_picture(picture, cell)
    assert rows(cell) == 4 and train.is_enabled() and stop.is_disabled()

    # a long one, drawn while it goes on, and stopped with the mouse
    cell.get_by_label("batch size").select_option("10")
    lab.move_slider("epochs", "End", within=cell)
    picture = lab.widget_image_src(cell)
    train.click()
    lab.wait_until(stop.is_enabled)
    lab.wait_until(lambda: lab.widget_image_src(cell) != picture)
    assert train.is_disabled()
    # the notebook answers while it trains
    assert lab.page.evaluate("() => document.readyState") == "complete"
    start = time.monotonic()
    stop.click()
    says("Run 5 was stopped", 10)
    assert time.monotonic() - start < 3  # one second for the training, the rest for the drawing
    assert rows(cell) == 5

    # other runs in the picture
    runs = cell.get_by_label("show runs")
    lab.redraws(cell, lambda: runs.select_option(index=[0, 2]))

    # a run that diverges says so
    for label, key in (("learning rate η", "End"), ("momentum", "End"), ("epochs", "Home")):
        lab.move_slider(label, key, within=cell)
    for label, choice in (
        ("batch size", "100"),
        ("activation", "leaky ReLU"),
        ("initial scale", "1"),
    ):
        cell.get_by_label(label).select_option(choice)
    train.click()
    says("Run 6 diverged")
    assert rows(cell) == 6

    cell.screenshot(path=screenshots / "lesson5-playground.png")
