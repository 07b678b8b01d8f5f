"""Answers to lesson 4's exercises: right in another form, and wrong, with words they are told."""

import numpy as np


def hand(a, y, a1, v1, x):
    d = np.subtract(a, y) * a
    d = d - d * a
    return [d * a1, np.array(d * v1 * a1 * (1 - a1)) * x]


def einsum_affine(inputs, weights, slope):
    dW = np.einsum("ni,nj->ij", inputs, slope)
    return [np.einsum("nj,ij->ni", slope, weights).tolist(), dW.tolist(), slope.sum(0).tolist()]


def step_by_copies(X, A1, dZ2, W1, b1, W2, b2, l2, eta):
    new_W2, new_b2 = W2.copy(), b2.copy()
    new_W2 -= eta * (A1.T @ dZ2 + l2 * W2)
    new_b2 -= eta * np.ones(len(dZ2)) @ dZ2
    dZ1 = (A1 - A1**2) * (dZ2 @ W2.T)
    return [W1 * (1 - eta * l2) - eta * X.T @ dZ1, b1 - eta * sum(dZ1), new_W2, new_b2]


def stacked(X, A1, dZ2, W):
    both = np.concatenate([dZ2 @ W.T * A1 * (1 - A1), dZ2])
    return np.concatenate([X, A1]).T @ both, both.sum(axis=0).tolist()


def two_bugs_left(X, A1, dZ2, W1, b1, W2, b2, l2, eta):
    new_W1, _, *rest = step_by_copies(X, A1, dZ2, W1, b1, W2, b2, 2 * l2, eta)
    first_row = dZ2[0] @ W2.T * A1[0] * (1 - A1[0])
    return new_W1, b1 - eta * first_row, *rest


SEEN = {"A": "b1 b2", "C": "W1 b1", "E": "all", "F": "W1 W2", "H": "W2"}
LINES = {"P": 6, "Q": 1, "R": 4, "S": 5}
RIGHT = {
    "my_squared_slopes": [hand],
    "my_input_slope": [
        lambda x, deltas, w: float(sum(d * v for d, v in zip(deltas, w, strict=True))),
        lambda x, deltas, w: np.array((deltas * w).sum()),
    ],
    "my_affine_backward": [einsum_affine],
    "my_blind_spots": ["A, D, E", "a, d and e", ["a", "d", "e"], ("ad", "e"), {"a", "d", "e"}],
    "my_prediction": [
        {"a": "b2,b1", "c": "W1 and b1", "e": "all", "f": "dW1, dw2", "h": " w2 "},
        {"A": {"b1", "b2"}, "C": ("b1", "W1"), "E": "all four", "F": "W2 W1", "H": "dW2"},
    ],
    "my_lines": [
        {"P": "6", "Q": "line 1", "R": [4], "S": np.int64(5)},
        {"p": 6.0, "q": 1, "r": (4,), "s": "5."},
    ],
    "my_step": [step_by_copies],
    "my_tied_slopes": [stacked],
}
WRONG = {
    "my_blind_spots": [("a", "d is missing"), ("bc", "b is seen")],
    "my_prediction": [({**SEEN, "A": "W1 b1 W2 b2"}, "A takes one row")],
    "my_lines": [
        ({**LINES, "P": "line 3"}, "P: with line 3 wrong"),
        ({**LINES, "S": 9}, "S: with line 8, 9 or 10 wrong"),
        ({**LINES, "S": 0}, "the number of one line"),
        ([6, 1, 4, 5], "give each letter"),
    ],
    "my_step": [(two_bugs_left, "our cost has λ/2, in both W1 and W2. And b1 must still change")],
    "my_tied_slopes": [
        (lambda X, A, d, W: (A.T @ d + X.T @ (W.T @ d * A), 0), "your code stopped")
    ],
}
