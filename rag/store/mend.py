"""Writing a Chroma folder anew from library.db, which has every vector: nothing is embedded again."""

import sqlite3
from pathlib import Path

from rag.config import Settings
from rag.errors import StoreBroken
from rag.store.builds import build_folder, held_vectors, remove_others
from rag.store.lock import locked
from rag.store.postings import Postings
from rag.store.rows import meta, put_meta
from rag.store.schema import INDEX_COMMAND, library_errors, open_library


def mend_index(settings: Settings, broken: str) -> None:
    """Replace the Chroma folder of that name, unless another process has done so meanwhile.

    Raises StoreBusy when another process is writing to the store.
    """
    with locked(settings):
        connection = open_library(settings.store)
        try:
            with library_errors(settings.store):
                _replace(settings.store, connection, broken)
        finally:
            connection.close()


def _replace(folder: Path, connection: sqlite3.Connection, broken: str) -> None:
    live, build_id = meta(connection, "chroma"), meta(connection, "build_id")
    if live != broken:
        return
    if build_id is None:
        raise StoreBroken(f"{folder} names no build.", INDEX_COMMAND)
    name = build_folder(connection, folder, build_id, held_vectors(connection), "", {})
    Postings.compiled(connection).write(folder / name, build_id)
    connection.execute("BEGIN IMMEDIATE")
    put_meta(connection, {"chroma": name})
    connection.execute("COMMIT")
    remove_others(folder, (name, meta(connection, "previous_chroma")))
