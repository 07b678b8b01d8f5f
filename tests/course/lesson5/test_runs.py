"""Runs of the playground: trained as in the lesson, in a loop that can be stopped between steps."""

import asyncio
import signal
from dataclasses import replace

import numpy as np
import pytest
from playground_parts import build, in_a_loop

from nnlesson.course.lesson5 import runs as r
from nnlesson.course.lesson5.explorers import BOTH, PRESETS, settings_of
from nnlesson.datasets import load_digits
from nnlesson.training import train

SETTINGS = r.Settings((784, 20, 10), "ReLU", 0.05, 0.9, 100, 3)
FOREVER = replace(SETTINGS, epochs=100_000)


@pytest.fixture(scope="module")
def digits():
    return load_digits(low=0.0)


@pytest.fixture
def trainer(digits):
    return r.Trainer({"digits": digits, **r.point_sets()}, build)


def test_numbers_are_written_as_the_controls_write_them():
    texts = [r.short(value) for value in (0.1, 1e-5, 0.0, 10.0, 0.00126)]
    assert texts == ["0.1", "0.00001", "0", "10", "0.00126"]


@in_a_loop
async def trained(trainer, settings, seeds=1):
    """A run from its start to its end."""
    run = trainer.start(settings, seeds)
    await trainer.wait()
    return run


@pytest.mark.parametrize("preset", ["digits", "article 1", "article 3"])
def test_a_run_is_the_run_of_train(trainer, preset):
    s = replace(settings_of({**BOTH, **PRESETS[preset]}), epochs=3)
    run = trained(trainer, s)
    assert run.status == "finished" and run.share == 1
    n, data = s.sizes[-1], load_digits(low=s.low)
    parts = [(x[t < n], t[t < n]) for x, t in (data.train, data.validation)]
    rng = np.random.default_rng(s.seed)
    network, optimizer = build(s, rng)
    options = {"epochs": 3, "batch_size": 100, "rng": rng}
    records = list(train(network, r.Points(*parts), optimizer, **options))
    for ours, theirs in zip(run.curves[0], records, strict=True):
        np.testing.assert_allclose(ours[:4], theirs[:4], rtol=1e-3)
    for name, p in run.network.params.items():
        np.testing.assert_allclose(p, network.params[name], rtol=1e-3, atol=1e-4)


@in_a_loop
async def test_stop_ends_a_run_at_once_and_keeps_what_was_learned(trainer, digits):
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
    untrained, _ = build(FOREVER, np.random.default_rng(0))
    before, after = (n.evaluate(*digits.test)[1] for n in (untrained, run.network))
    assert after > 0.7 > before
    again = trainer.start(SETTINGS)
    await trainer.wait()
    assert (again.number, again.status) == (2, "finished")


def test_the_end_of_the_loop_ends_the_training(trainer):
    @in_a_loop
    async def begin():
        trainer.start(FOREVER)
        await asyncio.sleep(0.1)

    begin()
    assert trainer.runs[0].status == "stopped"


def test_where_no_loop_runs_there_is_no_run(trainer):
    with pytest.raises(RuntimeError, match="no running event loop"):
        trainer.start(SETTINGS)
    assert trainer.runs == [] and not trainer.running
    trainer.stop()
    asyncio.run(trainer.wait())


WILD = {"momentum": 0.99, "activation": "leaky ReLU", "scale": 1.0}


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({**WILD, "learning_rate": 10.0}, "diverged", "smaller learning rate"),
        ({**WILD, "learning_rate": 0.3, "batch_size": 1000, "epochs": 30}, "diverged",
         "the cost grew from"),
        ({"learning_rate": 0.001, "epochs": 1, "scale": 0.001}, "finished", "it has not learned"),
        ({"sizes": (784, 0, 10)}, "failed", "W must have shape (1 or more, 1 or more)"),
    ],
)  # fmt: skip
def test_a_run_says_what_went_wrong(trainer, changes, status, said):
    run = trained(trainer, replace(SETTINGS, **changes))
    assert run.status == status and said in run.message


def test_five_seeds_are_five_runs_of_one(trainer):
    run = trained(trainer, replace(SETTINGS, epochs=2), seeds=5)
    assert [len(curve) for curve in run.curves] == [2] * 5 and run.status == "finished"
    alone = trained(trainer, replace(SETTINGS, epochs=2, seed=4))
    fields = np.array(run.curves)[..., :4]  # of each seed and epoch, without the seconds
    np.testing.assert_array_equal(fields[4], [list(record[:4]) for record in alone.curves[0]])
    assert fields[0, 0, 1] != fields[1, 0, 1]
    data = run.as_data()
    assert data["seeds"] == 5 and data["status"] == "finished" and "network" not in data
    spread = np.stack([fields.mean(0), fields.min(0), fields.max(0)], axis=-1)
    for name, field in (("cost", 1), ("right", 3)):
        np.testing.assert_allclose(data["curves"][name], spread[:, field], rtol=1e-12)
    last = data["last"]
    ends = [last[name] for name in ("cost", "training", "validation")]
    np.testing.assert_allclose(ends, spread[-1, 1:], rtol=1e-12)
    assert (last["seed"], last["epochs"]) == (5, 2)
    assert last["seconds"] == pytest.approx(np.sum(run.curves, axis=(0, 1))[4])


def test_an_idle_kernel_hears_interrupts_and_others_are_left_alone():
    heard = []
    before = signal.getsignal(signal.SIGINT)
    try:
        r.hear_interrupts(lambda: heard.append(1))
        assert signal.getsignal(signal.SIGINT) == before
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        r.hear_interrupts(lambda: heard.append(1))
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [1]


def test_points_lie_in_the_plane_half_of_each_kind():
    sets = r.point_sets()
    assert list(sets) == ["moons", "circles", "spiral", "XOR"]
    for points in sets.values():
        for x, t in (points.train, points.validation):
            assert x.shape == (240, 2) and np.abs(x).max() <= 1 and t.sum() == 120
        assert not np.array_equal(points.train[0], points.validation[0])
    x, t = sets["XOR"].train
    np.testing.assert_array_equal(t, (x[:, 0] * x[:, 1] < 0).astype(int))
    radius = np.hypot(*sets["circles"].train[0].T)
    assert radius[t == 1].max() < radius[t == 0].min()


@pytest.mark.parametrize("name", ["moons", "circles", "spiral", "XOR"])
def test_hidden_neurons_learn_what_no_line_can(trainer, name):
    """The median of five seeds: a wide network separates each of the four."""
    s = r.Settings((2, 12, 8, 2), "ReLU", 0.1, 0.9, 20, 60, examples=name)
    run = trained(trainer, s, seeds=5)
    assert np.median([curve[-1].validation_accuracy for curve in run.curves]) > 0.93
    line = trained(trainer, replace(s, sizes=(2, 1, 2)), seeds=3)
    assert max(curve[-1].validation_accuracy for curve in line.curves) < 0.92
