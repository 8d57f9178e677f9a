"""The vectors of one build in a Chroma folder of its own: the only module that imports chromadb.

A folder is written once, checked, and from then on only read: two writers lose rows without an error, and a folder
that a kill has torn cannot be mended in place. chromadb is imported inside the functions because it takes seconds.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreBroken
from rag.store.postings import FOLDER
from rag.store.schema import INDEX_COMMAND
from rag.store.scored import Scored

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
BATCH = 5_000
"""Rows in one call; Chroma refuses more than 5,461."""
SELF_SIMILARITY_MIN = 0.999
"""A stored vector asked for itself comes back at 1.0 but for rounding."""
SELF_QUERY_LIMIT = 10
LOST_SHARE_MAX = 1 / 32
"""Share of samples that may be missed: the search is approximate, and in a torn folder nearly all are lost."""
GRAPH: "CreateHNSWConfiguration" = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200}
"""How the graph of neighbours is built and searched (HNSW, Malkov and Yashunin 2018, M and ef there).

Chroma's own 16, 100 and 100 give 86 % of the true first fifty among 100,000 passages, these 99 %, for twice the work
when the graph is built and half a millisecond a search (docs/retrieval.md).
"""

Vector = NDArray[np.float32]


class VectorIndex:
    """One open Chroma folder. Reading is safe from several threads."""

    def __init__(self, client: "ClientAPI", collection: "Collection") -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def open(cls, folder: Path, build_id: str) -> "VectorIndex":
        """Open the folder of a build. Raises StoreBroken when it is missing, unreadable or another build's."""
        if not (folder / "chroma.sqlite3").is_file():
            raise _broken(folder, "it is missing")
        client = None
        try:
            client = _client(folder)
            collection = client.get_collection(COLLECTION, embedding_function=None)
        except _chroma_errors() as error:
            _close(client)
            raise _broken(folder, str(error)) from error
        found = (collection.metadata or {}).get("build_id")
        if found != build_id:
            _close(client)
            raise _broken(folder, f"it belongs to build {found}, not {build_id}")
        return cls(client, collection)

    def query(self, vector: Vector, limit: int) -> Scored:
        """Ids with their cosine similarity in [-1, 1], best first."""
        return self.query_many(vector[np.newaxis, :], limit)[0]

    def query_many(self, vectors: Vector, limit: int) -> tuple[Scored, ...]:
        """As query, for each row of an (n, dimension) array."""
        try:
            found = self._collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        except _chroma_errors() as error:
            raise StoreBroken(f"Chroma cannot answer: {error}.", INDEX_COMMAND) from error
        rows = zip(found["ids"], found["distances"] or [], strict=True)
        return tuple(
            tuple((id_, min(1.0, max(-1.0, 1.0 - distance))) for id_, distance in zip(ids, distances, strict=True))
            for ids, distances in rows
        )

    def check(self, count: int, samples: Mapping[str, Vector]) -> None:
        """Raise StoreBroken unless the folder holds `count` vectors and finds the samples by their own vectors."""
        try:
            held = self._collection.count()
        except _chroma_errors() as error:
            raise StoreBroken(f"Chroma cannot count: {error}.", INDEX_COMMAND) from error
        if held != count:
            raise StoreBroken(f"Chroma holds {held} vectors; library.db holds {count}.", INDEX_COMMAND)
        if not samples:
            return
        answers = self.query_many(np.stack(list(samples.values())), SELF_QUERY_LIMIT)
        lost = [id_ for id_, answer in zip(samples, answers, strict=True) if not _finds_itself(id_, answer)]
        if len(lost) > LOST_SHARE_MAX * len(samples):
            raise StoreBroken(
                f"Chroma does not find {len(lost)} of {len(samples)} passages by their own vectors, such as {lost[0]}.",
                INDEX_COMMAND,
            )

    def dump(self) -> dict[str, Vector]:
        """Every id with its vector."""
        rows = self._collection.get(include=["embeddings"])
        embeddings = rows["embeddings"]
        return {} if embeddings is None else dict(zip(rows["ids"], np.asarray(embeddings, np.float32), strict=True))

    def close(self) -> None:
        """Give the folder's files back; the index cannot be used after."""
        _close(self._client)


def create_index(folder: Path, build_id: str, rows: Iterator[tuple[Sequence[str], Vector]]) -> None:
    """Write a new folder from batches of ids and vectors, each at most BATCH long."""
    client = _client(folder)
    try:
        collection = client.create_collection(
            COLLECTION,
            metadata={"build_id": build_id},
            embedding_function=None,
            configuration={"hnsw": GRAPH},
        )
        for ids, vectors in rows:
            collection.upsert(ids=list(ids), embeddings=vectors)
    finally:
        _close(client)


def copy_index(
    live: Path, folder: Path, build_id: str, gone: Sequence[str], rows: Iterator[tuple[Sequence[str], Vector]]
) -> None:
    """Write a new folder as a copy of a live one, less the ids in `gone`, plus the rows.

    Raises StoreBroken when the copy cannot be opened or changed, and when its graph has other settings than GRAPH.
    """
    try:
        # A server may have the folder open; it only reads, so its files do not change under the copy.
        shutil.copytree(live, folder, ignore=shutil.ignore_patterns(FOLDER))
        client = _client(folder)
        try:
            collection = client.get_collection(COLLECTION, embedding_function=None)
            graph = collection.configuration["hnsw"]
            if graph is None or not GRAPH.items() <= graph.items():
                raise _broken(folder, f"its graph was made with {graph}, not {GRAPH}")
            for first in range(0, len(gone), BATCH):
                collection.delete(ids=list(gone[first : first + BATCH]))
            for ids, vectors in rows:
                collection.upsert(ids=list(ids), embeddings=vectors)
            collection.modify(metadata={"build_id": build_id})
        finally:
            _close(client)
    except _chroma_errors() as error:
        raise _broken(folder, str(error)) from error


def _finds_itself(id_: str, answer: Sequence[tuple[str, float]]) -> bool:
    if any(found == id_ and similarity >= SELF_SIMILARITY_MIN for found, similarity in answer):
        return True
    # Texts that are equal share a vector: more of them than were asked for may stand before this one.
    return len(answer) == SELF_QUERY_LIMIT and answer[-1][1] >= SELF_SIMILARITY_MIN


def _client(folder: Path) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    try:
        return chromadb.PersistentClient(path=str(folder), settings=ChromaSettings(anonymized_telemetry=False))
    except AttributeError as error:
        # chromadb keeps a client that failed to start and, asked again for the same folder, trips over tidying it up.
        raise _broken(folder, "it failed to open before") from error


def _close(client: Any) -> None:  # noqa: ANN401  ClientAPI does not declare close()
    if client is not None:
        client.close()


def _chroma_errors() -> tuple[type[Exception], ...]:
    from chromadb.errors import ChromaError

    return (ChromaError, ValueError, OSError)


def _broken(folder: Path, reason: str) -> StoreBroken:
    return StoreBroken(f"The vector index {folder} cannot be used: {reason}.", INDEX_COMMAND)
