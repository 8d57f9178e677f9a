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
from rag.store.manifest import Manifest
from rag.store.rows import meta, sample_vectors
from rag.store.schema import INDEX_COMMAND, library_errors, open_library
from rag.store.words import count_words

PROBES = 64
"""Vectors asked back from Chroma before it is trusted."""


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
        if text is None:
            raise StoreMissing(f"The first index run in {folder} was not finished.", INDEX_COMMAND)
        self.folder = folder
        self.manifest = Manifest.model_validate_json(text)
        self._index: VectorIndex | None = None

    @property
    def index(self) -> VectorIndex:
        """The build's Chroma folder; attach it first."""
        if self._index is None:
            raise RuntimeError("no vector index is attached to this snapshot")
        return self._index

    def attach(self) -> None:
        """Open the build's Chroma folder and probe it. Raises StoreBroken when it cannot be trusted."""
        index = VectorIndex.open(self.folder / self.chroma, self.manifest.build_id)
        weakref.finalize(self, index.close)
        with self.reading() as connection:
            samples = sample_vectors(connection, PROBES)
        index.check(self.manifest.passages, samples)
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
        return meta(connection, "build_id") == self.manifest.build_id and meta(connection, "chroma") == self.chroma

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Lower-case words as written, each with the number of passages it stands in."""
        with self.reading() as connection:
            rows = connection.execute("SELECT text, title, publisher, heading FROM passages_fts")
            return count_words("\n".join(row) for row in rows)


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
