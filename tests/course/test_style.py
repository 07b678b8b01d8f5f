"""What is drawn, measured on the figure itself: lines, texts, sizes, colours, alt text."""

import base64
import html
import re
import threading

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from PIL import Image

from nnlesson.course.curves import learning_check, learning_finding, training_curves
from nnlesson.course.digits import as_images, digit_grid, image_grid, weights_grid
from nnlesson.course.drawings import (
    draw_edge,
    drawing_axes,
    network_drawing,
    neuron_drawing,
    shape_flow,
)
from nnlesson.course.style import (
    COLORS,
    DIVERGING,
    RED,
    label_axes,
    new_figure,
    percent,
    show,
    to_html,
    to_png,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def wave():
    figure, ax = new_figure(4, 2.5)
    ax.plot([0, 1, 2], [0, 1, 0])
    label_axes(ax, "One hill", "x", "y")
    return figure


def texts(figure):
    """All texts of a figure's Axes, titles and axis labels included."""
    found = [figure._suptitle.get_text()] if figure._suptitle else []
    for ax in figure.axes:
        found += [t.get_text() for t in ax.texts] + [ax.get_title(loc="left")]
        found += [ax.get_xlabel(), ax.get_ylabel()]
    return found


def decode(png):
    import io

    return Image.open(io.BytesIO(png))


def see_as(rgb, kind):
    """A colour as seen without one kind of cone (Machado, Oliveira, Fernandes 2009, severity 1)."""
    matrix = {
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                   [-0.011820, 0.042940, 0.968881]],
        "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
    }[kind]  # fmt: skip
    return np.clip(np.array(matrix) @ np.asarray(rgb) ** 2.2, 0, 1) ** (1 / 2.2)


@pytest.mark.parametrize("kind", ["protan", "deutan", "tritan"])
def test_the_first_colours_stay_apart_for_colour_blind_readers(kind):
    seen = [see_as(to_rgb(color), kind) for color in COLORS[:4]]
    apart = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(apart) > 0.1


def test_pyplot_is_never_imported():
    import subprocess
    import sys

    code = "import sys, nnlesson.course.style as f; f.to_png(f.new_figure()[0]);"
    code += "sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_new_figure_gives_styled_axes_of_the_size_asked_for():
    figure, axes = new_figure(8, 3, 1, 2, sharey=True)
    assert tuple(figure.get_size_inches()) == (8, 3) and axes.shape == (2,)
    for ax in axes:
        assert not ax.spines["top"].get_visible() and ax.get_axisbelow()
    (line,) = axes[0].plot([0, 1])
    assert line.get_color() == COLORS[0]
    picture = decode(to_png(figure))
    assert picture.size == (1200, 450)


def test_a_picture_is_small_and_its_paper_is_white():
    png = to_png(wave())
    picture = decode(png)
    assert picture.mode == "P" and len(png) < 30_000
    assert picture.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_paper_stays_white_and_pale_cells_do_not_become_paper():
    figure, ax = new_figure(4, 3)
    ax.imshow(np.linspace(-1, 1, 400).reshape(20, 20), cmap=DIVERGING, vmin=-1, vmax=1)
    picture = decode(to_png(figure)).convert("RGB")
    figure.set_dpi(150)
    figure.canvas.draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    stored = np.asarray(picture).astype(int)
    assert np.array_equal((drawn == 255).all(axis=-1), (stored == 255).all(axis=-1))
    assert np.abs(drawn - stored).max() < 40  # a palette, but no colour that was not there


def test_a_blank_picture_is_all_paper():
    figure = Figure(figsize=(1, 1))
    assert decode(to_png(figure)).convert("RGB").getcolors() == [(150 * 150, (255, 255, 255))]


def test_a_figure_drawn_twice_is_the_same_picture():
    figure = wave()
    assert to_png(figure) == to_png(figure) == to_png(wave())
    small = decode(to_png(figure, dpi=50))
    assert small.size == (200, 125) and decode(to_png(figure)).size == (600, 375)


def test_threads_may_draw_at_the_same_time():
    expected, made = to_png(wave()), []
    threads = [threading.Thread(target=lambda: made.append(to_png(wave()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [expected] * 4


def test_show_displays_an_image_with_its_description(monkeypatch):
    shown = []
    monkeypatch.setattr(
        "nnlesson.course.style.display", lambda data, raw: shown.append((data, raw))
    )
    assert show(wave(), 'A hill "<of>" height 1 &\n   one line') is None
    ((data, raw),) = shown
    assert raw and set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] == 'A hill "<of>" height 1 & one line'
    element = data["text/html"]
    found = re.fullmatch(
        r'<img alt="([^"<>]*)" width="400" style="max-width: 100%; height: auto" '
        r'src="data:image/png;base64,([A-Za-z0-9+/=]+)">',
        element,
    )
    assert html.unescape(found[1]) == data["text/plain"]
    assert decode(base64.b64decode(found[2])).format == "PNG"


@pytest.mark.parametrize("alt", ["", "  \n", None])
def test_a_picture_without_a_description_is_refused(alt):
    with pytest.raises(ValueError, match="alt is empty"):
        to_html(wave(), alt)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((5, 784), (5, 28, 28)),
        ((5, 64), (5, 8, 8)),
        ((784,), (1, 28, 28)),
        ((28, 28), (1, 28, 28)),
        ((3, 20, 10), (3, 20, 10)),
    ],
)
def test_as_images_takes_rows_and_images(shape, expected):
    pixels = np.arange(np.prod(shape)).reshape(shape)
    assert as_images(pixels).shape == expected
    assert np.array_equal(as_images(pixels).ravel(), pixels.ravel())


@pytest.mark.parametrize("shape", [(5, 783), (7,), (), (2, 2, 2, 2)])
def test_as_images_refuses_what_is_no_image(shape):
    with pytest.raises(ValueError, match=r"\(n, d\) with a square d is needed"):
        as_images(np.zeros(shape))


def test_an_image_grid_holds_each_image_once_under_its_title(rng):
    images = rng.uniform(0.1, 1, size=(7, 6, 6))
    _, ax = new_figure()
    sheet = image_grid(ax, images, [f"t{i}" for i in range(7)], columns=3).get_array()
    assert np.sort(sheet.compressed()).tolist() == np.sort(images.ravel()).tolist()
    for i, (patch, text) in enumerate(zip(ax.patches, ax.texts, strict=True)):
        left, top = round(patch.get_x() + 0.5), round(patch.get_y() + 0.5)
        assert np.array_equal(sheet[top : top + 6, left : left + 6], images[i])
        assert text.get_text() == f"t{i}"
        assert text.get_position()[0] == left + 2.5 and text.get_position()[1] < top


def test_grids_refuse_nothing_to_draw_and_take_one_image():
    with pytest.raises(ValueError, match="no image"):
        digit_grid(np.zeros((0, 784)))
    assert len(to_png(digit_grid(np.zeros((1, 784)), ["blank"]))) > 500


def test_weights_share_a_scale_with_zero_in_the_middle(rng):
    weights = rng.normal(size=(6, 16))
    picture = weights_grid(weights, columns=3).axes[0].images[0]
    assert picture.get_clim() == (-np.abs(weights).max(), np.abs(weights).max())
    assert np.allclose(picture.cmap(0.5)[:3], 1, atol=0.04)
    assert weights_grid(weights, limit=2.0).axes[0].images[0].get_clim() == (-2, 2)
    assert weights_grid(np.zeros((1, 4))).axes[0].images[0].get_clim() == (-1, 1)


def test_a_large_grid_is_one_picture(rng):
    figure = digit_grid(rng.uniform(size=(100, 784)), [str(i) for i in range(100)])
    assert len(figure.axes) == 1 and len(figure.axes[0].texts) == 100


@pytest.mark.parametrize(
    ("right_share", "constant", "said"),
    [
        (0.9, None, "far more than always answering"),
        (0.0, 1, "every answer is 1: it has learned nothing"),
        (0.02, None, "no better than always answering"),
    ],
)
def test_the_finding_says_whether_anything_was_learned(rng, right_share, constant, said):
    labels = rng.integers(0, 10, 2000)
    guesses = rng.integers(0, 10, 2000)
    predicted = np.where(rng.random(2000) < right_share, labels, guesses)
    if constant is not None:
        predicted = np.full(2000, constant)
    assert said in learning_finding(labels, predicted, 10)
    figure = learning_check(labels, predicted, 10)
    assert said in figure._suptitle.get_text()


def test_answering_the_majority_class_is_not_learning():
    labels = np.repeat([0, 1, 2], [600, 200, 200])
    assert "every answer is 0" in learning_finding(labels, np.zeros(1000, int), 3)
    nearly = np.zeros(1000, int)
    nearly[600:605] = 1
    assert "60.5% right: no better than always answering 0 (60.0%)" in learning_finding(
        labels, nearly, 3
    )
    two = np.where(labels == 2, 1, labels)
    assert "only 2 of 3 answers occur" in learning_finding(labels, two, 3)


def test_shares_are_rounded_as_on_paper():
    shares = (0.1135, 0.14, 0.9899, 1.0)
    assert [percent(x) for x in shares] == ["11.4%", "14.0%", "99.0%", "100.0%"]


def test_the_learning_check_draws_lines_bars_and_counts(rng):
    labels = np.repeat([0, 1, 2], [50, 30, 20])
    predicted = np.repeat([0, 1, 2], [40, 40, 20])
    left, right = learning_check(labels, predicted, 3).axes
    accuracy = np.mean(labels == predicted)
    assert left.patches[0].get_height() == accuracy == 0.9
    assert [line.get_ydata()[0] for line in left.lines] == [0.5, 1 / 3]
    assert [line.get_label() for line in left.lines] == ["majority 50.0%", "chance 33.3%"]
    heights = [patch.get_height() for patch in right.patches]
    assert heights == [50, 30, 20, 40, 40, 20]
    assert learning_check(labels, predicted, 3, title="Mine")._suptitle.get_text() == "Mine"
    with pytest.raises(ValueError, match=r"\(n,\) is needed"):
        learning_check(labels, predicted[:-1], 3)


def test_training_curves_draw_what_they_are_given():
    epochs = np.arange(1, 6)
    cost, train, check = epochs[::-1] / 5, epochs / 6, epochs[:3] / 7
    figure = training_curves(
        epochs, {"train": cost}, {"train": train, "validation": check}, "It learns", chance=0.1
    )
    left, right = figure.axes
    assert np.array_equal(left.lines[0].get_xydata(), np.c_[epochs, cost])
    assert np.array_equal(right.lines[1].get_xydata(), np.c_[epochs[:3], check])
    assert right.lines[0].get_linestyle() != right.lines[1].get_linestyle()
    assert right.lines[0].get_marker() != right.lines[1].get_marker()
    assert "chance" in texts(figure) and "It learns" in texts(figure)
    assert (left.get_xlabel(), left.get_ylabel()) == ("epoch", "cost")
    assert [t.get_text() for t in right.get_legend().get_texts()] == ["train", "validation"]
    logarithmic = training_curves(epochs, {"train": cost}, {}, log_cost=True)
    assert logarithmic.axes[0].get_yscale() == "log"
    assert len(to_png(training_curves(np.array([]), {"train": []}, {"train": []}))) > 1000


def test_a_neuron_shows_every_text_it_is_given():
    given = (["x₁ = 1", "x₂ = 0", "x₃"], ["w₁", "w₂", "w₃"])
    figure = neuron_drawing(*given, "b = −1", "z = 2", "a = 1", "step", "It fires")
    expected = {*given[0], *given[1], "b = −1", "z = 2", "a = 1", "step", "It fires", "Σ"}
    assert expected <= set(texts(figure))
    with pytest.raises(ValueError):
        neuron_drawing(["x"], ["w", "v"])


def test_a_network_has_every_edge_and_marks_what_is_spoken_of():
    sizes = (2, 3, 1)
    edges = {(0, i, j): f"w{i}{j}" for i in range(2) for j in range(3)}
    figure = network_drawing(
        sizes, {(1, 2): "0.7"}, edges, ["in", "hidden", "out"], [(0, 1, 2), (1, 2)], "Paths"
    )
    (ax,) = figure.axes
    arrows = [p for p in ax.patches if isinstance(p, FancyArrowPatch)]
    assert len(arrows) == 2 * 3 + 3 * 1
    red = [p for p in ax.patches if np.allclose(p.get_edgecolor()[:3], to_rgb(RED))]
    assert len(red) == 2
    assert {*edges.values(), "0.7", "in", "hidden", "out", "Paths"} <= set(texts(figure))
    places = [t.get_position() for t in ax.texts if t.get_text() in edges.values()]
    gaps = [np.hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(places) for b in places[:i]]
    assert min(gaps) > 0.25  # texts on crossing edges do not cover one another


def test_shapes_flow_forward_and_their_gradients_back():
    arrays = [("X", "(n, 4)"), ("z", "(n, 3)"), ("a", "(n, 3)")]
    operations = [("Affine", "W (4, 3)"), ("Sigmoid", "")]
    figure = shape_flow(arrays, operations, ["dX", "dz", "da"], "Same shapes")
    said = texts(figure)
    for name, shape in arrays:
        assert f"{name}\n{shape}" in said and f"d{name}\n{shape}" in said
    arrows = [p for p in figure.axes[0].patches if isinstance(p, FancyArrowPatch)]
    steps = [p._posA_posB[1][0] - p._posA_posB[0][0] for p in arrows]
    assert sum(step > 0 for step in steps) == 2 and sum(step < 0 for step in steps) == 2
    with pytest.raises(ValueError, match="3 arrays need 2 operations, not 1"):
        shape_flow(arrays, operations[:1])


def test_texts_of_drawings_stay_inside_the_picture():
    drawings = [
        neuron_drawing(["x₁ = 1", "x₂ = 0"], ["w₁ = 0.5", "w₂ = 0.5"], title="A neuron"),
        network_drawing([1, 2, 1], layer_names=["input", "hidden", "output"], title="1-2-1"),
        shape_flow([("X", "(n, 784)")] * 5, [("Affine", "W (784, 500)\nb (500,)")] * 4, title="t"),
        digit_grid(np.zeros((12, 64)), ["t:0 p:1"] * 12, title="Twelve"),
        learning_check(np.arange(10), np.arange(10), 10),
    ]
    for figure in drawings:
        to_png(figure)
        renderer, frame = figure.canvas.get_renderer(), figure.bbox
        for ax in figure.axes:
            for text in [*ax.texts, ax._left_title, ax.xaxis.label, ax.yaxis.label]:
                if not text.get_text():
                    continue
                box = text.get_window_extent(renderer)
                inside = frame.x0 - 1 <= box.x0 and box.x1 <= frame.x1 + 1
                inside &= frame.y0 - 1 <= box.y0 and box.y1 <= frame.y1 + 1
                assert inside, f"{text.get_text()!r} is cut off"


def test_an_edge_stops_before_its_nodes():
    _, ax = drawing_axes(3, 3, (0, 3), (0, 3))
    draw_edge(ax, (0, 0), (3, 0), "w", gap=0.5, at=0.25)
    (arrow,) = ax.patches
    assert [tuple(point) for point in arrow._posA_posB] == [(0.5, 0), (2.5, 0)]
    assert ax.texts[0].get_position() == (1.0, 0.0)


def test_drawing_leaves_matplotlib_settings_alone():
    import matplotlib

    before = dict(matplotlib.rcParams)
    to_png(wave())
    assert dict(matplotlib.rcParams) == before
