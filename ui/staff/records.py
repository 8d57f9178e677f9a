"""What the staff page tells about sources and questions, gathered from the store."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rag.errors import UnknownPassage
from rag.store import Unanswered, View
from rag.store.rows import HeldSource
from rag.types import Passage, Source
from ui.dates import last_day

NEAREST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as the list shows it."""

    source: Source
    held: HeldSource
    passages: int
    cited: int
    """Answers of the server that cited it."""

    @property
    def state(self) -> str:
        """current, copy, failing, missing, gone or retired, in the words of the page."""
        if self.source.state != "current":
            return self.source.state
        if self.held.fetch.missing:
            return "missing"
        if self.held.fetch.failures:
            return "failing"
        return "copy" if self.source.copy_of else "current"

    @property
    def is_web(self) -> bool:
        """Whether it was fetched, so that it can be fetched again."""
        return self.held.origin.startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class UnansweredGroup:
    """A question that was refused, however often it was asked."""

    question: str
    """As last asked."""
    count: int
    last_asked: str
    """UTC, ISO 8601."""
    reason: str
    nearest: tuple[tuple[Passage, Source], ...]
    """The closest passages of the last time, as far as the present build still has them."""


def source_rows(view: View, held: Mapping[str, HeldSource], citations: Mapping[str, int]) -> tuple[SourceRow, ...]:
    """Every source that is kept, the most cited first."""
    counts = view.passage_counts()
    rows = [
        SourceRow(source, held[source.id], counts.get(source.id, 0), citations.get(source.id, 0))
        for source in view.held_sources()
        if source.id in held
    ]
    return tuple(sorted(rows, key=lambda row: (-row.cited, row.source.title.casefold(), row.source.id)))


def matching(rows: Iterable[SourceRow], words: str, state: str) -> tuple[SourceRow, ...]:
    """The rows that hold every word in title, publisher, address or identifier, in that state where one is named."""
    wanted = words.casefold().split()

    def fits(row: SourceRow) -> bool:
        source = row.source
        text = f"{source.title} {source.publisher} {source.url} {source.id}".casefold()
        return all(word in text for word in wanted) and state in ("", row.state)

    return tuple(row for row in rows if fits(row))


def unanswered_groups(asked: Sequence[Unanswered], view: View) -> tuple[UnansweredGroup, ...]:
    """Refused questions, newest first, as groups that differ in case and punctuation only, the most asked first."""
    groups: dict[str, list[Unanswered]] = {}
    for item in asked:
        groups.setdefault(" ".join(re.findall(r"\w+", item.question.casefold())), []).append(item)
    found = [
        UnansweredGroup(
            question=items[0].question,
            count=len(items),
            last_asked=items[0].created,
            reason=items[0].reason,
            nearest=_nearest(items[0].nearest_ids, view),
        )
        for items in groups.values()
    ]
    return tuple(sorted(found, key=lambda group: -group.count))


def _nearest(ids: Sequence[str], view: View) -> tuple[tuple[Passage, Source], ...]:
    out: list[tuple[Passage, Source]] = []
    for id_ in ids[:NEAREST_SHOWN]:
        try:
            (passage,) = view.passages([id_])
        except UnknownPassage:
            continue  # another build: the passage was changed or taken out since
        out.append((passage, view.source(passage.source_id)))
    return tuple(out)


def age_text(published: str | None, today: date) -> str:
    """How long ago the last day that a date can mean was, in words for a table."""
    day = last_day(published) if published else None
    if day is None:
        return "undated"
    days = (today - day).days
    if days < 0:
        return "this year" if day.year == today.year else "in the future"
    if days < 61:
        return f"{days} day{'' if days == 1 else 's'}"
    months = days // 30
    return f"{months} months" if months < 24 else f"{days // 365} years"


def moment_text(moment: str) -> str:
    """An ISO moment in UTC as `22 November 2026, 21:05 UTC`; what is none is shown as it is."""
    try:
        parsed = datetime.fromisoformat(moment).astimezone(UTC)
    except ValueError:
        return moment
    return f"{parsed.day} {parsed:%B %Y, %H:%M} UTC"
