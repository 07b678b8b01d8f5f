"""The checks of lesson 2: slopes, a layer that stays finite, and a start that fits the images."""

import math

import numpy as np

from nnlesson.activations import sigmoid, softmax
from nnlesson.course.checks import ChoiceCheck, FunctionCheck, ValueCheck
from nnlesson.course.formulas import told

check_my_mirror = ValueCheck(**told("my_mirror", globals()))

check_my_wrong_line = ChoiceCheck(**told("my_wrong_line", globals()))

SOME_Z = np.linspace(-6, 6, 241)  # the kind of z that earlier cells leave behind


def _gives_always_the_same(results: list, cases: list) -> bool:
    """Whether all results are equal numbers: then the arguments were not used."""
    first = np.asarray(results[0], float)
    return all(np.array_equal(np.asarray(result, float), first) for result in results)


check_my_tanh_slope = FunctionCheck(
    **told("my_tanh_slope", globals()),
    cases=lambda rng: [(rng.uniform(-1, 1, 7),), (np.array([0.0, 0.5, -0.9]),)],
)


def _costs(Z, T):
    return np.logaddexp(0, Z) - T * Z


def _costs_from(A, T):
    return -(T * np.log(A) + (1 - T) * np.log(1 - A))


def _clipped_cost(A, T):
    return _costs_from(np.clip(A, 1e-9, 1 - 1e-9), T).sum(axis=1).mean()


def _is_cut_off(results: list, cases: list) -> bool:
    """Whether a moderate cost is right, and those that should be hundreds are finite but small."""
    costs = [float(result[0]) for result in results]
    X, W, b, T = cases[0]
    near = abs(costs[0] - _costs(X @ W + b, T).sum(axis=1).mean()) < 1e-6
    return bool(near and np.isfinite(costs).all() and 1 < costs[1] < 700)


def _overflows(results: list, cases: list) -> bool:
    """Whether a moderate cost is right and a large one is infinite or nan."""
    X, W, b, T = cases[0]
    right = _costs(X @ W + b, T).sum(axis=1).mean()
    return bool(abs(results[0][0] - right) < 1e-6 and not np.isfinite(results[1][0]))


def _output(Z, T):
    return _costs(Z, T).sum(axis=1).mean(), sigmoid(Z) - T


HUGE_Z = np.array([[1000.0, -1000.0, 0.4], [40.0, -40.0, 1.0]])

check_my_output = FunctionCheck(
    **told("my_output", globals()),
    cases=lambda rng: [
        (
            rng.normal(0, 1, (5, 4)),
            rng.normal(0, 1, (4, 3)),
            rng.normal(0, 1, 3),
            rng.integers(0, 2, (5, 3)),
        ),
        (np.eye(2), HUGE_Z, np.zeros(3), np.array([[0, 1, 1], [0, 1, 0]])),
        (np.eye(2), HUGE_Z, np.zeros(3), np.array([[1, 0, 1], [1, 0, 0]])),
    ],
)


def _squares(X):
    return np.sum(X**2, axis=1)


def _is_near(results: list, cases: list) -> bool:
    """Whether every result lies within a tenth of the right one."""
    right = [1 / np.sqrt(np.mean(_squares(X))) for (X,) in cases]
    return bool(np.allclose(np.array(results, float), right, rtol=0.1))


check_my_spread = FunctionCheck(
    **told("my_spread", globals()),
    cases=lambda rng: [
        (rng.uniform(0, 1, (7, 30)) * rng.uniform(0.2, 3, (7, 1)),),
        (rng.uniform(-1, 0.4, (9, 50)) * np.linspace(0.1, 2, 9)[:, np.newaxis],),
    ],
)


def _with_own_softmax(z):
    with np.errstate(all="ignore"):
        a = np.exp(z) / np.exp(z).sum()
    return np.diag(a) - np.outer(a, a)


check_my_softmax_slopes = FunctionCheck(
    **told("my_softmax_slopes", globals()),
    cases=lambda rng: [(rng.normal(0, 1, 4),), (rng.normal(0, 2, 3),), (np.array([0.0, 800.0]),)],
)
