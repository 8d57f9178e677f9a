"""The chat page over a scripted pipeline, served in this process, so that it can be stopped and started again."""

from contextlib import ExitStack
from typing import cast
from urllib.parse import urlsplit

from fastapi import FastAPI
from scripted import ScriptedPipeline
from threaded_server import served_in_thread

from rag.config import Settings
from rag.pipeline import Pipeline


class ScriptedServer:
    """Serves until `stop`; `start` again takes the same port."""

    def __init__(self, pipeline: ScriptedPipeline, settings: Settings) -> None:
        self.pipeline = pipeline
        self.address = ""
        self._settings = settings
        self._running = ExitStack()

    def start(self) -> None:
        self._run(self._app())

    def restart(self) -> None:
        """Stop and start again, with as short a gap as a process that takes over would leave."""
        app = self._app()
        self.stop()
        self._run(app)

    def stop(self) -> None:
        self._running.close()

    def _app(self) -> FastAPI:
        from ui.server import create_app

        return create_app(self._settings, cast(Pipeline, self.pipeline))

    def _run(self, app: FastAPI) -> None:
        self.address = self._running.enter_context(served_in_thread(app, urlsplit(self.address).port or 0))
