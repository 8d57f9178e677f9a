"""Word documents by python-docx: paragraphs, lists and tables in order; pages are made by the program alone."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from ingest.readers.errors import DamagedSource
from ingest.readers.extracted import Block
from ingest.readers.office import core_metadata, reading_errors
from ingest.readers.tables import rows_as_blocks

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_HEADING = re.compile(r"(?:heading|überschrift|titre|título)\s*([1-6])", re.IGNORECASE)
_TABLE_DEPTH_MAX = 8


def read_docx(data: bytes) -> tuple[tuple[Block, ...], dict[str, str]]:
    """The blocks and the core properties. The archive has been checked. Raises DamagedSource."""
    import docx

    try:
        document = docx.Document(BytesIO(data))
        blocks = tuple(_blocks(document.iter_inner_content(), 0))
        return blocks, core_metadata(document.core_properties)
    except reading_errors() as error:
        raise DamagedSource("The Word file does not keep to its format.", "Open and save it in Word again.") from error


def _blocks(content: "Iterator[Paragraph | Table]", depth: int) -> Iterator[Block]:
    from docx.table import Table

    for part in content:
        if isinstance(part, Table):
            yield from _table(part, depth)
        else:
            text = " ".join(part.text.split())
            if text:
                yield _paragraph(part, text)


def _paragraph(paragraph: "Paragraph", text: str) -> Block:
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    heading = _HEADING.match(style)
    if heading or style in ("Title", "Subtitle"):
        return Block("heading", text, int(heading[1]) if heading else 1)
    if style.lower().startswith(("quote", "intense quote")):
        return Block("quote", "\n".join(line.strip() for line in paragraph.text.split("\n") if line.strip()))
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    return Block("item" if numbered or style.lower().startswith("list") else "paragraph", text)


def _table(table: "Table", depth: int) -> Iterator[Block]:
    rows: list[list[str]] = []
    for row in table.rows:
        # A merged cell is given once for each column that it spans.
        cells = list({id(cell._tc): cell for cell in row.cells}.values())
        rows.append([" ".join(cell.text.split()) for cell in cells])
        if depth < _TABLE_DEPTH_MAX:
            for cell in cells:
                for inner in cell.tables:
                    yield from _table(inner, depth + 1)
    yield from rows_as_blocks(rows, header=True)
