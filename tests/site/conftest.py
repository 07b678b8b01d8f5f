"""The web edition for its tests; they run when asked for: pytest tests/site (norecursedirs)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import make_site
import pytest
from browser_tools import headless_chromium
from site_tools import PYODIDE, WIDE, Reader, served


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium, for all tests."""
    with headless_chromium() as started:
        yield started


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make site` makes; without Pyodide's files it holds the book alone."""
    target = tmp_path_factory.mktemp("web") / "site"
    missing = make_site.build(target, str(PYODIDE))
    assert bool(missing) == (not PYODIDE.is_dir()), missing
    return target


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the folder is served, on this machine."""
    with served(site) as at:
        yield at


@pytest.fixture(scope="module")
def shared_reader(browser: Any, address: str) -> Iterator[Reader]:
    """One page of the browser for all tests of a file."""
    made = Reader(browser, address)
    yield made
    made.page.close()


@pytest.fixture
def reader(shared_reader: Reader) -> Iterator[Reader]:
    """A page of the browser in which nothing went wrong, also not by the end of the test."""
    shared_reader.page.set_viewport_size(WIDE)
    shared_reader.page.emulate_media(color_scheme="light")
    yield shared_reader
    wrong, shared_reader.wrong = shared_reader.wrong, []
    assert wrong == []
