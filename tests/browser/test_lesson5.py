"""Lesson 5 in the browser: the live curve grew; the playground trains, and stops when told."""

import pytest
from live_tools import IS_FITTED, check_looks
from playwright.sync_api import expect


@pytest.fixture
def play(lesson):
    """The playground as the test before left it."""
    return lesson.figure("play = playground(")


def test_the_live_curve_grew_to_its_end(lesson):
    curve = lesson.figure("display(live)")
    expect(curve.says).to_contain_text("epoch 100 of 100")
    expect(curve.says).to_contain_text("validation")
    assert curve.root.locator("polyline[stroke-width]").count() >= 3


def test_it_trains_by_keyboard_and_says_so(lesson):
    play = lesson.figure("play = playground(", runs=True)
    expect(play.says).to_have_text("Choose settings and press Train")
    expect(play.button("Stop")).to_have_attribute("aria-disabled", "true")
    play.keys("epochs", "Home", *["ArrowRight"] * 4)
    play.button("Train").press("Enter")
    expect(play.says).to_contain_text("Run 1 has finished, epoch 5 of 5")
    expect(play.spoken).to_contain_text("of the validation digits right")
    expect(play.goals).to_contain_text("✓ a first run")
    expect(play.rows).to_have_count(1)


def test_it_is_drawn_as_it_learns_and_hears_a_stop_while_a_cell_runs(play, lesson):
    play.keys("epochs", "End")  # so that it takes long
    play.keys("hidden layer 1", "End")
    play.button("Train").click()
    expect(play.says).to_contain_text("Run 2 is training")
    picture = play.root.locator("[data-drag=neuron] image").first
    for _ in range(3):
        expect(picture).not_to_have_attribute("href", picture.get_attribute("href"))
    expect(play.button("Train")).to_have_attribute("aria-disabled", "true")
    play.button("Train").click(force=True)  # it is off, and does nothing
    play.button("Stop").click()
    expect(play.says).to_contain_text("Run 2 was stopped")
    play.button("Train").click()
    expect(play.says).to_contain_text("Run 3 is training")
    lesson.cell("from nnlesson.course import pace", runs=True)
    expect(play.says).to_contain_text("Run 3 is training")
    play.button("Stop").click()
    expect(play.says).to_contain_text("Run 3 was stopped")
    expect(play.rows).to_have_count(3)


def test_the_table_sorts_and_takes_runs_out_of_the_picture(play):
    head = play.root.locator("th", has_text="epochs")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    texts = [row.locator("td").all_inner_texts() for row in play.rows.all()]
    done = [int(row[-3].split()[0]) for row in texts]
    assert done == sorted(done, reverse=True)
    names = play.root.locator(".nn-legend li")
    before = names.count()
    play.button("run 3 in the picture").click()
    expect(names).to_have_count(before - 1)


def test_points_have_a_tab_of_their_own(play, lesson, screenshots):
    play.button("Points").click()
    play.control("points").select_option("XOR")
    play.keys("epochs", "Home", *["ArrowRight"] * 20)
    play.button("Train 5 seeds").click()
    expect(play.says).to_contain_text("Run 4 has finished")
    expect(play.goals).to_contain_text("✓ five seeds")
    expect(play.root.locator("[fill-opacity='0.25']")).to_have_count(2)  # a band in each plot
    expect(play.rows).to_have_count(1)
    check_looks(lesson, {"play-points": play}, screenshots)
    play.button("Digits").click()
    expect(play.rows).to_have_count(3)
    check_looks(lesson, {"play-digits": play}, screenshots)


def test_the_settings_stand_beside_the_picture(play, lesson):
    lesson.page.set_viewport_size({"width": 1000, "height": 700})
    lesson.page.wait_for_function(IS_FITTED)
    first, last = (play.control(name).bounding_box() for name in ("digits", "zoom to 100%"))
    picture = play.root.locator(".nn-picture").first.bounding_box()
    assert picture["x"] > first["x"] + first["width"]
    assert last["y"] + last["height"] - play.root.bounding_box()["y"] < 570  # below it: the bars


def test_the_cell_run_again_ends_the_training(play, lesson):
    play.button("Train").click()
    expect(play.says).to_contain_text("Run 5 is training")
    again = lesson.figure("play = playground(", runs=True)
    expect(again.says).to_have_text("Choose settings and press Train")
    again.keys("epochs", "Home")
    again.button("Train").click()
    expect(again.says).to_contain_text("Run 1 has finished")
