"""Fusion by hand, and the search over the real corpus."""

import pytest

from rag.pipeline import Pipeline
from rag.retrieve import reciprocal_rank_fusion


def test_fusion_adds_the_reciprocal_ranks() -> None:
    fused = reciprocal_rank_fusion([["a", "b"], ["b", "c"]], k=60)
    assert [id_ for id_, _ in fused] == ["b", "a", "c"]
    assert [score for _, score in fused] == pytest.approx([1 / 62 + 1 / 61, 1 / 61, 1 / 62])


def test_fusion_of_nothing_is_nothing() -> None:
    assert reciprocal_rank_fusion([[], []]) == []


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
