"""Every lesson opens in JupyterLab, runs to its end, and shows no error anywhere."""

import pytest
from browser_tools import NOTEBOOKS


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_lesson_runs_in_the_browser(lab, screenshots, notebook):
    lab.open_notebook(notebook.name)
    lab.run_all()
    pictures = lab.screenshots(notebook.stem, screenshots)
    assert pictures and all(path.stat().st_size > 10_000 for path in pictures)
    code = [cell for cell in lab.cells() if cell["cell_type"] == "code"]
    assert code and all(cell["execution_count"] for cell in code if "".join(cell["source"]).strip())
    lab.assert_healthy()
