"""What holds for the tests of this folder: widgets draw small pictures, and so draw fast."""

from functools import partial

import pytest


@pytest.fixture(autouse=True)
def small_pictures(request, monkeypatch):
    """Widgets draw with a quarter of the pixels per inch: the tests move hundreds of controls."""
    if request.module.__name__.startswith("test_widgets_"):
        from nnlesson.figures.common import to_png
        from nnlesson.widgets import common

        monkeypatch.setattr(common, "to_png", partial(to_png, dpi=38))
