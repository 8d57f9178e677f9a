import math
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from store_dump import assert_same_store

from ingest.read import find_files
from ingest.sync import index
from rag.config import Settings
from rag.errors import StoreMissing
from rag.store import Store

CORPUS = Path(__file__).parents[2] / "corpus"
BRIEFINGS = 60
KILLS = 22
COLD_KILLS = 6
WARM_KILLS = 5
ROUNDS_MIN = 4
STAGE_KILLS_MIN = 3
"""Where the dice spare embedding or publishing, they are thrown again."""
KILLS_MAX = 120


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


@contextmanager
def worker(settings: Settings) -> Iterator[Worker]:
    script = Path(__file__).with_name("index_worker.py")
    notes = settings.store.with_suffix(".stage")
    command = [sys.executable, str(script), str(settings.store), str(settings.corpus), str(notes)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Worker(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _rarest(stages: Counter[str]) -> int:
    return min(stages["Embedding"], stages["Publishing"])


def copy_corpus(target: Path, dice: random.Random) -> None:
    for file in dice.sample(find_files(CORPUS), BRIEFINGS):
        place = target / file.parent.name / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)


def disturb(corpus: Path, dice: random.Random) -> None:
    """Change, shorten, delete, rename and add a few briefings."""
    changed, shortened, deleted, renamed, added = dice.sample(find_files(corpus), 5)
    with changed.open("a", encoding="utf-8") as file:
        file.write(f"\nIn round {dice.random()} this was added.\n")
    head, _, body = shortened.read_text(encoding="utf-8").rpartition("---\n")
    shortened.write_text(f"{head}---\n\n{body.strip().split(chr(10))[0]}\n", encoding="utf-8")
    deleted.unlink()
    rename(renamed, f"renamed-{dice.randrange(10**6)}", keep=False)
    rename(added, f"added-{dice.randrange(10**6)}", keep=True)


def rename(file: Path, source_id: str, *, keep: bool) -> None:
    text = file.read_text(encoding="utf-8").replace(f"id: {file.stem}\n", f"id: {source_id}\n", 1)
    file.with_name(f"{source_id}.md").write_text(text, encoding="utf-8")
    if not keep:
        file.unlink()


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


def test_a_run_killed_at_any_moment_is_repaired_by_the_next(new_settings: Callable[..., Settings]) -> None:
    dice = random.Random(20261122)  # noqa: S311
    calm, shaken = new_settings("calm"), new_settings("shaken")
    copy_corpus(calm.corpus, dice)
    stages: Counter[str] = Counter()
    with worker(calm) as undisturbed, worker(shaken) as killed:
        builds = [""]
        while stages.total() < KILLS or len(builds) <= ROUNDS_MIN:
            cold = len(builds) == 1
            if not cold:
                disturb(calm.corpus, dice)
            life_s = undisturbed.run().seconds
            builds.append(answering_build(calm))
            for number in range(COLD_KILLS if cold else WARM_KILLS):
                if cold and number % 2 == 0:
                    # Without what earlier runs embedded, the kills fall into the embedding as well.
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
    assert min(stages["Embedding"], stages["Publishing"]) >= 3, stages
    assert len(set(builds)) == len(builds)
    # The long way round ends where a single run over the last corpus does.
    fresh = new_settings("fresh")
    index(fresh)
    assert_same_store(fresh, shaken)


def wipe(settings: Settings) -> None:
    for path in settings.store.iterdir():
        if path.name == "models":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def test_the_old_index_answers_while_a_new_one_is_made(new_settings: Callable[..., Settings]) -> None:
    dice = random.Random(7)  # noqa: S311
    settings = new_settings()
    copy_corpus(settings.corpus, dice)
    for file in find_files(settings.corpus)[10:]:
        file.rename(file.with_suffix(".later"))
    index(settings)
    for file in settings.corpus.rglob("*.later"):
        file.rename(file.with_suffix(".md"))
    script = Path(__file__).with_name("index_worker.py")
    command = [sys.executable, str(script), str(settings.store), str(settings.corpus), str(settings.store / "stage")]
    with Store.open(settings) as store:
        first = store.build_id
        answers = 0
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            process.stdin.write("inf\n")
            process.stdin.close()
            while process.poll() is None:
                store.refresh()
                view = store.view()
                ids = [id_ for id_, _ in view.query_text(["birmingham"], 5)]
                vector = view.passage_vectors(ids[:1])[ids[0]]
                assert view.query_vectors(vector, 1)[0][1] == pytest.approx(1.0, abs=1e-3)
                assert len(view.passages(ids)) == len(ids) > 0
                store.log_unanswered("Who asked meanwhile?", "not_in_sources", "no_match", ids)
                answers += view.build_id == first
        assert answers > 10
        store.refresh()
        assert store.build_id != first
        assert len(store.sources()) == BRIEFINGS
        assert len(store.unanswered(10**6)) >= answers
