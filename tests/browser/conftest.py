"""The browser tests run only when asked for: pytest tests/browser (norecursedirs)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_tools import NOTEBOOKS, Lab, Server, headless_chromium, jupyterlab
from live_tools import LiveFigure


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`lesson` is the one whose number is in the name of the test's file, or else every one."""
    if "lesson" in metafunc.fixturenames:
        number = re.sub(r"\D", "", metafunc.module.__name__)
        chosen = [path for path in NOTEBOOKS if path.name.startswith(f"0{number}")]
        ids = [path.stem for path in chosen]
        metafunc.parametrize("opened", chosen, indirect=True, scope="session", ids=ids)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A JupyterLab with a copy of every lesson."""
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab"), NOTEBOOKS) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium, for all tests."""
    with headless_chromium() as started:
        yield started


@pytest.fixture
def lab(browser: Any, server: Server) -> Iterator[Lab]:
    """A fresh page of JupyterLab; `lab.open_notebook(name)` comes next."""
    made = Lab(browser, server)
    yield made
    made.close()


@pytest.fixture(scope="session")
def opened(browser: Any, server: Server, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A lesson, run to its end: once for all tests that ask for it."""
    made = Lab(browser, server)
    made.open_notebook(request.param.name)
    made.run_all()
    yield made
    made.close()


@pytest.fixture
def lesson(opened: Lab) -> Iterator[Lab]:
    """A lesson that has been run, as the test before left it; healthy after the test too."""
    yield opened
    assert opened.faults() == []


@pytest.fixture(scope="module")
def page(browser: Any, server: Server, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A notebook with the SETUP of the test's file and its CELLS {variable: figure}, run."""
    made, module = Lab(browser, server), request.module
    cells = [f"{name} = {source}; {name}" for name, source in module.CELLS.items()]
    name = f"{module.__name__}.ipynb"
    made.open_notebook(server.add_notebook(name, [module.SETUP, *cells]))
    made.run_all()
    yield made
    assert made.faults() == []
    made.close()


@pytest.fixture
def figure(page: Lab) -> Callable[[str], LiveFigure]:
    """Makes the live figure of a cell of CELLS, by the name of its variable."""
    return lambda name: LiveFigure(page, page.cell(f"{name} = "))


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the lessons go: the folder NNLESSON_SCREENSHOTS, or a temporary one."""
    named = os.environ.get("NNLESSON_SCREENSHOTS")
    return Path(named) if named else tmp_path_factory.mktemp("screenshots")
