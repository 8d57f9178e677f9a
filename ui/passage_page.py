"""A passage as a page of its own: the whole source, the passage in its place, the quote marked. Pure, no script."""

import re
from collections.abc import Sequence
from datetime import date

from rag.types import Home, Passage, Source
from ui.dates import date_text
from ui.escape import escape, safe_url
from ui.panel import marked, source_line

_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")


def passage_page(source: Source, text: str, passage: Passage, quote: str, today: date) -> str:
    """The page as HTML.

    `text` is the source's cleaned text with text[passage.start:passage.end] == passage.text. A quote that the
    passage does not hold is not shown: whoever wrote the address could otherwise put words into the source's mouth.
    """
    start = passage.text.find(quote) if quote else -1
    quoted = (passage.start + start, passage.start + start + len(quote)) if start >= 0 else (0, 0)
    missing = (
        '<p class="missing" role="note">The words that were quoted are not in this passage as it stands now.</p>'
        if quote and start < 0
        else ""
    )
    url = safe_url(source.url)
    page = passage.page_at(max(start, 0))
    where = f", page {page}" if page else ""
    original = f'<p><a href="{url}" rel="noopener noreferrer">Read the original</a>{where}</p>' if url else ""
    if page and not url:
        original = f"<p>Page {page}</p>"
    homes = "".join(f"<li>{_home(home)}</li>" for home in source.homes)
    also = f'<div class="homes"><p>The same text also stands here:</p><ul>{homes}</ul></div>' if homes else ""
    read_on = f'<p class="recorded">We read the original on {escape(date_text(source.recorded))}.</p>'
    return document(
        source.title,
        f'<header><p class="brand"><a href="/">West Midlands AI guide</a></p><h1>{escape(source.title)}</h1>'
        f"{source_line(source, today)}{original}{also}</header>{missing}"
        f"<article>{_body(text, (passage.start, passage.end), quoted)}</article><footer>{read_on}</footer>",
    )


def _home(home: Home) -> str:
    """A copy of the source, linked where it has an address."""
    name = escape(", ".join(part for part in (home.publisher, home.title) if part) or home.source_id)
    url = safe_url(home.url)
    return f'<a href="{url}" rel="noopener noreferrer">{name}</a>' if url else name


def document(
    title: str,
    body: str,
    *,
    before: str = "",
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    indexed: bool = True,
) -> str:
    """A whole page around `body`, which is HTML like what stands `before` it; the title is text.

    `styles` and `scripts` are files of ui/static beside those of every page; `indexed` says whether search engines may
    list it.
    """
    links = "".join(f'<link rel="stylesheet" href="/site/{name}">' for name in ("tokens.css", "passage.css", *styles))
    runs = "".join(f'<script src="/site/{name}" defer></script>' for name in scripts)
    robots = "" if indexed else '<meta name="robots" content="noindex">'
    return (
        '<!doctype html><html lang="en-GB" class="follows-system"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{robots}<title>{escape(title)} · West Midlands AI guide</title>"
        f'<link rel="icon" href="/site/favicon.svg">{links}{runs}</head>'
        f'<body>{before}<main id="content" tabindex="-1">{body}</main></body></html>'
    )


def _body(text: str, passage: tuple[int, int], quoted: tuple[int, int]) -> str:
    """Headings and paragraphs; the lines of the passage are set off, the quote is in <mark>."""
    blocks: list[str] = []
    lines: list[str] = []
    offset = 0
    for line in [*text.split("\n"), ""]:
        heading = _HEADING.match(line)
        if (not line.strip() or heading) and lines:
            blocks.append(f"<p>{' '.join(lines)}</p>")
            lines = []
        if heading:
            blocks.append(f"<h2>{escape(heading.group(2))}</h2>")
        elif line.strip():
            lines.append(_line(line, offset, passage, quoted))
        offset += len(line) + 1
    return "".join(blocks)


def _line(line: str, offset: int, passage: tuple[int, int], quoted: tuple[int, int]) -> str:
    end = offset + len(line)
    start_mark, end_mark = (min(max(position, offset), end) - offset for position in quoted)
    html = marked(line, start_mark, end_mark) if end_mark > start_mark else escape(line)
    inside = passage[0] < end and offset < passage[1]
    return f'<span class="in-passage">{html}</span>' if inside else f"<span>{html}</span>"
