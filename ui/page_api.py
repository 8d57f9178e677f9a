"""What the chat page's scripts ask of the server beside questions: filters, turns drawn anew, links to answers."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from rag.config import Settings
from rag.errors import NotKept
from rag.selection import Selection
from ui.examples import examples_html
from ui.exchange import Exchange
from ui.facets import facets
from ui.kept import keep
from ui.panel import panel_group
from ui.render import exchange_html
from ui.seal import Sealer
from ui.turnstile import Turnstile

TURNS_MAX = 200
"""Turns drawn anew with one request."""


class LinkIn(BaseModel):
    """A turn as the browser kept it, whose answer is to have an address."""

    model_config = ConfigDict(frozen=True)

    turn: Exchange


def chat_routes(settings: Settings, pipeline: Turnstile) -> APIRouter:
    """Routes for the page's own scripts; their form may change with the page."""
    router = APIRouter(prefix="/chat", include_in_schema=False)
    sealer = Sealer(settings.store)

    @router.get("/filters")
    def filters() -> JSONResponse:
        """Themes, places and years that questions can be narrowed to."""
        pipeline.store.refresh()
        view = pipeline.store.view()
        return JSONResponse(facets(view.sources(), view.theme_names()))

    @router.post("/examples")
    def examples(selection: Selection) -> JSONResponse:
        """Example questions that are answered within the filters in force, as HTML."""
        pipeline.store.refresh()
        return JSONResponse({"html": examples_html(pipeline.selected(selection).store.view())})

    @router.post("/turns")
    def turns(turns: Annotated[tuple[Exchange, ...], Body(embed=True), Field(max_length=TURNS_MAX)]) -> JSONResponse:
        """Turns that a browser kept, as HTML in their order: whatever it kept passes through the same escaping."""
        today = date.today()
        return JSONResponse({"turns": [exchange_html(turn, today) + panel_group(turn, today) for turn in turns]})

    @router.post("/links", status_code=201)
    def links(body: LinkIn) -> JSONResponse:
        """Give an answer of this guide an address of its own, where it stays as it is."""
        answer = body.turn.answer
        if answer is None or not sealer.holds(answer, body.turn.seal):
            raise NotKept("This answer cannot be told from one that was made up.", "Ask again, then press Link.")
        return JSONResponse({"address": keep(settings, answer)}, status_code=201)

    return router
