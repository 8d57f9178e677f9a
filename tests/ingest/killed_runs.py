"""Index runs in a process of its own that is killed when a test says so, and what a reader finds afterwards."""

import math
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from store_dump import assert_same_store

from rag.config import Settings
from rag.errors import StoreMissing
from rag.store import Store

KILLS_A_ROUND = 5


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
        assert int(status) == 0 or (killed and os.WTERMSIG(int(status)) == signal.SIGKILL), "stderr says why"
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


def killed_rounds(
    calm: Settings, shaken: Settings, dice: random.Random, *paths: Path
) -> Generator[Counter[str], None, None]:
    """Rounds without end: index into one store undisturbed, into the other with kills at random moments, then compare.

    Yields the stages that the kills of a round fell into. Whoever takes a round changes the documents before the next.
    """
    builds = [""]
    with worker(calm, *paths) as undisturbed, worker(shaken, *paths) as killed:
        while True:
            stages: Counter[str] = Counter()
            life_s = undisturbed.run().seconds
            builds.append(answering_build(calm))
            assert builds[-1] not in builds[:-1]
            for number in range(KILLS_A_ROUND):
                if len(builds) == 2 and number % 2 == 0:
                    # Without what earlier runs embedded, the kills of the first round fall into the embedding as well.
                    wipe(shaken)
                ended = killed.run(dice.uniform(0, life_s))
                # Until the new build is published, whole, the old one answers.
                assert answering_build(shaken) in builds[-2:]
                if not ended.killed:
                    break
                stages[ended.stage] += 1
            killed.run()
            assert answering_build(shaken) == builds[-1]
            assert_same_store(calm, shaken)
            yield stages


def wipe(settings: Settings) -> None:
    """Empty the store; the exported model stays."""
    for path in settings.store.iterdir():
        if path.name == "models":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
