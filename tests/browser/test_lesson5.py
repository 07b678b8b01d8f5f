"""Lesson 5 in the browser: the live curve grew, and the playground trains the lesson's networks."""

from live_tools import LiveFigure


def test_the_live_curve_grew_to_its_end(lesson):
    curve = LiveFigure(lesson, lesson.cell("display(live)"))
    assert "epoch 100 of 100" in curve.says() and "validation" in curve.says()
    assert curve.root.locator("polyline[stroke-width]").count() >= 3
    assert curve.faults() == []


def test_the_playground_trains_as_article_1_and_stops(lesson, screenshots):
    figure = LiveFigure(lesson, lesson.cell("play = playground("))
    figure.button("As article 1").click()
    assert figure.control("outputs").input_value() == "sigmoids"
    assert figure.value("learning rate η") == "0.05"
    figure.button("Train").click()
    lesson.wait_until(lambda: "Run 1 is training" in figure.says())
    lesson.wait_until(lambda: "epoch 0" not in figure.says(), 60)
    figure.button("Stop").click()
    lesson.wait_until(lambda: "Run 1 was stopped" in figure.says())
    assert "misread" in figure.root.inner_html() and figure.faults() == []
    figure.root.screenshot(path=screenshots / "lesson5-playground.png")
