"""What every request and response passes: a size limit, closed doors, and the security headers."""

from collections.abc import MutableMapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.wire import error_to_json

PAGE_POLICY = (
    # Gradio builds its page with inline scripts and compiles its templates as it runs; everything else is refused,
    # so that no text can load anything from another machine.
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""For pages of our own that need no script."""
_PLAIN_PATHS = ("/passages/", "/docs", "/api/")
_CLOSED_PATHS = ("/gradio_api/upload",)
"""Doors of Gradio that the guide has no use for: nothing is ever uploaded."""


class Guard:
    """ASGI middleware: answers 413 to a request body over the limit and sets the headers of every response."""

    def __init__(self, app: ASGIApp, bytes_max: int) -> None:
        self._app = app
        self._bytes_max = bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        guarded = _with_headers(send, PLAIN_POLICY if path.startswith(_PLAIN_PATHS) else PAGE_POLICY)
        if path.startswith(_CLOSED_PATHS):
            refusal = JSONResponse(error_to_json("not_found", f"There is nothing at {path}."), status_code=404)
            await refusal(scope, receive, guarded)
            return
        if scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, guarded)
            return
        body = await self._body(receive)
        if body is None:
            message = f"The request is larger than {self._bytes_max:,} bytes."
            refusal = JSONResponse(error_to_json("too_large", message, "Send less at once."), status_code=413)
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, _replayed(body, receive), guarded)

    async def _body(self, receive: Receive) -> bytes | None:
        """The whole body, or None as soon as it grows over the limit; what a client announces is not trusted."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return bytes(body)
            body += message.get("body", b"")
            if len(body) > self._bytes_max:
                return None
            if not message.get("more_body", False):
                return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A receive channel that gives the body that was read, then goes on as before."""
    given = False

    async def replay() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_headers(send: Send, policy: str) -> Send:
    extra = (
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
    )

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in extra}
            kept = [item for item in message.get("headers", ()) if item[0].lower() not in names]
            message = {**message, "headers": [*kept, *extra]}
        await send(message)

    return guarded
