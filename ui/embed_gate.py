"""ASGI middleware that lets in whom the embed policy allows, answers CORS, and counts questions."""

import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.embed import EmbedPolicy, is_own
from ui.embed_limits import QuestionLimits
from ui.problems import problem

THEMES_STATE = "embed_themes"
"""Name in a request's state of the only themes that the asking site is answered from; empty for all."""
_WIDGET_PATHS = re.compile(r"/api(?:/v1)?/(?:widget|ask|ask/stream|search|feedback|passages/[^/]+)")
"""What a widget calls. Only these are ever opened to another site."""
_COUNTED_PATHS = re.compile(
    r"/api(?:/v1)?/(?:ask|ask/stream|search|feedback)|/v1/chat/completions|/mcp/?|/gradio_api/queue/join|/chat/links"
)
_PUBLIC_PATHS = frozenset({"/widget.js"})
"""Without anything of the guide's in them: any page may load them, the policy decides about what they then call."""
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_PREFLIGHT_S = 600
"""Seconds for which a browser may keep the answer to a preflight request."""


class EmbedGate:
    """Refuses what another site may not send, and adds the CORS headers to what it may."""

    def __init__(self, app: ASGIApp, policy: EmbedPolicy, limits: QuestionLimits) -> None:
        self._app = app
        self._policy = policy
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] == "websocket":
            # Nothing here speaks it, and browsers open it across sites without asking.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        own = is_own(origin, headers.get("host", ""), headers.get("sec-fetch-site", ""))
        foreign = None if own else origin
        shared = foreign is not None and self._policy.allows(foreign) and bool(_WIDGET_PATHS.fullmatch(scope["path"]))
        answer = self._refusal(scope, headers, foreign, own, shared)
        scope.setdefault("state", {})[THEMES_STATE] = self._policy.themes(foreign) if shared and foreign else ()
        app = self._app if answer is None else answer
        await app(scope, receive, _cors(send, foreign if shared else None, scope["path"] in _PUBLIC_PATHS))

    def _refusal(self, scope: Scope, headers: Headers, foreign: str | None, own: bool, shared: bool) -> Response | None:
        """The answer that ends the request here; None to let it pass."""
        path, method = scope["path"], scope["method"]
        if path in _PUBLIC_PATHS:
            return None
        if method == "OPTIONS" and "access-control-request-method" in headers:
            return _preflight() if shared else _not_allowed(path, foreign)
        widget_path = bool(_WIDGET_PATHS.fullmatch(path))
        if not own and not shared and (method not in _SAFE_METHODS or (widget_path and foreign is not None)):
            return _not_allowed(path, foreign)
        off = self._policy.off_message() if shared and not path.endswith("/widget") else None
        if off is not None:
            return problem(path, 503, "widget_off", off)
        if _COUNTED_PATHS.fullmatch(path):
            client = scope.get("client")
            excess = self._limits.take(client[0] if client else "", foreign if shared else None)
            if excess is not None:
                wait = {"Retry-After": str(excess.wait_s)}
                return problem(path, 429, "too_many_questions", excess.message, headers=wait)
        return None


def _preflight() -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type, Last-Event-ID",
            "Access-Control-Max-Age": str(_PREFLIGHT_S),
        },
    )


def _not_allowed(path: str, origin: str | None) -> Response:
    message = f"Pages of {origin or 'another site'} may not use the guide."
    remedy = "Whoever runs the guide can allow the site by naming its exact origin in WMAI_EMBED_ORIGINS."
    return problem(path, 403, "origin_not_allowed", message, remedy)


def _cors(send: Send, origin: str | None, public: bool) -> Send:
    """Sends with the CORS headers for `origin`; whatever an application inside says of CORS is dropped."""

    async def shared(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": list(_opened(message.get("headers", ()), origin))}
            headers = MutableHeaders(raw=message["headers"])
            headers.add_vary_header("Origin")
            if public:
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            elif origin is not None:
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = "Retry-After, ETag"
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            else:
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
        await send(message)

    return shared


def _opened(headers: Iterable[tuple[bytes, bytes]], origin: str | None) -> Iterable[tuple[bytes, bytes]]:
    kept = (b"access-control-allow-methods", b"access-control-allow-headers", b"access-control-max-age")
    for name, value in headers:
        lower = name.lower()
        if not lower.startswith(b"access-control-") or (origin is not None and lower in kept):
            yield name, value
