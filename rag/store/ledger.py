"""What happened to sources beside the index: how each fetch went, and how often answers cited them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.store.beside import Beside

FETCHES_KEPT = 50
"""Fetches remembered for each source; older ones are forgotten."""

_TABLES = """
CREATE TABLE IF NOT EXISTS fetches (
    number INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL,
    url TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS fetches_by_source ON fetches (source_id, number);
CREATE TABLE IF NOT EXISTS citations (
    source_id TEXT PRIMARY KEY,
    answers INTEGER NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """How one fetch of a source went."""

    source_id: str
    url: str
    outcome: str
    """added, changed, unchanged, failed, missing, gone or back."""
    detail: str
    """Why, in words; empty where it went well."""
    at: str
    """UTC, ISO 8601 to the second."""


class Ledger(Beside):
    """The fetches and the counts of citations of one store."""

    _tables = _TABLES
    _table = "citations"

    def note_fetch(self, source_id: str, url: str, outcome: str, detail: str = "") -> None:
        """Remember how a fetch went; the source need not be in the index. Raises StoreMissing, StoreBusy."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO fetches (source_id, url, outcome, detail, at) VALUES (?, ?, ?, ?, ?)",
                (source_id, url, outcome, detail, datetime.now(UTC).isoformat(timespec="seconds")),
            )
            connection.execute(
                "DELETE FROM fetches WHERE source_id = ? AND number <= (SELECT number FROM fetches WHERE source_id = ?"
                " ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (source_id, source_id, FETCHES_KEPT),
            )

    def fetches(self, source_id: str) -> tuple[FetchRecord, ...]:
        """The fetches of a source, newest first."""
        rows = self._rows(
            "SELECT source_id, url, outcome, detail, at FROM fetches WHERE source_id = ? ORDER BY number DESC",
            (source_id,),
        )
        return tuple(FetchRecord(source_id=r[0], url=r[1], outcome=r[2], detail=r[3], at=r[4]) for r in rows)

    def count_citations(self, source_ids: Collection[str]) -> None:
        """Count an answer that cited these sources; each counts once an answer."""
        if not source_ids:
            return
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO citations (source_id, answers) VALUES (?, 1)"
                " ON CONFLICT (source_id) DO UPDATE SET answers = answers + 1",
                [(id_,) for id_ in sorted(set(source_ids))],
            )

    def citations(self) -> dict[str, int]:
        """Source id to the number of answers that cited it."""
        return {row[0]: row[1] for row in self._rows("SELECT source_id, answers FROM citations")}
