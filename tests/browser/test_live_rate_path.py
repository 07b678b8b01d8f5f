"""The learning-rate path in JupyterLab: by mouse, finger and keyboard, spoken, and fast enough."""

import pytest
from live_tools import check_looks, check_speed

SETUP = """
from nnlesson.course.lesson3.explorers import rate_path
SURFACES = {
    "bowl: x₀² + x₁²": lambda x: x[0] ** 2 + x[1] ** 2,
    "valley: x₀² + 20 x₁²": lambda x: x[0] ** 2 + 20 * x[1] ** 2,
}
"""


CELLS = {"path": "rate_path(SURFACES)"}


@pytest.fixture
def path(figure):
    """The figure, in the valley with a rate of 0.02, and its start at (−3.5, 3)."""
    figure = figure("path")
    figure.control("surface").select_option("valley: x₀² + 20 x₁²")
    for label, presses in (("rate η", 26), ("start x₀", 5), ("start x₁", 70)):
        figure.press_keys(label, "Home")
        figure.press_keys(label, "ArrowRight", presses)
    return figure


def test_the_start_follows_mouse_and_finger(path):
    for act in (path.drag, path.touch):
        before = [path.value(f"start x{i}") for i in "₀₁"]
        act("start", (60, 40))
        after = [path.value(f"start x{i}") for i in "₀₁"]
        assert float(after[0].replace("−", "-")) > float(before[0].replace("−", "-"))
        assert float(after[1].replace("−", "-")) < float(before[1].replace("−", "-"))
        assert path.spoken().startswith(path.says())


def test_sliders_speak_their_values_and_goals_are_noticed(path):
    assert path.value("rate η") == "0.02"
    path.press_keys("rate η", "ArrowRight", 7)
    path.press_keys("steps", "End")
    assert path.value("rate η") == "0.045"
    assert path.says().endswith("a millionth of the height is left after 59 steps")
    assert "arrive in the valley ✓" in path.spoken()
    path.press_keys("momentum", "Home")
    path.press_keys("momentum", "ArrowRight", 8)
    assert path.says().startswith("η = 0.045 with momentum 0.40 arrives: ")
    path.press_keys("momentum", "Home")
    path.press_keys("rate η", "End")
    assert path.spoken().startswith("η = 1.3 diverges: after 60 steps it is over a million")


def test_a_drag_is_as_fast_as_an_empty_page(browser, path):
    path.press_keys("steps", "End")
    check_speed(browser, path, "start", (100, 60))


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_it_fits_and_is_accessible(path, page, screenshots, is_dark):
    check_looks(page, {"rate": path}, screenshots, is_dark)
