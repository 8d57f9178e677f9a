"""Questions with the features of their candidate sentences and which of those are right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.fit.questions import TrainingQuestion
from rag.answer_types import AnswerType
from rag.features import Candidate, feature_matrix
from rag.question import Question
from rag.retrieve import Retriever
from rag.store import View
from rag.words import fold

SAME_FACT_COSINE = 0.7
"""A sentence this near to a gold one that also holds the answer's words says the same thing."""

_SHORT_ANSWERS = frozenset({"single", "numeric", "date", "place", "contact"})


@dataclass(frozen=True, slots=True)
class Example:
    """One question as the reader sees it."""

    id: str
    answerable: bool
    question: Question
    candidates: tuple[Candidate, ...]
    matrix: NDArray[np.float64]
    """Shape (candidates, features)."""
    right: NDArray[np.bool_]
    """Which candidates answer; all False for a question that the corpus cannot answer."""


def collect(questions: Sequence[TrainingQuestion], retriever: Retriever, view: View) -> Iterator[Example]:
    """Run retrieval for each question and label what it finds."""
    for item in questions:
        found = retriever.find(item.question, view)
        yield Example(
            id=item.id,
            answerable=bool(item.gold),
            question=found.question,
            candidates=found.candidates,
            matrix=feature_matrix(found.question, found.candidates),
            right=_labels(item, found.candidates),
        )


def _labels(item: TrainingQuestion, candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    gold = {(answer.source_id, fold(answer.quote)) for answer in item.gold}
    right = np.array([(c.source.id, fold(c.text)) in gold for c in candidates], dtype=bool)
    if not right.any() or item.kind not in _SHORT_ANSWERS:
        return right
    wanted = [fold(part) for part in item.answer.split("|")]
    tokens = [set(fold(c.text).split()) for c in candidates]
    for index, candidate in enumerate(candidates):
        holds = all(part in fold(candidate.text) for part in wanted)
        if holds and any(_jaccard(tokens[index], tokens[other]) >= 0.4 for other in np.flatnonzero(right)):
            right[index] = True
    return right


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def ranked_right(examples: Iterable[Example], scores: Sequence[NDArray[np.float64]], depth: int) -> tuple[float, int]:
    """Share of answerable questions with a right sentence among the first `depth`, and how many there are."""
    hits = total = 0
    for example, values in zip(examples, scores, strict=True):
        if example.answerable:
            total += 1
            hits += bool(example.right[np.argsort(-values, kind="stable")[:depth]].any())
    return hits / total, total


__all__ = ["AnswerType", "Example", "collect", "ranked_right"]
