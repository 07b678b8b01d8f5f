"""Tests of course.pace: lessons train less in a web browser, and only there."""

import pytest

from nnlesson.course import pace


def test_on_this_computer_nothing_is_smaller():
    assert not pace.IN_BROWSER
    assert [pace.smaller(n) for n in (1, 60, 100)] == [1, 60, 100]


@pytest.mark.parametrize(("n", "less"), [(100, 25), (256, 64), (300, 75), (10, 3), (1, 1)])
def test_in_a_browser_a_quarter_is_left(monkeypatch, n, less):
    monkeypatch.setattr(pace, "IN_BROWSER", True)
    assert pace.smaller(n) == less
    assert pace.smaller(10, 2) == 5
