"""Fusion by hand, and the search over the real corpus."""

import numpy as np
import pytest

from rag.features import Candidate
from rag.pipeline import Pipeline
from rag.reader import unread
from rag.retrieve import standardised_fusion
from rag.types import Passage, Source

SOURCE = Source(id="s", title="Fund news", publisher="Alder Post", url="https://example.org", recorded="2026-11-22")


def test_fusion_weighs_every_search_alike_whatever_its_scale() -> None:
    near, worded = [("a", 0.9), ("b", 0.8), ("c", 0.7)], [("b", 30.0), ("d", 20.0), ("a", 10.0)]
    fused = standardised_fusion(near, worded)
    assert [id_ for id_, _ in fused] == ["b", "a", "d", "c"]
    assert dict(fused) == pytest.approx(dict(standardised_fusion(near, [(id_, score / 99) for id_, score in worded])))
    assert (fused[0][1], fused[-1][1]) == (1.0, 0.0)


def test_what_one_search_did_not_find_stands_with_its_last() -> None:
    # One deviation above the mean by word and last by vector, against the mean of both.
    fused = dict(standardised_fusion([("a", 3.0), ("b", 2.0), ("c", 1.0)], [("d", 3.0), ("b", 2.0), ("c", 1.0)]))
    assert fused["a"] == pytest.approx(fused["d"])
    assert fused["a"] == pytest.approx(fused["b"])
    assert fused["c"] == 0.0


def test_fusion_with_a_search_that_found_nothing_or_cannot_choose() -> None:
    assert standardised_fusion([], []) == []
    assert [id_ for id_, _ in standardised_fusion([], [("b", 2.0), ("a", 1.0)])] == ["b", "a"]
    assert standardised_fusion([("a", 1.0)], []) == [("a", 1.0)]
    assert [id_ for id_, _ in standardised_fusion([("b", 1.0), ("a", 1.0)], [("b", 1.0), ("a", 1.0)])] == ["a", "b"]


def candidate(passage: str, sentence: str, fused: float) -> Candidate:
    held = Passage(id=passage, source_id="s", text=passage, start=0, end=len(passage), tokens=9)
    return Candidate(
        passage=held, source=SOURCE, ordinal=0, start=0, end=len(sentence), text=sentence,
        vector=np.zeros(1, np.float32), similarity=0.5, passage_similarity=0.5, lexical=0.5, fused=fused,
    )  # fmt: skip


def test_passages_indexed_whole_keep_the_order_of_fusion_and_sentences_are_read() -> None:
    long, short = "It opened in 2021. Jo Marsh heads it.", "The fund lends £2m."
    whole = unread([candidate(short, short, 0.2), candidate(long, long, 0.9)])
    assert whole is not None
    assert [(judged.candidate.text, judged.support) for judged in whole.judged] == [(long, 0.9), (short, 0.2)]
    assert unread([candidate(long, "It opened in 2021.", 0.9)]) is None
    # A corpus of single sentences has nothing that the readers would see a part of.
    assert unread([candidate(short, short, 0.9)]) is None


@pytest.mark.parametrize(
    ("query", "source_id"),
    [
        ("Minerva Business Angels head", "minerva-2020"),
        ("whos in charge of minerva angles", "minerva-2020"),
        ("RapidAI stroke Queen Elizabeth Hospital", "uhb-rapidai"),
        ('AND OR NOT NEAR( "* ^ col:RapidAI Queen Elizabeth Hospital', "uhb-rapidai"),
    ],
)
def test_search_finds_the_source_among_the_first_five(guide: Pipeline, query: str, source_id: str) -> None:
    hits = guide.search(query, 5)
    assert source_id in {hit.source.id for hit in hits}
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert all(0.0 <= hit.score <= 1.0 for hit in hits)
