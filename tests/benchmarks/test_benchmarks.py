"""The benchmark's peers do the work they say, and its table and figure hold their numbers.

Nothing here is timed: speed is measured by `make bench`, as a ratio within one run.
"""

import re
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import cases
import peers
import run
from article import ArticleNetwork

from nnlesson.losses import one_hot
from nnlesson.training import train_epoch

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (200, 784)).astype(np.float32)
T = RNG.integers(0, 10, 200)
LOGISTIC = peers.Problem(X, T, (784, 12, 10), True)
RELU = peers.Problem(X, T, (784, 12, 8, 10), False)


def test_the_article_and_the_package_take_the_same_steps():
    ours = peers.our_network(LOGISTIC, np.float64)
    article = ArticleNetwork(784, np.random.default_rng(0), n_hidden=12)
    article.w_h, article.w_out = ours.params["W1"].copy(), ours.params["W2"].copy()
    x = X.astype(np.float64)
    train_epoch(ours, x, T, peers.SGD(peers.RATE), 100, np.random.default_rng(5))
    article.train_epoch(x, one_hot(T, 10), np.random.default_rng(5))
    np.testing.assert_allclose(article.w_h, ours.params["W1"], atol=1e-12)
    np.testing.assert_allclose(article.b_out, ours.params["b2"], atol=1e-12)
    cost, accuracy, _ = article.evaluate(x, one_hot(T, 10), x, T)
    loss, our_accuracy = ours.evaluate(x, T)
    # The article's cost is a sum over the examples, and its penalty lacks the factor ½.
    penalty = 0.01 * sum(np.sum(ours.params[name] ** 2) for name in ("W1", "W2"))
    assert cost - penalty == pytest.approx(200 * (loss - ours.penalty()), rel=1e-10)
    assert accuracy == our_accuracy


@pytest.mark.parametrize("problem", [LOGISTIC, RELU], ids=["logistic", "relu"])
@pytest.mark.parametrize("makers", [peers.EPOCH, peers.PREDICTION], ids=["epoch", "prediction"])
def test_every_peer_that_is_installed_does_its_work(makers, problem, capsys):
    works = cases.build(makers, problem)
    assert {"nnlesson", "matrix products", "scikit-learn float32"} <= set(works)
    for work in works.values():
        work()
    assert len(works) + capsys.readouterr().err.count("left out:") == len(makers)


@pytest.mark.parametrize("name", ["objects", "importing"])
def test_small_cases_run(name):
    for work in cases.CASES[name](1).values():
        work()


def test_the_table_and_the_figure_give_our_time_divided_by_theirs_and_growth():
    epochs = {"a1_epoch": {"nnlesson": 0.2, "JAX": 0.5}, "deep_epoch": {"nnlesson": 3, "JAX": 1}}
    growth = [{"value": v, "nnlesson": v / 1e3, "matrix products": v / 2e3} for v in (10, 100)]
    results = {"threads": {"1": epochs}, "growth": {"hidden": growth, "batch": growth}}
    title, _, row, *_ = run.table(results).splitlines()
    assert title == "a1_epoch, 1 thread" and re.search("JAX .* 500.000 ms .* 0.4$", row)
    bars, deep, hidden, batch = run.figure(results).axes
    assert [ax.patches[0].get_width() for ax in (bars, deep)] == pytest.approx([0.4, 3])
    assert list(hidden.lines[0].get_ydata()) == [10, 100]
    assert list(batch.lines[1].get_ydata()) == [5, 50]


def test_works_take_turns_and_results_are_written_whole(tmp_path):
    calls = []
    times = run.time_in_turns({name: partial(calls.append, name) for name in "ab"}, 3, 0)
    assert calls == ["a", "b"] * 4 and set(times) == {"a", "b"}
    run.write(tmp_path / "r.json", b"{}")
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]
