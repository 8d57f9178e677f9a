"""What a system under test offers. Anything with these three methods can be evaluated."""

from collections.abc import Sequence
from typing import Protocol

from rag.types import Answer, Hit, Turn


class System(Protocol):
    """A system under test. It may raise anything: what it raises is recorded as a failure of that question."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """One answer; `history` are the earlier turns, oldest first."""
        ...

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """At most k passages, best first, no answer."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...
