"""Tables that lie beside the index: any process may write them at any time, and no index run touches them.

They are made when the first line is written: a store in which nothing was ever noted has none, and no older store has
to be brought up to them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from rag.store.schema import library_connection


class Beside:
    """Short transactions of their own, as in the journal; a subclass names its tables."""

    _tables: ClassVar[str]
    """What makes those of the tables that are missing."""
    _table: ClassVar[str]
    """The last of them: where it is, all are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with library_connection(self._folder) as connection:
            if not self._made(connection):
                connection.executescript(self._tables)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _rows(self, query: str, values: tuple[str | int, ...] = ()) -> list[tuple[Any, ...]]:
        with library_connection(self._folder) as connection:
            return connection.execute(query, values).fetchall() if self._made(connection) else []

    def _made(self, connection: sqlite3.Connection) -> bool:
        return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (self._table,)).fetchone())
