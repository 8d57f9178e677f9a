"""Killing `wmai index` over a folder of Markdown, web pages, PDFs, Word files and text.

CI kills it at ten points; `WMAI_TEST_KILL_POINTS=50 python -m pytest -rP tests/ingest/test_crash_mixed.py` at fifty.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from killed_runs import killed_rounds
from store_dump import assert_same_store

from evals.hostile.writers import new_pdf, pdf_bytes, word
from ingest.sync import index
from rag.config import Settings
from rag.store import Store

KILL_POINTS = int(os.environ.get("WMAI_TEST_KILL_POINTS", "10"))
ROUNDS_MAX = KILL_POINTS
FILES_A_FORMAT = 3
TRADES = ("welding", "coding", "nursing", "driving", "baking", "printing", "casting", "milling")
_MARK = re.compile(r"ledger (QZ\d{6})")


class Shelf:
    """A folder of documents, each with a mark that no version of another has ever had."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self._folder = folder
        self._dice = dice
        self._last_mark = 0
        self._marks: dict[Path, str] = {}
        folder.mkdir()
        for suffix in WRITERS:
            for number in range(FILES_A_FORMAT):
                self._put(folder / f"paper-{number}{suffix}")

    @property
    def marks(self) -> Counter[str]:
        """What a store of this folder holds, no more and no less."""
        return Counter(self._marks.values())

    def disturb(self) -> None:
        """Change, delete, rename and add documents of any format."""
        changed, other, deleted, renamed = self._dice.sample(sorted(self._marks), 4)
        self._put(changed)
        self._put(other)
        deleted.unlink()
        del self._marks[deleted]
        target = self._folder / f"renamed-{self._last_mark}{renamed.suffix}"
        renamed.rename(target)
        self._marks[target] = self._marks.pop(renamed)
        self._put(self._folder / f"added-{self._last_mark}{self._dice.choice(sorted(WRITERS))}")

    def _put(self, path: Path) -> None:
        self._last_mark += 1
        mark = f"QZ{self._last_mark:06d}"
        trades = self._dice.sample(TRADES, 4)
        facts = [
            f"The college of Birmingham hall {self._last_mark} teaches {trade} on its top floor." for trade in trades
        ]
        path.write_bytes(WRITERS[path.suffix](f"Hall {self._last_mark}", [*facts, f"All is kept in ledger {mark}."]))
        self._marks[path] = mark


def markdown(title: str, facts: list[str]) -> bytes:
    return "\n\n".join([f"# {title}", *facts]).encode()


def web_page(title: str, facts: list[str]) -> bytes:
    body = "".join(f"<p>{fact}</p>" for fact in facts)
    return (
        f'<html lang="en"><head><title>{title}</title></head><body><nav>Home News</nav><article><h1>{title}</h1>{body}'
        "</article></body></html>"
    ).encode()


def paper(title: str, facts: list[str]) -> bytes:
    pdf = new_pdf()
    pdf.set_title(title)
    pdf.add_page()
    pdf.multi_cell(160, 6, " ".join(facts))
    return pdf_bytes(pdf)


WRITERS: dict[str, Callable[[str, list[str]], bytes]] = {
    ".md": markdown,
    ".html": web_page,
    ".pdf": paper,
    ".docx": lambda title, facts: word(*facts, title=title),
    ".txt": lambda title, facts: "\n\n".join([title, *facts]).encode(),
}


def held_marks(settings: Settings) -> Counter[str]:
    """The marks in all passages that can be found."""
    with Store.open(settings) as store:
        passages = [passage.text for source in store.sources() for passage in store.source_passages(source.id)]
    return Counter(mark for text in passages for mark in _MARK.findall(" ".join(text.split())))


def test_killing_a_run_over_a_mixed_folder_loses_nothing_and_leaves_nothing_stale(
    new_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    dice = random.Random(20261127)  # noqa: S311
    papers = tmp_path / "papers"
    shelf = Shelf(papers, dice)
    calm, shaken = new_settings("calm"), new_settings("shaken")
    stages: Counter[str] = Counter()
    with closing(killed_rounds(calm, shaken, dice, papers)) as rounds:
        for number, killed in enumerate(rounds, start=1):
            assert held_marks(shaken) == shelf.marks
            stages += killed
            if stages.total() >= KILL_POINTS:
                break
            assert number < ROUNDS_MAX, f"only {stages.total()} runs were still going when they were to be killed"
            shelf.disturb()
    print(f"Killed {stages.total()} runs: {dict(stages)}")  # noqa: T201  pytest -rP shows it
    fresh = new_settings("fresh")
    index(fresh, [papers])
    assert_same_store(fresh, shaken)
