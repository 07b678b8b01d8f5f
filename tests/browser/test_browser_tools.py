"""The browser tools see what is right and what is wrong, on notebooks made for the purpose."""

import pytest
from browser_tools import HOW_TO_INSTALL, chromium_path


def test_what_is_wrong_is_seen(lab, server):
    cells = [
        "import ipywidgets; from IPython.display import HTML, display",
        "w = ipywidgets.IntSlider(description='n'); w.observe(lambda c: 1 / 0, 'value'); w",
        "display(HTML('<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">'))",
        "display({'application/vnd.jupyter.widget-view+json': {'model_id': 'none',"
        " 'version_major': 2, 'version_minor': 0}}, raw=True)",
        "raise RuntimeError('a fault')",
    ]
    lab.open_notebook(server.add_notebook("broken.ipynb", cells))
    lab.run_all()
    lab.page.evaluate("() => console.error('a console error')")
    lab.page.locator(".noUi-handle").focus()
    lab.press_key("ArrowRight")
    lab.page.wait_for_function("() => window.seen.errors.length > 1")
    assert set(lab.faults()) >= {
        "cell 4: RuntimeError: a fault",
        "reported by the kernel: RuntimeError: a fault",
        "reported by the kernel: ZeroDivisionError: division by zero",
        "a widget cannot be displayed",
        "a picture without alt text: data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "a console error ()",
    }


def test_a_missing_browser_is_said_in_a_sentence(monkeypatch):
    monkeypatch.delenv("NNLESSON_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match="Install it"):
        chromium_path("/nowhere/chrome")
    assert "NNLESSON_CHROMIUM" in HOW_TO_INSTALL
    monkeypatch.setenv("NNLESSON_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(FileNotFoundError, match="/nowhere/chromium"):
        chromium_path("/nowhere/chrome")
