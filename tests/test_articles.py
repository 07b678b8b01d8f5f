"""The objects of article 0 are the same parts as the layers.

That the gradients are measured slopes stands in test_network.py, that each article trains in
course/test_programs.py; the matrices of article 1 are in benchmarks/test_benchmarks.py.
"""

from functools import partial
from itertools import pairwise

import numpy as np
from strategies import rng

from nnlesson.layers import Sigmoid
from nnlesson.losses import SquaredError, one_hot
from nnlesson.network import Network, mlp
from nnlesson.optimizers import SGD
from nnlesson.perceptron import PerceptronLayer, PerceptronNetwork

agree = partial(np.testing.assert_allclose, rtol=0, atol=1e-7)


def test_the_objects_of_article_0_do_what_layers_do():
    sizes = [784, 20, 20, 10]
    objects = PerceptronNetwork([PerceptronLayer(d, m, rng()) for d, m in pairwise(sizes)])
    layers = mlp(sizes, Sigmoid, SquaredError(), rng=rng()).layers
    # The article's loss, ½ Σ (sigmoid(z) - t)², is the squared error of one more layer of sigmoids.
    twin = Network([*layers, Sigmoid()], SquaredError())
    for layer, affine in zip(objects.layers, twin.affine, strict=True):
        affine.W[...] = np.transpose([neuron.weights for neuron in layer.neurons])
    x, t = rng().uniform(-1, 1, (1, 784)), np.array([7])
    agree(objects.forward(x[0].tolist()), twin.forward(x)[0])
    objects.backward(one_hot(t, 10)[0].tolist())
    grads = twin.gradients(x, t)
    for i, layer in enumerate(objects.layers, start=1):
        deltas = [neuron.delta for neuron in layer.neurons]
        agree(grads[f"b{i}"], deltas)
        agree(grads[f"W{i}"], np.outer(layer.neurons[0].x, deltas))
    objects.update(0.5)
    SGD(0.5).update(twin.params, grads)
    agree(objects.forward(x[0].tolist()), twin.forward(x)[0])
