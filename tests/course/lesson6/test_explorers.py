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
    booth.go(-5)
    assert booth.at == 0 and booth.previous.disabled
    assert booth.buttons["mistake"].button_style == "info"


def test_without_a_digit_there_is_nothing_to_vote_on():
    booth = lesson6.vote_booth(*wrong_digits(0))
    booth.vote("unclear")
    assert booth.votes == {} and booth.buttons["unclear"].disabled


def test_a_booth_refuses_what_it_does_not_know():
    images, labels, p = wrong_digits(3)
    with pytest.raises(ValueError, match="no verdict; choose from mistake, unclear, wrong label"):
        lesson6.vote_booth(images, labels, p).vote("right")
    with pytest.raises(ValueError, match="one label"):
        lesson6.vote_booth(images, labels[:2], p)
