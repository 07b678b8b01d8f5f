"""What holds for the tests of this folder: widgets draw small pictures, and so draw fast."""

from functools import partial

import pytest


@pytest.fixture(autouse=True)
def small_pictures(request, monkeypatch):
    """Widgets draw with a quarter of the pixels per inch: the tests move hundreds of controls."""
    if request.path.stem in ("test_controls", "test_explorers"):
        from nnlesson.course import controls
        from nnlesson.course.style import to_png

        monkeypatch.setattr(controls, "to_png", partial(to_png, dpi=38))
