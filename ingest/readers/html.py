"""HTML by trafilatura: the article with its headings, lists and tables, and the page's own metadata."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.readers.errors import DamagedSource, EmptySource, OversizedSource
from ingest.readers.extracted import Block
from ingest.readers.tables import rows_as_blocks
from ingest.word_list import words

if TYPE_CHECKING:
    from lxml.etree import _Element

HTML_CHARS_MAX = 8_000_000
"""Longer pages are data dumps; the tree of one takes some thirty times its size in memory."""
DEPTH_MAX = 200
"""libxml2 drops what is nested deeper than 256; a page that comes near was not written for people."""
_TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9-]*)|!--)")
_OPAQUE = {"!--": "-->", "script": "</script", "style": "</style", "textarea": "</textarea", "title": "</title"}
"""Where what looks like a tag is none, and how that ends."""
_VOID = words("area base br col embed hr img input link meta param source track wbr")
_IMPLIED = words("body colgroup dd dt head html li option p tbody td tfoot th thead tr")
"""Elements whose end tag may be left out, so that counting tags would take a long list for a deep one."""


def read_html(text: str, url: str | None) -> tuple[tuple[Block, ...], dict[str, str]]:
    """The blocks of the article and the metadata as found: title, publisher, author, published, url, language.

    Raises OversizedSource, DamagedSource, EmptySource.
    """
    from ingest.readers.html_meta import html_metadata

    if len(text) > HTML_CHARS_MAX:
        raise OversizedSource(f"The page has {len(text):,} characters.", "Save the part of it that matters.")
    depth = nesting(text)
    if depth > DEPTH_MAX:
        raise OversizedSource(f"The page is nested {depth:,} levels deep.", "Save its text as a file and name that.")
    import trafilatura

    tree = trafilatura.load_html(text)
    if tree is None:
        raise DamagedSource("The page cannot be read as HTML.", "Save its text as a file and name that.")
    found = html_metadata(tree, url)
    # Comments are other people's words; the precise mode leaves out teasers that the default takes along.
    document: Any = trafilatura.bare_extraction(
        text, url=url, include_comments=False, favor_precision=True, with_metadata=False
    )
    if document is None or document.body is None:
        raise EmptySource(
            "No article was found on the page.", "If it is drawn by a script, save its text from the browser."
        )
    return tuple(_blocks(document.body)), found


def nesting(text: str) -> int:
    """How deep elements are nested, by the tags alone; elements whose end may be left out do not count."""
    depth = deepest = place = 0
    while match := _TAG.search(text, place):
        place = match.end()
        name = match[2].lower() if match[2] else "!--"
        if name in _OPAQUE and not match[1]:
            end = text.find(_OPAQUE[name], place)
            if end < 0:
                break
            place = end + len(_OPAQUE[name])
        elif name not in _VOID and name not in _IMPLIED:
            depth = max(0, depth - 1) if match[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _blocks(parent: "_Element") -> Iterator[Block]:
    for element in parent:
        tag = element.tag
        if tag == "head":
            yield Block("heading", _text(element), _level(element))
        elif tag == "list":
            yield from _items(element)
        elif tag == "table":
            rows = [[_text(cell) for cell in row.iter("cell")] for row in element.iter("row")]
            first = element.find(".//row")
            header = first is not None and any(cell.get("role") == "head" for cell in first.iter("cell"))
            yield from rows_as_blocks(rows, header=header)
        elif tag == "quote":
            yield Block("quote", "\n".join(line for line in _quoted(element) if line))
        elif tag in ("div", "body", "main") and len(element):
            yield from _blocks(element)
        elif tag not in ("graphic", "comments"):
            yield from (Block("paragraph", part) for part in _lines(element))


def _quoted(element: "_Element") -> Iterator[str]:
    """The lines of a quotation: its paragraphs, the last of which may name the speaker."""
    yield " ".join((element.text or "").split())
    for child in element:
        if child.tag == "p":
            yield from _lines(child)
        elif child.tag != "graphic":
            yield _text(child)
        yield " ".join((child.tail or "").split())


def _items(element: "_Element") -> Iterator[Block]:
    for item in element:
        nested = [child for child in item if child.tag == "list"]
        text = _text(item, without=nested)
        if text:
            yield Block("item", text)
        for child in nested:
            yield from _items(child)


def _level(element: "_Element") -> int:
    rend = element.get("rend", "h2")
    return int(rend[1]) if re.fullmatch(r"h[1-6]", rend) else 2


def _text(element: "_Element", without: "list[_Element] | tuple[()]" = ()) -> str:
    return " ".join("".join(_pieces(element, without)).split())


def _pieces(element: "_Element", without: "list[_Element] | tuple[()]") -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child not in without and child.tag != "graphic":
            if child.tag in ("lb", "p", "list", "item", "cell", "row"):
                yield " "
            yield from _pieces(child, without)
        yield child.tail or ""


def _lines(element: "_Element") -> Iterator[str]:
    """The lines of a paragraph: a break inside it ends one."""
    line: list[str] = [element.text or ""]
    for child in element:
        if child.tag == "lb":
            yield " ".join("".join(line).split())
            line = []
        elif child.tag != "graphic":
            line.append("".join(_pieces(child, ())))
        line.append(child.tail or "")
    yield " ".join("".join(line).split())
