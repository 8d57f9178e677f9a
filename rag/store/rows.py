"""Rows of library.db to values and back."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.aliases import Alias
from rag.store.entries import NOT_FETCHED, Fetch
from rag.types import Home, Passage, Source

Vector = NDArray[np.float32]

_SELECT_SOURCE = """
    SELECT id, title, publisher, url, published, recorded, valid_until, status, topics, places, entities, theme,
        licence, sha256, author, language, format, valid_until_quote, state, copy_of,
        (SELECT json_group_array(json_array(c.id, c.title, c.publisher, c.url, c.published))
            FROM (SELECT * FROM sources WHERE copy_of = s.id AND state = 'current' ORDER BY id) c)
    FROM sources s
"""
SELECT_SOURCES = f"{_SELECT_SOURCE} ORDER BY id"
SELECT_PUBLISHED = f"{_SELECT_SOURCE} WHERE state = 'current' AND copy_of = '' ORDER BY id"
SELECT_SOURCES_OF = f"{_SELECT_SOURCE} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608
SELECT_PASSAGES = """
    SELECT id, source_id, text, start, "end", heading, tokens, page, page_starts FROM passages
    WHERE id IN (SELECT value FROM json_each(?))
"""
SELECT_SOURCE_PASSAGES = """
    SELECT id, source_id, text, start, "end", heading, tokens, page, page_starts FROM passages
    WHERE source_id = ? ORDER BY start, id
"""
SELECT_SENTENCES = """
    SELECT p.id, s.ordinal, s.start, s."end", v.vector FROM passages p
    JOIN sentences s ON s.passage = p.number JOIN vectors v ON v.number = s.vector
    WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id, s.ordinal
"""
SELECT_PASSAGE_VECTORS = """
    SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.number = p.vector
    WHERE p.id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """One sentence of a passage: passage.text[start:end], with its own vector."""

    passage_id: str
    ordinal: int
    """Place in the passage, from 0."""
    start: int
    end: int
    vector: Vector
    """Unit vector, shape (dimension,)."""


@dataclass(frozen=True, slots=True)
class HeldSource:
    """What a sync needs to know of a source that is in the store."""

    sha256: str
    text_sha256: str
    origin: str
    """Absolute path of the file it was read from; empty for a document that came from a program."""
    file_sha256: str
    """Digest of that file as it was; equal means that it need not be taken apart again."""
    url: str = ""
    format: str = "briefing"
    state: str = "current"
    copy_of: str = ""
    site: str = ""
    signature: bytes = b""
    fetch: Fetch = NOT_FETCHED
    given: tuple[tuple[str, str], ...] = ()


def source_values(source: Source) -> tuple[Any, ...]:
    """The values in the order of SELECT_SOURCES."""
    lists = (json.dumps(names, ensure_ascii=False) for names in (source.topics, source.places, source.entities))
    return (
        source.id,
        source.title,
        source.publisher,
        source.url,
        source.published,
        source.recorded,
        source.valid_until,
        source.status,
        *lists,
        source.theme,
        source.licence,
        source.sha256,
        source.author,
        source.language,
        source.format,
        source.valid_until_quote,
        source.state,
        source.copy_of,
    )


def source_from(row: tuple[Any, ...]) -> Source:
    """A source from a row of SELECT_SOURCES."""
    return Source(
        id=row[0],
        title=row[1],
        publisher=row[2],
        url=row[3],
        published=row[4],
        recorded=row[5],
        valid_until=row[6],
        status=row[7],
        topics=tuple(json.loads(row[8])),
        places=tuple(json.loads(row[9])),
        entities=tuple(json.loads(row[10])),
        theme=row[11],
        licence=row[12],
        sha256=row[13],
        author=row[14],
        language=row[15],
        format=row[16],
        valid_until_quote=row[17],
        state=row[18],
        copy_of=row[19],
        homes=tuple(
            Home(source_id=home[0], title=home[1], publisher=home[2], url=home[3], published=home[4])
            for home in json.loads(row[20])
        ),
    )


def passage_from(row: tuple[Any, ...]) -> Passage:
    """A passage from a row of SELECT_PASSAGES."""
    return Passage(
        id=row[0],
        source_id=row[1],
        text=row[2],
        start=row[3],
        end=row[4],
        heading=row[5],
        tokens=row[6],
        page=row[7],
        page_starts=() if row[8] == "[]" else tuple(json.loads(row[8])),
    )


def vector_from(blob: bytes) -> Vector:
    """A read-only vector over the bytes of a row."""
    return np.frombuffer(blob, dtype="<f4")


def vector_bytes(vector: Vector) -> bytes:
    """Little-endian float32, whatever the machine."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def passage_vectors(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Vector]:
    """Unit vectors of those of the passages that there are."""
    rows = connection.execute(SELECT_PASSAGE_VECTORS, (json.dumps(ids),))
    return {row[0]: vector_from(row[1]) for row in rows}


def sample_vectors(connection: sqlite3.Connection, count: int) -> dict[str, Vector]:
    """Vectors of up to `count` passages by id, spread evenly over the ids."""
    ids = [row[0] for row in connection.execute("SELECT id FROM passages ORDER BY id")]
    return passage_vectors(connection, ids[:: max(1, len(ids) // count)][:count])


def meta(connection: sqlite3.Connection, key: str) -> str | None:
    """One value of the table meta."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def held_sources(connection: sqlite3.Connection, ids: Collection[str] | None = None) -> dict[str, HeldSource]:
    """The sources of those ids that are in the store, or every source, by id."""
    rows = connection.execute(
        "SELECT id, sha256, text_sha256, origin, file_sha256, url, format, state, copy_of, site, signature, fetch,"
        " given FROM sources WHERE ? IS NULL OR id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (None, None) if ids is None else (1, json.dumps(sorted(ids))),
    )
    return {row[0]: _held_from(row) for row in rows}


def _held_from(row: tuple[Any, ...]) -> HeldSource:
    return HeldSource(
        sha256=row[1],
        text_sha256=row[2],
        origin=row[3],
        file_sha256=row[4],
        url=row[5],
        format=row[6],
        state=row[7],
        copy_of=row[8],
        site=row[9],
        signature=row[10],
        fetch=fetch_from(row[11]),
        given=() if row[12] == "{}" else tuple(sorted(json.loads(row[12]).items())),
    )


def fetch_text(fetch: Fetch) -> str:
    """The value of the column `fetch`."""
    return "" if fetch == NOT_FETCHED else json.dumps(asdict(fetch))


def fetch_from(text: str) -> Fetch:
    """The value back."""
    return Fetch(**json.loads(text)) if text else NOT_FETCHED


def held_aliases(connection: sqlite3.Connection) -> tuple[Alias, ...]:
    """The aliases kept in meta; none before the first vocabulary was read."""
    rows = json.loads(meta(connection, "aliases") or "[]")
    return tuple(Alias(spelling, name, kept) for spelling, name, kept in rows)


def put_meta(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Set values of the table meta inside the caller's transaction."""
    connection.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", values.items())
