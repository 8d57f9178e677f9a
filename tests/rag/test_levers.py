"""A lever that is off takes its part out of the search and leaves the others alone."""

import pytest

from rag.answerable import ANSWERABLE_FEATURES, COLUMNS
from rag.config import Settings
from rag.fitted import load_fitted
from rag.levers import Lever, Levers
from rag.models import EVIDENCE, load_embedder
from rag.pipeline import Pipeline
from rag.retrieve import Found, Retriever


def find(guide: Pipeline, settings: Settings, text: str, off: Levers) -> Found:
    return Retriever(load_embedder(settings), settings, off).find(text, guide.store.view())


def test_spelling_stays_as_it_is_where_it_is_not_mended(guide: Pipeline, corpus_settings: Settings) -> None:
    asked = "wat is the birmigham festival"
    assert find(guide, corpus_settings, asked, frozenset({Lever.TYPOS})).question.text == asked
    assert find(guide, corpus_settings, asked, frozenset()).question.text != asked


def test_each_search_alone_finds_less_and_without_both_nothing(guide: Pipeline, corpus_settings: Settings) -> None:
    both, dense, lexical, none = (
        {passage.id for passage in find(guide, corpus_settings, "Who heads Minerva?", frozenset(off)).passages}
        for off in ((), (Lever.LEXICAL,), (Lever.DENSE,), (Lever.DENSE, Lever.LEXICAL))
    )
    assert dense != lexical
    assert both <= dense | lexical
    assert none == set()


@pytest.mark.parametrize(
    ("lever", "names"),
    [(Lever.READER, EVIDENCE), (Lever.RECENCY, ("recency",)), (Lever.PUBLISHER, ("publisher_match",))],
)
def test_a_column_without_a_say_has_no_weight_and_the_others_keep_theirs(lever: Lever, names: tuple[str, ...]) -> None:
    whole, without = load_fitted(), load_fitted(frozenset({lever}))
    for name, before, after in zip(COLUMNS, whole.reader.weights, without.reader.weights, strict=True):
        assert after == (0.0 if name in names else before)
    silent = {f"{first}_{name}" for first in ("best", "first") for name in names}
    for name, before, after in zip(
        ANSWERABLE_FEATURES, whole.answerable.weights, without.answerable.weights, strict=True
    ):
        assert after == (0.0 if name in silent else before)


def test_a_search_for_many_passages_gives_as_many(guide: Pipeline) -> None:
    assert len(guide.search("artificial intelligence in Birmingham", 120)) == 120
