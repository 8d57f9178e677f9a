"""The rows of one document."""

import json
import sqlite3
from collections.abc import Mapping

from rag.store.entries import IndexedDocument, Origin
from rag.store.rows import fetch_text, source_values
from rag.types import Passage, Source


def insert_document(connection: sqlite3.Connection, entry: IndexedDocument, numbers: Mapping[str, int]) -> None:
    """Write source, text, passages and sentences inside the caller's transaction; `numbers` are those of vectors."""
    source = entry.document.source
    connection.execute(
        "INSERT INTO sources (id, title, publisher, url, published, recorded, valid_until, status, topics, places,"
        " entities, theme, licence, sha256, author, language, format, valid_until_quote, state, copy_of,"
        " text_sha256, origin, file_sha256, site, signature, fetch, given)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (*source_values(source), *_origin_values(entry.origin)),
    )
    connection.execute(
        "INSERT INTO texts (source_id, text, extracted, pages) VALUES (?,?,?,?)",
        (source.id, entry.document.text, entry.origin.extracted, json.dumps(entry.document.pages)),
    )
    for item in entry.passages:
        passage = item.passage
        number = connection.execute(
            'INSERT INTO passages (id, source_id, text, start, "end", heading, tokens, page, page_starts, vector)'
            " VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                passage.id,
                passage.source_id,
                passage.text,
                passage.start,
                passage.end,
                passage.heading,
                passage.tokens,
                passage.page,
                json.dumps(passage.page_starts),
                numbers[item.vector_key],
            ),
        ).lastrowid
        connection.execute(
            "INSERT INTO passages_fts (rowid, text, title, publisher, heading) VALUES (?,?,?,?,?)",
            (number, *columns_of(source, passage)),
        )
        connection.executemany(
            'INSERT INTO sentences (passage, ordinal, start, "end", vector) VALUES (?,?,?,?,?)',
            [
                (number, ordinal, sentence.start, sentence.end, numbers[sentence.vector_key])
                for ordinal, sentence in enumerate(item.sentences)
            ],
        )


def columns_of(source: Source, passage: Passage) -> tuple[str, ...]:
    """What a passage puts into the full-text index, in the order of FULL_TEXT_COLUMNS."""
    return passage.text, source.title, source.publisher, passage.heading


def _origin_values(origin: Origin) -> tuple[str | bytes, ...]:
    return (
        origin.text_sha256,
        origin.path,
        origin.file_sha256,
        origin.site,
        origin.signature,
        fetch_text(origin.fetch),
        json.dumps(dict(origin.given), ensure_ascii=False),
    )
