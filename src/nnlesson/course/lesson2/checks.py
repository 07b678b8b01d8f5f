"""The checks of lesson 2: slopes, a layer that stays finite, and a start that fits the images."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

import math

import numpy as np

from nnlesson.activations import sigmoid, softmax
from nnlesson.course.checks import ChoiceCheck, Either, FunctionCheck, Seen, ValueCheck

check_my_mirror = ValueCheck(
    "my_mirror",
    solution=0.0474,
    right="σ(−3) = 1 − σ(3): what lacks to 1 on the right is the height on the left",
    mistakes={
        "the mirror is the point (0, 0.5), not the line: no output of the sigmoid is below 0":
            -0.9526,
        "that is σ(3) itself: the curve rises, so the left side is lower": 0.9526,
        "0.5 − 0.9526 is how far it is below the middle; add the middle, 0.5": -0.4526,
        "0.9526 − 0.5 is the height above the middle; go down by it from 0.5": 0.4526,
        "that is e^−3; the sigmoid at −3 is near it, but not the same. Use the mirror": 0.0498,
        "0.5 is the middle, σ(0); at −3 the curve is far below it": 0.5,
        "a (1 − a) is the slope of the curve at 3; asked for is the height at −3":
            0.9526 * (1 - 0.9526),
        "nearly: four digits are asked for. What lacks from 0.9526 to 1?":
            Seen(lambda answer: 0.047 <= answer <= 0.048 or answer == 0.05, 0.05),
        "an output of the sigmoid is never above 1": Seen(lambda answer: answer > 1, 1 / 0.9526),
        "an output of the sigmoid is never below 0": Seen(lambda answer: answer < 0, -0.0474),
    },
    tolerance=5e-5,
)

check_my_wrong_line = ChoiceCheck(
    "my_wrong_line",
    solution="b",
    right="e^z · e^z is e^(z + z) = e^(2z): exponents are added, not multiplied",
    why={
        "a": "line a is the quotient rule (p′q − p q′) / q² with p = e^z and q = 1 + e^z; it holds",
        "c": "line c differs from line b, but compare it with line a: it has the same values. "
        "The slip is where the values first change",
        "d": "line d splits the fraction of line c into two factors; both have the same values",
    },
)

SOME_Z = np.linspace(-6, 6, 241)  # the kind of z that earlier cells leave behind


def _gives_always_the_same(results: list, cases: list) -> bool:
    """Whether all results are equal numbers: then the arguments were not used."""
    first = np.asarray(results[0], float)
    return all(np.array_equal(np.asarray(result, float), first) for result in results)


check_my_tanh_slope = FunctionCheck(
    "my_tanh_slope",
    solution=lambda a: 1 - a**2,
    right="(1 + a)(1 − a): as the sigmoid's a (1 − a), with the lower end at −1 instead of 0",
    mistakes={
        "a (1 − a) is the slope of the sigmoid, for outputs between 0 and 1. First find s, the "
        "sigmoid output inside: a = 2s − 1":
            Either(lambda a: a * (1 - a), lambda a: 2 * a * (1 - a)),
        "the factors are right, but s (1 − s) needs the output s of the sigmoid inside, not a: "
        "s = (a + 1) / 2":
            lambda a: 4 * a * (1 - a),
        "s (1 − s) is the slope of s for its own z. That z is 2z, which moves twice as fast as z, "
        "and a moves twice as fast as s":
            lambda a: (1 - a**2) / 4,
        "a factor 2 is missing: there are two, one since 2z moves twice as fast as z, one since a "
        "moves twice as fast as s":
            lambda a: (1 - a**2) / 2,
        "a factor 2 too many: one comes from 2z, one from 2σ, together 4, times s (1 − s)":
            lambda a: 2 * (1 - a**2),
        "a is an output of tanh already, not a z: do not send it through tanh or the sigmoid again":
            Either(
                lambda a: 1 - np.tanh(a) ** 2,
                lambda a: sigmoid(a) * (1 - sigmoid(a)),
                lambda a: 2 * sigmoid(a) * (1 - sigmoid(a)),
                lambda a: 4 * sigmoid(a) * (1 - sigmoid(a)),
                lambda a: sigmoid(2 * a) * (1 - sigmoid(2 * a)),
                lambda a: 2 * sigmoid(2 * a) * (1 - sigmoid(2 * a)),
                np.tanh,
                lambda a: 2 * sigmoid(2 * a) - 1,
            ),
        "a is an array, and one number is wanted there; NumPy's functions and ** take arrays":
            lambda a: 1 - math.tanh(a) ** 2,
        "the sign is turned: tanh rises, so its slope is above 0": lambda a: a**2 - 1,
        "one factor is missing: the slope has s = (1 + a) / 2 and also 1 − s = (1 − a) / 2":
            Either(lambda a: 1 - a, lambda a: 1 + a, lambda a: (1 + a) / 2, lambda a: (1 - a) / 2),
        "2a and a² are different: (1 + a)(1 − a) is 1 − a · a": lambda a: 1 - 2 * a,
        "both brackets have the same sign: s is (1 + a) / 2, and 1 − s is (1 − a) / 2":
            Either(lambda a: (1 - a) ** 2, lambda a: (1 + a) ** 2),
        "1 + a² is largest at the ends, a = ±1; but there tanh is flat": lambda a: 1 + a**2,
        "your function gives the same whatever a is. If it uses z, it finds a z of an earlier "
        "cell; all it may use is a":
            Seen(_gives_always_the_same, lambda a: 1 - np.tanh(SOME_Z) ** 2),
        "from a = 2s − 1 follows s = (a + 1) / 2":
            Either(lambda a: 4 * (a - 1) / 2 * (1 - (a - 1) / 2),
                   lambda a: 4 * (2 * a - 1) * (1 - (2 * a - 1))),
        "a power is written ** in Python, a**2; ^ is another operation":
            lambda a: 1 - a ^ 2,
        "this is 1 − 4a²: is s right? It is (a + 1) / 2, with the brackets":
            lambda a: 4 * (a + 0.5) * (0.5 - a),
        "this is the output itself; its slope is asked for": lambda a: a,
    },
    cases=lambda rng: [(rng.uniform(-1, 1, 7),), (np.array([0.0, 0.5, -0.9]),)],
)


def _costs(Z, T):
    return np.logaddexp(0, Z) - T * Z


def _costs_from(A, T):
    return -(T * np.log(A) + (1 - T) * np.log(1 - A))


def _clipped_cost(Z, T):
    return _costs_from(np.clip(sigmoid(Z), 1e-9, 1 - 1e-9), T).sum(axis=1).mean()


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


def _output(X, W, b, T):
    Z = X @ W + b
    return _costs(Z, T).sum(axis=1).mean(), sigmoid(Z) - T


def _wrong(part, f):
    """A mistake in one part, made from Z and T."""
    return {part: lambda X, W, b, T: f(X @ W + b, T)}


HUGE_Z = np.array([[1000.0, -1000.0, 0.4], [40.0, -40.0, 1.0]])

check_my_output = FunctionCheck(
    "my_output",
    solution=_output,
    right="one number, one slope for every z, and nothing breaks at z = ±1000",
    parts=("cost", "slopes"),
    mistakes={
        "the formula of the cost is right, but at z = ±1000 it gives inf or nan: an exponential "
        "overflows, or a or 1 − a is 0. np.logaddexp(0, Z) is log(1 + e^Z) without overflow":
            Seen(_overflows, _wrong("cost", lambda Z, T: _costs_from(sigmoid(Z), T).sum(1).mean())),
        "the cost is finite, but cut off: at z = 1000 with t = 0 it should be 1000. So the "
        "break is hidden; the cost from z, log(1 + e^z) − t z, has none":
            Seen(_is_cut_off, _wrong("cost", _clipped_cost)),
        "the cost is averaged over everything; add up the k outputs of an example first, then "
        "average over the n examples":
            _wrong("cost", lambda Z, T: _costs(Z, T).mean()),
        "the cost is summed over the examples too; take their mean":
            _wrong("cost", lambda Z, T: _costs(Z, T).sum()),
        "the cost is averaged over the outputs and summed over the examples; the other way round":
            _wrong("cost", lambda Z, T: _costs(Z, T).mean(axis=1).sum()),
        "there is one cost per example; take the mean over the examples":
            _wrong("cost", lambda Z, T: _costs(Z, T).sum(axis=1)),
        "there is one cost per output: sum over the outputs (axis 1), mean over examples":
            Either(_wrong("cost", lambda Z, T: _costs(Z, T).mean(axis=0)),
                   _wrong("cost", lambda Z, T: _costs(Z, T).sum(axis=0))),
        "there is one cost per output of each example: add up each row, take the mean":
            _wrong("cost", _costs),
        "in the cost, t z is subtracted: a large z must be cheap when t is 1":
            _wrong("cost", lambda Z, T: (np.logaddexp(0, Z) + T * Z).sum(1).mean()),
        "t is not used in the cost: this is the cost for t = 0. Subtract t z":
            _wrong("cost", lambda Z, T: np.logaddexp(0, Z).sum(1).mean()),
        "in the cost, log(1 + e^−z) and − t z do not belong together: it is log(1 + e^z) − t z":
            _wrong("cost", lambda Z, T: (np.logaddexp(0, -Z) - T * Z).sum(1).mean()),
        "np.logaddexp(1, Z) is log(e^1 + e^Z); the 1 in 1 + e^z is e^0: write 0":
            _wrong("cost", lambda Z, T: (np.logaddexp(1, Z) - T * Z).sum(1).mean()),
        "the sign of the cost is turned: it is never below 0":
            _wrong("cost", lambda Z, T: -_costs(Z, T).sum(1).mean()),
        "the bias is missing: Z = X @ W + b":
            lambda X, W, b, T: _output(X, W, 0 * b, T),
        "the slopes are a alone; the slope of the cost is a − t":
            _wrong("slopes", lambda Z, T: sigmoid(Z)),
        "the slopes have the sign turned: it is a − t, answer minus target":
            _wrong("slopes", lambda Z, T: T - sigmoid(Z)),
        "the slopes contain a (1 − a); in the slope of this cost it has cancelled. It is a − t":
            _wrong("slopes", lambda Z, T: (sigmoid(Z) - T) * sigmoid(Z) * (1 - sigmoid(Z))),
        "the slopes are those of the output a, not of the cost. The cost has a − t":
            _wrong("slopes", lambda Z, T: sigmoid(Z) * (1 - sigmoid(Z))),
        "the slopes are divided by n; here each z gets the slope of its own cost":
            _wrong("slopes", lambda Z, T: (sigmoid(Z) - T) / len(T)),
        "there is one slope per output; every z of every example has its own":
            Either(_wrong("slopes", lambda Z, T: (sigmoid(Z) - T).mean(axis=0)),
                   _wrong("slopes", lambda Z, T: (sigmoid(Z) - T).sum(axis=0))),
        "in the cost stands z, not a: log(1 + e^z) − t z":
            _wrong("cost", lambda Z, T: _costs(sigmoid(Z), T).sum(1).mean()),
        "this layer has sigmoids, each for itself, not a softmax":
            _wrong("slopes", lambda Z, T: softmax(Z) - T),
        "the slopes use z; a = σ(z) is compared with the target":
            _wrong("slopes", lambda Z, T: Z - T),
        "the slopes are nan at z = 1000: e^z / (1 + e^z) is infinity through infinity. Use the "
        "safe sigmoid from above":
            _wrong("slopes", lambda Z, T: np.exp(Z) / (1 + np.exp(Z)) - T),
        "this is the squared error; the cost here is log(1 + e^z) − t z":
            _wrong("cost", lambda Z, T: ((sigmoid(Z) - T) ** 2).sum(1).mean() / 2),
        "two things are asked for: return cost, slopes":
            Either(lambda X, W, b, T: _costs(X @ W + b, T).sum(1).mean(),
                   lambda X, W, b, T: sigmoid(X @ W + b) - T),
        "return cost first, then slopes":
            lambda X, W, b, T: (sigmoid(X @ W + b) - T, _costs(X @ W + b, T).sum(1).mean()),
        "Z = X @ W + b: rows are examples, so X stands on the left":
            lambda X, W, b, T: _output(W, X, b, T),
        "* multiplies place by place; weighted sums need the matrix product @":
            lambda X, W, b, T: _output(X * W, np.eye(3), b, T),
    },
    cases=lambda rng: [
        (rng.normal(0, 1, (5, 4)), rng.normal(0, 1, (4, 3)), rng.normal(0, 1, 3),
         rng.integers(0, 2, (5, 3))),
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
    "my_spread",
    solution=lambda X: 1 / np.sqrt(np.mean(_squares(X))),
    right="with pixels of −1 and 1 alone it is 1/√d; pixels of 0 add nothing",
    mistakes={
        "this uses the number of inputs alone, as if every pixel were −1 or 1; let the pixels "
        "of X decide: squares add up":
            Either(lambda X: 1 / np.sqrt(X.shape[1]), lambda X: np.sqrt(X.shape[1])),
        "1/28 is right for 784 pixels of −1 and 1 alone; compute it from X": 1 / 28,
        "that is [A1]'s own spread, whatever the images are; compute it from X": 0.1,
        "784 is the number of pixels of our images alone; X.shape[1] counts them in any X":
            Either(lambda X: 1 / np.sqrt(784 * np.mean(X**2)),
                   lambda X: 1 / (28 * np.sqrt(np.mean(X**2)))),
        "len(X) is the number of images; what adds up in z are the pixels of one image":
            lambda X: 1 / np.sqrt(len(X)),
        "you added up the squares of all images; z belongs to one image. Add up the pixels of each "
        "image, then take the mean over the images":
            Either(lambda X: 1 / np.sqrt(np.sum(X**2)), lambda X: 1 / np.linalg.norm(X)),
        "this is how wide z would be with s = 1; s is 1 divided by it":
            lambda X: np.sqrt(np.mean(_squares(X))),
        "this is the mean square that z would have with s = 1; take the root, and divide 1 by it":
            lambda X: np.mean(_squares(X)),
        "the root is missing: s² times the mean of Σx² is 1":
            lambda X: 1 / np.mean(_squares(X)),
        "there is one number per image; take the mean of Σx² over the images first":
            Either(lambda X: 1 / np.sqrt(_squares(X)), lambda X: 1 / _squares(X),
                   lambda X: np.sqrt(_squares(X))),
        "you averaged over the pixels, but in z they add up: the sum along axis 1, the mean over "
        "the images":
            Either(lambda X: 1 / np.sqrt(np.mean(X**2)), lambda X: np.sqrt(np.mean(X**2))),
        "X.std() and X.var() first subtract a mean. The weights meet the pixels themselves: square "
        "x as it is":
            Either(lambda X: 1 / np.std(X), lambda X: 1 / (np.std(X) * np.sqrt(len(X))),
                   lambda X: 1 / (np.std(X) * np.sqrt(X.shape[1])),
                   lambda X: 1 / np.sqrt(X.var(axis=0).sum()),
                   lambda X: 1 / np.sqrt(X.var(axis=1).mean() * X.shape[1])),
        "the sum must run over the pixels, axis 1; axis 0 adds up the images":
            Either(lambda X: 1 / np.sqrt(np.mean(np.sum(X**2, axis=0))),
                   lambda X: 1 / np.sqrt(np.sum(X**2, axis=0))),
        "square first, then add: the weights have signs of their own, so the pixels never add up "
        "unsquared":
            Either(lambda X: 1 / np.sqrt(np.mean(np.sum(X, axis=1) ** 2)),
                   lambda X: 1 / np.sqrt(np.sum(X, axis=1) ** 2),
                   lambda X: 1 / np.std(np.sum(X, axis=1))),
        "squares add up, not sizes: x², not |x|":
            Either(lambda X: 1 / np.sqrt(np.mean(np.sum(np.abs(X), axis=1))),
                   lambda X: 1 / np.mean(np.sum(np.abs(X), axis=1))),
        "the mean comes before the root: average Σx² over the images, then take the root once":
            Either(lambda X: 1 / np.mean(np.sqrt(_squares(X))),
                   lambda X: np.mean(1 / np.sqrt(_squares(X)))),
        "near, but not it. If you drew weights, there is luck in it: compute s from X alone":
            Seen(_is_near, lambda X: 1.01 / np.sqrt(np.mean(_squares(X)))),
    },
    cases=lambda rng: [
        (rng.uniform(0, 1, (7, 30)) * rng.uniform(0.2, 3, (7, 1)),),
        (rng.uniform(-1, 0.4, (9, 50)) * np.linspace(0.1, 2, 9)[:, np.newaxis],),
    ],
)


def _softmax_slopes(z):
    a = softmax(z)
    return np.diag(a) - np.outer(a, a)


def _with_own_softmax(z):
    with np.errstate(all="ignore"):
        a = np.exp(z) / np.exp(z).sum()
    return np.diag(a) - np.outer(a, a)


check_my_softmax_slopes = FunctionCheck(
    "my_softmax_slopes",
    solution=_softmax_slopes,
    right="k outputs and k scores, k × k slopes, and every row sums to 0",
    mistakes={
        "these are only the slopes of each a for its own z. Every z moves every a, so there are "
        "k × k slopes":
            lambda z: softmax(z) * (1 - softmax(z)),
        "off the diagonal are zeros, but one score up takes from all the other shares: those "
        "slopes are −a_i a_j":
            lambda z: np.diag(softmax(z) * (1 - softmax(z))),
        "the diagonal lacks a_i: where i = j the slope is a_i (1 − a_i). np.diag(a) is a table "
        "with a on its diagonal":
            lambda z: -np.outer(softmax(z), softmax(z)),
        "these are the products a_i a_j alone; take them away from np.diag(a)":
            lambda z: np.outer(softmax(z), softmax(z)),
        "on the diagonal a_i² is taken away twice: subtract from np.diag(a), without 1 − a":
            lambda z: np.diag(softmax(z) * (1 - softmax(z))) - np.outer(softmax(z), softmax(z)),
        "the sign of the products is turned: when one share grows, the others fall":
            lambda z: np.diag(softmax(z)) + np.outer(softmax(z), softmax(z)),
        "every sign is turned: on the diagonal the slope is above 0, a_i (1 − a_i)":
            lambda z: np.outer(softmax(z), softmax(z)) - np.diag(softmax(z)),
        "the diagonal has 1 − a_i²; take a_i, not 1, before you subtract: np.diag(a), not np.eye":
            lambda z: np.eye(len(z)) - np.outer(softmax(z), softmax(z)),
        "a * a multiplies place by place, shape (k,). np.outer(a, a) is the table of all products"
        " a_i a_j":
            lambda z: np.diag(softmax(z)) - softmax(z) * softmax(z),
        "this uses the scores z; the formula has the outputs, a = softmax(z)":
            Either(lambda z: np.diag(z) - np.outer(z, z),
                   lambda z: np.diag(softmax(z)) - np.outer(z, z),
                   lambda z: np.diag(z) - np.outer(softmax(z), softmax(z))),
        "in a_i (δ_ij − a_j) the second a has the column's index j; yours has the row's, i":
            lambda z: softmax(z)[:, np.newaxis] * (np.eye(len(z)) - softmax(z)[:, np.newaxis]),
        "δ_ij is 1 on the diagonal alone; yours is 1 everywhere":
            lambda z: np.outer(softmax(z), 1 - softmax(z)),
        "for the scores 0 and 800 not all slopes are finite; the outputs of softmax from above are":
            Seen(lambda results, cases: not np.isfinite(results[-1]).all(), _with_own_softmax),
        "softmax is applied twice: its outputs a go into the formula as they are":
            lambda z: _softmax_slopes(softmax(z)),
        "these are the outputs; asked for are their slopes, k × k": softmax,
        "a is softmax(z) here, not sigmoid(z)":
            lambda z: np.diag(sigmoid(z)) - np.outer(sigmoid(z), sigmoid(z)),
        "a_i stands on the diagonal alone: np.diag(a) puts it there":
            lambda z: softmax(z) - np.outer(softmax(z), softmax(z)),
        "a @ a is one number, the sum of all a_i²; np.outer(a, a) is the table of products":
            lambda z: np.diag(softmax(z)) - softmax(z) @ softmax(z),
    },
    cases=lambda rng: [(rng.normal(0, 1, 4),), (rng.normal(0, 2, 3),), (np.array([0.0, 800.0]),)],
)
