"""A corpus of any size from a small one: its texts repeated with noise, their vectors turned a little.

No model is needed: a copy's vector lies between the original's and another's, with a random direction added. So what is
searched is as large as asked for, in the corpus's own words, and its vectors fill the room between the real ones.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.config import Settings
from rag.sentences import split_sentences
from rag.store import Store
from rag.store.entries import IndexedDocument, IndexedPassage, IndexedSentence, Origin
from rag.store.writer import Writer
from rag.types import Document, Passage, Source

NOISE_SHARE = 0.15
"""Share of a copy's words that are replaced by words drawn from the whole corpus, common ones more often."""
TURN = 0.4
"""Length of the random direction added to the unit vector halfway between a passage's and another's.

Copies turned by noise alone are islands once there are more of each passage than a node of Chroma's graph has
neighbours (HNSW; by Chroma's own settings 16, 32 at the bottom, with which among 100,000, 113 copies of each, 39 of 64
were not found by their own vectors).
"""
SEED = 20261122

_WORD = re.compile(r"[^\W\d_]+")
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grown:
    """Some passages of the grown corpus."""

    texts: tuple[str, ...]
    source_ids: tuple[str, ...]
    vectors: Vectors
    """Unit rows, shape (len(texts), dimension)."""


def noisy_text(text: str, words: Sequence[str], dice: np.random.Generator) -> str:
    """The text with some of its words replaced; figures, signs and spaces stay."""
    spans = [match.span() for match in _WORD.finditer(text)]
    parts, done = [], 0
    for (start, end), noise in zip(spans, dice.random(len(spans)) < NOISE_SHARE, strict=True):
        parts += [text[done:start], words[int(dice.integers(len(words)))] if noise else text[start:end]]
        done = end
    return "".join([*parts, text[done:]])


def turned(vectors: Vectors, dice: np.random.Generator) -> Vectors:
    """Unit vectors near the given ones."""
    noise = dice.standard_normal(vectors.shape, dtype=np.float32)
    noise *= TURN / np.linalg.norm(noise, axis=1, keepdims=True)
    return _unit(vectors + noise)


def between(vector: Vectors, others: Vectors, dice: np.random.Generator) -> Vectors:
    """The unit row in the middle between `vector`, shape (1, dimension), and one row of `others`."""
    return _unit(vector + others[int(dice.integers(len(others)))])


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, slots=True)
class _Base:
    sources: dict[str, Source]
    passages: tuple[Passage, ...]
    vectors: Vectors
    words: tuple[str, ...]
    sentence_vectors: tuple[Vectors, ...]
    """Of each passage, one row a sentence."""


def _base(settings: Settings) -> _Base:
    with Store.open(settings) as store:
        sources = {source.id: source for source in store.sources()}
        passages = tuple(passage for id_ in sources for passage in store.source_passages(id_))
        ids = [passage.id for passage in passages]
        vectors = store.passage_vectors(ids)
        sentences: dict[str, list[Vectors]] = {id_: [] for id_ in ids}
        for row in store.sentences(ids):
            sentences[row.passage_id].append(row.vector)
    words = tuple(word for passage in passages for word in _WORD.findall(passage.text))
    return _Base(
        sources, passages, np.stack([vectors[id_] for id_ in ids]), words,
        tuple(np.stack(sentences[id_]) for id_ in ids),
    )  # fmt: skip


def grown_passages(settings: Settings, count: int, batch: int) -> Iterator[tuple[int, int, Grown]]:
    """(first number, one past the last, passages) of `count` passages grown from the store, in batches.

    The first ones are the store's own, unchanged; after those every round copies all of them with noise of its own.
    Equal arguments give equal passages, and a larger count begins with those of a smaller one.
    """
    base = _base(settings)
    for first in range(0, count, batch):
        last = min(first + batch, count)
        yield first, last, _grown(base, first, last)


def _grown(base: _Base, first: int, last: int) -> Grown:
    size = len(base.passages)
    texts, vectors, source_ids = [], [], []
    for number in range(first, last):
        round_, place = divmod(number, size)
        passage, vector = base.passages[place], base.vectors[place : place + 1]
        text = passage.text
        if round_:
            # Numbered dice: a passage is the same whatever batch it is made in.
            dice = np.random.default_rng((SEED, number))
            text = noisy_text(text, base.words, dice)
            vector = turned(between(vector, base.vectors, dice), dice)
        texts.append(text)
        vectors.append(vector)
        source_ids.append(passage.source_id)
    return Grown(tuple(texts), tuple(source_ids), np.concatenate(vectors))


def grow_store(settings: Settings, target: Settings, count: int) -> None:
    """Write a store of `count` passages grown from that of `settings`, one document each, without the model.

    A copy's sentences have the vectors of the original's sentences.
    """
    base = _base(settings)
    with Store.open(settings) as store:
        manifest = store.manifest
    entries = []
    with Writer.open(target) as writer:
        for place, vectors in enumerate(base.sentence_vectors):
            writer.add_vectors([f"sentence-{place}-{number}" for number in range(len(vectors))], vectors)
        for first, last, grown in grown_passages(settings, count, batch=2_000):
            writer.add_vectors([f"passage-{number}" for number in range(first, last)], grown.vectors)
            entries += [_entry(base, number, text) for number, text in enumerate(grown.texts, start=first)]
        writer.publish(manifest.model_copy(update={"build_id": f"{count:016x}"}), entries, ())


def _entry(base: _Base, number: int, text: str) -> IndexedDocument:
    """A document of one passage, under the metadata of the original's source."""
    place = number % len(base.passages)
    original, vectors = base.passages[place], base.sentence_vectors[place]
    source = replace(base.sources[original.source_id], id=f"grown-{number:08d}")
    passage = replace(original, id=f"{number:016x}", source_id=source.id, text=text, start=0, end=len(text))
    # Noise can make or break the end of a sentence: one more than the original had shares the last one's vector.
    sentences = tuple(
        IndexedSentence(start, end, f"sentence-{place}-{min(order, len(vectors) - 1)}")
        for order, (start, end) in enumerate(split_sentences(text))
    )
    return IndexedDocument(
        Document(source=source, text=text), Origin(), (IndexedPassage(passage, f"passage-{number}", sentences),)
    )
