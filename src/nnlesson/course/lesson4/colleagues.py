"""Four programs with one wrong line each, told only by what a gradient check says of them.

A learner is to find the line, so read this after exercise 6. The lines are those of its table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlesson.activations import sigmoid
from nnlesson.gradient import numerical_gradient, relative_error
from nnlesson.losses import CrossEntropy, one_hot

# The wrong line of each program, by its number in the lesson.
WRONG_LINES = {"P": 6, "Q": 1, "R": 4, "S": 5}


def program(wrong: int, X: np.ndarray, labels: np.ndarray, params: Sequence) -> tuple[float, list]:
    """Cost and slopes (dW1, db1, dW2, db2) of a network with this line wrong; 0: none."""
    W1, b1, W2, b2 = params
    Z1 = X @ W1 + (0 if wrong == 1 else b1)
    A1 = sigmoid(Z1)
    Z2 = A1 @ W2 + b2
    n, k = Z2.shape
    cost = CrossEntropy().forward(Z2, labels) / (k if wrong == 4 else 1)
    dZ2 = (sigmoid(Z2) - one_hot(labels, k)) / (1 if wrong == 5 else n)
    dZ1 = dZ2 @ W2.T * A1 * (1 - A1)
    inputs = sigmoid(A1) if wrong == 6 else A1
    return cost, [X.T @ dZ1, dZ1.sum(axis=0), inputs.T @ dZ2, dZ2.sum(axis=0)]


def measured(wrong: int, X: np.ndarray, labels: np.ndarray, params: Sequence) -> list[np.ndarray]:
    """Measured slopes of the cost of such a program, for each of its parameters."""
    params = [param.copy() for param in params]
    return [numerical_gradient(lambda _: program(wrong, X, labels, params)[0], p) for p in params]


def what_the_check_says(X: np.ndarray, labels: np.ndarray, params: Sequence) -> str:
    """A table: relative errors of the four slopes, the cost at 0, the largest measured db1."""
    rows = ["     W1    b1    W2    b2   cost at 0   largest measured db1"]
    for name, wrong in WRONG_LINES.items():
        slopes = measured(wrong, X, labels, params)
        pairs = zip(program(wrong, X, labels, params)[1], slopes, strict=True)
        errors = [relative_error(ours, slope) for ours, slope in pairs]
        words = " ".join(f"{'ok' if e < 1e-6 else f'{e:.2f}':>5}" for e in errors)
        at_zero = program(wrong, X, labels, [np.zeros_like(p) for p in params])[0]
        rows.append(f"{name} {words} {at_zero:11.3f} {np.abs(slopes[1]).max():15.3f}")
    return "\n".join(rows)
