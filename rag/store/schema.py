"""The tables of library.db, the store's source of truth, and how to open it.

Every vector is kept once in `vectors`, under the hash of the model's revision and of the text that was embedded;
passages and sentences point at it. So the table is the embedding cache as well: a renamed file or a run that was killed
finds its vectors there.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StaleIndex, StoreBroken, StoreBusy, StoreMissing
from rag.store.migrations import MIGRATIONS

SCHEMA_VERSION = 4
"""Kept in PRAGMA user_version; an index run brings an older store up to it, see migrations.py."""

LIBRARY = "library.db"
INDEX_COMMAND = "Run: wmai index"
BUSY_TIMEOUT_S = 30.0
"""How long a statement waits for another process's transaction."""

TABLES = """
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    url TEXT NOT NULL,
    published TEXT,
    recorded TEXT NOT NULL,
    valid_until TEXT,
    status TEXT,
    topics TEXT NOT NULL,
    places TEXT NOT NULL,
    entities TEXT NOT NULL,
    theme TEXT NOT NULL,
    licence TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    origin TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    author TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    format TEXT NOT NULL DEFAULT 'briefing',
    valid_until_quote TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'current',
    copy_of TEXT NOT NULL DEFAULT '',
    site TEXT NOT NULL DEFAULT '',
    signature BLOB NOT NULL DEFAULT x'',
    fetch TEXT NOT NULL DEFAULT '',
    given TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID;
CREATE INDEX sources_by_copy ON sources (copy_of, id);
CREATE TABLE texts (
    source_id TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    extracted TEXT NOT NULL DEFAULT '',
    pages TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID;
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    vector BLOB NOT NULL
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    heading TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    vector INTEGER NOT NULL REFERENCES vectors (number),
    page INTEGER,
    page_starts TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX passages_by_source ON passages (source_id, start);
CREATE INDEX passages_by_vector ON passages (vector);
CREATE TABLE sentences (
    passage INTEGER NOT NULL REFERENCES passages (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    vector INTEGER NOT NULL REFERENCES vectors (number),
    PRIMARY KEY (passage, ordinal)
) WITHOUT ROWID;
CREATE INDEX sentences_by_vector ON sentences (vector);
CREATE VIRTUAL TABLE passages_fts USING fts5 (
    text, title, publisher, heading, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passages_gone AFTER DELETE ON passages BEGIN
    DELETE FROM passages_fts WHERE rowid = old.number;
END;
CREATE TABLE unanswered (
    number INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    nearest TEXT NOT NULL,
    index_build TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE TABLE feedback (
    number INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    index_build TEXT NOT NULL,
    rating TEXT NOT NULL CHECK (rating IN ('up', 'down')),
    reason TEXT,
    created TEXT NOT NULL,
    comment TEXT NOT NULL DEFAULT ''
);
"""


def create_library(folder: Path) -> sqlite3.Connection:
    """Open library.db for writing, making folder and tables where they are missing.

    Raises StaleIndex for a schema of another version and StoreBroken for a file that SQLite cannot read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LIBRARY
    with library_errors(folder):
        connection = _connect(path, "rwc")
        connection.execute("PRAGMA journal_mode = WAL")
        # One transaction: a killed run leaves all of the tables or none.
        connection.execute("BEGIN IMMEDIATE")
        version = _version(connection)
        if version < SCHEMA_VERSION:
            for statement in _statements(MIGRATIONS[version] if version else TABLES):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
        _check_version(connection, path)
    return connection


def open_library(folder: Path) -> sqlite3.Connection:
    """Open an existing library.db; StoreMissing where there is none or where no table was ever written."""
    path = folder / LIBRARY
    if not path.is_file():
        raise StoreMissing(f"There is no index at {folder} ({LIBRARY} is missing).", INDEX_COMMAND)
    with library_errors(folder):
        connection = _connect(path, "rw")
        _check_version(connection, path)
    return connection


@contextmanager
def library_errors(folder: Path) -> Iterator[None]:
    """Turn what SQLite raises into StoreBusy, where another process held library.db for too long, or StoreBroken."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _library_error(folder / LIBRARY, error) from error


def _library_error(path: Path, error: sqlite3.DatabaseError) -> StoreBroken | StoreBusy:
    if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(f"Another process held {path} for longer than {BUSY_TIMEOUT_S:.0f} s.", "Try again.")
    return StoreBroken(
        f"{path} cannot be used ({error}).",
        f"If the disk is not full, move the folder {path.parent} out of the way, then run: wmai index",
    )


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # Transactions are begun and ended by hand; a connection may be lent to another thread, one at a time.
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version == SCHEMA_VERSION:
        return
    connection.close()
    if version == 0:
        raise StoreMissing(f"{path} holds no tables yet: an index run did not get far.", INDEX_COMMAND)
    if version in MIGRATIONS:
        raise StaleIndex(f"{path} has schema version {version}; wmai now reads {SCHEMA_VERSION}.", INDEX_COMMAND)
    raise StaleIndex(
        f"{path} has schema version {version}; this version of wmai reads {SCHEMA_VERSION}.",
        f"Move the folder {path.parent} out of the way, then run: wmai index",
    )


def _statements(script: str) -> list[str]:
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements


@contextmanager
def library_connection(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the folder's library for as long as it is used; its errors are those of `library_errors`."""
    connection = open_library(folder)
    try:
        with library_errors(folder):
            yield connection
    finally:
        connection.close()
