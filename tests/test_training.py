"""Training: batches that visit everything once, records that are true, a safe end when it fails."""

from copy import deepcopy
from types import SimpleNamespace

import numpy as np
import pytest
from strategies import locked, refusals, rng

from nnlesson.layers import ReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SquaredError
from nnlesson.network import mlp
from nnlesson.optimizers import SGD, Momentum
from nnlesson.training import EpochRecord, mini_batches, train, train_epoch


def clouds(dtype=np.float64, **parts):
    """Three clouds of points, 60 to train and 30 to validate; or other parts."""
    numbers = rng()
    t = numbers.integers(0, 3, 90)
    x = (numbers.normal(0, 0.4, (90, 2)) + np.array([[0, 2], [2, 0], [-2, -2]])[t]).astype(dtype)
    pairs = {"train": locked(x[:60], t[:60]), "validation": locked(x[60:], t[60:])}
    return SimpleNamespace(**pairs | parts)


def network(activation=Sigmoid, loss=CrossEntropy, **more):
    return mlp([2, 8, 3], activation, loss(), 0.0, rng(), **more)


def runner(net, optimizer, data=None, **settings):
    usual = {"epochs": 5, "batch_size": 10, "rng": rng(3)}
    return train(net, data or clouds(), optimizer, **usual | settings)


@pytest.mark.parametrize("n, size", [(10, 5), (10, 3), (10, 1), (10, 10), (10, 99), (1, 1)])
def test_batches_visit_every_example_once_in_another_order_each_epoch(n, size):
    numbers = rng()
    first, second = (list(mini_batches(n, size, numbers)) for _ in range(2))
    assert sorted(np.concatenate(first)) == list(range(n))
    assert [len(b) for b in first] == [len(b) for b in np.split(np.arange(n), range(size, n, size))]
    assert n == 1 or not np.array_equal(np.concatenate(first), np.concatenate(second))


def test_training_learns_and_its_records_are_true():
    data, net = clouds(), network()
    before, _ = net.evaluate(*data.train)
    records = list(runner(net, Momentum(0.1), epochs=30))
    last = records[-1]
    assert [r.epoch for r in records] == list(range(1, 31))
    assert last.cost < records[0].cost < before
    assert (last.cost, last.train_accuracy) == net.evaluate(*data.train)
    assert last.validation_accuracy == net.evaluate(*data.validation)[1]
    assert last.train_accuracy > 0.95 and last.validation_accuracy > 0.9
    assert all(0 < r.seconds < 60 for r in records)


def test_one_epoch_is_one_step_for_every_batch():
    net, by_hand, (x, t) = network(), network(), clouds().train
    train_epoch(net, x, t, SGD(0.2), 25, rng(8))
    order = rng(8).permutation(60)
    for batch in (order[:25], order[25:50], order[50:]):
        SGD(0.2).update(by_hand.params, by_hand.gradients(x[batch], t[batch]))
    np.testing.assert_equal(net.params, by_hand.params)


def test_a_diverging_run_stops_with_a_sentence_and_the_weights_of_the_epoch_before():
    net, optimizer = network(ReLU, SquaredError), SGD(0.01)
    records = runner(net, optimizer, batch_size=1)
    first = next(records)  # a record comes after every epoch
    assert isinstance(first, EpochRecord)
    assert (first.epoch, first.cost) == (1, net.evaluate(*clouds().train)[0])
    next(records)
    kept, optimizer.learning_rate = deepcopy(net.params), 50.0
    said = r"diverged in epoch 3: the outputs became nan or inf at step \d+.*ten times smaller"
    with pytest.raises(FloatingPointError, match=said):
        next(records)
    np.testing.assert_equal(net.params, kept)


@pytest.mark.parametrize("size, said", [(30, "at step 2"), (60, "z holds nan")])
def test_an_overflow_is_noticed_in_the_next_step_or_at_the_end_of_the_epoch(size, said):
    net = network()
    right = net.gradients
    net.gradients = lambda x, t: {name: g * np.inf for name, g in right(x, t).items()}
    with pytest.raises(FloatingPointError, match=f"diverged in epoch 1: .*{said}"):
        next(runner(net, SGD(0.1), batch_size=size))
    np.testing.assert_equal(net.params, network().params)


def test_an_overflow_of_the_cost_alone_is_noticed():
    net = network(ReLU, SquaredError, dtype=np.float32)
    net.params["b2"][...] = 1e25  # outputs that are finite, with squares that are not
    with pytest.raises(FloatingPointError, match="the cost holds inf; only finite numbers work"):
        next(runner(net, SGD(1e-30), clouds(np.float32)))


def tried(parts=None, **settings):
    """A run with these parts of the data or settings, which must leave the weights alone."""

    def call():
        net = network()
        try:
            list(runner(net, SGD(0.1), clouds(**parts or {}), **settings))
        finally:
            np.testing.assert_equal(net.params, network().params)

    return call


X, T = np.zeros((4, 2)), np.zeros(4, int)
test_bad_settings_and_data_are_refused = refusals(
    (tried(epochs=0), ValueError, "epochs must be a whole number, 1 or above"),
    (tried(rng=1), TypeError, "rng must be"),
    (tried({"train": (X, T[:3])}), ValueError, "4 training examples came with 3 labels"),
    (tried({"validation": (X + np.inf, T)}), ValueError, "validation examples holds inf"),
    (tried({"train": (X, T + 3)}), ValueError, r"0\.\.2 for 3 outputs, but one is 3"),
    (tried({"train": (X, T * 0.5)}), TypeError, "labels must be a NumPy array of integers"),
)
