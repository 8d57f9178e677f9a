"""The HTTP API: questions, search, sources, passages and feedback. Thin: each route calls the core and converts."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from rag.errors import WmaiError
from rag.types import Delta, Done, Event, Retrieved, Withdrawn
from rag.wire import Json, answer_to_json, hit_to_json
from ui.passage_page import passage_page
from ui.requests import FeedbackIn, QuestionIn
from ui.turnstile import Turnstile
from ui.wire import error_code, error_to_json, passage_to_json, search_to_json, source_record

_SSE_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def routes(pipeline: Turnstile) -> APIRouter:
    """Every route of the API over one pipeline. Plain functions: the server runs them in threads."""
    router = APIRouter()
    _question_routes(router, pipeline)
    _source_routes(router, pipeline)
    _health_routes(router, pipeline)

    # Last, and before the chat page is mounted at the root: what is no route here is told in the API's own form.
    @router.api_route("/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def unknown(rest: str) -> JSONResponse:
        return JSONResponse(error_to_json("not_found", f"There is no /api/{rest} for this method.", "See /docs."), 404)

    return router


def _question_routes(router: APIRouter, pipeline: Turnstile) -> None:
    @router.post("/api/ask", tags=["questions"])
    def ask(body: QuestionIn) -> JSONResponse:
        """Answer one question; the same JSON as `wmai ask --json`."""
        return JSONResponse(answer_to_json(pipeline.ask(body.question, body.turns())))

    @router.post("/api/ask/stream", tags=["questions"])
    def ask_stream(body: QuestionIn) -> StreamingResponse:
        """Answer one question as server-sent events: retrieved, delta or withdrawn (any number), done or error."""
        events = pipeline.stream(body.question, body.turns())
        # The first event is drawn here, so that a question that cannot be used is a plain 400 and not a stream.
        first = next(events)
        stream = _server_sent(chain([first], events))
        return StreamingResponse(stream, media_type="text/event-stream", headers=_SSE_HEADERS)

    @router.get("/api/search", tags=["questions"])
    def search(
        q: Annotated[str, Query(description="Words or a question.", examples=["autonomous vehicles testbed"])],
        k: Annotated[int, Query(ge=1, le=100, description="Passages to return.")] = 10,
    ) -> JSONResponse:
        """Passages that a question finds, best first."""
        return JSONResponse(search_to_json(q, pipeline.search(q, k)))

    @router.post("/api/feedback", tags=["questions"], status_code=201)
    def feedback(body: FeedbackIn) -> JSONResponse:
        """Store a reader's verdict on an answer: rating up or down, with an optional reason and comment."""
        pipeline.store.add_feedback(body.question, body.answer, body.index_build, body.rating, body.reason_text())
        return JSONResponse({"stored": True}, status_code=201)


def _source_routes(router: APIRouter, pipeline: Turnstile) -> None:
    @router.get("/api/sources", tags=["sources"])
    def sources() -> JSONResponse:
        """Every source that is held, without its text."""
        return JSONResponse({"sources": [source_record(source) for source in pipeline.store.sources()]})

    @router.get("/api/sources/{source_id}", tags=["sources"])
    def source(source_id: str) -> JSONResponse:
        """One source with its text and its passages."""
        view = pipeline.store.view()
        held = source_record(view.source(source_id))
        passages = [passage_to_json(passage) for passage in view.source_passages(source_id)]
        return JSONResponse({**held, "text": view.source_text(source_id), "passages": passages})

    @router.get("/passages/{passage_id}", tags=["sources"], response_class=HTMLResponse)
    def passage(
        passage_id: str,
        quote: Annotated[str, Query(max_length=20_000, description="Words of the passage to mark.")] = "",
    ) -> HTMLResponse:
        """A readable page: the source's text with the passage in its place and the quote marked."""
        view = pipeline.store.view()
        (found,) = view.passages([passage_id])
        held, text = view.source(found.source_id), view.source_text(found.source_id)
        return HTMLResponse(passage_page(held, text, found, quote, date.today()))


def _health_routes(router: APIRouter, pipeline: Turnstile) -> None:
    @router.get("/healthz", tags=["health"])
    async def healthz() -> JSONResponse:
        """The process answers; needs no thread, so it does under any load."""
        return JSONResponse({"status": "ok"})

    @router.get("/readyz", tags=["health"])
    def readyz() -> JSONResponse:
        """The store can be read; 503 when it cannot."""
        pipeline.store.refresh()
        view = pipeline.store.view()
        return JSONResponse({"status": "ready", "index_build": view.build_id, "passages": view.passage_count})


def _server_sent(events: Iterator[Event]) -> Iterator[str]:
    """The pipeline's events in the event-stream format; an error ends the stream as an event of its own."""
    try:
        for event in events:
            yield _frame(*_named(event))
    except WmaiError as error:
        yield _frame("error", error_to_json(error_code(error), error.message, error.remedy))


def _named(event: Event) -> tuple[str, Json]:
    match event:
        case Retrieved(hits=hits):
            return "retrieved", {"hits": [hit_to_json(hit) for hit in hits]}
        case Delta(text=text):
            return "delta", {"text": text}
        case Withdrawn(text=text, reason=reason):
            return "withdrawn", {"text": text, "reason": reason}
        case Done(answer=answer):
            return "done", answer_to_json(answer)


def _frame(name: str, data: Json) -> str:
    # JSON escapes line ends, so the data always fits one line of the format.
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
