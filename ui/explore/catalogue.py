"""The table of sources: what is asked for in its address, and the rows that fit. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from rag.store import Place
from rag.types import Source
from ui.dates import source_notes

PAGE_ROWS: Final = 50
"""Sources on one page."""
CURRENT, WARNED, UNDATED = "current", "warned", "undated"
STATES: Final = (
    (CURRENT, "Dated, no warning"),
    (WARNED, "Old, closed or ended"),
    (UNDATED, "Without a date"),
)
"""Value and words of each state that rows can be narrowed to."""
AREA_KINDS: Final = frozenset({"council", "county", "district"})
"""Kinds of places for which a source about a part of them counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One source of the table."""

    source: Source
    passages: int
    first_passage_id: str
    notes: tuple[str, ...]
    """Reasons to be careful, as of today."""
    places: frozenset[str]
    """Those that it is about, and the councils and counties that they lie in."""

    @property
    def state(self) -> str:
        """current, warned or undated."""
        if self.notes:
            return WARNED
        return CURRENT if self.source.published else UNDATED


_COLUMNS: Mapping[str, Callable[[Row], tuple[str | int, ...]]] = {
    "title": lambda row: (row.source.title.casefold(),),
    "publisher": lambda row: (row.source.publisher.casefold(), row.source.title.casefold()),
    "published": lambda row: (row.source.published or "", row.source.id),
    "theme": lambda row: (row.source.theme, row.source.title.casefold()),
    "passages": lambda row: (row.passages, row.source.id),
}
SORTS: Final = tuple(_COLUMNS)
DESCENDING_FIRST: Final = frozenset({"published", "passages"})
"""Columns of which people want the largest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the address asks for; what it does not know counts as not asked."""

    words: str = ""
    theme: str = ""
    place: str = ""
    state: str = ""
    sort: str = "published"
    descending: bool = True
    page: int = 1

    def query(self, **changes: str | int | bool) -> str:
        """The query of an address that asks for this, with the changes; what is as by default is left out."""
        wanted = replace(self, **changes)  # type: ignore[arg-type]
        default = Wanted(sort=wanted.sort, descending=wanted.sort in DESCENDING_FIRST)
        pairs = {
            "q": wanted.words,
            "theme": wanted.theme,
            "place": wanted.place,
            "state": wanted.state,
            "sort": wanted.sort if wanted.sort != Wanted().sort else "",
            "order": ("desc" if wanted.descending else "asc") if wanted.descending != default.descending else "",
            "page": str(wanted.page) if wanted.page > 1 else "",
        }
        return urlencode({name: value for name, value in pairs.items() if value})


def wanted_from(query: Mapping[str, str]) -> Wanted:
    """What the query of an address asks for."""
    sort = query.get("sort", "")
    sort = sort if sort in SORTS else Wanted().sort
    order = query.get("order", "")
    page = query.get("page", "")
    return Wanted(
        words=query.get("q", "").strip(),
        theme=query.get("theme", ""),
        place=query.get("place", ""),
        state=query.get("state", ""),
        sort=sort,
        descending=order == "desc" if order in ("asc", "desc") else sort in DESCENDING_FIRST,
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
    )


def rows(
    sources: Iterable[Source],
    counts: Mapping[str, int],
    first_ids: Mapping[str, str],
    places: Sequence[Place],
    today: date,
) -> tuple[Row, ...]:
    """A row for every source; `counts` are passages and `first_ids` the first passage by source id."""
    around = _around(places)
    return tuple(
        Row(
            source,
            counts.get(source.id, 0),
            first_ids.get(source.id, ""),
            source_notes(source, today),
            frozenset(area for name in source.places for area in (name, *around.get(name, ()))),
        )
        for source in sources
    )


def _around(places: Sequence[Place]) -> Mapping[str, tuple[str, ...]]:
    """The councils and counties that each place lies in."""
    by_name = {place.name: place for place in places}
    found: dict[str, tuple[str, ...]] = {}
    for place in places:
        areas: list[str] = []
        here = by_name.get(place.within)
        while here is not None:
            if here.kind in AREA_KINDS:
                areas.append(here.name)
            here = by_name.get(here.within)
        found[place.name] = tuple(areas)
    return found


def matching(held: Sequence[Row], wanted: Wanted) -> tuple[Row, ...]:
    """The rows asked for, in the order asked for. Sources without a date come last whichever way dates go."""
    words = wanted.words.casefold().split()
    found = [row for row in held if _fits(row, wanted, words)]
    found.sort(key=_COLUMNS[wanted.sort], reverse=wanted.descending)
    if wanted.sort == "published":
        found.sort(key=lambda row: row.source.published is None)
    return tuple(found)


def _fits(row: Row, wanted: Wanted, words: Sequence[str]) -> bool:
    source = row.source
    if (wanted.theme and source.theme != wanted.theme) or (wanted.place and wanted.place not in row.places):
        return False
    if wanted.state and row.state != wanted.state:
        return False
    text = " ".join((source.title, source.publisher, *source.entities, *source.places, *source.topics)).casefold()
    return all(word in text for word in words)
