"""check_derivation: true derivations pass, and every kind of slip is found where it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlesson.derivation import DerivationError, check_derivation

GRID = np.linspace(-6, 6, 49)


def a(z):
    return 1 / (1 + np.exp(-z))


SIGMOID_SLOPE = [
    ("e^-z / (1 + e^-z)^2", lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    ("a (1 - a)", lambda z: a(z) * (1 - a(z))),
    ("a - a^2", lambda z: a(z) - a(z) ** 2),
]


def test_a_true_derivation_passes_and_counts_its_lines():
    assert check_derivation(SIGMOID_SLOPE, GRID) == 3
    assert check_derivation(SIGMOID_SLOPE[:1], GRID) == 1


@given(st.integers(1, 2), st.sampled_from([1e-6, -0.3, 100.0]))
def test_the_first_wrong_line_is_named(position, slip):
    text, right = SIGMOID_SLOPE[position]
    lines = list(SIGMOID_SLOPE)
    lines[position] = (text, lambda z: right(z) + slip)
    with pytest.raises(DerivationError) as caught:
        check_derivation(lines, GRID)
    said = str(caught.value)
    assert said.startswith(f"line {position + 1}, '{text}', is ")
    assert f"'{SIGMOID_SLOPE[position - 1][0]}'" in said


def test_the_sentence_says_where_and_by_how_much():
    lines = [("z", lambda z: z), ("z or 2", lambda z: np.where(z == 3, 2.0, z))]
    with pytest.raises(DerivationError) as caught:
        check_derivation(lines, np.arange(5))
    assert str(caught.value) == (
        "line 2, 'z or 2', is 2 at 3; the line before it, 'z', is 3 (difference 1)"
    )


def test_several_variables_constants_and_a_measured_line():
    x, w = np.linspace(1, 2, 7), np.linspace(-1, 1, 7)
    lines = [
        ("measured", lambda x, w: (x * (w + 1e-5) ** 2 - x * (w - 1e-5) ** 2) / 2e-5),
        ("2 w x", lambda x, w: 2 * w * x),
    ]
    assert check_derivation(lines, (x, w), tolerance=1e-6) == 2
    assert check_derivation([("0.25", lambda z: 0.25), ("1/4", lambda z: 1 / 4)], GRID) == 2
    with pytest.raises(DerivationError, match="at 1, -1;"):
        check_derivation([lines[1], ("2 w", lambda x, w: 2 * w + (x == 1))], (x, w))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_never_pass(bad):
    lines = [("bad", lambda z: z * bad), ("bad again", lambda z: z * bad)]
    with pytest.raises(DerivationError, match="'bad' is not finite at 1: "):
        check_derivation(lines, np.array([1.0, 2.0]))
    lines = [("z", lambda z: z), ("bad", lambda z: np.where(z == 2, bad, z))]
    with pytest.raises(DerivationError, match="'bad' is not finite at 2: "):
        check_derivation(lines, np.array([1.0, 2.0]))


def test_a_pole_is_not_finite_rather_than_a_warning():
    with pytest.raises(DerivationError, match="'1 / z' is not finite at 0: "):
        check_derivation([("1 / z", lambda z: 1 / z)], np.array([1.0, 0.0]))


def test_whole_numbers_are_compared_as_numbers():
    small = [
        (text, lambda z, n=n: np.full(z.shape, n, np.uint8)) for text, n in (("3", 3), ("5", 5))
    ]
    with pytest.raises(DerivationError, match=r"\(difference 2\)"):
        check_derivation(list(reversed(small)), np.array([1.0]))
    lines = [("z - 5", lambda z: z - 5), ("-2", lambda z: -2)]
    assert check_derivation(lines, np.array([3], np.uint8)) == 2  # uint8 would wrap around


def test_the_tolerance_is_absolute_up_to_1_and_not_exceeded_when_met():
    lines = [("1", lambda z: 1.0), ("1.5", lambda z: 1.5)]
    assert check_derivation(lines, np.array([0.0]), tolerance=0.5) == 2
    with pytest.raises(DerivationError):
        check_derivation(lines, np.array([0.0]), tolerance=0.4999)


def test_the_tolerance_is_relative_for_large_values():
    large = [("z", lambda z: z), ("nearly z", lambda z: z * (1 + 1e-10))]
    assert check_derivation(large, np.array([1e12])) == 2
    with pytest.raises(DerivationError):
        check_derivation(large, np.array([1e12]), tolerance=1e-11)


def test_a_line_that_cannot_be_evaluated_is_named():
    with pytest.raises(DerivationError, match="'z.t' cannot be evaluated: AttributeError"):
        check_derivation([("z.t", lambda z: z.t)], GRID)


def test_no_lines_and_no_points_are_refused():
    with pytest.raises(DerivationError, match="^there is no line or no point"):
        check_derivation([], GRID)
    with pytest.raises(DerivationError, match="no point"):
        check_derivation(SIGMOID_SLOPE, np.array([]))
