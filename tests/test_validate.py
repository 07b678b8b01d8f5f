"""The sentences of the refusals, word for word; and that what is good passes."""

from types import SimpleNamespace

import numpy as np
import pytest

from nnlesson import validate as v

RNG = np.random.default_rng(0)
X, T = np.zeros((4, 2)), np.array([0, 1, 2, 0])
NAN, INF = np.nan, np.inf


def at(shape, index, value):
    """Zeros with one other number."""
    a = np.zeros(shape)
    a[index] = value
    return a


def fixed(shape):
    """An array that cannot be changed."""
    a = np.zeros(shape)
    a.flags.writeable = False
    return a


def data(x=X, t=T, x2=X, t2=T):
    return SimpleNamespace(train=(x, t), validation=(x2, t2))


def params(**change):
    shapes = {"W1": (3, 2), "b1": (2,), "W2": (2, 5), "b2": (5,)}
    return {name: np.zeros(shape) for name, shape in shapes.items()} | change


FLOATS_WAY_OUT = "np.asarray(z, dtype=float) makes one"
COARSE = "whole numbers and float32 are too coarse for the small step h"
LOOK = "look for nan or huge numbers in the inputs and in the weights"
REFUSED = [
    # ---- arrays ----
    (lambda: v.numbers("z", "abc"), TypeError, "z must hold real numbers, but its type is <U3"),
    (lambda: v.numbers("z", [1j]), TypeError,
     "z must hold real numbers, but its type is complex128"),
    (lambda: v.numbers("z", [None]), TypeError, "z must hold real numbers, but its type is object"),
    (lambda: v.numbers("z", []), ValueError,
     "z must hold at least one number, but its shape is (0,)"),
    (lambda: v.numbers("z", NAN), v.NotFinite, f"z holds nan: {LOOK}"),
    (lambda: v.numbers("z", at((2, 2), (1, 0), NAN)), v.NotFinite,
     f"z holds nan at (1, 0): {LOOK}"),
    (lambda: v.floats("z", [1.0], (1,)), TypeError,
     f"z must be a NumPy array of floats, but it is a list; {FLOATS_WAY_OUT}"),
    (lambda: v.floats("z", X.astype(np.uint8), (4, 2)), TypeError,
     f"z must be a NumPy array of floats, but it is a uint8 array; {FLOATS_WAY_OUT}"),
    (lambda: v.floats("z", X.astype(np.float16), (4, 2)), TypeError,
     "z must be a NumPy array of floats, but it is a float16 array (float16 is too coarse); "
     + FLOATS_WAY_OUT),
    (lambda: v.floats("z", X, (4, 3)), ValueError,
     "z must have shape (4, 3), but it has shape (4, 2)"),
    (lambda: v.floats("z", X, (None, 2, 1)), ValueError,
     "z must have shape (any, 2, 1), but it has shape (4, 2)"),
    (lambda: v.floats("z", X, (4,)), ValueError, "z must have shape (4,), but it has shape (4, 2)"),
    (lambda: v.floats("z", X[:0], (None, 2)), ValueError,
     "z must have shape (any, 2) and hold at least one number, but it has shape (0, 2)"),
    (lambda: v.slope(X[:1], X), ValueError,
     "dout must have shape (4, 2), but it has shape (1, 2)"),
    (lambda: v.slope(3, X), TypeError,
     "dout must be a NumPy array of floats, but it is an int; "
     "np.asarray(dout, dtype=float) makes one"),
    (lambda: v.finite("x", NAN), v.NotFinite, "x holds nan; only finite numbers work"),
    (lambda: v.finite("x", at((3,), 2, -INF), " (here)"), v.NotFinite,
     "x holds -inf at (2,); only finite numbers work (here)"),
    (lambda: v.finite("x", at((2, 3), (1, 2), INF)), v.NotFinite,
     "x holds inf at (1, 2); only finite numbers work"),
    (lambda: v.measurable(T, 1e-5), TypeError,
     f"x must be a float64 array, but it is an int64 array: {COARSE}"),
    (lambda: v.measurable(2.0, 1e-5, "p"), TypeError,
     f"p must be a float64 array, but it is a float: {COARSE}"),
    (lambda: v.measurable(fixed(2), 1e-5, "p"), ValueError,
     "p is read-only, and measuring changes it for a moment; pass p.copy()"),
    (lambda: v.measurable(X * NAN, 1e-5, "p"), v.NotFinite,
     "p holds nan at (0, 0); only finite numbers work"),
    (lambda: v.measurable(X, 0.0), ValueError, "h must be a number above 0, but it is 0.0"),
    # ---- labels ----
    (lambda: v.labels(T * 1.0, 4, 3), TypeError,
     "labels must be a NumPy array of integers, but they are a float64 array"),
    (lambda: v.labels([0, 1], 2, 3), TypeError,
     "labels must be a NumPy array of integers, but they are a list"),
    (lambda: v.labels(T, 3, 3), ValueError,
     "labels must have shape (3,), one per example, but got (4,)"),
    (lambda: v.labels(T[:0], 0, 3), ValueError,
     "there are no labels; at least one example is needed"),
    (lambda: v.labels(T, 4, 2), ValueError, "labels must lie in 0..1 for 2 outputs, but one is 2"),
    (lambda: v.labels(T - 1, 4, 3), ValueError,
     "labels must lie in 0..2 for 3 outputs, but one is -1"),
    (lambda: v.labels(T, 4, 0), ValueError,
     "the number of classes must be a whole number, 1 or above, but it is 0"),
    (lambda: v.same_length(X, T[:3]), ValueError,
     "every example needs one label, but 4 came with 3 labels"),
    (lambda: v.same_length([], []), ValueError,
     "every example needs one label, but 0 came with 0 labels"),
    (lambda: v.same_length(X, np.array(3)), TypeError,
     "a list or an array is needed, but got array(3)"),
    (lambda: v.same_length(X, 3), TypeError, "a list or an array is needed, but got 3"),
    (lambda: v.same_count([1, 2], [0.5, 1]), TypeError,
     "labels must be a NumPy array of integers or a list of whole numbers, but they are "
     "a float64 array of shape (2,)"),
    (lambda: v.same_count(X, X.astype(int)), TypeError,
     "labels must be a NumPy array of integers or a list of whole numbers, but they are "
     "an int64 array of shape (4, 2)"),
    (lambda: v.same_count(X, T - 1), ValueError, "labels must be 0 or above, but one is -1"),
    # ---- gradients and parameters ----
    (lambda: v.two_layers(params(W3=X), X, 1e-5), ValueError,
     "params must hold W1, b1, W2, b2, but they hold ['W1', 'b1', 'W2', 'b2', 'W3']"),
    (lambda: v.two_layers(params(b1=np.zeros(3)), X, 1e-5), ValueError,
     "b1 must have shape (2,), but it has shape (3,)"),
    (lambda: v.two_layers(params(W1=np.zeros(3)), X, 1e-5), ValueError,
     "W1 must have shape (any, any), but it has shape (3,)"),
    (lambda: v.two_layers(params(W2=X), X, 1e-5), ValueError,
     "W2 must have shape (2, any), but it has shape (4, 2)"),
    (lambda: v.two_layers(params(b2=np.zeros(2)), X, 1e-5), ValueError,
     "b2 must have shape (5,), but it has shape (2,)"),
    (lambda: v.two_layers(params(b2=T), X, 1e-5), TypeError,
     f"b2 must be a float64 array, but it is an int64 array: {COARSE}"),
    (lambda: v.two_layers(params(), X, 1e-5), ValueError,
     "x must have shape (any, 3), but it has shape (4, 2)"),
    (lambda: v.two_layers(params(), at((1, 3), (0, 1), INF), 1e-5), v.NotFinite,
     "x holds inf at (0, 1); only finite numbers work"),
    (lambda: v.two_layers(params(), X, -1), ValueError,
     "h must be a number above 0, but it is -1"),
    (lambda: v.one_unit(X, X[:, 0], X[0], X * NAN, 1e-5), v.NotFinite,
     "outputs holds nan at (0, 0); only finite numbers work"),
    (lambda: v.one_unit(X, X[:, 0], X[0] + INF, X, 1e-5), v.NotFinite,
     "w holds inf at (0,); only finite numbers work"),
    (lambda: v.one_unit(X, X[:, 0] - INF, X[0], X, 1e-5), v.NotFinite,
     "z holds -inf at (0,); only finite numbers work"),
    (lambda: v.one_unit(X + NAN, X[:, 0], X[0], X, 1e-5), v.NotFinite,
     "x holds nan at (0, 0); only finite numbers work"),
    (lambda: v.one_unit(X[:3], X[:, 0], X[0], X, 1e-5), ValueError,
     "x must have shape (4, any), but it has shape (3, 2)"),
    (lambda: v.one_unit(X, X[:1, 0], X[0], X, 1e-5), ValueError,
     "z must have shape (4,), but it has shape (1,)"),
    (lambda: v.one_unit(X, X[:, 0], X[0, :1], X, 1e-5), ValueError,
     "w must have shape (2,), but it has shape (1,)"),
    (lambda: v.one_unit(X, X[:, 0], X[0], X[0], 1e-5), ValueError,
     "outputs must have shape (any, any), but it has shape (2,)"),
    (lambda: v.one_unit(X, X[:, 0], X[0], X, 0), ValueError,
     "h must be a number above 0, but it is 0"),
    (lambda: v.same_shape(X, X[0]), ValueError,
     "two gradients must have one shape, but got (4, 2), (2,)"),
    (lambda: v.same_shape(X, T), TypeError,
     "a gradient must be an array of floats, but got an int64 array"),
    (lambda: v.same_shape([1.0], X), TypeError,
     "a gradient must be an array of floats, but got a list"),
    (lambda: v.same_shape(X[:0], X[:0]), ValueError,
     "there is nothing to compare in gradients of shape (0, 2)"),
    (lambda: v.same_arrays({"W": X}, {}), ValueError, "there is no gradient for W"),
    (lambda: v.same_arrays({"W": X}, {"W": X, "b": X}), ValueError,
     "there is a gradient for b, but no such parameter"),
    (lambda: v.same_arrays({"W": X}, {"W": X[:1]}), ValueError,
     "the gradient of W must have shape (4, 2), but has (1, 2)"),
    (lambda: v.same_arrays({"W": X}, {"W": 0.5}), TypeError,
     "the gradient of W must be an array of floats, but it is a float"),
    (lambda: v.same_arrays({"W": T}, {"W": X}), TypeError,
     "W must be an array of floats, but it is an int64 array"),
    (lambda: v.same_arrays({"W": fixed((4, 2))}, {"W": X}), ValueError,
     "W is read-only, and an update changes it in place"),
    (lambda: v.same_arrays({"W": X}, {"W": X}, {"W": X[0]}), ValueError,
     "this optimizer remembers W with shape (2,), but it has (4, 2): "
     "make a new optimizer for another network"),
    # ---- neurons, networks, training ----
    (lambda: v.sizes([3]), ValueError,
     "sizes must name inputs and outputs at least, but it is [3]"),
    (lambda: v.sizes(5), ValueError, "sizes must name inputs and outputs at least, but it is 5"),
    (lambda: v.sizes([3, 0]), ValueError,
     "each size must be a whole number, 1 or above, but it is 0"),
    (lambda: v.new_network([3], None, RNG), ValueError,
     "sizes must name inputs and outputs at least, but it is [3]"),
    (lambda: v.new_network([3, 2], -0.1, RNG), ValueError,
     "scale must be a number, 0 or above, but it is -0.1"),
    (lambda: v.new_network([3, 2], None, 7), TypeError,
     "rng must be a Generator from np.random.default_rng(seed), not 7"),
    (lambda: v.length("x", [1, 2], 3), ValueError, "x must hold 3 numbers, but it holds 2"),
    (lambda: v.length("x", X, 4), ValueError, "x must have shape (4,), but it has shape (4, 2)"),
    (lambda: v.length("x", 1.0, 1), TypeError, "a list or an array is needed, but got 1.0"),
    (lambda: v.example("x", [1.0, "a"], 2), TypeError,
     "x must hold 2 numbers, but it holds [1.0, 'a']"),
    (lambda: v.example("x", [[1.0], [2.0]], 2), TypeError,
     "x must hold 2 numbers, but it holds [[1.0], [2.0]]"),
    (lambda: v.example("x", [1.0, INF], 2), v.NotFinite,
     "x holds inf at (1,); only finite numbers work"),
    (lambda: v.example("x", [1.0], 2), ValueError, "x must hold 2 numbers, but it holds 1"),
    (lambda: v.neuron(np.array([100], np.int8), 0), TypeError,
     "weights must be floats, but they are an int8 array"),
    (lambda: v.neuron([1.0, NAN], 0), v.NotFinite,
     "weights holds nan at (1,); only finite numbers work"),
    (lambda: v.neuron([1.0], [0.0]), ValueError, "bias must be a number, but it is [0.0]"),
    (lambda: v.batches(0, 2, RNG), ValueError, "n must be a whole number, 1 or above, but it is 0"),
    (lambda: v.batches(5, 0, RNG), ValueError,
     "batch_size must be a whole number, 1 or above, but it is 0"),
    (lambda: v.batches(5, 2, None), TypeError,
     "rng must be a Generator from np.random.default_rng(seed), not None"),
    (lambda: v.training(data(), 0, 2, RNG), ValueError,
     "epochs must be a whole number, 1 or above, but it is 0"),
    (lambda: v.training(data(), 1, 2.0, RNG), ValueError,
     "batch_size must be a whole number, 1 or above, but it is 2.0"),
    (lambda: v.training(data(), 1, 2, 3), TypeError,
     "rng must be a Generator from np.random.default_rng(seed), not 3"),
    (lambda: v.training(data(x=X[0]), 1, 2, RNG), ValueError,
     "training examples must have shape (any, any), but it has shape (2,)"),
    (lambda: v.training(data(x2=X + NAN), 1, 2, RNG), v.NotFinite,
     "validation examples holds nan at (0, 0); only finite numbers work"),
    (lambda: v.training(data(t2=T[:2]), 1, 2, RNG), ValueError,
     "every example needs one label, but 4 came with 2 labels"),
    (lambda: v.grid((), 0.1), ValueError,
     "a grid needs at least one array of points, but it is an empty tuple"),
    (lambda: v.grid((X[0], T), 0.1), ValueError,
     "a grid must be arrays (n,) of one length, but got (2,), (4,)"),
    (lambda: v.grid(X, 0.1), ValueError,
     "a grid must be arrays (n,) of one length, but got (4, 2)"),
    (lambda: v.grid([1, NAN], 0.1), v.NotFinite,
     "the grid holds nan at (1,); only finite numbers work"),
    (lambda: v.grid(T, -1), ValueError, "tolerance must be a number, 0 or above, but it is -1"),
    # ---- images ----
    (lambda: v.points([]), ValueError,
     "a stroke must be a list of points (x, y), but its shape is (0,)"),
    (lambda: v.points([(1, 2, 3)]), ValueError,
     "a stroke must be a list of points (x, y), but its shape is (1, 3)"),
    (lambda: v.points(np.zeros((0, 2))), ValueError,
     "a stroke must be a list of points (x, y), but its shape is (0, 2)"),
    (lambda: v.points([("1", "2")]), TypeError,
     "the points of a stroke must be numbers, but they are [('1', '2')]"),
    (lambda: v.points([(0, INF)]), v.NotFinite,
     "a stroke holds inf at (0, 1); only finite numbers work"),
    (lambda: v.images(X, 28), ValueError,
     "images must have shape (any, 784), but it has shape (4, 2)"),
    (lambda: v.images(X[0], 2), ValueError,
     "images must have shape (any, 2, 2), but it has shape (2,)"),
    (lambda: v.images(at((1, 4), (0, 1), -1), 2), ValueError,
     "images hold 0 (paper) to 1 (ink), but these go from -1 to 0; "
     "load_data(low=0.0) gives such images"),
    (lambda: v.images(at((1, 2, 2), (0, 1, 1), NAN), 2), ValueError,
     "images hold 0 (paper) to 1 (ink), but these go from nan to nan; "
     "load_data(low=0.0) gives such images"),
    (lambda: v.probabilities(X - 0.5), ValueError,
     "probabilities lie in 0 to 1, but these go from -0.5 to -0.5"),
    (lambda: v.probabilities(X + 1.5), ValueError,
     "probabilities lie in 0 to 1, but these go from 1.5 to 1.5"),
    (lambda: v.probabilities(X[0]), ValueError,
     "probabilities must have shape (any, any), but it has shape (2,)"),
    (lambda: v.drawing(X), ValueError, "the drawing is blank: draw a digit first"),
    (lambda: v.drawing(X + 255), ValueError,
     "a drawing holds 0 (paper) to 1 (ink), but these go from 255 to 255"),
    (lambda: v.drawing(X[0]), ValueError,
     "the drawing must have shape (any, any), but it has shape (2,)"),
    (lambda: v.drawing(X + 1, 3), ValueError,
     "the drawing must fit into (3, 3), but its shape is (4, 2)"),
    (lambda: v.places(X, X, X, 2), ValueError,
     "the images must have shape (any, 2, 2), but it has shape (4, 2)"),
    (lambda: v.places(at((1, 2, 2), (0, 1, 1), INF), X, X, 2), v.NotFinite,
     "the images holds inf at (0, 1, 1); only finite numbers work"),
    (lambda: v.places(np.zeros((1, 2, 2)), X, T, 2), TypeError,
     "columns must be an array of numbers (p, q), but it is an int64 array"),
    (lambda: v.places(np.zeros((1, 2, 2)), [[1]], X, 2), TypeError,
     "rows must be an array of numbers (p, q), but it is a list"),
    (lambda: v.places(np.zeros((1, 2, 2)), X + NAN, X, 2), v.NotFinite,
     "rows holds nan at (0, 0); only finite numbers work"),
    (lambda: v.places(np.zeros((1, 2, 2)), X, X[:1], 2), ValueError,
     "rows (4, 2) and columns (1, 2) must have one shape"),
    (lambda: v.coordinates(X, 1.0), ValueError, "x (4, 2) and y () must have one shape"),
    (lambda: v.coordinates(1.0, INF), v.NotFinite, "y holds inf; only finite numbers work"),
    (lambda: v.coordinates("a", 1.0), TypeError,
     "x must hold real numbers, but its type is <U1"),
    # ---- numbers ----
    (lambda: v.positive("rate", 0), ValueError, "rate must be a number above 0, but it is 0"),
    (lambda: v.positive("rate", INF), ValueError, "rate must be a number above 0, but it is inf"),
    (lambda: v.positive("rate", "1"), ValueError, "rate must be a number above 0, but it is '1'"),
    (lambda: v.positive("rate", True), ValueError, "rate must be a number above 0, but it is True"),
    (lambda: v.fraction("m", 1), ValueError,
     "m must be a number from 0 up to 1 (not 1), but it is 1"),
    (lambda: v.fraction("m", -0.1), ValueError,
     "m must be a number from 0 up to 1 (not 1), but it is -0.1"),
    (lambda: v.fraction("m", None), ValueError,
     "m must be a number from 0 up to 1 (not 1), but it is None"),
    (lambda: v.not_negative("l2", -1), ValueError, "l2 must be a number, 0 or above, but it is -1"),
    (lambda: v.not_negative("l2", NAN), ValueError,
     "l2 must be a number, 0 or above, but it is nan"),
    (lambda: v.not_negative("l2", True), ValueError,
     "l2 must be a number, 0 or above, but it is True"),
    (lambda: v.count("n", 2.0), ValueError, "n must be a whole number, 1 or above, but it is 2.0"),
    (lambda: v.count("n", True), ValueError,
     "n must be a whole number, 1 or above, but it is True"),
    (lambda: v.count("n", 4, 3), ValueError, "n must be at most 3, but it is 4"),
    (lambda: v.number("a", -INF), ValueError, "a must be a number, but it is -inf"),
    (lambda: v.number("a", False), ValueError, "a must be a number, but it is False"),
    (lambda: v.whole("dx", 0.5), ValueError, "dx must be a whole number, but it is 0.5"),
    (lambda: v.whole("dx", True), ValueError, "dx must be a whole number, but it is True"),
    (lambda: v.generator(np.random), TypeError,
     f"rng must be a Generator from np.random.default_rng(seed), not {np.random!r}"),
]  # fmt: skip


@pytest.mark.parametrize("call, error, sentence", REFUSED, ids=[row[2][:50] for row in REFUSED])
def test_a_refusal_says_what_came_and_what_is_needed(call, error, sentence):
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    assert str(caught.value) == sentence


GOOD = {
    "floats": lambda: v.floats("z", X.astype(np.float32), (None, 2)),
    "long floats": lambda: v.floats("z", X.astype(np.longdouble), (4, None)),
    "slope": lambda: v.slope(X, X),
    "labels": lambda: v.labels(T.astype(np.uint8), 4, 3),
    "finite": lambda: v.finite("x", X),
    "measurable": lambda: v.measurable(X.copy(), 1e-5),
    "nothing to measure": lambda: v.measurable(X[:0], 1e-5),
    "two_layers": lambda: v.two_layers(params(), np.zeros((7, 3), np.float32), 1e-5),
    "one_unit": lambda: v.one_unit(np.zeros((4, 7)), X[:, 0], X[0], X, 1e-5),
    "same_shape": lambda: v.same_shape(X, X.astype(np.float32)),
    "same_shape of numbers": lambda: v.same_shape(1.0, np.float32(2.0)),
    "same_arrays": lambda: v.same_arrays({"W": X, "b": X[0]}, {"b": X[1], "W": X}),
    "same_arrays, memory": lambda: v.same_arrays({"W": X}, {"W": X}, {"W": X}),
    "same_arrays, no memory yet": lambda: v.same_arrays({"W": X}, {"W": X}, {}),
    "sizes": lambda: v.sizes((1, np.int64(1))),
    "new_network": lambda: v.new_network([2, 1], 0, RNG),
    "length": lambda: v.length("x", (1, 2), 2),
    "same_length": lambda: v.same_length([1], [2.5]),
    "same_count": lambda: v.same_count(X, T.tolist()),
    "batches": lambda: v.batches(1, 1, RNG),
    "example": lambda: v.example("x", [1, 2.5, True], 3),
    "neuron": lambda: v.neuron([1, -2], -5),
    "positive": lambda: v.positive("h", np.float32(1e-5)),
    "fraction": lambda: v.fraction("m", 0) or v.fraction("m", 0.999),
    "not_negative": lambda: v.not_negative("l2", 0),
    "count": lambda: v.count("n", np.uint8(1)) or v.count("n", 3, 3),
    "number": lambda: v.number("a", -1),
    "whole": lambda: v.whole("dx", np.int8(-3)) or v.whole("dx", 0),
    "points": lambda: v.points([(1, 2.5)]),
    "images": lambda: v.images(np.ones((3, 4)), 2) or v.images(np.ones((3, 2, 2)), 2),
    "probabilities": lambda: v.probabilities(X) or v.probabilities(X + 1 + 1e-6),
    "drawing": lambda: v.drawing(X + 1, 4) or v.drawing(X + 1 + 1e-7),
    "places": lambda: v.places(np.zeros((1, 2, 2)), X, X.astype(int), 2),
    "coordinates": lambda: v.coordinates(X, X) or v.coordinates(1, 2),
    "training": lambda: v.training(data(), 1, 100, RNG),
    "generator": lambda: v.generator(RNG),
}


@pytest.mark.parametrize("call", GOOD.values(), ids=GOOD)
def test_what_is_good_passes_in_silence(call):
    assert call() is None


def test_numbers_are_handed_on_as_floats():
    assert v.numbers("z", X) is X
    assert v.numbers("z", T).dtype == np.float64 and v.numbers("z", [True]).dtype == np.float64
    assert v.numbers("z", np.zeros(2, np.float16)).dtype == np.float16
    np.testing.assert_array_equal(v.numbers("z", [1, INF, -INF]), [1, INF, -INF])


def test_a_grid_is_handed_on_as_a_list_of_float_arrays():
    (one,) = v.grid([1, 2], 0)
    assert one.dtype == np.float64 and one.tolist() == [1, 2]
    two = v.grid((T, T + 0.5), 1e-9)
    assert [p.tolist() for p in two] == [T.tolist(), (T + 0.5).tolist()]


def test_every_refusal_is_tried():
    tried = {name for call, *_ in REFUSED for name in call.__code__.co_names}
    public = {name for name in vars(v) if not name.startswith("_") and callable(getattr(v, name))}
    assert public - {"NotFinite"} <= tried
