import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from store_sample import FACTS, document, documents, nearest

from ingest.sync import index_documents
from rag.config import Settings
from rag.errors import UnknownPassage, UnknownSource
from rag.models import load_embedder
from rag.store import Store
from rag.store.lock import locked

Make = Callable[..., Settings]


@pytest.fixture
def settings(new_settings: Make) -> Settings:
    made = new_settings()
    index_documents(made, documents())
    return made


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings) as opened:
        yield opened


def test_vectors_find_what_is_meant_and_words_what_is_written(store: Store, settings: Settings) -> None:
    found = nearest(store, settings, "autonomous vehicles")
    assert found[0][0] == FACTS[5]
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(-1 <= score <= 1 for score in scores)
    by_word = store.query_text(["foundry", "register"], 10)
    assert {passage.text for passage in store.passages([id_ for id_, _ in by_word])} == {FACTS[1], FACTS[4]}
    assert all(score > 0 for _, score in by_word)


def test_similarity_is_the_cosine(store: Store, settings: Settings) -> None:
    (vector,) = load_embedder(settings).embed_queries(["money for founders"])
    for id_, score in store.query_vectors(vector, 6):
        assert score == pytest.approx(float(store.passage_vectors([id_])[id_] @ vector), abs=1e-5)


@pytest.mark.parametrize(
    "word", ['"', "AND", "OR NOT", "NEAR(a b)", "text:", "*", "a*", "(", "-", "^x", "\0", "robots\0", "'", "{a}", ""]
)
def test_full_text_syntax_in_a_word_is_only_a_word(store: Store, word: str) -> None:
    store.query_text([word], 10)
    store.document_frequencies([word])
    with_it = store.query_text([word, "drones"], 10)
    assert FACTS[4] in [passage.text for passage in store.passages([id_ for id_, _ in with_it])]


def test_a_word_of_the_title_alone_is_found(store: Store) -> None:
    assert len(store.query_text(["report"], 10)) == len(FACTS)
    assert all(score > 0 for _, score in store.query_text(["report"], 10))


def test_what_is_asked_for_comes_in_the_order_asked(store: Store) -> None:
    ids = [store.source_passages(f"source-{number}")[0].id for number in (4, 0, 2)]
    assert [passage.source_id for passage in store.passages(ids)] == ["source-4", "source-0", "source-2"]
    assert [row.passage_id for row in store.sentences(ids)] == ids
    for passage, row in zip(store.passages(ids), store.sentences(ids), strict=True):
        assert passage.text[row.start : row.end] == passage.text
        assert float(np.linalg.norm(row.vector)) == pytest.approx(1.0, abs=1e-5)
    assert list(store.passage_vectors(ids)) == ids


def test_more_ids_than_sqlite_takes_parameters(store: Store) -> None:
    (passage,) = store.source_passages("source-0")
    assert len(store.passages([passage.id] * 40_000)) == 40_000


def test_what_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownPassage, match="nobody"):
        store.passages(["nobody"])
    with pytest.raises(UnknownPassage):
        store.sentences(["nobody"])
    with pytest.raises(UnknownSource):
        store.source("nobody")
    with pytest.raises(UnknownSource):
        store.source_passages("nobody")


def test_words_are_counted_in_any_form_and_listed_as_written(store: Store) -> None:
    assert store.document_frequencies(["drone", "drones", "Aston", "zebra"]) == {
        "drone": 1,
        "drones": 1,
        "Aston": 0,
        "zebra": 0,
    }
    vocabulary = store.vocabulary()
    assert vocabulary["drones"] == 1
    assert vocabulary["report"] == 6
    assert "drone" not in vocabulary
    assert store.entities() == ("Aston", *(f"Body {number}" for number in range(6)))


def test_questions_and_feedback_are_kept_newest_first(store: Store, settings: Settings) -> None:
    store.log_unanswered("Who?", "not_in_sources", "no_match", ["a", "b"])
    store.log_unanswered("Why?", "out_of_scope", "chitchat", [])
    assert [(item.question, item.nearest_ids) for item in store.unanswered(5)] == [("Why?", ()), ("Who?", ("a", "b"))]
    assert store.unanswered(1)[0].index_build == store.build_id
    store.add_feedback("Who?", "Nobody. [1]", store.build_id, "down", "wrong", "He left.")
    assert [(item.rating, item.reason, item.comment) for item in store.feedback(5)] == [("down", "wrong", "He left.")]
    with pytest.raises(ValueError, match="sideways"):
        store.add_feedback("Who?", "Nobody.", "b", "sideways")  # type: ignore[arg-type]
    # A new build leaves the journal alone, and both may be written while the lock is held.
    with locked(settings):
        store.log_unanswered("When?", "declined", "privacy", [])
    index_documents(settings, documents(3))
    assert [item.question for item in store.unanswered(5)] == ["When?", "Why?", "Who?"]
    assert len(store.feedback(5)) == 1


def test_a_view_holds_its_build_and_the_store_moves_on(store: Store, settings: Settings) -> None:
    view = store.view()
    before = view.sources()
    ids = [passage.id for source in before for passage in view.source_passages(source.id)]
    assert store.refresh() is False
    index_documents(settings, [*documents(5), document(9, "Hereford grows apples with sensors.")])
    assert view.sources() == before
    assert len(view.passages(ids)) == 6
    assert [id_ for id_, _ in view.query_text(["Solihull"], 3)]
    assert len(view.query_vectors(view.passage_vectors(ids)[ids[0]], 6)) == 6
    assert store.refresh() is True
    assert store.refresh() is False
    assert store.query_text(["Solihull"], 3) == ()
    assert nearest(store, settings, "apple orchards")[0][0] == "Hereford grows apples with sensors."
    # Two builds later the view's folder is gone from the disk, and it still answers.
    index_documents(settings, documents(2))
    index_documents(settings, documents(1))
    assert len(view.query_vectors(view.passage_vectors(ids)[ids[0]], 6)) == 6
    assert store.refresh() is True
    assert store.passage_count == 1


def test_threads_read_while_builds_are_published(store: Store, settings: Settings) -> None:
    """Each view is whole: every id that a search gives has its passage, source and sentences in the same view."""
    (vector,) = load_embedder(settings).embed_queries(["money for founders"])
    done = threading.Event()

    def read() -> set[str]:
        builds = set()
        while not done.is_set():
            store.refresh()
            view = store.view()
            ids = [id_ for id_, _ in view.query_vectors(vector, 10)]
            assert len(ids) == view.passage_count
            assert {row.passage_id for row in view.sentences(ids)} == set(ids)
            assert len({view.source(passage.source_id) for passage in view.passages(ids)}) == len(ids)
            assert {id_ for id_, _ in view.query_text(["report"], 10)} == set(ids)
            builds.add(view.build_id)
        return builds

    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(read) for _ in range(3)]
        try:
            for count in (5, 4, 6, 3, 2):
                index_documents(settings, documents(count))
        finally:
            done.set()
    assert len(set.union(*(future.result() for future in reading))) > 1
