"""Chroma's graph of neighbours, on vectors that lie far from one another."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.errors import StoreBroken
from rag.store.chroma import COLLECTION, GRAPH, VectorIndex, copy_index, create_index


def directions(count: int, dice: np.random.Generator) -> NDArray[np.float32]:
    rows = dice.standard_normal((count, 384), dtype=np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_nearly_all_of_the_nearest_among_thousands_are_found(tmp_path: Path) -> None:
    dice = np.random.default_rng(20261128)
    scattered, asked = directions(2_000, dice), directions(40, dice)
    create_index(tmp_path / "index", "build", iter([([str(number) for number in range(len(scattered))], scattered)]))

    index = VectorIndex.open(tmp_path / "index", "build")
    found = index.query_many(asked, 50)
    index.close()

    nearest = np.argsort(-(asked @ scattered.T), axis=1)[:, :50]
    hits = [int(id_) in true for answer, true in zip(found, nearest.tolist(), strict=True) for id_, _ in answer]
    # Chroma's own settings find 87 % of them.
    assert np.mean(hits) >= 0.95


def test_an_index_whose_graph_has_other_settings_is_not_copied(tmp_path: Path) -> None:
    import chromadb

    client = chromadb.PersistentClient(str(tmp_path / "old"))
    client.create_collection(
        COLLECTION, configuration={"hnsw": {**GRAPH, "max_neighbors": 16}}, metadata={"build_id": "old"}
    )
    with pytest.raises(StoreBroken, match="'max_neighbors': 16"):
        copy_index(tmp_path / "old", tmp_path / "copy", "new", [], iter([]))

    create_index(tmp_path / "new", "new", iter([]))
    copy_index(tmp_path / "new", tmp_path / "copy-of-new", "newer", [], iter([]))
