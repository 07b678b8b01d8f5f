"""The pictures of lesson 6 with many errors, with few, and with none at all."""

import numpy as np
import pytest
from figure_parts import drawn, heights, lines, notes, title, widths
from matplotlib.colors import to_hex

from nnlesson.course.lesson6 import figures as lesson6
from nnlesson.course.style import GREEN, RED

TWO_WRONG = "Wrong of 1: 0.0%, of 0: 20.0%: whiskers"


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("n_wrong", [0, 1, 7, 25, 26])
def test_gallery_shows_up_to_25_wrong_digits_in_the_order_given(n_wrong, second):
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.full(10, 0.4), n_wrong + 5)
    guesses, seconds = np.argsort(-p, axis=1)[:, :2].T
    images, labels, wrong = rng.random((len(p), 784)), guesses[::-1], np.arange(n_wrong)[::-1]
    figure = drawn(lesson6.gallery(images, labels, p, wrong, "A gallery", second=second))
    sure = [f"\n{p[i].max():.1%}, then {seconds[i]}" if second else "" for i in wrong]
    said = [f"t: {labels[i]}  p: {guesses[i]}{more}" for i, more in zip(wrong, sure, strict=True)]
    assert title(figure.axes[0]) == "A gallery"
    assert notes(figure.axes[0]) == (said[:25] or ["No wrong digit: every answer here is right."])


CONFUSIONS = {
    "5 errors; the commonest: 2 taken for 0, 4 times": [[5, 1, 0], [0, 6, 0], [4, 0, 7]],
    "1 error; the commonest: 0 taken for 1, once": [[3, 1], [0, 4]],
    "2 errors; among the commonest: 0 taken for 1, once": [[3, 1], [1, 4]],
    "No confusion: every answer is right": [[3, 0], [0, 4]],
}


@pytest.mark.parametrize("said", CONFUSIONS)
def test_confusion_writes_every_count_and_names_the_commonest(said):
    counts = np.array(CONFUSIONS[said])
    (ax,) = lesson6.confusion(counts).axes
    assert (title(ax), ax.get_xlabel(), ax.get_ylabel()) == (said, "predicted digit", "true digit")
    written = {text.get_position()[::-1]: text.get_text() for text in ax.texts}
    assert written == {place: f"{n}" for place, n in np.ndenumerate(CONFUSIONS[said]) if n}
    np.testing.assert_array_equal(ax.images[0].get_array(), counts - np.diag(np.diag(counts)))


@pytest.mark.parametrize(
    "counts, shares, said",
    [
        # The third digit does not occur.
        ([[8, 2, 0], [0, 10, 0], [0, 0, 0]], [0.2, 0], f"{TWO_WRONG} overlap"),
        ([[800, 200], [0, 1000]], [0.2, 0], f"{TWO_WRONG} apart"),
        ([[3, 0], [0, 3]], [0, 0], "No digit is read wrong"),
        ([[0, 0], [0, 0]], [], "No digit is read wrong"),
    ],
)
def test_error_per_digit_is_the_share_of_each_row(counts, shares, said):
    (ax,) = drawn(lesson6.error_per_digit(np.array(counts))).axes
    assert (heights(ax), title(ax)) == (pytest.approx(shares), said)


def test_luck_is_wilsons_interval():
    k, n = np.array([0.0, 3.0, 500.0]), np.array([3.0, 3.0, 1000.0])
    below, above = lesson6.luck(k, n)
    # The truths q that lie just two of their own standard errors from the share.
    for off, q in ((below, k / n - below), (above, k / n + above)):
        np.testing.assert_allclose(off, 2 * np.sqrt(q * (1 - q) / n), atol=1e-7)
    assert above[0] > 0.5 and below[1] > 0.5 and min(*below, *above) == 0


def test_reliability_draws_only_groups_that_hold_answers():
    bins = np.array([[np.nan, 0.4, 0.9], [np.nan, 0.25, 1.0], [0, 4, 50]])
    top, low = drawn(lesson6.reliability({"a": bins, "b": bins}, "The finding")).axes
    for points, _, (bars,) in top.containers:
        np.testing.assert_allclose(points.get_xydata(), [[0.4, 0.25], [0.9, 1.0]])
        ends = np.array(bars.get_segments())[..., 1]
        assert ends.shape == (2, 2) and ends.min() >= 0 and ends.max() <= 1
    assert title(top) == "The finding" and heights(low) == [4, 50, 4, 50]


@pytest.mark.parametrize("true, color", [(3, GREEN), (5, RED)])
def test_vote_card_counts_and_has_its_largest_output_green_when_right_else_red(true, color):
    values = np.eye(10)[3] * 0.8 + 0.02
    image = np.linspace(0, 1, 784)[None]  # as it comes: one row
    votes = {"mistake": 7, "unclear": 0, "wrong label": 2}
    left, middle, right = lesson6.vote_card(image, true, values, votes, "Three").axes
    np.testing.assert_array_equal(left.images[0].get_array(), image.reshape(28, 28))
    assert heights(middle) == pytest.approx(values)
    assert to_hex(middle.patches[3].get_facecolor()) == to_hex(color)
    assert widths(right) == [7, 0, 2] and notes(right) == [" 7", " 0", " 2"]


def test_under_change_has_a_line_for_each_network_and_chance():
    shares = {"a": [1, 0.5, 0.2], "b": [1, 1, 1]}
    (ax,) = lesson6.under_change(range(3), shares, "moved by", "Found").axes
    shown = {name: points[:, 1].tolist() for name, points in lines(ax).items()}
    assert shown == shares | {"chance": [0.1, 0.1]}
    assert (title(ax), ax.get_xlabel()) == ("Found", "moved by")


def test_preparation_marks_the_middle_of_the_last_step():
    steps = {"pad": np.ones((280, 280)), "box": np.ones((90, 30)), "centred": np.ones((28, 28))}
    axes = lesson6.preparation(steps, "From pad to network").axes
    assert [len(ax.lines) for ax in axes] == [0, 0, 2] and title(axes[1]) == "box\n90 × 30"


def test_bending_draws_an_arrow_to_where_each_place_is_read():
    rng = np.random.default_rng(3)
    move, bent = rng.normal(0, 1.4, (2, 28, 28)), rng.random((28, 28))
    both = {"rough": (move, bent), "still": (0 * move, bent)}
    arrows, new, *others = drawn(lesson6.bending(rng.random(784), both)).axes
    (quiver,) = arrows.collections
    np.testing.assert_allclose([quiver.V, quiver.U], move[:, ::3, ::3].reshape(2, -1))
    # as long and as steep as the move itself, and down is down
    assert (quiver.angles, quiver.scale, arrows.yaxis_inverted()) == ("xy", 1, True)
    np.testing.assert_allclose(new.images[0].get_array(), bent)
    assert title(arrows) == "rough" and len(others) == 2
