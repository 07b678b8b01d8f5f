"""Activation functions and their slopes. They work on single numbers and on arrays alike: floats
keep their type, whole numbers become float64 (identity leaves them), and nan stays nan."""

import numpy as np


def step(z):
    """1 where z >= 0, else 0."""
    return np.heaviside(z, 1.0)  # the second number is the value at z = 0


def identity(z):
    """z itself."""
    return z


def sigmoid(z):
    """1 / (1 + e^-z), between 0 and 1. Finite for every finite z."""
    top = np.exp(np.minimum(z, 0.0))  # e^z where z < 0, else 1
    return top / (top + np.exp(-np.maximum(z, 0.0)))  # no exponent is above 0: no overflow


def relu(z):
    """z where z > 0, else 0."""
    return np.maximum(z, 0.0)


def leaky_relu(z, alpha=0.1):
    """z where z > 0, else alpha * z."""
    return np.maximum(z, 0.0) + alpha * np.minimum(z, 0.0)


def softmax(z):
    """e^z / sum of e^z along the last axis: numbers from 0 to 1 that sum to 1."""
    top = 1.0 * np.max(z, axis=-1, keepdims=True)  # 1.0: whole numbers become floats
    e = np.exp(z - top)  # the largest exponent is 0, so nothing overflows
    return e / e.sum(axis=-1, keepdims=True)


def sigmoid_prime(z):
    """Slope of the sigmoid at z, a (1 - a) with a = sigmoid(z); at most 0.25."""
    a = sigmoid(z)
    return a * (1.0 - a)


def relu_prime(z):
    """Slope of ReLU at z: 1 where z > 0, else 0 (at 0 itself we choose 0)."""
    return np.sign(relu(z))


def leaky_relu_prime(z, alpha=0.1):
    """Slope of leaky ReLU at z: 1 where z > 0, else alpha."""
    above = relu_prime(z)
    return above + alpha * (1.0 - above)
