"""Each article trains as a program, its weights come back, and its misread digits are drawn."""

import re
import subprocess
import sys
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from nnlesson.course import programs
from nnlesson.course.programs import ARTICLES, main
from nnlesson.weights import read_note, save_weights

SHORT = ["--data", "digits", "--epochs", "1", "--hidden", "3"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def trained(capsys, *arguments):
    """The lines printed by one training on the bundled digits."""
    assert main(["train", "--data", "digits", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("number", "size", "epochs"),
    [(0, "20", 3), (1, "30", 3), (2, "4", 1), (3, "30", 3), (4, "10", 2)],
)
def test_every_article_trains_prints_its_epochs_and_saves(number, size, epochs, capsys, tmp_path):
    options = ["--article", str(number), "--hidden", size, "--epochs", str(epochs)]
    lines = trained(capsys, *options)
    records = [line for line in lines if line.startswith("epoch")]
    assert len(records) == epochs
    costs = [float(re.search(r"cost ([\d.]+)", line)[1]) for line in records]
    assert costs[-1] <= costs[0]
    assert re.match(r"test: \d+\.\d\d% of [\d,]+ are right", lines[-2])
    sizes, note = read_note(tmp_path / f"article-{number}.npz")
    assert note == f"article {number}"
    assert sizes == [ARTICLES[number].sizes[0], int(size), ARTICLES[number].sizes[-1]]


def test_article_1_learns_the_bundled_digits(capsys):
    lines = trained(capsys, "--article", "1", "--epochs", "40")
    assert float(re.search(r"test: ([\d.]+)%", lines[-2])[1]) > 85


def test_a_seed_gives_the_same_run_and_another_seed_another(capsys):
    def run(seed):
        lines = trained(capsys, "--epochs", "1", "--seed", seed)
        return [re.sub(r", [\d.]+ s$", "", line) for line in lines]

    assert run("1") == run("1") != run("2")


def test_the_gallery_draws_misread_digits_with_their_label_and_the_answer(
    capsys, tmp_path, monkeypatch
):
    grid = Mock(wraps=programs.digit_grid)
    monkeypatch.setattr(programs, "digit_grid", grid)
    trained(capsys, "--epochs", "1", "--save", "mine.npz")
    for n, options in ((25, []), (10, ["--number", "10"])):
        assert main(["gallery", "mine.npz", "--data", "digits", *options]) == 0
        said = capsys.readouterr().out
        assert int(re.search(r"(\d+) of 359 test digits are misread", said)[1]) >= n
        assert f"{n} of them are in gallery.png" in said
        titles = grid.call_args[0][1]
        pairs = [re.fullmatch(r"t: (\d)  p: (\d)", title).groups() for title in titles]
        assert len(pairs) == n and all(t != p for t, p in pairs)
    assert np.asarray(Image.open(tmp_path / "gallery.png").convert("L")).min() < 100
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gallery.png", "mine.npz"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gallery", "nothing.npz"], "there is no weights file"),
        (["gallery", "other.npz"], "was not saved by `python -m nnlesson train`"),
        (["train", "--article", "2", "--hidden", "4", "4"], "one hidden layer"),
        (["train", *SHORT, "--article", "3", "--learning-rate", "1e9"], "diverged"),
        (["train", *SHORT, "--save", "no/folder/w.npz"], "could not be saved"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_one_sentence(arguments, sentence, capsys):
    save_weights(ARTICLES[1].network([5], np.random.default_rng(0)), "other.npz")
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_the_package_is_a_program():
    said = subprocess.check_output([sys.executable, "-m", "nnlesson", "--help"], encoding="utf-8")
    assert all(verb in said for verb in ("train", "gallery", "data"))
