"""Kept answers come back as they were, whatever happens to the index, and not without end."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from store_sample import documents, meta

from ingest.sync import index_documents
from rag.config import Settings
from rag.errors import StoreMissing, UnknownAnswer
from rag.store import KeptAnswers, Store
from rag.store.kept_answers import CLOSEST_KEPT
from rag.store.schema import create_library, open_library
from rag.types import Answer, Citation, Hit, Home, Outcome, Passage, Sentence, Source, Usage

SOURCE = Source(
    id="s",
    title="A fund – “für” 𝔸ll",
    publisher="Press",
    url="https://example.org/s",
    published="2025-03",
    recorded="2026-11-22",
    valid_until="2027",
    status="open",
    topics=("funding",),
    places=("Coventry",),
    entities=("Aston",),
    theme="funding",
    sha256="ab",
    homes=(Home(source_id="t", title="Copy", publisher="Other", url=""),),
)
PASSAGE = Passage(
    id="p", source_id="s", text="£7m went to Coventry.", start=3, end=24, tokens=7, page=2, page_starts=(5,)
)
HIT = Hit(passage=PASSAGE, source=SOURCE, score=0.5, rank=1)
ANSWER = Answer(
    question="How much?\nAnd to whom?",
    standalone_question="How much went to Coventry?",
    outcome=Outcome.ANSWERED,
    reason="",
    text="£7m went to Coventry. [1]",
    sentences=(Sentence(text="£7m went to Coventry.", markers=(1,), support=0.9),),
    citations=(Citation(marker=1, passage=PASSAGE, source=SOURCE, quote="£7m", start=0, end=3),),
    hits=(HIT,),
    confidence=0.8,
    suggestions=("And then?",),
    timings_ms={"total": 1.0},
    answerer="extractive",
    index_build="0123456789abcdef",
    usage=Usage(model="m", prompt_tokens=1, completion_tokens=1, cost=None, cached=False),
    notice="So it came about.",
)


def library(settings: Settings) -> KeptAnswers:
    create_library(settings.store).close()
    return KeptAnswers(settings)


def test_an_answer_comes_back_as_it_was_under_an_id_nobody_guesses(tmp_path: Path) -> None:
    kept = library(Settings(store=tmp_path))
    ids = {kept.keep(ANSWER) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(id_) >= 22 for id_ in ids)  # 128 bits and more in base64
    found = kept.get(min(ids))
    assert found.answer == replace(ANSWER, hits=(), suggestions=(), timings_ms={}, usage=None)
    assert datetime.now(UTC) - datetime.fromisoformat(found.created) < timedelta(minutes=5)


def test_a_refusal_keeps_the_passages_shown_beside_it(tmp_path: Path) -> None:
    kept = library(Settings(store=tmp_path))
    hits = tuple(replace(HIT, rank=rank) for rank in range(1, 11))
    refused = replace(ANSWER, outcome=Outcome.NOT_IN_SOURCES, sentences=(), citations=(), hits=hits)
    assert kept.get(kept.keep(refused)).answer.hits == hits[:CLOSEST_KEPT]


def test_an_unknown_id_and_a_store_without_kept_answers(tmp_path: Path) -> None:
    kept = library(Settings(store=tmp_path))
    for id_ in ("none", "", "' OR 1=1 --"):
        with pytest.raises(UnknownAnswer):
            kept.get(id_)
    kept.keep(ANSWER)
    with pytest.raises(UnknownAnswer):
        kept.get("none")
    with pytest.raises(StoreMissing):
        KeptAnswers(Settings(store=tmp_path / "none")).keep(ANSWER)


def test_the_oldest_are_given_up_first(tmp_path: Path) -> None:
    kept = library(Settings(store=tmp_path, kept_answers_max=3))
    ids = [kept.keep(ANSWER) for _ in range(5)]
    for id_ in ids[:2]:
        with pytest.raises(UnknownAnswer):
            kept.get(id_)
    assert [kept.get(id_).id for id_ in ids[2:]] == ids[2:]


def test_an_answer_is_given_up_after_its_days_even_if_none_is_added(tmp_path: Path) -> None:
    kept = library(Settings(store=tmp_path, kept_answers_days=30))
    old, young = kept.keep(ANSWER), kept.keep(ANSWER)
    connection = open_library(tmp_path)
    for id_, days in ((old, 31), (young, 29)):
        created = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        connection.execute("UPDATE kept_answers SET created = ? WHERE id = ?", (created, id_))
    assert kept.get(young).id == young
    with pytest.raises(UnknownAnswer):
        kept.get(old)
    assert KeptAnswers(Settings(store=tmp_path, kept_answers_days=0)).get(old).id == old
    kept.keep(ANSWER)
    assert connection.execute("SELECT count(*) FROM kept_answers").fetchone() == (2,)
    connection.close()


def test_an_answer_kept_by_an_earlier_version_is_read(tmp_path: Path) -> None:
    kept = library(Settings(store=tmp_path))
    id_ = kept.keep(ANSWER)
    # Fields that came later are missing, one that is no more is there.
    text = (
        '{"question":"q","standalone_question":"q","outcome":"answered","reason":"","text":"t [1]","mood":"good",'
        '"sentences":[{"text":"t","markers":[1],"support":0.5}],"citations":[{"marker":1,"passage":{"id":"p",'
        '"source_id":"s","text":"t","start":0,"end":1,"tokens":1},"source":{"id":"s","title":"T","publisher":"P",'
        '"url":"u","recorded":"2026-11-22"},"quote":"t","start":0,"end":1}],"answerer":"extractive","index_build":"b"}'
    )
    connection = open_library(tmp_path)
    connection.execute("UPDATE kept_answers SET answer = ?", (text,))
    connection.close()
    (citation,) = kept.get(id_).answer.citations
    assert citation.source.state == "current"


def test_kept_answers_outlive_every_build_and_a_broken_chroma(new_settings: Callable[..., Settings]) -> None:
    settings = new_settings()
    index_documents(settings, documents())
    kept = KeptAnswers(settings)
    id_ = kept.keep(ANSWER)
    before = kept.get(id_)
    index_documents(settings, documents(2))
    index_documents(settings, [])
    index_documents(settings, documents())
    shutil.rmtree(settings.store / meta(settings, "chroma"))
    Store.open(settings).close()
    assert kept.get(id_) == before
