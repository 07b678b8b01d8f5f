"""Article 1's algorithm, in float64: the baseline of the whole job.

Summed loss, η = 0.0005, λ = 0.01, batch 100; after every epoch one pass over the training images
for the cost, and one more over training and validation images for the two accuracies.
"""

import numpy as np


class ArticleNetwork:
    """784-100-10 with sigmoids; weights N(0, 0.1), biases 0."""

    def __init__(self, n_inputs, rng, n_hidden=100, n_outputs=10):
        self.w_h = rng.normal(0, 0.1, (n_inputs, n_hidden))
        self.b_h = np.zeros(n_hidden)
        self.w_out = rng.normal(0, 0.1, (n_hidden, n_outputs))
        self.b_out = np.zeros(n_outputs)
        self.eta, self.l2 = 0.0005, 0.01

    def outputs(self, x):
        """x (n, d) -> hidden activations (n, m), outputs (n, k)."""
        a_h = clipped_sigmoid(x @ self.w_h + self.b_h)
        return a_h, clipped_sigmoid(a_h @ self.w_out + self.b_out)

    def train_epoch(self, x, y, rng):
        """One pass over x (n, d) and one-hot y (n, k) in batches of 100."""
        order = rng.permutation(len(x))
        for start in range(0, len(x) - 99, 100):
            batch = order[start : start + 100]
            a_h, a_out = self.outputs(x[batch])
            delta_out = a_out - y[batch]
            delta_h = delta_out @ self.w_out.T * (a_h * (1 - a_h))
            dw_h, dw_out = x[batch].T @ delta_h, a_h.T @ delta_out
            self.w_h -= self.eta * (dw_h + self.l2 * self.w_h)
            self.b_h -= self.eta * delta_h.sum(axis=0)
            self.w_out -= self.eta * (dw_out + self.l2 * self.w_out)
            self.b_out -= self.eta * delta_out.sum(axis=0)

    def evaluate(self, x, y, x_validation, t_validation):
        """Cost over the training images, and the accuracies on training and validation images."""
        _, a = self.outputs(x)
        penalty = self.l2 * (np.sum(self.w_h**2) + np.sum(self.w_out**2))
        cost = -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) + penalty
        return cost, self.accuracy(x, y.argmax(axis=1)), self.accuracy(x_validation, t_validation)

    def accuracy(self, x, t):
        """Share of the examples whose largest output stands at the label."""
        return np.mean(self.outputs(x)[1].argmax(axis=1) == t)


def clipped_sigmoid(z):
    """1 / (1 + e^-z) with z cut to ±250."""
    return 1.0 / (1.0 + np.exp(-np.clip(z, -250, 250)))
