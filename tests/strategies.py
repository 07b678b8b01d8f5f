"""What many tests share: random arrays and batches with labels to try, and calls to be refused."""

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

FLOATS = [np.float32, np.float64]


def arrays(most=4.0, dtype=np.float64):
    """Arrays of any shape up to 4 x 4 x 4, numbers from -most to most."""
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)
    width = 8 * np.dtype(dtype).itemsize
    return hnp.arrays(dtype, shapes, elements=st.floats(-most, most, width=width))


@st.composite
def batches(draw, most=4.0, dtype=np.float64):
    """Outputs z (n, k), from -most to most, and labels t (n,) of any whole type."""
    n, k = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    width = 8 * np.dtype(dtype).itemsize
    z = draw(hnp.arrays(dtype, (n, k), elements=st.floats(-most, most, width=width)))
    kind = draw(st.sampled_from([np.int64, np.int8, np.uint8]))
    return z, draw(hnp.arrays(kind, n, elements=st.integers(0, k - 1)))


def locked(*given):
    """The same arrays, which cannot be written to any more: who changes them raises."""
    for array in given:
        array.flags.writeable = False
    return given


def rng(seed=0):
    return np.random.default_rng(seed)


def refusals(*calls):
    """A test of calls that must be refused, each with its error and words of the sentence."""

    @pytest.mark.parametrize("call, error, words", calls)
    def refused(call, error, words):
        with pytest.raises(error, match=words):
            call()

    return refused
