"""The checks of lesson 2: slopes of the sigmoid and the softmax, and a cost that stays finite."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

import numpy as np

from nnlesson.activations import sigmoid, softmax
from nnlesson.course.checks import ChoiceCheck, FunctionCheck, Seen, ValueCheck

check_my_mirror = ValueCheck(
    "my_mirror",
    solution=0.0474,
    right="σ(−3) = 1 − σ(3): what lacks to 1 on the right is the height on the left",
    mistakes={
        "an output of the sigmoid is never below 0. The mirror point is (0, 0.5)": -0.9526,
        "that is σ(3) itself: the curve rises, so the left side is lower": 0.9526,
        "0.5 − 0.9526 is how far it is below the middle; add the middle, 0.5": -0.4526,
        "0.9526 − 0.5 is the height above the middle; go down by it from 0.5": 0.4526,
        "0.5 is the middle, σ(0); at −3 the curve is far below it": 0.5,
        "a (1 − a) is the slope of the curve at 3; asked for is the height at −3":
            0.9526 * (1 - 0.9526),
        "nearly: four digits are asked for. What lacks from 0.9526 to 1?":
            Seen(lambda answer: 0.047 <= answer <= 0.048 or answer == 0.05, 0.05),
        "an output of the sigmoid is never above 1": Seen(lambda answer: answer > 1, 1 / 0.9526),
    },
    tolerance=5e-5,
)

check_my_wrong_line = ChoiceCheck(
    "my_wrong_line",
    solution="b",
    right="e^z · e^z is e^(z + z) = e^(2z): exponents are added, not multiplied",
    why={
        "a": "line a is the quotient rule (u′v − u v′) / v² with u = e^z and v = 1 + e^z; it holds",
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


check_my_slope = FunctionCheck(
    "my_slope",
    solution=lambda a: a * (1 - a),
    right="the output a is all you need; z is not used",
    mistakes={
        "this is the slope at the place a. What you are given is already the output: leave the "
        "sigmoid out":
            lambda a: sigmoid(a) * (1 - sigmoid(a)),
        "one factor is missing: the slope is a times (1 − a)": lambda a: 1 - a,
        "the sign is turned: the sigmoid rises, so 1 − a, not a − 1": lambda a: a * (a - 1),
        "the sign inside the bracket is wrong: it is 1 − a, not 1 + a": lambda a: a * (1 + a),
        "that is neither factor: multiply a by (1 − a)": lambda a: a - 1,
        "a is an output already: do not put it through the sigmoid again. And this is no slope "
        "yet":
            sigmoid,
        "your function gives the same whatever a is. If it uses z, it finds a z of an earlier "
        "cell; all it may use is a":
            Seen(_gives_always_the_same, lambda a: SOME_Z * (1 - SOME_Z)),
        "1 − a² is the slope of another curve, tanh; the sigmoid has a (1 − a)": lambda a: 1 - a**2,
        "a * 1 - a is 0, since * comes before −: put brackets around 1 − a":
            Seen(lambda results, cases: not any(map(np.any, results)), lambda a: a * 1 - a),
        "this is the output itself; its slope is a times (1 − a)": lambda a: a,
    },
    cases=lambda rng: [(rng.uniform(0, 1, (4, 3)),), (0.5,), (0.9,)],
)


def _cost_from_a(z, t):
    a = sigmoid(z)
    return -(t * np.log(a) + (1 - t) * np.log(1 - a))


def _cost_from_clipped_a(z, t):
    a = np.clip(sigmoid(z), 1e-12, 1 - 1e-12)
    return -(t * np.log(a) + (1 - t) * np.log(1 - a))


def _is_cut_off(results: list, cases: list) -> bool:
    """Whether moderate costs are right and those that should be 800 are finite but smaller."""
    moderate, wrong, right = results[0], results[2], results[1]
    z, t = cases[0]
    near = np.allclose(moderate, np.logaddexp(0, z) - t * z, atol=1e-6)
    large = np.array([wrong[0], wrong[3]])
    return bool(near and np.isfinite(right).all() and (large > 1).all() and (large < 799).all())


def _cost_with_if(z, t):
    return np.logaddexp(0, -z) if t == 1 else np.logaddexp(0, z)


check_my_cost = FunctionCheck(
    "my_cost",
    solution=lambda z, t: np.logaddexp(0, z) - t * z,
    right="finite at z = 800 too, and no sigmoid was needed",
    mistakes={
        "this goes through a, and 1 − a is exactly 0 for large z. Use z itself: log(1 + e^z) − t "
        "z":
            _cost_from_a,
        "the formula is right, but e^z overflows at z = 800. np.logaddexp(0, z) is log(e^0 + "
        "e^z), computed without overflow":
            lambda z, t: np.log(1 + np.exp(z)) - t * z,
        "the formula is right, but at z = ±800 an exponential overflows or a sigmoid is rounded "
        "to 0. Its logarithm is infinite, and 0 times infinity is nan. np.logaddexp(0, z) is "
        "log(1 + e^z) without overflow":
            lambda z, t: t * np.log(1 + np.exp(-z)) + (1 - t) * np.log(1 + np.exp(z)),
        "finite, but cut off: at z = 800 with t = 0 the cost is 800, and yours stays below. "
        "Clipping hides the break; the cost from z, log(1 + e^z) − t z, needs none":
            Seen(_is_cut_off, _cost_from_clipped_a),
        "z and t may be arrays, and if can decide one case only. log(1 + e^z) − t z needs no if":
            _cost_with_if,
        "the sign in the exponent is turned: with − t z goes log(1 + e^z), not log(1 + e^−z)":
            lambda z, t: np.logaddexp(0, -z) - t * z,
        "the term t z is subtracted: a large z must make the cost small when t is 1":
            lambda z, t: np.logaddexp(0, z) + t * z,
        "t is not used: this is the cost for t = 0. Subtract t z": lambda z, t: np.logaddexp(0, z),
        "t is not used: this is the cost for t = 1 only": lambda z, t: np.logaddexp(0, -z),
        "this is −log a: the cost for t = 1 only, and infinite where a is 0. Use z and t: log(1 +"
        " e^z) − t z":
            lambda z, t: -np.log(sigmoid(z)),
        "np.logaddexp(1, z) is log(e^1 + e^z). The 1 in 1 + e^z is e^0: write 0":
            lambda z, t: np.logaddexp(1, z) - t * z,
        "the sign of the whole is turned: a cost is never below 0":
            lambda z, t: -(np.logaddexp(0, z) - t * z),
        "this is one number for all examples; return the cost of each, without a mean":
            lambda z, t: np.mean(np.logaddexp(0, z) - t * z),
    },
    cases=lambda rng: [
        (rng.normal(0, 3, 5), rng.integers(0, 2, 5)),
        (np.array([-800.0, -40.0, 40.0, 800.0]), np.array([0, 1, 0, 1])),
        (np.array([-800.0, -40.0, 40.0, 800.0]), np.array([1, 0, 1, 0])),
    ],
)

def _share_with_or(X, W, b, limit):
    z = X @ W + b
    return np.mean(z > limit or z < -limit)


check_my_share = FunctionCheck(
    "my_share",
    solution=lambda X, W, b, limit: np.mean(np.abs(X @ W + b) > limit),
    right="a share between 0 and 1, over all images and all neurons",
    mistakes={
        "only one side is counted: far below 0 the curve is flat too. Use np.abs(z)":
            lambda X, W, b, limit: np.mean(X @ W + b > limit),
        "the bias is missing: z = X @ W + b": lambda X, W, b, limit: np.mean(np.abs(X @ W) > limit),
        "this is how many, not which share: divide by the number of z, or take np.mean":
            lambda X, W, b, limit: np.sum(np.abs(X @ W + b) > limit),
        "you divided by the number of images; z has one value per image and neuron. np.mean "
        "divides by all of them":
            lambda X, W, b, limit: np.sum(np.abs(X @ W + b) > limit) / len(X),
        "this is always 0: no z is above limit and below −limit at once. & means and, | means or":
            Seen(lambda results, cases: all(share == 0 for share in results), 0.0),
        "the limit is for z, and you compared the output a, which is never above 1":
            lambda X, W, b, limit: np.mean(sigmoid(X @ W + b) > limit),
        "this is the share that is NOT saturated: turn the comparison":
            lambda X, W, b, limit: np.mean(np.abs(X @ W + b) < limit),
        "there is one share per neuron, shape {shape}; take the mean over everything, without "
        "axis":
            lambda X, W, b, limit: np.mean(np.abs(X @ W + b) > limit, axis=0),
        "there is one share per image, shape {shape}; take the mean over everything, without axis":
            lambda X, W, b, limit: np.mean(np.abs(X @ W + b) > limit, axis=1),
        "this says of each z whether it is beyond the limit, shape {shape}; take the mean":
            lambda X, W, b, limit: np.abs(X @ W + b) > limit,
        "first compare every z with the limit, then take the mean":
            Seen(lambda results, cases: all(isinstance(share, np.bool_) for share in results),
                 lambda X, W, b, limit: np.mean(np.abs(X @ W + b)) > limit),
        "only z far below 0 are counted; far above 0 the curve is flat too. Use np.abs(z)":
            lambda X, W, b, limit: np.mean(X @ W + b < -limit),
        "this is in percent; return a share between 0 and 1":
            lambda X, W, b, limit: 100 * np.mean(np.abs(X @ W + b) > limit),
        "`or` wants one truth value, and here is an array of them: write |, or use np.abs(z)":
            _share_with_or,
    },
    cases=lambda rng: [
        (rng.uniform(-1, 1, (7, 30)), rng.normal(0, 1, (30, 5)), rng.normal(0, 3, 5), 2.0),
        (rng.uniform(-1, 1, (9, 20)), rng.normal(0, 2, (20, 4)), rng.normal(0, 3, 4), 4.0),
        (rng.uniform(-1, 1, (8, 10)), rng.normal(0, 1, (10, 3)), rng.normal(0, 1, 3), 0.6),
    ],
)


def _softmax_slopes(z):
    a = softmax(z)
    return np.diag(a) - np.outer(a, a)


check_my_softmax_slopes = FunctionCheck(
    "my_softmax_slopes",
    solution=_softmax_slopes,
    right="k outputs and k scores, k × k slopes, and every row sums to 0",
    mistakes={
        "the shape is {shape}: only the slopes of each a for its own z. Every z moves every a, so"
        " there are k × k slopes":
            lambda z: softmax(z) * (1 - softmax(z)),
        "off the diagonal are zeros, but one score up takes from all the other shares: those "
        "slopes are −a_i a_j":
            lambda z: np.diag(softmax(z) * (1 - softmax(z))),
        "the diagonal lacks a_i: where i = j the slope is a_i (1 − a_i). np.diag(a) is a table "
        "with a on its diagonal":
            lambda z: -np.outer(softmax(z), softmax(z)),
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
            lambda z: np.diag(z) - np.outer(z, z),
        "a is softmax(z) here, not sigmoid(z)":
            lambda z: np.diag(sigmoid(z)) - np.outer(sigmoid(z), sigmoid(z)),
        "a_i stands on the diagonal alone: np.diag(a) puts it there":
            lambda z: softmax(z) - np.outer(softmax(z), softmax(z)),
        "a @ a is one number, the sum of all a_i²; np.outer(a, a) is the table of products":
            lambda z: np.diag(softmax(z)) - softmax(z) @ softmax(z),
    },
    cases=lambda rng: [(rng.normal(0, 1, 4),), (rng.normal(0, 2, 3),), (np.array([0.0, 800.0]),)],
)
