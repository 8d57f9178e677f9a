"""The HTTP API: questions, search, feedback, health. Thin: each route calls the core and converts.

Every route stands below /api, whose form is kept, and below /api/v1, for callers that want to name the version.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from rag.config import Settings
from rag.wire import answer_to_json
from ui import api_examples
from ui.api_answers import answer_page_routes, answer_routes
from ui.api_sources import page_routes, source_routes
from ui.api_stream import Streams, in_time
from ui.embed_gate import THEMES_STATE
from ui.problems import problem
from ui.requests import AskIn, FeedbackIn, narrowed
from ui.turnstile import Turnstile, in_thread
from ui.wire import search_to_json

PREFIXES = ("/api", "/api/v1")
"""The paths of the contract, and the same with the version named."""
SSE_HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def routes(settings: Settings, pipeline: Turnstile) -> APIRouter:
    """Every route of the API over one pipeline."""
    router = APIRouter()
    groups = (_question_routes(settings, pipeline), source_routes(pipeline), answer_routes(settings, pipeline))
    for prefix in PREFIXES:
        for group in groups:
            # Described once: the routes with the version in their path are the same ones.
            router.include_router(group, prefix=prefix, include_in_schema=prefix == PREFIXES[0])
    router.include_router(page_routes(pipeline))
    router.include_router(answer_page_routes(settings, pipeline))
    router.include_router(_health_routes(pipeline))
    return router


def unknown_routes() -> APIRouter:
    """Tells what is no route in the API's own form; included last, before the chat page is mounted at the root."""
    router = APIRouter()

    @router.api_route("/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def unknown(request: Request, rest: str) -> Response:
        message = f"There is no /api/{rest} for this method."
        return problem(request.url.path, 404, "not_found", message, "See /docs.")

    return router


def allowed_themes(request: Request) -> tuple[str, ...]:
    """The only themes that the asking site is answered from; empty for all."""
    themes: tuple[str, ...] = getattr(request.state, THEMES_STATE, ())
    return themes


def _question_routes(settings: Settings, pipeline: Turnstile) -> APIRouter:
    router = APIRouter(tags=["questions"])
    streams = Streams(settings)

    @router.post("/ask", responses=api_examples.ASK)
    async def ask(request: Request, body: AskIn) -> JSONResponse:
        """Answer one question; the same JSON as `wmai ask --json`."""
        asked = pipeline.selected(body.selection(allowed_themes(request)))
        pipeline.check_room()
        answering = in_thread(partial(asked.ask, body.question, body.turns()))
        return JSONResponse(answer_to_json(await in_time(answering, settings.request_timeout_s)))

    @router.post("/ask/stream", responses=api_examples.STREAM)
    async def ask_stream(
        request: Request,
        body: AskIn,
        last_event_id: Annotated[
            str, Header(max_length=100, description="Identifier of the last event that arrived, to go on after it.")
        ] = "",
    ) -> StreamingResponse:
        """Answer one question as server-sent events: retrieved, delta and withdrawn (any number), done or error.

        A comment line is sent where nothing happens for a while. Whoever loses the connection sends the same request
        again with Last-Event-ID and gets the rest; where the answer is no longer held it is begun anew, with other
        identifiers.
        """
        owner = request.headers.get("origin", "")
        frames = streams.resume(last_event_id, owner) if last_event_id else None
        if frames is None:
            asked = pipeline.selected(body.selection(allowed_themes(request)))
            pipeline.check_room()
            frames = await streams.start(asked.stream(body.question, body.turns()), owner)
        return StreamingResponse(frames, media_type="text/event-stream", headers=SSE_HEADERS)

    @router.get("/search", responses=api_examples.SEARCH)
    async def search(
        request: Request,
        q: Annotated[str, Query(description="Words or a question.", examples=["autonomous vehicles testbed"])],
        k: Annotated[int, Query(ge=1, le=100, description="Passages to return.")] = 10,
        theme: Annotated[list[str] | None, Query(max_length=20, description="Search these themes only.")] = None,
        place: Annotated[list[str] | None, Query(max_length=20, description="Only sources about these places.")] = None,
        published_from: Annotated[
            int | None, Query(ge=1900, le=2100, description="Only sources published in this year or later.")
        ] = None,
    ) -> JSONResponse:
        """Passages that a question finds, best first."""
        selection = narrowed(tuple(theme or ()), tuple(place or ()), allowed_themes(request), published_from)
        pipeline.check_room()
        searching = in_thread(partial(pipeline.selected(selection).search, q, k))
        return JSONResponse(search_to_json(q, await in_time(searching, settings.request_timeout_s)))

    @router.post("/feedback", status_code=201, responses=api_examples.FEEDBACK)
    def feedback(body: FeedbackIn) -> JSONResponse:
        """Store a reader's verdict on an answer: rating up or down, with an optional reason and comment.

        A question or comment that holds personal details is refused, and nothing is stored.
        """
        body.check_privacy()
        pipeline.store.add_feedback(
            body.question, body.answer, body.index_build, body.rating, body.reason, body.comment
        )
        return JSONResponse({"stored": True}, status_code=201)

    return router


def _health_routes(pipeline: Turnstile) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        """The process answers; needs no thread, so it does under any load."""
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    def readyz() -> JSONResponse:
        """The store can be read; 503 when it cannot."""
        pipeline.store.refresh()
        view = pipeline.store.view()
        return JSONResponse({"status": "ready", "index_build": view.build_id, "passages": view.passage_count})

    return router
