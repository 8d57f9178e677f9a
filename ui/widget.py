"""The widget as it is served: one script put together from ui/static/widget, its hash, and the routes around it."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.config import Settings
from ui.api import PREFIXES, allowed_themes
from ui.embed import EmbedPolicy
from ui.escape import escape
from ui.etag import conditional
from ui.examples import examples
from ui.requests import narrowed
from ui.turnstile import Turnstile

FOLDER = Path(__file__).parent / "static" / "widget"
_PARTS = ("head.js", "dom.js", "stream.js", "answer.js", "turn.js", "element.js", "start.js")
_EXAMPLES_MOST = 4
CACHE = "public, max-age=300, stale-while-revalidate=86400"
"""A browser asks again after five minutes, and is mostly told that nothing changed."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The script as one text."""

    script: str
    integrity: str
    """For the `integrity` attribute of a script tag (subresource integrity)."""


def build_bundle(folder: Path = FOLDER) -> Bundle:
    """Put the script together: the labels and the style sheet as strings, then the parts in their order."""
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    css = (folder / "widget.css").read_text(encoding="utf-8")
    parts = [
        '"use strict";',
        f"const LABELS = {json.dumps(labels, ensure_ascii=False, separators=(',', ':'))};",
        f"const CSS = {json.dumps(css)};",
        *((folder / name).read_text(encoding="utf-8") for name in _PARTS),
    ]
    script = "(() => {\n" + "\n".join(parts) + "})();\n"
    digest = hashlib.sha384(script.encode()).digest()
    return Bundle(script, f"sha384-{base64.b64encode(digest).decode()}")


def widget_routes(settings: Settings, policy: EmbedPolicy, pipeline: Turnstile) -> APIRouter:
    """The script, what it asks before the first question, and the page that writes the snippet."""
    router = APIRouter(tags=["widget"])
    bundle = build_bundle()

    @router.get("/widget.js", response_class=Response)
    async def script(request: Request) -> Response:
        """The widget: one script without dependencies. Sends an ETag."""
        return conditional(request, Response(bundle.script, media_type="text/javascript; charset=utf-8"), CACHE)

    @router.get("/widget/demo", response_class=HTMLResponse)
    async def demo(request: Request) -> Response:
        """The widget to try, with a form that writes the tag for another page."""
        return HTMLResponse(demo_page(bundle.integrity))

    def about(
        request: Request,
        theme: Annotated[list[str] | None, Query(max_length=20, description="The widget's own themes.")] = None,
        place: Annotated[list[str] | None, Query(max_length=20, description="The widget's own places.")] = None,
    ) -> JSONResponse:
        """What a widget asks before the first question: whether it is switched off, and what could be asked."""
        selection = narrowed(tuple(theme or ()), tuple(place or ()), allowed_themes(request))
        view = pipeline.selected(selection).store.view()
        body = {
            "off": policy.off_message(),
            "question_chars_max": settings.question_chars_max,
            "examples": [item.question for item in examples(view, _EXAMPLES_MOST)],
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    for prefix in PREFIXES:
        router.add_api_route(f"{prefix}/widget", about, methods=["GET"], include_in_schema=prefix == PREFIXES[0])
    return router


def demo_page(integrity: str) -> str:
    """The page of the configurator; its script fills in what the form says."""
    page = (FOLDER / "demo.html").read_text(encoding="utf-8")
    return page.replace("{integrity}", escape(integrity))
