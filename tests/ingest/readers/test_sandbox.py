"""The reading process and its limits; what hostile files do to it is tried by tests/evals/test_hostile.py."""

import select
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from evals.hostile.files import good
from ingest.readers.errors import OversizedSource, ReaderEnded
from ingest.readers.html import HTML_CHARS_MAX
from ingest.readers.sandbox import Sandbox

NewSandbox = Callable[..., Sandbox]
_PAGE = good()["page.html"]
LONG_PAGE = _PAGE * (HTML_CHARS_MAX // len(_PAGE))
"""The longest that is read: two seconds of a fast processor, where a short file takes a sixth of one."""


@pytest.fixture
def new_sandbox() -> Iterator[NewSandbox]:
    made: list[Sandbox] = []

    def new(**limits: float) -> Sandbox:
        made.append(Sandbox(**limits))
        return made[-1]

    yield new
    for sandbox in made:
        sandbox.close()


def read(sandbox: Sandbox, name: str, data: bytes | None = None) -> str:
    return sandbox.read(good()[name] if data is None else data, name=name, content_type=None, url=None).text


def worker() -> psutil.Process:
    """The reading process; the one that a module's other tests may have left is older, whatever its number."""
    return max(
        (child for child in psutil.Process().children() if "ingest.readers.worker" in child.cmdline()),
        key=lambda child: child.create_time(),
    )


def kill_once_asked(process: psutil.Process) -> None:
    """Kill a suspended process as soon as something waits in its standard input."""
    with Path(f"/proc/{process.pid}/fd/0").open("rb", buffering=0) as asked:
        select.select([asked], [], [])
    process.kill()


def test_good_files_are_read(new_sandbox: NewSandbox) -> None:
    sandbox = new_sandbox()
    for name in good():
        assert read(sandbox, name), name


@pytest.mark.parametrize(
    ("limits", "told"),
    [({"read_cpu_s": 0.05}, r"longer than 0\.05 s of processor time"), ({"read_s": 0.05}, r"longer than 0\.05 s\.")],
)
def test_a_file_that_takes_too_long_is_refused(new_sandbox: NewSandbox, limits: dict[str, float], told: str) -> None:
    with pytest.raises(OversizedSource, match=told):
        read(new_sandbox(**limits), "page.html", LONG_PAGE)


def test_after_a_file_that_took_too_long_the_next_is_read(new_sandbox: NewSandbox) -> None:
    sandbox = new_sandbox(read_cpu_s=0.5)
    with pytest.raises(OversizedSource, match="processor time"):
        read(sandbox, "page.html", LONG_PAGE)
    assert read(sandbox, "note.txt")


def test_a_good_file_is_read_however_long_the_machine_does_something_else(new_sandbox: NewSandbox) -> None:
    sandbox = new_sandbox(read_cpu_s=1.0)
    assert read(sandbox, "note.txt")
    starved = worker()
    starved.suspend()
    waking = threading.Timer(2.0, starved.resume)
    waking.start()
    assert read(sandbox, "note.txt")
    waking.join()
    assert worker() == starved


def test_a_reader_that_ends_over_a_file_is_told_and_replaced(new_sandbox: NewSandbox) -> None:
    sandbox = new_sandbox()
    assert read(sandbox, "note.txt")
    asked = worker()
    asked.suspend()
    killing = threading.Thread(target=kill_once_asked, args=(asked,))
    killing.start()
    with pytest.raises(ReaderEnded, match="status -9"):
        read(sandbox, "note.txt")
    killing.join()
    assert read(sandbox, "note.txt")
