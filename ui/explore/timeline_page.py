"""The timeline: the sentences of the sources that name a date, the latest first, each beside its passage. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from ui.dates import date_text
from ui.escape import escape
from ui.explore.facts import Fact
from ui.explore.layout import TIMELINE, choice, explore_page, field, pager
from ui.panel import passage_url
from ui.site_page import count

PAGE_FACTS: Final = 60
"""Facts on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFacts:
    """What the address asks for."""

    words: str = ""
    theme: str = ""
    place: str = ""
    year: str = ""
    page: int = 1

    def query(self, page: int) -> str:
        """The query of an address that asks for this and that page."""
        pairs = {"q": self.words, "theme": self.theme, "place": self.place, "year": self.year}
        if page > 1:
            pairs["page"] = str(page)
        return urlencode({name: value for name, value in pairs.items() if value})


def wanted_facts(query: Mapping[str, str], page: int) -> WantedFacts:
    """What the query of an address asks for."""
    return WantedFacts(
        words=query.get("q", "").strip(),
        theme=query.get("theme", ""),
        place=query.get("place", ""),
        year=query.get("year", ""),
        page=page,
    )


def fitting(facts: Sequence[Fact], wanted: WantedFacts, places_of: Mapping[str, frozenset[str]]) -> tuple[Fact, ...]:
    """The facts asked for, in their order; `places_of` are the places of each source by its id, as in Row.places."""
    words = wanted.words.casefold().split()

    def fits(fact: Fact) -> bool:
        source = fact.source
        return (
            wanted.theme in ("", source.theme)
            and (not wanted.place or wanted.place in places_of[source.id])
            and wanted.year in ("", fact.date[:4])
            and all(word in f"{fact.text} {source.title} {source.publisher}".casefold() for word in words)
        )

    return tuple(fact for fact in facts if fits(fact))


def timeline_page(
    facts: Sequence[Fact], wanted: WantedFacts, themes: Mapping[str, str], places_of: Mapping[str, frozenset[str]]
) -> str:
    """The page as HTML. `facts` are all there are; `themes` (names by folder) can be chosen from.

    `places_of` is as in `fitting`.
    """
    found = fitting(facts, wanted, places_of)
    places = sorted(frozenset().union(*places_of.values()))
    pages = max(1, -(-len(found) // PAGE_FACTS))
    page = min(wanted.page, pages)
    shown = found[(page - 1) * PAGE_FACTS : page * PAGE_FACTS]
    years = list(dict.fromkeys(fact.date[:4] for fact in facts))
    said = count(len(found), "dated sentence")
    turn = pager(page, pages, lambda number: f"{TIMELINE}?{wanted.query(number)}")
    listed = (
        _years(shown) if shown else '<p class="empty">No dated sentence fits. Try fewer words or another filter.</p>'
    )
    clear = f'<a href="{TIMELINE}">Clear</a>' if wanted != WantedFacts() else ""
    form = (
        f'<form class="filters" action="{TIMELINE}" method="get" role="search" data-live>'
        f"{field('q', 'Words in the sentence or its source', wanted.words)}"
        f"{choice('theme', 'Theme', list(themes.items()), wanted.theme)}"
        f"{choice('place', 'Place', [(place, place) for place in places], wanted.place)}"
        f"{choice('year', 'Year', [(year, year) for year in years], wanted.year)}"
        f'<p class="act"><button type="submit">Show</button>{clear}</p></form>'
    )
    return explore_page(
        "Timeline",
        TIMELINE,
        '<p class="lead">Sentences of the sources that name one day, month or year. The date is the one that the '
        "sentence names: when something happened, when it was said, or when it is to happen.</p>"
        f'{form}<div id="results"><p class="found" role="status">{said}</p>{listed}{turn}</div>',
    )


def _years(shown: Sequence[Fact]) -> str:
    return "".join(
        f'<section class="year"><h2>{year}</h2><ol>{"".join(_fact(fact) for fact in group)}</ol></section>'
        for year, group in groupby(shown, key=lambda fact: fact.date[:4])
    )


def _fact(fact: Fact) -> str:
    source = fact.source
    # The year stands above already.
    day = date_text(fact.date).removesuffix(f" {fact.year}")
    return (
        f'<li><time datetime="{escape(fact.date)}">{escape(day)}</time><div><p>{escape(fact.text)}</p>'
        f'<p class="from"><a href="{passage_url(fact.passage_id, fact.text)}">{escape(source.title)}</a> '
        f"<span>{escape(source.publisher)}</span></p></div></li>"
    )
