"""Lesson 1 in the browser: a goal reached is told, and sliders fit the layer that is chosen."""

from playwright.sync_api import expect


def test_a_goal_is_noticed_spoken_and_kept(lesson):
    line = lesson.figure("decision_line(TARGETS)", runs=True)
    line.control("function").select_option("OR")
    line.keys("b", *["ArrowRight"] * 3)  # the goal is told after the next moves, not lost
    expect(line.says).to_have_text("All 4 right: these three numbers are OR")
    expect(line.spoken).to_contain_text("OR ✓. Now ")
    line.keys("b", "Home")
    assert line.value("b") == "−3.00"
    expect(line.says).to_contain_text("OR: 1 of 4 right")
    expect(line.goals).to_contain_text("✓ OR")


def test_the_sliders_are_as_long_as_the_layer(lesson):
    card = lesson.figure("one_neuron(network", runs=True)
    card.control("layer").select_option("1 (20 neurons)")
    card.keys("neuron", "End")
    card.keys("input", "End")
    assert (card.value("neuron"), card.value("input")) == ("19", "783")
    card.control("layer").select_option("3 (10 neurons)")
    expect(card.spoken).to_contain_text("Layer 3, neuron 9: 20 weights, z = ")
    assert (card.value("neuron"), card.value("input")) == ("9", "19")
    card.keys("neuron", "ArrowLeft")
    expect(card.says).to_contain_text("Layer 3, neuron 8")
