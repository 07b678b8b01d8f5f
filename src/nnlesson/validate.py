"""Refusals of bad input: one sentence each that says what came and what is needed."""

import numpy as np


class NotFinite(ValueError, FloatingPointError):
    """An array holds nan or inf: a wrong value if it was handed in, an overflow if computed."""


def finite(name, a, hint=": look for nan or huge numbers in the inputs and in the weights"):
    """Refuses `a` if it holds nan or inf."""
    if np.size(a) > 1_000_000 and np.isfinite([np.min(a), np.max(a)]).all():
        return  # of all of MNIST a truth value each would take 43 MB
    good = np.isfinite(a)
    if not good.all():
        where = tuple(int(i) for i in np.argwhere(~good)[0])
        at = f" at {where}" if where else ""
        raise NotFinite(f"{name} holds {np.asarray(a)[where]}{at}; only finite numbers work{hint}")


def floats(name, a, shape):
    """Refuses `a` unless it is an array of finite floats; None in shape fits 1 or more."""
    if not isinstance(a, np.ndarray) or a.dtype.kind != "f" or a.itemsize < 4:  # float16 overflows
        raise TypeError(f"{name} must be an array of float32 or float64, but it is {_type(a)}")
    fits = all(s in (None, n) for s, n in zip(shape, a.shape, strict=False))
    if a.ndim != len(shape) or not fits or a.size == 0:
        words = str(shape).replace("None", "1 or more")
        raise ValueError(f"{name} must have shape {words}, but it has shape {a.shape}")
    finite(name, a)


def labels(t, n, k):
    """Refuses `t` unless it holds n class labels, whole numbers from 0 to k - 1."""
    if not isinstance(t, np.ndarray) or t.dtype.kind not in "iu":
        raise TypeError(f"labels must be a NumPy array of integers, but they are {_type(t)}")
    if t.shape != (n,) or n == 0:
        raise ValueError(f"labels must have shape ({n or 'any'},), one per example, not {t.shape}")
    if t.min() < 0 or t.max() >= k:
        wrong = t.min() if t.min() < 0 else t.max()
        raise ValueError(f"labels must lie in 0..{k - 1} for {k} outputs, but one is {wrong}")


def outputs(z, t, name="z"):
    """Refuses z unless it holds floats (n, k), or (s, n, k), and t unless it holds n labels."""
    floats(name, z, (None,) * max(np.ndim(z), 2))
    labels(t, *z.shape[-2:])


def targets(z, t):
    """Refuses z (n, k) unless it holds floats, and t unless it is labels (n,) or floats (n, k)."""
    floats("z", z, (None, None))
    if isinstance(t, np.ndarray) and t.ndim == 1 and t.dtype.kind in "iu":
        labels(t, *z.shape)
    else:
        floats("t", t, z.shape)


def affine(W, b):
    """Refuses W and b unless they are float arrays (d, m) and (m,)."""
    floats("W", W, (None, None))
    floats("b", b, W.shape[1:])


def network(layers, first, l2):
    """Refuses layers unless they start with one of class `first`, and a penalty below 0."""
    if not layers or not isinstance(layers[0], first):
        raise ValueError(f"a network must start with an {first.__name__} layer")
    _number("l2", l2, "number, 0 or above", lambda v: 0 <= v < np.inf)


def measurable(x, h, name="x"):
    """Refuses x unless it is an array of finite float64 numbers, and h unless it is above 0."""
    _positive("h", h)
    if not isinstance(x, np.ndarray) or x.dtype != np.float64:
        why = "whole numbers and float32 are too coarse for the small step h"
        raise TypeError(f"{name} must be a float64 array, but it is {_type(x)}: {why}")
    finite(name, x)


def two_layers(params, h):
    """Refuses params unless W1, b1, W2, b2 can be measured and fit one another."""
    for name, p in params.items():
        measurable(p, h, name)
    affine(params["W1"], params["b1"])
    affine(params["W2"], params["b2"])


def same_shape(a, b):
    """Refuses two gradients unless they are floats (3 - 5 is 254 in uint8) of one shape."""
    floats("a gradient", a, np.shape(b))
    floats("a gradient", b, np.shape(a))


def same_arrays(params, grads):
    """Refuses gradients that differ from the parameters in name or shape: no silent broadcast."""
    if params.keys() != grads.keys():
        raise ValueError(f"there are gradients for {list(grads)}, but parameters {list(params)}")
    for name, p in params.items():
        if (shape := np.shape(grads[name])) != p.shape:
            raise ValueError(f"the gradient of {name} must have shape {p.shape}, but has {shape}")


def images(a, *shape, name="images"):
    """Refuses `a` unless it holds floats of this shape from 0 (paper) to 1 (ink)."""
    floats(name, a, shape)
    if a.min() < 0 or a.max() > 1 + 1e-6:  # means of ones may round to a little more
        raise ValueError(f"{name} must hold 0 (paper) to 1 (ink): load_data(low=0.0) gives such")


def drawing(a):
    """Refuses a drawing unless it holds floats (h, w) from 0 to 1 with some ink among them."""
    images(a, None, None, name="the drawing")
    if a.max() == 0:
        raise ValueError("the drawing is blank: draw a digit first")


def training(data, epochs, batch_size, rng):
    """Refuses settings out of range, and examples and labels with nan or of unequal number."""
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        _number(name, value, "whole number, 1 or above", lambda v: v >= 1, (int, np.integer))
    generator(rng)
    for name, (x, t) in (("training", data.train), ("validation", data.validation)):
        floats(f"{name} examples", x, (None, None))
        if len(x) != len(t):
            raise ValueError(f"{len(x)} {name} examples came with {len(t)} labels")


def generator(rng):
    """Refuses anything but a NumPy random Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a Generator from np.random.default_rng(seed), not {rng!r}")


def rates(learning_rate, momentum=0.0):
    """Refuses a learning rate that is not above 0, and a momentum outside 0 up to 1."""
    _positive("learning_rate", learning_rate)
    _number("momentum", momentum, "number from 0 up to 1 (not 1)", lambda v: 0 <= v < 1)


def _positive(name, value):
    _number(name, value, "number above 0", lambda v: 0 < v < np.inf)


def _number(name, value, words, good, kinds=(int, float, np.integer, np.floating)):
    if isinstance(value, bool) or not isinstance(value, kinds) or not good(value):
        raise ValueError(f"{name} must be a {words}, but it is {value!r}")


def _type(value):
    return getattr(value, "dtype", type(value).__name__)
