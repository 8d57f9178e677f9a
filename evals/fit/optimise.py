"""The small convex fits: which sentence (conditional logit), whether any, what is wanted (logistic). Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rag.fitted import LinearModel

Matrix = NDArray[np.float64]
Labels = NDArray[np.bool_]

L2 = 1e-3
"""Ridge penalty on standardised weights: only keeps collinear features from growing against each other."""


def fit_ranking(matrices: Sequence[Matrix], labels: Sequence[Labels]) -> LinearModel:
    """Weights that make a right sentence most likely under a softmax over each question's sentences.

    The loss of a question is -ln of the share that its right sentences have (McFadden's conditional logit, with the
    right ones summed). Every question needs at least one right sentence.
    """
    stacked, right = np.concatenate(matrices), np.concatenate(labels)
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0) + 1e-9
    features = (stacked - mean) / scale
    group = np.repeat(np.arange(len(matrices)), [len(matrix) for matrix in matrices])
    starts = np.searchsorted(group, np.arange(len(matrices)))

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = features @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        whole = np.add.reduceat(odds, starts)
        good = np.maximum(np.add.reduceat(odds * right, starts), 1e-300)
        gradient = features.T @ (odds / whole[group] - odds * right / good[group]) / len(matrices)
        value = float(np.mean(np.log(whole) - np.log(good)))
        return value + L2 * float(weights @ weights), gradient + 2 * L2 * weights

    weights = minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x
    return LinearModel(mean=mean, scale=scale, weights=weights, bias=0.0)


def class_weights(labels: Labels) -> Matrix:
    """Weights that sum to one and give both classes the same say, so that 0.5 is even odds whatever their shares."""
    weights: Matrix = np.where(labels, 0.5 / max(1, labels.sum()), 0.5 / max(1, (~labels).sum()))
    return weights


def fit_probability(features: Matrix, labels: Labels, weights: Matrix, l2: float) -> LinearModel:
    """Logistic regression with a weight for each row and a ridge penalty on standardised features."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    design = np.column_stack([(features - mean) / scale, np.ones(len(features))])
    sign = np.where(labels, 1.0, -1.0)

    def loss(line: Matrix) -> tuple[float, Matrix]:
        margin = sign * (design @ line)
        wrong = 1.0 / (1.0 + np.exp(margin))
        ridge = np.append(line[:-1], 0.0)
        value = float(weights @ np.logaddexp(0.0, -margin))
        return value + l2 * float(ridge @ ridge), -(design.T @ (weights * sign * wrong)) + 2 * l2 * ridge

    line = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x
    return LinearModel(mean=mean, scale=scale, weights=line[:-1], bias=float(line[-1]))


def platt(raw: Matrix, labels: Labels) -> tuple[float, float]:
    """Slope and shift that turn raw scores into log-odds (Platt, 1999)."""
    sign = np.where(labels, 1.0, -1.0)

    def loss(line: Matrix) -> float:
        return float(np.mean(np.logaddexp(0.0, -sign * (line[0] * raw + line[1]))))

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="BFGS").x
    return float(slope), float(shift)


def fit_intents(
    vectors: Matrix, labels: Sequence[int], classes: int, weights: Matrix, l2: float
) -> tuple[Matrix, Matrix]:
    """Multinomial logistic regression: weights, shape (classes, columns), and biases, shape (classes,)."""
    wanted = np.eye(classes)[list(labels)]
    columns = vectors.shape[1]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        line = flat.reshape(classes, columns + 1)
        scores = vectors @ line[:, :-1].T + line[:, -1]
        scores -= scores.max(axis=1, keepdims=True)
        log_share = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        off = (np.exp(log_share) - wanted) * weights[:, None]
        gradient = np.column_stack([off.T @ vectors + 2 * l2 * line[:, :-1], off.sum(axis=0)])
        value = -float(weights @ (wanted * log_share).sum(axis=1)) + l2 * float((line[:, :-1] ** 2).sum())
        return value, gradient.ravel()

    line = minimize(loss, np.zeros(classes * (columns + 1)), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    found = line.reshape(classes, columns + 1)
    return found[:, :-1], found[:, -1]
