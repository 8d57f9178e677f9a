"""What every reader gives: blocks in reading order, and what the document says about itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from ingest.clean import clean_text

Kind = Literal["heading", "paragraph", "item", "row", "quote"]


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table row or quotation: one line of the text."""

    kind: Kind
    text: str
    """On one line, except that the speaker of a quotation stands on lines of its own."""
    level: int = 0
    """Of a heading, from 1; else 0."""
    page: int | None = None
    """Page or slide on which it begins, from 1; None where the format has none."""
    page_starts: tuple[tuple[int, int], ...] = ()
    """(offset in `text`, page) for each page that begins inside it."""


@dataclass(frozen=True)
class Extracted:
    """A document as read: its cleaned text with page borders, and its metadata. Unknown stays empty or None."""

    format: str
    """html, text, markdown, pdf, docx, pptx, odt or epub."""
    blocks: tuple[Block, ...]
    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str | None = None
    """YYYY, YYYY-MM or YYYY-MM-DD, never in the future or before 1990; None when unknown."""
    url: str = ""
    """Address that the document gives for itself, else the one it was fetched from; empty when neither is known."""
    language: str = ""
    """BCP 47 tag; empty when unknown."""
    valid_until: str | None = None
    valid_until_quote: str = ""
    """The sentence that `valid_until` was read from."""
    warnings: tuple[str, ...] = ()
    """What a person should look at: a date in the future, pages without text, text that was cut."""
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Front matter of a Markdown or text file, as written."""

    @property
    def text(self) -> str:
        """The text as it is indexed: Markdown headings and list items, a blank line between paragraphs."""
        return self._composed[0]

    @property
    def pages(self) -> tuple[int, ...]:
        """Offset in `text` at which each page begins, page 1 first; empty for a format without pages."""
        return self._composed[1]

    @cached_property
    def _composed(self) -> tuple[str, tuple[int, ...]]:
        return compose(self.blocks)


def compose(blocks: Iterable[Block]) -> tuple[str, tuple[int, ...]]:
    """The text of the blocks, and where in it each page begins.

    Each block is cleaned by itself, so that cleaning the whole changes nothing and the offsets hold.
    """
    parts: list[str] = []
    borders: list[tuple[int, int]] = []
    length = 0
    before: Block | None = None
    for block in blocks:
        line = _line(block)
        if not line:
            continue
        gap = "" if before is None else "\n" if before.kind == block.kind and block.kind in ("item", "row") else "\n\n"
        length += len(gap)
        if block.page is not None:
            borders.append((length, block.page))
        lead = len(line) - len(block.text) if block.page_starts else 0
        borders.extend((length + lead + offset, page) for offset, page in block.page_starts)
        parts += (gap, line)
        length += len(line)
        before = block
    return "".join(parts), _page_offsets(borders)


def _line(block: Block) -> str:
    text = clean_text(block.text)
    if not text:
        return ""
    if block.kind == "heading":
        return f"{'#' * min(max(block.level, 1), 6)} {' '.join(text.split())}"
    return f"- {text}" if block.kind == "item" else text


def _page_offsets(borders: list[tuple[int, int]]) -> tuple[int, ...]:
    """Offset of each page from 1; a page without text begins where the next one does."""
    if not borders:
        return ()
    offsets: list[int] = []
    for offset, page in borders:
        while len(offsets) < page:
            offsets.append(offset if offsets else 0)
    return tuple(offsets)
