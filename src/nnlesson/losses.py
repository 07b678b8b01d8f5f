"""Losses: how wrong the outputs are, and the slope of that with respect to z.

Each loss is the mean over the batch. z (n, k) is what the last layer hands over,
t (n,) are the labels 0 .. k-1. `activate` turns z into the network's answer.
"""

import numpy as np

from nnlesson import validate
from nnlesson.activations import identity, sigmoid, softmax


def one_hot(t, k, dtype=np.float64):
    """Row i is 1 at place t[i], else 0; t (n,) -> (n, k). ValueError for labels outside 0..k-1."""
    validate.labels(t, np.size(t), k)
    return np.eye(k, dtype=dtype)[t]


def check_outputs(z):
    """Refuses z unless it is a finite float array (n, k)."""
    validate.floats("z", z, (None, None))
    validate.finite("z", z, ": look for nan or huge numbers in the inputs and in the weights")


class SquaredError:
    """Mean over the batch of ½ Σ (z - t)². t: labels (n,), or real targets (n, k)."""

    activate = staticmethod(identity)

    def forward(self, z, t):
        """z (n, k), t (n,) or (n, k) -> float."""
        check_outputs(z)
        if np.ndim(t) == 1 and np.asarray(t).dtype.kind in "iu":
            t = one_hot(t, z.shape[1], z.dtype)
        validate.floats("t", t, z.shape)
        validate.finite("t", t)
        self.difference = z - t
        return float(0.5 * np.sum(self.difference**2) / len(z))

    def backward(self):
        """dz (n, k), the slope of the loss at the z of the last forward."""
        return self.difference / len(self.difference)


class CrossEntropy:
    """Mean over the batch of -Σ [y log a + (1 - y) log(1 - a)], a = sigmoid(z), y one-hot."""

    activate = staticmethod(sigmoid)

    def forward(self, z, t):
        """z (n, k), t (n,) -> float. Computed from z, so it stays finite where log(a) would not."""
        check_outputs(z)
        validate.labels(t, *z.shape)
        self.z, self.t = z, t
        right = z[np.arange(len(t)), t]
        return float((np.logaddexp(0, z).sum() - right.sum()) / len(z))

    def backward(self):
        """dz (n, k) = (a - y) / n."""
        dz = sigmoid(self.z)
        dz[np.arange(len(dz)), self.t] -= 1  # y is 1 at the label, 0 elsewhere
        return dz / len(dz)


class SoftmaxCrossEntropy:
    """Mean over the batch of -log a[label], a = softmax(z)."""

    activate = staticmethod(softmax)

    def forward(self, z, t):
        """z (n, k), t (n,) -> float."""
        check_outputs(z)
        validate.labels(t, *z.shape)
        self.a, self.t = softmax(z), t
        top = z.max(axis=1)
        log_sum = top + np.log(np.exp(z - top[:, np.newaxis]).sum(axis=1))
        right = z[np.arange(len(t)), t]
        return float(np.mean(log_sum - right))

    def backward(self):
        """dz (n, k) = (a - y) / n."""
        dz = self.a.copy()
        dz[np.arange(len(dz)), self.t] -= 1
        return dz / len(dz)


def softmax_costs(z, t):
    """What SoftmaxCrossEntropy gives for s versions of the outputs: z (s, n, k), t (n,) -> (s,)."""
    validate.floats("z", z, (None, np.size(t), None))
    validate.labels(t, *z.shape[1:])
    top = z[0].max(axis=1)  # serves all versions: they must not differ by more than hundreds
    e = np.exp(z - top[:, np.newaxis])
    log_sum = top + np.log(e @ np.ones(z.shape[2]))  # the product adds up the classes
    validate.finite("the cost", log_sum, ": is there nan in z, or are versions hundreds apart?")
    right = z[:, np.arange(len(t)), t]
    return np.mean(log_sum - right, axis=1)
