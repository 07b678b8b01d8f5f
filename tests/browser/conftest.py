"""The browser tests run only when asked for: pytest tests/browser (norecursedirs)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_tools import NOTEBOOKS, Lab, jupyterlab
from browser_tools import browser as browser  # a fixture


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`lesson` is the one whose number is in the name of the test's file, or else every one."""
    if "lesson" in metafunc.fixturenames:
        number = re.sub(r"\D", "", metafunc.module.__name__)
        chosen = [path for path in NOTEBOOKS if path.name.startswith(f"0{number}")]
        ids = [path.stem for path in chosen]
        metafunc.parametrize("opened", chosen, indirect=True, scope="session", ids=ids)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a JupyterLab with a copy of every lesson is."""
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as running:
        yield running


@pytest.fixture(scope="session")
def opened(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A lesson, run to its end: once for all tests that ask for it."""
    made = Lab(browser, address)
    made.open_notebook(request.param.name)
    made.run_all()
    yield made
    made.close()


@pytest.fixture
def lesson(opened: Lab) -> Iterator[Lab]:
    """A lesson that has been run, as the test before left it; healthy after the test too."""
    yield opened
    assert opened.faults() == []


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the figures go: the folder NNLESSON_SCREENSHOTS, or a temporary one."""
    named = os.environ.get("NNLESSON_SCREENSHOTS")
    return Path(named) if named else tmp_path_factory.mktemp("screenshots")
