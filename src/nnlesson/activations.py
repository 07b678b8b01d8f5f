"""Activation functions and their slopes. They work on single numbers and on arrays alike."""

import numpy as np

from nnlesson import validate


def step(z):
    """1 where z >= 0, else 0."""
    z = validate.numbers("z", z)
    return (z >= 0).astype(z.dtype)


def identity(z):
    """z itself."""
    return validate.numbers("z", z)


def sigmoid(z):
    """1 / (1 + e^-z), between 0 and 1. Finite for every finite z."""
    z = validate.numbers("z", z)
    e = np.exp(-np.abs(z))  # never above 1, so it cannot overflow
    return np.maximum(e, z >= 0) / (1.0 + e)  # on top: 1 where z >= 0, else e


def relu(z):
    """z where z > 0, else 0."""
    return np.maximum(validate.numbers("z", z), 0.0)


def leaky_relu(z, alpha=0.1):
    """z where z > 0, else alpha * z."""
    z = validate.numbers("z", z)
    validate.number("alpha", alpha)
    return np.where(z > 0, z, alpha * z)


def softmax(z):
    """e^z / sum of e^z along the last axis: positive numbers that sum to 1. ValueError for nan."""
    z = validate.numbers("z", z)
    top = z.max(axis=-1, keepdims=True)
    validate.finite("the largest z of each row", top)
    e = np.exp(z - top)  # the largest exponent is 0, so nothing overflows
    return e / e.sum(axis=-1, keepdims=True)


def sigmoid_prime(z):
    """Slope of the sigmoid at z, a (1 - a) with a = sigmoid(z); at most 0.25."""
    a = sigmoid(z)
    return a * (1.0 - a)


def relu_prime(z):
    """Slope of ReLU at z: 1 where z > 0, else 0 (at 0 itself we choose 0)."""
    z = validate.numbers("z", z)
    return (z > 0).astype(z.dtype)


def leaky_relu_prime(z, alpha=0.1):
    """Slope of leaky ReLU at z: 1 where z > 0, else alpha."""
    z = validate.numbers("z", z)
    validate.number("alpha", alpha)
    return np.where(z > 0, 1.0, alpha).astype(z.dtype)
