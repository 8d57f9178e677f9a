"""Runs `index` in children that are killed on request; a module that killed_runs.py starts as a process.

A line "DELAY" on stdin forks a child that indexes and is killed after that many seconds ("inf": never). One line
comes back: the child's exit status as os.waitpid gives it, its seconds, and the stage that it was in. Children are
forked from a process that has imported everything, because seconds of imports in each would leave no time for kills.
All documents are sound: a run that refuses one says why on stderr and ends with status 1.
"""

import os
import signal
import sys
import time
from pathlib import Path

# Imported here to be there already in each child.
import chromadb  # noqa: F401
import onnxruntime  # noqa: F401

from ingest.sync import index
from rag.config import Settings


class Stages:
    """Notes the stage in a file that outlives the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.begin("start", 0)

    def begin(self, stage: str, total: int) -> None:
        del total
        fresh = self._path.with_suffix(".new")
        fresh.write_text(stage, encoding="utf-8")
        fresh.replace(self._path)

    def advance(self, count: int = 1) -> None:
        """Not noted."""


def main(store: Path, corpus: Path, notes: Path, *paths: Path) -> None:
    settings = Settings(store=store, corpus=corpus)
    Stages(notes)
    for line in sys.stdin:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            refused = index(settings, paths, progress=Stages(notes)).refused
            sys.stderr.writelines(f"Refused {problem}\n" for problem in refused)
            sys.stderr.flush()
            os._exit(1 if refused else 0)
        status = wait_or_kill(child, started + float(line))
        sys.stdout.write(f"{status} {time.monotonic() - started:.4f} {notes.read_text(encoding='utf-8')}\n")
        sys.stdout.flush()


def wait_or_kill(child: int, deadline: float) -> int:
    """The child's exit status; at the deadline it is killed. A child that is not waited for keeps its number."""
    while time.monotonic() < deadline:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return status
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
