"""What people asked that the guide could not answer, and what they thought of its answers."""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rag.store.schema import library_connection

Rating = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A question that was refused."""

    question: str
    outcome: str
    reason: str
    nearest_ids: tuple[str, ...]
    """Ids of the closest passages, best first, in the build named."""
    index_build: str
    created: str
    """UTC, ISO 8601 to the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a reader thought of an answer."""

    question: str
    answer: str
    index_build: str
    rating: Rating
    reason: str | None
    """A code such as outdated; None where none was given."""
    comment: str
    """In the reader's own words; empty where there are none."""
    created: str
    """UTC, ISO 8601 to the second."""


class Journal(ABC):
    """Short transactions of their own, so that a serving process may write at any time, also beside an index run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    @abstractmethod
    def build_id(self) -> str:
        """The build that questions are answered from."""

    def log_unanswered(self, question: str, outcome: str, reason: str, nearest_ids: Sequence[str]) -> None:
        """Note a question that was refused under the present build."""
        with library_connection(self._folder) as connection:
            connection.execute(
                "INSERT INTO unanswered (question, outcome, reason, nearest, index_build, created)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (question, outcome, reason, json.dumps(list(nearest_ids)), self.build_id, _now()),
            )

    def add_feedback(
        self,
        question: str,
        answer: str,
        index_build: str,
        rating: Rating,
        reason: str | None = None,
        comment: str = "",
    ) -> None:
        """Note a reader's rating of an answer. Raises ValueError for a rating other than up or down."""
        if rating not in ("up", "down"):
            raise ValueError(f"rating is {rating!r}, wanted 'up' or 'down'")
        with library_connection(self._folder) as connection:
            connection.execute(
                "INSERT INTO feedback (question, answer, index_build, rating, reason, comment, created)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (question, answer, index_build, rating, reason, comment, _now()),
            )

    def unanswered(self, limit: int) -> tuple[Unanswered, ...]:
        """The newest refused questions, newest first."""
        with library_connection(self._folder) as connection:
            rows = connection.execute(
                "SELECT question, outcome, reason, nearest, index_build, created FROM unanswered"
                " ORDER BY number DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(
            Unanswered(
                question=row[0],
                outcome=row[1],
                reason=row[2],
                nearest_ids=tuple(json.loads(row[3])),
                index_build=row[4],
                created=row[5],
            )
            for row in rows
        )

    def feedback(self, limit: int) -> tuple[Feedback, ...]:
        """The newest ratings, newest first."""
        with library_connection(self._folder) as connection:
            rows = connection.execute(
                "SELECT question, answer, index_build, rating, reason, comment, created FROM feedback"
                " ORDER BY number DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(
            Feedback(
                question=row[0],
                answer=row[1],
                index_build=row[2],
                rating=row[3],
                reason=row[4],
                comment=row[5],
                created=row[6],
            )
            for row in rows
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
