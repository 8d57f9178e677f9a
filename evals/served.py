"""`wmai serve` in a process of its own, and the memory that it takes."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from evals.errors import EvalError
from rag.config import Settings

SAMPLE_S = 1.0
"""Between two looks at the server's memory."""
STOP_S = 30.0
SERVING = "Serving on "


class ServeError(EvalError):
    """A server could not be started."""


@dataclass
class Served:
    """A running server."""

    address: str
    process_id: int
    resident_mb: list[float] = field(default_factory=list)
    """Its memory in megabytes (10^6 bytes), looked at every SAMPLE_S."""

    async def watch(self) -> None:
        """Look at its memory until cancelled."""
        process = psutil.Process(self.process_id)
        while True:
            self.resident_mb.append(process.memory_info().rss / 1e6)
            await asyncio.sleep(SAMPLE_S)


@contextmanager
def serving(settings: Settings, **env: str) -> Iterator[Served]:
    """A server on a free loopback port over the store that the settings name; gone afterwards.

    Raises:
        ServeError: it does not start.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--host", "127.0.0.1", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "WMAI_STORE": str(settings.store), **env},
    )
    try:
        assert process.stderr is not None  # noqa: S101 - it is a pipe
        said = []
        # Warnings may come before the line with the address; without one the process has ended.
        for line in process.stderr:
            said.append(line)
            if SERVING in line:
                break
        else:
            raise ServeError(f"The server did not start: {''.join(said)}", "Run: wmai doctor")
        # What the server writes later must not fill the pipe and stop it.
        with subprocess.Popen(["cat"], stdin=process.stderr, stdout=sys.stderr):  # noqa: S607
            try:
                yield Served(line.partition(SERVING)[2].split()[0], process.pid)
            finally:
                # Also where the caller failed: cat, which is waited for here, ends with the server alone.
                process.terminate()
                process.wait(STOP_S)
    finally:
        process.kill()
        process.wait()
