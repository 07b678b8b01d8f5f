"""Refusals of bad input: one sentence each that says what came and what is needed."""

import numpy as np


class NotFinite(ValueError):
    """An array holds nan or inf where only finite numbers make sense."""


def numbers(name, a):
    """`a` as an array of floats; whole numbers become float64. TypeError for anything else."""
    a = np.asarray(a)
    if a.dtype.kind == "f":
        return a
    if a.dtype.kind in "iub":
        return a.astype(np.float64)
    raise TypeError(f"{name} must hold real numbers, but its type is {a.dtype}")


def floats(name, a, shape):
    """Refuses `a` unless it is a non-empty float array of this shape; None fits any length."""
    if not isinstance(a, np.ndarray) or a.dtype.kind != "f":
        came = f"a {a.dtype} array" if isinstance(a, np.ndarray) else f"a {type(a).__name__}"
        raise TypeError(
            f"{name} must be a NumPy array of floats, but it is {came}; "
            f"np.asarray({name}, dtype=float) makes one"
        )
    fits = len(a.shape) == len(shape) and all(
        s is None or s == n for s, n in zip(shape, a.shape, strict=True)
    )
    if not fits or a.size == 0:
        raise ValueError(f"{name} must have shape {_words(shape)}, but it has shape {a.shape}")


def labels(t, n, k):
    """Refuses `t` unless it holds n class labels, whole numbers from 0 to k - 1."""
    if not isinstance(t, np.ndarray) or t.dtype.kind not in "iu":
        came = f"a {t.dtype} array" if isinstance(t, np.ndarray) else f"a {type(t).__name__}"
        raise TypeError(f"labels must be a NumPy array of integers, but they are {came}")
    if t.shape != (n,):
        raise ValueError(f"labels must have shape ({n},), one per example, but got {t.shape}")
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
        came = f"a {x.dtype} array" if isinstance(x, np.ndarray) else f"a {type(x).__name__}"
        raise TypeError(
            f"{name} must be a float64 array, but it is {came}: whole numbers and float32 are too "
            "coarse for the small step h"
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


def same_shape(a, b):
    """Refuses two arrays of different shapes."""
    if np.shape(a) != np.shape(b):
        raise ValueError(f"two gradients must have one shape, but got {np.shape(a)}, {np.shape(b)}")


def same_arrays(params, grads):
    """Refuses gradients that lack a parameter or differ from one in shape: no silent broadcast."""
    for name, p in params.items():
        if name not in grads:
            raise ValueError(f"there is no gradient for {name}")
        if np.shape(grads[name]) != p.shape:
            came = np.shape(grads[name])
            raise ValueError(f"the gradient of {name} must have shape {p.shape}, but has {came}")


def sizes(values):
    """Refuses layer sizes that are not at least two whole numbers, 1 or above."""
    if len(values) < 2:
        raise ValueError(f"sizes must name inputs and outputs at least, but it is {values!r}")
    for value in values:
        count("each size", value)


def length(name, x, d):
    """Refuses x unless it holds d numbers."""
    if len(x) != d:
        raise ValueError(f"{name} must hold {d} numbers, but it holds {len(x)}")


def same_count(x, t):
    """Refuses examples and labels of different or zero number."""
    if len(x) != len(t) or len(x) == 0:
        raise ValueError(f"every example needs one label, but {len(x)} came with {len(t)} labels")


def example(name, x, d):
    """Refuses x unless it is a sequence of d finite numbers."""
    length(name, x, d)
    finite(name, np.asarray(x, dtype=float))


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


def count(name, value):
    """Refuses `value` unless it is a whole number, 1 or above."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < 1:
        raise ValueError(f"{name} must be a whole number, 1 or above, but it is {value!r}")


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


def _is_number(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _words(shape):
    sizes = ["any" if s is None else str(s) for s in shape]
    return "(" + ", ".join(sizes) + ("," if len(sizes) == 1 else "") + ")"
