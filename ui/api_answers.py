"""The routes of kept answers: the page that people are sent, and its JSON."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.config import Settings
from rag.store import KeptAnswer, KeptAnswers
from ui import api_examples
from ui.etag import conditional
from ui.kept import ADDRESS, Ground, grounds
from ui.kept_page import kept_page
from ui.kept_wire import kept_to_json
from ui.turnstile import Turnstile

_UNLISTED = {"X-Robots-Tag": "noindex"}


def answer_routes(settings: Settings, pipeline: Turnstile) -> APIRouter:
    """Kept answers as JSON, below the API's prefix."""
    router = APIRouter(tags=["questions"])

    @router.get("/answers/{answer_id}", responses=api_examples.KEPT)
    def answer(request: Request, answer_id: str) -> Response:
        """A kept answer as it was, and what has become of its sources since. Sends an ETag."""
        kept = KeptAnswers(settings).get(answer_id)
        body = kept_to_json(kept, _grounds(kept, pipeline))
        return conditional(request, JSONResponse(body, headers=_UNLISTED))

    return router


def answer_page_routes(settings: Settings, pipeline: Turnstile) -> APIRouter:
    """The page of a kept answer, for people."""
    router = APIRouter(tags=["questions"])

    @router.get(ADDRESS + "{answer_id}", response_class=HTMLResponse)
    def page(request: Request, answer_id: str) -> Response:
        """A readable page: a kept answer with its passages as they were, and what has changed since. Sends an ETag."""
        kept = KeptAnswers(settings).get(answer_id)
        html = kept_page(kept, _grounds(kept, pipeline), date.today())
        return conditional(request, HTMLResponse(html, headers=_UNLISTED))

    return router


def _grounds(kept: KeptAnswer, pipeline: Turnstile) -> tuple[Ground, ...]:
    pipeline.store.refresh()
    return grounds(kept.answer, pipeline.store.view())
