"""One question on the chat page with what came back: its states, and its form in the reader's browser. Pure."""

import json
from dataclasses import dataclass, field, replace
from functools import cache

from pydantic import TypeAdapter

from rag.privacy import personal_detail
from rag.selection import Selection
from rag.types import Answer, Delta, Done, Event, Hit, Retrieved, Turn, Withdrawn
from rag.wire import Json

HITS_BESIDE = 5
"""Found but uncited passages that are shown and kept beside an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question on the page and what has come back so far."""

    id: str = ""
    """Made by the page; unique within the reader's browser."""
    number: int
    """From 1, within the conversation."""
    question: str
    """Empty where it was not kept, because it held personal details."""
    asked: str = ""
    """When, by the reader's clock: UTC, ISO 8601."""
    selection: Selection = field(default_factory=Selection)
    """The sources that it was put to."""
    within: str = ""
    """The same in words, as the build of that time names them; empty for all sources."""
    hits: tuple[Hit, ...] = ()
    text: str = ""
    """The answer as streamed so far."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """What was streamed and taken back."""
    answer: Answer | None = None
    """The finished answer; None while it streams, or when it failed or was stopped."""
    seal: str = ""
    """Proves that this server made the answer, see ui.seal; empty without one."""
    error: str = ""
    stopped: bool = False

    @property
    def state(self) -> str:
        """running, done, stopped or failed."""
        if self.error:
            return "failed"
        if self.answer is not None:
            return "done"
        return "stopped" if self.stopped else "running"

    def turn(self) -> Turn | None:
        """The exchange as history for a later question; None unless it was finished."""
        return None if self.answer is None else Turn(question=self.question, answer=self.answer.text)

    def after(self, event: Event) -> "Exchange":
        """The exchange after one event of the pipeline."""
        match event:
            case Retrieved(hits=hits):
                return replace(self, hits=hits)
            case Delta(text=text):
                return replace(self, text=self.text + text)
            case Withdrawn(text=text):
                return replace(self, text=self.text.removesuffix(text), withdrawn=(*self.withdrawn, event))
            case Done(answer=answer):
                # What the answer and its passages say already need not be kept twice.
                return replace(self, answer=shortened(answer), hits=(), text="")


def shortened(answer: Answer) -> Answer:
    """The answer with no more hits than are shown: those that it does not cite, the best of them."""
    cited = {citation.passage.id for citation in answer.citations}
    beside = tuple(hit for hit in answer.hits if hit.passage.id not in cited)[:HITS_BESIDE]
    return replace(answer, hits=beside)


def to_record(exchange: Exchange) -> Json:
    """What the browser keeps: one that runs is kept as stopped, which it will be if nothing more comes."""
    private = exchange.question and personal_detail(exchange.question)
    kept = replace(
        exchange,
        question="" if private else exchange.question,
        stopped=exchange.state in ("running", "stopped"),
        hits=(),
    )
    record: Json = _adapter().dump_python(kept, mode="json", exclude_defaults=True)
    return record


def record_text(exchange: Exchange) -> str:
    """The record as ASCII, so that no escaping on the way to the browser can change a character of it."""
    return json.dumps(to_record(exchange), separators=(",", ":"))


def from_records(records: object) -> tuple[Exchange, ...]:
    """What a browser kept, checked; raises pydantic.ValidationError."""
    return _list_adapter().validate_python(records)


@cache
def _adapter() -> TypeAdapter[Exchange]:
    return TypeAdapter(Exchange)


@cache
def _list_adapter() -> TypeAdapter[tuple[Exchange, ...]]:
    return TypeAdapter(tuple[Exchange, ...])
