"""Whether the best sentence answers the question at all: the features behind the guide's "I do not know"."""

import numpy as np
from numpy.typing import NDArray

from rag.features import FEATURES
from rag.question import Question

_FROM_BEST = (
    "similarity",
    "passage_similarity",
    "coverage",
    "context_coverage",
    "passage_coverage",
    "name_coverage",
    "rarest_missing",
    "rarest_missing_context",
    "pairs",
    "type_fit",
    "type_new",
    "money_fit",
    "date_fit",
    "person_fit",
    "number_fit",
    "year_fit",
)

ANSWERABLE_FEATURES = (
    *(f"best_{name}" for name in _FROM_BEST),
    "score",
    "margin",
    "similarity_max",
    "coverage_max",
    "unknown_share",
    "term_count",
)
"""The columns of `answerable_features`, in order."""


def answerable_features(
    question: Question, matrix: NDArray[np.float64], scores: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Shape (1, len(ANSWERABLE_FEATURES)) from the candidates' features and reader scores; needs a candidate."""
    order = np.argsort(-scores, kind="stable")
    best = matrix[order[0]]
    runner_up = scores[order[min(5, len(order) - 1)]]
    unknown = sum(term.weight for term in question.terms if not term.known)
    row = [best[FEATURES.index(name)] for name in _FROM_BEST]
    row += [
        float(scores[order[0]]),
        float(scores[order[0]] - runner_up),
        float(matrix[:, FEATURES.index("similarity")].max()),
        float(matrix[:, FEATURES.index("coverage")].max()),
        unknown / question.weight if question.weight else 1.0,
        min(len(question.terms), 12) / 12.0,
    ]
    return np.array([row], dtype=np.float64)
