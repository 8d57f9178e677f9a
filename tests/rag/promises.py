"""What every stream of a guide with a chat model has to keep."""

from rag.cite import unmatched
from rag.generate.answerer import DISSENT, NOT_HELD, UNAVAILABLE
from rag.generate.check import REASONS
from rag.types import Answer, Delta, Done, Event, Retrieved, Withdrawn


def assert_promises(events: list[Event]) -> Answer:
    """The stream adds up to the answer's text, and every citation holds."""
    shown = ""
    for event in events:
        if isinstance(event, Delta):
            shown += event.text
        if isinstance(event, Withdrawn):
            assert event.text
            assert shown.endswith(event.text)
            assert event.reason in (*REASONS, UNAVAILABLE, NOT_HELD, DISSENT)
            shown = shown[: -len(event.text)]
    assert isinstance(events[0], Retrieved)
    assert isinstance(events[-1], Done)
    answer = events[-1].answer
    assert shown == answer.text or not answer.outcome.is_answer
    assert not unmatched(answer.text, answer.citations)
    for citation in answer.citations:
        assert citation.passage.text[citation.start : citation.end] == citation.quote
    assert bool(answer.citations) == answer.outcome.is_answer
    return answer
