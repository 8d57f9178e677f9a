"""Which sentences of two sources give different figures for the same thing, by the real embedder."""

from collections.abc import Callable

import pytest

from rag.config import Settings
from rag.features import Candidate
from rag.models import load_embedder
from rag.question import Question, analyse
from rag.rivals import asked_figures, differ, is_elsewhere
from rag.types import Passage, Source

Make = Callable[..., Candidate]


@pytest.fixture(scope="module")
def make(corpus_settings: Settings) -> Make:
    """Makes a candidate of a sentence; `source_id` says whose it is."""
    embedder = load_embedder(corpus_settings)

    def candidate(text: str, source_id: str) -> Candidate:
        source = Source(id=source_id, title="T", publisher="P", url="https://example.org", recorded="2026-11-22")
        passage = Passage(id=source_id, source_id=source_id, text=text, start=0, end=len(text), heading="", tokens=9)
        return Candidate(
            passage=passage,
            source=source,
            ordinal=0,
            start=0,
            end=len(text),
            text=text,
            vector=embedder.embed_passages([text])[0],
            similarity=0.0,
            passage_similarity=0.0,
            lexical=0.0,
            fused=0.0,
        )

    return candidate


def ask(text: str) -> Question:
    return analyse(text, lambda words: dict.fromkeys(words, 1), 100)


SHARE = "What share of Walsall firms use robots?"


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        (SHARE, "62% of Walsall firms use robots.", "71% of Walsall firms use robots, the chamber says.", True),
        (SHARE, "62% of Walsall firms use robots.", "62 per cent of Walsall firms use robots.", False),
        (SHARE, "62% of Walsall firms use robots.", "71% of firms in the East Midlands use robots.", False),
        (
            SHARE,
            "62% of Walsall firms use robots.",
            "The Walsall robot fund gives 30% of the cost of a machine.",
            False,
        ),
        (
            "How many people work in the Tipton foundry?",
            "The Tipton foundry employs 340 people, according to a page of 2021.",
            "The Tipton foundry employs 340 people, according to a page of 2024.",
            False,
        ),
        (
            "How many sites does the science park have?",
            "The science park has four sites.",
            "The science park has five sites.",
            True,
        ),
        (
            "How much did the Dudley fund lend?",
            "The Dudley fund lent £1.2 million to firms.",
            "The Dudley fund lent £1,200,000 to firms.",
            False,
        ),
    ],
)
def test_only_other_figures_for_the_same_thing_differ(
    make: Make, question: str, one: str, other: str, expected: bool
) -> None:
    assert differ(ask(question), make(one, "a"), make(other, "b")) is expected


def test_one_source_does_not_differ_from_itself(make: Make) -> None:
    one, other = make("62% of Walsall firms use robots.", "a"), make("71% of Walsall firms use robots.", "a")
    assert not differ(ask(SHARE), one, other)


def test_a_place_that_the_question_names_is_not_elsewhere(make: Make) -> None:
    best, other = make("62% of Walsall firms use robots.", "a"), make("71% of Leeds firms use robots.", "b")
    assert is_elsewhere(ask(SHARE), best, other)
    assert not is_elsewhere(ask("Do more firms use robots in Walsall or in Leeds?"), best, other)


def test_what_a_figure_is_asked_for_decides_which_counts() -> None:
    text = "In 2023 the fund lent £4m to 35 firms, 12% of all (March 2024)."
    assert {figure.unit for figure in asked_figures(ask("How much did the fund lend?"), text)} == {"£"}
    assert {int(figure.value) for figure in asked_figures(ask("How many firms got loans?"), text)} == {35}
    assert {int(figure.value) for figure in asked_figures(ask("When did the fund lend?"), text)} == {2023}
