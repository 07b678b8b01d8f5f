"""A network of neuron objects in plain Python: slow, but every number can be looked at."""

import math

from nnlesson import validate


def scalar_sigmoid(z):
    """1 / (1 + e^-z) for one number z. Written so that exp cannot overflow."""
    e = math.exp(-math.fabs(z))  # fabs: |z| as a float, whatever type of number z is
    return 1 / (1 + e) if z >= 0 else e / (1 + e)


class Perceptron:
    """One neuron: y = sigmoid(z), z = Σ w·x + b. weights: d numbers; bias: a number."""

    def __init__(self, weights, bias):
        self.weights, self.bias = [float(w) for w in weights], float(bias)

    def forward(self, x):
        """Output y for the inputs x, d numbers. Remembers x, z and y."""
        self.x = x
        self.z = sum(w * value for w, value in zip(self.weights, x, strict=True)) + self.bias
        self.y = scalar_sigmoid(self.z)
        return self.y

    def slope(self):
        """Slope of y with respect to z at the last forward: y (1 - y)."""
        return self.y * (1 - self.y)

    def update(self, learning_rate):
        """One step down: dJ/dw = delta · x and dJ/db = delta. Needs delta from backward."""
        step = learning_rate * self.delta
        self.weights = [w - step * value for w, value in zip(self.weights, self.x, strict=True)]
        self.bias -= step


class PerceptronLayer:
    """n_neurons Perceptrons that share n_inputs inputs. Weights: normal, 1/√n_inputs; biases 0."""

    def __init__(self, n_inputs, n_neurons, rng):
        weights = rng.normal(0, 1 / math.sqrt(n_inputs), (n_neurons, n_inputs)).tolist()
        self.neurons = [Perceptron(row, 0.0) for row in weights]

    def forward(self, x):
        """The neurons' outputs, a list of n_neurons numbers."""
        return [neuron.forward(x) for neuron in self.neurons]


class PerceptronNetwork:
    """PerceptronLayers one after the other: the outputs of each are the inputs of the next."""

    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        """Outputs for one example x, a list of numbers. ValueError for nan or a wrong length."""
        for layer in self.layers:
            x = layer.forward(x)
        validate.finite("the output", x)
        return x

    def backward(self, target):
        """Sets delta = dJ/dz on every neuron, J = ½ Σ (y - target)². target: one per output."""
        neurons = self.layers[-1].neurons
        for neuron, t in zip(neurons, target, strict=True):
            neuron.delta = (neuron.y - t) * neuron.slope()
        for layer in reversed(self.layers[:-1]):
            for j, neuron in enumerate(layer.neurons):
                blame = sum(after.delta * after.weights[j] for after in neurons)
                neuron.delta = blame * neuron.slope()
            neurons = layer.neurons

    def update(self, learning_rate):
        """One gradient step for every weight and bias, after backward has set all deltas."""
        validate.rates(learning_rate)
        for layer in self.layers:
            for neuron in layer.neurons:
                neuron.update(learning_rate)

    def accuracy(self, images, labels):
        """Share of images whose largest output stands at the place of the label."""
        answers = [self.forward(x) for x in images]
        right = [y.index(max(y)) == label for y, label in zip(answers, labels, strict=True)]
        return sum(right) / len(right)
