"""Tests of tools/build_lite.py: what is not the release's is refused, and an old folder stays."""

import hashlib
import json
import re

import build_lite
import pooch
import pytest
from site_tools import served


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A folder with a tiny release: every name that is asked for, verified as the real one is."""
    folder = tmp_path / "release"
    folder.mkdir()

    def digest(name, text):
        (folder / name).write_text(text, encoding="utf-8")
        return hashlib.sha256(text.encode()).hexdigest()

    packages = {
        name: {"file_name": f"{name}.whl", "sha256": digest(f"{name}.whl", name), "depends": []}
        for name in (*build_lite.COMPILED, "pyparsing", "scipy")
    }
    packages["matplotlib"]["depends"] = ["pyparsing"]
    texts = dict.fromkeys(build_lite.SHA256, "x")
    texts["pyodide-lock.json"] = json.dumps({"packages": packages})
    monkeypatch.setattr(build_lite, "SHA256", {name: digest(name, texts[name]) for name in texts})
    return folder


def test_only_what_the_lessons_need_is_copied(release, tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    lock = build_lite.copy_release(str(release), target)
    needed = {*build_lite.COMPILED, "pyparsing"}
    assert set(lock["packages"]) == needed
    files = {path.name for path in target.iterdir()}
    assert files == {*build_lite.SHA256, *(f"{name}.whl" for name in needed)}


@pytest.mark.parametrize("name", ["pyodide-lock.json", "pyodide.asm.wasm", "numpy.whl"])
def test_what_is_not_of_the_release_is_refused_and_the_old_folder_stays(release, tmp_path, name):
    old = tmp_path / "site" / "lite" / "index.html"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")
    (release / name).write_text("changed", encoding="utf-8")
    with pytest.raises(build_lite.NotBuilt, match=f"{name} is not the file of Pyodide"):
        build_lite.build(old.parent, str(release))
    (release / name).unlink()
    with pytest.raises(build_lite.NotBuilt, match=f"{name} is not there"):
        build_lite.build(old.parent, str(release))
    with pytest.raises(build_lite.NotBuilt, match="there is no folder nowhere"):
        build_lite.build(old.parent, "nowhere")
    assert list((tmp_path / "site").rglob("*")) == [old.parent, old]


def test_a_release_is_fetched_once_and_verified(release, tmp_path, monkeypatch):
    monkeypatch.setattr(pooch, "os_cache", lambda _: tmp_path / "cache")
    with served(release) as address:
        build_lite.copy_release(address, tmp_path)
        with pytest.raises(build_lite.NotBuilt, match=r"scipy\.whl could not be fetched"):
            build_lite.fetched(f"{address}/", "scipy.whl", "0" * 64)
    build_lite.copy_release(address, tmp_path)  # nothing is served any more


def test_an_import_looks_into_the_readers_folder_last_or_nothing_is_built(tmp_path):
    start = tmp_path / "pyodide.js"
    start.write_text('a();sys.path.insert(0,"");b()', encoding="utf-8")
    build_lite.own_folder_last(start)
    assert start.read_text(encoding="utf-8") == 'a();sys.path.append("");b()'
    with pytest.raises(build_lite.NotBuilt, match=r"pyodide\.js has not the one"):
        build_lite.own_folder_last(start)


def test_each_pure_wheel_is_pinned_with_its_hashes():
    for name in build_lite.PURE:
        pinned = rf"{name}==\S+.*( \\\n    --hash=sha256:[0-9a-f]{{64}})+"
        assert re.fullmatch(pinned, build_lite.pinned(name))
    with pytest.raises(build_lite.NotBuilt, match="does not hold nothing-such"):
        build_lite.pinned("nothing-such")
