"""Activations: their properties, their slopes against measured ones, and no overflow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import arrays, locked

from nnlesson import activations
from nnlesson.activations import (
    identity,
    leaky_relu,
    leaky_relu_prime,
    relu,
    relu_prime,
    sigmoid,
    sigmoid_prime,
    softmax,
    step,
)
from nnlesson.gradient import numerical_gradient

ELEMENTWISE = [step, identity, sigmoid, relu, leaky_relu, sigmoid_prime, relu_prime]
ELEMENTWISE += [leaky_relu_prime]
each_function = pytest.mark.parametrize("f", [*ELEMENTWISE, softmax], ids=lambda f: f.__name__)
each_float = pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
leaks = st.sampled_from([0.0, 0.1, 0.5])


def test_every_function_is_tried_here():
    public = {f.__name__ for f in vars(activations).values() if callable(f)}
    assert public == {f.__name__ for f in [*ELEMENTWISE, softmax]}


@each_function
@each_float
@given(data=st.data())
def test_large_numbers_stay_finite_and_keep_shape_and_type(f, dtype, data):
    (z,) = locked(data.draw(arrays(most=1e4, dtype=dtype)))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = np.asarray(f(z))
    assert np.isfinite(a).all()
    assert a.dtype == dtype and a.shape == z.shape


@each_function
@given(
    st.sampled_from([bool, np.int8, np.uint8, np.int64]).flatmap(
        lambda kind: hnp.arrays(kind, hnp.array_shapes(max_dims=2, max_side=4))
    )
)
def test_whole_numbers_and_lists_count_as_floats(f, z):
    floats = f(z.astype(float))
    np.testing.assert_array_equal(f(z), floats)
    np.testing.assert_array_equal(f(z.tolist()), floats)


@pytest.mark.parametrize("f", ELEMENTWISE)
def test_nan_stays_nan_and_spreads_to_no_neighbour(f):
    np.testing.assert_array_equal(np.isnan(f([0.0, np.nan, 1.0])), [False, True, False])


def test_softmax_spreads_nan_over_its_row_alone():
    np.testing.assert_array_equal(softmax([[0.0, np.nan], [1.0, 1.0]]), [[np.nan] * 2, [0.5] * 2])


@given(arrays(most=30))
def test_sigmoid_is_its_formula_and_mirrors(z):
    np.testing.assert_allclose(sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-14)
    np.testing.assert_allclose(sigmoid(-z), 1 - sigmoid(z), atol=1e-15)


@given(arrays(most=30))
def test_sigmoid_slope_is_even_and_largest_in_the_middle(z):
    np.testing.assert_allclose(sigmoid_prime(-z), sigmoid_prime(z), atol=1e-15)
    assert np.all(sigmoid_prime(z) <= sigmoid_prime(0)) and sigmoid_prime(0) == 0.25


@given(arrays(), leaks)
def test_pieces_are_straight_and_bend_at_0(z, alpha):
    np.testing.assert_array_equal(step(z), np.where(z >= 0, 1, 0))
    np.testing.assert_array_equal(relu(z), np.where(z > 0, z, 0))
    np.testing.assert_array_equal(relu_prime(z), np.where(z > 0, 1, 0))
    np.testing.assert_array_equal(leaky_relu(z, alpha), np.where(z > 0, z, alpha * z))
    np.testing.assert_array_equal(leaky_relu_prime(z, alpha), np.where(z > 0, 1, alpha))


def test_the_default_leak_is_a_tenth():
    assert leaky_relu(-1.0) == -0.1 and leaky_relu_prime(-1.0) == 0.1


@pytest.mark.parametrize("f, slope", [(sigmoid, sigmoid_prime), (relu, relu_prime),
                                      (leaky_relu, leaky_relu_prime)])  # fmt: skip
@given(z=arrays())
def test_slopes_are_measured_slopes(f, slope, z):
    z = np.where(np.abs(z) < 1e-3, 1.0, z)  # away from the kink
    measured = numerical_gradient(lambda z: np.sum(f(z)), z)
    np.testing.assert_allclose(slope(z), measured, atol=1e-8)


@given(arrays(most=300), st.floats(-1000, 1000))
def test_softmax_gives_shares_that_a_shift_leaves_alone(z, shift):
    np.testing.assert_allclose(np.sum(softmax(z), axis=-1), 1)
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-9, atol=1e-15)


@given(arrays())
def test_softmax_is_its_formula_and_of_two_a_sigmoid(z):
    total = np.sum(np.exp(z), axis=-1, keepdims=True)
    np.testing.assert_allclose(softmax(z), np.exp(z) / total)
    np.testing.assert_allclose(softmax(np.stack([z, 0 * z], axis=-1))[..., 0], sigmoid(z))


def test_softmax_gives_minus_infinity_the_share_0():
    np.testing.assert_array_equal(softmax(np.array([-np.inf, 0.0])), [0, 1])
