"""The same work as this package would do it and as others would: one function per peer.

Each maker takes a Problem and returns a function without arguments that does the work once.
A peer that is not installed raises ImportError; the runner names it and leaves it out.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from article import ArticleNetwork

from nnlesson.layers import ReLU, Sigmoid
from nnlesson.losses import CrossEntropy, SoftmaxCrossEntropy
from nnlesson.network import mlp
from nnlesson.optimizers import SGD
from nnlesson.training import train_epoch

RATE, DECAY, BATCH = 0.05, 1e-4, 100


@dataclass
class Problem:
    """A network's sizes and the images: x (n, 784) float32, t (n,). logistic: [A1]'s sigmoids
    with one cross-entropy per output; otherwise ReLU and softmax."""

    x: np.ndarray
    t: np.ndarray
    sizes: tuple
    logistic: bool
    threads: int = 1
    batch: int = BATCH


def our_network(problem, dtype=np.float32):
    """The package's network for this problem."""
    rng = np.random.default_rng(0)
    activation, loss = (Sigmoid, CrossEntropy) if problem.logistic else (ReLU, SoftmaxCrossEntropy)
    scale = 0.1 if problem.logistic else None
    return mlp(problem.sizes, activation, loss(), DECAY, rng, scale=scale, dtype=dtype)


def ours_epoch(problem):
    """nnlesson: one training epoch in float32."""
    network, optimizer, rng = our_network(problem), SGD(RATE), np.random.default_rng(1)
    x, t, batch = problem.x, problem.t, problem.batch
    return lambda: train_epoch(network, x, t, optimizer, batch, rng)


def products_epoch(problem):
    """Nothing but the matrix products that one epoch cannot do without, in float32."""
    rng = np.random.default_rng(0)
    pairs = list(zip(problem.sizes[:-1], problem.sizes[1:], strict=True))
    W = [rng.normal(size=pair).astype(np.float32) for pair in pairs]
    dz = [rng.normal(size=(problem.batch, m)).astype(np.float32) for _, m in pairs]

    def work():
        for start in range(0, len(problem.x), problem.batch):
            a = problem.x[start : start + problem.batch]
            n = len(a)
            for i, w in enumerate(W):
                _ = a @ w
                _ = a.T @ dz[i][:n]
                if i:
                    _ = dz[i][:n] @ w.T
                a = dz[i][:n]

    return work


def article_epoch(problem):
    """Article 1's algorithm in float64."""
    rng = np.random.default_rng(0)
    network = ArticleNetwork(problem.sizes[0], rng)
    x, y = problem.x.astype(np.float64), np.eye(10)[problem.t]
    return lambda: network.train_epoch(x, y, rng)


def torch_epoch(problem):
    """PyTorch, eager, float32."""
    import torch

    network, optimizer, loss = torch_network(problem)
    x, t = torch.from_numpy(problem.x), torch.from_numpy(problem.t)
    target = torch.nn.functional.one_hot(t, 10).float() if problem.logistic else t

    def work():
        order = torch.randperm(len(x))
        for start in range(0, len(x), problem.batch):
            batch = order[start : start + problem.batch]
            optimizer.zero_grad()
            loss(network(x[batch]), target[batch]).backward()
            optimizer.step()

    return work


def torch_network(problem):
    """(network, optimizer, loss) of PyTorch for this problem."""
    import torch

    torch.set_num_threads(problem.threads)
    torch.manual_seed(0)
    layers = []
    for d, m in zip(problem.sizes[:-1], problem.sizes[1:], strict=True):
        layers += [
            torch.nn.Linear(d, m),
            torch.nn.Sigmoid() if problem.logistic else torch.nn.ReLU(),
        ]
    network = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, weight_decay=DECAY)
    if not problem.logistic:
        return network, optimizer, torch.nn.CrossEntropyLoss()
    summed = torch.nn.BCEWithLogitsLoss(reduction="sum")
    return network, optimizer, lambda z, y: summed(z, y) / len(z)


def sklearn_epoch(dtype):
    """The maker for scikit-learn's MLPClassifier in this type."""

    def make(problem):
        model = sklearn_model(problem)
        x = problem.x.astype(dtype)
        classes = np.arange(10)
        model.partial_fit(x[: problem.batch], problem.t[: problem.batch], classes=classes)
        return lambda: model.partial_fit(x, problem.t)

    return make


def sklearn_model(problem):
    """scikit-learn's classifier for this problem."""
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(
        hidden_layer_sizes=problem.sizes[1:-1],
        activation="logistic" if problem.logistic else "relu",
        solver="sgd",
        alpha=DECAY,
        batch_size=problem.batch,
        learning_rate_init=RATE,
        momentum=0.0,
        nesterovs_momentum=False,
        random_state=0,
    )


def jax_epoch(problem):
    """JAX, one compiled function per step, float32."""
    import jax
    import jax.numpy as jnp

    params, forward = jax_network(problem)

    def cost(params, x, t):
        z, y = forward(params, x), jax.nn.one_hot(t, 10)
        if problem.logistic:
            loss = jnp.sum(jnp.logaddexp(0, z) - y * z) / len(z)
        else:
            loss = -jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), axis=1))
        return loss + 0.5 * DECAY * sum(jnp.sum(w**2) for w, _ in params)

    @jax.jit
    def step(params, x, t, batch):
        grads = jax.grad(cost)(params, x[batch], t[batch])
        return jax.tree.map(lambda p, g: p - RATE * g, params, grads)

    x, t, rng = jnp.asarray(problem.x), jnp.asarray(problem.t), np.random.default_rng(1)
    state = [step(params, x, t, jnp.arange(problem.batch))]  # compiled here, not in the timing

    def work():
        order = rng.permutation(len(problem.x))
        for start in range(0, len(order) - problem.batch + 1, problem.batch):
            state[0] = step(state[0], x, t, order[start : start + problem.batch])
        jax.block_until_ready(state[0])

    return work


def jax_network(problem):
    """(parameters, forward function) of JAX for this problem."""
    import jax
    import jax.numpy as jnp

    activation = jax.nn.sigmoid if problem.logistic else jax.nn.relu
    params = [(jnp.asarray(a.W), jnp.asarray(a.b)) for a in our_network(problem).affine]

    def forward(params, x):
        for w, b in params[:-1]:
            x = activation(x @ w + b)
        return x @ params[-1][0] + params[-1][1]

    return params, forward


def ours_prediction(problem):
    """nnlesson: probabilities for all images."""
    network = our_network(problem)
    return lambda: network.predict(problem.x)


def products_prediction(problem):
    """The matrix products of one forward pass."""
    weights = [layer.W for layer in our_network(problem).affine]

    def work():
        a = problem.x
        for w in weights:
            a = a @ w

    return work


def torch_prediction(problem):
    """PyTorch without gradients."""
    import torch

    network, _, _ = torch_network(problem)
    x = torch.from_numpy(problem.x)

    def work():
        with torch.inference_mode():
            torch.sigmoid(network(x)) if problem.logistic else torch.softmax(network(x), dim=1)

    return work


def sklearn_prediction(problem):
    """scikit-learn's predict_proba."""
    model = sklearn_model(problem)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.partial_fit(
            problem.x[: problem.batch], problem.t[: problem.batch], classes=np.arange(10)
        )
    return lambda: model.predict_proba(problem.x)


def jax_prediction(problem):
    """JAX, compiled."""
    import jax
    import jax.numpy as jnp

    params, forward = jax_network(problem)
    last = jax.nn.sigmoid if problem.logistic else jax.nn.softmax
    compiled = jax.jit(lambda params, x: last(forward(params, x)))
    x = jnp.asarray(problem.x)
    jax.block_until_ready(compiled(params, x))
    return lambda: jax.block_until_ready(compiled(params, x))


EPOCH = {
    "nnlesson": ours_epoch,
    "matrix products": products_epoch,
    "PyTorch eager": torch_epoch,
    "scikit-learn float32": sklearn_epoch(np.float32),
    "scikit-learn float64": sklearn_epoch(np.float64),
    "JAX jit": jax_epoch,
}
PREDICTION = {
    "nnlesson": ours_prediction,
    "matrix products": products_prediction,
    "PyTorch eager": torch_prediction,
    "scikit-learn float32": sklearn_prediction,
    "JAX jit": jax_prediction,
}
