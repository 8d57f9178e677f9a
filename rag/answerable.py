"""Whether the best sentence answers the question at all: the features behind the guide's "I do not know"."""

import numpy as np
from numpy.typing import NDArray

from rag.features import FEATURES
from rag.models import EVIDENCE
from rag.question import Question

COLUMNS = (*FEATURES, *EVIDENCE)
"""What the reader knows of a sentence, in the order of its matrix."""

_AMONG_FIRST = ("similarity", "coverage", "context_coverage", "passage_coverage", "type_fit", *EVIDENCE)
"""Features whose best value among the first sentences counts too: the answer may stand second."""
_FIRST = 5

PAIR_FEATURES = ("pair_best", "pair_first", "pair_second", "pair_third")
"""Of the pair reader's log-odds: those of the best sentence, then the three highest."""

ANSWERABLE_FEATURES = (
    *PAIR_FEATURES,
    *(f"best_{name}" for name in COLUMNS),
    *(f"first_{name}" for name in _AMONG_FIRST),
    "score",
    "margin_second",
    "margin_sixth",
    "unknown_share",
    "term_count",
    "list",
    "comparison",
    "yes_no",
)
"""The columns of `answerable_features`, in order."""


def answerable_features(
    question: Question, matrix: NDArray[np.float64], scores: NDArray[np.float64], verdicts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Shape (1, len(ANSWERABLE_FEATURES)) from the sentences' COLUMNS and reader scores; needs a sentence.

    `verdicts` are the pair reader's log-odds of the best sentences, best first.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    highest = np.sort(verdicts)[::-1]
    row = [
        verdicts[0],
        *(highest[min(place, len(highest) - 1)] for place in range(len(PAIR_FEATURES) - 1)),
        *matrix[order[0]],
        *matrix[order[:_FIRST]].max(axis=0)[[COLUMNS.index(name) for name in _AMONG_FIRST]],
        ranked[0],
        ranked[0] - ranked[min(1, len(ranked) - 1)],
        ranked[0] - ranked[min(_FIRST, len(ranked) - 1)],
        question.unknown_share,
        min(len(question.terms), 12) / 12.0,
        float(question.wants_list),
        float(question.wants_comparison),
        float(question.wants_yes_no),
    ]
    return np.array([row], dtype=np.float64)
