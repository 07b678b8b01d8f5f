"""The votes of lesson 6 without a browser."""

import numpy as np
import pytest

from nnlesson.course.lesson6 import explorers as lesson6


def wrong_digits(n):
    rng = np.random.default_rng(1)
    return rng.random((n, 784)), np.arange(n) % 10, rng.dirichlet(np.full(10, 0.3), n)


def test_votes_are_counted_and_can_be_changed():
    booth = lesson6.vote_booth(*wrong_digits(3))
    pictures = {booth.image.value}
    for verdict in ("mistake", "unclear", "mistake"):
        booth.buttons[verdict].click()
        pictures.add(booth.image.value)
    assert len(pictures) == 4 and booth.at == 2 and booth.next.disabled
    title = booth.figure().get_suptitle()
    assert title.startswith("All 3 judged: mistake 2, unclear 1, wrong label 0. This one: label 2")
    booth.previous.click()
    booth.buttons["wrong label"].click()
    assert booth.votes == {0: "mistake", 1: "wrong label", 2: "mistake"}
    for _ in range(5):
        booth.previous.click()
    assert booth.at == 0 and booth.previous.disabled
    assert booth.buttons["mistake"].button_style == "info"


@pytest.mark.parametrize("n", [0, 1, 4])
def test_a_booth_with_few_digits_or_none(n):
    booth = lesson6.vote_booth(*wrong_digits(n))
    for _ in range(n + 2):
        booth.vote("unclear")
    assert booth.counts == {"mistake": 0, "unclear": n, "wrong label": 0}
    assert booth.buttons["unclear"].disabled == (n == 0)


def test_a_booth_refuses_what_it_does_not_know():
    images, labels, p = wrong_digits(3)
    with pytest.raises(ValueError, match="no verdict; choose from mistake, unclear, wrong label"):
        lesson6.vote_booth(images, labels, p).vote("right")
    with pytest.raises(ValueError, match="one label"):
        lesson6.vote_booth(images, labels[:2], p)
