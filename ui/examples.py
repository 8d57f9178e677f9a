"""Questions that the corpus answers, shown above an empty conversation."""

from collections.abc import Sequence
from datetime import date
from itertools import chain, zip_longest
from typing import TypeVar

from rag.store import HeldQuestion

Item = TypeVar("Item")

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("Funding", "Who delivers the Midlands Engine Investment Fund II?"),
    ("Sector figures", "How many AI companies are there in the Midlands?"),
    ("Skills", "Are skills bootcamps in the West Midlands free?"),
    ("Mobility", "Who leads the Midlands Future Mobility consortium?"),
    ("Health", "Who directs the PIONEER health data hub?"),
    ("Research", "Which organisations make up the Baskerville consortium?"),
    ("Places", "What is STEAMhouse in Birmingham?"),
    ("Companies", "What is Silicon Spa?"),
)
"""Theme and question; each is checked against the real corpus by a test."""


def examples(prepared: Sequence[HeldQuestion], today: date, most: int) -> tuple[HeldQuestion, ...]:
    """Up to `most` of the prepared questions: one of each theme, then a second of each, and so on; others every day."""
    themes: dict[str, list[HeldQuestion]] = {}
    for item in prepared:
        themes.setdefault(item.source.theme, []).append(item)
    turned = [_turned(themes[theme], today.toordinal()) for theme in sorted(themes)]
    rounds = chain.from_iterable(zip_longest(*_turned(turned, today.toordinal())))
    return tuple(item for item in rounds if item is not None)[:most]


def _turned(items: list[Item], by: int) -> list[Item]:
    start = by % len(items) if items else 0
    return items[start:] + items[:start]
