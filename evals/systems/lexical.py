"""Baseline `bm25`: SQLite's BM25 over the store's passages, nothing else."""

import time
from collections.abc import Sequence

from evals.systems.passages import first_sentences
from evals.text import content_words
from rag.config import Settings
from rag.store import Store
from rag.types import Answer, Hit, Turn


def hits_of(store: Store, scored: Sequence[tuple[str, float]], lowest: float, highest: float) -> tuple[Hit, ...]:
    """Hits for (passage id, score) pairs, best first; scores are mapped from [lowest, highest] to [0, 1]."""
    passages = store.passages([passage_id for passage_id, _ in scored])
    width = highest - lowest
    return tuple(
        Hit(
            passage=passage,
            source=store.source(passage.source_id),
            score=min(1.0, max(0.0, (score - lowest) / width)) if width > 0 else 1.0,
            rank=rank,
        )
        for rank, (passage, (_, score)) in enumerate(zip(passages, scored, strict=True), start=1)
    )


class Lexical:
    """Words only."""

    def __init__(self, store: Store, depth: int) -> None:
        """Use Lexical.open."""
        self._store = store
        self._depth = depth

    @classmethod
    def open(cls, settings: Settings) -> "Lexical":
        """On the store that the settings name. Raises as Store.open does."""
        return cls(Store.open(settings), settings.hit_passages)

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The k passages with the highest BM25; scores relative to the best."""
        scored = self._store.query_text(sorted(content_words(query)), k)
        return hits_of(self._store, scored, 0.0, scored[0][1] if scored else 1.0)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The best passage's first sentences; the history is not looked at."""
        start = time.perf_counter()
        hits = self.search(question, self._depth)
        search_ms = (time.perf_counter() - start) * 1000
        return first_sentences(question, hits, "bm25", self._store.build_id, search_ms)

    def close(self) -> None:
        """Close the store."""
        self._store.close()
