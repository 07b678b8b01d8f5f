"""Weights come back exactly; a file that does not fit is refused and changes nothing."""

import copy
import os
import pickle
import tempfile
import tracemalloc
import zipfile
from contextlib import suppress
from unittest.mock import patch

import numpy as np
import pytest
from strategies import FLOATS, rng

from nnlesson.course import programs
from nnlesson.layers import ReLU
from nnlesson.losses import SoftmaxCrossEntropy
from nnlesson.network import mlp
from nnlesson.weights import FORMAT, VERSION, load_weights, read_note, save_weights


@pytest.fixture
def path(tmp_path):
    return tmp_path / "w.npz"


def network(seed=0, sizes=(6, 4, 3), dtype=np.float32):
    return mlp(sizes, ReLU, SoftmaxCrossEntropy(), rng=rng(seed), dtype=dtype)


def loaded(path):
    """The parameters of another network, once it has loaded the file."""
    net = network(9)
    load_weights(net, path)
    return net.params


@pytest.mark.parametrize("saved", FLOATS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_weights_come_back_exactly_in_place_and_in_the_networks_precision(path, dtype, saved):
    sizes = (6, 5, 4, 3)
    first, second = network(0, sizes, saved), network(1, sizes, dtype)
    arrays = dict(second.params)
    save_weights(first, path)
    load_weights(second, path)
    for name, p in second.params.items():
        np.testing.assert_array_equal(p, first.params[name].astype(dtype), strict=True)
        assert p is arrays[name]


def test_a_text_path_is_kept_as_it_is_and_nothing_else_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    for seed in (0, 1):  # and again, over the old one
        save_weights(network(seed), str(tmp_path / "plain"))
    assert [path.name for path in tmp_path.iterdir()] == ["plain"]
    np.testing.assert_equal(loaded(str(tmp_path / "plain")), network(1).params)
    (tmp_path / "usual").write_text("", encoding="utf-8")  # others may read the one as the other
    assert (tmp_path / "plain").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_failed_save_leaves_the_old_file_alone(path):
    save_weights(network(0), path)
    broken = network(1)
    broken.params["b1"][1] = np.nan
    with pytest.raises(ValueError, match=r"b1 holds nan at \(1,\).*nothing was saved"):
        save_weights(broken, path)
    with patch.object(os, "replace", side_effect=OSError(28, "No space left on device")):
        with pytest.raises(OSError, match="could not be saved in .*No space left"):
            save_weights(network(1), path)
    assert list(path.parent.iterdir()) == [path]
    np.testing.assert_equal(loaded(path), network(0).params)


def test_a_folder_or_a_file_that_is_not_there_is_one_sentence(path):
    with pytest.raises(OSError, match="could not be saved in"):
        save_weights(network(), path.parent / "nowhere" / "w.npz")
    with pytest.raises(FileNotFoundError, match="there is no weights file"):
        load_weights(network(), path)


def refused(path, words):
    """The file is refused with these words, and the network stays as it was."""
    net = network(5)
    with pytest.raises(ValueError, match=words):
        load_weights(net, path)
    np.testing.assert_equal(net.params, network(5).params)


def good(**changes):
    """What a good file holds, with changes; None leaves a name out."""
    content = {"format": FORMAT, "version": VERSION, **network(0).params, **changes}
    return {name: value for name, value in content.items() if value is not None}


@pytest.mark.parametrize(
    "content, words",
    [
        (good(format="other"), "save_weights did not make it"),
        (good(version=None), "save_weights did not make it"),
        (good(version=VERSION + 1), "version 2 of the format"),
        (good(version=[1, 1]), "version"),
        (good(b2=None), "holds W1, b1, W2, but the network has W1, b1, W2, b2"),
        (good(W3=np.zeros((3, 3)), b3=np.zeros(3)), "as many layers"),
        (good(W1=np.zeros((4, 6))), r"W1 has shape \(4, 6\), but the network needs \(6, 4\)"),
        (good(b1=np.zeros((1, 4))), r"b1 has shape \(1, 4\)"),
        (good(b1=np.zeros(4, int)), "b1 must hold floats"),
        (good(b2=np.array([0, 1e300, 0])), "b2 holds inf"),
        (good(b2=np.array([None] * 3)), "allow_pickle"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(path, content, words):
    np.savez(path, **content)
    refused(path, words)


@pytest.mark.parametrize("content", [b"", b"hello", pickle.dumps({"W1": 1}), np.zeros(3)])
def test_files_of_another_kind_are_refused(path, content):
    with open(path, "wb") as file:
        np.save(file, content) if isinstance(content, np.ndarray) else file.write(content)
    refused(path, "is not a weights file, or it is damaged")


def packed(path, compression, **changes):
    """A good file, packed by a zip program."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, value in good(**changes).items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, value)
    return path.read_bytes()


PACKINGS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@pytest.mark.parametrize("method", PACKINGS)
def test_damage_is_noticed_and_is_the_same_error_however_the_file_is_packed(path, method):
    whole = packed(path, method)
    for end in range(0, len(whole), 97):
        path.write_bytes(whole[:end])
        refused(path, "damaged")
    # The list of members at the end says how each is packed, and whether it is encrypted.
    entry = whole.index(b"PK\1\2")
    for at in (*range(40, entry, 31), *range(entry, entry + 46)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with suppress(ValueError):  # and no other error
            np.testing.assert_equal(loaded(path), network(0).params)


def test_a_file_without_memory_for_it_is_refused(path):
    save_weights(network(), path)
    with patch.object(np, "load", side_effect=MemoryError):
        refused(path, "damaged .MemoryError")


def many_names(path):
    """One member of a megabyte under a hundred names."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("W1.npy", bytes(1 << 20))
        for n in range(100):
            archive.filelist.append(copy.copy(archive.filelist[0]))
            archive.filelist[-1].filename = f"W{n + 2}.npy"


BIG = np.zeros((1 << 18, 20))  # 40 MB


@pytest.mark.parametrize(
    "make, read",
    [
        (lambda path: np.savez(path, **good(W1=BIG)), loaded),  # as large as it says
        (lambda path: packed(path, zipfile.ZIP_DEFLATED, W1=BIG), read_note),  # a bomb
        (many_names, read_note),
    ],
)
def test_a_file_takes_no_more_memory_than_the_network_can_use(path, make, read):
    make(path)
    tracemalloc.start()
    with pytest.raises(ValueError, match="it claims [0-9,]+ bytes of arrays; "):
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 << 20


NOT_PLAIN = {
    "a link": lambda path: path.symlink_to("mine"),
    "a lost link": lambda path: path.symlink_to("nothing"),
    "a pipe": lambda path: os.mkfifo(path),
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.skipif(os.name == "nt", reason="links and devices are others there")
@pytest.mark.parametrize("kind", NOT_PLAIN)
def test_only_a_plain_file_is_replaced(tmp_path, kind):
    mine, target = tmp_path / "mine", tmp_path / kind
    mine.write_text("mine", encoding="utf-8")
    NOT_PLAIN[kind](target)
    before = os.lstat(target)
    for write in (lambda: save_weights(network(), target), lambda: programs.write(target, b"x")):
        with pytest.raises(OSError, match="not a plain file"):
            write()
    assert os.lstat(target) == before and mine.read_text(encoding="utf-8") == "mine"
    assert set(tmp_path.iterdir()) == {target, mine}
