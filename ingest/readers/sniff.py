"""What a file truly is, told by its bytes; what its name and its server say must agree."""

import re
import zipfile
from io import BytesIO

from ingest.readers.archive import check_archive
from ingest.readers.errors import AmbiguousFormat, EmptySource, EncryptedSource, UnknownFormat

FORMATS_BY_SUFFIX = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".odt": "odt",
    ".epub": "epub",
}
"""File names that are taken, with the format that they promise."""

REFUSED_SUFFIXES = frozenset({".doc", ".docm", ".dotm", ".ppt", ".pptm", ".ppsm", ".rtf", ".odp", ".pages", ".mobi"})
"""Documents that are not read: found in a folder, they are reported."""

_FORMATS_BY_TYPE = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/epub+zip": "epub",
}
_TEXTS = frozenset({"text", "markdown"})
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Office file (.doc, .ppt, .xls)"),
    (b"{\\rtf", "a Rich Text file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"%!PS", "a PostScript file"),
)
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HEAD = 2048
_ZIP_TAIL = 65_557
"""Bytes from the end of a zip archive in which its directory's last record begins."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:RDF)[\s>]", re.IGNORECASE)
_TAGS = re.compile(rb"<(?:p|div|article|section|span|h[1-6]|ul|table|meta|title)[\s>]", re.IGNORECASE)
_NAMES = {"html": "HTML", "text": "plain text", "markdown": "Markdown", "pdf": "a PDF", "epub": "an EPUB book"}
_NAMES |= {"docx": "a Word document", "pptx": "a PowerPoint file", "odt": "an OpenDocument text"}


def sniff(data: bytes, name: str, content_type: str | None) -> str:
    """The format of the bytes, as in Extracted.format.

    Raises UnknownFormat, AmbiguousFormat, EncryptedSource, MacroSource, OversizedSource, DamagedSource, EmptySource.
    """
    if not data.strip():
        raise EmptySource("The file is empty.", "Leave it out, or save it again from where it came.")
    suffix = _suffix(name)
    found = _binary(data) or _textual(data, suffix, content_type)
    promised = FORMATS_BY_SUFFIX.get(suffix)
    if promised and promised != found and not {promised, found} <= _TEXTS:
        remedy = "Save it again in the format that its name says, or give it the right name."
        raise UnknownFormat(f"The name ends in {suffix}, but the file is {_NAMES[found]}.", remedy)
    declared = _FORMATS_BY_TYPE.get((content_type or "").partition(";")[0].strip().lower())
    if declared and declared != found and not (declared in ("html", "markdown") and found in _TEXTS):
        remedy = (
            "Open the address in a browser: a log-in page may stand in the way. Save the document and name the file."
        )
        raise UnknownFormat(f"The server says {_NAMES[declared]}, but sends {_NAMES[found]}.", remedy)
    return found


def _suffix(name: str) -> str:
    base = name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    return f".{base.rsplit('.', 1)[1].lower()}" if "." in base else ""


def _binary(data: bytes) -> str | None:
    """The format where it is one of those that begin with a signature."""
    start = data[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n\t ")
    zipped = zipfile.is_zipfile(BytesIO(data[-_ZIP_TAIL:])) or data.startswith(b"PK\x03\x04")
    if start.startswith(b"%PDF-"):
        tail = data[data.rfind(b"%%EOF") :] if b"%%EOF" in data else b""
        if data.startswith(b"PK") or b"PK\x05\x06" in tail:
            raise _two("a PDF", "a zip archive")
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if b"%PDF-" in data[:_HEAD]:
            raise _two("a zip archive", "a PDF")
        return check_archive(data)
    if data.startswith(_SIGNATURES[0][0]) and _ENCRYPTED_PACKAGE in data:
        raise EncryptedSource("The file is locked with a password.", "Save it without a password.")
    for signature, what in _SIGNATURES:
        if data.startswith(signature) and not (signature in (b"MZ", b"RIFF", b"BZh") and _is_words(data)):
            raise UnknownFormat(f"The file is {what}.", "Save what it says as PDF, Word (.docx) or text.")
    if zipped:
        raise _two("a zip archive", "something else before it")
    if b"%PDF-" in data[:1024]:
        raise _two("a PDF", "something else before it")
    return None


def _textual(data: bytes, suffix: str, content_type: str | None) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and not _is_words(data):
        raise UnknownFormat(
            "The file is not text, nor any document that is read here.", "Save it as PDF, Word or text."
        )
    head = data[:_HEAD].replace(b"\x00", b"") if wide else data[:_HEAD]
    if _FEED.search(head) and not _HTML.search(head):
        raise UnknownFormat("The file is a feed or a sitemap.", "Name its web address, so that its pages are fetched.")
    declared = _FORMATS_BY_TYPE.get((content_type or "").partition(";")[0].strip().lower())
    if _HTML.search(head) and suffix not in (".md", ".markdown"):
        return "html"
    if (suffix in (".html", ".htm", ".xhtml") or declared == "html") and _TAGS.search(data[: 16 * _HEAD]):
        return "html"
    return "markdown" if suffix in (".md", ".markdown") or declared == "markdown" else "text"


def _is_words(data: bytes) -> bool:
    """Whether the beginning and the end hold no byte that no text has."""
    return not any(byte < 9 or 13 < byte < 27 for part in (data[:_HEAD], data[-_HEAD:]) for byte in part)


def _two(one: str, other: str) -> AmbiguousFormat:
    return AmbiguousFormat(
        f"The file is {one} and at the same time {other}.", "Save it again from the program that made it."
    )
