"""One document from its bytes, in this process: told by its bytes, read, tidied, dated. `extract` runs it fenced in."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from ingest.article.speakers import byline
from ingest.article.tidy import tidy
from ingest.expiry import find_expiry
from ingest.found_dates import metadata_date, questioned
from ingest.readers.encoding import decode
from ingest.readers.errors import EmptySource, OversizedSource
from ingest.readers.extracted import Block, Extracted, compose
from ingest.readers.plain import read_text, without_blobs
from ingest.readers.sniff import sniff

BYTES_MAX = 200_000_000
TEXT_BYTES_MAX = 20_000_000
"""Text, Markdown and HTML; a thick novel has one million."""
CHARS_MAX = 3_000_000
"""Longer texts are cut: ten such reports are all of a guide's other sources together."""
_CUT = f"Cut after {CHARS_MAX:,} characters."
TITLE_CHARS_MAX = 300
NAME_CHARS_MAX = 200

_Found = tuple[tuple[Block, ...], dict[str, str], tuple[str, ...]]


def read_document(data: bytes, name: str, content_type: str | None, url: str | None, today: date) -> Extracted:
    """The document, its article alone. Raises a RefusedSource."""
    if len(data) > BYTES_MAX:
        raise OversizedSource(f"The file has {len(data) // 1_000_000} MB.", "Split it, or save only its text.")
    format_ = sniff(data, name, content_type)
    given: Mapping[str, str] = {}
    warnings: tuple[str, ...]
    if format_ in ("html", "text", "markdown"):
        text, warnings = _decoded(data, content_type, html=format_ == "html")
        if format_ == "html":
            from ingest.readers.html import read_html

            blocks, found = read_html(text, url)
        else:
            blocks, found, given = _read_plain(format_, text)
    else:
        blocks, found, warnings = _read_binary(format_, data)
    blocks, cut = _bounded(tidy(blocks))
    if not any(char.isalnum() for block in blocks for char in block.text):
        raise EmptySource("There is no text in it.", "If it holds pictures of text, run text recognition (OCR) first.")
    return _described(Extracted(format_, blocks, given=given), found, (*warnings, *cut), url, today)


def _decoded(data: bytes, content_type: str | None, *, html: bool) -> tuple[str, tuple[str, ...]]:
    if len(data) > TEXT_BYTES_MAX:
        most = f"{TEXT_BYTES_MAX // 1_000_000} MB is the most"
        raise OversizedSource(f"The text has {len(data) // 1_000_000} MB.", f"Save the part that matters: {most}.")
    text, warning = decode(data, content_type, html=html)
    blobs = 0
    if not html:
        text, blobs = without_blobs(text)
    left_out = f"{blobs} stretches without a space were left out: encoded data." if blobs else ""
    cut = _CUT if not html and len(text) > CHARS_MAX else ""
    return text if html else text[:CHARS_MAX], tuple(filter(None, (warning, left_out, cut)))


def _read_plain(format_: str, text: str) -> tuple[tuple[Block, ...], dict[str, str], Mapping[str, str]]:
    from ingest.overrides import read_front_matter
    from ingest.readers.markdown import read_markdown, split_front_matter

    head, body = split_front_matter(text)
    given = read_front_matter(head) if head else {}
    blocks = read_markdown(body) if format_ == "markdown" else read_text(body)
    return blocks, {}, MappingProxyType(dict(given))


def _read_binary(format_: str, data: bytes) -> _Found:
    # Each library takes a quarter of a second to import: only the one that is needed is.
    if format_ == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(data)
    if format_ == "docx":
        from ingest.readers.docx import read_docx

        return (*read_docx(data), ())
    if format_ == "pptx":
        from ingest.readers.pptx import read_pptx

        return (*read_pptx(data), ())
    if format_ == "odt":
        from ingest.readers.odf import read_odt

        return (*read_odt(data), ())
    from ingest.readers.epub import read_epub

    return (*read_epub(data), ())


def _bounded(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    total = 0
    for index, block in enumerate(blocks):
        total += len(block.text)
        if total > CHARS_MAX:
            return blocks[:index], (_CUT,)
    return blocks, ()


def _described(
    extracted: Extracted, found: Mapping[str, str], warnings: tuple[str, ...], url: str | None, today: date
) -> Extracted:
    """The document with what it says about itself."""
    published = metadata_date(found.get("published", "")) if found.get("published") else None
    doubt = questioned(published, today) if published else ""
    if doubt:
        published, warnings = None, (*warnings, f"The date is taken as unknown: {doubt}.")
    text, _ = compose(extracted.blocks)
    expiry = find_expiry(text, published)
    return Extracted(
        format=extracted.format,
        blocks=extracted.blocks,
        title=(found.get("title") or _first_line(extracted.blocks))[:TITLE_CHARS_MAX],
        publisher=found.get("publisher", "")[:NAME_CHARS_MAX],
        author=(found.get("author") or byline(extracted.blocks))[:NAME_CHARS_MAX],
        published=published,
        url=found.get("url") or url or "",
        language=found.get("language", "").replace("_", "-")[:20],
        valid_until=expiry[0] if expiry else None,
        valid_until_quote=expiry[1] if expiry else "",
        warnings=warnings,
        given=extracted.given,
    )


def _first_line(blocks: tuple[Block, ...]) -> str:
    """The first heading near the top, else a first line that is short enough for a title; else nothing."""
    heading = next((block.text for block in blocks[:5] if block.kind == "heading"), "")
    first = blocks[0].text if blocks and blocks[0].kind == "paragraph" else ""
    return heading or (first if len(first) <= 120 and not first.endswith((".", ":", ";", ",")) else "")
