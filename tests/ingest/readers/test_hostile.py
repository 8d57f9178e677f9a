import time
from collections import Counter
from collections.abc import Iterator

import psutil
import pytest
from hostile import crafted, good, mutated

from ingest.readers.errors import RefusedSource
from ingest.readers.extracted import Extracted
from ingest.readers.sandbox import Sandbox

MUTATED = 465
MEMORY_BYTES_MAX = 500_000_000
FILE_S_MAX = 20.0


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    opened = Sandbox()
    yield opened
    opened.close()


def taken(sandbox: Sandbox, name: str, data: bytes) -> Extracted | RefusedSource:
    try:
        return sandbox.read(data, name=name, content_type=None, url=None)
    except RefusedSource as error:
        refused = error
    assert refused.message
    assert refused.remedy
    return refused


def peak_bytes() -> int:
    workers = [child for child in psutil.Process().children() if "ingest.readers.worker" in child.cmdline()]
    return max((worker.memory_info().rss for worker in workers), default=0)


def test_good_files_are_read(sandbox: Sandbox) -> None:
    for name, data in good().items():
        assert isinstance(taken(sandbox, name, data), Extracted), name


def test_crafted_attacks_are_refused_or_cut_within_bounds(sandbox: Sandbox) -> None:
    cut = {"words.txt", "blob.txt", "spans.html", "quotes.md", "lists.md", "brackets.md", "emphasis.md", "yaml.md"}
    cut |= {"json.html", "digits.html", "attributes.html", "comment.html", "stream.pdf"}
    for name, data in crafted():
        started = time.monotonic()
        found = taken(sandbox, name, data)
        assert time.monotonic() - started < FILE_S_MAX, name
        assert peak_bytes() < MEMORY_BYTES_MAX, name
        assert name in cut or isinstance(found, RefusedSource), name
        assert "root:" not in str(found), name


def test_torn_and_forged_files_never_end_the_reader(sandbox: Sandbox) -> None:
    reasons: Counter[str] = Counter()
    for name, data in mutated(MUTATED, seed=20261122):
        found = taken(sandbox, name, data)
        reasons[type(found).__name__] += 1
        assert "ended the reader" not in str(found), (name, str(found))
    assert reasons["Extracted"] > 50
    assert reasons["DamagedSource"] > 20


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(sandbox: Sandbox) -> None:
    hasty = Sandbox(read_s=0.05)
    try:
        assert "longer than" in str(taken(hasty, "page.html", good()["page.html"] * 2_000))
    finally:
        hasty.close()
    assert isinstance(taken(sandbox, "note.txt", good()["note.txt"]), Extracted)
