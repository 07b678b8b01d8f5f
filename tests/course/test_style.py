"""What is drawn, measured on the figure itself: lines, texts, sizes, colours, alt text."""

import base64
import gc
import html
import io
import re
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

import matplotlib
import numpy as np
import pytest
from figure_parts import drawn, heights, legend, lines, texts
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch
from PIL import Image
from strategies import rng

from nnlesson.course import style
from nnlesson.course.curves import learning_check, learning_finding, training_curves
from nnlesson.course.digits import as_images, digit_grid, image_grid, number_cells, weights_grid
from nnlesson.course.drawings import network_drawing, neuron_drawing, shape_flow
from nnlesson.course.style import new_figure, to_png

# What an eye without one kind of cone sees (Machado, Oliveira, Fernandes 2009, severity 1).
SEEN = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def wave():
    figure, ax = new_figure(4, 2.5)
    ax.plot([0, 1, 2], [0, 1, 0])
    style.label_axes(ax, "One hill", "x", "y")
    return figure


def decode(png):
    return Image.open(io.BytesIO(png))


@pytest.mark.parametrize("kind", SEEN)
def test_the_first_colours_stay_apart_for_colour_blind_readers(kind):
    light = np.array([to_rgb(color) for color in style.COLORS[:4]]) ** 2.2
    seen = np.clip(light @ np.transpose(SEEN[kind]), 0, 1) ** (1 / 2.2)
    assert min(np.linalg.norm(seen[i] - seen[j]) for i in range(4) for j in range(i)) > 0.1


def test_pyplot_is_never_imported_and_settings_are_left_alone():
    code = "import sys, nnlesson.course.style as f; f.to_png(f.new_figure()[0]);"
    code += "sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
    before = dict(matplotlib.rcParams)
    to_png(wave())
    assert dict(matplotlib.rcParams) == before


def test_new_figure_gives_styled_axes_of_the_size_asked_for():
    figure, axes = new_figure(8, 3, 1, 2, sharey=True)
    assert axes.shape == (2,)
    assert all(not ax.spines["top"].get_visible() and ax.get_axisbelow() for ax in axes)
    assert axes[0].plot([0, 1])[0].get_color() == style.COLORS[0]
    assert decode(to_png(figure)).size == (1200, 450)


def test_a_picture_is_small_and_the_same_when_drawn_again_also_in_threads():
    figure = wave()
    png = to_png(figure)
    assert to_png(figure) == png and len(png) < 30_000
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: to_png(wave()), range(4))) == {png}
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
    shown = []
    monkeypatch.setattr("nnlesson.course.style.display", lambda data, raw: shown.append(data))
    assert style.show(wave(), 'A hill "<of>" height 1 &\n   one line') is None
    assert shown[0]["text/plain"] == 'A hill "<of>" height 1 & one line'
    found = re.fullmatch(
        r'<img alt="([^"<>]*)" width="400" style="max-width: 100%; height: auto" '
        r'src="data:image/png;base64,([A-Za-z0-9+/=]+)">',
        shown[0]["text/html"],
    )
    assert html.unescape(found[1]) == shown[0]["text/plain"]
    assert decode(base64.b64decode(found[2])).format == "PNG"


def test_a_figure_is_freed_when_the_next_is_shown(monkeypatch):
    monkeypatch.setattr("nnlesson.course.style.display", lambda data, raw: None)
    figures = [wave(), wave()]
    before = weakref.ref(figures[0])
    gc.disable()
    try:
        while figures:
            style.show(figures.pop(0), "a hill")
    finally:
        gc.enable()
    assert before() is None


@pytest.mark.parametrize("alt", ["", "  \n", None])
def test_a_picture_without_a_description_is_refused(alt):
    with pytest.raises(ValueError, match="alt is empty"):
        style.to_html(wave(), alt)


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


def test_the_name_of_a_line_outside_of_the_picture_is_left_out():
    figure = training_curves([1, 2], {"a": [1, 1]}, {"a": [0.5, 0.9]}, chance=0.1)
    ax = figure.axes[1]
    for low, seen in ((0.0, True), (0.8, False)):
        ax.set_ylim(low, 1)
        box = ax.texts[0].get_tightbbox(drawn(figure).canvas.get_renderer())
        assert (box is not None and box.width > 1) == seen


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((5, 64), (5, 8, 8)), ((784,), (1, 28, 28)), ((28, 28), (1, 28, 28)), ((3, 4, 2), (3, 4, 2))],
)
def test_as_images_takes_rows_and_images(shape, expected):
    pixels = np.arange(np.prod(shape)).reshape(shape)
    assert as_images(pixels).shape == expected
    assert np.array_equal(as_images(pixels).ravel(), pixels.ravel())


@pytest.mark.parametrize("shape", [(5, 783), (), (2, 2, 2, 2)])
def test_as_images_refuses_what_is_no_image(shape):
    with pytest.raises(ValueError, match=r"\(n, d\) with a square d is needed"):
        as_images(np.zeros(shape))


@pytest.mark.parametrize("text", ["t{}", "t{}\nsecond line"])
def test_an_image_grid_holds_each_image_once_under_its_title(text):
    images = rng().uniform(0.1, 1, size=(7, 6, 6))
    _, ax = new_figure()
    sheet = image_grid(ax, images, [text.format(i) for i in range(7)], columns=3).get_array()
    assert np.sort(sheet.compressed()).tolist() == np.sort(images.ravel()).tolist()
    for i, (patch, said) in enumerate(zip(ax.patches, ax.texts, strict=True)):
        left, top = round(patch.get_x() + 0.5), round(patch.get_y() + 0.5)
        assert np.array_equal(sheet[top : top + 6, left : left + 6], images[i])
        assert said.get_text() == text.format(i)
        assert said.get_position()[0] == left + 2.5 and said.get_position()[1] < top


def test_grids_take_one_image_or_many_but_not_none():
    with pytest.raises(ValueError, match="no image"):
        digit_grid(np.zeros((0, 784)))
    drawn(digit_grid(np.zeros((1, 784)), ["blank"]))
    many = digit_grid(rng().uniform(size=(100, 784)), [str(i) for i in range(100)])
    assert len(many.axes) == 1 and len(many.axes[0].texts) == 100


def test_weights_share_a_scale_with_zero_in_the_middle():
    weights = rng().normal(size=(6, 16))
    picture = weights_grid(weights, columns=3).axes[0].images[0]
    assert picture.get_clim() == (-np.abs(weights).max(), np.abs(weights).max())
    assert np.allclose(picture.cmap(0.5)[:3], 1, atol=0.04)
    assert weights_grid(np.zeros((1, 4))).axes[0].images[0].get_clim() == (-1, 1)


def test_cells_hold_their_numbers():
    table = rng().normal(size=(2, 3))
    figure, ax = new_figure()
    number_cells(ax, table, "{:.2f}".format, 3.0, corner=(1, 4))
    assert texts(figure) == [f"{value:.2f}" for value in table.flat]
    assert [text.get_position() for text in ax.texts[:3]] == [(1, 4), (2, 4), (3, 4)]
    assert np.array_equal(ax.images[0].get_array(), table)


def test_the_finding_says_whether_anything_was_learned():
    labels = np.repeat([0, 1, 2], [600, 200, 200])
    nearly, two = np.where(np.arange(1000) // 5 == 120, 1, 0), np.where(labels == 2, 1, labels)
    for predicted, said in (
        (labels, "far more than always answering"),
        (0 * labels, "every answer is 0: none depends on the image"),
        (nearly, "60.5% right: no better than always answering 0 (60.0%)"),
        (two, "only 2 of 3 answers occur"),
    ):
        assert said in learning_finding(labels, predicted, 3)
        assert said in learning_check(labels, predicted, 3).get_suptitle()


def test_the_learning_check_draws_lines_bars_and_counts():
    labels, predicted = np.repeat([0, 1, 2], [50, 30, 20]), np.repeat([0, 1, 2], [40, 40, 20])
    left, right = learning_check(labels, predicted, 3).axes
    assert heights(left) == [0.9]
    levels = {name: points[0, 1] for name, points in lines(left).items()}
    assert levels == {"majority 50.0%": 0.5, "chance 33.3%": 1 / 3}
    assert heights(right) == [50, 30, 20, 40, 40, 20]
    assert learning_check(labels, predicted, 3, title="Mine").get_suptitle() == "Mine"
    with pytest.raises(ValueError, match=r"\(n,\) is needed"):
        learning_check(labels, predicted[:-1], 3)


def test_training_curves_draw_what_they_are_given():
    epochs = np.arange(1, 6)
    cost, train, check = epochs[::-1] / 5, epochs / 6, epochs[:3] / 7
    accuracies = {"train": train, "validation": check}
    figure = drawn(training_curves(epochs, {"train": cost}, accuracies, "It learns", chance=0.1))
    left, right = figure.axes
    assert np.array_equal(lines(left)["train"], np.c_[epochs, cost])
    assert np.array_equal(lines(right)["validation"], np.c_[epochs[:3], check])
    assert {"chance", "It learns", "epoch", "cost", "share right"} <= set(texts(figure))
    assert legend(right) == ["train", "validation"]
    drawn(training_curves(np.array([]), {"train": []}, {"train": []}))


def test_a_neuron_shows_every_text_it_is_given():
    given = (["x₁ = 1", "x₂ = 0", "x₃"], ["w₁", "w₂", "w₃"])
    figure = neuron_drawing(*given, "b = −1", "z = 2", "a = 1", "It fires")
    expected = {*given[0], *given[1], "b = −1", "z = 2", "a = 1", "step", "It fires", "Σ"}
    assert expected <= set(texts(figure))
    with pytest.raises(ValueError):
        neuron_drawing(["x"], ["w", "v"])


def arrows_of(figure):
    """Start and end of each arrow."""
    arrows = [p for p in figure.axes[0].patches if isinstance(p, FancyArrowPatch)]
    return [arrow._posA_posB for arrow in arrows]


def test_a_network_has_every_edge_and_marks_what_is_spoken_of():
    edges = {(0, i, j): f"w{i}{j}" for i in range(2) for j in range(3)}
    layers, marked = ["in", "hidden", "out"], [(0, 1, 2), (1, 2)]
    figure = network_drawing(
        (2, 3, 1), {(1, 2): "0.7"}, edges, layers, marked, "Paths", None, {(0, 0): style.GREEN}
    )
    (ax,) = figure.axes
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
    figure = shape_flow(arrays, operations, ["dX", "dz", "da"], "Same shapes")
    boxes = {f"{d}{name}\n{shape}" for name, shape in arrays for d in ("", "d")}
    assert boxes <= set(texts(figure))
    forward = [end[0] > start[0] for start, end in arrows_of(figure)]
    assert sorted(forward) == [False, False, True, True]
    with pytest.raises(ValueError, match="3 arrays need 2 operations, not 1"):
        shape_flow(arrays, operations[:1])


DRAWINGS = {
    "neuron": neuron_drawing(["x₁ = 1", "x₂ = 0"], ["w₁ = 0.5", "w₂ = 0.5"], title="A neuron"),
    "network": network_drawing([1, 2, 1], layer_names=["input", "hidden", "output"], title="1-2-1"),
    "flow": shape_flow([("X", "(n, 784)")] * 5, [("Affine", "W (784, 500)\nb (500,)")] * 4),
    "digits": digit_grid(np.zeros((12, 64)), ["t:0 p:1"] * 12, title="Twelve"),
    "two lines": digit_grid(np.zeros((3, 64)), ["t:0 p:1\n98%, then 2"] * 3, title="Three"),
    "check": learning_check(np.arange(10), np.arange(10), 10),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_texts_of_drawings_stay_inside_the_picture(name):
    figure = drawn(DRAWINGS[name])
    frame = figure.bbox.padded(1)
    for ax in figure.axes:
        for text in [*ax.texts, ax._left_title, ax.xaxis.label, ax.yaxis.label]:
            box = text.get_window_extent(figure.canvas.get_renderer())
            inside = all(frame.contains(x, y) for x, y in box.corners())
            assert inside or not text.get_text(), f"{text.get_text()!r} is cut off"
