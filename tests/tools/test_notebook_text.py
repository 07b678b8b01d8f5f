"""`git diff` shows a notebook as text: what changed for a reader, and no bytes of pictures."""

import shutil
import subprocess
import sys

import course_rules
import notebook_text
import pytest
import setup_env
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")


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


@needs_git
def test_git_diff_shows_it_and_falls_back(tmp_path, monkeypatch):
    def git(*arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return done.stdout

    monkeypatch.setattr(setup_env, "ROOT", str(tmp_path))
    monkeypatch.setattr(setup_env, "IN_VENV", sys.executable)
    setup_env.show_notebooks_as_text()  # no clone: nothing is written
    assert list(tmp_path.iterdir()) == []
    git("init", "--quiet")
    (tmp_path / "tools").mkdir()
    shutil.copy(course_rules.ROOT / "tools" / "notebook_text.py", tmp_path / "tools")
    shutil.copy(course_rules.ROOT / ".gitattributes", tmp_path)
    path = tmp_path / "a lesson.ipynb"
    path.write_text(writes(new_notebook(cells=[new_markdown_cell("one")])), encoding="utf-8")
    git("add", ".")
    git("commit", "--quiet", "-m", "a")
    setup_env.show_notebooks_as_text()
    path.write_text(writes(new_notebook(cells=[new_markdown_cell("two")])), encoding="utf-8")
    lines = git("diff").splitlines()
    assert {"-one", "+two", " --- markdown"} <= set(lines)
    assert not any("cell_type" in line for line in lines)
    (tmp_path / "tools" / "notebook_text.py").unlink()  # an old commit, or no .venv
    assert "cell_type" in git("diff", "--", path.name)
