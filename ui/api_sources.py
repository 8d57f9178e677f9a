"""The routes about what is held: sources, passages, and the readable page of a passage."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.store import View
from rag.types import Passage
from rag.wire import Json
from ui import api_examples
from ui.embed_gate import THEMES_STATE
from ui.etag import conditional
from ui.passage_page import passage_page
from ui.requests import narrowed
from ui.turnstile import Turnstile
from ui.wire import passage_to_json, passage_to_record, source_record


def source_routes(pipeline: Turnstile) -> APIRouter:
    """Sources and passages as JSON, below the API's prefix."""
    router = APIRouter(tags=["sources"])

    @router.get("/sources", responses=api_examples.SOURCES)
    def sources(request: Request) -> Response:
        """Every source that is held, without its text. Sends an ETag."""
        held = [source_record(source) for source in pipeline.store.sources()]
        return conditional(request, JSONResponse({"sources": held}))

    @router.get("/sources/{source_id}", responses=api_examples.SOURCE)
    def source(request: Request, source_id: str) -> Response:
        """One source with its text and its passages. Sends an ETag."""
        view = pipeline.store.view()
        held = source_record(view.source(source_id))
        passages = [passage_to_json(passage) for passage in view.source_passages(source_id)]
        body = {**held, "text": view.source_text(source_id), "passages": passages}
        return conditional(request, JSONResponse(body))

    @router.get("/passages/{passage_id}", responses=api_examples.PASSAGE)
    def passage(request: Request, passage_id: str) -> Response:
        """One passage with its source. Sends an ETag."""
        selection = narrowed((), (), getattr(request.state, THEMES_STATE, ()))
        view = pipeline.selected(selection).store.view()
        return conditional(request, JSONResponse(passage_record(view, passage_id)))

    return router


def page_routes(pipeline: Turnstile) -> APIRouter:
    """The page of a passage, for people."""
    router = APIRouter(tags=["sources"])

    @router.get("/passages/{passage_id}", response_class=HTMLResponse)
    def page(
        request: Request,
        passage_id: str,
        quote: Annotated[str, Query(max_length=20_000, description="Words of the passage to mark.")] = "",
    ) -> Response:
        """A readable page: the source's text with the passage in its place and the quote marked. Sends an ETag."""
        view = pipeline.store.view()
        found = _passage(view, passage_id)
        held, text = view.source(found.source_id), view.source_text(found.source_id)
        return conditional(request, HTMLResponse(passage_page(held, text, found, quote, date.today())))

    return router


def passage_record(view: View, passage_id: str) -> Json:
    """A passage as JSON with its source and its own page's address on this server; raises UnknownPassage."""
    found = _passage(view, passage_id)
    return passage_to_record(found, view.source(found.source_id))


def _passage(view: View, passage_id: str) -> Passage:
    (found,) = view.passages([passage_id])
    return found
