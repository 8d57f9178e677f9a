"""Baseline `langchain-tutorial`: what LangChain's RAG tutorial builds, with its defaults.

Recursive splitting at 1,000 characters with 200 of overlap, embedded as it stands, the four nearest from Chroma. The
tutorial's language model is replaced by the best passage's first sentences, as in the other baselines. The splitter is
that of langchain-text-splitters 1.1 (separators: blank line, line, space, character), written out here because that
package is not among the project's.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from evals.systems.passages import first_sentences
from rag.config import Settings
from rag.models import Embedder, Vectors, load_embedder
from rag.store import Store
from rag.store.chroma import VectorIndex, create_index
from rag.tokens import count_tokens
from rag.types import Answer, Hit, Passage, Turn

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200
NEAREST = 4
SEPARATORS = ("\n\n", "\n", " ", "")

Span = tuple[int, int]


def split_recursively(text: str, start: int = 0, separators: Sequence[str] = SEPARATORS) -> tuple[Span, ...]:
    """Spans of at most 1,000 characters that overlap by at most 200; `start` is where the text begins."""
    separator = next(one for one in separators if one == "" or one in text)
    deeper = separators[separators.index(separator) + 1 :]
    spans: list[Span] = []
    small: list[Span] = []
    for first, last in _pieces(text, separator):
        if last - first < CHUNK_CHARACTERS:
            small.append((start + first, start + last))
            continue
        spans += _merged(small)
        small = []
        spans += (
            split_recursively(text[first:last], start + first, deeper) if deeper else [(start + first, start + last)]
        )
    return tuple(spans + _merged(small))


def _pieces(text: str, separator: str) -> Iterator[Span]:
    """Pieces between separators, each with the separator that leads it."""
    if not separator:
        yield from ((at, at + 1) for at in range(len(text)))
        return
    begin, at = 0, text.find(separator)
    while at >= 0:
        if at > begin:
            yield begin, at
        begin, at = at, text.find(separator, at + len(separator))
    if begin < len(text):
        yield begin, len(text)


def _merged(pieces: Sequence[Span]) -> list[Span]:
    """Neighbours joined up to the bound; each chunk begins with what of the one before fits in the overlap."""
    chunks: list[Span] = []
    window: list[Span] = []
    for piece in pieces:
        if window and piece[1] - window[0][0] > CHUNK_CHARACTERS:
            chunks.append((window[0][0], window[-1][1]))
            while window and (
                window[-1][1] - window[0][0] > OVERLAP_CHARACTERS or piece[1] - window[0][0] > CHUNK_CHARACTERS
            ):
                window.pop(0)
        window.append(piece)
    if window:
        chunks.append((window[0][0], window[-1][1]))
    return chunks


def _passages(store: Store) -> Iterator[Passage]:
    for source in store.sources():
        text = store.source_text(source.id)
        for start, end in split_recursively(text):
            chunk = text[start:end].strip()
            if chunk:
                first = text.index(chunk, start)
                name = hashlib.sha256(f"{source.id}\x1f{first}\x1f{chunk}".encode()).hexdigest()[:16]
                yield Passage(
                    id=name, source_id=source.id, text=chunk, start=first, end=first + len(chunk),
                    tokens=count_tokens(chunk),
                )  # fmt: skip


class Tutorial:
    """The tutorial's chunks in a Chroma folder of their own, beside the store whose sources they are cut from."""

    def __init__(self, store: Store, embedder: Embedder, index: VectorIndex, passages: dict[str, Passage]) -> None:
        """Use Tutorial.open."""
        self._store = store
        self._embedder = embedder
        self._index = index
        self._passages = passages

    @classmethod
    def open(cls, settings: Settings) -> "Tutorial":
        """Cut and embed the store's sources, once for each build. Raises as Store.open and load_embedder do."""
        store = Store.open(settings)
        embedder = load_embedder(settings)
        passages = {passage.id: passage for passage in _passages(store)}
        folder = settings.store / "baselines" / f"tutorial-{store.build_id}"
        if not (folder / "complete").exists():
            _write(folder, store.build_id, embedder, list(passages.values()))
        return cls(store, embedder, VectorIndex.open(folder, store.build_id), passages)

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The k nearest chunks; their score is the cosine where it is positive."""
        found = self._index.query(self._embedder.embed_queries([query])[0], min(k, len(self._passages)))
        return tuple(
            Hit(
                passage=self._passages[name],
                source=self._store.source(self._passages[name].source_id),
                score=min(1.0, max(0.0, similarity)),
                rank=rank,
            )
            for rank, (name, similarity) in enumerate(found, start=1)
        )

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The best chunk's first sentences; the history is not looked at."""
        start = time.perf_counter()
        hits = self.search(question, NEAREST)
        search_ms = (time.perf_counter() - start) * 1000
        return first_sentences(question, hits, "langchain-tutorial", self._store.build_id, search_ms)

    def close(self) -> None:
        """Close the index and the store."""
        self._index.close()
        self._store.close()


def _write(folder: Path, build_id: str, embedder: Embedder, passages: Sequence[Passage], batch: int = 64) -> None:
    folder.mkdir(parents=True, exist_ok=True)

    def rows() -> Iterator[tuple[Sequence[str], Vectors]]:
        for first in range(0, len(passages), batch):
            part = passages[first : first + batch]
            vectors = np.asarray(embedder.embed_passages([passage.text for passage in part]), np.float32)
            yield [passage.id for passage in part], vectors

    create_index(folder, build_id, rows())
    (folder / "complete").write_text(build_id, encoding="utf-8")
