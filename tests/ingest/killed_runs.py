"""Index runs in a process of its own that is killed when a test says so, and what a reader finds afterwards."""

import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.config import Settings
from rag.errors import StoreMissing
from rag.store import Store


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    killed: bool
    seconds: float
    stage: str


class Worker:
    """Index runs in processes of their own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, kill_after_s: float = math.inf) -> Ended:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{kill_after_s}\n")
        self._process.stdin.flush()
        status, seconds, stage = self._process.stdout.readline().rstrip("\n").split(" ", 2)
        killed = os.WIFSIGNALED(int(status))
        assert int(status) == 0 or (killed and os.WTERMSIG(int(status)) == signal.SIGKILL)
        return Ended(killed, float(seconds), stage)


def command(settings: Settings, *paths: Path) -> list[str]:
    """What starts index_worker.py over the paths, or over the corpus."""
    script, notes = Path(__file__).with_name("index_worker.py"), settings.store.with_suffix(".stage")
    return [sys.executable, *map(str, (script, settings.store, settings.corpus, notes, *paths))]


@contextmanager
def worker(settings: Settings, *paths: Path) -> Iterator[Worker]:
    """A process that runs `index` over the paths, or over the corpus, as often as it is told to."""
    with subprocess.Popen(
        command(settings, *paths), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Worker(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def answering_build(settings: Settings) -> str:
    """The build that a reader finds, after looking that it is whole; empty where there is none yet."""
    try:
        with Store.open(settings) as store:
            ids = [passage.id for source in store.sources() for passage in store.source_passages(source.id)]
            assert len(ids) == store.passage_count
            assert {row.passage_id for row in store.sentences(ids)} == set(ids)
            vector = store.passage_vectors(ids[:1])[ids[0]]
            assert len(store.query_vectors(vector, len(ids))) == len(ids)
            assert store.query_text(["birmingham"], 5)
            return store.build_id
    except StoreMissing:
        return ""
