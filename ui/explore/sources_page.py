"""The table of sources: searched, narrowed and sorted by the address alone, so that it needs no script. Pure."""

from collections.abc import Mapping, Sequence

from ui.dates import date_text
from ui.escape import escape
from ui.explore.catalogue import DESCENDING_FIRST, PAGE_ROWS, STATES, Row, Wanted
from ui.explore.layout import SOURCES, choice, explore_page, field, pager
from ui.panel import passage_url
from ui.site_page import count

_COLUMNS = (
    ("title", "Title"),
    ("publisher", "Publisher"),
    ("published", "Published"),
    ("theme", "Theme"),
    ("", "Places"),
    ("passages", "Passages"),
    ("", "State"),
)
"""By what a column is sorted, empty where it is not, and its heading."""
_PLACES_SHOWN = 3


def sources_page(
    found: Sequence[Row], held: int, wanted: Wanted, themes: Mapping[str, str], places: Sequence[str]
) -> str:
    """The page as HTML. `found` are the rows that fit of the `held` sources; themes and places can be chosen from.

    `themes` are the names by folder.
    """
    pages = max(1, -(-len(found) // PAGE_ROWS))
    page = min(wanted.page, pages)
    shown = found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    said = count(held, "source") if len(found) == held else f"{len(found):,} of {count(held, 'source')}"
    table = (
        _table(shown, wanted, themes)
        if shown
        else '<p class="empty">No source fits. Try fewer words or another filter.</p>'
    )
    turn = pager(page, pages, lambda number: f"{SOURCES}?{wanted.query(page=number)}")
    return explore_page(
        "Sources",
        SOURCES,
        f'{_form(wanted, themes, places)}<div id="results"><p class="found" role="status">{said}</p>{table}{turn}'
        "</div>",
    )


def _form(wanted: Wanted, themes: Mapping[str, str], places: Sequence[str]) -> str:
    order = "desc" if wanted.descending else "asc"
    clear = f'<a href="{SOURCES}">Clear</a>' if wanted != Wanted() else ""
    return (
        f'<form class="filters" action="{SOURCES}" method="get" role="search" data-live>'
        f"{field('q', 'Words in title, publisher, names', wanted.words)}"
        f"{choice('theme', 'Theme', list(themes.items()), wanted.theme)}"
        f"{choice('place', 'Place', [(place, place) for place in places], wanted.place)}"
        f"{choice('state', 'State', STATES, wanted.state)}"
        f'<input type="hidden" name="sort" value="{wanted.sort}"><input type="hidden" name="order" value="{order}">'
        f'<p class="act"><button type="submit">Show</button>{clear}</p></form>'
    )


def _table(shown: Sequence[Row], wanted: Wanted, themes: Mapping[str, str]) -> str:
    heads = "".join(_head(sort, name, wanted) for sort, name in _COLUMNS)
    rows = "".join(_row(row, themes) for row in shown)
    return (
        '<table class="sources" role="table"><caption class="visually-hidden">Sources</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
    )


def _head(sort: str, name: str, wanted: Wanted) -> str:
    if not sort:
        return f'<th scope="col" role="columnheader">{name}</th>'
    current = wanted.sort == sort
    descending = not wanted.descending if current else sort in DESCENDING_FIRST
    direction = "descending" if wanted.descending else "ascending"
    mark = f' aria-sort="{direction}"' if current else ""
    address = escape(f"{SOURCES}?{wanted.query(sort=sort, descending=descending, page=1)}")
    return f'<th scope="col" role="columnheader"{mark}><a href="{address}">{name}</a></th>'


def _row(row: Row, themes: Mapping[str, str]) -> str:
    source = row.source
    title = escape(source.title)
    name = f'<a href="{passage_url(row.first_passage_id)}">{title}</a>' if row.first_passage_id else title
    places = ", ".join(source.places[:_PLACES_SHOWN])
    more = len(source.places) - _PLACES_SHOWN
    published = escape(date_text(source.published))
    stamp = f'<time datetime="{escape(source.published)}">{published}</time>' if source.published else "–"
    notes = "".join(f'<span class="note">{escape(note)}</span> ' for note in row.notes)
    state = notes or ("Current" if source.published else "Undated")
    cells = (
        ("", escape(source.publisher)),
        ("", stamp),
        ("", escape(themes[source.theme]) if source.theme else "–"),
        ("", escape(places + (f" and {more} more" if more > 0 else "")) or "–"),
        (f' class="number" data-label="{"passage" if row.passages == 1 else "passages"}"', f"{row.passages:,}"),
        (f' class="state{"" if notes else " plain"}"', state),
    )
    body = "".join(f'<td role="cell"{kind}>{cell}</td>' for kind, cell in cells)
    return f'<tr role="row"><th scope="row" role="rowheader">{name}</th>{body}</tr>'
