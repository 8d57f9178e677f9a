"""What every request and response passes: a size limit, closed doors, and the security headers."""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import problem

PAGE_POLICY = (
    # Gradio builds its page with inline scripts and compiles its templates as it runs; everything else is refused,
    # so that no text can load anything from another machine.
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'"
)
PLAIN_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
"""For pages of our own that need no script."""
WIDGET_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""For the page that shows the widget: as strict as any site that embeds it may be."""
FORM_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'"
)
"""For pages whose forms go to this server, such as those of staff: nothing inline runs."""
_POLICIES = (
    (("/staff", "/explore", "/about"), FORM_POLICY),
    (("/passages/", "/answers/", "/docs", "/api/", "/v1/", "/mcp"), PLAIN_POLICY),
    (("/widget",), WIDGET_POLICY),
)
_OWN_FRAMES = "frame-ancestors 'self'"
_FRAMED_PATHS = ("/passages/",)
"""Pages, beside the chat page, that a site which may embed the widget may also put into a frame."""
_CLOSED_PATHS = ("/gradio_api/upload",)
"""Doors of Gradio that the guide has no use for: nothing is ever uploaded."""


class Guard:
    """ASGI middleware: refuses a body that is too large or too slow and sets the headers of every response.

    `frame_ancestors` is the directive for the pages that other sites may put into a frame; `upload_bytes` gives the
    limit of a request that is an upload by someone who may, and None of all others.
    """

    def __init__(
        self,
        app: ASGIApp,
        bytes_max: int,
        body_s: float,
        frame_ancestors: str = _OWN_FRAMES,
        upload_bytes: Callable[[Scope], int | None] = lambda _scope: None,
    ) -> None:
        self._app = app
        self._bytes_max = bytes_max
        self._upload_bytes = upload_bytes
        self._body_s = body_s
        self._frame_ancestors = frame_ancestors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        guarded = _with_headers(send, self._policy(path))
        if path.startswith(_CLOSED_PATHS):
            await problem(path, 404, "not_found", f"There is nothing at {path}.")(scope, receive, guarded)
            return
        if scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, guarded)
            return
        try:
            bytes_max = self._upload_bytes(scope) or self._bytes_max
            body = await asyncio.wait_for(_body(receive, bytes_max), self._body_s)
        except TimeoutError:
            late = f"The request did not arrive within {self._body_s:g} seconds."
            await problem(path, 408, "request_timeout", late, "Send it again.")(scope, receive, guarded)
            return
        if body is None:
            large = f"The request is larger than {bytes_max:,} bytes."
            await problem(path, 413, "too_large", large, "Send less at once.")(scope, receive, guarded)
            return
        await self._app(scope, _replayed(body, receive), guarded)

    def _policy(self, path: str) -> str:
        policy = next((policy for paths, policy in _POLICIES if path.startswith(paths)), PAGE_POLICY)
        framed = path == "/" or path.startswith(_FRAMED_PATHS)
        return f"{policy}; {self._frame_ancestors if framed else _OWN_FRAMES}"


async def _body(receive: Receive, bytes_max: int) -> bytes | None:
    """The whole body, or None as soon as it grows over the limit; what a client announces is not trusted."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > bytes_max:
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
        # Nothing is told to other sites; our own forms still say where they come from, which the embed gate asks.
        (b"referrer-policy", b"same-origin"),
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
