"""The fitted numbers: read from fitted.json, which says itself by which command and on which questions it was made."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ConfigError
from rag.levers import ALL_ON, Lever, Levers


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Standardised features times weights plus a bias."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def score(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """One number a row of `features`, shape (n, columns)."""
        scores: NDArray[np.float64] = ((features - self.mean) / self.scale) @ self.weights + self.bias
        return scores


@dataclass(frozen=True, slots=True)
class Fitted:
    """All numbers that were fitted on questions rather than chosen."""

    preselect: LinearModel
    """Scores all sentences by `FEATURES` alone, to choose those that the neural reader looks at."""
    reader: LinearModel
    """Scores those by `FEATURES` and `EVIDENCE`; only differences within one question mean something."""
    answerable: LinearModel
    """Log-odds that the best sentence answers the question."""
    floor: float
    """Least probability, in [0, 1], at which the guide answers."""
    further: float
    """How far below the best sentence's score a further one may lie."""
    note: dict[str, Any]
    """The command, the questions and the figures of the fit."""


@cache
def load_fitted(off: Levers = ALL_ON) -> Fitted:
    """The numbers that ship with the guide. Raises ConfigError when they do not fit the features of this version.

    The columns of the levers that are `off` get no weight: whatever they say, nothing comes of it.
    """
    # Here, because these modules are needed for their names alone.
    from rag.answerable import ANSWERABLE_FEATURES, PAIR_FEATURES
    from rag.features import FEATURES
    from rag.models import EVIDENCE

    columns: dict[Lever, tuple[str, ...]] = {
        Lever.READER: EVIDENCE,
        Lever.PAIRS: PAIR_FEATURES,
        Lever.RECENCY: ("recency",),
        Lever.PUBLISHER: ("publisher_match",),
    }
    silent = frozenset(name for lever in off for name in columns.get(lever, ()))
    record = json.loads(files("rag").joinpath("fitted.json").read_text(encoding="utf-8"))
    return Fitted(
        preselect=_linear(record["preselect"], FEATURES, silent),
        reader=_linear(record["reader"], (*FEATURES, *EVIDENCE), silent),
        answerable=_linear(record["answerable"], ANSWERABLE_FEATURES, silent),
        floor=record["floor"],
        further=record["further"],
        note=record["note"],
    )


def _linear(record: dict[str, Any], expected: tuple[str, ...], silent: frozenset[str]) -> LinearModel:
    columns = record["columns"]
    if tuple(columns) != expected:
        raise ConfigError(
            f"fitted.json was made for other features ({sorted(set(columns) ^ set(expected))}).", "Run: make fit"
        )
    rows = np.array([columns[name] for name in expected], dtype=np.float64)
    heard = np.array([name.removeprefix("best_").removeprefix("first_") not in silent for name in expected])
    return LinearModel(mean=rows[:, 0], scale=rows[:, 1], weights=rows[:, 2] * heard, bias=record["bias"])
