"""Answers that readers kept under an address of their own, as they were, whatever becomes of the sources."""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from rag.config import Settings
from rag.errors import UnknownAnswer
from rag.store.beside import Beside
from rag.types import Answer

CLOSEST_KEPT: Final = 3
"""Passages kept beside a refusal, which cites none."""
_ID_BYTES = 18
"""Random bytes of an id: 144 bits, so that nobody comes upon an answer by trying."""
_TABLES = """
CREATE TABLE IF NOT EXISTS kept_answers (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    answer TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """An answer as it was when it was kept."""

    id: str
    """24 characters of the URL-safe base64 alphabet; whoever knows it may read the answer."""
    created: str
    """When it was kept: UTC, ISO 8601 to the second."""
    answer: Answer
    """Without timings, usage and suggestions; its hits are those shown beside a refusal."""


class KeptAnswers(Beside):
    """The kept answers of one store: at most `kept_answers_max`, none older than `kept_answers_days`."""

    _tables = _TABLES
    _table = "kept_answers"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.store)
        self._most = settings.kept_answers_max
        self._days = settings.kept_answers_days

    def keep(self, answer: Answer) -> str:
        """Keep the answer, giving up the oldest where there are too many; its id."""
        id_ = secrets.token_urlsafe(_ID_BYTES)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO kept_answers (id, created, answer) VALUES (?, ?, ?)",
                (id_, _moment(datetime.now(UTC)), _text(_lasting(answer))),
            )
            connection.execute("DELETE FROM kept_answers WHERE created < ?", (self._oldest(),))
            connection.execute(
                "DELETE FROM kept_answers WHERE number <= (SELECT number FROM kept_answers"
                " ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (self._most,),
            )
        return id_

    def get(self, id_: str) -> KeptAnswer:
        """The answer of that id. Raises UnknownAnswer, for one that was given up too."""
        rows = self._rows(
            "SELECT id, created, answer FROM kept_answers WHERE id = ? AND created >= ?", (id_, self._oldest())
        )
        for row in rows:
            return KeptAnswer(id=row[0], created=row[1], answer=_adapter().validate_json(row[2]))
        raise UnknownAnswer(
            "No answer is kept at this address.", "It may have been mistyped, or been kept for as long as answers are."
        )

    def _oldest(self) -> str:
        """The moment before which answers are given up; an empty text comes before every moment."""
        return _moment(datetime.now(UTC) - timedelta(days=self._days)) if self._days else ""


def _lasting(answer: Answer) -> Answer:
    """What of an answer a reader goes back to."""
    closest = () if answer.outcome.is_answer else answer.hits[:CLOSEST_KEPT]
    return replace(answer, hits=closest, suggestions=(), timings_ms={}, usage=None)


def _text(answer: Answer) -> str:
    """The answer as JSON; a question mark stands for a lone surrogate, which neither UTF-8 nor SQLite takes."""
    text = json.dumps(_adapter().dump_python(answer), ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


@cache
def _adapter() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
