"""From a document to passages: whole sentences under one heading, within a bound of tokens, at exact offsets."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator

from ingest.section import Section, sections
from rag.sentences import Span, split_sentences
from rag.tokens import count_tokens
from rag.types import Document, Passage, Source

SEPARATOR = " — "
_WINDOW = 16
"""Characters a token looked at for one cut: more would cost the square of the length of an unbroken string."""


def chunk(document: Document, chunk_tokens: int, overlap_sentences: int) -> tuple[Passage, ...]:
    """The passages of a document in its order; each is a slice of its text and at most `chunk_tokens` long.

    A sentence over the bound is cut between words, a word over it anywhere. Heading lines stand in Passage.heading, not
    in a text; one with nothing under it is a passage of its own. With an overlap, a passage begins with the last
    sentences of the one before it under the same heading, as far as that leaves room for a new one.
    """
    return tuple(
        _passage(document, start, end, section.heading, *_page(document.pages, start, end))
        for section in sections(document.text)
        for start, end in _pack(document.text, section, chunk_tokens, overlap_sentences)
    )


def embedding_text(source: Source, passage: Passage) -> str:
    """What the embedder reads for a passage: the quoted text under its title, publisher, date and heading."""
    head = SEPARATOR.join(part for part in (source.title, source.publisher, source.published) if part)
    return "\n".join(part for part in (head, passage.heading, passage.text) if part)


def _page(pages: tuple[int, ...], start: int, end: int) -> tuple[int | None, tuple[int, ...]]:
    """The page that a stretch begins on, and where in it the pages after that begin."""
    if not pages:
        return None, ()
    page = max(1, bisect_right(pages, start))
    return page, tuple(border - start for border in pages[page:] if border < end)


def _passage(
    document: Document, start: int, end: int, heading: str, page: int | None, page_starts: tuple[int, ...]
) -> Passage:
    text = document.text[start:end]
    source_id = document.source.id
    digest = hashlib.sha256(f"{source_id}\x1f{start}\x1f{end}\x1f{text}".encode()).hexdigest()
    return Passage(
        id=digest[:16],
        source_id=source_id,
        text=text,
        start=start,
        end=end,
        heading=heading,
        tokens=count_tokens(text),
        page=page,
        page_starts=page_starts,
    )


def _pack(text: str, section: Section, bound: int, overlap: int) -> Iterator[Span]:
    units = list(_units(text, section, bound))
    first = 0
    while first < len(units):
        last = first
        while last + 1 < len(units) and count_tokens(text[units[first][0] : units[last + 1][1]]) <= bound:
            last += 1
        yield units[first][0], units[last][1]
        if last + 1 == len(units):
            return
        following = max(first + 1, last + 1 - overlap)
        # An overlap that leaves no room for the next sentence would repeat without saying anything new.
        while following <= last and count_tokens(text[units[following][0] : units[last + 1][1]]) > bound:
            following += 1
        first = following


def _units(text: str, section: Section, bound: int) -> Iterator[Span]:
    """The sentences of a section, those over the bound cut up."""
    body = text[section.start : section.end]
    for start, end in split_sentences(body):
        yield from _cut(text, section.start + start, section.start + end, bound)


def _cut(text: str, start: int, end: int, bound: int) -> Iterator[Span]:
    while end - start > _WINDOW * bound or count_tokens(text[start:end]) > bound:
        edge = _fitting(text, start, end, bound)
        yield start, start + len(text[start:edge].rstrip())
        start = edge + len(text[edge:end]) - len(text[edge:end].lstrip())
    if start < end:
        yield start, end


def _fitting(text: str, start: int, end: int, bound: int) -> int:
    """Where to cut: after as many whole words as fit, or inside the first word when that alone does not."""
    end = min(end, start + _WINDOW * bound)
    words = [index for index in range(start + 1, end) if text[index].isspace() and not text[index - 1].isspace()]
    return (
        _largest(words, lambda edge: count_tokens(text[start:edge]) <= bound)
        or _largest(range(start + 1, end), lambda edge: count_tokens(text[start:edge]) <= bound)
        or start + 1
    )


def _largest(edges: "list[int] | range", fits: Callable[[int], bool]) -> int | None:
    """The largest edge that fits, by bisection; counts grow with length but for a token or two, hence the last loop."""
    low, high = 0, len(edges)
    while low < high:
        middle = (low + high) // 2
        if fits(edges[middle]):
            low = middle + 1
        else:
            high = middle
    while low > 0 and not fits(edges[low - 1]):
        low -= 1
    return edges[low - 1] if low > 0 else None
