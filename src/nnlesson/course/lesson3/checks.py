"""The checks of lesson 3: sharper slopes, descent, and what costs and accuracies say."""

# A mistake stands below the message it earns: the formatter would join the two lines.
# fmt: off

from __future__ import annotations

import numpy as np

from nnlesson.course.checks import Either, FunctionCheck
from nnlesson.gradient import numerical_gradient
from nnlesson.losses import SoftmaxCrossEntropy


def _central(f, z, h):
    return (f(z + h) - f(z - h)) / (2 * h)


def _mix(near, far):
    """The slope near · D(h) + far · D(2h)."""
    return lambda f, z, h: near * _central(f, z, h) + far * _central(f, z, 2 * h)


def _forward(f, z, h):
    return (f(z + h) - f(z)) / h


check_sharper_slope = FunctionCheck(
    "my_sharper_slope",
    solution=_mix(4 / 3, -1 / 3),
    right="four times the one minus the other leaves 3 slopes, and the errors cancel",
    mistakes={
        "an average keeps both errors, which have the same sign: 2.5 times that of D(h) alone":
            _mix(1 / 2, 1 / 2),
        "this cancels an error like h; the error here grows like h², so D(2h) has 4 times the "
        "error of D(h), not 2 times":
            _mix(2, -1),
        "the errors cancel, but 4 slopes minus 1 slope are 3 slopes: divide by 3": _mix(4, -1),
        "the errors cancel, but only 3/4 of the slope is left: which factor makes it whole?":
            _mix(1, -1 / 4),
        "the errors cancel, but 3/2 of the slope are left: which factor makes it one slope?":
            _mix(2, -1 / 2),
        "D(2h) has the larger error; so D(h) is the one to take 4 times":
            Either(_mix(-1 / 3, 4 / 3), _mix(-1, 4)),
        "this is the difference of the two alone: it is what the errors differ by (3 C h²), "
        "not the slope":
            Either(_mix(1, -1), _mix(-1, 1)),
        "D(h) and D(2h) differ by 3 C h², so one error of D(h) is a third of that, not a quarter":
            _mix(5 / 4, -1 / 4),
        "this lies a third of the way from D(h) to D(2h), which is further from the slope: with "
        "the other sign the third leads away from D(2h)":
            _mix(2 / 3, 1 / 3),
        "plus adds the errors up; they cancel when you subtract D(2h)":
            Either(_mix(4 / 5, 1 / 5), _mix(4 / 3, 1 / 3), _mix(4, 1)),
        "only D(2h) is divided by 3; put brackets around the difference: (4 · ... - ...) / 3":
            _mix(4, -1 / 3),
        "this is D(h) alone; D(2h) is to take its error away": _central,
        "a step of your own is no answer here: combine D(h) and D(2h), with the h that is given":
            Either(
                lambda f, z, h: _central(f, z, 1e-5),
                lambda f, z, h: (4 * _central(f, z, 1e-5) - _central(f, z, 2e-5)) / 3,
            ),
        "this is D(2h) alone; take its error away with D(h)":
            lambda f, z, h: _central(f, z, 2 * h),
        "this is a central difference with half the step: better, but not by combining two":
            lambda f, z, h: _central(f, z, h / 2),
        "the right idea with the steps h/2 and h; here use h and 2h":
            lambda f, z, h: (4 * _central(f, z, h / 2) - _central(f, z, h)) / 3,
        "here a forward difference is at work; take central_difference, with h and with 2 * h":
            Either(
                lambda f, z, h: (4 * _forward(f, z, h) - _forward(f, z, 2 * h)) / 3,
                lambda f, z, h: 2 * _forward(f, z, h) - _forward(f, z, 2 * h),
                _forward,
            ),
    },
    cases=lambda rng: [
        (np.exp, 0.5, 0.3),
        (np.sin, float(rng.uniform(1, 2)), 0.2),
        (lambda z: z**3, 2.0, 0.5),
    ],
)

check_largest_rate = FunctionCheck(
    "my_largest_rate",
    solution=lambda c: 1 / c,
    right="a step multiplies x by 1 - 2cη; at η = 1/c that is -1, and beyond it x grows",
    mistakes={
        "2/c belongs to the slope c·x; the slope of c·x² is 2·c·x, so the factor is 1 - 2cη":
            lambda c: 2 / c,
        "at 1/(2c) one step lands on the lowest point; some larger rates overshoot but arrive":
            lambda c: 0.5 / c,
        "1 / 2 * c divides by 2 and then multiplies by c; a larger c needs a smaller rate":
            lambda c: c / 2,
        "0.05 fits the valley, where c is 20; a formula in c is asked for": 0.05,
        "the steeper the bowl (larger c), the smaller the rate must be": lambda c: c,
        "1 is right for c = 1 only: how does the factor contain c?": 1.0,
        "2c is what multiplies x in the slope; which η makes η·2c equal 2?": lambda c: 2 * c,
        "this is what multiplies x when η is 1; which η makes that number -1?": lambda c: 1 - 2 * c,
        "a learning rate is positive: which η makes 1 - 2cη equal to -1?": lambda c: -1 / c,
        "once c is enough: the slope of c·x² is 2·c·x, so η·2c must be 2":
            Either(lambda c: 1 / c**2, lambda c: 2 / c**2),
        "the number itself is asked for, not a text: leave out the quotation marks":
            Either("1/c", "1 / c"),
        "no square root is needed: a step multiplies x by 1 - 2cη, whatever x is":
            Either(lambda c: 1 / (2 * c) ** 0.5, lambda c: 1 / c**0.5),
    },
    cases=lambda rng: [(1.0,), (20.0,), (float(rng.uniform(0.05, 0.5)),)],
)


def _shares(t):
    return np.bincount(t) / len(t)


def _present(t):
    share = _shares(t)
    return share[share > 0]


check_cost_of_shares = FunctionCheck(
    "my_cost_of_shares",
    solution=lambda t: -np.mean(np.log(_shares(t)[t])),
    right="no answer that ignores the examples can be cheaper (this cost is called the entropy)",
    mistakes={
        "0 · ln 0 is nan (a class that never occurs), and so is ln of a negative number: take ln "
        "of the share of each example's label, share[t]":
            lambda t: -np.sum(_shares(t) * np.log(_shares(t))),
        "ln 0 is -inf, and a class that never occurs has the share 0: only the shares of labels "
        "that occur count, share[t] with share = np.bincount(t) / len(t)":
            Either(np.inf, lambda t: -np.log(_shares(t))),
        "each class counts once here; a label that occurs often must count often: the mean is "
        "over the examples":
            Either(
                lambda t: -np.mean(np.log(_present(t))),
                lambda t: -np.sum(np.log(_present(t))),
            ),
        "the minus is missing: logarithms of shares are negative, a cost is not":
            Either(
                lambda t: np.mean(np.log(_shares(t)[t])),
                lambda t: np.sum(_present(t) * np.log(_present(t))),
            ),
        "ln 10 is the cost of ten equal shares; these shares are those of the labels": np.log(10),
        "this is the cost of equal shares; these shares are those of the labels":
            Either(
                lambda t: np.log(len(_shares(t))),
                lambda t: np.log(len(_present(t))),
            ),
        "this is what an example of the commonest label costs; the others cost more":
            lambda t: -np.log(_shares(t).max()),
        "this is the sum over the examples; the cost is their mean":
            lambda t: -np.sum(np.log(_shares(t)[t])),
        "you divide by the number of classes; the mean is over the examples":
            Either(
                lambda t: -np.sum(np.log(_shares(t)[t])) / len(_shares(t)),
                lambda t: -np.mean(_present(t) * np.log(_present(t))),
            ),
        "this is one cost per example; return their mean":
            lambda t: -np.log(_shares(t)[t]),
        "this is one number per class; return their sum":
            lambda t: -_present(t) * np.log(_present(t)),
        "a mean over the examples counts each label as often as it occurs; to multiply by the "
        "share counts it once more":
            Either(
                lambda t: -np.mean(_shares(t)[t] * np.log(_shares(t)[t])),
                lambda t: -np.sum(_shares(t)[t] * np.log(_shares(t)[t])),
            ),
        "you give the shares as z, and softmax makes other shares of them; take -ln of a share":
            lambda t: _cost(np.tile(_shares(t), (len(t), 1)), t),
        "these are the counts; shares are counts divided by len(t)":
            Either(
                lambda t: -np.mean(np.log(np.bincount(t)[t])),
                lambda t: np.mean(np.log(np.bincount(t)[t])),
                lambda t: -np.sum(len(t) * _present(t) * np.log(len(t) * _present(t))),
            ),
        "first the logarithm of each example's share, then the mean; yours is the other way round":
            lambda t: -np.log(np.mean(_shares(t)[t])),
        "there is no logarithm in it: an example costs -ln of the share of its label":
            Either(
                lambda t: 1 - np.mean(_shares(t)[t]),
                lambda t: np.mean(_shares(t)[t]),
                lambda t: -np.mean(_shares(t)[t]),
                lambda t: 1 - _shares(t).max(),
                lambda t: _shares(t).max(),
            ),
        "these are the shares; an example costs -ln of the share of its label": _shares,
        "log2 is the wrong logarithm here; np.log is the natural one":
            lambda t: -np.mean(np.log2(_shares(t)[t])),
        "log10 is the wrong logarithm here; np.log is the natural one":
            lambda t: -np.mean(np.log10(_shares(t)[t])),
        "no 1e-7 here: the share of a label that occurs is never 0":
            Either(
                lambda t: -np.mean(np.log(_shares(t)[t] + 1e-7)),
                lambda t: -np.sum(_shares(t) * np.log(_shares(t) + 1e-7)),
            ),
    },
    cases=lambda rng: [
        (np.array([0, 1, 1, 3, 1, 0, 4]),),
        (rng.permutation(np.repeat([0, 1, 2, 5, 6], [5, 9, 4, 12, 3])),),
    ],
    tolerance=1e-9,
)


def _walk(step):
    """A descent in which step(f, x, learning_rate) is the next place."""
    def walk(f, x, learning_rate, steps):
        for _ in range(steps):
            x = step(f, x, learning_rate)
        return x
    return walk


_descend = _walk(lambda f, x, rate: x - rate * numerical_gradient(f, x))


def _in_place(f, x, learning_rate, steps):
    for _ in range(steps):
        x -= learning_rate * numerical_gradient(f, x)
    return x


def _gradient_of_the_start(f, x, learning_rate, steps):
    return x - steps * learning_rate * numerical_gradient(f, x)


def _each_from_the_start(f, x, learning_rate, steps):
    place = x
    for _ in range(steps):
        place = x - learning_rate * numerical_gradient(f, place)
    return place


def _path(f, x, learning_rate, steps):
    return np.array([_descend(f, x, learning_rate, n) for n in range(steps + 1)])


def _one_number_after_the_other(f, x, learning_rate, steps):
    x = x.copy()
    for _ in range(steps):
        for i in range(len(x)):
            x[i] -= learning_rate * numerical_gradient(f, x)[i]
    return x


check_descend = FunctionCheck(
    "my_descend",
    solution=_descend,
    right="a new gradient at each step, always against it, and the start is left as it was",
    mistakes={
        "it climbs: the gradient points uphill, so subtract it":
            lambda f, x, r, n: _descend(f, x, -r, n),
        "the place is right, but the caller's start is changed, as by `x -= ...`; write "
        "x = x - ..., which makes a new array":
            _in_place,
        "each step uses the gradient of the start; measure it again where you are now":
            _gradient_of_the_start,
        "this is the place after one step: does each step start where the last one ended, and "
        "does `return` stand after the loop?":
            lambda f, x, r, n: _descend(f, x, r, 1),
        "these are all places on the way; return the last one": _path,
        "this is the gradient at the end; return the place x":
            lambda f, x, r, n: numerical_gradient(f, _descend(f, x, r, n)),
        "you divide by the learning rate; multiply the gradient by it":
            lambda f, x, r, n: _descend(f, x, 1 / r, n),
        "this is the height f(x) at the end; return the place x":
            lambda f, x, r, n: f(_descend(f, x, r, n)),
        "the learning rate is not used: multiply the gradient by it":
            lambda f, x, r, n: _descend(f, x, 1.0, n),
        "the third argument of numerical_gradient is the step h of the measurement; the learning "
        "rate multiplies the gradient":
            _walk(lambda f, x, rate: x - numerical_gradient(f, x, rate)),
        "one step too many; range(steps) runs exactly `steps` times":
            lambda f, x, r, n: _descend(f, x, r, n + 1),
        "one step too few; range(steps) runs exactly `steps` times":
            lambda f, x, r, n: _descend(f, x, r, n - 1),
        "x is replaced by the step; a step starts where you are: x = x - step":
            _walk(lambda f, x, rate: rate * numerical_gradient(f, x)),
        "the height f(x) is no slope: numerical_gradient(f, x) measures the slopes":
            _walk(lambda f, x, rate: x - rate * f(x)),
        "this is where you started: give x its new value, x = x - ...": lambda f, x, r, n: x.copy(),
        "the last step is taken from the start; each step begins where the one before it ended: "
        "x = x - ...":
            Either(
                _each_from_the_start,
                lambda f, x, r, n: x - r * numerical_gradient(f, _descend(f, x, r, n - 1)),
            ),
        "x is changed between the slopes of one step; measure them all first, then change x":
            _one_number_after_the_other,
    },
    cases=lambda rng: [
        (lambda x: x[0] ** 2 + x[0] * x[1] + 3 * x[1] ** 2, rng.uniform(1, 2, 2), 0.1, 4),
        (lambda x: float(np.sum(np.cosh(x))), rng.uniform(0.5, 1, 3), 0.2, 3),
    ],
)


def _shuffles(rng):
    cases = []
    for n, k, r, known in ((20, 3, 40, 0.35), (12, 4, 30, 2), (15, 4, 20, 0.1)):
        t = rng.integers(0, k, n, dtype=np.intp)
        z = rng.normal(size=(n, k)) + known * np.eye(k)[t]
        cases.append((z, t, np.array([rng.permutation(n) for _ in range(r)])))
    return cases


def _leaning(rng):
    """Outputs that know something and lean to a few classes, so the answers show little of it."""
    cases = []
    for n, k in ((40, 5), (60, 6)):
        t = rng.integers(0, k - 1, n, dtype=np.intp)
        lean = np.linspace(0, 5, k)
        cases.append((rng.normal(size=(n, k)) + 1.5 * np.eye(k)[t] + lean, t))
    return cases


def _cost(z, t):
    return SoftmaxCrossEntropy().forward(z, t)


def _shuffled(z, t, orders):
    return np.array([_cost(z, t[order]) for order in orders])


def _right(z, t):
    return float(np.mean(z.argmax(axis=1) == t))


def _below(z, t, orders):
    return _shuffled(z, t, orders) <= _cost(z, t)


def _by_right(compare):
    """The share of shuffles of which compare(how many are right, how many of the true labels)."""
    return lambda z, t, orders: float(
        np.mean([compare(_right(z, t[order]), _right(z, t)) for order in orders])
    )


check_luck = FunctionCheck(
    "my_luck",
    solution=lambda z, t, orders: float(np.mean(_below(z, t, orders))),
    right="a small share says: such a cost is hardly luck (this is called a permutation test)",
    mistakes={
        "this is how many shuffles are as cheap; return their share":
            lambda z, t, orders: int(np.sum(_below(z, t, orders))),
        "this says of each shuffle whether it is as cheap; return the mean of that": _below,
        "this is the share of shuffles that cost more; count those that cost as little":
            lambda z, t, orders: float(np.mean(~_below(z, t, orders))),
        "this tells what the shuffles cost; compare each cost with that of the true labels":
            Either(
                _shuffled,
                lambda z, t, orders: float(np.mean(_shuffled(z, t, orders))),
                lambda z, t, orders: float(np.min(_shuffled(z, t, orders))),
            ),
        "this is what the shuffles cost more; count how often they cost as little":
            Either(
                lambda z, t, orders: _shuffled(z, t, orders) - _cost(z, t),
                lambda z, t, orders: float(np.mean(_shuffled(z, t, orders)) - _cost(z, t)),
            ),
        "are the labels shuffled, t[order], z left alone, and the costs compared with the true "
        "one? When labels and outputs are shuffled alike, each output keeps its label":
            Either(
                1.0,
                lambda z, t, orders: float(  # not quite 1: a sum in another order is rounded anew
                    np.mean([_cost(z[o], t[o]) <= _cost(z, t) for o in orders])
                ),
            ),
        "the labels are to be t[order]. (z[order] is as good a test, with other numbers)":
            lambda z, t, orders: float(np.mean([_cost(z[o], t) <= _cost(z, t) for o in orders])),
        "you compare how many are right; compare the costs, which say more":
            Either(_by_right(np.greater_equal), _by_right(np.less_equal), _by_right(np.greater)),
        "you divide by the number of examples; divide by the number of orders, len(orders)":
            lambda z, t, orders: float(np.sum(_below(z, t, orders)) / len(t)),
        "the true order is not one of the orders: divide by len(orders), and add no 1":
            lambda z, t, orders: float((np.sum(_below(z, t, orders)) + 1) / (len(orders) + 1)),
        "t[orders] shuffles all at once, an array (r, n); take one order after the other: "
        "for order in orders":
            lambda z, t, orders: float(np.mean(_cost(z, t[orders]) <= _cost(z, t))),
    },
    cases=_shuffles,
)


def _majority(t):
    return float(np.bincount(t).max() / len(t))


def _right_along_the_images(z, t):
    answers = z.argmax(axis=0)
    return np.mean(answers == t)


def _centred(z):
    return z - z.mean(axis=0)


check_report = FunctionCheck(
    "my_report",
    solution=lambda z, t: (
        _right(z, t), _majority(t), len(np.unique(z.argmax(axis=1))), _right(_centred(z), t)
    ),
    right="four numbers that say more than an accuracy can",
    mistakes={
        "this is how many are right; the accuracy is their share: np.mean instead of np.sum":
            {"accuracy": lambda z, t: int(np.sum(z.argmax(axis=1) == t))},
        "this is the share of wrong answers; count where answer == t":
            {"accuracy": lambda z, t: 1 - _right(z, t)},
        "this says of each image whether it is right; take the mean":
            {"accuracy": lambda z, t: z.argmax(axis=1) == t},
        "percent; return a share between 0 and 1": {"accuracy": lambda z, t: 100 * _right(z, t)},
        "these are the answers; compare them with t, and take the mean":
            {"accuracy": lambda z, t: z.argmax(axis=1)},
        "0 says that not one is right: the answers are z.argmax(axis=1) (argmax and not max, with "
        "the axis), and the share of those that are right is a mean":
            {"accuracy": 0.0},
        "axis=0 looks along the images; each image has its answer along axis=1":
            Either(
                {"accuracy": _right_along_the_images},
                {"accuracy": lambda z, t: np.mean(z.argmax(axis=0) == t)},
            ),
        "(n, k) and (n,) do not fit together: the answers, argmax with axis=1, fit t, and "
        "z.mean(axis=0) fits z":
            {"accuracy": lambda z, t: np.mean(z == t)},
        "this is the share of the commonest answer; the majority line counts the labels t":
            {"majority": lambda z, t: _majority(z.argmax(axis=1))},
        "1/k is chance; the majority line is the share of the commonest label":
            {"majority": lambda z, t: 1 / z.shape[1]},
        "0.1 is chance, for ten classes; the majority line is computed from the labels":
            {"majority": 0.1},
        "this is the commonest label itself; its count divided by len(t) is its share":
            {"majority": lambda z, t: int(np.bincount(t).argmax())},
        "this is a count; divide by len(t)": {"majority": lambda z, t: int(np.bincount(t).max())},
        "these are the shares of all labels; take the largest":
            {"majority": lambda z, t: np.bincount(t) / len(t)},
        "these are the answers that occur; how many are they?":
            {"used": lambda z, t: np.unique(z.argmax(axis=1))},
        "this is the number of different labels; count the answers":
            {"used": lambda z, t: len(np.unique(t))},
        "this is how many answers are possible; count the different ones that z itself gives":
            {"used": lambda z, t: z.shape[1]},
        "this is the number of images; how many different answers, argmax with axis=1, are there?":
            {"used": lambda z, t: len(t)},
        "this is the accuracy once more: subtract the mean over the images, z.mean(axis=0), and "
        "take argmax anew; one number taken from all outputs of an image changes no answer":
            {"hidden": _right},
        "axis=1 gives a number for each image; the mean over the images, one for each output, is "
        "z.mean(axis=0)":
            {"hidden": lambda z, t: _right(z - z.mean(axis=1), t)},
        "0 says that not one is right: take z.mean(axis=0) from z; the answers are argmax with "
        "axis=1 of that, and the share of those that are right is a mean":
            {"hidden": 0.0},
        "this says of each image whether it is right; the share is the mean of that":
            {"hidden": lambda z, t: _centred(z).argmax(axis=1) == t},
        "these are answers; compare them with t, and take the mean of that":
            {"hidden": lambda z, t: _centred(z).argmax(axis=1)},
        "these are outputs; take argmax, compare with t, and take the mean":
            {"hidden": lambda z, t: _centred(z)},
        "this is how many are right; return their share: np.mean instead of np.sum":
            {"hidden": lambda z, t: int(np.sum(_centred(z).argmax(axis=1) == t))},
        "these answers lie furthest below the mean: take argmax, and of z - mean, not mean - z":
            {"hidden": lambda z, t: _right(-_centred(z), t)},
        "dividing by the standard deviation gives this; subtract the mean, and do not divide":
            {"hidden": lambda z, t: _right(_centred(z) / z.std(axis=0), t)},
        "adding the mean gives this; subtract it":
            {"hidden": lambda z, t: _right(z + z.mean(axis=0), t)},
        "dividing by the mean gives this; subtract it, and do not divide":
            {"hidden": lambda z, t: _right(z / z.mean(axis=0), t)},
        "accuracy and majority: one stands in place of the other; which one counts labels alone?":
            lambda z, t: (
                _majority(t), _right(z, t), len(np.unique(z.argmax(axis=1))),
                _right(_centred(z), t),
            ),
    },
    cases=_leaning,
    parts=("accuracy", "majority", "used", "hidden"),
)
