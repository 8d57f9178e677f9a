"""What is suggested follows from the answer, is not answered yet, and is left out where nothing follows."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.store import HeldQuestion
from rag.suggest import MOST, with_suggestions
from rag.types import Answer, Citation, Hit, Outcome, Passage, Source, Turn


def source(id_: str, theme: str = "funding", entities: tuple[str, ...] = ()) -> Source:
    return Source(
        id=id_, title=id_, publisher="P", url="u", recorded="2026-11-22", theme=theme, entities=(*entities, "WMCA")
    )


SOURCES = {
    "fund": source("fund", entities=("Jane Doe",)),
    "lab": source("lab", "research", ("Jane Doe",)),
    "shuttle": source("shuttle", "mobility"),
    "nurse": source("nurse", "health"),
    "camp": source("camp", "skills"),
}


def held(question: str, source_id: str, quote: str = "") -> HeldQuestion:
    return HeldQuestion(question, SOURCES[source_id], f"{source_id}-p", quote or f"Answer to {question}")


BANK = (
    held("How big is the Anvil Fund?", "fund", "The Anvil Fund holds £7m."),
    held("Who heads the Anvil Fund?", "fund"),
    held("When did the Anvil Fund open?", "fund"),
    held("Where does the Anvil Fund lend?", "fund"),
    held("What does Jane Doe study at the lab?", "lab"),
    held("How long is the shuttle's route?", "shuttle"),
    held("How many nurses read scans?", "nurse"),
    held("What does a bootcamp cost?", "camp"),
)


def hit(source_id: str, rank: int = 1) -> Hit:
    passage = Passage(id=f"{source_id}-p", source_id=source_id, text="x", start=0, end=1, tokens=1)
    return Hit(passage=passage, source=SOURCES[source_id], score=0.5, rank=rank)


def answer(question: str, *hits: str, cited: str = "", **fields: object) -> Answer:
    found = tuple(hit(id_, rank) for rank, id_ in enumerate(hits, start=1))
    citations = tuple(
        Citation(marker=1, passage=item.passage, source=item.source, quote="x", start=0, end=1)
        for item in found
        if item.source.id == cited
    )
    made = Answer(
        question=question,
        standalone_question=question,
        outcome=Outcome.ANSWERED if cited else Outcome.NOT_IN_SOURCES,
        reason="" if cited else "no_match",
        text="The Anvil Fund holds £7m. [1]" if cited else "My sources do not answer this.",
        citations=citations,
        hits=found,
        answerer="extractive",
        index_build="b",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def suggested(asked: Answer, history: Sequence[Turn] = (), bank: Sequence[HeldQuestion] = BANK) -> tuple[str, ...]:
    return with_suggestions(asked, history, bank).suggestions


def test_the_same_source_comes_first_then_who_else_is_named() -> None:
    found = suggested(answer("How large is Anvil?", "fund", "shuttle", cited="fund"))
    assert len(found) == MOST
    assert all("Anvil" in question for question in found[:2])
    # Two of one source are enough; WMCA, which every source names, brings nobody nearer than Jane Doe.
    assert found[2] == "What does Jane Doe study at the lab?"


def test_what_was_asked_or_answered_is_not_suggested() -> None:
    first = suggested(answer("Who heads the Anvil Fund?", "fund", cited="fund"))
    assert "Who heads the Anvil Fund?" not in first
    assert "How big is the Anvil Fund?" not in first  # the answer says it: the sentence stands in it
    history = [Turn(question="When did Anvil Fund open", answer="In 2019."), Turn(question="x", answer=BANK[3].quote)]
    later = suggested(answer("Who heads the Anvil Fund?", "fund", cited="fund"), history)
    assert later == ("What does Jane Doe study at the lab?",)


def test_a_refusal_leads_to_what_the_closest_passages_answer() -> None:
    found = suggested(answer("How fast is the shuttle's engine?", "shuttle", "nurse"))
    assert found == ("How long is the shuttle's route?", "How many nurses read scans?")


def test_a_greeting_leads_to_questions_of_different_themes() -> None:
    hello = answer("Hello", outcome=Outcome.DECLINED, reason="chitchat")
    found = suggested(hello)
    themes = {item.source.theme for item in BANK if item.question in found}
    assert len(found) == len(themes) == MOST
    assert found == suggested(hello)
    others = {suggested(replace(hello, question=word)) for word in ("Hi", "Hey there", "Good day", "Morning")}
    assert len(others) > 1


@pytest.mark.parametrize("reason", ["privacy", "injection"])
def test_nothing_follows_from_personal_details_or_an_attack(reason: str) -> None:
    assert suggested(answer("x", outcome=Outcome.DECLINED, reason=reason)) == ()


def test_without_prepared_questions_nothing_is_suggested() -> None:
    asked = answer("How large is Anvil?", "fund", cited="fund")
    assert with_suggestions(asked, (), ()) == asked
