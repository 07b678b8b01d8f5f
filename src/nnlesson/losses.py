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


def z_of_label(z, t):
    """The z at the label: z (n, k), t (n,) -> (n,); of s versions, z (s, n, k), (s, n).
    TypeError or ValueError unless z holds finite floats and t labels 0..k-1."""
    validate.outputs(z, t)
    return z[..., np.arange(len(t)), t]


class SquaredError:
    """Mean over the batch of ½ Σ (z - t)². t: labels (n,), or real targets (n, k)."""

    activate = staticmethod(identity)

    def forward(self, z, t):
        """z (n, k), t (n,) or (n, k) -> float."""
        validate.targets(z, t)
        y = one_hot(t, z.shape[1], z.dtype) if t.ndim == 1 else t
        self.difference = z - y
        return float(0.5 * np.sum(self.difference**2) / len(z))

    def backward(self):
        """dz (n, k), the slope of the loss at the z of the last forward."""
        return self.difference / len(self.difference)


class CrossEntropy:
    """Mean over the batch of -Σ [y log a + (1 - y) log(1 - a)], a = sigmoid(z), y one-hot."""

    activate = staticmethod(sigmoid)

    def forward(self, z, t):
        """z (n, k), t (n,) -> float. Computed from z, so it stays finite where log(a) would not."""
        right = z_of_label(z, t)
        self.z, self.t = z, t
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
        right = z_of_label(z, t)
        self.a, self.t = softmax(z), t
        top = z.max(axis=1)
        log_sum = top + np.log(np.exp(z - top[:, np.newaxis]).sum(axis=1))
        return float(np.mean(log_sum - right))

    def backward(self):
        """dz (n, k) = (a - y) / n."""
        dz = self.a.copy()
        dz[np.arange(len(dz)), self.t] -= 1
        return dz / len(dz)


def softmax_costs(z, t):
    """What SoftmaxCrossEntropy gives for s versions of the outputs: z (s, n, k), t (n,) -> (s,)."""
    right = z_of_label(z, t)
    top = z[0].max(axis=1)  # serves all versions: they must not differ by more than hundreds
    e = np.exp(z - top[:, np.newaxis])
    # e @ ones adds up the classes
    return np.mean(top + np.log(e @ np.ones(z.shape[2])) - right, axis=1)
