"""A canonical dump of a store: two stores with equal dumps answer every question alike."""

from pathlib import Path
from typing import Any

import numpy as np

from rag.config import Settings
from rag.store import Store
from rag.store.manifest import MANIFEST
from rag.store.rows import held_sources
from rag.store.schema import open_library

VECTOR_TOLERANCE = 1e-5
"""Vectors of the same text differ in the last bits with the texts that shared its batch."""


def dump(settings: Settings) -> dict[str, Any]:
    """All that an index run writes, in an order of its own; folder names and row numbers left out."""
    with Store.open(settings) as store:
        passages = {source.id: store.source_passages(source.id) for source in store.sources()}
        ids = sorted(passage.id for held in passages.values() for passage in held)
        index = store.view()._snapshot().index
        words = ("fund", "birmingham", "university", "million", "ai", "coventry")
        connection = open_library(settings.store)
        try:
            held = held_sources(connection)
            vectors = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
        finally:
            connection.close()
        return {
            "manifest": store.manifest,
            "manifest file": (settings.store / MANIFEST).read_text(encoding="utf-8"),
            "sources": store.sources(),
            "held": {id_: (source.sha256, source.text_sha256) for id_, source in held.items()},
            "texts": {source.id: store.source_text(source.id) for source in store.sources()},
            "passages": passages,
            "sentences": [(row.passage_id, row.ordinal, row.start, row.end) for row in store.sentences(ids)],
            "full text": {word: rounded(store.query_text([word], 1000)) for word in words},
            "frequencies": store.document_frequencies(words),
            "vocabulary": store.vocabulary(),
            "vector rows": vectors,
            "folders": len(list(settings.store.glob("chroma-*"))) <= 2,
            "leftovers": [path.name for path in settings.store.glob("*.tmp")],
            "passage vectors": store.passage_vectors(ids),
            "chroma vectors": index.dump(),
            "sentence vectors": {str(number): row.vector for number, row in enumerate(store.sentences(ids))},
        }


def rounded(found: tuple[tuple[str, float], ...]) -> list[tuple[str, float]]:
    return [(id_, round(score, 6)) for id_, score in found]


def assert_same_store(one: Settings, other: Settings) -> None:
    """Fail where the two stores would answer anything differently."""
    left, right = dump(one), dump(other)
    for name, value in left.items():
        if name.endswith("vectors"):
            assert value.keys() == right[name].keys(), name
            for key, vector in value.items():
                assert np.abs(vector - right[name][key]).max() < VECTOR_TOLERANCE, (name, key)
        else:
            assert value == right[name], name


def folder_of(settings: Settings) -> Path:
    """The Chroma folder in use."""
    connection = open_library(settings.store)
    try:
        return settings.store / str(connection.execute("SELECT value FROM meta WHERE key = 'chroma'").fetchone()[0])
    finally:
        connection.close()


def found(settings: Settings, word: str) -> set[str]:
    """Sources whose passages hold the word."""
    with Store.open(settings) as store:
        ids = [id_ for id_, _ in store.query_text([word], 100)]
        return {passage.source_id for passage in store.passages(ids)}
