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

TRAIN = ["train", "--data", "digits"]
SHORT = [*TRAIN, "--epochs", "1", "--hidden", "3"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("number", "size", "epochs", "least"),
    [(0, 20, 3, 0), (1, 30, 3, 0), (1, 100, 40, 85), (2, 4, 1, 0), (3, 30, 3, 0), (4, 10, 2, 0)],
)
def test_every_article_trains_prints_its_epochs_and_saves(number, size, epochs, least, capsys):
    options = ["--article", number, "--hidden", size, "--epochs", epochs]
    assert main([*TRAIN, *map(str, options)]) == 0
    printed = capsys.readouterr().out
    costs = [float(cost) for cost in re.findall(r"(?m)^epoch .*cost ([\d.]+)", printed)]
    assert len(costs) == epochs and costs[-1] <= costs[0]
    assert float(re.search(r"(?m)^test: (.*)% of [\d,]+ are right$", printed)[1]) > least
    sizes = ARTICLES[number].sizes
    assert read_note(f"article-{number}.npz") == ([sizes[0], size, sizes[-1]], f"article {number}")


def test_a_seed_gives_the_same_run_and_another_seed_another():
    def run(seed):
        main([*SHORT, "--seed", seed])
        return np.load("article-1.npz")["W1"].tolist()

    assert run("1") == run("1") != run("2")


def test_the_gallery_draws_misread_digits_with_their_label_and_the_answer(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.setattr(programs, "digit_grid", grid := Mock(wraps=programs.digit_grid))
    main([*TRAIN, "--epochs", "1", "--save", "mine.npz"])
    for n, options in ((25, []), (10, ["--number", "10"])):
        assert main(["gallery", "mine.npz", "--data", "digits", *options]) == 0
        said = capsys.readouterr().out
        assert int(re.search(r"(\d+) of 359 test digits are misread", said)[1]) >= n
        assert f"{n} of them are in gallery.png" in said
        pairs = [re.fullmatch(r"t: (\d)  p: (\d)", t).groups() for t in grid.call_args.args[1]]
        assert len(pairs) == n and all(t != p for t, p in pairs)
    assert np.asarray(Image.open("gallery.png").convert("L")).min() < 100
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gallery.png", "mine.npz"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gallery", "nothing.npz"], "there is no weights file"),
        (["gallery", "other.npz"], "was not saved by `python -m nnlesson train`"),
        (["train", "--article", "2", "--hidden", "4", "4"], "one hidden layer"),
        ([*SHORT, "--article", "3", "--learning-rate", "1e9"], "diverged"),
        ([*SHORT, "--save", "no/folder/w.npz"], "could not be saved"),
    ],
)
def test_what_goes_wrong_is_one_sentence(arguments, sentence, capsys):
    save_weights(ARTICLES[1].network([5], np.random.default_rng(0)), "other.npz")
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_the_package_is_a_program():
    said = subprocess.check_output([sys.executable, "-m", "nnlesson", "--help"], encoding="utf-8")
    assert all(verb in said for verb in ("train", "gallery", "data"))
