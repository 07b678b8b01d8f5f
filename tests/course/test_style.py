"""What is drawn, measured on the figure itself: lines, texts, sizes, colours, alt text."""

import base64
import gc
import io
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock
from xml.etree import ElementTree

import numpy as np
import pytest
from figure_parts import drawn, heights, legend, lines, texts
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch
from PIL import Image
from strategies import refusals, rng

from nnlesson.course import curves, digits, drawings, style
from nnlesson.course.style import new_figure, to_png

# What an eye without one kind of cone sees (Machado, Oliveira, Fernandes 2009, severity 1).
SEEN = {
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def hill():
    figure, ax = new_figure(4, 2.5)
    ax.plot([0, 1, 0])
    return figure


def decode(png):
    return Image.open(io.BytesIO(png))


@pytest.mark.parametrize("kind", SEEN)
def test_the_first_colours_stay_apart_for_colour_blind_readers(kind):
    light = np.array([to_rgb(color) for color in style.COLORS[:4]]) ** 2.2
    seen = np.clip(light @ np.transpose(SEEN[kind]), 0, 1) ** (1 / 2.2)
    assert min(np.linalg.norm(seen[i] - seen[j]) for i in range(4) for j in range(i)) > 0.1


def test_pyplot_is_never_imported_and_settings_are_left_alone():
    code = """import sys, matplotlib, nnlesson.course.style as style
style.to_png(style.new_figure()[0])
assert "matplotlib.pyplot" not in sys.modules
assert matplotlib.rcParams == matplotlib.rcParamsOrig"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_new_figure_has_the_looks_of_the_course():
    (ax,) = hill().axes
    assert not ax.spines["top"].get_visible() and ax.get_axisbelow()
    assert ax.lines[0].get_color() == style.COLORS[0]


def test_a_picture_is_small_and_the_same_when_drawn_again_also_in_threads():
    figure = hill()
    png = to_png(figure)
    assert to_png(figure) == png and len(png) < 30_000
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: to_png(hill()), range(4))) == {png}
    seen = [(decode(p).mode, decode(p).size) for p in (png, to_png(figure, dpi=50))]
    assert seen == [("P", (600, 375)), ("P", (200, 125))]


def test_paper_stays_white_and_pale_cells_do_not_become_paper():
    figure, ax = new_figure(4, 3)
    ax.imshow(np.linspace(-1, 1, 400).reshape(20, 20), cmap=style.DIVERGING, vmin=-1, vmax=1)
    ax.axhspan(0, 5, color="#FF8000")  # as much red as paper has
    stored = np.asarray(decode(to_png(figure)).convert("RGB")).astype(int)
    figure.canvas.draw()
    painted = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert np.array_equal((painted == 255).all(axis=-1), (stored == 255).all(axis=-1))
    assert np.abs(painted - stored).max() < 40  # a palette, but no colour that was not there


def test_show_displays_an_image_with_its_description(monkeypatch):
    monkeypatch.setattr(style, "display", display := Mock())
    assert style.show(hill(), 'A hill "<of>" height 1 &\n   one line') is None
    (shown,) = display.call_args.args
    img = ElementTree.fromstring(shown["text/html"] + "</img>").attrib
    assert img["alt"] == shown["text/plain"] == 'A hill "<of>" height 1 & one line'
    assert decode(base64.b64decode(img["src"].split(",")[1])).format == "PNG"


def test_a_figure_is_freed_when_the_next_is_shown(monkeypatch, request):
    monkeypatch.setattr(style, "display", Mock())
    figure = hill()
    before = weakref.ref(figure)
    gc.disable()
    request.addfinalizer(gc.enable)
    style.show(figure, "a hill")
    del figure
    style.show(hill(), "another")
    assert before() is None


def test_numbers_are_written_as_on_paper():
    said = [style.percent(0.1135), style.percent(1.0), style.minus("-1.50")]
    assert said == ["11.4%", "100.0%", "−1.50"]


def test_lines_differ_by_more_than_colour():
    _, ax = new_figure()
    style.draw_lines(ax, {f"{i}": (range(3), range(3)) for i in range(4)})
    for sign in ("get_color", "get_linestyle", "get_marker"):
        assert len({getattr(line, sign)() for line in ax.lines}) == 4
    style.draw_lines(ax, {"long": (range(40), range(40))})
    assert ax.lines[-1].get_markersize() == 0


@pytest.mark.parametrize("text", ["t:{}", "t:{} p:1\n98%, then 2"])
@pytest.mark.parametrize("shape", [(6, 6), (36,), (7, 6, 6), (7, 36), (3, 5, 4)])
def test_a_grid_is_one_picture_that_holds_each_image_once_under_its_title(shape, text):
    given = rng().uniform(0.1, 1, size=shape)
    images = given.reshape(-1, *(shape[1:] if len(shape) == 3 else (6, 6)))
    titles = [text.format(i) for i in range(len(images))]
    (ax,) = drawn(digits.digit_grid(given, titles, title="Digits")).axes
    sheet = ax.images[0].get_array()
    assert np.sort(sheet.compressed()).tolist() == np.sort(given.ravel()).tolist()
    _, height, width = images.shape
    for image, patch, said, title in zip(images, ax.patches, ax.texts, titles, strict=True):
        left, top = round(patch.get_x() + 0.5), round(patch.get_y() + 0.5)
        assert np.array_equal(sheet[top : top + height, left : left + width], image)
        assert said.get_text() == title
        assert said.get_position()[0] == left + (width - 1) / 2 and said.get_position()[1] < top


def test_weights_share_a_scale_with_zero_in_the_middle():
    weights = rng().normal(size=(6, 16))
    picture = digits.weights_grid(weights, columns=3).axes[0].images[0]
    assert picture.get_clim() == (-np.abs(weights).max(), np.abs(weights).max())
    assert np.allclose(picture.cmap(0.5)[:3], 1, atol=0.04)
    assert digits.weights_grid(np.zeros((1, 4))).axes[0].images[0].get_clim() == (-1, 1)


def test_cells_hold_their_numbers():
    table = rng().normal(size=(2, 3))
    picture = digits.number_cells(new_figure()[1], table, "{:.2f}".format, 3.0, corner=(1, 4))
    said = {text.get_position(): text.get_text() for text in picture.axes.texts}
    assert said == {(1 + j, 4 + i): f"{v:.2f}" for (i, j), v in np.ndenumerate(table)}
    assert np.array_equal(picture.get_array(), table)


def test_the_learning_check_says_and_shows_whether_anything_was_learned():
    labels = np.repeat([0, 1, 2], [600, 200, 200])
    nearly, two = np.where(np.arange(1000) // 5 == 120, 1, 0), np.where(labels == 2, 1, labels)
    findings = [curves.learning_finding(labels, p, 3) for p in (labels, 0 * labels, nearly, two)]
    assert findings == [
        "100.0% right: far more than always answering 0 (60.0%)",
        "60.0% right, and every answer is 0: none depends on the image",
        "60.5% right: no better than always answering 0 (60.0%)",
        "80.0% right, above the majority class, but only 2 of 3 answers occur",
    ]
    figure = drawn(curves.learning_check(labels, two, 3))
    left, right = figure.axes
    assert figure.get_suptitle() == findings[3]
    levels = {name: points[0, 1] for name, points in lines(left).items()}
    assert levels == {"majority 60.0%": 0.6, "chance 33.3%": 1 / 3}
    assert heights(left) + heights(right) == [0.8, 600, 200, 200, 600, 400, 0]
    assert curves.learning_check(labels, two, 3, title="Mine").get_suptitle() == "Mine"


def test_training_curves_draw_what_they_are_given():
    epochs = np.arange(1, 6)
    cost, train, check = epochs[::-1] / 5, epochs / 6, epochs[:3] / 7
    accuracies = {"train": train, "validation": check}
    figure = curves.training_curves(epochs, {"train": cost}, accuracies, "It learns", chance=0.1)
    left, right = figure.axes
    assert np.array_equal(lines(left)["train"], np.c_[epochs, cost])
    assert np.array_equal(lines(right)["validation"], np.c_[epochs[:3], check])
    assert {"chance", "It learns", "epoch", "cost", "share right"} <= set(texts(figure))
    assert legend(right) == ["train", "validation"]
    drawn(curves.training_curves(np.array([]), {"train": []}, {"train": []}))
    for low, is_named in ((0.0, True), (0.8, False)):  # where the line is seen
        right.set_ylim(low, 1)
        box = right.texts[0].get_tightbbox(drawn(figure).canvas.get_renderer())
        assert (box is not None and box.width > 1) == is_named


def test_a_neuron_shows_every_text_it_is_given():
    inputs, weights = ["x₁ = 1", "x₂ = 0"], ["w₁ = 0.5", "w₂ = 0.5"]
    said = ["b = −1", "z = 2", "a = 1", "It fires"]
    figure = drawn(drawings.neuron_drawing(inputs, weights, *said))
    assert {*inputs, *weights, "Σ", "step", *said} <= set(texts(figure))


def arrows_of(figure):
    """Start and end of each arrow."""
    return [arrow._posA_posB for arrow in figure.findobj(FancyArrowPatch)]


def test_a_network_has_every_edge_and_marks_what_is_spoken_of():
    edges = {(0, i, j): f"w{i}{j}" for i in range(2) for j in range(3)}
    layers, marked = ["in", "hidden", "out"], [(0, 1, 2), (1, 2)]
    figure = drawings.network_drawing(
        (2, 3, 1), {(1, 2): "0.7"}, edges, layers, marked, "Paths", None, {(0, 0): style.GREEN}
    )
    (ax,) = drawn(figure).axes
    assert len(arrows_of(figure)) == 2 * 3 + 3 * 1
    drawn_in = [to_rgb(patch.get_edgecolor()) for patch in ax.patches]
    assert [drawn_in.count(to_rgb(color)) for color in (style.RED, style.GREEN)] == [2, 1]
    assert {*edges.values(), "0.7", *layers, "Paths"} <= set(texts(figure))
    places = np.array([t.get_position() for t in ax.texts if t.get_text() in edges.values()])
    gaps = [np.hypot(*(a - b)) for i, a in enumerate(places) for b in places[:i]]
    assert min(gaps) > 0.25  # texts on crossing edges do not cover one another


def test_shapes_flow_forward_and_their_gradients_back():
    arrays = [("X", "(n, 4)"), ("z", "(n, 3)"), ("a", "(n, 3)")]
    operations = [("Affine", "W (4, 3)"), ("Sigmoid", "")]
    figure = drawn(drawings.shape_flow(arrays, operations, ["dX", "dz", "da"], "Same shapes"))
    boxes = {f"{d}{name}\n{shape}" for name, shape in arrays for d in ("", "d")}
    assert boxes <= set(texts(figure))
    forward = [end[0] > start[0] for start, end in arrows_of(figure)]
    assert sorted(forward) == [False, False, True, True]
    drawn(drawings.shape_flow([("X", "(n, 784)")] * 5, [("Affine", "W (784, 500)\nb (500,)")] * 4))


NO_IMAGE = r"\(n, d\) with a square d is needed"
test_what_cannot_be_drawn_is_refused = refusals(
    *[(lambda alt=alt: style.to_html(hill(), alt), ValueError, "alt is empty")
      for alt in ("", "  \n", None)],
    *[(lambda shape=shape: digits.as_images(np.zeros(shape)), ValueError, NO_IMAGE)
      for shape in [(5, 783), (), (2, 2, 2, 2)]],
    (lambda: digits.digit_grid(np.zeros((0, 784))), ValueError, "there is no image"),
    (lambda: curves.learning_check([0, 1, 2], [0, 1], 3), ValueError, r"\(n,\) is needed"),
    (lambda: drawings.neuron_drawing(["x"], ["w", "v"]), ValueError, "longer"),
    (lambda: drawings.shape_flow([("X", "")] * 3, [("f", "")]), ValueError, "3 arrays need 2"),
)  # fmt: skip
