"""Layers: an activation is its function, backward its slope; whole numbers; what is refused.

That the slopes for inputs, weights and biases are measured ones stands in test_network.py.
"""

import numpy as np
import pytest
from hypothesis import given
from strategies import batches, locked, refusals, rng

from nnlesson import activations as act
from nnlesson.layers import Affine, LeakyReLU, ReLU, Sigmoid

ACTIVATIONS = [
    (Sigmoid, [], act.sigmoid, act.sigmoid_prime),
    (ReLU, [], act.relu, act.relu_prime),
    (LeakyReLU, [], act.leaky_relu, act.leaky_relu_prime),
    (LeakyReLU, [0.4], act.leaky_relu, act.leaky_relu_prime),
]


@pytest.mark.parametrize("kind, leak, f, slope", ACTIVATIONS)
@given(batches())
def test_an_activation_layer_is_its_function_and_backward_its_slope(kind, leak, f, slope, batch):
    layer, (z, dout) = kind(*leak), locked(batch[0], rng(1).normal(size=batch[0].shape))
    np.testing.assert_array_equal(layer.forward(z), f(z, *leak))
    for _ in range(2):
        np.testing.assert_allclose(layer.backward(dout), dout * slope(z, *leak), rtol=1e-14)


def test_pixels_of_whole_numbers_count_as_floats():
    layer, x = Affine(rng().normal(size=(3, 2)), np.zeros(2)), np.array([[255, 0, 128]], np.uint8)
    np.testing.assert_array_equal(layer.forward(x), layer.forward(x.astype(float)))
    layer.forward(x)
    layer.backward(np.full((1, 2), -2.0))
    np.testing.assert_array_equal(layer.dW, [[-510] * 2, [0] * 2, [-256] * 2])


W, b = np.zeros((3, 2)), np.zeros(2)
test_bad_parameters_and_inputs_are_refused = refusals(
    (lambda: Affine(W[:, :0], b[:0]), ValueError, r"W must .* has shape \(3, 0\)"),
    (lambda: Affine(W, W[:, 0]), ValueError, r"b must have shape \(2,\).*has shape \(3,\)"),
    (lambda: Affine(W.astype(int), b), TypeError, "W must be an array of float32"),
    (lambda: Affine(W, b).forward(np.zeros((2, 4))), ValueError, "size 3 is different from 4"),
)
