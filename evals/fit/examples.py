"""Questions with their candidate sentences, what is known of each, and which of them are right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.fit.questions import TrainingQuestion
from rag.features import Candidate, feature_matrix
from rag.models.sentence_reader import SentenceReader
from rag.question import Question
from rag.retrieve import Retriever
from rag.store import View
from rag.words import fold

_SAME_FACT_OVERLAP = 0.4
"""A sentence with the answer's words that shares this much (Jaccard) with a gold one says the same thing."""

_READ_DEPTH = 60
"""The network reads this many of the most similar candidates; the others are too far down to be preselected."""

_SHORT_ANSWERS = frozenset({"single", "numeric", "date", "place", "contact"})


@dataclass(frozen=True, slots=True)
class Example:
    """One question as the reader sees it."""

    item: TrainingQuestion
    question: Question
    features: NDArray[np.float64]
    """Shape (candidates, len(FEATURES))."""
    evidence: NDArray[np.float64]
    """Shape (candidates, len(EVIDENCE))."""
    candidates: tuple[Candidate, ...]
    right: NDArray[np.bool_]
    """Which candidates answer; all False for a question that the corpus cannot answer."""

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers the question, found or not."""
        return bool(self.item.gold)


def collect(
    questions: Sequence[TrainingQuestion], retriever: Retriever, network: SentenceReader, view: View
) -> Iterator[Example]:
    """Run retrieval for each question, read every candidate and label it; nothing found gives no example."""
    for item in questions:
        found = retriever.find(item.question, view)
        if found.candidates and found.question.terms:
            nearest = sorted(found.candidates, key=lambda c: -(c.similarity + c.passage_similarity + c.lexical))
            candidates = tuple(nearest[:_READ_DEPTH])
            yield Example(
                item=item,
                question=found.question,
                features=feature_matrix(found.question, candidates),
                evidence=network.evidence(found.question.text, [c.text for c in candidates]),
                candidates=candidates,
                right=labels(item, candidates),
            )


def labels(item: TrainingQuestion, candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    """Which candidates answer: the gold sentences, and near ones that hold the same short answer."""
    gold = {(answer.source_id, fold(answer.quote)) for answer in item.gold}
    right = np.array([(c.source.id, fold(c.text)) in gold for c in candidates], dtype=np.bool_)
    if not right.any() or item.kind not in _SHORT_ANSWERS:
        return right
    wanted = [fold(part) for part in item.answer.split("|")]
    words = [frozenset(fold(c.text).split()) for c in candidates]
    exact = np.flatnonzero(right)
    for index, candidate in enumerate(candidates):
        if all(part in fold(candidate.text) for part in wanted):
            right[index] |= any(_jaccard(words[index], words[other]) >= _SAME_FACT_OVERLAP for other in exact)
    return right


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
