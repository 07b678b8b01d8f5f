"""What holds for the tests of this folder: no time limit for a property, and small pictures."""

from functools import partial

import pytest
from hypothesis import settings

# The first example of a property may take long on a busy machine. The same examples every time:
# what fails, fails for everybody.
settings.register_profile("course", deadline=None, max_examples=20, derandomize=True)
settings.load_profile("course")


@pytest.fixture(autouse=True)
def small_pictures(request, monkeypatch):
    """Widgets draw with a quarter of the pixels per inch: the tests move hundreds of controls."""
    if request.path.stem in ("test_controls", "test_explorers"):
        from nnlesson.course import controls
        from nnlesson.course.style import to_png

        monkeypatch.setattr(controls, "to_png", partial(to_png, dpi=38))
