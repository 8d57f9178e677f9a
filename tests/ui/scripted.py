"""A pipeline whose answers wait for the test's word, for what a real one does too fast or too seldom to be seen."""

import threading
from collections.abc import Iterator, Sequence

from rag.errors import StoreBroken
from rag.store import HeldQuestion
from rag.types import Answer, Delta, Done, Event, Hit, Outcome, Passage, Retrieved, Source, Turn

_SOURCE = Source(id="s", title="Source", publisher="Press", url="https://example.org", recorded="2026-11-22")


class ScriptedStore:
    """One build that holds one prepared question."""

    build_id = "0"

    def refresh(self) -> bool:
        return False

    def theme_names(self) -> dict[str, str]:
        return {}

    def view(self) -> "ScriptedStore":
        return self

    def questions(self) -> tuple[HeldQuestion, ...]:
        return (HeldQuestion(question="What is first?", source=_SOURCE, passage_id="p", quote="First part."),)


class ScriptedPipeline:
    """Says "First part." at once and goes on after `go_on`; a question with "broken" in it fails there instead."""

    def __init__(self) -> None:
        self.store = ScriptedStore()
        self.go_on = threading.Event()
        self.entered = threading.Event()
        """Set as soon as an answer waits for `go_on`."""

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        text = "First part."
        passage = Passage(id="p", source_id="s", text=text, start=0, end=len(text), tokens=3)
        yield Retrieved((Hit(passage=passage, source=_SOURCE, score=1.0, rank=1),))
        yield Delta(text)
        if "slow" in question or "broken" in question:
            self.entered.set()
            self.go_on.wait(60)
        if "broken" in question:
            raise StoreBroken("The store cannot be read.", "Run: wmai index")
        yield Delta(" Second part.")
        yield Done(
            Answer(
                question=question,
                standalone_question=question,
                outcome=Outcome.DECLINED,
                reason="test",
                text=f"{text} Second part.",
                answerer="scripted",
                index_build="b",
            )
        )
