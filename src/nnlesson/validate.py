"""Refusals of bad input: one sentence each that says what came and what is needed."""

import numpy as np


class NotFinite(ValueError):
    """An array holds nan or inf where only finite numbers make sense."""


def numbers(name, a):
    """`a` as an array of floats; whole numbers become float64. TypeError for anything else,
    ValueError for nan and for no numbers at all; infinity has limits and is let through."""
    a = np.asarray(a)
    if a.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers, but its type is {a.dtype}")
    if a.size == 0:
        raise ValueError(f"{name} must hold at least one number, but its shape is {a.shape}")
    if a.dtype.kind != "f":
        return a.astype(np.float64)
    if np.isnan(a).any():
        where = tuple(int(i) for i in np.argwhere(np.isnan(a))[0])
        raise NotFinite(
            f"{name} holds nan{f' at {where}' if where else ''}: "
            "look for nan or huge numbers in the inputs and in the weights"
        )
    return a


def floats(name, a, shape):
    """Refuses `a` unless it is a non-empty float array of this shape; None fits any length.
    float16 is refused too: sums over a batch overflow in it above 65,504."""
    if not isinstance(a, np.ndarray) or a.dtype.kind != "f" or a.itemsize < 4:
        coarse = " (float16 is too coarse)" if _type(a) == "a float16 array" else ""
        raise TypeError(
            f"{name} must be a NumPy array of floats, but it is {_type(a)}{coarse}; "
            f"np.asarray({name}, dtype=float) makes one"
        )
    fits = len(a.shape) == len(shape) and all(
        s is None or s == n for s, n in zip(shape, a.shape, strict=True)
    )
    if not fits or a.size == 0:
        filled = " and hold at least one number" if fits else ""
        raise ValueError(
            f"{name} must have shape {_words(shape)}{filled}, but it has shape {a.shape}"
        )


def slope(dout, z):
    """Refuses dout unless it is a float array with one slope for each entry of z."""
    floats("dout", dout, np.shape(z))


def labels(t, n, k):
    """Refuses `t` unless it holds n class labels, whole numbers from 0 to k - 1."""
    count("the number of classes", k)
    if not isinstance(t, np.ndarray) or t.dtype.kind not in "iu":
        raise TypeError(f"labels must be a NumPy array of integers, but they are {_type(t)}")
    if t.shape != (n,):
        raise ValueError(f"labels must have shape ({n},), one per example, but got {t.shape}")
    if n == 0:
        raise ValueError("there are no labels; at least one example is needed")
    low, high = t.min(), t.max()
    if low < 0 or high >= k:
        wrong = low if low < 0 else high
        raise ValueError(f"labels must lie in 0..{k - 1} for {k} outputs, but one is {wrong}")


def finite(name, a, hint=""):
    """Refuses `a` if it holds nan or inf."""
    if not np.isfinite(a).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(a))[0])
        at = f" at {where}" if where else ""
        raise NotFinite(f"{name} holds {np.asarray(a)[where]}{at}; only finite numbers work{hint}")


def measurable(x, h, name="x"):
    """Refuses x unless it is a float64 array that can be changed, and h unless it is above 0."""
    positive("h", h)
    if not isinstance(x, np.ndarray) or x.dtype != np.float64:
        raise TypeError(
            f"{name} must be a float64 array, but it is {_type(x)}: whole numbers and float32 are "
            "too coarse for the small step h"
        )
    if not x.flags.writeable:
        raise ValueError(
            f"{name} is read-only, and measuring changes it for a moment; pass {name}.copy()"
        )
    finite(name, x)


def two_layers(params, x, h):
    """Refuses params unless W1, b1, W2, b2 fit one another and can be measured, and x unfit."""
    names = ["W1", "b1", "W2", "b2"]
    if list(params) != names:
        raise ValueError(f"params must hold {', '.join(names)}, but they hold {list(params)}")
    for name, array in params.items():
        measurable(array, h, name)
    W1, b1, W2, b2 = params.values()
    floats("W1", W1, (None, None))
    floats("b1", b1, (W1.shape[1],))
    floats("W2", W2, (W1.shape[1], None))
    floats("b2", b2, (W2.shape[1],))
    floats("x", x, (None, len(W1)))
    finite("x", x)


def one_unit(x, z, w, outputs, h):
    """Refuses inputs, sums, weights and outputs of one unit that do not belong together."""
    positive("h", h)
    floats("outputs", outputs, (None, None))
    floats("x", x, (len(outputs), None))
    floats("z", z, (len(outputs),))
    floats("w", w, (outputs.shape[1],))
    for name, array in (("x", x), ("z", z), ("w", w), ("outputs", outputs)):
        finite(name, array)


def grid(values, tolerance):
    """The points of a grid: a list of float arrays (n,), from one array or a tuple of them.
    Refuses other shapes, different lengths, nan, and a tolerance below 0."""
    not_negative("tolerance", tolerance)
    given = values if isinstance(values, tuple) else (values,)
    points = [np.asarray(g, dtype=float) for g in given]
    if not points:
        raise ValueError("a grid needs at least one array of points, but it is an empty tuple")
    for p in points:
        if p.ndim != 1 or p.shape != points[0].shape:
            shapes = ", ".join(str(p.shape) for p in points)
            raise ValueError(f"a grid must be arrays (n,) of one length, but got {shapes}")
        finite("the grid", p)
    return points


def same_shape(a, b):
    """Refuses two gradients unless they are non-empty floats of one shape. (Differences of
    whole numbers may wrap around: 3 - 5 is 254 in uint8.)"""
    for gradient in (a, b):
        if not isinstance(gradient, (np.ndarray, np.floating, float)) or (
            np.asarray(gradient).dtype.kind != "f"
        ):
            raise TypeError(f"a gradient must be an array of floats, but got {_type(gradient)}")
    if np.shape(a) != np.shape(b):
        raise ValueError(f"two gradients must have one shape, but got {np.shape(a)}, {np.shape(b)}")
    if np.size(a) == 0:
        raise ValueError(f"there is nothing to compare in gradients of shape {np.shape(a)}")


def same_arrays(params, grads, memory=None):
    """Refuses gradients that lack a parameter or differ from one in shape: no silent broadcast.
    Parameters are float arrays that can be changed. memory: what an optimizer keeps for each."""
    for name in grads:
        if name not in params:
            raise ValueError(f"there is a gradient for {name}, but no such parameter")
    for name, p in params.items():
        if name not in grads:
            raise ValueError(f"there is no gradient for {name}")
        for what, array in ((name, p), (f"the gradient of {name}", grads[name])):
            if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
                raise TypeError(f"{what} must be an array of floats, but it is {_type(array)}")
        if grads[name].shape != p.shape:
            came = grads[name].shape
            raise ValueError(f"the gradient of {name} must have shape {p.shape}, but has {came}")
        if not p.flags.writeable:
            raise ValueError(f"{name} is read-only, and an update changes it in place")
        if memory and name in memory and memory[name].shape != p.shape:
            raise ValueError(
                f"this optimizer remembers {name} with shape {memory[name].shape}, but it has "
                f"{p.shape}: make a new optimizer for another network"
            )


def sizes(values):
    """Refuses layer sizes that are not at least two whole numbers, 1 or above."""
    if not hasattr(values, "__len__") or len(values) < 2:
        raise ValueError(f"sizes must name inputs and outputs at least, but it is {values!r}")
    for value in values:
        count("each size", value)


def new_network(values, scale, rng):
    """Refuses what mlp cannot build from: layer sizes, a scale below 0 or nan, no generator."""
    sizes(values)
    if scale is not None:
        not_negative("scale", scale)
    generator(rng)


def length(name, x, d):
    """Refuses x unless it holds d numbers in one row."""
    if isinstance(x, np.ndarray) and x.ndim != 1:
        raise ValueError(f"{name} must have shape ({d},), but it has shape {x.shape}")
    if _length(x) != d:
        raise ValueError(f"{name} must hold {d} numbers, but it holds {_length(x)}")


def same_length(x, t):
    """Refuses examples and labels (or targets) of different or zero number."""
    n, labels_given = _length(x), _length(t)
    if n != labels_given or n == 0:
        raise ValueError(f"every example needs one label, but {n} came with {labels_given} labels")


def same_count(x, t):
    """Refuses examples and labels of different or zero number, and labels of another kind."""
    same_length(x, t)
    given = np.asarray(t)
    if given.dtype.kind not in "iu" or given.ndim != 1:
        raise TypeError(
            "labels must be a NumPy array of integers or a list of whole numbers, but they are "
            f"{_type(given)} of shape {given.shape}"
        )
    if given.min() < 0:
        raise ValueError(f"labels must be 0 or above, but one is {given.min()}")


def batches(n, batch_size, rng):
    """Refuses what cannot be cut into mini-batches."""
    count("n", n)
    count("batch_size", batch_size)
    generator(rng)


def example(name, x, d):
    """Refuses x unless it is a sequence of d finite numbers."""
    length(name, x, d)
    if np.asarray(x).dtype.kind not in "fiub" or np.ndim(x) != 1:
        raise TypeError(f"{name} must hold {d} numbers, but it holds {x!r:.60}")
    finite(name, np.asarray(x, dtype=float))


def neuron(weights, bias):
    """Refuses weights and bias of one neuron unless they are finite numbers. Arrays must be
    floats: 100 times 2 is -56 in int8."""
    if isinstance(weights, np.ndarray) and weights.dtype.kind != "f":
        raise TypeError(f"weights must be floats, but they are {_type(weights)}")
    example("weights", weights, _length(weights))
    number("bias", bias)


def positive(name, value):
    """Refuses `value` unless it is a finite number above zero."""
    if not _is_number(value) or not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name} must be a number above 0, but it is {value!r}")


def fraction(name, value):
    """Refuses `value` unless it is a number from 0 up to, but not including, 1."""
    if not _is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{name} must be a number from 0 up to 1 (not 1), but it is {value!r}")


def not_negative(name, value):
    """Refuses `value` unless it is a finite number, zero or above."""
    if not _is_number(value) or not np.isfinite(value) or value < 0:
        raise ValueError(f"{name} must be a number, 0 or above, but it is {value!r}")


def count(name, value, most=None):
    """Refuses `value` unless it is a whole number, 1 or above, and not above `most`."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < 1:
        raise ValueError(f"{name} must be a whole number, 1 or above, but it is {value!r}")
    if most is not None and value > most:
        raise ValueError(f"{name} must be at most {most}, but it is {value!r}")


def number(name, value):
    """Refuses `value` unless it is a finite number."""
    if not _is_number(value) or not np.isfinite(value):
        raise ValueError(f"{name} must be a number, but it is {value!r}")


def whole(name, value):
    """Refuses `value` unless it is a whole number; it may be below 0."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number, but it is {value!r}")


def points(values):
    """Refuses a stroke unless it is a sequence of one or more points (x, y)."""
    shape = np.shape(values)
    if len(shape) != 2 or shape[0] == 0 or shape[1] != 2:
        raise ValueError(f"a stroke must be a list of points (x, y), but its shape is {shape}")
    if np.asarray(values).dtype.kind not in "fiu":
        raise TypeError(f"the points of a stroke must be numbers, but they are {values!r:.60}")
    finite("a stroke", np.asarray(values, dtype=float))


def images(a, side):
    """Refuses images unless they are floats (n, side²) or (n, side, side) from 0 to 1."""
    floats("images", a, (None, side**2) if np.ndim(a) == 2 else (None, side, side))
    _ink("images hold", a, "; load_data(low=0.0) gives such images")


def probabilities(a):
    """Refuses probabilities unless they are floats (n, k) from 0 to 1."""
    floats("probabilities", a, (None, None))
    low, high = a.min(), a.max()
    if not (low >= 0 and high <= 1 + 1e-5):
        raise ValueError(f"probabilities lie in 0 to 1, but these go from {low:g} to {high:g}")


def drawing(a, side=None):
    """Refuses a drawing unless it is a float array (h, w) of 0 to 1 with some ink in it;
    h and w are at most `side`."""
    floats("the drawing", a, (None, None))
    if side is not None and max(a.shape) > side:
        raise ValueError(f"the drawing must fit into ({side}, {side}), but its shape is {a.shape}")
    _ink("a drawing holds", a)
    if a.max() == 0:
        raise ValueError("the drawing is blank: draw a digit first")


def places(tiles, rows, columns, side):
    """Refuses images unless they are floats (n, side, side), and places (p, q) to read them at
    unless they are finite, one row and one column each, of a type that knows -1."""
    floats("the images", tiles, (None, side, side))
    finite("the images", tiles)
    for name, a in (("rows", rows), ("columns", columns)):
        if not isinstance(a, np.ndarray) or a.dtype.kind not in "fi" or a.ndim != 2:
            raise TypeError(f"{name} must be an array of numbers (p, q), but it is {_type(a)}")
        finite(name, a)
    if rows.shape != columns.shape:
        raise ValueError(f"rows {rows.shape} and columns {columns.shape} must have one shape")


def coordinates(x, y):
    """Refuses x and y unless they are finite numbers, one x for each y."""
    if np.shape(x) != np.shape(y):
        raise ValueError(f"x {np.shape(x)} and y {np.shape(y)} must have one shape")
    for name, a in (("x", x), ("y", y)):
        finite(name, numbers(name, a))


def _ink(what, a, hint=""):
    """Refuses numbers outside 0 (paper) to 1 (ink), and nan."""
    low, high = a.min(), a.max()
    if not (low >= 0 and high <= 1 + 1e-6):  # means of ones may round to a little more
        raise ValueError(
            f"{what} 0 (paper) to 1 (ink), but these go from {low:g} to {high:g}{hint}"
        )


def training(data, epochs, batch_size, rng):
    """Refuses training data with nan or of unequal length, and settings out of range."""
    count("epochs", epochs)
    count("batch_size", batch_size)
    generator(rng)
    for name, (x, t) in (("training", data.train), ("validation", data.validation)):
        floats(f"{name} examples", x, (None, None))
        finite(f"{name} examples", x)
        same_count(x, t)


def generator(rng):
    """Refuses anything but a numpy random Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a Generator from np.random.default_rng(seed), not {rng!r}")


def _length(x):
    if np.ndim(x) == 0 if isinstance(x, np.ndarray) else not hasattr(x, "__len__"):
        raise TypeError(f"a list or an array is needed, but got {x!r:.60}")
    return len(x)


def _is_number(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _type(value):
    name = f"{value.dtype} array" if isinstance(value, np.ndarray) else type(value).__name__
    return f"an {name}" if name[0] in "aeio" else f"a {name}"  # an int64 array, a uint8 array


def _words(shape):
    sizes = ["any" if s is None else str(s) for s in shape]
    return "(" + ", ".join(sizes) + ("," if len(sizes) == 1 else "") + ")"
