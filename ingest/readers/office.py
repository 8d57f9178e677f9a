"""What DOCX and PPTX have in common: core properties, and the errors of the libraries that read them."""

import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.opc.coreprops import CoreProperties as DocxProperties
    from pptx.parts.coreprops import CorePropertiesPart as PptxProperties

_NO_TITLES = frozenset({"", "powerpoint presentation", "word document", "untitled", "document", "presentation"})
_NO_AUTHORS = frozenset(
    {"", "python-docx", "microsoft office user", "user", "admin", "steve canny", "author", "windows user"}
)


def core_metadata(properties: "DocxProperties | PptxProperties") -> dict[str, str]:
    """Title, author, date of the last change and language, where they say anything."""
    found: dict[str, str] = {}
    title, author = (properties.title or "").strip(), (properties.author or "").strip()
    if title.lower() not in _NO_TITLES:
        found["title"] = title
    if author.lower() not in _NO_AUTHORS:
        found["author"] = author
    changed = properties.modified or properties.created
    # python-docx and python-pptx leave the date of their own templates in what they write.
    if changed is not None and changed.date().isoformat() not in ("2013-12-23", "2013-01-27"):
        found["published"] = changed.date().isoformat()
    if properties.language:
        found["language"] = properties.language
    return found


def reading_errors() -> tuple[type[Exception], ...]:
    """What the office libraries raise on a file that is torn or forged: they have no error class of their own."""
    from lxml.etree import LxmlError

    return (
        LxmlError,
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
        TypeError,
        OSError,
        NotImplementedError,
        AssertionError,
        RecursionError,
        *_package_errors(),
    )


def _package_errors() -> tuple[type[Exception], ...]:
    from docx.opc.exceptions import OpcError
    from pptx.exc import PythonPptxError

    return (OpcError, PythonPptxError)
