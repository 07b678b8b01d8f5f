"""The live curve shows every epoch; the playground asks, draws, names, sorts and forgets runs."""

import asyncio
import base64
import re
import tracemalloc
from dataclasses import replace
from io import BytesIO
from unittest.mock import Mock
from xml.dom import minidom

import numpy as np
import pytest
from PIL import Image
from playground_parts import ACTIVATIONS, LOSSES, build, in_a_loop

from nnlesson.course.lesson5 import explorers as lesson5
from nnlesson.course.lesson5.runs import Points, Run, Settings
from nnlesson.course.live import plain
from nnlesson.datasets import load_digits
from nnlesson.training import EpochRecord

pytest.importorskip("py_mini_racer")

# The ends of every control, as the page has them, and one value between.
RANGES = {
    "first": (10, 250, 500), "second": (0, 10, 500), "third": (0, 10, 500),
    "activation": tuple(ACTIVATIONS), "loss": tuple(LOSSES), "digits": ("0 to 9", "0, 1, 2"),
    "pixels": ("0 to 1", "−1 to 1"), "rate": (0.001, 0.1, 10), "momentum": (0, 0.5, 0.99),
    "scale": ("√(2 / inputs)", "0.001", "1"), "l2": ("0", "0.00001", "0.01"),
    "batch": ("10", "100", "1000"), "epochs": (1, 2), "seed": (0, 9),
}  # fmt: skip


@pytest.fixture(scope="module")
def few():
    """So few digits that an epoch takes no time."""
    data = load_digits(low=0.0)
    return Points(*([part[:60] for part in split] for split in (data.train, data.validation)))


@pytest.fixture
def playground(few):
    return lesson5.playground(few, build, ACTIVATIONS, LOSSES)


def words(seen):
    """A look as text without its bitmaps: letters of these may spell anything."""
    return re.sub(r'base64,[^"]*', "", seen["svg"] + seen["rest"])


def pixels(address):
    """The levels (height, width, 3) of a picture that the page is sent."""
    picture = Image.open(BytesIO(base64.b64decode(address.split(",")[1])))
    return np.asarray(picture.convert("RGB"), dtype=int)


def press(playground, what, **values):
    """What the page sends when a button is pressed."""
    times = playground.values.get("asked", [0])[0] + 1
    playground.values = {**playground.values, **values, "asked": [times, what]}


@in_a_loop
async def trained(playground, *changes):
    """Train once with each change of the values; the runs."""
    for values in changes:
        press(playground, "train", **values)
        await playground.trainer.wait()
    return playground.trainer.runs[-len(changes) :]


def record(epoch, cost=1.0, accuracy=0.5, validation=0.4, seconds=0.25):
    return EpochRecord(epoch, cost, accuracy, validation, seconds)


def ended(number, *curves, status="finished", message="", **changes):
    """A run with a curve for each seed, as it would be after a training."""
    curves = list(curves) or [[record(1)]]
    settings = Settings((784, 30, 10), "ReLU", 0.1, 0.9, 100, epochs=len(curves[0]))
    return Run(number, replace(settings, **changes), len(curves), curves, status, message)


def look(playground, runs, *settings):
    """What the page shows of these runs with each of the settings."""
    playground.show(runs=[run.as_data() for run in runs])
    return playground.see(*settings or [{}])


# ---- the live curve ----


@pytest.mark.parametrize("every, drawn", [(0.0, [(1, 1), (2, 2)]), (1e9, [(1, 0), (2, 0)])])
def test_live_curve_hands_on_every_record_and_draws_in_time_and_at_the_end(every, drawn):
    live = lesson5.live_curve(4, "a title", chance=0.1, every=every)
    (before,) = live.see({})
    assert before["says"] == "a title: epoch 0 of 4, 0 s" and "NaN" not in words(before)
    # The third is no record: training has stopped with an error.
    watched = live.watch(record(epoch, 1 / epoch) if epoch < 3 else 1 / 0 for epoch in (1, 2, 3))
    came = []
    with pytest.raises(ZeroDivisionError):
        came.extend((given.epoch, len(live.given["curve"]["cost"])) for given in watched)
    assert came == drawn and [given.epoch for given in live.records] == [1, 2]
    (after,) = live.see({})
    assert after["says"] == "a title: epoch 2 of 4, 0 s, validation 40.0%"
    assert live.given["curve"]["cost"] == [[1] * 3, [1 / 2] * 3]
    minidom.parseString(after["svg"])


# ---- the playground without a browser ----


def test_it_starts_without_a_run_and_its_still_is_the_same_on_every_data(playground, few):
    (seen,) = playground.see({})
    assert seen["says"] == "Choose settings and press Train" and seen["numbers"]["runs"] == []
    assert playground.trainer.runs == [] and not playground.trainer.running
    other = Points(few.validation, few.train)
    assert playground.still() == lesson5.playground(other, build, ACTIVATIONS, LOSSES).still()
    minidom.parseString(seen["svg"])


@in_a_loop
async def test_train_stop_and_a_second_click(playground):
    press(playground, "five", epochs=100_000)
    press(playground, "five")
    press(playground, "train")
    while not playground.now["run"]["share"]:  # this loop goes on while it trains
        await asyncio.sleep(0.01)
    seen, other_tab = playground.see(playground.values, {"tab": "points"})
    assert re.match(r"Run 1 is training, epoch \d+ of 100000, seed 1 of 5", seen["says"])
    assert other_tab["says"] == seen["says"]
    press(playground, "stop")
    await playground.trainer.wait()
    (run,) = playground.trainer.runs
    assert run.status == "stopped" and playground.now["run"] is None
    (seen,) = playground.see(playground.values)
    assert seen["says"].startswith("Run 1 was stopped") and "stopped" in seen["rest"]


def test_what_fails_is_told_beside_the_run(playground, monkeypatch):
    broken = Mock(side_effect=AttributeError("no attribute 'affine'"))
    monkeypatch.setattr(lesson5, "picture_of", broken)
    (run,) = trained(playground, {"epochs": 100_000})
    (seen,) = playground.see(playground.values)
    assert run.status == "failed" and playground.now["run"] is None
    assert seen["says"].endswith(": AttributeError: no attribute 'affine'")


@in_a_loop
async def test_a_new_playground_ends_the_training_of_the_one_before(playground, few):
    press(playground, "train", epochs=100_000)
    await asyncio.sleep(0.05)
    second = lesson5.playground(few, build, ACTIVATIONS, LOSSES)
    await asyncio.wait({playground.trainer.task}, timeout=60)
    assert playground.trainer.runs[0].status == "stopped"
    press(second, "train", epochs=2)
    await second.trainer.wait()
    assert [run.status for run in second.trainer.runs] == ["finished"]
    assert len(playground.given["runs"]) == len(second.given["runs"]) == 1


@pytest.mark.parametrize("name", RANGES)
def test_every_setting_reaches_the_run_over_its_whole_range(playground, name):
    """Whatever the others are: each has one of its values, by chance."""
    rng = np.random.default_rng(list(RANGES).index(name))
    others = {other: values[rng.integers(len(values))] for other, values in RANGES.items()}
    changes = [{**others, name: value} for value in RANGES[name]]
    ran = trained(playground, *changes)
    assert {run.status for run in ran} <= {"finished", "diverged"}, [run.message for run in ran]
    assert len({run.settings for run in ran}) == len(changes)
    for seen in playground.see(*changes):
        assert not {"NaN", "Infinity", "undefined"} & set(re.findall(r"\w+", words(seen)))
        minidom.parseString(seen["svg"])


ARTICLES = {
    "article 1": Settings((784, 100, 10), "sigmoid", 0.05, 0.0, 100, 100, 1e-4, 0.1, "sigmoids",
                          3, "digits", -1.0),
    "article 3": Settings((784, 500, 100, 3), "leaky ReLU", 0.01, 0.9, 100, 20, 0.0, 0.01,
                          "squared error"),
}  # fmt: skip


@pytest.mark.parametrize("name", ARTICLES)
def test_the_presets_are_the_articles_settings(name):
    assert lesson5.settings_of({**lesson5.BOTH, **lesson5.PRESETS[name]}) == ARTICLES[name]


@pytest.mark.parametrize("points", ["moons", "circles", "spiral", "XOR"])
def test_points_are_drawn_with_a_line_for_each_neuron(playground, points):
    values = {**lesson5.BOTH, **lesson5.PRESETS["points"], "points": points, "epochs": 3}
    (run,) = trained(playground, {**values, "second": 3})
    assert run.status == "finished" and run.settings.sizes == (2, 4, 3, 2)
    first = run.network.affine[0]
    lines = plain(lesson5.lines_of(first.W, first.b))
    assert playground.now["pictures"]["points"]["lines"] == lines
    # other points are chosen, not yet trained with: no lines and colours of another run
    other = "XOR" if points != "XOR" else "moons"
    same, changed = playground.see(playground.values, {**playground.values, "points": other})
    assert "each line: a neuron" in same["svg"] and same["svg"] != changed["svg"]


# ---- what the page is told ----


def assert_coloured(picture, values):
    """Blue over red is much where the values (height, width) are large."""
    assert picture.shape == (*values.shape, 3)
    blue_over_red = picture[..., 2] - picture[..., 0]
    assert np.corrcoef(blue_over_red.ravel(), values.ravel())[0, 1] > 0.9


def test_pictures_hold_the_weights_and_outputs():
    rng = np.random.default_rng(0)
    digits = Settings((784, 7, 5, 10), "ReLU", 0.1, 0.9, 100, 1)
    network, _ = build(digits, rng)
    made = lesson5.picture_of(network, digits)
    first, second = (pixels(layer["sheet"]) for layer in made["layers"])
    assert first.shape == (7 * 29 - 1, 28, 3)  # one below the other, a pixel apart
    assert second.shape == (5 * 4 - 1, 3, 3)
    assert_coloured(first[:28], network.params["W1"][:, 0].reshape(28, 28))
    assert (first[28] > 240).all()  # the line between two is nearly white
    assert [w is not None for w in made["weights"]] == [True, True]
    plane = Settings((2, 4, 2), "sigmoid", 0.1, 0.9, 100, 1, examples="moons")
    network, _ = build(plane, rng)
    answers = network.predict(lesson5.plane(40))[:, 1].reshape(40, 40)
    assert_coloured(pixels(lesson5.picture_of(network, plane)["answers"]), answers)


def test_the_misread_digits_are_those_of_the_network(playground, few):
    x, t = few.validation
    (run,) = trained(playground, {"epochs": 2})
    predicted = run.network.predict(x).argmax(axis=1)
    wrong = np.flatnonzero(predicted != t)
    told, first = playground.now["misread"], wrong[:12]
    assert told["n"] == len(wrong) > 0 and told["of"] == len(t)
    assert told["labels"] == t[first].tolist() and told["answers"] == predicted[first].tolist()
    for place, image in zip(first, told["images"], strict=True):
        assert np.corrcoef(pixels(image)[..., 0].ravel(), x[place])[0, 1] < -0.9  # ink is dark
    trained(playground, {"digits": "0, 1, 2", "pixels": "−1 to 1", "epochs": 1})
    assert playground.now["misread"]["of"] == (t < 3).sum()


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e38, 0.0])
def test_pictures_are_made_of_any_numbers(bad):
    tiles = np.full((5, 3, 4), bad, np.float32)
    assert pixels(lesson5.sheet(tiles, "PuOr", 2)).shape == (3 * 4 - 1, 2 * 5 - 1, 3)


def test_a_neuron_without_weights_has_no_line(playground):
    lines = lesson5.lines_of(np.array([[0.0, 3], [0, 4]]), np.array([1.0, 5]))
    assert np.isnan(lines[0]).all()
    np.testing.assert_allclose(lines[1], [[-3.8, 1.6], [2.6, -3.2], [-0.6, -0.8], [-0.522, -0.696]])
    pictures, drawn = playground.now["pictures"], []
    for each in (pictures["points"]["lines"], lines):
        playground.now = plain(
            {"pictures": pictures | {"points": {**pictures["points"], "lines": each}}}
        )
        drawn.append(playground.see({"tab": "points"})[0]["svg"].count("<g opacity"))
    assert drawn == [4, 1]


def test_networks_of_old_runs_are_forgotten_unless_ticked(playground):
    trained(playground, *[{"epochs": 1, "first": 10}] * 4)
    playground.values = {**playground.values, "ticks": {"1": True, "3": False}}
    runs = trained(playground, *[{"epochs": 1}] * 5)
    kept = [run.number for run in playground.trainer.runs if run.network is not None]
    assert kept == [1, 5, 6, 7, 8, 9] and runs[-1].number == 9
    (seen,) = playground.see(playground.values)
    assert seen["numbers"]["shown"] == kept  # the page and Python agree on what is shown
    playground.values = {**playground.values, "ticks": {str(k): False for k in range(10)}}
    assert [run.number for run in playground.trainer.runs if run.network is not None] == [9]


def test_twenty_runs_keep_the_bytes_of_five(playground):
    tracemalloc.start()
    trained(playground, *[{"first": 500, "epochs": 1}] * 6)
    before, _ = tracemalloc.get_traced_memory()
    trained(playground, *[{}] * 14)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    network = sum(p.nbytes for p in playground.trainer.runs[-1].network.params.values())
    assert network > 1_500_000 and grown < network


# ---- JavaScript against Python ----


def made_up(rng, number):
    """A run with random settings and curves, as it would be after a training."""
    epochs, seeds = range(1, rng.integers(2, 10)), range(rng.choice([1, 5]))
    curves = [[record(e, *rng.uniform(0.01, 1, 4)) for e in epochs] for _ in seeds]
    rate, low = rng.choice([0.001, 0.1, 10]), rng.choice([0.0, -1.0])
    return ended(number, *curves, learning_rate=float(rate), low=float(low))


def columns_of(run):
    """What the table is sorted by."""
    s = run.settings
    own = {"run": run.number, "seed": s.seed, "η": s.learning_rate, "pixels": s.low < 0}
    return run.as_data()["last"] | own


def test_the_order_is_that_of_what_python_computes(playground):
    rng = np.random.default_rng(1)
    for _ in range(5):
        runs = [made_up(rng, k) for k in range(1, rng.integers(2, 9))]
        orders = [(name, is_down) for name in columns_of(runs[0]) for is_down in (False, True)]
        settings = [{"sort": {"column": name, "isDown": is_down}} for name, is_down in orders]
        for (name, is_down), seen in zip(orders, look(playground, runs, *settings), strict=True):
            keys = [columns_of(run)[name] for run in runs]
            in_order = [keys[number - 1] for number in seen["numbers"]["sorted"]]
            assert in_order == sorted(keys, reverse=is_down)


def test_runs_are_named_by_what_tells_them_apart(playground):
    slow, small = {"learning_rate": 0.01}, {"sizes": (784, 10, 10)}
    runs = [ended(1), ended(2, **slow), ended(3, **slow, momentum=0.0, sizes=(784, 30, 10, 10))]
    (seen,) = look(playground, runs)
    assert seen["numbers"]["names"] == [
        "run 1: hidden 30, η 0.1, momentum 0.9",
        "run 2: hidden 30, η 0.01, momentum 0.9",
        "run 3: hidden 30-10, η 0.01, momentum 0",
    ]
    assert 'aria-sort="ascending"' in seen["rest"] and seen["rest"].count("<tr>") == 4
    # what tells most of them apart comes first, wherever it stands in the table
    (later,) = look(playground, [ended(4), ended(5, **small, seed=1), ended(6, **small, seed=2)])
    said = ["run 4: seed 0, hidden 30", "run 5: seed 1, hidden 10", "run 6: seed 2, hidden 10"]
    assert later["numbers"]["names"] == said


@pytest.mark.parametrize("cost", [1e33, np.inf, np.nan])
def test_a_diverged_run_is_marked_at_the_edge_and_does_not_flatten_the_others(playground, cost):
    good = ended(1, [record(1, 2.0), record(2, 0.5)])
    bad = ended(2, [record(1, 400.0), record(2, cost)], status="diverged")
    (seen,) = look(playground, [good, bad], {"sort": {"column": "cost"}})
    assert seen["numbers"]["sorted"] == [1, 2]  # a cost that grew without end is the largest
    assert seen["svg"].count(">diverged<") == 1 and "NaN" not in words(seen)
    assert ">500<" not in seen["svg"] or ">1<" in seen["svg"]  # ticks of the good run are there


@pytest.mark.parametrize("cost", [0.0009, 1.01, 2.05, 2.36, 5.2, 7.0, 99.0])
def test_the_axis_of_the_cost_has_two_ticks_or_more(playground, cost):
    (seen,) = look(playground, [ended(1, [record(1, cost), record(2, cost)])])
    picture = minidom.parseString(seen["svg"]).getElementsByTagName("svg")[1]
    texts = picture.getElementsByTagName("text")
    ticks = [float(t.firstChild.data) for t in texts if t.getAttribute("text-anchor") == "end"]
    assert 2 <= len(ticks) <= 6 and any(tick > cost for tick in ticks)


def test_the_best_run_is_named_among_those_with_the_same_examples(playground):
    runs = [
        ended(number, [record(1, validation=right)], sizes=(784, 30, classes))
        for number, right, classes in [(1, 0.9, 10), (2, 0.99, 3), (3, 0.8, 10)]
    ]
    (seen,) = look(playground, runs)
    assert seen["says"].endswith("Best is run 1")  # run 2 had three digits to tell apart, not ten
    assert re.findall("<b>(.*?)</b>", seen["rest"]) == ["90.00%", "99.00%"]
    assert "Best" not in look(playground, runs[:2])[0]["says"]
    (seen,) = look(playground, [ended(1, [record(1), record(2)], [record(1)])])
    assert "epoch 1 of 2, seed 2 of 2, on average 40.0%" in seen["says"]


def reached(right=0.5, seeds=1, **changes):
    return ended(1, *[[record(1, validation=right)]] * seeds, **changes)


FIRST = "a first run"
AS_GOOD = "without momentum as good as with 0.9"
XOR = "XOR with 3 hidden neurons or fewer, 95% right"
SPIRAL = {"examples": "spiral", "sizes": (2, 12, 2)}
MESSAGE = "it has not learned: one answer …"
GOALS = [
    ([], set()),
    ([reached(status="stopped", seeds=5)], set()),
    ([reached(status="diverged")], {"a run that diverges"}),
    ([reached(seeds=5)], {FIRST, "five seeds"}),
    ([reached(message=MESSAGE)], {FIRST, "a run that ends and has not learned"}),
    ([reached(0.95), reached(0.942, momentum=0)], {FIRST, AS_GOOD}),
    ([reached(0.95), reached(0.938, momentum=0)], {FIRST}),
    ([reached(0.95), reached(0.95, momentum=0, activation="sigmoid")], {FIRST}),
    ([reached(0.96, **SPIRAL)], {FIRST, "the spiral, 95% right"}),
    ([reached(0.96, examples="XOR", sizes=(2, 3, 2))], {FIRST, XOR}),
    ([reached(0.99, examples="XOR", sizes=(2, 4, 2))], {FIRST}),
]


@pytest.mark.parametrize("runs, goals", GOALS)
def test_goals_are_noticed(playground, runs, goals):
    assert set(look(playground, runs)[0]["goals"]) == goals


def test_data_are_taken_as_they_are(playground, few):
    """No copy of the images: the playground holds those of the lesson."""
    train, _ = playground.trainer.examples(lesson5.settings_of(playground.start))
    assert train.x is few.train[0]
