"""Slopes by measurement: the central difference, and how far two gradients are apart."""

import numpy as np

from nnlesson import validate
from nnlesson.activations import identity


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


def unit_slopes(x, z, activation, w, outputs, t, costs, h):
    """Measured slopes for the weights and the bias of one unit: (d + 1,), the bias last.
    The unit: inputs x (n, d), sums z (n,), weights w (k,) to the outputs (n, k).
    costs(versions (s, n, k), t (n,)) -> (s,): the cost of s versions of the outputs."""
    dz = h * np.column_stack([x, np.ones(len(x))]).T  # (d + 1, n): row i changes weight i by h
    a = activation(z)
    # What a changes by reaches the outputs, times w: (d + 1, n, k).
    above, below = (outputs + (activation(z + s) - a)[..., np.newaxis] * w for s in (dz, -dz))
    return (costs(above, t) - costs(below, t)) / (2 * h)


def fast_numerical_gradient(params, x, t, activation, costs, h=1e-5):
    """Slopes of a two-layer network (params: W1, b1, W2, b2), measured as numerical_gradient does,
    but only what a weight changes is computed again. costs(z (s, n, k), t (n,)) -> (s,)."""
    validate.two_layers(params, h)
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    z1 = x @ W1 + b1
    a = activation(z1)
    z2 = a @ W2 + b2
    own = np.eye(len(b2))  # output unit c reaches output c alone
    first = [unit_slopes(x, z1[:, j], activation, W2[j], z2, t, costs, h) for j in range(len(b1))]
    second = [unit_slopes(a, z2[:, c], identity, own[c], z2, t, costs, h) for c in range(len(b2))]
    dW1, dW2 = np.transpose(first), np.transpose(second)  # one column a unit, the bias below
    return {"W1": dW1[:-1], "b1": dW1[-1], "W2": dW2[:-1], "b2": dW2[-1]}


def relative_error(a, b):
    """Largest |a - b| divided by the largest |a| + |b|: 0 if equal, 1 at most.
    ValueError if the shapes differ or a number is nan or inf."""
    validate.same_shape(a, b)
    size = np.max(np.abs(a) + np.abs(b))
    return float(np.max(np.abs(a - b)) / size) if size > 0 else 0.0
