"""From a question to the passages and sentences that may answer it: dense and lexical search, fused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.aliases import write_out
from rag.config import Settings
from rag.features import Candidate
from rag.levers import ALL_ON, Lever, Levers
from rag.models import Embedder, Vectors
from rag.question import Question, analyse
from rag.spelling import repair
from rag.store import Scored, View
from rag.types import Passage


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval hands to the reader."""

    question: Question
    passages: tuple[Passage, ...]
    """Best first by fusion."""
    candidates: tuple[Candidate, ...]
    """Every sentence of those passages, passage by passage."""
    vector: Vectors
    """The question's, shape (dimension,)."""


class Retriever:
    """Searches one store with one embedder."""

    def __init__(self, embedder: Embedder, settings: Settings, off: Levers = ALL_ON) -> None:
        self._embedder = embedder
        self._settings = settings
        self._off = off

    def find(self, text: str, view: View, least: int = 0) -> Found:
        """The passages nearest to the question by both searches, with their sentences; none when nothing is held.

        `least` is how many are wanted where that is more than the settings put forward.
        """
        named = text if Lever.ALIASES in self._off else write_out(text, view.aliases(), self._is_word)
        repaired = named if Lever.TYPOS in self._off else repair(named, view.vocabulary(), self._is_word)
        question = analyse(repaired, view.document_frequencies, view.passage_count)
        depth = max(self._settings.candidate_passages, least)
        (vector,) = self._embedder.embed_queries([repaired])
        dense = () if Lever.DENSE in self._off else view.query_vectors(vector, depth)
        words = [] if Lever.LEXICAL in self._off else [term.word for term in question.terms]
        lexical = view.query_text(words, depth)
        fused = standardised_fusion(dense, lexical)[:depth]
        passages = view.passages([id_ for id_, _ in fused])
        similarity = self._similarities(passages, dict(dense), vector, view)
        return Found(
            question=question,
            passages=passages,
            candidates=_candidates(view, passages, vector, similarity, _relative(lexical), dict(fused)),
            vector=vector,
        )

    def _is_word(self, word: str) -> bool:
        """Whether the embedding model was taught the word whole, as it was all but rare ones."""
        return len(self._embedder.tokens(word)) == 1

    @staticmethod
    def _similarities(
        passages: tuple[Passage, ...], known: dict[str, float], vector: np.ndarray, view: View
    ) -> dict[str, float]:
        """Cosine of the question with every passage; those that only the lexical search found are worked out."""
        missing = [passage.id for passage in passages if passage.id not in known]
        vectors = view.passage_vectors(missing)
        return known | {id_: float(vectors[id_] @ vector) for id_ in missing}


def standardised_fusion(*searches: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Ids with the sum of their standard scores, best first and scaled to [0, 1]; ties go by id.

    Each search's scores are set off against their own mean and deviation, so that none outweighs another by the scale
    it scores on (distribution-based score fusion, Mazzeschi 2023, without its bound of three deviations). What a search
    did not find stands where its last one stands; a search that found nothing has no say.
    """
    sums: dict[str, float] = dict.fromkeys((id_ for scored in searches for id_, _ in scored), 0.0)
    for scored in searches:
        standard = _standard(scored)
        last = min(standard.values(), default=0.0)
        for id_ in sums:
            sums[id_] += standard.get(id_, last)
    least, most = min(sums.values(), default=0.0), max(sums.values(), default=0.0)
    scaled = {id_: (total - least) / (most - least) if most > least else 1.0 for id_, total in sums.items()}
    return sorted(scaled.items(), key=lambda item: (-item[1], item[0]))


def _standard(scored: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Scores less their mean, in standard deviations; all 0 where they are equal."""
    values = np.array([score for _, score in scored])
    ids = [id_ for id_, _ in scored]
    deviation = float(values.std()) if ids else 0.0
    if not deviation:
        return dict.fromkeys(ids, 0.0)
    return dict(zip(ids, ((values - values.mean()) / deviation).tolist(), strict=True))


def _relative(scored: Scored) -> dict[str, float]:
    """Scores over the best one's, in [0, 1]."""
    best = max((score for _, score in scored), default=1.0) or 1.0
    return {id_: score / best for id_, score in scored}


def _candidates(
    view: View,
    passages: tuple[Passage, ...],
    vector: np.ndarray,
    similarity: dict[str, float],
    lexical: dict[str, float],
    fused: dict[str, float],
) -> tuple[Candidate, ...]:
    by_id = {passage.id: passage for passage in passages}
    sources = view.sources_by_id([passage.source_id for passage in passages])
    rows = view.sentences([passage.id for passage in passages])
    cosines = (np.stack([row.vector for row in rows]) @ vector).tolist() if rows else []
    return tuple(
        Candidate(
            passage=by_id[row.passage_id],
            source=sources[by_id[row.passage_id].source_id],
            ordinal=row.ordinal,
            start=row.start,
            end=row.end,
            text=by_id[row.passage_id].text[row.start : row.end],
            vector=row.vector,
            similarity=cosine,
            passage_similarity=similarity[row.passage_id],
            lexical=lexical.get(row.passage_id, 0.0),
            fused=fused[row.passage_id],
        )
        for row, cosine in zip(rows, cosines, strict=True)
    )
