"""Judges sentences: which answers the question best, and whether any does."""

from dataclasses import dataclass

import numpy as np

from rag.answerable import answerable_features
from rag.features import Candidate, feature_matrix
from rag.fitted import Fitted
from rag.question import Question


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with the reader's verdict."""

    candidate: Candidate
    score: float
    """Only differences within one question mean something."""
    support: float
    """In [0, 1]: how likely this sentence answers the question."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The candidates judged, best first."""

    judged: tuple[Judged, ...]
    confidence: float
    """In [0, 1]: the calibrated probability that the best sentence answers; 0 where there is no sentence."""


def read(question: Question, candidates: tuple[Candidate, ...], fitted: Fitted) -> Reading:
    """Score every candidate and say how likely it is that the best one answers."""
    if not candidates or not question.terms:
        return Reading(judged=(), confidence=0.0)
    matrix = feature_matrix(question, candidates)
    scores = fitted.reader.score(matrix)
    confidence = _probability(float(fitted.answerable.score(answerable_features(question, matrix, scores))[0]))
    order = np.argsort(-scores, kind="stable")
    best = scores[order[0]]
    judged = tuple(
        Judged(
            candidate=candidates[index],
            score=float(scores[index]),
            support=confidence * float(np.exp((scores[index] - best) / fitted.temperature)),
        )
        for index in order
    )
    return Reading(judged=judged, confidence=confidence)


def _probability(log_odds: float) -> float:
    return float(1.0 / (1.0 + np.exp(-log_odds)))
