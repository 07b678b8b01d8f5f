"""Lesson 4's solutions agree with measured slopes, and its checks with every way to say them."""

import numpy as np
import pytest

from nnlesson.activations import relu, sigmoid
from nnlesson.course.lesson4 import checks as lesson4
from nnlesson.gradient import numerical_gradient, relative_error
from nnlesson.losses import CrossEntropy

CHECKS = [check for name, check in vars(lesson4).items() if name.startswith("check_")]


def test_every_exercise_is_here():
    assert len(CHECKS) == 16


def measured(cost, arrays):
    return [numerical_gradient(lambda _: cost(), array) for array in arrays]


def test_backward_agrees_with_measured_slopes():
    rng = np.random.default_rng(3)
    X, t = rng.normal(size=(6, 4)), rng.integers(0, 3, 6)
    W1, b1 = rng.normal(size=(4, 5)), rng.normal(size=5)
    W2, b2 = rng.normal(size=(5, 3)), rng.normal(size=3)
    loss, l2 = CrossEntropy(), 0.3

    def cost():
        A1 = sigmoid(X @ W1 + b1)
        return loss.forward(A1 @ W2 + b2, t) + l2 / 2 * (np.sum(W1**2) + np.sum(W2**2))

    cost()
    Z1 = X @ W1 + b1
    grads = lesson4.backward(X, Z1, sigmoid(Z1), loss.backward(), W1, W2, l2)
    for ours, other in zip(grads, measured(cost, (W1, b1, W2, b2)), strict=True):
        assert relative_error(ours, other) < 1e-6


def test_solutions_agree_with_measured_slopes():
    rng = np.random.default_rng(4)
    x, W, b, dout = (rng.normal(size=s) for s in ((5, 4), (4, 3), (3,), (5, 3)))
    ours = lesson4.check_affine_backward.solution(x, W, dout)
    for slope, other in zip(
        ours, measured(lambda: np.sum(dout * (x @ W + b)), (x, W, b)), strict=True
    ):
        assert relative_error(slope, other) < 1e-6
    z = rng.normal(size=(5, 3))
    (other,) = measured(lambda: np.sum(dout * np.tanh(z)), (z,))
    assert relative_error(lesson4.check_tanh_backward.solution(dout, np.tanh(z)), other) < 1e-6
    (other,) = measured(lambda: np.sum(dout * relu(z)), (z,))
    assert relative_error(lesson4.check_fix_relu.solution(dout, relu(z)), other) < 1e-6
    (other,) = measured(lambda: 0.3 / 14 * np.sum(W**2), (W,))
    assert relative_error(lesson4.check_penalty_slope.solution(W, 0.3, 7), other) < 1e-6


def test_one_neuron_slopes_agree_with_measured_slopes():
    # v1, v2, c, w2, b2 of the 1-2-1 network, in this order
    p = np.array([-0.7, -0.8, 1.3, -0.3, 1.1])
    x, y, a1 = 0.7, 1, 0.3

    def cost(p):
        z = p[0] * a1 + p[1] * sigmoid(p[3] * x + p[4]) + p[2]
        return -y * np.log(sigmoid(z)) - (1 - y) * np.log(1 - sigmoid(z))

    a2 = sigmoid(p[3] * x + p[4])
    a = sigmoid(p[0] * a1 + p[1] * a2 + p[2])
    ours = [
        *lesson4.check_output_slopes.solution(a, y, a1, a2),
        *lesson4.check_hidden_slopes.solution(a - y, p[1], a2, x),
    ]
    assert relative_error(np.array(ours), numerical_gradient(cost, p)) < 1e-6


@pytest.mark.parametrize("text", ["b2,b1", " b1  b2 ", "dB1, db2", ["b1", "b2"], {"b1", "b2"}])
def test_a_prediction_may_be_written_in_any_way(text):
    answer = {name.lower(): names for name, names in lesson4.check_prediction.solution.items()}
    assert lesson4.check_prediction.judge({**answer, "a": text, "e": "all"}).status == "right"


@pytest.mark.parametrize("answer", ["A, D, E", "a, d and e", ["a", "d", "e"], ("ad", "e")])
def test_letters_may_be_written_in_any_way(answer):
    assert lesson4.check_blind_spots.judge(answer).status == "right"
    assert "b is seen" in lesson4.check_blind_spots.judge("all").message


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x, W, dout: (W.T @ dout, x.T @ dout, dout.sum(axis=0)), "dout comes first in dx"),
        (lambda x, W, dout: (dout @ W.T, dout @ x.T, dout.sum(axis=0)), "in dW x comes first"),
        (lambda x, W, dout: (dout @ W.T, x @ dout, dout.sum(axis=0)), "x must be transposed"),
    ],
)
def test_a_product_that_fails_is_told_by_its_own_arrays(answer, said):
    assert lesson4.check_affine_backward.judge(answer).message.startswith(said)


def test_the_wrong_matrix_is_not_told_to_be_transposed():
    def my_fix_g(X, Z1, A1, delta2, W1, W2, l2):
        return delta2 @ W1.T * A1

    assert lesson4.check_fix_g.judge(my_fix_g).message.startswith("W1 leads from the images")


def test_a_fix_in_another_form_is_right():
    def other_form(X, Z1, A1, delta2, W1, W2, l2):
        delta1 = (W2 @ delta2.T).T * A1 * (1 - A1)
        ones = np.ones(len(X))
        return (delta1.T @ X).T + l2 * W1, ones @ delta1, A1.T @ delta2 + l2 * W2, ones @ delta2

    for check in CHECKS:
        if check.solution is lesson4.backward:
            assert check.judge(other_form).status == "right"


def test_a_scaled_gradient_is_named():
    def doubled(*case):
        return tuple(2 * part for part in lesson4.backward(*case))

    verdict = lesson4.check_fix_a.judge(doubled)
    assert verdict.status == "not yet"
    assert "2 times every value" in verdict.message
