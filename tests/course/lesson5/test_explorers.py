"""The live curve shows every epoch; the playground asks, draws, names, sorts and forgets runs."""

import asyncio
import base64
import re
import tracemalloc
from dataclasses import replace
from io import BytesIO
from itertools import islice
from xml.dom import minidom

import numpy as np
import pytest
from PIL import Image
from playground_parts import ACTIVATIONS, DATA, LOSSES, build, in_a_loop

from nnlesson.course.lesson5 import explorers as lesson5
from nnlesson.course.lesson5.runs import Points, Run, Settings
from nnlesson.course.live import plain
from nnlesson.training import EpochRecord

pytest.importorskip("py_mini_racer")

# So few digits that an epoch takes no time.
FEW = Points(*([part[:60] for part in split] for split in (DATA.train, DATA.validation)))
# The ends of every control, as the page has them, and one value between.
RANGES = {
    "first": (10, 250, 500), "second": (0, 10, 500), "third": (0, 10, 500),
    "activation": tuple(ACTIVATIONS), "loss": tuple(LOSSES), "digits": ("0 to 9", "0, 1, 2"),
    "pixels": ("0 to 1", "−1 to 1"), "rate": (0.001, 0.1, 10), "momentum": (0, 0.5, 0.99),
    "scale": ("√(2 / inputs)", "0.001", "1"), "l2": ("0", "0.00001", "0.01"),
    "batch": ("10", "100", "1000"), "epochs": (1, 2), "seed": (0, 9),
}  # fmt: skip


@pytest.fixture
def playground():
    return lesson5.playground(FEW, build, ACTIVATIONS, LOSSES)


def check_drawing(seen):
    """The look is XML, and no number in it went wrong; letters of a bitmap may spell anything."""
    said = re.sub(r'base64,[^"]*', "", f"<p>{seen['svg']}{seen['rest']}</p>")
    minidom.parseString(said)
    assert not re.search(r"\b(NaN|Infinity|undefined)\b", said)


def pixels(address):
    """The levels (height, width, 3) of a picture that the page is sent."""
    picture = Image.open(BytesIO(base64.b64decode(address.split(",")[1])))
    return np.asarray(picture.convert("RGB"), dtype=int)


def press(playground, what, **values):
    """What the page sends when a button is pressed."""
    times, _ = playground.values.get("asked", [0, ""])
    playground.values = {**playground.values, **values, "asked": [times + 1, what]}


@in_a_loop
async def trained(playground, *changes):
    """Train once with each change of the values; the runs."""
    for values in changes:
        press(playground, "train", **values)
        await playground.trainer.wait()
    return playground.trainer.runs[-len(changes) :]


def record(epoch=1, cost=1.0, accuracy=0.5, validation=0.4, seconds=0.25):
    return EpochRecord(epoch, cost, accuracy, validation, seconds)


def ended(number, *curves, right=0.4, seeds=1, status="finished", message="", **changes):
    """A run with a curve for each seed, as it would be after a training."""
    curves = list(curves) or [[record(validation=right)]] * seeds
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
    # The third is no record: training has stopped with an error.
    watched = live.watch(record(epoch, 1 / epoch) if epoch < 3 else 1 / 0 for epoch in (1, 2, 3))
    came = [(given.epoch, len(live.given["curve"]["cost"])) for given in islice(watched, 2)]
    with pytest.raises(ZeroDivisionError):
        next(watched)
    assert came == drawn and live.given["curve"]["cost"] == [[1] * 3, [1 / 2] * 3]
    (seen,) = live.see({})
    assert seen["says"] == "a title: epoch 2 of 4, 0 s, validation 40.0%"
    check_drawing(seen)


# ---- the playground without a browser ----


@in_a_loop
async def test_train_a_second_click_stop_and_a_new_playground(playground):
    assert playground.see({})[0]["says"] == "Choose settings and press Train"
    press(playground, "five", epochs=100_000)
    press(playground, "train")  # one trains already
    while not playground.now["run"]["share"]:  # this loop goes on while it trains
        await asyncio.sleep(0.01)
    said = {seen["says"] for seen in playground.see(playground.values, {"tab": "points"})}
    assert re.fullmatch(r"{'Run 1 is training, epoch \d+ of 100000, seed 1 of 5.*'}", f"{said}")
    press(playground, "stop")
    await playground.trainer.wait()
    (seen,) = playground.see(playground.values)
    assert seen["says"].startswith("Run 1 was stopped") and ">stopped<" in seen["rest"]
    press(playground, "train")
    second = lesson5.playground(FEW, build, ACTIVATIONS, LOSSES)
    await asyncio.wait({playground.trainer.task}, timeout=60)
    press(second, "train", epochs=2)
    await second.trainer.wait()
    runs = playground.trainer.runs + second.trainer.runs
    assert [run.status for run in runs] == ["stopped", "stopped", "finished"]


def test_what_fails_is_told_beside_the_run(playground):
    (run,) = trained(playground, {"first": 0, "epochs": 100_000})  # no hidden layer to draw
    (seen,) = playground.see(playground.values)
    assert run.status == "failed" and seen["says"].endswith(": ZeroDivisionError: division by zero")


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
        check_drawing(seen)


@pytest.mark.parametrize("points", ["moons", "circles", "spiral", "XOR"])
def test_points_are_drawn_with_a_line_for_each_neuron(playground, points):
    preset = {**lesson5.BOTH, **lesson5.PRESETS["points"], "points": points}
    (run,) = trained(playground, {**preset, "epochs": 3, "second": 3})
    assert run.status == "finished" and run.settings.sizes == (2, 4, 3, 2)
    lines = lesson5.lines_of(run.network.params["W1"], run.network.params["b1"])
    assert playground.now["pictures"]["points"]["lines"] == plain(lines)
    # other points are chosen, not yet trained with: no lines and colours of another run
    other = {**playground.values, "points": "XOR" if points != "XOR" else "moons"}
    looks = playground.see(playground.values, other)
    assert [seen["svg"].count("<g opacity") for seen in looks] == [4, 0]


# ---- what the page is told ----


def likeness(picture, values):
    """1 where blue over red in a picture (h, w, 3) is as much as the values (h, w) are large."""
    return np.corrcoef((picture[..., 2] - picture[..., 0]).ravel(), values.ravel())[0, 1]


def test_pictures_hold_the_weights_and_outputs():
    rng = np.random.default_rng(0)
    digits = Settings((784, 7, 5, 10), "ReLU", 0.1, 0.9, 100, 1)
    network, _ = build(digits, rng)
    made = lesson5.picture_of(network, digits)
    first, second = (pixels(layer["sheet"]) for layer in made["layers"])
    # one below the other, a pixel apart, and the line between two is nearly white
    assert (first.shape, second.shape) == ((7 * 29 - 1, 28, 3), (5 * 4 - 1, 3, 3))
    assert first[28].min() > 240
    assert likeness(first[:28], network.params["W1"][:, 0].reshape(28, 28)) > 0.9
    assert [W.shape for W in made["weights"]] == [(7, 5), (5, 10)]
    plane = Settings((2, 4, 2), "sigmoid", 0.1, 0.9, 100, 1, examples="moons")
    network, _ = build(plane, rng)
    answers = network.predict(lesson5.plane(40))[:, 1].reshape(40, 40)
    assert likeness(pixels(lesson5.picture_of(network, plane)["answers"]), answers) > 0.9


def test_the_misread_digits_are_those_of_the_network(playground):
    three = {"digits": "0, 1, 2", "pixels": "−1 to 1"}
    (run,) = trained(playground, {**three, "rate": 0.01, "epochs": 1})
    x, t = (part[FEW.validation[1] < 3] for part in FEW.validation)
    predicted = run.network.predict(2 * x - 1).argmax(axis=1)
    (wrong,) = np.nonzero(predicted != t)
    told, first = playground.now["misread"], wrong[:12]
    assert told["n"] == len(wrong) > 0 and told["of"] == len(t)
    assert told["labels"] == t[first].tolist() and told["answers"] == predicted[first].tolist()
    for place, image in zip(first, told["images"], strict=True):
        assert np.corrcoef(pixels(image)[..., 0].ravel(), x[place])[0, 1] < -0.9  # ink is dark


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e38, 0.0])
def test_pictures_are_made_of_any_numbers(bad):
    tiles = np.full((5, 3, 4), bad, np.float32)
    assert pixels(lesson5.sheet(tiles, "PuOr", 2)).shape == (3 * 4 - 1, 2 * 5 - 1, 3)


def test_a_neuron_without_weights_has_no_line(playground):
    lines = lesson5.lines_of(np.array([[0.0, 3], [0, 4]]), np.array([1.0, 5]))
    assert np.isnan(lines[0]).all()
    np.testing.assert_allclose(lines[1], [[-3.8, 1.6], [2.6, -3.2], [-0.6, -0.8], [-0.522, -0.696]])
    playground.now["pictures"]["points"]["lines"] = plain(lines)
    assert playground.see({"tab": "points"})[0]["svg"].count("<g opacity") == 1


def test_networks_of_old_runs_are_forgotten_with_their_bytes_unless_ticked(playground):
    tracemalloc.start()
    trained(playground, *[{"epochs": 1, "first": 500}] * 4)
    playground.values = {**playground.values, "ticks": {"1": True, "3": False}}
    *_, last = trained(playground, *[{}] * 5)
    kept = [run.number for run in playground.trainer.runs if run.network is not None]
    (seen,) = playground.see(playground.values)
    assert kept == seen["numbers"]["shown"] == [1, 5, 6, 7, 8, 9]  # as the page shows them
    playground.values = {**playground.values, "ticks": {str(k): False for k in range(10)}}
    assert [run.number for run in playground.trainer.runs if run.network is not None] == [9]
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 6 * last.network.params["W1"].nbytes
    assert playground.trainer.examples(last.settings)[0].x is FEW.train[0]  # there is one copy


# ---- JavaScript against Python ----


def made_up(rng, number):
    """A run with random settings and curves, as it would be after a training."""
    epochs, seeds = range(1, rng.integers(2, 10)), range(rng.choice([1, 5]))
    curves = [[record(e, *rng.uniform(0.01, 1, 4)) for e in epochs] for _ in seeds]
    rate, low = 10.0 ** rng.integers(-3, 2), rng.choice([0.0, -1.0])
    return ended(number, *curves, learning_rate=rate, low=low)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_is_that_of_what_python_computes(playground, seed):
    rng = np.random.default_rng(seed)
    runs = [made_up(rng, number) for number in range(1, 8)]
    columns = {
        name: [run.as_data()["last"][name] for run in runs]
        for name in ("cost", "training", "validation", "epochs", "seconds")
    }
    columns |= {"run": range(1, 8), "η": [run.settings.learning_rate for run in runs]}
    columns["pixels"] = [run.settings.low < 0 for run in runs]
    for name, keys in columns.items():
        ways = [{"sort": {"column": name, "isDown": is_down}} for is_down in (False, True)]
        orders = [seen["numbers"]["sorted"] for seen in look(playground, runs, *ways)]
        in_order = [[keys[number - 1] for number in order] for order in orders]
        assert in_order == [sorted(keys), sorted(keys, reverse=True)]


def test_runs_are_named_by_up_to_three_settings_the_most_telling_first(playground):
    deep = {"sizes": (784, 30, 10, 10), "learning_rate": 1.26e-5}
    runs = [ended(1), ended(2, seed=1, **deep), ended(3, seed=2, momentum=0.0, **deep)]
    (seen,) = look(playground, runs)
    assert seen["numbers"]["names"] == [
        "run 1: seed 0, hidden 30, η 0.1",
        "run 2: seed 1, hidden 30-10, η 0.0000126",
        "run 3: seed 2, hidden 30-10, η 0.0000126",
    ]
    assert 'aria-sort="ascending"' in seen["rest"] and seen["rest"].count("<tr>") == 4


@pytest.mark.parametrize("cost", [1e33, np.inf, np.nan])
def test_a_diverged_run_is_marked_at_the_edge_and_does_not_flatten_the_others(playground, cost):
    good = ended(1, [record(1, 2.0), record(2, 0.5)])
    bad = ended(2, [record(1, 400.0), record(2, cost)], status="diverged")
    (seen,) = look(playground, [good, bad], {"sort": {"column": "cost"}})
    assert seen["numbers"]["sorted"] == [1, 2]  # a cost that grew without end is the largest
    assert seen["svg"].count(">diverged<") == 1
    assert ">1<" in seen["svg"] and ">1000<" not in seen["svg"]  # ticks are those of the good run
    check_drawing(seen)


@pytest.mark.parametrize("cost", [0.0009, 1.01, 2.05, 2.36, 5.2, 7.0, 99.0])
def test_the_axis_of_the_cost_has_two_ticks_or_more(playground, cost):
    (seen,) = look(playground, [ended(1, [record(1, cost), record(2, cost)])])
    ticks = [float(tick) for tick in re.findall(r'"end"[^>]*>([\d.]+)<', seen["svg"])]
    assert 2 <= len(ticks) <= 6 and max(ticks) > cost


def test_the_best_run_is_named_among_those_with_the_same_examples(playground):
    three = {"sizes": (784, 30, 3)}  # digits to tell apart, not ten
    runs = [ended(1, right=0.9), ended(2, right=0.99, **three), ended(3, right=0.8)]
    (seen,) = look(playground, runs)
    assert seen["says"].endswith("Best is run 1")
    assert re.findall("<b>(.*?)</b>", seen["rest"]) == ["90.00%", "99.00%"]
    assert "Best" not in look(playground, runs[:2])[0]["says"]
    (seen,) = look(playground, [ended(1, [record(1), record(2)], [record(1)])])
    assert "epoch 1 of 2, seed 2 of 2, on average 40.0%" in seen["says"]


def test_goals_are_noticed_and_not_what_nearly_reaches_them(playground):
    def goals(*runs):
        return look(playground, runs)[0]["goals"]

    blind = "it has not learned: one answer …"
    xor, spiral = ({"examples": name, "sizes": (2, 3, 2)} for name in ("XOR", "spiral"))
    good, level = ended(1, right=0.95), "without momentum as good as with 0.9"
    assert goals(ended(1, status="stopped", seeds=5, message=blind)) == []
    assert goals(ended(1, status="diverged")) == ["a run that diverges"]
    wanted = ["a first run", "five seeds", "a run that ends and has not learned"]
    assert goals(ended(1, seeds=5, message=blind)) == wanted
    assert "XOR with 3 hidden neurons or fewer, 95% right" in goals(ended(1, right=0.95, **xor))
    assert "the spiral, 95% right" in goals(ended(1, right=0.95, **spiral))
    assert level in goals(good, ended(2, right=0.942, momentum=0))
    assert level not in goals(good, ended(2, right=0.938, momentum=0))
    assert level not in goals(good, ended(2, right=0.95, momentum=0, activation="sigmoid"))
    large = ended(2, right=0.99, examples="XOR", sizes=(2, 4, 2))
    assert goals(ended(1, right=0.94, **spiral), large) == ["a first run"]
