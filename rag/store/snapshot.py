"""One build of the store, held still: what is read through it does not change while the next build is published."""

import queue
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from rag.errors import StoreMissing
from rag.store.chroma import VectorIndex
from rag.store.kept import Kept
from rag.store.lexical import LexicalIndex
from rag.store.manifest import Manifest
from rag.store.places import held_places
from rag.store.questions import HeldQuestion, held_questions
from rag.store.rows import SentenceRow, held_aliases, meta, sample_vectors
from rag.store.schema import INDEX_COMMAND, library_errors, open_library
from rag.store.themes import held_themes
from rag.types import Passage, Source

PROBES = 64
"""Vectors asked back from Chroma before it is trusted."""
KEPT = 2_048
"""Passages whose rows are kept in memory after the first reading, some 4 kB each with their sentences' vectors."""


_SEES = """
    SELECT 1 FROM meta build, meta folder
    WHERE build.key = 'build_id' AND build.value = ? AND folder.key = 'chroma' AND folder.value = ?
"""


class Snapshot:
    """A read transaction on library.db and, once attached, the Chroma folder of the same build.

    One connection keeps the transaction open; reads go through others as long as those see the same build, so that
    threads do not wait for each other, and through the first one after that.
    """

    def __init__(self, folder: Path) -> None:
        """Raises StoreMissing when no index run was ever finished there."""
        self._connections = _Connections(folder)
        weakref.finalize(self, self._connections.close)
        with library_errors(folder), self._connections.pinned() as connection:
            text = meta(connection, "manifest")
            self.chroma = meta(connection, "chroma") or ""
            self.previous_build = meta(connection, "previous_build") or ""
            self.aliases = held_aliases(connection)
            self.places = held_places(connection)
            self.themes = held_themes(connection)
        if text is None:
            raise StoreMissing(f"The first index run in {folder} was not finished.", INDEX_COMMAND)
        self.folder = folder
        self.manifest = Manifest.model_validate_json(text)
        self._index: VectorIndex | None = None
        self._lexical: LexicalIndex | None = None
        self.passages: Kept[str, Passage] = Kept(KEPT)
        self.sentences: Kept[str, tuple[SentenceRow, ...]] = Kept(KEPT)
        self.sources: Kept[str, Source] = Kept(KEPT)

    @property
    def index(self) -> VectorIndex:
        """The build's vectors; attach its folder first."""
        if self._index is None:
            raise RuntimeError("no vector index is attached to this snapshot")
        return self._index

    @property
    def lexical(self) -> LexicalIndex:
        """The build's words; attach its folder first."""
        if self._lexical is None:
            raise RuntimeError("no word index is attached to this snapshot")
        return self._lexical

    @cached_property
    def questions(self) -> tuple[HeldQuestion, ...]:
        """The prepared questions that the build answers; read when first asked for."""
        with self.reading() as connection:
            return held_questions(connection)

    def attach(self) -> None:
        """Open the build's folder and probe it. Raises StoreBroken when it cannot be trusted."""
        index = VectorIndex.open(self.folder / self.chroma, self.manifest.build_id)
        weakref.finalize(self, index.close)
        with self.reading() as connection:
            samples = sample_vectors(connection, PROBES)
        index.check(self.manifest.passages, samples)
        self._lexical = LexicalIndex.open(self.folder / self.chroma, self.manifest.build_id)
        self._index = index

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a read transaction on this build, lent to one thread."""
        with library_errors(self.folder):
            with self._connections.lent() as connection:
                if self._sees_this_build(connection):
                    yield connection
                    return
            with self._connections.pinned() as connection:
                yield connection

    def is_current(self) -> bool:
        """Whether this is still the newest build.

        If so the open transaction is begun afresh: SQLite could otherwise never shorten its write-ahead log while a
        server runs.
        """
        fresh = _begun(self.folder)
        if not self._sees_this_build(fresh):
            fresh.close()
            return False
        self._connections.replace_pin(fresh)
        return True

    def _sees_this_build(self, connection: sqlite3.Connection) -> bool:
        row = connection.execute(_SEES, (self.manifest.build_id, self.chroma)).fetchone()
        return row is not None


class _Connections:
    """The pinned connection, and those that lie ready for the next reader."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spare: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._pin = _begun(folder)

    @contextmanager
    def pinned(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._pin

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._spare.get_nowait()
        except queue.Empty:
            connection = open_library(self._folder)
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")
        finally:
            self._spare.put(connection)

    def replace_pin(self, fresh: sqlite3.Connection) -> None:
        with self._lock:
            stale, self._pin = self._pin, fresh
        stale.close()

    def close(self) -> None:
        self._pin.close()
        while True:
            try:
                self._spare.get_nowait().close()
            except queue.Empty:
                return


def _begun(folder: Path) -> sqlite3.Connection:
    """A connection whose read transaction has begun: SQLite takes the snapshot at the first read."""
    connection = open_library(folder)
    with library_errors(folder):
        connection.execute("BEGIN")
        meta(connection, "build_id")
    return connection
