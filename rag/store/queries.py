"""Questions that can be put to the store, in values of rag.types: no row and no distance leaves this package."""

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from rag.aliases import Alias
from rag.errors import UnknownPassage, UnknownSource
from rag.store.manifest import Manifest
from rag.store.places import Place
from rag.store.questions import HeldQuestion
from rag.store.rows import (
    SELECT_PASSAGES,
    SELECT_PUBLISHED,
    SELECT_SENTENCES,
    SELECT_SOURCE_PASSAGES,
    SELECT_SOURCES,
    SELECT_SOURCES_OF,
    SentenceRow,
    Vector,
    passage_from,
    passage_vectors,
    source_from,
    vector_from,
)
from rag.store.scored import Scored
from rag.store.snapshot import Snapshot
from rag.types import Passage, Source


class Queries(ABC):
    """Reads one build; every method may be called from any thread."""

    @abstractmethod
    def _snapshot(self) -> Snapshot:
        """The build to read."""

    @property
    def manifest(self) -> Manifest:
        """What the build was made from."""
        return self._snapshot().manifest

    @property
    def build_id(self) -> str:
        """Sixteen hex digits of the build's content."""
        return self.manifest.build_id

    @property
    def passage_count(self) -> int:
        """Passages held."""
        return self.manifest.passages

    def query_vectors(self, vector: Vector, limit: int) -> Scored:
        """Passage ids with the cosine similarity of their vectors to this one, in [-1, 1], best first.

        `vector` has shape (dimension,) and comes from the model that the manifest names.
        """
        return self._snapshot().index.query(vector, limit)

    def query_text(self, words: Sequence[str], limit: int) -> Scored:
        """Ids of passages that hold any of the words with their BM25 scores, best first."""
        snapshot = self._snapshot()
        with snapshot.reading() as connection:
            return snapshot.lexical.search(words, limit, connection)

    def document_frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """In how many passages each word stands, in any of its forms."""
        snapshot = self._snapshot()
        with snapshot.reading() as connection:
            return {word: snapshot.lexical.frequency(word, connection) for word in words}

    def passages(self, ids: Sequence[str]) -> tuple[Passage, ...]:
        """The passages in the order asked. Raises UnknownPassage."""
        snapshot = self._snapshot()

        def load(lacking: Sequence[str]) -> dict[str, Passage]:
            with snapshot.reading() as connection:
                rows = connection.execute(SELECT_PASSAGES, (json.dumps(lacking),))
                return {row[0]: passage_from(row) for row in rows}

        found = snapshot.passages.get(ids, load)
        _require(ids, found)
        return tuple(found[id_] for id_ in ids)

    def passage_vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Unit vectors of the passages by id. Raises UnknownPassage."""
        with self._snapshot().reading() as connection:
            found = passage_vectors(connection, ids)
        _require(ids, found)
        return {id_: found[id_] for id_ in ids}

    def sentences(self, passage_ids: Sequence[str]) -> tuple[SentenceRow, ...]:
        """The sentences of the passages, passage by passage in the order asked. Raises UnknownPassage."""
        snapshot = self._snapshot()

        def load(lacking: Sequence[str]) -> dict[str, tuple[SentenceRow, ...]]:
            with snapshot.reading() as connection:
                rows = connection.execute(SELECT_SENTENCES, (json.dumps(lacking),)).fetchall()
            found = (SentenceRow(row[0], row[1], row[2], row[3], vector_from(row[4])) for row in rows)
            return {id_: tuple(group) for id_, group in groupby(found, attrgetter("passage_id"))}

        found = snapshot.sentences.get(passage_ids, load)
        _require(passage_ids, found)
        return tuple(sentence for id_ in passage_ids for sentence in found[id_])

    def source(self, source_id: str) -> Source:
        """One source. Raises UnknownSource."""
        return self.sources_by_id([source_id])[source_id]

    def sources_by_id(self, ids: Sequence[str]) -> dict[str, Source]:
        """The sources of these ids. Raises UnknownSource."""
        snapshot = self._snapshot()

        def load(lacking: Sequence[str]) -> dict[str, Source]:
            with snapshot.reading() as connection:
                rows = connection.execute(SELECT_SOURCES_OF, (json.dumps(lacking),))
                return {row[0]: source_from(row) for row in rows}

        found = snapshot.sources.get(ids, load)
        for id_ in ids:
            if id_ not in found:
                raise _unknown_source(id_)
        return found

    def sources(self) -> tuple[Source, ...]:
        """Every source that answers may stand on, by id."""
        with self._snapshot().reading() as connection:
            rows = connection.execute(SELECT_PUBLISHED).fetchall()
        return tuple(source_from(row) for row in rows)

    def held_sources(self) -> tuple[Source, ...]:
        """Every source that is kept, by id: those of `sources`, their copies, and what is gone or retired."""
        with self._snapshot().reading() as connection:
            rows = connection.execute(SELECT_SOURCES).fetchall()
        return tuple(source_from(row) for row in rows)

    def source_text(self, source_id: str) -> str:
        """The cleaned text that the passages' offsets refer to. Raises UnknownSource."""
        with self._snapshot().reading() as connection:
            row = connection.execute("SELECT text FROM texts WHERE source_id = ?", (source_id,)).fetchone()
        if row is None:
            raise _unknown_source(source_id)
        return str(row[0])

    def source_passages(self, source_id: str) -> tuple[Passage, ...]:
        """The passages of a source in the order of its text. Raises UnknownSource."""
        with self._snapshot().reading() as connection:
            rows = connection.execute(SELECT_SOURCE_PASSAGES, (source_id,)).fetchall()
        if not rows:
            self.source(source_id)
        return tuple(passage_from(row) for row in rows)

    def passage_counts(self) -> dict[str, int]:
        """Source id to the number of its passages; sources without any are left out."""
        with self._snapshot().reading() as connection:
            return dict(connection.execute("SELECT source_id, count(*) FROM passages GROUP BY source_id"))

    def first_passages(self) -> dict[str, str]:
        """Source id to the id of its first passage; sources without any are left out."""
        with self._snapshot().reading() as connection:
            rows = connection.execute("SELECT source_id, id, min(start) FROM passages GROUP BY source_id")
            return {row[0]: row[1] for row in rows}

    def vocabulary(self) -> dict[str, int]:
        """Lower-case words as written, each with the number of passages it stands in; titles and headings count."""
        return self._snapshot().lexical.vocabulary

    def aliases(self) -> tuple[Alias, ...]:
        """What people call places and organisations of the sources, by spelling."""
        return self._snapshot().aliases

    def places(self) -> tuple[Place, ...]:
        """The places of the vocabulary, those that no source is about too."""
        return self._snapshot().places

    def theme_names(self) -> Mapping[str, str]:
        """The names of the vocabulary's themes as readers see them, by folder; those without a source too."""
        return self._snapshot().themes

    def questions(self) -> tuple[HeldQuestion, ...]:
        """Questions that the sources answer, prepared to be suggested, in the order of their file."""
        return self._snapshot().questions

    def entities(self) -> tuple[str, ...]:
        """Names of organisations and people that the sources are about, sorted."""
        with self._snapshot().reading() as connection:
            rows = connection.execute(
                "SELECT entities FROM sources WHERE state = 'current' AND copy_of = ''"
            ).fetchall()
        return tuple(sorted({name for row in rows for name in json.loads(row[0])}))


def _require(ids: Sequence[str], found: Collection[str]) -> None:
    for id_ in ids:
        if id_ not in found:
            raise UnknownPassage(f"No passage has the id {id_!r} in this build.")


def _unknown_source(source_id: str) -> UnknownSource:
    return UnknownSource(f"No source has the id {source_id!r}.", "Run: wmai sources list")
