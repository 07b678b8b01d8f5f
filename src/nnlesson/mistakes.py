"""Mistakes: which digits are taken for which, the surest errors, and how far to trust answers."""

import numpy as np

from nnlesson import validate


def confusion_matrix(labels, predicted, n_classes):
    """counts (k, k): row = true class, column = predicted class. The diagonal is right."""
    for t in (labels, predicted):
        validate.labels(t, np.size(labels), n_classes)
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def most_confident_mistakes(probabilities, labels):
    """Indices of the wrong answers, the surest first. probabilities (n, k), labels (n,)."""
    validate.outputs(probabilities, labels, "probabilities")
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    confidence = probabilities[wrong].max(axis=1)
    return wrong[np.argsort(-confidence, kind="stable")]


def calibration(probabilities, labels, n_bins=10):
    """Answers grouped by confidence: (mean confidence, share right, number), each (n_bins,).
    Means of an empty group are nan. probabilities (n, k), labels (n,)."""
    validate.outputs(probabilities, labels, "probabilities")
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    group = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    n = np.bincount(group, minlength=n_bins)
    with np.errstate(invalid="ignore"):  # 0 / 0 is nan, as it should be
        means = [np.bincount(group, values, n_bins) / n for values in (confidence, right)]
    return *means, n
