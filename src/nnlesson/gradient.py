"""Slopes by measurement: the central difference, and how far two gradients are apart."""

import numpy as np

from nnlesson import validate


def numerical_gradient(f, x, h=1e-5):
    """Measured slopes of the number f(x), one for each entry of x; the shape of x.
    TypeError unless x is float64. x is changed while f is called, and put back."""
    validate.measurable(x, h)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        try:
            x[i] = kept + h
            above = f(x)
            x[i] = kept - h
            gradient[i] = (above - f(x)) / (2 * h)
        finally:
            x[i] = kept  # also when f raises
    return gradient


def relative_error(a, b):
    """Largest |a - b| divided by the largest |a| + |b|: 0 if equal, 1 at most.
    ValueError if the shapes differ or a number is nan or inf."""
    validate.same_shape(a, b)
    validate.finite("a gradient", np.stack([a, b]))
    size = np.max(np.abs(a) + np.abs(b))
    return float(np.max(np.abs(a - b)) / size) if size > 0 else 0.0
