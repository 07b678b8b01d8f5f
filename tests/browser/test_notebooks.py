"""Every lesson opens in JupyterLab, runs to its end, and shows no error anywhere."""


def test_lesson_runs_in_the_browser(lesson, screenshots, request):
    pictures = lesson.screenshots(request.node.callspec.id, screenshots)
    assert pictures and all(path.stat().st_size > 10_000 for path in pictures)
    code = [cell for cell in lesson.cells() if cell["cell_type"] == "code"]
    assert code and all(cell["execution_count"] for cell in code if "".join(cell["source"]).strip())
