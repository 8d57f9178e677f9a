import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from store_sample import FACTS, document, documents, meta, nearest

from ingest.sync import index_documents
from rag.config import Settings
from rag.errors import StaleIndex, StoreBroken, StoreBusy, StoreMissing
from rag.models import load_embedder
from rag.store import Store, check
from rag.store.lock import locked
from rag.store.manifest import MANIFEST
from rag.store.schema import open_library

Make = Callable[..., Settings]


@pytest.fixture
def settings(new_settings: Make) -> Settings:
    made = new_settings()
    index_documents(made, documents())
    return made


def lose_sqlite(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


def tear_sqlite(folder: Path) -> None:
    with (folder / "chroma.sqlite3").open("r+b") as file:
        file.truncate(5000)


def overwrite_sqlite(folder: Path) -> None:
    with (folder / "chroma.sqlite3").open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(200_000))


def lose_rows(folder: Path) -> None:
    import chromadb

    client = chromadb.PersistentClient(path=str(folder))
    collection = client.get_collection("passages", embedding_function=None)
    collection.delete(ids=collection.get()["ids"][:1])
    client.close()  # type: ignore[attr-defined]


def swap_vectors(folder: Path) -> None:
    import chromadb

    client = chromadb.PersistentClient(path=str(folder))
    collection = client.get_collection("passages", embedding_function=None)
    rows = collection.get(include=["embeddings"])
    collection.update(ids=rows["ids"], embeddings=np.roll(np.asarray(rows["embeddings"]), 1, axis=0))
    client.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "damage",
    [shutil.rmtree, lose_sqlite, tear_sqlite, overwrite_sqlite, lose_rows, swap_vectors],
    ids=["folder gone", "database gone", "torn", "overwritten", "row lost", "another model's vectors"],
)
def test_a_broken_chroma_is_rebuilt_without_the_model(
    damage: Callable[[Path], object], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with Store.open(settings) as store:
        before = nearest(store, settings, "autonomous vehicles")
    broken = settings.store / meta(settings, "chroma")
    damage(broken)
    assert [finding.name for finding in check(settings) if not finding.ok] == ["Chroma"]
    # Without the exported model nothing can be embedded.
    (settings.store / "models").rename(settings.store / "models-away")
    with Store.open(settings) as store:
        assert "Rebuilding" in caplog.text
        (settings.store / "models-away").rename(settings.store / "models")
        assert nearest(store, settings, "autonomous vehicles") == before
    assert meta(settings, "chroma") != broken.name
    assert not broken.exists()
    assert all(finding.ok for finding in check(settings))


def test_a_folder_of_another_build_is_not_used(settings: Settings) -> None:
    stale = settings.store / meta(settings, "chroma")
    kept = shutil.copytree(stale, settings.store.parent / "kept")
    index_documents(settings, [*documents(4), document(4, "Other words."), document(5, "And others.")])
    live = settings.store / meta(settings, "chroma")
    shutil.rmtree(live)
    kept.rename(live)
    with Store.open(settings) as store:
        assert nearest(store, settings, "autonomous vehicles")[0][0] != FACTS[5]


def test_mending_waits_for_no_other_writer(settings: Settings) -> None:
    shutil.rmtree(settings.store / meta(settings, "chroma"))
    with locked(settings), pytest.raises(StoreBusy):
        Store.open(settings)
    Store.open(settings).close()


def test_no_store_says_what_to_run(new_settings: Make, tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match=r"Run: wmai index"):
        Store.open(new_settings("empty"))
    with pytest.raises(StoreMissing, match="nowhere"):
        Store.open(Settings(store=tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()


def test_other_settings_make_the_index_stale(settings: Settings) -> None:
    for change in ({"chunk_tokens": 64}, {"embed_model": "other"}, {"chunk_overlap_sentences": 2}):
        with pytest.raises(StaleIndex, match=r"Run: wmai index"):
            Store.open(settings.model_copy(update=change))


def test_a_manifest_is_restored_or_refused(settings: Settings) -> None:
    path = settings.store / MANIFEST
    first = path.read_text(encoding="utf-8")
    path.unlink()
    Store.open(settings).close()
    assert path.read_text(encoding="utf-8") == first
    index_documents(settings, documents(3))
    second = path.read_text(encoding="utf-8")
    path.write_text(first, encoding="utf-8")
    Store.open(settings).close()
    assert path.read_text(encoding="utf-8") == second
    for foreign in (second.replace('"build_id": "', '"build_id": "f'), second.replace("384", "768"), "{}", "no json"):
        path.write_text(foreign, encoding="utf-8")
        with pytest.raises(StaleIndex, match=r"Run: wmai index"):
            Store.open(settings)
        index_documents(settings, documents(3))
        Store.open(settings).close()


def test_other_weights_than_the_index_was_built_with_are_noticed(settings: Settings) -> None:
    embedder = load_embedder(settings)
    with Store.open(settings) as store:
        store.manifest.check_embedder(embedder.revision, embedder.dimension)
        with pytest.raises(StaleIndex, match="--rebuild"):
            store.manifest.check_embedder("0123456789ab", embedder.dimension)


def test_a_damaged_library_is_an_error_with_a_remedy(settings: Settings) -> None:
    path = settings.store / "library.db"
    for content in (b"this is no database" * 500, path.read_bytes()[:6000] + os.urandom(100_000)):
        for extra in settings.store.glob("library.db-*"):
            extra.unlink()
        path.write_bytes(content)
        with pytest.raises(StoreBroken, match="out of the way"):
            Store.open(settings)
        with pytest.raises(StoreBroken, match="out of the way"):
            index_documents(settings, documents(2))
        assert not all(finding.ok for finding in check(settings))


def test_an_older_schema_is_stale(settings: Settings) -> None:
    connection = open_library(settings.store)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StaleIndex, match="99"):
        Store.open(settings)


def test_an_index_without_passages_answers_with_nothing(settings: Settings) -> None:
    index_documents(settings, [])
    with Store.open(settings) as store:
        assert store.query_text(["fund"], 5) == ()
        assert store.query_vectors(np.ones(384, np.float32), 5) == ()
        assert store.sources() == ()
