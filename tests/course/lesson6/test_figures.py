"""The pictures of lesson 6 with many errors, with few, and with none at all."""

import numpy as np
import pytest
from figure_parts import drawn, lines, notes, title, widths
from matplotlib.colors import to_hex

from nnlesson.course.lesson6 import figures as lesson6
from nnlesson.course.style import GREEN, RED


def answers(n_wrong, n=60, k=10, seed=0):
    """images (n, 784), labels (n,) and probabilities (n, k) with so many wrong answers."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, k, n)
    p = rng.dirichlet(np.full(k, 0.4), n)
    best = p.argmax(axis=1)
    guess = np.where(np.arange(n) < n_wrong, (labels + 1) % k, labels)
    rows = np.arange(n)
    p[rows, best], p[rows, guess] = p[rows, guess], p[rows, best].copy()
    assert np.sum(p.argmax(axis=1) != labels) == n_wrong
    return rng.random((n, 784)), labels, p


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("n_wrong", [0, 1, 3, 5, 7, 24, 25, 26, 60])
def test_gallery_shows_up_to_25_wrong_digits(n_wrong, second):
    images, labels, p = answers(n_wrong)
    wrong = np.flatnonzero(p.argmax(axis=1) != labels)
    figure = lesson6.gallery(images, labels, p, wrong, "A gallery", second=second)
    ax = figure.axes[0]
    assert title(ax) == "A gallery"
    if n_wrong == 0:
        assert notes(ax) == ["No wrong digit: every answer here is right."]
    else:
        assert len(notes(ax)) == min(n_wrong, 25)
        for i, text in zip(wrong, notes(ax), strict=False):
            assert text.startswith(f"t: {labels[i]}  p: {p[i].argmax()}")
            assert (f"then {np.argsort(p[i])[-2]}" in text) == second
    drawn(figure)


def test_gallery_keeps_the_order_it_is_given():
    images, labels, p = answers(10)
    ax = lesson6.gallery(images, labels, p, np.array([7, 2]), second=True).axes[0]
    assert notes(ax)[0].startswith(f"t: {labels[7]}  p: {p[7].argmax()}\n{p[7].max():.1%}")


def test_confusion_writes_every_count_and_names_the_commonest():
    counts = np.diag([5, 6, 7])
    counts[2, 0], counts[0, 1] = 4, 1
    ax = lesson6.confusion(counts).axes[0]
    assert title(ax) == "5 errors; the commonest: 2 taken for 0, 4 times"
    written = {(t.get_position()[1], t.get_position()[0]): t.get_text() for t in ax.texts}
    assert written == {(0, 0): "5", (1, 1): "6", (2, 2): "7", (2, 0): "4", (0, 1): "1"}
    assert ax.get_ylabel() == "true digit" and ax.get_xlabel() == "predicted digit"
    colours = ax.images[0].get_array()
    assert np.trace(colours) == 0 and colours.sum() == 5
    assert counts[0, 0] == 5  # the input is untouched


def test_confusion_without_errors_says_so():
    assert (
        title(lesson6.confusion(np.diag([3, 4])).axes[0]) == "No confusion: every answer is right"
    )
    one = np.array([[3, 1], [0, 4]])
    assert title(lesson6.confusion(one).axes[0]).endswith("0 taken for 1, once")


def test_error_per_digit_is_the_share_of_each_row():
    counts = np.array([[8, 2, 0], [0, 10, 0], [0, 0, 0]])  # the third digit does not occur
    ax = lesson6.error_per_digit(counts).axes[0]
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([0.2, 0])
    assert title(ax) == "Wrong of 1: 0.0%, of 0: 20.0%: whiskers overlap"
    ax = lesson6.error_per_digit(100 * counts).axes[0]
    assert title(ax) == "Wrong of 1: 0.0%, of 0: 20.0%: whiskers apart"
    assert title(lesson6.error_per_digit(np.diag([3, 3])).axes[0]) == "No digit is read wrong"
    drawn(lesson6.error_per_digit(np.zeros((3, 3), int)))


def test_luck_is_wilsons_interval():
    k, n = np.array([0.0, 3.0, 500.0]), np.array([3.0, 3.0, 1000.0])
    below, above = lesson6.luck(k, n)
    # The truths q that lie just two of their own standard errors from the share.
    for q in ((k / n - below), (k / n + above)):
        some = (q > 1e-9) & (q < 1 - 1e-9)
        off = np.abs(k / n - q)[some]
        np.testing.assert_allclose(off, 2 * np.sqrt(q * (1 - q) / n)[some])
    assert (below >= 0).all() and (above >= 0).all()
    assert below[0] == above[1] == 0 and above[0] > 0.5 and below[1] > 0.5
    assert above[2] == pytest.approx(2 * np.sqrt(0.25 / 1000), rel=0.01)


def test_reliability_draws_only_groups_that_hold_answers():
    nan = np.nan
    bins = (np.array([nan, 0.4, 0.9]), np.array([nan, 0.25, 1.0]), np.array([0, 4, 50]))
    figure = lesson6.reliability({"here": bins}, "The finding")
    top, low = figure.axes
    line = next(line for line in top.lines if line.get_marker() == "o")
    np.testing.assert_allclose(line.get_xydata(), [[0.4, 0.25], [0.9, 1.0]])
    assert [bar.get_height() for bar in low.patches] == [4, 50]
    for container in top.containers:  # whiskers stay between 0 and 1
        for piece in container[2]:
            for path in piece.get_paths():
                assert path.vertices[:, 1].min() >= 0 and path.vertices[:, 1].max() <= 1
    drawn(lesson6.reliability({"a": bins, "b": bins}))


def test_outputs_are_green_when_right_and_red_when_wrong():
    values = np.eye(10)[3] * 0.8 + 0.02
    image = np.linspace(0, 1, 784)[None]  # as it comes: one row
    for true, color in ((3, GREEN), (5, RED)):
        figure = lesson6.vote_card(image, true, values, {"mistake": 0}, "One")
        left, middle, _ = figure.axes
        np.testing.assert_array_equal(left.images[0].get_array(), image.reshape(28, 28))
        assert [bar.get_height() for bar in middle.patches] == pytest.approx(values)
        assert to_hex(middle.patches[3].get_facecolor()) == to_hex(color)


def test_under_change_has_a_line_for_each_network_and_chance():
    ax = lesson6.under_change(
        range(3), {"a": [1, 0.5, 0.2], "b": [1, 1, 1]}, "moved by", "Found"
    ).axes[0]
    assert lines(ax)["a"][:, 1].tolist() == [1, 0.5, 0.2] and list(lines(ax)) == [
        "a",
        "b",
        "chance",
    ]
    assert ax.get_xlabel() == "moved by" and title(ax) == "Found"


def test_vote_card_counts():
    votes = {"mistake": 7, "unclear": 0, "wrong label": 2}
    figure = lesson6.vote_card(np.zeros(784), 4, np.full(10, 0.1), votes, "Three")
    assert widths(figure.axes[2]) == [7, 0, 2]
    assert notes(figure.axes[2]) == [" 7", " 0", " 2"]
    assert figure.get_suptitle() == "Three"


def test_preparation_marks_the_middle_of_the_last_step():
    steps = {"pad": np.ones((280, 280)), "box": np.ones((90, 30)), "centred": np.ones((28, 28))}
    figure = lesson6.preparation(steps, "From pad to network")
    assert [len(ax.lines) for ax in figure.axes] == [0, 0, 2]
    assert figure.axes[1].get_title() == "box\n90 × 30"


def test_bending_draws_an_arrow_to_where_each_place_is_read():
    rng = np.random.default_rng(3)
    down, right = rng.normal(0, 1.4, (2, 28, 28))
    bent = rng.random((28, 28))
    pairs = {"rough": ((down, right), bent), "still": (np.zeros((2, 28, 28)), bent)}
    figure = lesson6.bending(rng.random(784), pairs)
    arrows, new = figure.axes[:2]
    (quiver,) = arrows.collections
    np.testing.assert_allclose(quiver.U, right[::3, ::3].ravel())
    np.testing.assert_allclose(quiver.V, down[::3, ::3].ravel())
    assert (quiver.angles, quiver.scale) == ("xy", 1)  # as long and as steep as the move itself
    assert arrows.yaxis_inverted()  # down is down
    np.testing.assert_allclose(new.images[0].get_array(), bent)
    assert arrows.get_title() == "rough" and len(figure.axes) == 4
    drawn(figure)
