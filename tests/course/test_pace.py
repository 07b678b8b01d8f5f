"""Tests of course.pace: lessons train less in a web browser, and only there."""

from nnlesson.course import pace


def test_trials_are_smaller_in_a_browser_only(monkeypatch):
    assert pace.smaller(100, 25) == 100
    monkeypatch.setattr(pace, "IN_BROWSER", True)
    assert pace.smaller(100, 25) == 25
