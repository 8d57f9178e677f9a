import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from killed_runs import command, killed_rounds
from store_dump import assert_same_store

from ingest.read import find_files
from ingest.sync import index
from rag.config import Settings
from rag.store import Store

CORPUS = Path(__file__).parents[2] / "corpus"
BRIEFINGS = 60
KILLS = 22
ROUNDS_MIN = 4
STAGE_KILLS_MIN = 3
"""Where the dice spare embedding or publishing, they are thrown again."""
KILLS_MAX = 120


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


def test_a_run_killed_at_any_moment_is_repaired_by_the_next(new_settings: Callable[..., Settings]) -> None:
    dice = random.Random(20261122)  # noqa: S311
    calm, shaken = new_settings("calm"), new_settings("shaken")
    copy_corpus(calm.corpus, dice)
    stages: Counter[str] = Counter()
    with closing(killed_rounds(calm, shaken, dice)) as rounds:
        for number, killed in enumerate(rounds, start=1):
            stages += killed
            if number >= ROUNDS_MIN and stages.total() >= KILLS and _rarest(stages) >= STAGE_KILLS_MIN:
                break
            assert stages.total() < KILLS_MAX, stages
            disturb(calm.corpus, dice)
    # The long way round ends where a single run over the last corpus does.
    fresh = new_settings("fresh")
    index(fresh)
    assert_same_store(fresh, shaken)


def test_the_old_index_answers_while_a_new_one_is_made(new_settings: Callable[..., Settings]) -> None:
    dice = random.Random(7)  # noqa: S311
    settings = new_settings()
    copy_corpus(settings.corpus, dice)
    for file in find_files(settings.corpus)[10:]:
        file.rename(file.with_suffix(".later"))
    index(settings)
    for file in settings.corpus.rglob("*.later"):
        file.rename(file.with_suffix(".md"))
    with Store.open(settings) as store:
        first = store.build_id
        answers = 0
        with subprocess.Popen(command(settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
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
