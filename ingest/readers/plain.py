"""Plain text: paragraphs and list items; lines that were broken at a fixed width are put together again."""

import re
from collections.abc import Iterator

from ingest.clean import clean_text
from ingest.readers.extracted import Block

_BULLET = re.compile(r"(?:[-*•·▪◦‣–]|\d{1,3}[.)])\s+(?=\S)")
_ENDED = re.compile(r"[.!?…:;।؟][\"'”’)\]»]*$")
WRAP_CHARS_MIN = 45
"""A line shorter than this was not broken at a margin: what follows is a line of its own."""
BLOB_CHARS = 1_000
"""A run of more characters than this without a space is no word: encoded data, or an attack."""
_BLOB = re.compile(rf"\S{{{BLOB_CHARS},}}")


def read_text(text: str) -> tuple[Block, ...]:
    """The blocks of a plain text."""
    return tuple(_blocks(text))


def without_blobs(text: str) -> tuple[str, int]:
    """The text less its runs of more than BLOB_CHARS characters, and how many there were.

    Scripts that are written without spaces have no such runs either: their sentences end in punctuation.
    """
    found = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal found
        if re.search(r"[。！？、]", match.group()[:BLOB_CHARS]):
            return match.group()
        found += 1
        return ""

    return _BLOB.sub(kept, text), found


def _blocks(text: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n[^\S\n]*\n", clean_text(text)):
        yield from _paragraph([line.strip() for line in paragraph.split("\n") if line.strip()])


def _paragraph(lines: list[str]) -> Iterator[Block]:
    pending: list[str] = []
    kind = ""
    for line in lines:
        bullet = _BULLET.match(line)
        if pending and (bullet or not _continues(pending[-1], line)):
            yield _block(kind, pending)
            pending = []
        if not pending:
            kind = "item" if bullet else "paragraph"
            line = line[bullet.end() :] if bullet and not line[0].isdigit() else line
        pending.append(line)
    if pending:
        yield _block(kind, pending)


def _block(kind: str, lines: list[str]) -> Block:
    return Block("item" if kind == "item" else "paragraph", " ".join(lines))


def _continues(line: str, following: str) -> bool:
    """Whether a paragraph that was broken after `line` goes on with the next one."""
    if following[0].islower() and not _ENDED.search(line):
        return True
    return len(line) >= WRAP_CHARS_MIN and not _ENDED.search(line)
