"""Answers from some of the sources only, on the whole corpus."""

import copy
from collections.abc import Callable

import pytest

from rag.errors import UnknownPassage
from rag.pipeline import Pipeline
from rag.selection import Selection
from rag.store import SelectedStore

Narrow = Callable[[Selection], Pipeline]


@pytest.fixture
def narrow(guide: Pipeline) -> Narrow:
    def make(selection: Selection) -> Pipeline:
        narrowed = copy.copy(guide)
        narrowed.store = SelectedStore(guide.store, selection)
        return narrowed

    return make


@pytest.mark.parametrize(
    "selection",
    [
        Selection(themes=("health",)),
        Selection(places=("coventry",)),
        Selection(themes=("funding",), places=("Dudley",)),
        Selection(published_from=2025),
    ],
)
def test_nothing_of_another_source_is_found_cited_or_opened(
    guide: Pipeline, narrow: Narrow, selection: Selection
) -> None:
    narrowed = narrow(selection)
    answer = narrowed.ask("Who funds artificial intelligence?")
    hits = narrowed.search("artificial intelligence", 10)
    found = {hit.source for hit in (*answer.hits, *hits)} | {citation.source for citation in answer.citations}
    assert found
    assert all(selection.holds(source) for source in found)
    held = sum(len(guide.store.source_passages(source.id)) for source in narrowed.store.view().sources())
    assert len(hits) == min(10, held)
    other = next(hit for hit in guide.search("Who heads Minerva?", 10) if not selection.holds(hit.source))
    with pytest.raises(UnknownPassage):
        narrowed.store.view().passages([other.passage.id])


def test_what_the_selected_sources_do_not_say_is_refused(guide: Pipeline, narrow: Narrow) -> None:
    question = "Who heads Minerva Business Angels?"
    assert guide.ask(question).outcome.is_answer
    assert "Toft" not in narrow(Selection(themes=("health",))).ask(question).text
    assert narrow(Selection(themes=("funding",))).ask(question).text == guide.ask(question).text


def test_a_selection_of_nothing_that_is_held_finds_nothing(narrow: Narrow) -> None:
    narrowed = narrow(Selection(themes=("no such theme",)))
    assert narrowed.search("artificial intelligence", 10) == ()
    assert not narrowed.ask("Who heads Minerva Business Angels?").outcome.is_answer


def test_an_empty_selection_is_none() -> None:
    assert not Selection()
    assert Selection(places=("Solihull",))
    assert Selection(published_from=2024)


def test_an_earliest_year_leaves_out_what_is_older_or_undated(narrow: Narrow) -> None:
    sources = narrow(Selection(published_from=2024)).store.view().sources()
    assert sources
    assert all(source.published and int(source.published[:4]) >= 2024 for source in sources)
