"""`git diff` shows a notebook as text: what changed for a reader, and no bytes of pictures."""

import shutil
import subprocess
import sys

import course_rules
import nbformat
import notebook_text
import pytest
import setup_env
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


def test_a_reader_s_view_of_a_notebook():
    picture = '<div><img alt="A &amp; B" src="data:image/png;base64,iVBO"></div>'
    outputs = [
        new_output("stream", text="one\ntwo\n"),
        new_output("display_data", {"text/html": picture, "text/plain": "<HTML>"}),
        new_output("execute_result", {"text/plain": ["3", "4"]}),
        new_output("error", ename="ValueError", evalue="bad", traceback=[]),
    ]
    metadata = {"tags": ["check"], "jupyter": {"source_hidden": True}}
    cell = new_code_cell("f()\ng()", outputs=outputs, metadata=metadata)
    text = notebook_text.as_text(new_notebook(cells=[new_markdown_cell("# A"), cell]))
    assert text.splitlines() == [
        "--- markdown", "# A", "", "--- code check folded", "f()", "g()", "    | one", "    | two",
        "    | [picture: A & B]", "    | 34", "    | ValueError: bad",
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_git_diff_shows_it_and_falls_back(tmp_path, monkeypatch):
    def git(*arguments):
        return subprocess.check_output(["git", *arguments], cwd=tmp_path, encoding="utf-8")

    path = tmp_path / "a lesson.ipynb"
    monkeypatch.setattr(setup_env, "ROOT", str(tmp_path))
    monkeypatch.setattr(setup_env, "IN_VENV", sys.executable)
    setup_env.show_notebooks_as_text()  # no clone: nothing is written
    assert list(tmp_path.iterdir()) == []
    git("init", "--quiet")
    nbformat.write(new_notebook(cells=[new_markdown_cell("one")]), path)
    shutil.copy(course_rules.ROOT / ".gitattributes", tmp_path)
    git("add", ".")
    setup_env.show_notebooks_as_text()
    nbformat.write(new_notebook(cells=[new_markdown_cell("two")]), path)
    assert "cell_type" in git("diff")  # the tool is not there, as with an old commit
    (tmp_path / "tools").mkdir()
    shutil.copy(course_rules.ROOT / "tools" / "notebook_text.py", tmp_path / "tools")
    said = git("diff")
    assert {"-one", "+two", " --- markdown"} <= set(said.splitlines())
    assert "cell_type" not in said
