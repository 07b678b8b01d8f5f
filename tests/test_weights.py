"""Weights come back exactly; a file that does not fit is refused and changes nothing."""

import copy
import os
import pickle
import tempfile
import tracemalloc
import zipfile

import numpy as np
import pytest
from strategies import assert_params

from nnlesson.course import programs
from nnlesson.layers import ReLU
from nnlesson.losses import SoftmaxCrossEntropy
from nnlesson.network import mlp
from nnlesson.weights import FORMAT, VERSION, load_weights, read_note, save_weights


def network(seed=0, sizes=(6, 4, 3), dtype=np.float32):
    rng = np.random.default_rng(seed)
    return mlp(sizes, ReLU, SoftmaxCrossEntropy(), rng=rng, dtype=dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", [(6, 3), (6, 4, 3), (6, 5, 4, 3)])
def test_weights_come_back_exactly_and_in_place(tmp_path, sizes, dtype):
    first, second = network(0, sizes, dtype), network(1, sizes, dtype)
    arrays = dict(second.params)
    save_weights(first, tmp_path / "weights.npz")
    load_weights(second, tmp_path / "weights.npz")
    assert_params(second, first.params)
    x = np.random.default_rng(2).normal(size=(5, 6)).astype(dtype)
    np.testing.assert_array_equal(first.predict(x), second.predict(x))
    for name, p in second.params.items():
        assert p is arrays[name] and p.dtype == dtype


def test_precision_stays_that_of_the_network(tmp_path):
    wide, narrow = network(0, dtype=np.float64), network(1)
    save_weights(wide, tmp_path / "weights.npz")
    load_weights(narrow, tmp_path / "weights.npz")
    assert narrow.params["W1"].dtype == np.float32
    np.testing.assert_allclose(narrow.params["W1"], wide.params["W1"], rtol=1e-6)


def test_a_text_path_is_kept_as_it_is_and_nothing_else_is_left(tmp_path):
    save_weights(network(), str(tmp_path / "plain"))
    save_weights(network(1), str(tmp_path / "plain"))  # and again, over the old one
    assert [path.name for path in tmp_path.iterdir()] == ["plain"]
    net = network()
    load_weights(net, str(tmp_path / "plain"))
    assert_params(net, network(1).params)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_others_may_read_the_file(tmp_path):
    save_weights(network(), tmp_path / "w.npz")
    (tmp_path / "usual").write_text("", encoding="utf-8")
    assert (tmp_path / "w.npz").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "w.npz"
    save_weights(network(0), path)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="could not be saved in .*No space left"):
        save_weights(network(1), path)
    assert [p.name for p in tmp_path.iterdir()] == ["w.npz"]
    net = network(2)
    load_weights(net, path)
    assert_params(net, network(0).params)


def test_a_save_writes_nowhere_but_beside_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    save_weights(network(), tmp_path / "w.npz")


def test_nan_weights_are_not_saved(tmp_path):
    net = network()
    net.params["b1"][1] = np.nan
    with pytest.raises(ValueError, match=r"b1 holds nan at \(1,\).*nothing was saved"):
        save_weights(net, tmp_path / "w.npz")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(OSError, match="could not be saved in"):
        save_weights(network(), tmp_path / "nowhere" / "w.npz")
    with pytest.raises(FileNotFoundError, match="there is no weights file"):
        load_weights(network(), tmp_path / "w.npz")


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
def test_a_file_that_does_not_fit_changes_nothing(tmp_path, content, words):
    np.savez(tmp_path / "w.npz", **content)
    refused(tmp_path / "w.npz", words)


def refused(path, words):
    net = network(5)
    with pytest.raises(ValueError, match=words):
        load_weights(net, path)
    assert_params(net, network(5).params)


def test_files_of_another_kind_are_refused(tmp_path):
    path = tmp_path / "w.npz"
    refused_as = "is not a weights file, or it is damaged"
    for content in (b"", b"hello", pickle.dumps({"W1": 1})):
        path.write_bytes(content)
        refused(path, refused_as)
    np.save(tmp_path / "array.npy", np.zeros(3))
    refused(tmp_path / "array.npy", refused_as)


def test_damage_is_noticed(tmp_path):
    path = tmp_path / "w.npz"
    save_weights(network(0), path)
    whole = path.read_bytes()
    for end in range(0, len(whole), 97):
        path.write_bytes(whole[:end])
        refused(path, "damaged|is not")
    at = whole.index(network(0).params["W1"].tobytes())
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    refused(path, "damaged")


def packed(path, compression, **changes):
    """A good file, packed by a zip program."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, value in good(**changes).items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, np.asarray(value))


UNKNOWN = 99  # a way to pack that zipfile does not know


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, UNKNOWN]
)
def test_damage_in_a_packed_file_is_the_same_error(tmp_path, method):
    path = tmp_path / "w.npz"
    packed(path, zipfile.ZIP_STORED if method == UNKNOWN else method)
    whole = path.read_bytes()
    if method == UNKNOWN:  # written into each entry of the list at the end, after ten bytes
        entry = whole[whole.index(b"PK\1\2") :][:10]
        whole = whole.replace(entry + bytes([0, 0]), entry + bytes([UNKNOWN, 0]))
        assert bytes([UNKNOWN, 0]) in whole
    for at in range(40, len(whole), 31):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            load_weights(network(5), path)
        except ValueError:
            pass  # and nothing else: this is what is tested


ENCRYPTED = 1  # bit 0 of the flags of a zip's member


def test_an_encrypted_file_is_refused(tmp_path):
    save_weights(network(), tmp_path / "w.npz")
    whole = bytearray((tmp_path / "w.npz").read_bytes())
    for start, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = whole.index(start)
        while at >= 0:
            whole[at + flags] |= ENCRYPTED
            at = whole.find(start, at + 1)
    (tmp_path / "w.npz").write_bytes(whole)
    refused(tmp_path / "w.npz", "damaged .*encrypted")


def test_a_file_without_memory_for_it_is_refused(tmp_path, monkeypatch):
    save_weights(network(), tmp_path / "w.npz")

    def full(*arguments, **options):
        raise MemoryError

    monkeypatch.setattr(np, "load", full)
    refused(tmp_path / "w.npz", "damaged .MemoryError")


def test_a_file_takes_no_more_memory_than_the_network_can_use(tmp_path):
    path = tmp_path / "w.npz"
    big = np.zeros((1 << 18, 20))
    packed(path, zipfile.ZIP_DEFLATED, W1=big)  # a bomb: 40 MB in a small file
    heavy = tmp_path / "heavy.npz"
    np.savez(heavy, **good(W1=big))  # as large as it says
    same = tmp_path / "same.npz"
    with zipfile.ZipFile(same, "w") as archive:
        archive.writestr("W1.npy", bytes(1 << 20))
        member = archive.infolist()[0]
        for n in range(100):  # one member under a hundred names
            twin = copy.copy(member)
            twin.filename = f"W{n + 2}.npy"
            archive.filelist.append(twin)
    for file, read in (
        (path, lambda p: load_weights(network(), p)),
        (heavy, lambda p: load_weights(network(), p)),
        (path, read_note),
        (same, read_note),
    ):
        tracemalloc.start()
        with pytest.raises(ValueError, match="it claims [0-9,]+ bytes of arrays; "):
            read(file)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10 << 20


@pytest.mark.skipif(os.name == "nt", reason="links and devices are others there")
@pytest.mark.parametrize("kind", ["a link", "a lost link", "a pipe", "a folder"])
def test_only_a_plain_file_is_replaced(tmp_path, kind):
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    target = tmp_path / kind
    if kind == "a pipe":
        os.mkfifo(target)
    elif kind == "a folder":
        target.mkdir()
    else:
        target.symlink_to(tmp_path / ("mine" if kind == "a link" else "nothing"))
    before = os.lstat(target)
    for write in (lambda: save_weights(network(), target), lambda: programs.write(target, b"x")):
        with pytest.raises(OSError, match="not a plain file"):
            write()
    assert os.lstat(target) == before
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({kind, "mine"})
