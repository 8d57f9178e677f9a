"""PDF by pdfium: text with its pages, headers and footers left out, columns in order, broken words mended."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.readers.errors import DamagedSource, EmptySource, EncryptedSource, OversizedSource
from ingest.readers.extracted import Block
from ingest.readers.pdf_blocks import Page, page_blocks
from ingest.readers.pdf_lines import page_rows

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

PAGES_MAX = 3_000
OBJECTS_MAX = 300_000
"""Things drawn on one page; a page of dense prose has some hundreds."""
_PASSWORD_NEEDED = 4
_NO_NAMES = frozenset({"", "user", "admin", "administrator", "owner", "author", "unknown", "microsoft office user"})


def read_pdf(data: bytes) -> tuple[tuple[Block, ...], dict[str, str], tuple[str, ...]]:
    """The blocks, the metadata that was found, and warnings.

    Raises EncryptedSource, DamagedSource, OversizedSource, EmptySource.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_NEEDED or "assword" in str(error):
            raise EncryptedSource("The PDF is locked with a password.", "Save it without a password.") from error
        raise DamagedSource("The PDF is torn: it cannot be opened.", "Download or print it to PDF again.") from error
    try:
        if len(document) > PAGES_MAX:
            raise OversizedSource(f"The PDF has {len(document):,} pages.", f"Split it: {PAGES_MAX:,} is the most.")
        pages = tuple(_pages(document))
        found = _metadata(document)
    except pypdfium2.PdfiumError as error:
        raise DamagedSource("A page of the PDF cannot be read.", "Download or print it to PDF again.") from error
    finally:
        document.close()
    return page_blocks(pages), found, _without_text(pages)


def _pages(document: "PdfDocument") -> Iterator[Page]:
    from pypdfium2.raw import FPDFPage_CountObjects

    for number in range(1, len(document) + 1):
        page = document[number - 1]
        objects = FPDFPage_CountObjects(page)
        if objects > OBJECTS_MAX:
            raise OversizedSource(f"Page {number} draws {objects:,} things.", "Print it to PDF again, or split it.")
        textpage = page.get_textpage()
        width, height = page.get_size()
        yield Page(number, height, page_rows(textpage, width))
        textpage.close()
        page.close()


def _without_text(pages: Sequence[Page]) -> tuple[str, ...]:
    """Which pages held none. Raises EmptySource where all do."""
    empty = [page.number for page in pages if not page.rows]
    if len(empty) == len(pages):
        raise EmptySource(
            f"The PDF has no text on any of its {len(pages)} pages: it is a scan, or pictures.",
            "Run text recognition (OCR) over it and save the result.",
        )
    if not empty:
        return ()
    listed = ", ".join(map(str, empty[:10])) + (" and others" if len(empty) > 10 else "")
    return (f"No text on page {listed}: scanned, or a picture.",)


def _metadata(document: "PdfDocument") -> dict[str, str]:
    info = document.get_metadata_dict()
    title = info.get("Title", "").removeprefix("Microsoft Word - ").removeprefix("Microsoft PowerPoint - ").strip()
    # A title such as minutes_v3.docx is the name of a file, not what the document calls itself.
    found = {"title": "" if "." in title[-6:] and " " not in title else title}
    author = info.get("Author", "").strip()
    if author.lower() not in _NO_NAMES:
        found["author"] = author
    found["published"] = info.get("CreationDate", "")
    language = _language(document)
    if language:
        found["language"] = language
    return {key: " ".join(value.split()) for key, value in found.items() if value.strip()}


def _language(document: "PdfDocument") -> str:
    import ctypes

    from pypdfium2 import raw

    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if not 2 < size <= 200:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "ignore").strip("\x00 ")
