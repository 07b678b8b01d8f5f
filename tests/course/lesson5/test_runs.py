"""Runs of the playground: trained as in the lesson, in a loop that can be stopped between steps."""

import asyncio
import re
import signal
from dataclasses import replace
from functools import partial
from unittest.mock import Mock

import numpy as np
import pytest
from playground_parts import DATA, build, in_a_loop

from nnlesson.course.lesson5 import runs as r
from nnlesson.course.lesson5.explorers import BOTH, PRESETS, settings_of
from nnlesson.course.programs import ARTICLES
from nnlesson.training import train

SETTINGS = r.Settings((784, 20, 10), "ReLU", 0.05, 0.9, 100, 3)
FOREVER = replace(SETTINGS, epochs=100_000)
SETS = r.point_sets()


@pytest.fixture
def trainer():
    return r.Trainer({"digits": DATA, **SETS}, build)


@in_a_loop
async def trained(trainer, settings, seeds=1):
    """A run from its start to its end."""
    run = trainer.start(settings, seeds)
    await trainer.wait()
    return run


@pytest.mark.parametrize("number, epochs", [(1, 100), (3, 20)])
def test_an_articles_preset_trains_as_the_program_of_this_article(trainer, number, epochs):
    article, preset = ARTICLES[number], settings_of({**BOTH, **PRESETS[f"article {number}"]})
    run = trained(trainer, replace(preset, epochs=3))
    rng = np.random.default_rng(preset.seed)
    network, data = article.network(article.sizes[1:-1], rng), article.data("digits", rng)
    options = {"epochs": 3, "batch_size": article.batch_size, "rng": rng}
    records = list(train(network, data, article.optimizer(article.learning_rate), **options))
    ours, theirs = (np.array(curve)[:, :4] for curve in (run.curves[0], records))
    np.testing.assert_allclose(ours, theirs, rtol=1e-3)
    for name, p in run.network.params.items():
        np.testing.assert_allclose(p, network.params[name], rtol=1e-3, atol=1e-4)
    assert (run.status, run.share, preset.epochs) == ("finished", 1, epochs)


@in_a_loop
async def test_stop_ends_a_run_at_once_and_keeps_what_was_learned(trainer):
    run = trainer.start(FOREVER)
    with pytest.raises(RuntimeError, match="stop it, or wait"):
        trainer.start(SETTINGS)
    while not run.curves or len(run.curves[0]) < 5:  # this loop goes on while it trains
        await asyncio.sleep(0.01)
    share = run.share
    trainer.stop()
    await asyncio.wait({trainer.task}, timeout=60)  # all of it would take an hour
    assert run.status == "stopped" and "kept" in run.message and not trainer.running
    assert 0 < run.share == share < 1  # not one step more
    assert trainer.SLICE + trainer.PAUSE < 0.1  # so long, in seconds, a button waits
    assert run.network.evaluate(*DATA.test)[1] > 0.7
    again = trainer.start(SETTINGS)
    await trainer.wait()
    assert (again.number, again.status) == (2, "finished")


def test_a_training_ends_with_its_loop_and_without_one_none_begins(trainer):
    async def begin():
        trainer.start(FOREVER)
        await asyncio.sleep(0.1)

    asyncio.run(begin())
    with pytest.raises(RuntimeError, match="no running event loop"):
        trainer.start(SETTINGS)
    assert [run.status for run in trainer.runs] == ["stopped"] and not trainer.running


WILD = {"momentum": 0.99, "activation": "leaky ReLU", "scale": 1.0}
ENDS = {
    "diverged: .* Try a smaller learning rate": {**WILD, "learning_rate": 10.0},
    "diverged: the cost grew from": {**WILD, "learning_rate": 0.3, "epochs": 30},
    "finished: it has not learned": {"learning_rate": 0.001, "epochs": 1, "scale": 0.001},
}


@pytest.mark.parametrize("said", ENDS)
def test_a_run_says_what_went_wrong(trainer, said):
    run = trained(trainer, replace(SETTINGS, **ENDS[said]))
    assert re.match(said, f"{run.status}: {run.message}")


def test_five_seeds_are_five_runs_of_one(trainer):
    settings = replace(SETTINGS, epochs=2)
    run, alone = trained(trainer, settings, seeds=5), trained(trainer, replace(settings, seed=4))
    records = np.array(run.curves)  # (seeds, epochs, what each holds)
    np.testing.assert_array_equal(records[4, :, :4], np.array(alone.curves)[0, :, :4])
    assert len(np.unique(records[:, 0, 1])) == 5
    data, spread = run.as_data(), [f(records, axis=0) for f in (np.mean, np.min, np.max)]
    _, cost, training, right, _ = np.stack(spread, axis=-1).swapaxes(0, 1)
    near = partial(pytest.approx, rel=1e-12)
    assert (data["seeds"], data["status"], "network" in data) == (5, "finished", False)
    assert data["curves"] == {"cost": near(cost), "right": near(right)}
    ends = {"cost": near(cost[1]), "training": near(training[1]), "validation": near(right[1])}
    assert data["last"] == {"seed": 5, "epochs": 2, "seconds": near(records[..., 4].sum()), **ends}


def test_an_idle_kernel_hears_interrupts_and_others_are_left_alone():
    act, before = Mock(), signal.getsignal(signal.SIGINT)
    r.hear_interrupts(act)
    assert signal.getsignal(signal.SIGINT) == before
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        r.hear_interrupts(act)
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    act.assert_called_once_with()


@pytest.mark.parametrize("name", ["moons", "circles", "spiral", "XOR"])
def test_points_lie_in_the_plane_half_of_each_kind_and_no_line_parts_them(trainer, name):
    for x, t in SETS[name]:
        assert x.shape == (240, 2) and np.abs(x).max() <= 1 and t.sum() == 120
    assert not np.array_equal(SETS[name].train[0], SETS[name].validation[0])
    x, t = SETS["XOR"].train
    np.testing.assert_array_equal(t, x[:, 0] * x[:, 1] < 0)
    # the median of five seeds: a wide network separates each of the four
    s = r.Settings((2, 12, 8, 2), "ReLU", 0.1, 0.9, 20, 60, examples=name)
    wide, line = trained(trainer, s, 5), trained(trainer, replace(s, sizes=(2, 1, 2)), 3)
    reached = [[curve[-1].validation_accuracy for curve in run.curves] for run in (wide, line)]
    assert np.median(reached[0]) > 0.93 and max(reached[1]) < 0.92
