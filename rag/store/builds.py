"""Chroma folders of a store: one a build, written whole and verified before library.db names it."""

import shutil
import sqlite3
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from rag.errors import StoreBroken
from rag.store.chroma import BATCH, Vector, VectorIndex, copy_index, create_index
from rag.store.entries import IndexedDocument
from rag.store.insert import columns_of
from rag.store.postings import Postings, passage_columns
from rag.store.rows import vector_from

PREFIX = "chroma-"
COPY_SHARE_MAX = 0.2
"""Share of changed passages up to which changing a copy of the live build beats writing a fresh one."""
PROBES = 64
"""Vectors asked back from a new folder before it is used."""

VectorNumbers = Mapping[str, int]
"""Passage id to the number of its row in the table vectors."""


def build_folder(
    connection: sqlite3.Connection, folder: Path, build_id: str, wanted: VectorNumbers, live: str, held: VectorNumbers
) -> str:
    """Write and verify a Chroma folder with the wanted passages; its name.

    `live` names the folder in use and `held` what that holds; an empty `live` always writes a fresh one.
    Raises StoreBroken when what was written cannot be read back.
    """
    name = _new_name(build_id)
    put = [id_ for id_, number in wanted.items() if held.get(id_) != number]
    gone = [id_ for id_, number in held.items() if wanted.get(id_) != number]
    samples = _samples(connection, wanted, put)
    if live and len(put) + len(gone) <= COPY_SHARE_MAX * len(wanted):
        try:
            copy_index(folder / live, folder / name, build_id, gone, _batches(connection, put, wanted))
            _verify(folder / name, build_id, len(wanted), samples)
        except StoreBroken:
            # The live folder may be torn or its graph of other settings; library.db holds enough to write a sound one.
            name = _new_name(build_id)
        else:
            return name
    create_index(folder / name, build_id, _batches(connection, sorted(wanted), wanted))
    _verify(folder / name, build_id, len(wanted), samples)
    return name


def patched_postings(
    connection: sqlite3.Connection,
    live: Path,
    build_id: str,
    replaced: Collection[str],
    entries: Sequence[IndexedDocument],
) -> Postings | None:
    """The postings of the build in the folder `live` without the sources replaced and with the entries.

    None where compiling them anew takes less time, or where those of the live build cannot be used. Call it before
    library.db is changed.
    """
    try:
        held = Postings.read(live, build_id)
    except StoreBroken:
        return None
    gone = passage_columns(connection, replaced)
    added = {
        item.passage.id: columns_of(entry.document.source, item.passage) for entry in entries for item in entry.passages
    }
    return held.patched(gone, added) if len(gone) + len(added) <= COPY_SHARE_MAX * len(held.ids) else None


def remove_others(folder: Path, keep: Sequence[str | None]) -> None:
    """Remove every Chroma folder and half-written manifest but those named; call it under the lock."""
    for path in folder.glob(f"{PREFIX}*"):
        if path.name not in keep:
            shutil.rmtree(path)
    for path in folder.glob("manifest.json.*.tmp"):
        path.unlink(missing_ok=True)


def held_vectors(connection: sqlite3.Connection) -> dict[str, int]:
    """Passage id to vector number of all passages in library.db."""
    return dict(connection.execute("SELECT id, vector FROM passages"))


def _verify(path: Path, build_id: str, count: int, samples: Mapping[str, Vector]) -> None:
    index = VectorIndex.open(path, build_id)
    try:
        index.check(count, samples)
    finally:
        index.close()


def _samples(connection: sqlite3.Connection, wanted: VectorNumbers, put: Sequence[str]) -> dict[str, Vector]:
    everywhere = sorted(wanted)
    chosen = {id_ for ids in (everywhere, put) for id_ in ids[:: max(1, len(ids) // PROBES)][:PROBES]}
    return {id_: _vector(connection, wanted[id_]) for id_ in sorted(chosen)}


def _batches(
    connection: sqlite3.Connection, ids: Sequence[str], numbers: VectorNumbers
) -> Iterator[tuple[Sequence[str], Vector]]:
    for first in range(0, len(ids), BATCH):
        part = ids[first : first + BATCH]
        yield part, np.stack([_vector(connection, numbers[id_]) for id_ in part])


def _vector(connection: sqlite3.Connection, number: int) -> Vector:
    return vector_from(connection.execute("SELECT vector FROM vectors WHERE number = ?", (number,)).fetchone()[0])


def _new_name(build_id: str) -> str:
    """A name that no folder has had: chromadb keeps an open client by its path, and a reader may still hold one."""
    return f"{PREFIX}{build_id}-{uuid.uuid4().hex[:8]}"
