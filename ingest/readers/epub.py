"""EPUB books by lxml: the chapters in the order of the spine; the readers that exist are under the AGPL."""

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.readers.errors import DamagedSource, OversizedSource
from ingest.readers.extracted import Block
from ingest.readers.tables import rows_as_blocks
from ingest.readers.xml import parse_xml, zip_part
from ingest.word_list import words

if TYPE_CHECKING:
    from lxml.etree import _Element

CHAPTERS_MAX = 1_000
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_METADATA = {
    "title": "title",
    "author": "creator",
    "publisher": "publisher",
    "published": "date",
    "language": "language",
}
_INNER = words("article blockquote dd div dl dt figure h1 h2 h3 h4 h5 h6 li ol p pre section table ul")
"""Elements that are blocks: one without any of them inside is a block itself."""
_SKIPPED = words("head img math nav script style svg template")
_DEPTH_MAX = 200


def read_epub(data: bytes) -> tuple[tuple[Block, ...], dict[str, str]]:
    """The blocks and the metadata. The archive has been checked. Raises DamagedSource, OversizedSource."""
    rootfile = parse_xml(zip_part(data, "META-INF/container.xml")).find(f".//{_CONTAINER}rootfile")
    path = "" if rootfile is None else rootfile.get("full-path", "")
    if not path:
        raise DamagedSource("The book does not say where its contents are.", "Save it again.")
    package = parse_xml(zip_part(data, path))
    items = {item.get("id"): item for item in package.iter(f"{_OPF}item")}
    spine = [items.get(reference.get("idref")) for reference in package.iter(f"{_OPF}itemref")]
    if len(spine) > CHAPTERS_MAX:
        raise OversizedSource(f"The book has {len(spine):,} chapters.", "Split it.")
    blocks: list[Block] = []
    for item in spine:
        if item is not None and "nav" not in (item.get("properties") or "").split():
            chapter = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(item.get("href", ""))))
            blocks.extend(_chapter(zip_part(data, chapter)))
    found = {key: " ".join((package.findtext(f".//{_DC}{name}") or "").split()) for key, name in _METADATA.items()}
    return tuple(blocks), {key: value for key, value in found.items() if value}


def _chapter(data: bytes) -> Iterator[Block]:
    from lxml import etree, html

    try:
        tree = html.fromstring(data)
    except (etree.LxmlError, ValueError) as error:
        raise DamagedSource("A chapter of the book cannot be read.", "Save it again.") from error
    yield from _blocks(tree, 0)


def _blocks(parent: "_Element", depth: int) -> Iterator[Block]:
    for element in parent:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _SKIPPED or depth > _DEPTH_MAX:
            continue
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            yield Block("heading", _text(element), int(tag[1]))
        elif tag == "table":
            rows = [[_text(cell) for cell in row.iter("td", "th")] for row in element.iter("tr")]
            yield from rows_as_blocks(rows, header=element.find(".//th") is not None)
        elif not any(inner.tag in _INNER for inner in element.iterdescendants()):
            yield Block("item" if tag == "li" else "quote" if tag == "blockquote" else "paragraph", _text(element))
        else:
            yield from _blocks(element, depth + 1)


def _text(element: "_Element") -> str:
    return " ".join("".join(element.itertext()).split())
