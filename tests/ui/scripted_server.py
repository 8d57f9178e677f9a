"""The chat page over a scripted pipeline, served in this process, so that it can be stopped and started again."""

import threading
from typing import cast

import uvicorn
from fastapi import FastAPI
from scripted import ScriptedPipeline

from rag.config import Settings
from rag.pipeline import Pipeline


class ScriptedServer:
    """Serves until `stop`; `start` again takes the same port."""

    def __init__(self, pipeline: ScriptedPipeline, settings: Settings) -> None:
        self.pipeline = pipeline
        self._settings = settings
        self._port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._run(self._app())

    def restart(self) -> None:
        """Stop and start again, with as short a gap as a process that takes over would leave."""
        app = self._app()
        self.stop()
        self._run(app)

    def _app(self) -> FastAPI:
        from ui.server import create_app

        return create_app(self._settings, cast(Pipeline, self.pipeline))

    def _run(self, app: FastAPI) -> None:
        config = uvicorn.Config(app, port=self._port, log_level="warning", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        waiting = threading.Event()
        while not self._server.started:
            assert self._thread.is_alive()
            waiting.wait(0.05)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=30)
