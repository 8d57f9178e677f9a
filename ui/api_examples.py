"""One answer in each of the API's forms, for the OpenAPI record; made by the converters, so that they cannot drift."""

from typing import Any

from rag.store import KeptAnswer
from rag.types import Answer, Citation, Hit, Outcome, Passage, Sentence, Source
from rag.wire import answer_to_json
from ui.kept import Fate, Ground, Since
from ui.kept_wire import kept_to_json
from ui.wire import passage_to_json, passage_to_record, problem_to_json, search_to_json, source_record

Responses = dict[int | str, dict[str, Any]]

_QUESTION = "Who delivers the Midlands Engine Investment Fund II?"
_QUOTE = "The Midlands Engine Investment Fund II is delivered by the British Business Bank."
_SOURCE = Source(
    id="bbb-meif2",
    title="Midlands Engine Investment Fund II",
    publisher="British Business Bank",
    url="https://www.british-business-bank.co.uk/finance-options/midlands-engine-investment-fund-ii",
    published="2024",
    recorded="2026-11-22",
    status="open",
    topics=("funding",),
    places=("West Midlands",),
    entities=("British Business Bank",),
    theme="funding",
    licence="Apache-2.0",
    sha256="e3b0c442",
)
_PASSAGE = Passage(id="0f3a5c7e9b1d2f40", source_id=_SOURCE.id, text=_QUOTE, start=0, end=len(_QUOTE), tokens=17)
_HIT = Hit(passage=_PASSAGE, source=_SOURCE, score=0.94, rank=1)
_ANSWER = Answer(
    question=_QUESTION,
    standalone_question=_QUESTION,
    outcome=Outcome.ANSWERED,
    reason="",
    text=f"{_QUOTE} [1]",
    sentences=(Sentence(text=_QUOTE, markers=(1,), support=0.94),),
    citations=(Citation(marker=1, passage=_PASSAGE, source=_SOURCE, quote=_QUOTE, start=0, end=len(_QUOTE)),),
    hits=(_HIT,),
    timings_ms={"condense": 0.1, "retrieve": 21.5, "answer": 38.2, "total": 61.0},
    confidence=0.94,
    answerer="extractive",
    index_build="5d0c2a9be1f47386",
)


def _json(example: object, description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"example": example}}}


def _problem(status: int, code: str, message: str, remedy: str = "") -> dict[str, Any]:
    example = problem_to_json(status, code, message, remedy, "/api/ask")
    return {"description": "A problem.", "content": {"application/problem+json": {"example": example}}}


_PROBLEMS: Responses = {
    "4XX": _problem(429, "too_many_questions", "Too many questions from your network: at most 120 in a minute."),
    "5XX": _problem(503, "server_busy", "Too many questions are being asked at this moment.", "Try again."),
}
_STREAM_EXAMPLE = (
    'id: S.1\nevent: retrieved\ndata: {"hits": []}\n\nid: S.2\nevent: delta\ndata: {"text": "…"}\n\n'
    ': still here\n\nid: S.3\nevent: done\ndata: {"question": "…", "outcome": "answered", "text": "…"}\n\n'
)
_RECORD = source_record(_SOURCE)

ASK: Responses = {200: _json(answer_to_json(_ANSWER), "The answer."), **_PROBLEMS}
STREAM: Responses = {
    200: {"description": "The events.", "content": {"text/event-stream": {"example": _STREAM_EXAMPLE}}},
    **_PROBLEMS,
}
SEARCH: Responses = {200: _json(search_to_json("seed rounds", (_HIT,)), "The passages."), **_PROBLEMS}
FEEDBACK: Responses = {201: _json({"stored": True}, "Stored."), **_PROBLEMS}
SOURCES: Responses = {200: _json({"sources": [_RECORD]}, "The sources."), **_PROBLEMS}
SOURCE: Responses = {
    200: _json({**_RECORD, "text": _QUOTE, "passages": [passage_to_json(_PASSAGE)]}, "The source."),
    **_PROBLEMS,
}
PASSAGE: Responses = {200: _json(passage_to_record(_PASSAGE, _SOURCE), "The passage."), **_PROBLEMS}
KEPT: Responses = {
    200: _json(
        kept_to_json(
            KeptAnswer(id="Zk3vJ0m1Qe7yXw9sTb5uRc8d", created="2026-11-27T20:15:00+00:00", answer=_ANSWER),
            (Ground(1, _SOURCE, _PASSAGE, 0, len(_QUOTE), Since(Fate.UNCHANGED, _PASSAGE.id)),),
        ),
        "The answer.",
    ),
    **_PROBLEMS,
}
