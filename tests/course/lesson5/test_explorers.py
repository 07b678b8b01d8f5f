"""The live curve shows every epoch; the playground trains, stops, keeps and compares runs."""

import re
import time
from dataclasses import FrozenInstanceError, asdict, replace
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest

from nnlesson.course.controls import range_of
from nnlesson.course.lesson5 import explorers as lesson5
from nnlesson.datasets import load_digits
from nnlesson.layers import LeakyReLU, ReLU, Sigmoid
from nnlesson.losses import SoftmaxCrossEntropy
from nnlesson.network import mlp
from nnlesson.optimizers import Momentum
from nnlesson.training import EpochRecord, train

ACTIVATIONS = {"ReLU": ReLU, "leaky ReLU": LeakyReLU, "sigmoid": Sigmoid}
SETTINGS = lesson5.Settings(
    units=20, layers=1, activation="ReLU", learning_rate=0.05, momentum=0.9, l2=0.0,
    batch_size=100, epochs=3, scale=None, seed=0,
)  # fmt: skip
FOREVER = replace(SETTINGS, epochs=100_000)


def build(s, rng):
    sizes = [784, *[s.units] * s.layers, 10]
    loss, activation = SoftmaxCrossEntropy(), ACTIVATIONS[s.activation]
    network = mlp(sizes, activation, loss, s.l2, rng, s.scale, np.float32)
    return network, Momentum(s.learning_rate, s.momentum)


@pytest.fixture(scope="module")
def digits():
    return load_digits(low=0.0)


@pytest.fixture
def trainer(digits):
    made = lesson5.Trainer(digits, build, train)
    yield made
    made.stop()
    assert made.wait(5)


@pytest.fixture
def playground(digits):
    made = lesson5.playground(digits, build, train, ACTIVATIONS)
    yield made
    made.trainer.stop()
    assert made.wait(5)


def record(epoch, cost=1.0, accuracy=0.5, validation=0.4, seconds=0.25):
    return EpochRecord(epoch, cost, accuracy, validation, seconds)


# ---- the live curve ----


def test_live_curve_hands_on_every_record_and_draws_the_last():
    live = lesson5.live_curve(3, "a title", chance=0.1, every=1e9)
    records = [record(epoch, 1 / epoch) for epoch in (1, 2, 3)]
    seen = []
    for given in live.watch(iter(records)):
        seen.append(given)
        assert live.bar.value == given.epoch
    assert seen == records
    assert "epoch 3 of 3" in live.text.value and "40.0%" in live.text.value
    assert live.n_drawn == 2  # empty, and at the end
    (line,) = live.live.runs(live.live.left)
    np.testing.assert_allclose(line.get_xydata(), [[1, 1], [2, 1 / 2], [3, 1 / 3]])
    assert bytes(live.image.value).startswith(b"\x89PNG")


def test_live_curve_draws_after_the_seconds_given():
    live = lesson5.live_curve(4, every=0.0)
    list(live.watch(record(epoch) for epoch in (1, 2, 3)))
    assert live.n_drawn == 5 and live.image.tooltip


def test_live_curve_keeps_what_came_before_an_error():
    live = lesson5.live_curve(4, every=1e9)

    def broken():
        yield record(1)
        raise FloatingPointError("training diverged")

    with pytest.raises(FloatingPointError, match="diverged"):
        list(live.watch(broken()))
    assert [r.epoch for r in live.records] == [1]


# ---- the trainer, without a browser ----


def test_a_run_in_the_background_is_the_run_of_train(trainer, digits):
    run = trainer.start(SETTINGS)
    assert trainer.wait(60) and not trainer.running
    rng = np.random.default_rng(0)
    network, optimizer = build(SETTINGS, rng)
    expected = list(train(network, digits, optimizer, epochs=3, batch_size=100, rng=rng))
    assert run.status == "finished" and run.message == ""
    for ours, theirs in zip(run.records, expected, strict=True):
        assert ours.epoch == theirs.epoch
        np.testing.assert_allclose(ours[1:4], theirs[1:4], rtol=1e-5)
    for name, p in run.network.params.items():
        np.testing.assert_array_equal(p, network.params[name])
    assert run.watched.steps == 3 * 13


def test_blocks_of_evaluation_give_the_cost_of_all(digits):
    network, _ = build(replace(SETTINGS, l2=0.01), np.random.default_rng(0))
    stopping = SimpleNamespace(is_set=lambda: False)
    watched = lesson5.Watched(network, stopping)
    watched.BLOCK = 100  # 1,259 examples: the last block is shorter
    np.testing.assert_allclose(
        watched.evaluate(*digits.train), network.evaluate(*digits.train), rtol=1e-5
    )


def test_stop_ends_a_run_within_a_second_and_keeps_what_was_learned(trainer, digits):
    run = trainer.start(FOREVER)
    untrained, _ = build(FOREVER, np.random.default_rng(0))
    while len(run.records) < 5:
        time.sleep(0.01)
        assert trainer.running, run.message
    start = time.perf_counter()
    trainer.stop()
    assert trainer.wait(1) and time.perf_counter() - start < 1
    assert run.status == "stopped" and "kept" in run.message
    assert len(run.records) >= 5
    before, after = (n.evaluate(*digits.test)[1] for n in (untrained, run.network))
    assert after > 0.7 > before


def test_a_stop_in_the_middle_of_an_epoch_keeps_its_steps(trainer, digits):
    steps = []

    class Slow(Momentum):
        def update(self, params, grads):
            super().update(params, grads)
            steps.append(1)
            if len(steps) == 5:
                trainer.stop()

    trainer.build = lambda s, rng: (build(s, rng)[0], Slow(0.05))
    run = trainer.start(SETTINGS)
    assert trainer.wait(20)
    assert run.status == "stopped" and run.records == [] and len(steps) == 5
    untrained, _ = build(SETTINGS, np.random.default_rng(0))
    assert not np.array_equal(run.network.params["W1"], untrained.params["W1"])


def test_a_stop_reaches_an_evaluation(digits):
    stopping = SimpleNamespace(is_set=lambda: True)
    network, _ = build(SETTINGS, np.random.default_rng(0))
    for call in ("evaluate", "gradients"):
        with pytest.raises(lesson5.StopTraining):
            getattr(lesson5.Watched(network, stopping), call)(*digits.train)


def test_only_one_training_at_a_time_and_another_after_it(trainer):
    trainer.start(FOREVER)
    with pytest.raises(RuntimeError, match="stop it, or wait"):
        trainer.start(SETTINGS)
    assert not trainer.wait(0.05)
    trainer.stop()
    assert trainer.wait(1)
    second = trainer.start(SETTINGS)
    assert trainer.wait(60) and second.status == "finished"
    assert [run.number for run in trainer.runs] == [1, 2]


def test_stop_and_wait_without_a_run_do_nothing(trainer):
    trainer.stop()
    assert trainer.wait(0)


def test_a_run_that_overflows_says_so(trainer):
    run = trainer.start(replace(SETTINGS, learning_rate=10.0, activation="leaky ReLU", scale=1))
    assert trainer.wait(60)
    assert run.status == "diverged" and "smaller" in run.message


def test_a_cost_that_grows_is_a_run_that_diverges(trainer):
    costs = iter([5.0, 6.0, 70.0, 5.0])
    trainer.train = lambda *a, **k: (record(i, cost) for i, cost in enumerate(costs, start=1))
    run = trainer.start(SETTINGS)
    assert trainer.wait(20)
    assert run.status == "diverged" and "to 70 in epoch 3" in run.message
    assert len(run.records) == 3


def test_a_run_that_learns_nothing_says_so(trainer):
    run = trainer.start(replace(SETTINGS, learning_rate=0.001, epochs=1, scale=0.001))
    assert trainer.wait(60)
    assert run.status == "finished" and "has not learned" in run.message


def test_any_other_error_is_told(trainer):
    run = trainer.start(replace(SETTINGS, units=0))
    assert trainer.wait(20)
    assert run.status == "failed" and "W must have shape (1 or more, 1 or more)" in run.message


# ---- the playground ----


def test_settings_stay_as_they_were_trained_with():
    with pytest.raises(FrozenInstanceError):
        SETTINGS.units = 3
    with pytest.raises(TypeError, match="unts"):
        lesson5.Settings(**{**asdict(SETTINGS), "unts": 3})


def test_runs_are_named_by_what_tells_them_apart():
    changed = [{}, {"l2": 0.01, "scale": 0.1}, {"layers": 2}, {"momentum": 0.0, "seed": 1}]
    runs = [lesson5.Run(i, replace(SETTINGS, **c)) for i, c in enumerate(changed, start=1)]
    assert lesson5.names_apart([]) == []
    assert lesson5.names_apart(runs[:1]) == ["run 1"]
    assert lesson5.names_apart([runs[0], runs[0]]) == ["run 1", "run 1"]
    assert lesson5.names_apart(runs[:2])[1] == "run 2: λ 0.01, scale 0.1"
    assert lesson5.names_apart(runs)[2] == "run 3: hidden 20-20, momentum 0.9, λ 0"


def test_playground_trains_draws_live_and_lists_its_runs(playground):
    playground.controls["epochs"].value = 60
    drawn = playground.n_drawn
    playground.start()
    assert playground.train_button.disabled and not playground.stop_button.disabled
    assert playground.wait(60) and playground.error == ""
    assert playground.n_drawn >= drawn + 2
    assert not playground.train_button.disabled and playground.stop_button.disabled
    (run,) = playground.trainer.runs
    assert run.status == "finished" and len(run.records) == 60
    assert run.records[-1].validation_accuracy > 0.9
    assert playground.bar.value == 1000 and "Run 1 has finished after 60 epochs" in (
        playground.status.value
    )
    right = playground.live.runs(playground.live.right)
    np.testing.assert_allclose(right[0].get_ydata(), [r.validation_accuracy for r in run.records])
    for text in ("<td", "60 of 60", "ReLU", f"{run.records[-1].validation_accuracy:.2%}"):
        assert text in playground.table.value


def test_a_second_click_while_it_trains_does_nothing(playground):
    playground.controls["epochs"].value = 100
    playground.start()
    playground.start()
    playground.stop_button.click()
    assert playground.wait(10)
    assert len(playground.trainer.runs) == 1


def test_buttons_do_what_they_say(playground):
    playground.controls["batch_size"].value = 10
    playground.controls["epochs"].value = 100
    playground.train_button.click()
    while not playground.trainer.runs[0].records:
        time.sleep(0.01)
    playground.stop_button.click()
    assert playground.wait(2)
    assert playground.trainer.runs[0].status == "stopped"
    assert "was stopped" in playground.status.value
    assert "stopped" in playground.table.value


def test_chosen_runs_overlay(playground):
    playground.controls["epochs"].value = 2
    for rate in (0.1, 0.01, 0.001):
        playground.controls["learning_rate"].value = rate
        playground.start()
        assert playground.wait(60)
    assert playground.chosen.value == (1, 2, 3)
    assert shown(playground) == ["run 1: η 0.1", "run 2: η 0.01", "run 3: η 0.001"]
    before = playground.image.value
    playground.chosen.value = (1, 3)
    assert (
        shown(playground) == ["run 1: η 0.1", "run 3: η 0.001"] and playground.image.value != before
    )
    playground.start()  # the newest joins what was chosen
    assert playground.wait(60)
    assert shown(playground) == ["run 1: η 0.1", "run 3: η 0.001", "run 4: η 0.001"]
    playground.chosen.value = ()
    assert shown(playground) == []
    label, number = playground.chosen.options[1]
    assert number == 2 and "η 0.01" in label and "momentum 0.9" in label


def shown(playground):
    return [line.get_label() for line in playground.live.runs(playground.live.left)]


def test_a_diverging_run_says_so(playground):
    playground.controls["learning_rate"].value = 10
    playground.controls["momentum"].value = 0.99
    playground.controls["activation"].value = "leaky ReLU"
    playground.controls["scale"].value = 1.0
    playground.start()
    assert playground.wait(60)
    assert "diverged" in playground.status.value and "diverged" in playground.table.value
    assert playground.bar.bar_style == "danger"


def test_earlier_runs_are_in_the_table_and_the_still_picture(digits):
    earlier = [(SETTINGS, [record(1, 2.0), record(2, 1.0, validation=0.77)])]
    made = lesson5.playground(digits, build, train, ACTIVATIONS, earlier)
    assert "77.00%" in made.table.value and made.bar.value == 1000
    assert shown(made) == ["run 1"]
    assert "77.0% of the validation images" in made.live.figure.get_suptitle()


def test_every_setting_reaches_the_run_over_its_whole_range(playground, monkeypatch):
    """A sweep: every value of every control builds a network and takes a step."""
    few = SimpleNamespace(
        train=tuple(part[:20] for part in playground.trainer.data.train),
        validation=tuple(part[:20] for part in playground.trainer.data.validation),
    )
    playground.trainer.data = few
    monkeypatch.setattr(playground, "EVERY", 0.01)
    start = playground.values
    playground.controls["epochs"].value = 1
    for name, control in playground.controls.items():
        if name == "epochs":
            continue
        for value in range_of(control):
            control.value = value
            playground.trainer.start(playground.values)
            assert playground.trainer.wait(60)
            run = playground.trainer.runs[-1]
            assert getattr(run.settings, name) == control.value
            assert run.status in ("finished", "diverged"), run.message
        control.value = getattr(start, name)
    seen = {run.status for run in playground.trainer.runs}
    assert "finished" in seen
    playground.refresh()
    assert len(re.findall("<tr>", playground.table.value)) == len(playground.trainer.runs) + 1


def test_the_table_escapes_what_it_shows(digits):
    run = lesson5.Run(1, replace(SETTINGS, activation="<b>"), [])
    assert "&lt;b&gt;" in lesson5.run_table([run]) and "<b>" not in lesson5.run_table([run])


def test_each_control_has_its_name(playground):
    labels = [control.description for control in playground.controls.values()]
    assert len(set(labels)) == 10 and all(labels)
    assert isinstance(playground.box, ipywidgets.VBox)
    assert build(playground.values, np.random.default_rng(0))[0].affine[0].W.shape == (784, 100)
