"""Mistakes: which digits are taken for which, and which errors the network is surest of."""

import numpy as np

from nnlesson import validate


def confusion_matrix(labels, predicted, n_classes):
    """counts (k, k): row = true class, column = predicted class. The diagonal is right."""
    validate.count("n_classes", n_classes)
    validate.labels(labels, np.size(labels), n_classes)
    validate.labels(predicted, np.size(labels), n_classes)
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def most_confident_mistakes(probabilities, labels):
    """Indices of the wrong answers, the surest first. probabilities (n, k), labels (n,)."""
    validate.floats("probabilities", probabilities, (None, None))
    validate.finite("probabilities", probabilities)
    validate.labels(labels, *probabilities.shape)
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    confidence = probabilities[wrong].max(axis=1)
    return wrong[np.argsort(-confidence, kind="stable")]
