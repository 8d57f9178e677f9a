"""Boosted decision trees of two levels: the fitted model that says whether any sentence answers. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

INNER_NODES = 3
LEAVES = 4


@dataclass(frozen=True, slots=True)
class TreeModel:
    """The sum of small trees (Friedman 2001, Greedy function approximation) plus a bias."""

    columns: NDArray[np.intp]
    """Which feature each node asks about: its root, the node below at most the threshold, the node above it; shape
    (trees, 3)."""
    thresholds: NDArray[np.float64]
    """Shape (trees, 3); a feature goes up where it is greater. Infinite where a branch ends early."""
    leaves: NDArray[np.float64]
    """Shape (trees, 4), from both down to both up."""
    bias: float
    middle: NDArray[np.float64]
    """Each feature's mean where the model was fitted, shape (columns,): what a silenced feature says."""
    heard: NDArray[np.bool_]
    """Which features are not silenced, shape (columns,)."""

    def score(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """One number a row of `features`, shape (n, columns)."""
        # The thresholds lie between features of this precision.
        rows = np.where(self.heard, features, self.middle).astype(np.float32)
        trees = np.arange(len(self.columns))
        up = rows[:, self.columns[:, 0]] > self.thresholds[:, 0]
        node = 1 + up.astype(np.intp)
        asked = rows[np.arange(len(rows))[:, None], self.columns[trees, node]]
        leaf = 2 * up + (asked > self.thresholds[trees, node])
        total: NDArray[np.float64] = self.leaves[trees, leaf].sum(axis=1) + self.bias
        return total

    def scaled(self, slope: float, shift: float) -> "TreeModel":
        """The model whose scores are slope * score + shift."""
        bias = slope * self.bias + shift
        return TreeModel(self.columns, self.thresholds, self.leaves * slope, bias, self.middle, self.heard)

    def record(self, names: tuple[str, ...]) -> dict[str, Any]:
        """As JSON holds it; `names` are the features in order. A branch that ends early has null for its threshold."""
        trees = [
            [
                [int(column) for column in self.columns[tree]],
                [float(value) if np.isfinite(value) else None for value in self.thresholds[tree]],
                [round(float(value), 6) for value in self.leaves[tree]],
            ]
            for tree in range(len(self.columns))
        ]
        middle = {name: round(float(value), 6) for name, value in zip(names, self.middle, strict=True)}
        return {"bias": round(self.bias, 6), "middle": middle, "trees": trees}


def trees_from(record: dict[str, Any], heard: NDArray[np.bool_]) -> TreeModel:
    """The model that `TreeModel.record` wrote down."""
    columns, thresholds, leaves = zip(*record["trees"], strict=True)
    bounds = [[np.inf if value is None else value for value in row] for row in thresholds]
    return TreeModel(
        columns=np.array(columns, dtype=np.intp),
        thresholds=np.array(bounds, dtype=np.float64),
        leaves=np.array(leaves, dtype=np.float64),
        bias=float(record["bias"]),
        middle=np.array(list(record["middle"].values()), dtype=np.float64),
        heard=heard,
    )
