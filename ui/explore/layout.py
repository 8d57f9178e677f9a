"""What the pages of Explore have in common: the frame, the tabs, bars, chosen values. Pure; all text is escaped."""

from collections.abc import Callable, Sequence

from ui.escape import escape
from ui.site_page import site_page

OVERVIEW, SOURCES, TIMELINE = "/explore", "/explore/sources", "/explore/timeline"
WORDS_CHARACTERS_MAX = 200
_TABS = ((OVERVIEW, "Overview"), (SOURCES, "Sources"), (TIMELINE, "Timeline"))


def explore_page(title: str, tab: str, body: str) -> str:
    """A whole page around `body`, which is HTML; `tab` is the address of the tab that is open."""
    here = ' aria-current="page"'
    tabs = "".join(f'<li><a href="{path}"{here if path == tab else ""}>{name}</a></li>' for path, name in _TABS)
    return site_page(
        title,
        f'<nav class="tabs" aria-label="Explore"><ul>{tabs}</ul></nav><h1>{escape(title)}</h1>{body}',
        current=OVERVIEW,
        styles=("explore.css",),
        scripts=("scheme.js", "explore.js"),
    )


def bar(share: float) -> str:
    """A bar as long as the share, in [0, 1], of its place; it stands beside a number that says the same."""
    width = round(100 * min(max(share, 0.0), 1.0), 1)
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect width="{width}" height="8"></rect></svg>'
    )


def field(name: str, label: str, value: str) -> str:
    """A labelled search field."""
    return (
        f'<p class="field wide"><label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="search" value="{escape(value)}" maxlength="{WORDS_CHARACTERS_MAX}" '
        'autocomplete="off"></p>'
    )


def choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    """A labelled drop-down of (value, words), with one for no choice; what is chosen stays, even if it is unknown."""
    known = [("", "All"), *options]
    if chosen not in {value for value, _ in known}:
        known.append((chosen, chosen))
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
        for value, words in known
    )
    drop_down = f'<select id="{name}" name="{name}">{items}</select>'
    return f'<p class="field"><label for="{name}">{escape(label)}</label>{drop_down}</p>'


def pager(page: int, pages: int, address: Callable[[int], str]) -> str:
    """Links to the page before and after; `address` gives that of a page, from 1."""
    if pages < 2:
        return ""
    before = f'<a rel="prev" href="{escape(address(page - 1))}">Previous</a>' if page > 1 else ""
    after = f'<a rel="next" href="{escape(address(page + 1))}">Next</a>' if page < pages else ""
    return f'<nav class="pager" aria-label="Pages of the list">{before}<span>Page {page} of {pages}</span>{after}</nav>'
