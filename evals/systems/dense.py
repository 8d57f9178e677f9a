"""Baseline `dense`: the embedding model's nearest passages, nothing else."""

import time
from collections.abc import Sequence

from evals.systems.lexical import hits_of
from evals.systems.passages import first_sentences
from rag.config import Settings
from rag.models import Embedder, load_embedder
from rag.store import Store
from rag.types import Answer, Hit, Turn


class Dense:
    """Vectors only."""

    def __init__(self, store: Store, embedder: Embedder, depth: int) -> None:
        """Use Dense.open."""
        self._store = store
        self._embedder = embedder
        self._depth = depth

    @classmethod
    def open(cls, settings: Settings) -> "Dense":
        """On the store that the settings name. Raises as Store.open and load_embedder do."""
        return cls(Store.open(settings), load_embedder(settings), settings.hit_passages)

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The k passages nearest by cosine, which is also their score where it is positive."""
        vector = self._embedder.embed_queries([query])[0]
        return hits_of(self._store, self._store.query_vectors(vector, k), 0.0, 1.0)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The best passage's first sentences; the history is not looked at."""
        start = time.perf_counter()
        hits = self.search(question, self._depth)
        search_ms = (time.perf_counter() - start) * 1000
        return first_sentences(question, hits, "dense", self._store.build_id, search_ms)

    def close(self) -> None:
        """Close the store."""
        self._store.close()
