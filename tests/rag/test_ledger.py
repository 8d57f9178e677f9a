"""How fetches went and how often sources were cited is kept beside the index."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import StoreMissing
from rag.store import Ledger
from rag.store.ledger import FETCHES_KEPT
from rag.store.schema import create_library


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    create_library(tmp_path).close()
    return Ledger(tmp_path)


def test_nothing_is_known_before_the_first_line(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.fetches("a") == ()
    assert ledger.citations() == {}
    with pytest.raises(StoreMissing):
        Ledger(tmp_path / "none").fetches("a")


def test_fetches_are_remembered_newest_first_and_not_without_end(ledger: Ledger) -> None:
    ledger.note_fetch("b", "https://b.example/", "failed", "It is down.")
    for number in range(FETCHES_KEPT + 5):
        ledger.note_fetch("a", "https://a.example/", "unchanged", str(number))
    assert [record.detail for record in ledger.fetches("a")] == [str(n) for n in reversed(range(5, FETCHES_KEPT + 5))]
    (record,) = ledger.fetches("b")
    assert (record.url, record.outcome, record.detail) == ("https://b.example/", "failed", "It is down.")


def test_citations_are_counted_by_answer_from_several_threads(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(ledger.count_citations, ["a", "a", "b"]) for _ in range(40)]:
            done.result()
    ledger.count_citations(["a"])
    ledger.count_citations([])
    assert ledger.citations() == {"a": 41, "b": 40}
