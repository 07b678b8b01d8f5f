"""The browser tests run only when asked for: pytest -m browser tests/browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_tools import FLAGS, NOTEBOOKS, Lab, Server, chromium_path, jupyterlab


def pytest_configure(config: pytest.Config) -> None:
    """Say what the mark means."""
    config.addinivalue_line("markers", "browser: opens JupyterLab in a headless Chromium (slow)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and leave them out unless -m names the mark."""
    here = [item for item in items if Path(item.path).is_relative_to(Path(__file__).parent)]
    for item in here:
        item.add_marker(pytest.mark.browser)
    if "browser" not in config.option.markexpr:
        config.hook.pytest_deselected(items=here)
        items[:] = [item for item in items if item not in here]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A JupyterLab with a copy of every lesson."""
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab"), NOTEBOOKS) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium; the run fails with a sentence where there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        try:
            path = chromium_path(playwright.chromium.executable_path)
        except FileNotFoundError as error:
            pytest.exit(str(error), returncode=3)
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def lab(browser: Any, server: Server) -> Iterator[Lab]:
    """A fresh page of JupyterLab; `lab.open_notebook(name)` comes next."""
    made = Lab(browser, server)
    yield made
    made.close()


@pytest.fixture
def lesson(lab: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """The lesson that the test's module calls NAME, run to its end; healthy after the test too."""
    lab.open_notebook(request.module.NAME)
    lab.run_all()
    yield lab
    lab.assert_healthy()


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the lessons go: the folder NNLESSON_SCREENSHOTS, or a temporary one."""
    named = os.environ.get("NNLESSON_SCREENSHOTS")
    return Path(named) if named else tmp_path_factory.mktemp("screenshots")
