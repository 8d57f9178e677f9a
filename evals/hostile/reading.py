"""Hostile files given to the reading process, and what it made of each."""

import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evals.children import children_cpu_s
from evals.hostile.files import READ_IN_PART, crafted, mutated
from ingest.readers.errors import ReaderEnded, RefusedSource
from ingest.readers.extracted import Extracted
from ingest.readers.sandbox import Sandbox

SEED = 20261122


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file."""

    name: str
    found: Extracted | RefusedSource
    may_be_read: bool
    """Whether a document is a right answer; else only a refusal is."""
    cpu_s: float
    """Processor time of the reading process."""
    seconds: float
    """On the clock."""

    @property
    def crashed(self) -> bool:
        """Whether the file ended the reading process other than by its limits."""
        return isinstance(self.found, ReaderEnded)

    @property
    def wrongly_read(self) -> bool:
        """Whether a document came of a file that is to be refused."""
        return isinstance(self.found, Extracted) and not self.may_be_read


def files(count: int) -> Iterator[tuple[str, bytes, bool]]:
    """Names and bytes of `count` files, the crafted ones first, and whether each may be read."""
    attacks = list(crafted())[:count]
    yield from ((name, data, name in READ_IN_PART) for name, data in attacks)
    yield from ((name, data, True) for name, data in mutated(count - len(attacks), SEED))


def read_all(sandbox: Sandbox, hostile: Iterable[tuple[str, bytes, bool]]) -> Iterator[Reading]:
    """Give the files to the reading process one after the other."""
    for name, data, may_be_read in hostile:
        begun, cpu_begun = time.monotonic(), children_cpu_s()
        found: Extracted | RefusedSource
        try:
            found = sandbox.read(data, name=name, content_type=None, url=None)
        except RefusedSource as error:
            found = error
        yield Reading(name, found, may_be_read, children_cpu_s() - cpu_begun, time.monotonic() - begun)


def peak_mb() -> float:
    """The most memory that any ended child of this process has held, in megabytes (10^6 bytes)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
