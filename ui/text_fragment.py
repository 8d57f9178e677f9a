"""The end of an address that leads a browser to the words quoted. Pure."""

from urllib.parse import quote as percent
from urllib.parse import urlsplit

from rag.types import Source

_WHOLE_CHARS_MAX = 200
_EDGE_WORDS = 6
"""Words from each end that name a longer quote."""


def text_fragment(source: Source, quote: str, page: int | None = None) -> str:
    """What to append to the source's address so that it opens at the quote; empty where that cannot be.

    A text directive (WICG, URL Fragment Text Directives) needs the source's own words: briefings are in ours. Of a PDF
    the page, from 1, is named (RFC 8118).
    """
    if source.format == "briefing" or not quote:
        return ""
    has_fragment = bool(urlsplit(source.url).fragment)
    if source.format == "pdf":
        return "" if has_fragment or page is None else f"#page={page}"
    # A line end may stand for anything between two blocks of the page: the words around the first are left alone.
    line = max(quote.split("\n"), key=len).split()
    text = " ".join(line)
    if len(text) > _WHOLE_CHARS_MAX and len(line) > 2 * _EDGE_WORDS:
        text = f"{_encoded(' '.join(line[:_EDGE_WORDS]))},{_encoded(' '.join(line[-_EDGE_WORDS:]))}"
    else:
        text = _encoded(text)
    return f"{'' if has_fragment else '#'}:~:text={text}"


def _encoded(text: str) -> str:
    # A hyphen would mark a prefix or suffix in the directive.
    return percent(text, safe="").replace("-", "%2D")
