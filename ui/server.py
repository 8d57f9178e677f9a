"""`wmai serve`: one FastAPI application with the API, the passage pages and the Gradio chat page at its root."""

import os
import socket
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from rag.config import Settings
from rag.errors import ConfigError
from ui.about import about_routes
from ui.api import routes, unknown_routes
from ui.docs_page import docs_page
from ui.embed import EmbedPolicy, read_policy
from ui.embed_gate import EmbedGate
from ui.embed_limits import QuestionLimits
from ui.explore.routes import explore_routes
from ui.mcp_server import mcp_routes
from ui.openai_api import openai_routes
from ui.page_api import chat_routes
from ui.problems import add_handlers
from ui.security import Guard
from ui.staff.door import Door
from ui.staff.install import add_staff, citation_counter
from ui.terminal import err
from ui.turnstile import Turnstile
from ui.widget import widget_routes

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

STATIC = Path(__file__).parent / "static"
# Linked here and not handed to Gradio as css_paths: it would rewrite the selectors and break those in media queries.
_HEAD = (
    '<link rel="icon" href="/site/favicon.svg">'
    + "".join(
        f'<link rel="stylesheet" href="/site/{name}.css">'
        for name in ("tokens", "masthead", "style", "turns", "sources")
    )
    + '<script src="/site/scheme.js" defer></script><script type="module" src="/site/chat/main.js"></script>'
)
SHUTDOWN_S = 5
"""Seconds that running answers are given to end when the server stops."""


def create_app(settings: Settings, pipeline: "Pipeline") -> FastAPI:
    """The whole application; it uses the pipeline and leaves closing it to whoever opened it."""
    app = FastAPI(title="West Midlands AI guide", docs_url=None, redoc_url=None)
    add_handlers(app)
    turnstile = Turnstile(pipeline, settings.concurrency, citation_counter(settings), settings.request_timeout_s)
    door = Door(settings)
    app.include_router(routes(settings, turnstile))
    policy = read_policy(settings)
    app.include_router(chat_routes(settings, turnstile))
    app.include_router(widget_routes(settings, policy, turnstile))
    app.include_router(openai_routes(settings, turnstile))
    app.include_router(mcp_routes(settings, turnstile))
    add_staff(app, settings, turnstile, door)
    app.include_router(explore_routes(turnstile))
    app.include_router(about_routes(settings, turnstile))
    app.include_router(unknown_routes())
    app.mount("/site", StaticFiles(directory=STATIC), name="site")

    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi()))

    _mount_page(app, settings, turnstile)
    _add_doors(app, settings, policy, door)
    return app


def _add_doors(app: FastAPI, settings: Settings, policy: EmbedPolicy, door: Door) -> None:
    """What every request passes, outermost last: compression, who may embed, sizes and security headers."""
    app.add_middleware(GZipMiddleware)
    app.add_middleware(EmbedGate, policy=policy, limits=QuestionLimits(settings))
    app.add_middleware(
        Guard,
        bytes_max=settings.request_bytes_max,
        body_s=settings.request_timeout_s,
        frame_ancestors=policy.frame_ancestors(),
        upload_bytes=door.upload_bytes,
    )


def run(settings: Settings, *, open_browser: bool = False) -> None:
    """Serve until interrupted; `open_browser` shows the page in the reader's browser where there is one.

    Raises:
        ConfigError: the address cannot be listened on.
        WmaiError: the store or the model cannot be opened, as `Pipeline.open` says.
    """
    import uvicorn

    from rag.pipeline import Pipeline

    listener = _listener(settings)
    with listener, Pipeline.open(settings) as pipeline:
        config = uvicorn.Config(
            create_app(settings, pipeline),
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        err().print(f"Serving on http://{shown}:{port} (Ctrl-C stops)", markup=False)
        if open_browser:
            # The listener takes connections already; the page comes as soon as the server runs.
            webbrowser.open(f"http://{shown}:{port}")
        uvicorn.Server(config).run(sockets=[listener])


def _mount_page(app: FastAPI, settings: Settings, pipeline: Turnstile) -> None:
    # Gradio would otherwise report its start to its makers; this must be set before it is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    from ui.page import ChatPage
    from ui.theme import theme

    gradio.mount_gradio_app(
        app,
        ChatPage(pipeline, settings).blocks(),
        path="/",
        theme=theme(),
        head=_HEAD,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        show_error=False,
        favicon_path=str(STATIC / "favicon.svg"),
    )


def _listener(settings: Settings) -> socket.socket:
    """A bound socket: taken before anything slow is loaded, so that a taken port is known at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror or error}).",
            "Name another with: wmai serve --port 0",
        ) from error
