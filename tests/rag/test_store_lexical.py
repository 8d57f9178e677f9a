"""The compiled word index answers as SQLite's full-text index does, whatever happens to the store."""

import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from store_sample import FACTS, document, documents, meta

from ingest.sync import index_documents
from rag.config import Settings
from rag.store import Store, check
from rag.store.kept import Kept
from rag.store.postings import COLUMN_WEIGHTS, FOLDER, Postings
from rag.store.schema import open_library
from rag.store.tokenizer import terms_of
from rag.store.words import FULL_TEXT_COLUMNS, FULL_TEXT_TOKENIZER, WORD, quoted, words_of

Make = Callable[..., Settings]
ODD = ("£12.5m", "12.5m", "o'neill", "don't", "co-op", "naïve", "AND", "the", "of", "zebra", "", "-", "\0", "ਕੋਵੈਂਟਰੀ")


@pytest.fixture
def settings(new_settings: Make) -> Settings:
    made = new_settings()
    index_documents(made, documents())
    return made


def full_text(settings: Settings, words: Sequence[str], limit: int) -> tuple[tuple[str, float], ...]:
    """What FTS5 itself answers."""
    match = " OR ".join(quoted(word) for word in words if WORD.search(word))
    if not match:
        return ()
    connection = open_library(settings.store)
    try:
        rows = connection.execute(
            "SELECT p.id, -bm25(passages_fts, ?, ?, ?, ?) AS score FROM passages_fts"
            " JOIN passages p ON p.number = passages_fts.rowid WHERE passages_fts MATCH ?"
            " ORDER BY score DESC, p.id LIMIT ?",
            (*COLUMN_WEIGHTS, match, limit),
        ).fetchall()
    finally:
        connection.close()
    return tuple((row[0], row[1]) for row in rows)


def assert_equal_to_full_text(settings: Settings, queries: Sequence[Sequence[str]], limit: int = 20) -> None:
    with Store.open(settings) as store:
        for words in queries:
            wanted, found = full_text(settings, words, limit), store.query_text(words, limit)
            assert [id_ for id_, _ in found] == [id_ for id_, _ in wanted], words
            assert [score for _, score in found] == pytest.approx([score for _, score in wanted], rel=1e-12)
            for word in words:
                assert store.document_frequencies([word])[word] == len(full_text(settings, [word], 100_000)), word


def test_passages_and_scores_are_those_of_the_full_text_index(corpus_settings: Settings) -> None:
    dice = random.Random(7)  # noqa: S311
    with Store.open(corpus_settings) as store:
        sources = store.sources()
        texts = [store.source_text(source.id) for source in dice.sample(sources, 40)]
    queries = [dice.sample(words_of(text), 6) + dice.sample(ODD, 2) for text in texts]
    # A word asked for twice counts twice, and one that nearly every passage holds still counts a little.
    assert_equal_to_full_text(
        corpus_settings, [*queries, ["fund", "fund", "coventry"], ["the"], ["12.5m", "£12.5m"], []]
    )


def test_it_follows_what_is_added_changed_and_removed(settings: Settings) -> None:
    queries = (["report", "drones"], ["foundry"], ["seed", "fund", "12.5m"], ["tests", "words"])
    assert_equal_to_full_text(settings, queries)
    changed = [*documents(4), document(4, "A fund of £12.5m tests 12 5m robots."), document(9, "And other words.")]
    index_documents(settings, changed)
    assert_equal_to_full_text(settings, queries)
    index_documents(settings, changed[1:2])
    assert_equal_to_full_text(settings, queries)
    index_documents(settings, [])
    assert_equal_to_full_text(settings, queries)


def test_postings_that_were_patched_are_those_compiled_anew(
    new_settings: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = new_settings()
    held = [document(number, f"{FACTS[number % len(FACTS)]} Round {number}: naïve o'neill.") for number in range(20)]
    index_documents(settings, held)
    compiled = Postings.compiled
    steps = (
        [*held, document(20, "A zebra of £12.5m joined the co-op.")],
        [*held[:3], document(3, "Nothing but zebras, and ਕੋਵੈਂਟਰੀ."), *held[4:]],
        [*held[:7], *held[8:], document(30, "Ágnes 日本 ẞ straße")],
        [replace(one, source=replace(one.source, title="Other title")) if one is held[5] else one for one in held],
    )
    for documents_now in steps:
        with monkeypatch.context() as patched:
            # Compiling is for a first build and for large changes.
            patched.setattr(Postings, "compiled", None)
            index_documents(settings, documents_now)
        connection = open_library(settings.store)
        try:
            folder, build = settings.store / meta(settings, "chroma"), meta(settings, "build_id")
            one, other = Postings.read(folder, build), compiled(connection)
        finally:
            connection.close()
        for name in ("ids", "terms", "words"):
            assert list(getattr(one, name)) == list(getattr(other, name)), name
        assert one.words == other.words
        for name in ("offsets", "rows", "counts", "lengths"):
            left, right = getattr(one, name), getattr(other, name)
            assert left.dtype == right.dtype
            assert np.array_equal(left, right), name


def lose(place: Path) -> None:
    shutil.rmtree(place)


def lose_one_file(place: Path) -> None:
    (place / "rows.npy").unlink()


def cut_short(place: Path) -> None:
    with (place / "counts.npy").open("r+b") as file:
        file.truncate(file.seek(0, 2) - 3)


def turn_a_bit(place: Path) -> None:
    data = bytearray((place / "terms.txt").read_bytes())
    data[3] ^= 1
    (place / "terms.txt").write_bytes(data)


def empty_header(place: Path) -> None:
    (place / "header.json").write_text("", encoding="utf-8")


def another_build(place: Path) -> None:
    header = place / "header.json"
    header.write_text(header.read_text(encoding="utf-8").replace('"build_id": "', '"build_id": "f'), encoding="utf-8")


@pytest.mark.parametrize("damage", [lose, lose_one_file, cut_short, turn_a_bit, empty_header, another_build])
def test_a_broken_word_index_is_compiled_again(
    damage: Callable[[Path], object], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    damage(settings.store / meta(settings, "chroma") / FOLDER)
    assert [finding.name for finding in check(settings) if not finding.ok] == ["Chroma"]
    # Nothing is embedded for it.
    (settings.store / "models").rename(settings.store / "models-away")
    assert_equal_to_full_text(settings, (["report", "drones"], ["foundry"]))
    assert "The word index" in caplog.text
    assert all(finding.ok for finding in check(settings))


def test_terms_are_those_of_the_full_text_table(settings: Settings) -> None:
    connection = open_library(settings.store)
    try:
        (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'passages_fts'").fetchone()
    finally:
        connection.close()
    assert FULL_TEXT_TOKENIZER in made
    assert ", ".join(FULL_TEXT_COLUMNS) in made
    assert terms_of("Foundries") == terms_of("foundry")
    assert terms_of("£12.5m") == ("12", "5m")
    assert terms_of("…") == ()


def test_what_is_kept_is_loaded_once_and_the_oldest_given_up() -> None:
    asked: list[Sequence[int]] = []

    def load(keys: Sequence[int]) -> dict[int, int]:
        asked.append(list(keys))
        return {key: key * key for key in keys if key >= 0}

    kept: Kept[int, int] = Kept(3)
    assert kept.get([2, 3, 2], load) == {2: 4, 3: 9}
    assert kept.get([3, 4, -1], load) == {3: 9, 4: 16}
    assert kept.get([2], load) == {2: 4}
    assert kept.get([5, 6], load) == {5: 25, 6: 36}
    assert kept.get([4, 2], load) == {4: 16, 2: 4}
    assert asked == [[2, 3], [4, -1], [5, 6], [4]]
