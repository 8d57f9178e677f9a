"""One PDF page as lines in reading order, each with its place; pdfium gives characters, we give the order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

HYPHEN = "\x02"
"""What pdfium gives for a hyphen at the end of a line."""
CELL_GAP = 1.5
"""A gap of so many line heights parts two cells of a row, or two columns."""
_COLUMN_CHARS_MIN = 18
"""Median length of the lines of a column of prose; the cells of a table are shorter."""
_COLUMN_LINES_MIN = 4
CHARS_MAX = 200_000
"""Characters of a page that are looked at."""


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of text on one base line; lengths in points, from the lower left corner of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """Of the font, from descender to ascender."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Half way up."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side on one base line: one line, or the cells of a table."""

    cells: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """The leftmost."""
        return self.cells[0]

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(cell.text for cell in self.cells)


def page_rows(textpage: "PdfTextPage", width: float) -> tuple[Row, ...]:
    """The rows of a page in reading order: down the first column, then the next."""
    lines = list(_lines(textpage))
    gutter = _gutter(lines, width)
    if gutter is None:
        return tuple(_rows(lines))
    return tuple(Row((line,)) for line in _by_columns(lines, gutter))


def _lines(textpage: "PdfTextPage") -> Iterator[Line]:
    """Runs of characters without a line break or a wide gap."""
    from pypdfium2.raw import FPDFText_GetUnicode

    count = min(textpage.count_chars(), CHARS_MAX)
    run: list[tuple[int, int]] = []
    for index in range(count):
        code = FPDFText_GetUnicode(textpage, index)
        if code == 2:
            # pdfium puts its hyphen in the place of the line break.
            yield from _line(textpage, run, HYPHEN)
            run = []
        elif code in (10, 13) or (code == 32 and run and index + 1 < count and _wide(textpage, run[-1][0], index + 1)):
            yield from _line(textpage, run)
            run = []
        elif code and not 0xD800 <= code < 0xE000:
            run.append((index, code))
    yield from _line(textpage, run)


def _wide(textpage: "PdfTextPage", before: int, after: int) -> bool:
    _, bottom, right, top = textpage.get_charbox(before, loose=True)
    left, after_bottom, _, after_top = textpage.get_charbox(after, loose=True)
    same_line = min(top, after_top) > max(bottom, after_bottom)
    return not same_line or left - right > CELL_GAP * max(top - bottom, 1.0)


def _line(textpage: "PdfTextPage", run: Sequence[tuple[int, int]], end: str = "") -> Iterator[Line]:
    inked = [index for index, code in run if code not in (32, 160)]
    text = "".join(chr(code) for _, code in run).strip() + end
    if not inked or not text:
        return
    boxes = [textpage.get_charbox(index, loose=True) for index in (inked[0], inked[len(inked) // 2], inked[-1])]
    yield Line(
        text,
        min(box[0] for box in boxes),
        max(box[2] for box in boxes),
        median(box[1] for box in boxes),
        median(box[3] for box in boxes),
    )


def _rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Neighbours on the same base line put together, in the order in which the file gives them."""
    cells: list[Line] = []
    for line in lines:
        if cells and not (_level(cells[-1], line) and line.left >= cells[-1].right - 1):
            yield Row(tuple(cells))
            cells = []
        cells.append(line)
    if cells:
        yield Row(tuple(cells))


def _level(one: Line, other: Line) -> bool:
    return abs(one.middle - other.middle) < 0.5 * min(one.height, other.height)


def _gutter(lines: Sequence[Line], width: float) -> float | None:
    """The place between two columns of prose; None where the page has one column."""
    if len(lines) < 2 * _COLUMN_LINES_MIN:
        return None
    best, best_crossing = None, len(lines)
    for step in range(30, 71):
        place = width * step / 100
        crossing = sum(line.left < place < line.right for line in lines)
        if crossing < best_crossing:
            best, best_crossing = place, crossing
    if best is None or best_crossing > 0.35 * len(lines):
        return None
    left = [line for line in lines if line.right <= best]
    right = [line for line in lines if line.left >= best]
    if min(len(left), len(right)) < _COLUMN_LINES_MIN:
        return None
    if min(median(len(line.text) for line in side) for side in (left, right)) < _COLUMN_CHARS_MIN:
        return None
    overlap = min(max(line.top for line in side) for side in (left, right)) - max(
        min(line.bottom for line in side) for side in (left, right)
    )
    return best if overlap > 3 * median(line.height for line in lines) else None


def _by_columns(lines: Sequence[Line], gutter: float) -> Iterator[Line]:
    """Down the left column, then the right; a line across both ends what stands above it."""
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.middle):
        if line.left < gutter < line.right:
            yield from _columns(band, gutter)
            band = []
            yield line
        else:
            band.append(line)
    yield from _columns(band, gutter)


def _columns(band: Sequence[Line], gutter: float) -> Iterator[Line]:
    yield from (line for line in band if line.right <= gutter)
    yield from (line for line in band if line.right > gutter)
