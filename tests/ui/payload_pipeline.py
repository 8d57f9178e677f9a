"""A pipeline whose every word is hostile, as if documents and model had conspired."""

from collections.abc import Iterator, Sequence

from payload_urls import URLS
from payloads import TEXTS

from rag.store import HeldQuestion
from rag.types import Answer, Citation, Delta, Done, Event, Hit, Outcome, Passage, Retrieved, Sentence, Source, Turn


def hostile_answer(question: str, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    """Every payload as title, publisher, passage, quote, sentence, suggestion and notice; every bad address."""
    citations = []
    for number, text in enumerate(TEXTS, start=1):
        source = Source(
            id=text, title=text, publisher=text, url=URLS[number % len(URLS)], published=text, recorded="2026-11-22"
        )
        passage = Passage(
            id=text, source_id=text, text=f"a {text} z", start=0, end=len(text) + 4, heading=text, tokens=1
        )
        end = 2 + len(text)
        citations.append(Citation(marker=number, passage=passage, source=source, quote=text, start=2, end=end))
    hits = tuple(
        Hit(passage=citation.passage, source=citation.source, score=1.0, rank=citation.marker) for citation in citations
    )
    answered = outcome.is_answer
    sentences = tuple(Sentence(text=item.quote, markers=(item.marker,), support=1.0) for item in citations)
    return Answer(
        question=question,
        standalone_question=f"{question} {TEXTS[0]}",
        outcome=outcome,
        reason="" if answered else "no_match",
        text="\n".join(f"{item.quote} [{item.marker}]" for item in citations),
        sentences=sentences if answered else (),
        citations=tuple(citations) if answered else (),
        hits=hits,
        suggestions=TEXTS,
        answerer=TEXTS[0],
        index_build=TEXTS[0],
        notice="\n".join(TEXTS),
    )


class PayloadStore:
    """A store whose prepared questions and themes are hostile: what is shown before the first question."""

    build_id = "0"

    def refresh(self) -> bool:
        """As Store.refresh."""
        return False

    def theme_names(self) -> dict[str, str]:
        """As View.theme_names."""
        return {"funding": TEXTS[0]}

    def view(self) -> "PayloadStore":
        """As Store.view."""
        return self

    def questions(self) -> tuple[HeldQuestion, ...]:
        """As View.questions."""
        source = Source(id="s", title="t", publisher="p", url="u", recorded="2026-11-22", theme="funding")
        return tuple(HeldQuestion(text, source, "p", text) for text in TEXTS)


class PayloadPipeline:
    """Answers a question of any words with hostile ones; refuses one that begins with "Refuse"."""

    store = PayloadStore()

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """As Pipeline.stream."""
        answer = hostile_answer(question, Outcome.NOT_IN_SOURCES if question.startswith("Refuse") else Outcome.ANSWERED)
        yield Retrieved(answer.hits)
        middle = len(answer.text) // 2
        yield Delta(answer.text[:middle])
        yield Delta(answer.text[middle:])
        yield Done(answer)
