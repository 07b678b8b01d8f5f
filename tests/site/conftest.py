"""The web edition for its tests; they run when asked for: pytest tests/site (norecursedirs)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import make_site
import pytest
from browser_tools import browser as browser  # a fixture
from site_tools import PYODIDE, served


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make site` makes; without Pyodide's files it holds the book alone."""
    target = tmp_path_factory.mktemp("web") / "site"
    missing = make_site.build(target, str(PYODIDE))
    assert bool(missing) == (not PYODIDE.is_dir()), missing
    return target


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the folder is served, on this machine, as any file host would."""
    with served(site) as address:
        yield address
