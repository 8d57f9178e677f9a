"""Fusion by hand, and the search over the real corpus."""

import pytest

from rag.pipeline import Pipeline
from rag.retrieve import standardised_fusion


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
