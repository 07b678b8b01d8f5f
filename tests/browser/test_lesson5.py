"""Lesson 5 in the browser: the live curve grew, and the playground trains, stops and compares."""

import time

import pytest

NAME = "05_mnist_mlp.ipynb"


@pytest.fixture
def cell(lab):
    """The playground's cell, after all cells have run."""
    lab.open_notebook(NAME)
    lab.run_all()
    found = lab.cell("play = playground(")
    found.scroll_into_view_if_needed()
    return found


def rows(cell):
    return cell.locator("table tr").count() - 1


def wait_until(lab, true, seconds=90):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        lab.page.wait_for_timeout(50)


def test_playground_trains_stops_and_overlays(lab, screenshots, cell):
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
    wait_until(lab, lambda: "Run 4 has finished after 3 epochs" in status.inner_text())
    lab.wait_for_new_picture(picture, cell)
    assert rows(cell) == 4 and train.is_enabled() and stop.is_disabled()

    # a long one, drawn while it goes on, and stopped with the mouse
    cell.get_by_label("batch size").select_option("10")
    lab.move_slider("epochs", "End", within=cell)
    picture = lab.widget_image_src(cell)
    train.click()
    wait_until(lab, stop.is_enabled)
    wait_until(lab, lambda: lab.widget_image_src(cell) != picture)
    assert train.is_disabled()
    # the notebook answers while it trains
    assert lab.page.evaluate("() => document.readyState") == "complete"
    start = time.monotonic()
    stop.click()
    wait_until(lab, lambda: "Run 5 was stopped" in status.inner_text(), seconds=10)
    assert time.monotonic() - start < 3  # one second for the training, the rest for the drawing
    assert rows(cell) == 5

    # other runs in the picture
    picture = lab.widget_image_src(cell)
    runs = cell.get_by_label("show runs")
    runs.select_option(index=[0, 2])
    lab.wait_for_new_picture(picture, cell)

    # a run that diverges says so
    lab.move_slider("learning rate η", "End", within=cell)
    lab.move_slider("momentum", "End", within=cell)
    lab.move_slider("epochs", "Home", within=cell)
    cell.get_by_label("batch size").select_option("100")
    cell.get_by_label("activation").select_option("leaky ReLU")
    cell.get_by_label("initial scale").select_option("1")
    cell.locator("button", has_text="Train").click()
    wait_until(lab, lambda: "Run 6 diverged" in status.inner_text())
    assert rows(cell) == 6

    cell.scroll_into_view_if_needed()
    cell.screenshot(path=screenshots / "lesson5-playground.png")
    lab.assert_healthy()
