"""Every public function of the taught modules under any numbers: right, or one clear error.

`number_rows.py` says how each is called. An error is clear when a sentence of the package says it,
not NumPy from within. No call may modify its arguments, and no shape may be broadcast.
"""

import copy
import linecache
import math
import re
from pathlib import Path

import course_rules
import numpy as np
import pytest
from number_rows import N_CLASSES, ROWS, WITHOUT_NUMBERS

SIZES = {"n": 4, "d": 3, "m": 2, "k": N_CLASSES, "s": 6, "v": 2, "p": 3, "q": 2, "h": 9, "w": 7}
SIZES |= {"1": 1, "P": 784, "Q": 28}  # these are fixed
KINDS_OF_SIZES = {
    "usual": {},
    "one sample": {"n": 1, "v": 1},
    "one class": {"k": 1},
    "one input": {"d": 1, "m": 1},
    "all equal": dict.fromkeys("ndmksvpqhw", 3),  # where a broadcast would show least
}
LARGE = [1e4, -1e4, 0.0, 1.0]
TINY = [5e-324, -5e-324, 1e-310, -0.0, 2.0]
SAID_AS = dict.fromkeys(("n_inputs", "n_neurons", "old", "new", "height"), "each size")
SAID_AS |= {"sizes": "(each size|sizes)", "width": "(each size|width)", "k": "number of classes"}
BAD = [np.nan, np.inf, -np.inf]

every_row = pytest.mark.parametrize("row", ROWS, ids=str)
with_arrays = pytest.mark.parametrize("row", [r for r in ROWS if r.shapes], ids=str)


def arguments(row, dtype=np.float64, **sizes):
    """Good arguments for a row: arrays of small random numbers, and the good scalars."""
    rng, sizes = np.random.default_rng(5), SIZES | sizes
    given = {}
    for name, letters in row.shapes.items():
        shape = (4, 3) if letters == "*" else tuple(sizes[letter] for letter in letters)
        if name in row.labels:
            given[name] = rng.integers(0, sizes["k"], shape)
        elif name in row.shares:
            given[name] = rng.uniform(size=shape).astype(dtype)
        else:
            given[name] = rng.normal(size=shape).astype(dtype)
    return given | {name: good for name, (good, _) in row.scalars.items()}


def as_given(row, given):
    """The arguments as the function is to get them: lists where lists are usual."""
    return {n: v.tolist() if n in row.lists and v.ndim else v for n, v in given.items()}


def parts(result):
    """All arrays of a result, whatever holds them."""
    if isinstance(result, dict):
        result = tuple(result.values())
    if isinstance(result, list) and len({np.shape(part) for part in result}) > 1:
        result = tuple(result)
    if isinstance(result, tuple):
        return [array for part in result for array in parts(part)]
    return [np.asarray(result)]


def same_bytes(now, before):
    if isinstance(before, np.ndarray):
        same_kind = now.dtype == before.dtype and now.shape == before.shape
        return same_kind and now.tobytes() == before.tobytes()
    return type(now) is type(before) and (now == before or now is before or now != now)


def copy_of(given):
    return {n: v if n == "rng" else copy.deepcopy(v) for n, v in given.items()}


def call(row, given):
    """The result of a row, or the error it raises; either way its arguments are as before."""
    before = copy_of(given)
    try:
        result = row.call(**given)
    except (TypeError, ValueError, FloatingPointError) as error:
        result = error
    for name, value in given.items():
        if isinstance(value, np.ndarray | list) and name not in row.changes:
            assert same_bytes(value, before[name]), f"{row} modified {name}"
    return result


def is_said_by_us(error):
    """True when the line that raised the error is a `raise` of the package."""
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename
    line = linecache.getline(file, trace.tb_lineno)
    return Path(file).is_relative_to(course_rules.PACKAGE) and line.strip().startswith("raise ")


def assert_refused(row, given, what):
    result = call(row, given)
    assert isinstance(result, Exception), f"{row} takes {what} and gives {result!r}"
    assert is_said_by_us(result), f"{row} with {what}: not our sentence: {result!r}"
    assert len(str(result)) > 20
    return str(result)


def assert_equal_to_formula(row, given, result, dtype=np.float64):
    """Compare a result with the formula, computed with more digits."""
    exact = {
        name: np.asarray(v, dtype=np.longdouble)
        if name in row.shapes and name not in row.labels
        else v
        for name, v in given.items()
    }
    with np.errstate(all="ignore"):
        right = parts(row.right(**exact))
    found = parts(result)
    assert len(found) == len(right)
    for a, b in zip(found, right, strict=True):
        assert a.shape == b.shape, f"{row}: shape {a.shape}, not {b.shape}"
        finite = np.abs(b[np.isfinite(b)])
        scale = float(finite.max()) if finite.size else 1.0
        digits = 2e-5 if row.measures else max(row.digits, 64 * float(np.finfo(dtype).eps))
        atol = max(digits * max(scale, row.unit), 1e-323)  # two steps of the smallest numbers
        a = np.asarray(a, np.longdouble)
        np.testing.assert_allclose(a, b, rtol=0, atol=atol, err_msg=str(row))


def assert_right(row, given, dtype=np.float64):
    kept = copy_of(given)
    result = call(row, given)
    if isinstance(result, Exception):
        raise result
    assert_equal_to_formula(row, kept, result, dtype)


def assert_right_or_refused(row, given, what, dtype=np.float64):
    kept = copy_of(given)
    with np.errstate(all="ignore"):
        result = call(row, given)
    if isinstance(result, Exception):
        assert is_said_by_us(result), f"{row} with {what}: not our sentence: {result!r}"
    else:
        assert_equal_to_formula(row, kept, result, dtype)


def test_every_public_function_has_a_row():
    public = {
        f"{module}.{name}"
        for module in course_rules.taught_modules()
        if (path := course_rules.PACKAGE / f"{module}.py").is_file()
        for name in course_rules.public_definitions(path.read_text(encoding="utf-8"))
        if not name.rpartition(".")[2][0].isupper()  # a class: its methods count
    }
    covered = [name for row in ROWS for name in row.covers]
    assert set(covered) | set(WITHOUT_NUMBERS) == public
    assert not set(covered) & set(WITHOUT_NUMBERS)


@pytest.mark.parametrize("sizes", KINDS_OF_SIZES.values(), ids=KINDS_OF_SIZES)
@every_row
def test_the_value_is_right(row, sizes):
    if "k" in sizes and "n_classes" in row.scalars:
        sizes = {}  # told the number of classes by another argument
    given = arguments(row, **sizes)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert_right(row, as_given(row, given))


@pytest.mark.parametrize("values", [LARGE, TINY], ids=["1e4", "denormals"])
@with_arrays
def test_large_and_tiny_numbers(row, values):
    good = arguments(row)
    floats = [name for name in row.shapes if name not in row.labels]
    for changed in [*([name] for name in floats), floats]:
        given = copy.deepcopy(good)
        for name in changed:
            given[name] = np.resize(values, given[name].shape)
        given = as_given(row, given)
        kept = copy_of(given)
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            result = call(row, given)
        if isinstance(result, Exception):
            # No pixel is 10,000, and a measured slope needs digits that are not left.
            assert row.shares or row.measures, f"{row} refuses {values}: {result}"
            assert is_said_by_us(result)
        elif row.measures:
            assert all(np.isfinite(part).all() for part in parts(result))
        else:
            assert_equal_to_formula(row, kept, result)


@pytest.mark.parametrize("bad", BAD, ids=str)
@with_arrays
def test_nan_and_infinity_never_become_a_number(row, bad):
    for name in row.shapes:
        if name not in row.labels:
            given = arguments(row)
            given[name].flat[-1] = bad
            assert_right_or_refused(row, as_given(row, given), f"{bad} in {name}")


@pytest.mark.parametrize("dtype", [np.float32, np.float16, int, np.uint8, np.int8, bool])
@with_arrays
def test_other_types_of_number(row, dtype):
    floats = [name for name in row.shapes if name not in row.labels]
    for changed in [*([name] for name in floats), floats]:
        given = arguments(row)
        for name in changed:
            kind = np.dtype(dtype).kind
            drawn = given[name] if kind == "f" else np.abs(given[name] * 20)
            given[name] = drawn.astype(dtype)
        coarsest = dtype if np.dtype(dtype).kind == "f" else np.float64
        assert_right_or_refused(row, given, f"{np.dtype(dtype)} in {changed}", coarsest)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64])
@pytest.mark.parametrize("row", [row for row in ROWS if row.labels], ids=str)
def test_labels_of_any_whole_type(row, dtype):
    given = arguments(row)
    for name in row.labels:
        given[name] = given[name].astype(dtype)
    assert_right(row, given)


def in_layout(a, layout):
    """The same numbers in another layout of memory."""
    if layout == "fortran":
        return np.asfortranarray(a)
    if layout == "reversed":
        return np.flip(np.flip(a).copy())
    if layout == "every other":
        return np.repeat(a, 2, axis=-1)[..., ::2]
    if layout == "swapped bytes":
        return a.astype(a.dtype.newbyteorder())
    a = a.copy()
    a.flags.writeable = False
    return a


@pytest.mark.parametrize(
    "layout", ["fortran", "reversed", "every other", "swapped bytes", "read-only"]
)
@with_arrays
def test_arrays_of_any_layout(row, layout):
    """Views and read-only arrays are as good as any, but for what is measured or updated."""
    for changed in [*([name] for name in row.shapes), row.shapes]:
        given = arguments(row)
        for name in changed:
            given[name] = in_layout(given[name], layout)
        needs_own = row.measures or any(name in row.changes for name in changed)
        if needs_own and layout in ("swapped bytes", "read-only"):
            assert_right_or_refused(row, given, f"{layout} {changed}")
        else:
            assert_right(row, given)


def wrong_shapes(row, name, sizes):
    """Shapes that do not fit the row's other arrays, or that are of another rank, or empty."""
    letters = row.shapes[name]
    sizes = SIZES | sizes
    shape = tuple(sizes[letter] for letter in letters)
    every = "".join(row.shapes.values())
    wrong = {shape[:i] + shape[i + 1 :] for i in range(len(shape))}
    wrong |= {(1, *shape), (*shape, 1)}
    for i, letter in enumerate(letters):
        free = every.count(letter) == 1 and letter.islower()
        told = letter == "n" and name in row.labels and len(row.shapes) == 1
        for size in (1, shape[i] + 1, shape[i] - 1, 0):
            if size == 0 or not (free or told):
                wrong.add(shape[:i] + (size,) + shape[i + 1 :])
    return wrong - {shape}


@pytest.mark.parametrize("sizes", [{}, KINDS_OF_SIZES["all equal"]], ids=["usual", "all equal"])
@pytest.mark.parametrize(
    "row, name", [(row, n) for row in ROWS for n, s in row.shapes.items() if s != "*"], ids=str
)
def test_wrong_shapes_are_refused_and_never_broadcast(row, name, sizes):
    for shape in wrong_shapes(row, name, sizes):
        given = arguments(row, **sizes)
        given[name] = np.resize(given[name], shape)
        assert_refused(row, given, f"{name} of shape {shape}")


@pytest.mark.parametrize("row", [row for row in ROWS if "*" in row.shapes.values()], ids=str)
def test_any_shape_but_an_empty_one(row):
    for shape in [(), (1,), (5,), (2, 1, 3), (2, 2, 2, 2)]:
        given = arguments(row)
        (name,) = row.shapes
        given[name] = np.asarray(np.resize(given[name], shape))
        assert_right(row, given)
    for shape in [(0,), (0, 3), (3, 0)]:
        given[name] = np.zeros(shape)
        assert_right_or_refused(row, given, f"the shape {shape}")


@pytest.mark.parametrize("row", [row for row in ROWS if row.labels], ids=str)
def test_what_is_no_label_is_refused(row):
    for name in row.labels:
        good = arguments(row)[name]
        above = good.copy()
        above.flat[-1] = N_CLASSES
        below = good.copy()
        below.flat[0] = -1
        for wrong in (above, below, good + 0.0, good > 1, good.astype(str), good.astype(object)):
            if wrong is above and "perceptron" in row.covers[0]:
                continue  # outputs are compared with the label; one too large is never right
            given = arguments(row)
            given[name] = wrong
            assert_refused(row, given, f"{name} = {wrong!r}")


@pytest.mark.parametrize(
    "row, name", [(row, name) for row in ROWS for name in row.scalars], ids=str
)
def test_numbers_out_of_range_are_refused(row, name):
    for wrong in row.scalars[name][1]:
        said = assert_refused(row, arguments(row) | {name: wrong}, f"{name} = {wrong!r}")
        assert re.search(rf"(^|the ){SAID_AS.get(name, name)} must", said), f"{name}: {said}"


@pytest.mark.parametrize(
    "row, name",
    [(r, n) for r in ROWS for n, (good, _) in r.scalars.items() if isinstance(good, float | int)],
    ids=str,
)
def test_numpys_numbers_are_numbers(row, name):
    good = row.scalars[name][0]
    whole = [np.int64, np.uint8 if good >= 0 else np.int8]
    kinds = whole if isinstance(good, int) else [np.float64, np.float32]
    for kind in kinds:
        digits = np.float32 if kind is np.float32 else np.float64
        assert_right(row, arguments(row) | {name: kind(good)}, digits)


@pytest.mark.parametrize("text", [["3", "4", "5"], [None, 1.0, 2.0], [1j, 2j, 3j], "abc"], ids=str)
@with_arrays
def test_what_is_no_array_of_numbers_is_refused(row, text):
    for name in row.shapes:
        given = arguments(row)
        given = as_given(row, given) | {name: text}
        result = call(row, given)
        assert isinstance(result, TypeError | ValueError), f"{row} takes {name} = {text}"


def test_formulas_of_the_rows_are_not_the_packages():
    # A formula that called the package would agree with whatever the package does.
    text = Path(__file__).with_name("number_rows.py").read_text(encoding="utf-8")
    formulas = text.split("# ---- the formulas ----")[1].split("# ---- calls that need")[0]
    assert "nnlesson" not in formulas and "activations." not in formulas
    assert math.isclose(sum([0.1] * 10), 1.0)
