"""OpenDocument texts by lxml: its content.xml is plain enough that no library of its own is needed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.readers.errors import DamagedSource
from ingest.readers.extracted import Block
from ingest.readers.tables import rows_as_blocks
from ingest.readers.xml import parse_xml, zip_part

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_REPEAT_MAX = 20
"""Columns that one cell may stand for: spreadsheets fill a million columns with one empty cell."""


def read_odt(data: bytes) -> tuple[tuple[Block, ...], dict[str, str]]:
    """The blocks and the metadata. The archive has been checked. Raises DamagedSource, OversizedSource."""
    body = parse_xml(zip_part(data, "content.xml")).find(f".//{_OFFICE}text")
    if body is None:
        raise DamagedSource("The OpenDocument file has no text part.", "Save it again.")
    return tuple(_blocks(body)), _metadata(data)


def _metadata(data: bytes) -> dict[str, str]:
    try:
        meta = parse_xml(zip_part(data, "meta.xml"))
    except DamagedSource:
        return {}
    names = {"title": f"{_DC}title", "published": f"{_DC}date", "language": f"{_DC}language"}
    names["author"] = f"{_META}initial-creator"
    found = {key: " ".join((meta.findtext(f".//{name}") or "").split()) for key, name in names.items()}
    return {key: value for key, value in found.items() if value}


def _blocks(parent: "_Element") -> Iterator[Block]:
    for element in parent:
        if element.tag == f"{_TEXT}h":
            level = element.get(f"{_TEXT}outline-level", "1")
            yield Block("heading", _text(element), int(level) if level.isdigit() else 1)
        elif element.tag == f"{_TEXT}p":
            yield Block("paragraph", _text(element))
        elif element.tag == f"{_TEXT}list":
            for item in element.iter(f"{_TEXT}list-item"):
                yield Block("item", " ".join(_text(line) for line in item if line.tag in (f"{_TEXT}p", f"{_TEXT}h")))
        elif element.tag == f"{_TABLE}table":
            rows = [_row(row) for row in element.iter(f"{_TABLE}table-row")]
            yield from rows_as_blocks(rows, header=True)
        elif element.tag == f"{_TEXT}section":
            yield from _blocks(element)


def _row(row: "_Element") -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_TABLE}table-cell"):
        repeated = cell.get(f"{_TABLE}number-columns-repeated", "1")
        times = min(int(repeated), _REPEAT_MAX) if repeated.isdigit() and len(repeated) < 9 else 1
        cells += [_text(cell)] * times
    return cells


def _text(element: "_Element") -> str:
    for note in element.iter(f"{_TEXT}note", f"{_OFFICE}annotation"):
        note.clear(keep_tail=True)
    for gap in element.iter(f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
        gap.text = " "
    return " ".join("".join(element.itertext()).split())
