"""check_derivation: true derivations pass, and every kind of slip is found where it is."""

from re import escape

import numpy as np
import pytest
from strategies import refusals

from nnlesson.activations import sigmoid
from nnlesson.derivation import DerivationError, check_derivation

GRID, POINTS, LARGE = np.linspace(-6, 6, 49), np.array([1.0, 2.0]), np.array([1e12])
X, W = np.linspace(1, 2, 7), np.linspace(-1, 1, 7)
SIGMOID_SLOPE = [
    ("e^-z / (1 + e^-z)^2", lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    ("a (1 - a)", lambda z: sigmoid(z) * (1 - sigmoid(z))),
    ("a - a^2", lambda z: sigmoid(z) - sigmoid(z) ** 2),
]
MEASURED = ("measured", lambda x, w: (x * (w + 1e-5) ** 2 - x * (w - 1e-5) ** 2) / 2e-5)
SLOPE, WRONG = ("2wx", lambda x, w: 2 * w * x), ("2w", lambda x, w: 2 * w + (x == 1))
Z, NEARLY = ("z", lambda z: z), ("nearly z", lambda z: z * (1 + 1e-10))
ONE, NEAR = ("1", lambda z: 1.0), ("1.5", lambda z: 1.5)


@pytest.mark.parametrize(
    "lines, grid, options",
    [
        (SIGMOID_SLOPE, GRID, {}),
        (SIGMOID_SLOPE[:1], GRID, {}),
        ([MEASURED, SLOPE], (X, W), {"tolerance": 1e-6}),
        ([("0.25", lambda z: 0.25), ("1/4", lambda z: 1 / 4)], GRID, {}),
        ([("z - 5", lambda z: z - 5), ("-2", lambda z: -2)], np.array([3], np.uint8), {}),
        ([ONE, NEAR], POINTS, {"tolerance": 0.5}),
        ([Z, NEARLY], LARGE, {}),
    ],
)
def test_a_true_derivation_passes_and_counts_its_lines(lines, grid, options):
    assert check_derivation(lines, grid, **options) == len(lines)


@pytest.mark.parametrize("position", [1, 2])
@pytest.mark.parametrize("slip", [1e-6, -0.3, 100.0])
def test_the_first_wrong_line_is_named(position, slip):
    text, right = SIGMOID_SLOPE[position]
    lines = list(SIGMOID_SLOPE)
    lines[position] = (text, lambda z: right(z) + slip)
    before = SIGMOID_SLOPE[position - 1][0]
    said = f"^line {position + 1}, '{escape(text)}', is .*'{escape(before)}'"
    with pytest.raises(DerivationError, match=said):
        check_derivation(lines, GRID)


BYTES = [(str(n), lambda z, n=n: np.full(z.shape, n, np.uint8)) for n in (5, 3)]
SAID = "line 2, 'z or 2', is 2 at 3; the line before it, 'z', is 3 (difference 1)"


def refused(words, lines, grid=POINTS, **options):
    return lambda: check_derivation(lines, grid, **options), DerivationError, words


test_what_is_no_derivation_is_refused = refusals(
    refused(f"^{escape(SAID)}$", [Z, ("z or 2", lambda z: np.where(z == 3, 2, z))], np.arange(5)),
    refused("at 1, -1;", [SLOPE, WRONG], (X, W)),
    refused("'bad' is not finite at 1: ", [("bad", lambda z: z * np.nan)] * 2),
    refused("'bad' is not finite at 2: ", [Z, ("bad", lambda z: np.where(z == 2, np.inf, z))]),
    refused("'1 / z' is not finite at 0: ", [("1 / z", lambda z: 1 / z)], np.array([1.0, 0.0])),
    refused(r"\(difference 2\)", BYTES),  # 3 - 5 would wrap around
    refused("'1.5', is 1.5", [ONE, NEAR], tolerance=0.4999),
    refused("nearly", [Z, NEARLY], LARGE, tolerance=1e-11),
    refused("'z.t' cannot be evaluated: AttributeError", [("z.t", lambda z: z.missing)]),
    refused("^there is no line or no point", []),
    refused("no point", SIGMOID_SLOPE, np.array([])),
)
