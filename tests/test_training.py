"""Training: batches that visit everything once, records that are true, a safe end when it fails."""

from types import SimpleNamespace

import numpy as np
import pytest
from strategies import assert_params, params_of

from nnlesson.layers import ReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy, SquaredError
from nnlesson.network import mlp
from nnlesson.optimizers import SGD, Momentum
from nnlesson.training import EpochRecord, mini_batches, train, train_epoch


def clouds(n=90, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    t = rng.integers(0, 3, n)
    x = (rng.normal(0, 0.4, (n, 2)) + np.array([[0, 2], [2, 0], [-2, -2]])[t]).astype(dtype)
    return SimpleNamespace(train=(x[: n - 30], t[: n - 30]), validation=(x[n - 30 :], t[n - 30 :]))


def network(activation=Sigmoid, loss=CrossEntropy, seed=0, **more):
    return mlp([2, 8, 3], activation, loss(), 0.0, np.random.default_rng(seed), **more)


def run(net, data, optimizer, epochs=5, batch_size=10, seed=3):
    rng = np.random.default_rng(seed)
    return list(train(net, data, optimizer, epochs=epochs, batch_size=batch_size, rng=rng))


@pytest.mark.parametrize("n, size", [(10, 5), (10, 3), (10, 1), (10, 10), (10, 99), (1, 1)])
def test_batches_visit_every_example_once(n, size):
    batches = list(mini_batches(n, size, np.random.default_rng(0)))
    assert sorted(np.concatenate(batches)) == list(range(n))
    assert [len(b) for b in batches[:-1]] == [size] * (len(batches) - 1)
    assert 1 <= len(batches[-1]) <= size


def test_batches_come_in_another_order_each_epoch():
    rng = np.random.default_rng(0)
    first, second = (np.concatenate(list(mini_batches(50, 7, rng))) for _ in range(2))
    assert not np.array_equal(first, second)


def test_training_learns_and_its_records_are_true():
    data, net = clouds(), network()
    before, _ = net.evaluate(*data.train)
    records = run(net, data, Momentum(0.1), epochs=30)
    assert [r.epoch for r in records] == list(range(1, 31))
    assert records[0].cost < before and records[-1].cost < records[0].cost
    assert (records[-1].cost, records[-1].train_accuracy) == net.evaluate(*data.train)
    assert records[-1].validation_accuracy == net.evaluate(*data.validation)[1]
    assert records[-1].train_accuracy > 0.95 and records[-1].validation_accuracy > 0.9
    assert all(0 < r.seconds < 60 for r in records)


def test_one_epoch_is_one_step_for_every_batch():
    data, net, by_hand = clouds(), network(), network()
    x, t = data.train
    train_epoch(net, x, t, SGD(0.2), 25, np.random.default_rng(8))
    order = np.random.default_rng(8).permutation(60)
    for batch in (order[:25], order[25:50], order[50:]):
        grads = by_hand.gradients(x[batch], t[batch])
        SGD(0.2).update(by_hand.params, grads)
    assert_params(net, by_hand.params)


def test_the_same_seed_gives_the_same_run():
    a, b = (run(network(), clouds(), SGD(0.1)) for _ in "ab")
    assert [r[:4] for r in a] == [r[:4] for r in b]
    assert [r[:4] for r in run(network(), clouds(), SGD(0.1), seed=4)] != [r[:4] for r in a]


def test_training_changes_neither_data_nor_types():
    data, net = clouds(dtype=np.float32), network(ReLU, SoftmaxCrossEntropy, dtype=np.float32)
    for array in (*data.train, *data.validation):
        array.flags.writeable = False
    run(net, data, Momentum(0.05))
    assert {p.dtype for p in net.params.values()} == {np.dtype(np.float32)}


def test_a_record_comes_after_every_epoch_not_at_the_end():
    data, net = clouds(), network()
    runner = train(net, data, SGD(0.1), epochs=50, batch_size=10, rng=np.random.default_rng(0))
    first = next(runner)
    assert isinstance(first, EpochRecord) and first.epoch == 1
    assert first.cost == net.evaluate(*data.train)[0]  # the weights are those of epoch 1


def overflowing(net):
    """The network from now on with infinite slopes."""
    right = net.gradients
    net.gradients = lambda x, t: {name: g * np.inf for name, g in right(x, t).items()}


def test_a_diverging_run_stops_with_a_sentence_and_the_last_good_weights():
    net = network(ReLU, SquaredError, scale=1.0)
    start = params_of(net)
    words = r"diverged in epoch 1: the outputs became nan or inf at step \d+.*ten times smaller"
    with pytest.raises(FloatingPointError, match=words):
        run(net, clouds(), SGD(50.0), epochs=3, batch_size=1)
    assert_params(net, start)


def test_the_weights_put_back_are_those_of_the_epoch_before():
    net, data = network(), clouds()
    rng = np.random.default_rng(0)
    runner = train(net, data, SGD(0.1), epochs=9, batch_size=10, rng=rng)
    next(runner)
    next(runner)
    kept = params_of(net)
    overflowing(net)
    with pytest.raises(FloatingPointError, match=r"diverged in epoch 3: .* at step 2"):
        next(runner)
    assert_params(net, kept)


def test_an_overflow_in_the_last_step_of_an_epoch_is_noticed():
    net = network()
    overflowing(net)
    with pytest.raises(FloatingPointError, match="diverged in epoch 1: z holds"):
        run(net, clouds(), SGD(0.1), epochs=1, batch_size=60)
    assert all(np.isfinite(p).all() for p in net.params.values())


def test_a_cost_too_large_to_count_ends_the_run():
    net, data = network(ReLU, SquaredError, dtype=np.float32), clouds(dtype=np.float32)
    net.params["b2"][...] = 1e25  # outputs that are finite, with squares that are not
    words = "diverged in epoch 1: the cost holds inf; only finite numbers work"
    with pytest.raises(FloatingPointError, match=words):
        run(net, data, SGD(1e-30), epochs=1)


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"epochs": 0}, ValueError, "epochs must be a whole number, 1 or above"),
        ({"batch_size": "10"}, ValueError, "batch_size must be"),
        ({"rng": 1}, TypeError, "rng must be a Generator"),
    ],
)
def test_bad_settings_are_refused(change, error, words):
    settings = {"epochs": 1, "batch_size": 10, "rng": np.random.default_rng(0)} | change
    with pytest.raises(error, match=words):
        list(train(network(), clouds(), SGD(0.1), **settings))


def with_data(**change):
    data = clouds()
    for name, pair in change.items():
        setattr(data, name, pair)
    return data


X, T = np.zeros((4, 2)), np.zeros(4, int)


@pytest.mark.parametrize(
    "data, error, words",
    [
        (with_data(train=(X, T[:3])), ValueError, "4 training examples came with 3 labels"),
        (with_data(validation=(X + np.inf, T)), ValueError, "validation examples holds inf"),
        (with_data(train=(X.astype(np.uint8), T)), TypeError, "training examples must be an array"),
        (with_data(train=(X[:0], T[:0])), ValueError, r"shape \(0, 2\)"),
        (with_data(train=(X, T + 3)), ValueError, r"0\.\.2 for 3 outputs, but one is 3"),
        (with_data(train=(X, T * 0.5)), TypeError, "labels must be a NumPy array of integers"),
    ],
)
def test_bad_data_is_refused(data, error, words):
    net = network()
    start = params_of(net)
    with pytest.raises(error, match=words):
        run(net, data, SGD(0.1))
    assert_params(net, start)
