"""OpenAI-compatible routes, so that programs written for that API can ask the guide by changing one address."""

import secrets
import time
from collections.abc import AsyncIterator
from functools import partial

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response, StreamingResponse

from rag.config import Settings
from ui.api import SSE_HEADERS
from ui.api_stream import in_time
from ui.openai_wire import MODEL, CompletionIn, chunks, completion
from ui.turnstile import Turnstile, in_thread


def openai_routes(settings: Settings, pipeline: Turnstile) -> APIRouter:
    """Chat completions and the list of the one model."""
    router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])

    @router.post("/chat/completions")
    async def complete(body: CompletionIn) -> Response:
        """Answer the last message. The text carries markers and references, `annotations` the addresses,
        `wmai` the whole answer. A stream begins when the answer has been checked against its sources.
        """
        asked = body.question()
        pipeline.check_room()
        answering = in_thread(partial(pipeline.ask, asked.question, asked.turns()))
        answer = await in_time(answering, settings.request_timeout_s)
        id_, created_s = f"chatcmpl-{secrets.token_urlsafe(12)}", int(time.time())
        if not body.stream:
            return JSONResponse(completion(body, answer, id_, created_s))

        async def frames() -> AsyncIterator[str]:
            for frame in chunks(body, answer, id_, created_s):
                yield frame

        return StreamingResponse(frames(), media_type="text/event-stream", headers=SSE_HEADERS)

    @router.get("/models")
    async def models() -> JSONResponse:
        """The one model there is."""
        one = {"id": MODEL, "object": "model", "created": 0, "owned_by": "wmai"}
        return JSONResponse({"object": "list", "data": [one]})

    return router
