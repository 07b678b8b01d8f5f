"""The IDX reader under random files: the right array, or a ValueError that names the file."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from idx_files import held_by, idx

from nnlesson.datasets import read_idx

ARRAYS = hnp.arrays(
    np.uint8, hnp.array_shapes(min_dims=1, max_dims=5, min_side=0, max_side=6), fill=st.nothing()
)
FILES = ARRAYS.map(idx)
ANY = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file"


def check(path, content: bytes) -> None:
    """The reader's answer is right for this file, whatever it is."""
    path.write_bytes(content)
    expected = held_by(content)
    if expected is None:
        with pytest.raises(ValueError, match=r"file: \S\S"):
            read_idx(path)
    else:
        found = read_idx(path)
        assert found.dtype == np.uint8
        assert found.shape == expected.shape
        assert (found == expected).all()


@ANY
@given(array=ARRAYS, level=st.integers(-1, 9))
def test_what_is_written_is_read(path, array, level):
    for content in (idx(array), gzip.compress(idx(array), level % 10)):
        path.write_bytes(content)
        found = read_idx(path)
        assert found.shape == array.shape
        assert (found == array).all()


@ANY
@given(content=st.binary(max_size=200))
def test_random_bytes(path, content):
    check(path, content)
    check(path, gzip.compress(content))


@ANY
@given(dimensions=st.lists(st.integers(0, 2**32 - 1), max_size=66), rest=st.binary(max_size=50))
@example(dimensions=[0, 2**32 - 1, 2**32 - 1], rest=b"")
@example(dimensions=[0, 2**31 - 1, 2**31 - 1], rest=b"")
@example(dimensions=[1] * 64, rest=b"7")
@example(dimensions=[1] * 65, rest=b"7")
def test_random_headers(path, dimensions, rest):
    header = struct.pack(f">HBB{len(dimensions)}I", 0, 8, len(dimensions), *dimensions)
    check(path, header + rest)
    check(path, gzip.compress(header + rest))


@ANY
@given(content=FILES, packed=st.booleans(), data=st.data())
def test_truncated(path, content, packed, data):
    content = gzip.compress(content) if packed else content
    end = data.draw(st.integers(0, len(content) - 1))
    path.write_bytes(content[:end])
    with pytest.raises(ValueError, match="file: "):
        read_idx(path)


@ANY
@given(content=FILES, packed=st.booleans(), more=st.binary(min_size=1, max_size=30))
def test_lengthened(path, content, packed, more):
    path.write_bytes((gzip.compress(content) if packed else content) + more)
    with pytest.raises(ValueError, match="file: "):
        read_idx(path)


@ANY
@given(content=FILES, packed=st.booleans(), data=st.data())
def test_a_changed_byte(path, content, packed, data):
    changed = bytearray(gzip.compress(content) if packed else content)
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] = data.draw(st.integers(0, 255))
    check(path, bytes(changed))


@ANY
@given(content=FILES)
def test_compressed_twice(path, content):
    path.write_bytes(gzip.compress(gzip.compress(content)))
    with pytest.raises(ValueError, match="compressed twice"):
        read_idx(path)


@ANY
@given(content=FILES, cuts=st.lists(st.integers(0, 500), max_size=4))
def test_gzip_files_of_several_members(path, content, cuts):
    places = [0, *sorted(cuts), len(content)]
    parts = [content[start:end] for start, end in zip(places, places[1:], strict=False)]
    path.write_bytes(b"".join(gzip.compress(part) for part in parts))
    assert idx(read_idx(path)) == content
