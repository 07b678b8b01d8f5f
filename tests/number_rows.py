"""The public functions of the taught modules, each with its arguments and an independent formula.

`test_numbers.py` calls every row with extreme, damaged and misshapen arguments. The formulas are
written a second time here, in another way, and computed with more digits where the machine has
them (np.longdouble).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from nnlesson import activations, derivation, gradient, images, layers, losses, mistakes, perceptron
from nnlesson.network import Network, check_gradients, mlp
from nnlesson.optimizers import SGD, Momentum
from nnlesson.training import mini_batches, train, train_epoch

NOT_NUMBERS = (np.nan, np.inf, -np.inf, "1", None, [1.0], np.array([1.0, 2.0]), 1j)
NOT_POSITIVE = (*NOT_NUMBERS, 0, -1)
NOT_COUNTS = (*NOT_POSITIVE, 2.5, True)
NOT_WHOLE = (*NOT_NUMBERS, 2.5, True)
NOT_GENERATORS = (None, 0, np.random, np.random.RandomState(0))


@dataclass(frozen=True)
class Row:
    """How to call one function, and what is right.

    shapes: for each array, a letter per axis; equal letters are equal lengths; the length of a
    capital letter is fixed. "*": any shape. shares: which hold 0 to 1, as pixels do.
    labels: which of them are labels, whole numbers 0 .. k-1. lists: which are given as lists.
    scalars: for each other argument (a good value, values that must be refused).
    right: the formula, with the same arguments. changes: arguments the function may modify.
    measures: it takes differences, so that few digits are left; extreme numbers leave none.
    unit: the size of a usual result; rounding errors are as large as those of this number.
    digits: the relative error allowed where the result has fewer digits than the arguments.
    """

    covers: tuple[str, ...]
    call: Callable
    right: Callable
    shapes: dict[str, str] = field(default_factory=dict)
    scalars: dict[str, tuple[Any, tuple]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    measures: bool = False
    unit: float = 1.0
    digits: float = 0.0

    def __str__(self) -> str:
        return self.covers[-1] + (" of " + "+".join(self.shapes) if len(self.shapes) > 1 else "")


# ---- the formulas ----


def one_hot(t, k):
    return np.array([[1.0 if j == label else 0.0 for j in range(k)] for label in t])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    if z.ndim > 1:
        return np.array([softmax(row) for row in z])
    return np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z)))


def soft_plus(z):
    """log(1 + e^z)"""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def cross_entropy(z, t):
    return np.mean([np.sum(soft_plus(row)) - row[j] for row, j in zip(z, t, strict=True)])


def cross_entropy_slope(z, t):
    return (sigmoid(z) - one_hot(t, z.shape[1])) / len(z)


def softmax_cross_entropy(z, t):
    pairs = zip(z, t, strict=True)
    return np.mean([np.log(np.sum(np.exp(r - max(r)))) + max(r) - r[j] for r, j in pairs])


def softmax_slope(z, t):
    return (softmax(z) - one_hot(t, z.shape[1])) / len(z)


def outputs(W1, b1, W2, b2, x):
    return sigmoid(x @ W1 + b1) @ W2 + b2


def slopes(W1, b1, W2, b2, x, t, l2=0.0, loss_slope=cross_entropy_slope):
    a = sigmoid(x @ W1 + b1)
    dz2 = loss_slope(a @ W2 + b2, t)
    dz1 = dz2 @ W2.T * a * (1 - a)
    return {
        "W1": x.T @ dz1 + l2 * W1,
        "b1": np.sum(dz1, axis=0),
        "W2": a.T @ dz2 + l2 * W2,
        "b2": np.sum(dz2, axis=0),
    }


def cost(W1, b1, W2, b2, x, t, l2=0.0):
    penalty = l2 / 2 * (np.sum(W1**2) + np.sum(W2**2))
    return cross_entropy(outputs(W1, b1, W2, b2, x), t) + penalty


def share_right(z, t):
    return np.mean([int(np.argmax(row)) == label for row, label in zip(z, t, strict=True)])


def relative_error(a, b):
    size = np.max(np.abs(a) + np.abs(b))
    return np.max(np.abs(a - b)) / size if size > 0 else 0.0


def epoch_by_hand(W1, b1, W2, b2, x, t, batch_size=2, rate=0.125):
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    order = np.random.default_rng(7).permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        grads = slopes(**params, x=x[batch], t=t[batch])
        params = {name: p - rate * grads[name] for name, p in params.items()}
    return params


def surest_mistakes(probabilities, labels):
    wrong = [i for i, row in enumerate(probabilities) if int(np.argmax(row)) != labels[i]]
    return np.array(sorted(wrong, key=lambda i: -max(probabilities[i])), dtype=int)


def counts(labels, predicted):
    pairs = list(zip(labels, predicted, strict=True))
    return np.array([[pairs.count((i, j)) for j in range(N_CLASSES)] for i in range(N_CLASSES)])


def groups(probabilities, labels, n_bins):
    found = [[] for _ in range(n_bins)]
    for row, label in zip(probabilities, labels, strict=True):
        found[min(int(max(row) * n_bins), n_bins - 1)].append((max(row), np.argmax(row) == label))
    means = [np.mean(group, axis=0) if group else (np.nan, np.nan) for group in found]
    return *np.transpose(means), np.array([len(group) for group in found])


def tent(places):
    """Share (..., 28) of each of 28 pixels in the value at these places."""
    return np.maximum(0, 1 - np.abs(np.asarray(places)[..., np.newaxis] - np.arange(28)))


def read_at(tiles, rows, columns):
    return np.einsum("nij,pqi,pqj->npq", tiles, tent(rows), tent(columns))


def turned(pixels, degrees):
    y, x = np.meshgrid(np.arange(28), np.arange(28), indexing="ij")
    place = (x - 13.5 + 1j * (y - 13.5)) * np.exp(1j * np.pi * degrees / 180)
    tiles = read_at(pixels.reshape(-1, 28, 28), place.imag + 13.5, place.real + 13.5)
    return tiles.reshape(pixels.shape)


def moved(pixels, dx, dy):
    y, x = np.meshgrid(np.arange(28), np.arange(28), indexing="ij")
    return read_at(pixels.reshape(-1, 28, 28), y - dy, x - dx).reshape(pixels.shape)


def half_thicker(pixels, amount):
    around = [moved(pixels, *step) for step in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))]
    return pixels + amount * (np.max(around, axis=0) - pixels)


def noisy(pixels, deviation, rng):
    noise = deviation * np.random.default_rng(3).standard_normal(pixels.shape)
    return np.clip(pixels + noise, 0, 1)


def moved_each(pixels, reach, rng):
    reach = int(reach)
    dx, dy = np.random.default_rng(3).integers(-reach, reach + 1, (2, len(pixels)))
    return np.array([moved(pixels[i : i + 1], dx[i], dy[i])[0] for i in range(len(pixels))])


def smooth_noise(size, smooth, rng):
    noise = np.random.default_rng(3).standard_normal((2, 28, 28))
    bells = [[np.exp(-((i - j) ** 2) / smooth**2 / 2) for j in range(28)] for i in range(28)]
    bells = np.array([row / np.linalg.norm(row) for row in np.array(bells)])
    return size * np.einsum("ai,nij,bj->nab", bells, noise, bells)


def covered(old, new):
    """How much of each old pixel is in each new one: pixels cut into pieces, and pieces taken."""
    pieces = np.repeat(np.eye(old), new, axis=0)
    return pieces.reshape(new, old, old).mean(axis=1)


def shrunk(drawing, height, width):
    return covered(len(drawing), height) @ drawing @ covered(drawing.shape[1], width).T


def without_paper(drawing):
    y, x = np.nonzero(drawing)
    return drawing[y.min() : y.max() + 1, x.min() : x.max() + 1]


def placed(small):
    h, w = small.shape
    image, total = np.zeros((28, 28), small.dtype), small.sum()
    y, x = (np.sum(i * small) / total for i in np.indices((h, w)))
    top, left = min(max(round(14 - y), 0), 28 - h), min(max(round(14 - x), 0), 28 - w)
    image[top : top + h, left : left + w] = small
    return image


def like_mnist(drawing):
    part = without_paper(drawing)
    h, w = (max(1, round(20 * side / max(part.shape))) for side in part.shape)
    return placed(shrunk(part, h, w)).reshape(1, 784)


def pen(size, width):
    """A stroke from (10, 20) to (40, 20) by distance, pixel by pixel."""
    ink = np.zeros((size, size))
    for y in range(size):
        for x in range(size):
            away = np.hypot(max(10 - x, 0, x - 40), y - 20)
            ink[y, x] = min(1, max(0, width / 2 - away + 0.5))
    return ink


# ---- calls that need an object first ----

N_CLASSES = 5  # the number of classes in calls that are told it
PARAMS = {"W1": "dm", "b1": "m", "W2": "mk", "b2": "k"}


def network(W1, b1, W2, b2, l2=0.0, loss=losses.CrossEntropy):
    chain = [layers.Affine(W1, b1), layers.Sigmoid(), layers.Affine(W2, b2)]
    return Network(chain, loss(), l2)


def affine_backward(W, b, x, dout):
    layer = layers.Affine(W, b)
    layer.forward(x)
    return layer.backward(dout), layer.dW, layer.db


def after_forward(make):
    def backward(z, dout, **settings):
        layer = make(**settings)
        layer.forward(z)
        return layer.backward(dout)

    return backward


def slope_after(loss):
    def backward(z, t):
        made = loss()
        made.forward(z, t)
        return made.backward()

    return backward


def updated(optimizer, steps=1):
    def update(p, g, **settings):
        made = optimizer(**settings)
        for _ in range(steps):
            made.update({"p": p}, {"p": g})
        return p

    return update


def momentum_by_hand(p, g, learning_rate, momentum):
    v = -learning_rate * g
    return p + v + (momentum * v - learning_rate * g)


def trained(W1, b1, W2, b2, x, t, x2, t2, **settings):
    net = network(W1, b1, W2, b2)
    data = SimpleNamespace(train=(x, t), validation=(x2, t2))
    settings = {"epochs": 1, "batch_size": 2, "rng": np.random.default_rng(7)} | settings
    (record,) = train(net, data, SGD(0.125), **settings)
    return record.cost, record.train_accuracy, record.validation_accuracy, net.params


def trained_by_hand(W1, b1, W2, b2, x, t, x2, t2):
    params = epoch_by_hand(W1, b1, W2, b2, x, t)
    shares = [share_right(outputs(**params, x=data), t_) for data, t_ in ((x, t), (x2, t2))]
    return cost(**params, x=x, t=t), *shares, params


def one_epoch(W1, b1, W2, b2, x, t):
    net = network(W1, b1, W2, b2)
    train_epoch(net, x, t, SGD(0.125), 2, np.random.default_rng(7))
    return net.params


def initial_weights(sizes, scale, l2, rng):
    net = mlp(sizes, layers.ReLU, losses.CrossEntropy(), l2, seeded(rng), scale)
    return net.params, net.l2


def initial_by_hand(sizes, scale, l2, rng):
    rng = np.random.default_rng(3)
    params = {}
    for i, (d, m) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), start=1):
        deviation = (2 / d) ** 0.5 if scale is None else scale
        params |= {f"W{i}": deviation * rng.standard_normal((d, m)), f"b{i}": np.zeros(m)}
    return params, l2


def cut_up(n, batch_size, rng):
    return list(mini_batches(n, batch_size, seeded(rng)))


def cut_by_hand(n, batch_size, rng):
    order = np.random.default_rng(3).permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def flat(z):
    return z.ravel() if isinstance(z, np.ndarray) else z


def neuron(weights, bias, x):
    made = perceptron.Perceptron(weights, bias)
    made.forward(x)
    return made


def updated_neuron(weights, bias, x, delta, learning_rate):
    made = neuron(weights, bias, x)
    made.delta = delta
    made.update(learning_rate)
    return made.weights, made.bias


def two_neurons(w, v):
    """A layer of two neurons: their outputs."""
    layer = perceptron.PerceptronLayer(1, 2, np.random.default_rng(0))
    layer.neurons = [perceptron.Perceptron(w, 0.5), perceptron.Perceptron(v, -0.5)]
    return layer


def object_network(w, v, u, x):
    """Two neurons, then one: the network, after its forward pass."""
    last = perceptron.PerceptronLayer(2, 1, np.random.default_rng(0))
    last.neurons = [perceptron.Perceptron(u, 0.25)]
    net = perceptron.PerceptronNetwork([two_neurons(w, v), last])
    net.answer = net.forward(x)
    return net


def object_deltas(w, v, u, x, target):
    net = object_network(w, v, u, x)
    net.backward(target)
    return [n.delta for layer in net.layers for n in layer.neurons]


def deltas_by_hand(w, v, u, x, target):
    a = np.array([sigmoid(w @ x + 0.5), sigmoid(v @ x - 0.5)])
    y = sigmoid(u @ a + 0.25)
    last = (y - target[0]) * y * (1 - y)
    return [*(last * u * a * (1 - a)), last]


def object_update(w, v, u, x, target, learning_rate):
    net = object_network(w, v, u, x)
    net.backward(target)
    net.update(learning_rate)
    return [[*n.weights, n.bias] for layer in net.layers for n in layer.neurons]


def update_by_hand(w, v, u, x, target, learning_rate):
    first, second, last = deltas_by_hand(w, v, u, x, target)
    a = np.array([sigmoid(w @ x + 0.5), sigmoid(v @ x - 0.5)])
    steps = [(w, 0.5, first, x), (v, -0.5, second, x), (u, 0.25, last, a)]
    return [
        [*(p - learning_rate * delta * i), bias - learning_rate * delta]
        for p, bias, delta, i in steps
    ]


def object_accuracy(images, labels):
    d = max(1, np.shape(images)[-1]) if np.ndim(images) else 1
    layer = perceptron.PerceptronLayer(d, N_CLASSES, np.random.default_rng(0))
    return perceptron.PerceptronNetwork([layer]).accuracy(images, labels)


def accuracy_by_hand(images, labels):
    d = len(images[0])
    W = np.random.default_rng(0).normal(0, d**-0.5, (N_CLASSES, d)).astype(np.longdouble)
    return share_right([sigmoid(W @ np.asarray(x)) for x in images], labels)


def first_weights(n_inputs, n_neurons, rng):
    layer = perceptron.PerceptronLayer(n_inputs, n_neurons, seeded(rng))
    return [[*n.weights, n.bias] for n in layer.neurons]


def first_weights_by_hand(n_inputs, n_neurons, rng):
    W = np.random.default_rng(3).standard_normal((n_neurons, n_inputs)) / n_inputs**0.5
    return np.column_stack([W, np.zeros(n_neurons)])


def sum_of_squares(x):
    return 0.5 * float(np.sum(x**2))


def seeded(rng):
    return np.random.default_rng(3) if rng == "seeded" else rng


def pixels(name, right, **scalars):
    """A row of `images` whose first argument is images (n, 784)."""
    function = getattr(images, name)

    def call(images, **others):
        if "rng" in others:
            others["rng"] = seeded(others["rng"])
        return function(images, **others)

    def plain(images, **others):
        return right(images, **others)

    return Row((f"images.{name}",), call, plain, {"images": "nP"}, scalars, shares=("images",))


def elementwise(name, right, unit=1.0, **scalars):
    function = getattr(activations, name)
    return Row((f"activations.{name}",), function, right, {"z": "*"}, scalars, unit=unit)


def loss_rows(loss, right, right_slope):
    name, shapes = loss.__name__, {"z": "nk", "t": "n"}
    return [
        Row((f"losses.{name}.forward",), lambda z, t: loss().forward(z, t), right, shapes,
            labels=("t",)),
        Row((f"losses.{name}.backward",), slope_after(loss), right_slope, shapes, labels=("t",)),
    ]  # fmt: skip


def layer_rows(make, right, right_slope, **scalars):
    name = make.__name__
    both = {"z": "nd", "dout": "nd"}
    covers = (f"layers.{name}.__init__",) if scalars else ()
    return [
        Row((*covers, f"layers.{name}.forward"), lambda z, **s: make(**s).forward(z), right,
            {"z": "*"}, scalars=scalars),
        Row((f"layers.{name}.backward",), after_forward(make), right_slope, both, scalars=scalars),
    ]  # fmt: skip


ALPHA = {"alpha": (0.25, NOT_NUMBERS)}
RATE = {"learning_rate": (0.125, (*NOT_POSITIVE, True))}
MOMENTUM = {**RATE, "momentum": (0.5, (*NOT_NUMBERS, -0.5, 1, 1.5))}
SEEDED = ("seeded", NOT_GENERATORS)
H = {"h": (1e-5, NOT_POSITIVE)}

ROWS = [
    # ---- perceptron ----
    Row(("perceptron.scalar_sigmoid",),
        lambda z: np.reshape([perceptron.scalar_sigmoid(v) for v in flat(z)], np.shape(z)),
        sigmoid, {"z": "*"}),
    Row(("perceptron.Perceptron.__init__", "perceptron.Perceptron.forward"),
        lambda weights, bias, x: neuron(weights, bias, x).y,
        lambda weights, bias, x: sigmoid(weights @ x + bias),
        {"weights": "d", "x": "d"}, {"bias": (0.5, NOT_NUMBERS)}, lists=("weights", "x")),
    Row(("perceptron.Perceptron.slope",),
        lambda weights, x: neuron(weights, 0.5, x).slope(),
        lambda weights, x: sigmoid(weights @ x + 0.5) * (1 - sigmoid(weights @ x + 0.5)),
        {"weights": "d", "x": "d"}, lists=("weights", "x")),
    Row(("perceptron.Perceptron.update",),
        lambda weights, x, learning_rate: updated_neuron(weights, 0.5, x, 3.0, learning_rate),
        lambda weights, x, learning_rate: (
            weights - 3 * learning_rate * x, 0.5 - 3 * learning_rate),
        {"weights": "d", "x": "d"}, RATE, lists=("weights", "x")),
    Row(("perceptron.PerceptronLayer.__init__",), first_weights, first_weights_by_hand,
        scalars={"n_inputs": (4, NOT_COUNTS), "n_neurons": (3, NOT_COUNTS),
                 "rng": SEEDED}),
    Row(("perceptron.PerceptronLayer.forward",), lambda w, v, x: two_neurons(w, v).forward(x),
        lambda w, v, x: [sigmoid(w @ x + 0.5), sigmoid(v @ x - 0.5)],
        {"w": "d", "v": "d", "x": "d"}, lists=("w", "v", "x")),
    Row(("perceptron.PerceptronNetwork.__init__", "perceptron.PerceptronNetwork.forward"),
        lambda w, v, x: object_network(w, v, [1.0, -2.0], x).answer,
        lambda w, v, x: [sigmoid(sigmoid(w @ x + 0.5) - 2 * sigmoid(v @ x - 0.5) + 0.25)],
        {"w": "d", "v": "d", "x": "d"}, lists=("w", "v", "x")),
    Row(("perceptron.PerceptronNetwork.backward",),
        lambda w, v, x, target: object_deltas(w, v, [1.0, -2.0], x, target),
        lambda w, v, x, target: deltas_by_hand(w, v, np.array([1.0, -2.0]), x, target),
        {"w": "d", "v": "d", "x": "d", "target": "1"}, lists=("w", "v", "x", "target")),
    Row(("perceptron.PerceptronNetwork.update",),
        lambda w, v, x, learning_rate: object_update(w, v, [1.0, -2.0], x, [1.0], learning_rate),
        lambda w, v, x, learning_rate: update_by_hand(
            w, v, np.array([1.0, -2.0]), x, [1.0], learning_rate),
        {"w": "d", "v": "d", "x": "d"}, RATE, lists=("w", "v", "x")),
    Row(("perceptron.PerceptronNetwork.accuracy",), object_accuracy, accuracy_by_hand,
        {"images": "nd", "labels": "n"}, labels=("labels",), lists=("images", "labels")),
    # ---- activations ----
    elementwise("step", lambda z: np.where(z >= 0, 1.0, 0.0)),
    elementwise("identity", lambda z: z, unit=0),
    elementwise("sigmoid", sigmoid),
    elementwise("relu", lambda z: np.where(z > 0, z, 0), unit=0),
    elementwise("leaky_relu", lambda z, alpha: np.where(z > 0, z, alpha * z), unit=0, **ALPHA),
    elementwise("sigmoid_prime", lambda z: sigmoid(z) * (1 - sigmoid(z))),
    elementwise("relu_prime", lambda z: np.where(z > 0, 1.0, 0.0)),
    elementwise("leaky_relu_prime", lambda z, alpha: np.where(z > 0, 1.0, alpha), **ALPHA),
    elementwise("softmax", softmax),
    # ---- derivation ----
    Row(("derivation.check_derivation",),
        lambda x, y, tolerance: derivation.check_derivation(
            [("2 x y", lambda x, y: 2 * x * y), ("x y + x y", lambda x, y: x * y + x * y)],
            (x, y), tolerance),
        lambda x, y, tolerance: 2,
        {"x": "n", "y": "n"}, {"tolerance": (1e-9, (*NOT_NUMBERS, -1e-9))}),
    # ---- losses ----
    Row(("losses.one_hot",), lambda t, k: losses.one_hot(t, k), one_hot,
        {"t": "n"}, {"k": (N_CLASSES, NOT_COUNTS)}, labels=("t",)),
    Row(("losses.check_outputs",), lambda z: losses.check_outputs(z) or z, lambda z: z,
        {"z": "nk"}),
    *loss_rows(losses.SquaredError,
               lambda z, t: np.sum((z - one_hot(t, z.shape[1])) ** 2) / 2 / len(z),
               lambda z, t: (z - one_hot(t, z.shape[1])) / len(z)),
    Row(("losses.SquaredError.forward",), lambda z, t: losses.SquaredError().forward(z, t),
        lambda z, t: np.sum((z - t) ** 2) / 2 / len(z), {"z": "nk", "t": "nk"}),
    Row(("losses.SquaredError.backward",), slope_after(losses.SquaredError),
        lambda z, t: (z - t) / len(z), {"z": "nk", "t": "nk"}),
    *loss_rows(losses.CrossEntropy, cross_entropy, cross_entropy_slope),
    *loss_rows(losses.SoftmaxCrossEntropy, softmax_cross_entropy, softmax_slope),
    Row(("losses.softmax_costs",), losses.softmax_costs,
        lambda z, t: [softmax_cross_entropy(version, t) for version in z],
        {"z": "snk", "t": "n"}, labels=("t",)),
    # ---- gradient ----
    Row(("gradient.numerical_gradient",),
        lambda x, h: gradient.numerical_gradient(sum_of_squares, x, h), lambda x, h: x,
        {"x": "*"}, H, measures=True),
    Row(("gradient.unit_slopes",),
        lambda x, z, w, outputs, h: gradient.unit_slopes(
            x, z, activations.sigmoid, w, outputs, lambda versions: versions.sum(axis=(1, 2)), h),
        lambda x, z, w, outputs, h: np.append(x, np.ones((len(x), 1)), axis=1).T
        @ (sigmoid(z) * (1 - sigmoid(z)) * w.sum()),
        {"x": "nd", "z": "n", "w": "k", "outputs": "nk"}, H, measures=True),
    Row(("gradient.fast_numerical_gradient",),
        lambda x, t, h, **params: gradient.fast_numerical_gradient(
            params, x, t, activations.sigmoid, losses.softmax_costs, h),
        lambda x, t, h, **params: slopes(**params, x=x, t=t, loss_slope=softmax_slope),
        {**PARAMS, "x": "nd", "t": "n"}, H, labels=("t",), measures=True),
    Row(("gradient.relative_error",), gradient.relative_error, relative_error,
        {"a": "nd", "b": "nd"}),
    # ---- layers ----
    Row(("layers.Affine.__init__", "layers.Affine.forward"),
        lambda W, b, x: layers.Affine(W, b).forward(x), lambda W, b, x: x @ W + b,
        {"W": "dm", "b": "m", "x": "nd"}),
    Row(("layers.Affine.backward",), affine_backward,
        lambda W, b, x, dout: (dout @ W.T, x.T @ dout, np.sum(dout, axis=0)),
        {"W": "dm", "b": "m", "x": "nd", "dout": "nm"}),
    *layer_rows(layers.Sigmoid, sigmoid, lambda z, dout: dout * sigmoid(z) * (1 - sigmoid(z))),
    *layer_rows(layers.ReLU, lambda z: np.where(z > 0, z, 0),
                lambda z, dout: dout * np.where(z > 0, 1.0, 0.0)),
    *layer_rows(layers.LeakyReLU, lambda z, alpha: np.where(z > 0, z, alpha * z),
                lambda z, dout, alpha: dout * np.where(z > 0, 1.0, alpha), **ALPHA),
    # ---- network ----
    Row(("network.Network.__init__", "network.Network.forward"),
        lambda x, **params: network(**params).forward(x), outputs, {**PARAMS, "x": "nd"}),
    Row(("network.Network.predict",), lambda x, **params: network(**params).predict(x),
        lambda x, **params: sigmoid(outputs(**params, x=x)), {**PARAMS, "x": "nd"}),
    Row(("network.Network.penalty",), lambda l2, **params: network(**params, l2=l2).penalty(),
        lambda l2, W1, W2, **biases: l2 / 2 * (np.sum(W1**2) + np.sum(W2**2)),
        {"W1": "dm", "b1": "m", "W2": "vk", "b2": "k"}, {"l2": (0.5, (*NOT_NUMBERS, -0.5, True))}),
    Row(("network.Network.cost",),
        lambda x, t, **params: network(**params, l2=0.5).cost(x, t),
        lambda x, t, **params: cost(**params, x=x, t=t, l2=0.5),
        {**PARAMS, "x": "nd", "t": "n"}, labels=("t",)),
    Row(("network.Network.gradients",),
        lambda x, t, **params: network(**params, l2=0.5).gradients(x, t),
        lambda x, t, **params: slopes(**params, x=x, t=t, l2=0.5),
        {**PARAMS, "x": "nd", "t": "n"}, labels=("t",)),
    Row(("network.Network.evaluate",),
        lambda x, t, **params: network(**params).evaluate(x, t),
        lambda x, t, **params: (
            cost(**params, x=x, t=t), share_right(outputs(**params, x=x), t)),
        {**PARAMS, "x": "nd", "t": "n"}, labels=("t",)),
    Row(("network.mlp",), initial_weights, initial_by_hand,
        scalars={
            "sizes": ([4, 3, 2], ([], [3], [3, 0], [3, -1], [3, 2.5], [3, np.nan], ["3", 2], 5)),
            "scale": (0.5, (*(v for v in NOT_NUMBERS if v is not None), -0.5, True)),
            "l2": (0.5, (*NOT_NUMBERS, -0.5, True)),
            "rng": SEEDED}),
    Row(("network.check_gradients",),
        lambda x, t, h, **params: check_gradients(network(**params), x, t, h),
        lambda x, t, h, **params: dict.fromkeys(params, 0.0),
        {**PARAMS, "x": "nd", "t": "n"}, H, labels=("t",), measures=True),
    # ---- optimizers ----
    Row(("optimizers.SGD.__init__", "optimizers.SGD.update"), updated(SGD),
        lambda p, g, learning_rate: p - learning_rate * g, {"p": "nd", "g": "nd"}, RATE,
        changes=("p",)),
    Row(("optimizers.Momentum.__init__", "optimizers.Momentum.update"), updated(Momentum, 2),
        momentum_by_hand, {"p": "nd", "g": "nd"}, MOMENTUM, changes=("p",)),
    # ---- training ----
    Row(("training.mini_batches",), cut_up, cut_by_hand,
        scalars={"n": (7, NOT_COUNTS), "batch_size": (3, NOT_COUNTS),
                 "rng": SEEDED}),
    Row(("training.train_epoch",), one_epoch, epoch_by_hand,
        {**PARAMS, "x": "nd", "t": "n"}, labels=("t",), changes=tuple(PARAMS)),
    Row(("training.train",), trained, trained_by_hand,
        {**PARAMS, "x": "nd", "t": "n", "x2": "vd", "t2": "v"}, labels=("t", "t2"),
        changes=tuple(PARAMS)),
    # ---- mistakes ----
    Row(("mistakes.confusion_matrix",),
        lambda labels, predicted, n_classes: mistakes.confusion_matrix(
            labels, predicted, n_classes),
        lambda labels, predicted, n_classes: counts(labels, predicted),
        {"labels": "n", "predicted": "n"}, {"n_classes": (N_CLASSES, NOT_COUNTS)},
        labels=("labels", "predicted")),
    Row(("mistakes.most_confident_mistakes",), mistakes.most_confident_mistakes, surest_mistakes,
        {"probabilities": "nk", "labels": "n"}, labels=("labels",)),
    Row(("mistakes.calibration",), mistakes.calibration, groups,
        {"probabilities": "nk", "labels": "n"}, {"n_bins": (4, NOT_COUNTS)}, labels=("labels",),
        shares=("probabilities",)),
    # ---- images ----
    pixels("squares", lambda images: images.reshape(-1, 28, 28)),
    pixels("shift", moved, dx=(2, NOT_WHOLE), dy=(-3, NOT_WHOLE)),
    pixels("rotate", turned, degrees=(30.0, NOT_NUMBERS)),
    pixels("thicken", half_thicker, amount=(0.5, NOT_NUMBERS)),
    pixels("invert", lambda images: 1 - images),
    pixels("add_noise", noisy, deviation=(0.25, (*NOT_NUMBERS, -0.25)), rng=SEEDED),
    pixels("random_shifts", moved_each, reach=(2, (*NOT_COUNTS, 29, 10**9)), rng=SEEDED),
    Row(("images.sample",), images.sample, read_at,
        {"tiles": "nQQ", "rows": "pq", "columns": "pq"}, shares=("tiles", "rows", "columns")),
    Row(("images.bends",),
        lambda size, smooth, rng: images.bends(size, seeded(rng), smooth), smooth_noise,
        scalars={"size": (1.5, (*NOT_NUMBERS, -1)), "smooth": (4.0, NOT_POSITIVE), "rng": SEEDED}),
    Row(("images.distance",),
        lambda x, y: images.distance(x, y, (0, 0), (0, 3)),
        lambda x, y: np.hypot(x, np.maximum(0, np.maximum(-y, y - 3))), {"x": "pq", "y": "pq"}),
    Row(("images.draw_strokes",),
        lambda size, width: images.draw_strokes([[(10, 20), (40, 20)]], size, width), pen,
        scalars={"size": (50, (*NOT_COUNTS, 10**9)), "width": (5.0, NOT_POSITIVE)}),
    Row(("images.crop",), images.crop, without_paper, {"drawing": "hw"}, shares=("drawing",)),
    Row(("images.overlaps",), images.overlaps, covered,
        scalars={"old": (9, NOT_COUNTS), "new": (4, NOT_COUNTS)}),
    Row(("images.resize",), images.resize, shrunk, {"drawing": "hw"},
        {"height": (4, NOT_COUNTS), "width": (5, NOT_COUNTS)}, shares=("drawing",)),
    Row(("images.centre",), images.centre, placed, {"small": "hw"}, shares=("small",)),
    Row(("images.prepare",), lambda drawing: images.prepare(drawing).astype(float), like_mnist,
        {"drawing": "hw"}, shares=("drawing",), digits=1e-7),
    Row(("images.only_shrink",), lambda drawing: images.only_shrink(drawing).astype(float),
        lambda drawing: shrunk(drawing, 28, 28).reshape(1, 784),
        {"drawing": "hw"}, shares=("drawing",), digits=1e-7),
]  # fmt: skip

# What takes no numbers, or none of its own.
WITHOUT_NUMBERS = {
    "derivation.at": "says a point in words, for the errors of check_derivation",
    "derivation.line_values": "gets the points that check_derivation has checked",
    "derivation.describe_gap": "the sentence of check_derivation's error",
    "images.random_places": "takes a generator and nothing else",
    "training.keep_good_weights": "runs a block; tests/test_training.py lets it fail",
}
