"""Layers: forward turns inputs into outputs, backward turns the slope at the output into the
slope at the input. X (n, d) has one example per row."""

from nnlesson import validate
from nnlesson.activations import leaky_relu, leaky_relu_prime, relu, relu_prime, sigmoid


class Affine:
    """x @ W + b. W (d, m) and b (m,) are float arrays, kept (not copied) and changed in place."""

    def __init__(self, W, b):
        validate.affine(W, b)
        self.W, self.b = W, b

    def forward(self, x):
        """x (n, d) -> (n, m). Remembers x for backward."""
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout, need_dx=True):
        """dout (n, m) -> dx (n, d). Sets dW (d, m) and db (m,). The first layer needs no dx."""
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)  # every row of the batch used the same b
        return dout @ self.W.T if need_dx else None


class Sigmoid:
    """a = sigmoid(z), entry by entry."""

    def forward(self, z):
        """z -> a of the same shape."""
        self.a = sigmoid(z)
        return self.a

    def backward(self, dout):
        """Slope at a -> slope at z."""
        return dout * self.a * (1 - self.a)


class ReLU:
    """a = z where z > 0, else 0."""

    def forward(self, z):
        """z -> a of the same shape. Remembers z, not a: the slope is decided by z."""
        self.z = z
        return relu(z)

    def backward(self, dout):
        """Slope at a -> slope at z."""
        return dout * relu_prime(self.z)


class LeakyReLU:
    """a = z where z > 0, else alpha * z."""

    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def forward(self, z):
        """z -> a of the same shape."""
        self.z = z
        return leaky_relu(z, self.alpha)

    def backward(self, dout):
        """Slope at a -> slope at z."""
        return dout * leaky_relu_prime(self.z, self.alpha)
