"""How much the sources say of each theme, place and year, and where they say little. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.store import Place
from ui.explore.catalogue import AREA_KINDS, UNDATED, WARNED, Row

FEW = 3
"""Up to so many sources a place counts as thinly covered."""


@dataclass(frozen=True, slots=True)
class Group:
    """The sources of one theme, place or year."""

    name: str
    sources: int
    passages: int
    newest: str
    """Date of the latest source, YYYY, YYYY-MM or YYYY-MM-DD; empty where none has a date."""
    warned: int
    """Sources that are old, closed or ended."""
    undated: int


def by_theme(rows: Sequence[Row]) -> tuple[Group, ...]:
    """Every theme, the largest first."""
    return _largest_first(_grouped(rows, lambda row: (row.source.theme,) if row.source.theme else ()))


def by_place(rows: Sequence[Row], places: Sequence[Place]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Councils and counties of the region, those without any source too, and every other place that is named.

    A source about a part of a council's area (Digbeth) counts for the council (Birmingham) too, as in Row.places.
    """
    areas = {place.name for place in places if place.kind in AREA_KINDS}
    counted = {group.name: group for group in _grouped(rows, lambda row: row.places & areas)}
    councils = _largest_first(counted.get(name, Group(name, 0, 0, "", 0, 0)) for name in areas)
    others = _grouped(rows, lambda row: (name for name in dict.fromkeys(row.source.places) if name not in areas))
    return councils, _largest_first(others)


def by_year(rows: Sequence[Row]) -> tuple[tuple[str, int], ...]:
    """Year of publication and number of sources, the latest year first; years without any are there too."""
    counts = Counter(int(row.source.published[:4]) for row in rows if row.source.published)
    if not counts:
        return ()
    return tuple((str(year), counts[year]) for year in range(max(counts), min(counts) - 1, -1))


def _grouped(rows: Sequence[Row], names_of: Callable[[Row], Iterable[str]]) -> list[Group]:
    members: dict[str, list[Row]] = {}
    for row in rows:
        for name in names_of(row):
            members.setdefault(name, []).append(row)
    return [
        Group(
            name=name,
            sources=len(held),
            passages=sum(row.passages for row in held),
            newest=max((row.source.published or "" for row in held), default=""),
            warned=sum(row.state == WARNED for row in held),
            undated=sum(row.state == UNDATED for row in held),
        )
        for name, held in members.items()
    ]


def _largest_first(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: (-group.sources, group.name)))
