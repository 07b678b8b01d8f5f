"""Activations: their formulas, their slopes against measured ones, and no overflow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import arrays, locked

from nnlesson import activations as act
from nnlesson.gradient import numerical_gradient

ELEMENTWISE = [act.step, act.identity, act.sigmoid, act.sigmoid_prime]
ELEMENTWISE += [act.relu, act.relu_prime, act.leaky_relu, act.leaky_relu_prime]
each_function = pytest.mark.parametrize("f", [*ELEMENTWISE, act.softmax], ids=lambda f: f.__name__)


def test_every_function_is_tried_here():
    public = {f.__name__ for f in vars(act).values() if callable(f)}
    assert public == {f.__name__ for f in [*ELEMENTWISE, act.softmax]}


@each_function
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(data=st.data())
def test_large_numbers_stay_finite_and_keep_shape_and_type(f, dtype, data):
    (z,) = locked(data.draw(arrays(most=1e4, dtype=dtype)))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = np.asarray(f(z))
    assert np.isfinite(a).all()
    assert a.dtype == dtype and a.shape == z.shape


WHOLE = st.sampled_from([bool, np.int8, np.uint8, np.int64])


@each_function
@given(WHOLE.flatmap(lambda kind: hnp.arrays(kind, hnp.array_shapes(max_dims=2, max_side=4))))
def test_whole_numbers_and_lists_count_as_floats(f, z):
    for given_as in (z, z.tolist()):
        np.testing.assert_array_equal(f(given_as), f(z.astype(float)))


@pytest.mark.parametrize("f", ELEMENTWISE)
def test_nan_stays_nan_and_spreads_to_no_neighbour(f):
    np.testing.assert_array_equal(np.isnan(f([0.0, np.nan, 1.0])), [False, True, False])


def test_softmax_spreads_nan_over_its_row_alone_and_gives_minus_infinity_the_share_0():
    shares = act.softmax([[0.0, np.nan], [1.0, 1.0], [-np.inf, 0.0]])
    np.testing.assert_array_equal(shares, [[np.nan] * 2, [0.5] * 2, [0, 1]])


@given(arrays(most=30))
def test_sigmoid_is_its_formula_and_its_slope_the_measured_one_steepest_in_the_middle(z):
    np.testing.assert_allclose(act.sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-14)
    measured = numerical_gradient(lambda z: np.sum(act.sigmoid(z)), z)
    np.testing.assert_allclose(act.sigmoid_prime(z), measured, atol=1e-8)
    assert np.all(act.sigmoid_prime(z) <= act.sigmoid_prime(0)) and act.sigmoid_prime(0) == 0.25


@given(arrays(), st.sampled_from([0.1, 0.0, 0.5]))
def test_pieces_are_straight_and_bend_at_0(z, alpha):
    leak = [] if alpha == 0.1 else [alpha]  # a tenth unless another is given
    np.testing.assert_array_equal(act.step(z), np.where(z >= 0, 1, 0))
    np.testing.assert_array_equal(act.relu(z), np.where(z > 0, z, 0))
    np.testing.assert_array_equal(act.relu_prime(z), np.where(z > 0, 1, 0))
    np.testing.assert_array_equal(act.leaky_relu(z, *leak), np.where(z > 0, z, alpha * z))
    np.testing.assert_array_equal(act.leaky_relu_prime(z, *leak), np.where(z > 0, 1, alpha))


@given(arrays(most=300), st.floats(-1000, 1000))
def test_softmax_is_its_formula_which_a_shift_leaves_alone(z, shift):
    total = np.sum(np.exp(z), axis=-1, keepdims=True)
    np.testing.assert_allclose(act.softmax(z), np.exp(z) / total, rtol=1e-9)
    np.testing.assert_allclose(act.softmax(z + shift), act.softmax(z), rtol=1e-9, atol=1e-15)
