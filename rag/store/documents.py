"""Whole documents out of library.db, with where they came from."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from rag.config import Settings
from rag.errors import StoreMissing
from rag.store.entries import Origin
from rag.store.rows import SELECT_SOURCES_OF, HeldSource, held_sources, source_from
from rag.store.schema import library_errors, open_library
from rag.types import Document, Source


def documents(connection: sqlite3.Connection, ids: Collection[str]) -> Iterator[tuple[Document, Origin]]:
    """Those of the ids that are held, whatever their state, by id."""
    held = held_sources(connection, ids)
    rows = connection.execute(SELECT_SOURCES_OF, (json.dumps(sorted(ids)),)).fetchall()
    for source in map(source_from, rows):
        yield _document(connection, source, held[source.id])


@contextmanager
def reading_documents(
    settings: Settings,
) -> Iterator[Callable[[Collection[str]], tuple[tuple[Document, Origin], ...]]]:
    """A function from ids to documents, without taking the lock; where there is no store, it finds none."""
    try:
        connection = open_library(settings.store)
    except StoreMissing:
        yield lambda _ids: ()
        return
    try:
        with library_errors(settings.store):
            yield lambda ids: tuple(documents(connection, ids))
    finally:
        connection.close()


def _document(connection: sqlite3.Connection, source: Source, held: HeldSource) -> tuple[Document, Origin]:
    row = connection.execute("SELECT text, extracted, pages FROM texts WHERE source_id = ?", (source.id,)).fetchone()
    origin = Origin(
        path=held.origin,
        file_sha256=held.file_sha256,
        text_sha256=held.text_sha256,
        site=held.site,
        signature=held.signature,
        extracted=row[1],
        fetch=held.fetch,
        given=held.given,
    )
    return Document(source=source, text=row[0], pages=tuple(json.loads(row[2]))), origin
