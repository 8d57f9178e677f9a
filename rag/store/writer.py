"""Publishing a new build: vectors first, then a Chroma folder, then one transaction, then the manifest.

Killed anywhere, what readers see is the old build or the new one. What a kill leaves behind (vectors nobody points at,
folders that library.db does not name, a manifest of the build before) the next writer uses or clears away.
"""

import json
import logging
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self

from rag.aliases import Alias
from rag.config import Settings
from rag.errors import StaleIndex
from rag.store.builds import build_folder, held_vectors, patched_postings, remove_others
from rag.store.documents import documents
from rag.store.entries import IndexedDocument, Origin
from rag.store.insert import insert_document
from rag.store.lock import locked
from rag.store.manifest import Manifest
from rag.store.places import PLACES_KEY, Place, places_text
from rag.store.postings import Postings
from rag.store.questions import META_KEY, PreparedQuestion, questions_text
from rag.store.rows import (
    HeldSource,
    Vector,
    fetch_text,
    held_sources,
    meta,
    put_meta,
    vector_bytes,
)
from rag.store.schema import create_library, library_errors
from rag.store.themes import THEMES_KEY, themes_text
from rag.types import Document

log = logging.getLogger(__name__)


class Writer:
    """The one process that may change the store, for as long as it holds the lock."""

    def __init__(self, settings: Settings, connection: sqlite3.Connection) -> None:
        """Use Writer.open."""
        self._folder = settings.store
        self._connection = connection
        remove_others(self._folder, (meta(connection, "chroma"), meta(connection, "previous_chroma")))

    @classmethod
    @contextmanager
    def open(cls, settings: Settings) -> Iterator[Self]:
        """Take the lock and open library.db, making what is missing.

        Raises StoreBusy, StaleIndex (schema of another version) or StoreBroken.
        """
        with locked(settings):
            connection = create_library(settings.store)
            try:
                with library_errors(settings.store):
                    yield cls(settings, connection)
            finally:
                connection.close()

    def manifest(self) -> Manifest | None:
        """What the present build was made from; None before the first."""
        text = meta(self._connection, "manifest")
        return None if text is None else Manifest.model_validate_json(text)

    def held(self) -> dict[str, HeldSource]:
        """Every source in the store by id."""
        return held_sources(self._connection)

    def sound(self) -> bool:
        """Whether the Chroma folder that library.db names is there; a full probe is made by every reader."""
        name = meta(self._connection, "chroma")
        return name is not None and (self._folder / name / "chroma.sqlite3").is_file()

    def lacking(self, keys: Collection[str]) -> set[str]:
        """Those of the keys that have no vector yet."""
        return set(keys) - self._numbers(keys).keys()

    def add_vectors(self, keys: Sequence[str], vectors: Vector) -> None:
        """Keep unit vectors, shape (len(keys), dimension), at once: a killed run finds them again."""
        rows = [(key, vector_bytes(vector)) for key, vector in zip(keys, vectors, strict=True)]
        with self._transaction():
            self._connection.executemany("INSERT OR IGNORE INTO vectors (key, vector) VALUES (?, ?)", rows)

    def documents(self, ids: Collection[str]) -> Iterator[tuple[Document, Origin]]:
        """The documents of those ids as they are held, by id."""
        yield from documents(self._connection, ids)

    def move(self, origins: Mapping[str, Origin]) -> None:
        """Note other files, or a later fetch, for sources whose content has not changed; no new build."""
        rows = [(origin.path, origin.file_sha256, fetch_text(origin.fetch), id_) for id_, origin in origins.items()]
        if rows:
            with self._transaction():
                self._connection.executemany(
                    "UPDATE sources SET origin = ?, file_sha256 = ?, fetch = ? WHERE id = ?", rows
                )

    def publish(self, manifest: Manifest, entries: Sequence[IndexedDocument], removed: Collection[str]) -> Manifest:
        """Replace or add the documents, drop the sources named in `removed`, and make that the build to read.

        The counts of the manifest are filled in. Raises StoreBroken when Chroma does not give back what was written.
        """
        connection = self._connection
        replaced = {entry.document.source.id for entry in entries} | set(removed)
        numbers = self._numbers({key for entry in entries for key in entry.vector_keys})
        held = held_vectors(connection)
        wanted = {
            row[0]: row[1]
            for row in connection.execute("SELECT id, vector, source_id FROM passages")
            if row[2] not in replaced
        }
        wanted |= {item.passage.id: numbers[item.vector_key] for entry in entries for item in entry.passages}
        live = meta(connection, "chroma") or ""
        name = build_folder(connection, self._folder, manifest.build_id, wanted, live, held)
        live_build = meta(connection, "build_id") or ""
        postings = patched_postings(connection, self._folder / live, live_build, replaced, entries)
        with self._transaction():
            connection.executemany("DELETE FROM sources WHERE id = ?", [(id_,) for id_ in sorted(replaced)])
            for entry in entries:
                insert_document(connection, entry, numbers)
            _prune_vectors(connection)
            (postings or Postings.compiled(connection)).write(self._folder / name, manifest.build_id)
            manifest = manifest.model_copy(update=_counts(connection))
            put_meta(
                connection,
                {
                    "build_id": manifest.build_id,
                    "previous_build": live_build,
                    "chroma": name,
                    "previous_chroma": live,
                    "manifest": manifest.model_dump_json(),
                },
            )
        manifest.write(self._folder)
        remove_others(self._folder, (name, live))
        return manifest

    def texts(self) -> tuple[str, ...]:
        """The cleaned texts of all sources."""
        return tuple(row[0] for row in self._connection.execute("SELECT text FROM texts"))

    def put_vocabulary(
        self, aliases: Sequence[Alias], places: Sequence[Place], themes: Mapping[str, str], made_from: str
    ) -> None:
        """Keep the aliases that questions are searched with, places, names of themes, and what they were made from."""
        rows = json.dumps([[alias.spelling, alias.name, alias.kept] for alias in aliases], ensure_ascii=False)
        held = {
            "aliases": rows,
            PLACES_KEY: places_text(places),
            THEMES_KEY: themes_text(themes),
            "vocabulary_made_from": made_from,
        }
        with self._transaction():
            put_meta(self._connection, held)

    def vocabulary_made_from(self) -> str | None:
        """What is held of the vocabulary was made from this; None where nothing is."""
        return meta(self._connection, "vocabulary_made_from")

    def put_questions(self, questions: Sequence[PreparedQuestion]) -> None:
        """Keep the questions to suggest, in place of those before; each holds while its source says what answers it."""
        text = questions_text(questions)
        if text != meta(self._connection, META_KEY):
            with self._transaction():
                put_meta(self._connection, {META_KEY: text})

    def restore_manifest(self) -> None:
        """Write manifest.json where it is missing or another build's."""
        manifest = self.manifest()
        try:
            found = Manifest.read(self._folder)
        except StaleIndex as error:
            log.warning("%s It is replaced.", error.message)
            found = None
        if manifest is not None and found != manifest:
            manifest.write(self._folder)

    def _numbers(self, keys: Collection[str]) -> dict[str, int]:
        """Rows of those of the vectors that there are, by key."""
        return dict(
            self._connection.execute(
                "SELECT key, number FROM vectors WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(list(keys)),),
            )
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _prune_vectors(connection: sqlite3.Connection) -> None:
    connection.execute(
        "DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages WHERE vector = vectors.number)"
        " AND NOT EXISTS (SELECT 1 FROM sentences WHERE vector = vectors.number)"
    )


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        "sources": connection.execute(
            "SELECT count(*) FROM sources WHERE state = 'current' AND copy_of = ''"
        ).fetchone()[0],
        "passages": connection.execute("SELECT count(*) FROM passages").fetchone()[0],
        "sentences": connection.execute("SELECT count(*) FROM sentences").fetchone()[0],
    }
