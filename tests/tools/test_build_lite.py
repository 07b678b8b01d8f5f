"""Tests of tools/build_lite.py: what is not the release's is refused, and an old folder stays."""

import hashlib
import http.server
import json
import threading
from functools import partial

import build_lite
import pytest


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A folder with a tiny release: every name that is asked for, verified as the real one is."""
    folder = tmp_path / "release"
    folder.mkdir()
    packages = {}
    for name in (*build_lite.COMPILED, "pyparsing"):
        (folder / f"{name}.whl").write_text(name, encoding="utf-8")
        digest = hashlib.sha256(name.encode()).hexdigest()
        packages[name] = {"file_name": f"{name}.whl", "sha256": digest, "depends": []}
    packages["matplotlib"]["depends"] = ["pyparsing"]
    packages["scipy"] = {"file_name": "scipy.whl", "sha256": "0", "depends": []}
    for name in build_lite.SHA256:
        text = json.dumps({"packages": packages}) if name.endswith("lock.json") else name
        (folder / name).write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        monkeypatch.setitem(build_lite.SHA256, name, digest)
    return folder


def test_only_what_the_lessons_need_is_copied(release, tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    lock = build_lite.copy_release(str(release), target)
    assert set(lock["packages"]) == {*build_lite.COMPILED, "pyparsing"}
    files = {path.name for path in target.iterdir()}
    assert "scipy.whl" not in files and {"pyparsing.whl", "pyodide.js"} <= files


@pytest.mark.parametrize("name", ["pyodide-lock.json", "pyodide.asm.wasm", "numpy.whl"])
def test_a_changed_file_is_refused_and_the_old_folder_stays(release, tmp_path, name):
    (release / name).write_text("changed", encoding="utf-8")
    old = tmp_path / "site" / "lite"
    old.mkdir(parents=True)
    (old / "index.html").write_text("old", encoding="utf-8")
    with pytest.raises(build_lite.NotBuilt, match=rf"{name} is not the file of Pyodide"):
        build_lite.build(old, str(release))
    assert [path.name for path in old.parent.iterdir()] == ["lite"]
    assert (old / "index.html").read_text(encoding="utf-8") == "old"


def test_a_missing_file_or_folder_is_named(release, tmp_path):
    (release / "jedi.whl").unlink()
    with pytest.raises(build_lite.NotBuilt, match=r"jedi\.whl is not there"):
        build_lite.build(tmp_path / "lite", str(release))
    with pytest.raises(build_lite.NotBuilt, match="there is no folder nowhere"):
        build_lite.build(tmp_path / "lite", "nowhere")
    assert not (tmp_path / "lite").exists()


def test_a_release_is_fetched_once_and_verified(release, tmp_path, monkeypatch):
    pooch = pytest.importorskip("pooch")
    monkeypatch.setattr(pooch, "os_cache", lambda _: tmp_path / "cache")
    asked = []

    class Files(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            asked.append(self.path)

    serve = partial(Files, directory=str(release))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        for place in ("first", "second"):
            (tmp_path / place).mkdir()
            build_lite.copy_release(address, tmp_path / place)
        assert len(asked) == len(set(asked)) == len(list((tmp_path / "first").iterdir()))
        (release / "numpy.whl").write_text("changed", encoding="utf-8")
        next((tmp_path / "cache").rglob("numpy.whl")).unlink()
        (tmp_path / "third").mkdir()
        with pytest.raises(build_lite.NotBuilt, match=r"numpy\.whl could not be fetched"):
            build_lite.copy_release(address, tmp_path / "third")
        server.shutdown()


def test_an_import_looks_into_the_readers_folder_last_or_nothing_is_built(tmp_path):
    start = tmp_path / "pyodide.js"
    start.write_text('a();sys.path.insert(0,"");b()', encoding="utf-8")
    build_lite.own_folder_last(start)
    assert start.read_text(encoding="utf-8") == 'a();sys.path.append("");b()'
    with pytest.raises(build_lite.NotBuilt, match=r"pyodide\.js has not the one"):
        build_lite.own_folder_last(start)


def test_each_pure_wheel_is_pinned_with_its_hashes():
    for name in build_lite.PURE:
        text = build_lite.pinned(name)
        assert text.startswith(f"{name}==") and "--hash=sha256:" in text
        assert text.count("==") == 1 and not text.endswith("\\")
    with pytest.raises(build_lite.NotBuilt, match="does not hold nothing-such"):
        build_lite.pinned("nothing-such")
