"""The two small convex fits: which sentence (conditional logit) and whether any (logistic). Pure."""

from collections.abc import Sequence
from dataclasses import replace

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


Bounds = Sequence[tuple[float | None, float | None]]


def fit_probability(features: Matrix, labels: Labels, bounds: Bounds) -> LinearModel:
    """Logistic regression with both classes weighted alike, so that 0.5 is even odds whatever their shares.

    `bounds` keeps each weight within (least, most). A weight that may not be negative says that more of the feature
    never makes an answer less likely, and so keeps the model sane on questions unlike those it was fitted on.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    design = np.column_stack([(features - mean) / scale, np.ones(len(features))])
    sign = np.where(labels, 1.0, -1.0)
    share = np.where(labels, 0.5 / labels.mean(), 0.5 / (1.0 - labels.mean()))

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        margin = sign * (design @ weights)
        wrong = 1.0 / (1.0 + np.exp(margin))
        gradient = -(design.T @ (share * sign * wrong)) / len(labels)
        ridge = np.append(weights[:-1], 0.0)
        value = float(np.mean(share * np.logaddexp(0.0, -margin)))
        return value + L2 * float(ridge @ ridge), gradient + 2 * L2 * ridge

    within = [*bounds, (None, None)]
    weights = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", bounds=within).x
    return LinearModel(mean=mean, scale=scale, weights=weights[:-1], bias=float(weights[-1]))


def calibrate(model: LinearModel, features: Matrix, labels: Labels) -> LinearModel:
    """The model with its log-odds stretched and shifted to fit other questions (Platt, 1999)."""
    raw = model.score(features)
    sign = np.where(labels, 1.0, -1.0)

    def loss(line: Matrix) -> float:
        return float(np.mean(np.logaddexp(0.0, -sign * (line[0] * raw + line[1]))))

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="BFGS").x
    return replace(model, weights=model.weights * slope, bias=float(model.bias * slope + shift))
