"""A network: layers one after the other, a loss, an L2 penalty; its cost and gradients."""

import numpy as np

from nnlesson import validate
from nnlesson.gradient import numerical_gradient, relative_error
from nnlesson.layers import Affine


class Network:
    """Layers, then a loss. cost = loss + l2/2 · Σ w² over weights, never biases.
    params: {"W1": …, "b1": …, "W2": …}, the layers' own arrays; change them in place."""

    def __init__(self, layers, loss, l2=0.0):
        validate.network(layers, Affine, l2)
        self.layers, self.loss, self.l2 = list(layers), loss, l2
        self.affine = [layer for layer in self.layers if isinstance(layer, Affine)]
        self.params = {}
        for i, layer in enumerate(self.affine, start=1):
            self.params |= {f"W{i}": layer.W, f"b{i}": layer.b}

    def forward(self, x):
        """x (n, d) -> z (n, k), what the last layer hands to the loss."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def predict(self, x):
        """x (n, d) -> answers (n, k): the loss's activation of z. ValueError if x holds nan."""
        validate.finite("x", x)
        return self.loss.activate(self.in_blocks(x))

    def in_blocks(self, x):
        """forward(x), 500 examples at a time: each layer remembers what goes through it."""
        # Copies: a view of x would keep all of x in memory.
        z = [self.forward(x[i : i + 500].copy()) for i in range(0, len(x) or 1, 500)]
        return np.concatenate(z)

    def penalty(self):
        """l2/2 times the sum of all squared weights."""
        return 0.5 * self.l2 * sum(float(np.sum(layer.W**2)) for layer in self.affine)

    def cost(self, x, t):
        """Loss plus penalty on the batch x (n, d), t (n,) -> float."""
        return self.loss.forward(self.forward(x), t) + self.penalty()

    def gradients(self, x, t):
        """Slope of the cost for every parameter: a dict with the keys and shapes of params."""
        self.loss.forward(self.forward(x), t)
        dout = self.loss.backward()
        for layer in reversed(self.layers[1:]):
            dout = layer.backward(dout)
        self.layers[0].backward(dout, need_dx=False)
        grads = {}
        for i, layer in enumerate(self.affine, start=1):
            layer.dW += self.l2 * layer.W  # the slope of the penalty
            grads |= {f"W{i}": layer.dW, f"b{i}": layer.db}
        return grads

    def evaluate(self, x, t):
        """(cost, accuracy) on x (n, d), t (n,), from one forward pass."""
        z = self.in_blocks(x)
        cost = self.loss.forward(z, t) + self.penalty()
        validate.labels(t, *z.shape)  # real targets have a cost, but no accuracy
        return cost, float(np.mean(z.argmax(axis=1) == t))


def mlp(sizes, activation, loss, l2=0.0, rng=None, scale=0.1, dtype=np.float64):
    """A Network: an Affine layer between each two sizes, `activation()` between each two layers.
    Weights: normal, standard deviation `scale`; None: √(2 / inputs) (He 2015). Biases: 0."""
    validate.generator(rng)
    layers = []
    for d, m in zip(sizes[:-1], sizes[1:], strict=True):
        deviation = np.sqrt(2 / d) if scale is None else scale
        W = rng.normal(0, deviation, (d, m)).astype(dtype)
        layers += [Affine(W, np.zeros(m, dtype)), activation()]
    return Network(layers[:-1], loss, l2)  # the loss brings the last activation


def check_gradients(network, x, t, h=1e-5):
    """{name: relative error of the gradient against measured slopes}. Below 1e-6 is right.
    TypeError unless the parameters are float64."""
    grads = network.gradients(x, t)
    errors = {}
    for name, array in network.params.items():
        measured = numerical_gradient(lambda _: network.cost(x, t), array, h)
        errors[name] = relative_error(grads[name], measured)
    return errors
