"""From the lines of all pages to blocks: what every page repeats is left out, paragraphs are put together. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.clean import clean_text
from ingest.readers.extracted import Block
from ingest.readers.pdf_lines import HYPHEN, Row
from ingest.readers.tables import looks_like_header, rows_as_blocks

MARGIN_SHARE = 0.07
"""Share of the page's height, at the top and at the bottom, in which headers and footers stand."""
REPEATED_PAGES_MIN = 3
HEADING_HEIGHT = 1.18
"""Times the height of the body text from which a short line is a heading."""
HEADING_CHARS_MAX = 140
_PAGE_NUMBER = re.compile(r"\W*(?:page\s+)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/|\|)\s*\d{1,4})?\W*", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•·▪◦‣●■–*-]|\uf0b7)\s*(?=\S)|(?:\d{1,2}|[a-z])[.)]\s+(?=\S)")
_ENDED = re.compile(r"[.!?:;।؟][\"'”’)\]»]*$")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read."""

    number: int
    """From 1."""
    height: float
    """In points."""
    rows: tuple[Row, ...]


@dataclass(slots=True)
class _Paragraph:
    text: str
    page: int
    kind: str
    last: Row
    starts: list[tuple[int, int]]

    @property
    def page_now(self) -> int:
        """The page that its last line stands on."""
        return self.starts[-1][1] if self.starts else self.page


def page_blocks(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The blocks of the document; a paragraph that runs over the foot of a page is one block that knows where."""
    repeated = _repeated(pages)
    kept = [
        (page, row)
        for page in pages
        for row in page.rows
        if not (_marginal(page, row) and (_key(row) in repeated or _PAGE_NUMBER.fullmatch(row.text)))
    ]
    if not kept:
        return ()
    words = _whole_words([_marked(row.text) for _, row in kept])
    body = median(row.first.height for _, row in kept for _ in range(max(1, len(row.text) // 20)))
    return tuple(_blocks(kept, body, words))


def _marked(text: str) -> str:
    """The line with a hyphen at its end marked as pdfium marks those that it notices."""
    return re.sub(r"(?<=[^\W\d_])-$", HYPHEN, text)


def _whole_words(lines: Sequence[str]) -> Counter[str]:
    """The words of the document, but for the halves of those that are broken at the end of a line."""
    text = re.sub(rf"\S*{HYPHEN}\n\S*", "", "\n".join(lines))
    return Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))


def _repeated(pages: Sequence[Page]) -> frozenset[str]:
    """Lines in the margins that stand on several pages, but for their figures."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_key(row) for row in page.rows if _marginal(page, row)})
    wanted = min(REPEATED_PAGES_MIN, max(2, len(pages)))
    return frozenset(key for key, count in seen.items() if count >= wanted)


def _key(row: Row) -> str:
    return re.sub(r"\d+", "0", " ".join(row.text.casefold().split()))


def _marginal(page: Page, row: Row) -> bool:
    return row.first.top > page.height * (1 - MARGIN_SHARE) or row.first.bottom < page.height * MARGIN_SHARE


def _blocks(kept: Sequence[tuple[Page, Row]], body: float, words: Counter[str]) -> Iterator[Block]:
    open_: _Paragraph | None = None
    index = 0
    while index < len(kept):
        page, row = kept[index]
        table = _table(kept, index)
        if table or _is_heading(row, body) or open_ is None or not _continues(open_, row, page.number, body):
            if open_:
                yield _closed(open_)
            open_ = None
        if table:
            cells = [[_plain(cell.text) for cell in kept[index + step][1].cells] for step in range(table)]
            yield from rows_as_blocks(cells, header=looks_like_header(cells), page=page.number)
            index += table
            continue
        if _is_heading(row, body):
            yield from _heading(kept, index, body)
            index += _heading_rows(kept, index, body)
            continue
        open_ = _grown(open_, row, page.number, words)
        index += 1
    if open_:
        yield _closed(open_)


def _table(kept: Sequence[tuple[Page, Row]], index: int) -> int:
    """How many rows from here on are rows of one table: at least two with as many cells on the same page."""
    page, row = kept[index]
    count = len(row.cells)
    if count < 2:
        return 0
    length = 1
    while index + length < len(kept):
        other_page, other = kept[index + length]
        if other_page.number != page.number or len(other.cells) != count:
            break
        length += 1
    return length if length > 1 else 0


def _is_heading(row: Row, body: float) -> bool:
    text = row.text
    large = row.first.height >= HEADING_HEIGHT * body
    return large and len(row.cells) == 1 and len(text) <= HEADING_CHARS_MAX and any(map(str.isalpha, text))


def _heading_rows(kept: Sequence[tuple[Page, Row]], index: int, body: float) -> int:
    """A heading may run over several lines of the same size."""
    page, row = kept[index]
    length = 1
    while index + length < len(kept) and length < 4:
        other_page, other = kept[index + length]
        same = abs(other.first.height - row.first.height) < 0.05 * body
        near = 0 < row.first.bottom - other.first.bottom < (length + 0.7) * 1.3 * row.first.height
        if other_page.number != page.number or not (same and near and _is_heading(other, body)):
            break
        length += 1
    return length


def _heading(kept: Sequence[tuple[Page, Row]], index: int, body: float) -> Iterator[Block]:
    page, row = kept[index]
    rows = [kept[index + step][1] for step in range(_heading_rows(kept, index, body))]
    level = 1 if row.first.height >= 1.7 * body else 2 if row.first.height >= 1.3 * body else 3
    text = _plain(" ".join(part.text for part in rows))
    if text:
        yield Block("heading", text, level, page.number)


def _continues(open_: _Paragraph, row: Row, page: int, body: float) -> bool:
    """Whether a row carries on the paragraph above it, or the one at the foot of the page before."""
    line, last = row.first, open_.last.first
    if _BULLET.match(row.text) or len(row.cells) > 1 or abs(line.height - last.height) > 0.15 * body:
        return False
    ended = bool(_ENDED.search(open_.text))
    if page != open_.page_now or line.middle > last.middle:
        # A new page or column: only a sentence that is under way goes on there.
        return not ended
    if last.bottom - line.top > 0.8 * body:
        return False
    indented = line.left - last.left > 0.8 * body and open_.kind == "paragraph"
    return not (ended and indented)


def _grown(open_: _Paragraph | None, row: Row, page: int, words: Counter[str]) -> _Paragraph:
    text = clean_text(_marked(row.text).replace(HYPHEN, "\ue000")).replace("\ue000", HYPHEN)
    if open_ is None:
        bullet = _BULLET.match(text)
        symbol = bool(bullet) and not text[0].isalnum()
        shown = text[bullet.end() :] if bullet and symbol else text
        return _Paragraph(shown, page, "item" if bullet else "paragraph", row, [])
    joined, offset = _joined(open_.text, text, words)
    if page != open_.page_now:
        open_.starts.append((offset, page))
    open_.text, open_.last = joined, row
    return open_


def _joined(before: str, after: str, words: Counter[str]) -> tuple[str, int]:
    """The two parts as one text, and where in it the second begins."""
    if not before.endswith(HYPHEN):
        return f"{before} {after}", len(before) + 1
    stem = before[: -len(HYPHEN)]
    left, right = re.search(r"[^\W\d_]*$", stem), re.match(r"[^\W\d_]+", after)
    if left is None or right is None or not left.group():
        return f"{stem}-{after}", len(stem) + 1
    hyphened, whole = f"{left.group()}-{right.group()}", left.group() + right.group()
    # publicly-funded was written so; compu-ting was broken by the typesetter.
    compound = (
        after[0].isupper() or words[hyphened] or (not words[whole] and words[left.group()] and words[right.group()])
    )
    return (f"{stem}-{after}", len(stem) + 1) if compound else (f"{stem}{after}", len(stem))


def _closed(open_: _Paragraph) -> Block:
    text = open_.text.replace(HYPHEN, "-")
    return Block(
        "item" if open_.kind == "item" else "paragraph", text, page=open_.page, page_starts=tuple(open_.starts)
    )


def _plain(text: str) -> str:
    return clean_text(text.replace(HYPHEN, "-"))
