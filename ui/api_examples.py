"""One real answer in each of the API's forms, for the OpenAPI record."""

from typing import Any

from rag.wire import Json

Responses = dict[int | str, dict[str, Any]]

_SOURCE: Json = {
    "id": "bbb-meif2",
    "title": "Midlands Engine Investment Fund II",
    "publisher": "British Business Bank",
    "url": "https://www.british-business-bank.co.uk/finance-options/midlands-engine-investment-fund-ii",
    "published": "2024",
    "homes": [],
}
_QUOTE = "The Midlands Engine Investment Fund II is delivered by the British Business Bank."
_HIT: Json = {
    "passage_id": "0f3a5c7e9b1d2f40",
    "source_id": "bbb-meif2",
    "score": 0.94,
    "rank": 1,
    "text": _QUOTE,
}
ANSWER_EXAMPLE: Json = {
    "question": "Who delivers the Midlands Engine Investment Fund II?",
    "standalone_question": "Who delivers the Midlands Engine Investment Fund II?",
    "outcome": "answered",
    "reason": "",
    "text": f"{_QUOTE} [1]",
    "sentences": [{"text": _QUOTE, "markers": [1], "support": 0.94}],
    "citations": [
        {
            "marker": 1,
            "passage_id": "0f3a5c7e9b1d2f40",
            "quote": _QUOTE,
            "start": 0,
            "end": len(_QUOTE),
            "page": None,
            "source": _SOURCE,
        }
    ],
    "hits": [_HIT],
    "suggestions": [],
    "timings_ms": {"condense": 0.1, "retrieve": 21.5, "answer": 38.2, "total": 61.0},
    "answerer": "extractive",
    "index_build": "5d0c2a9be1f47386",
}
PASSAGE_EXAMPLE: Json = {
    "passage_id": "0f3a5c7e9b1d2f40",
    "source_id": "bbb-meif2",
    "heading": "",
    "text": _QUOTE,
    "start": 0,
    "end": len(_QUOTE),
    "tokens": 17,
    "source": _SOURCE,
    "page": "/passages/0f3a5c7e9b1d2f40",
}
_RECORD: Json = {
    **_SOURCE,
    "recorded": "2026-11-22",
    "valid_until": None,
    "status": "open",
    "topics": ["funding"],
    "places": ["West Midlands"],
    "entities": ["British Business Bank"],
    "theme": "funding",
    "licence": "Apache-2.0",
    "sha256": "e3b0c442…",
}
PROBLEM_EXAMPLE: Json = {
    "type": "/docs#too_many_questions",
    "title": "Too many questions",
    "status": 429,
    "detail": "Too many questions from your network: at most 120 in a minute. Try again in 21 seconds.",
    "instance": "/api/ask",
    "error": {
        "code": "too_many_questions",
        "message": "Too many questions from your network: at most 120 in a minute. Try again in 21 seconds.",
        "remedy": "",
    },
}


def _json(example: object, description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"example": example}}}


_PROBLEM: Responses = {
    "4XX": {"description": "A problem.", "content": {"application/problem+json": {"example": PROBLEM_EXAMPLE}}},
    "5XX": {"description": "A problem.", "content": {"application/problem+json": {"example": PROBLEM_EXAMPLE}}},
}
_STREAM_EXAMPLE = (
    'id: S.1\nevent: retrieved\ndata: {"hits": []}\n\nid: S.2\nevent: delta\ndata: {"text": "…"}\n\n'
    ': still here\n\nid: S.3\nevent: done\ndata: {"question": "…", "outcome": "answered", "text": "…"}\n\n'
)

ASK: Responses = {200: _json(ANSWER_EXAMPLE, "The answer."), **_PROBLEM}
STREAM: Responses = {
    200: {"description": "The events.", "content": {"text/event-stream": {"example": _STREAM_EXAMPLE}}},
    **_PROBLEM,
}
SEARCH: Responses = {
    200: _json({"query": "seed rounds", "hits": [{**_HIT, "source": _SOURCE}]}, "The passages."),
    **_PROBLEM,
}
FEEDBACK: Responses = {201: _json({"stored": True}, "Stored."), **_PROBLEM}
SOURCES: Responses = {200: _json({"sources": [_RECORD]}, "The sources."), **_PROBLEM}
SOURCE: Responses = {200: _json({**_RECORD, "text": _QUOTE, "passages": []}, "The source."), **_PROBLEM}
PASSAGE: Responses = {200: _json(PASSAGE_EXAMPLE, "The passage."), **_PROBLEM}
