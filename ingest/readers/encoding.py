"""From bytes to text where nothing says for certain how they are encoded."""

import codecs
import re

from ingest.readers.errors import DamagedSource

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_SAMPLE = 100_000
"""Bytes that the detector looks at: it is slow, and what follows is encoded alike."""
BROKEN_SHARE_MAX = 0.02
"""Share of characters that may be unreadable before the file is refused."""


def decode(data: bytes, content_type: str | None = None, *, html: bool = False) -> tuple[str, str]:
    """The text, and a warning where some of it could not be read (else empty).

    In this order: byte order mark, UTF-8, the declared charset, the detector, Windows-1252. Raises DamagedSource.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _replaced(data[len(mark) :], encoding)
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    declared = _declared(data, content_type, html=html)
    if declared == "utf-8":
        # A page that says UTF-8 and is not is UTF-8 with a few torn characters, unless most of it is not.
        text, warning = _lenient(data, "utf-8")
        if _share(text) <= BROKEN_SHARE_MAX:
            return text, warning
        declared = ""
    for encoding in (declared, _detected(data), "cp1252"):
        if encoding:
            try:
                return data.decode(encoding), ""
            except (UnicodeDecodeError, LookupError):
                continue
    return _replaced(data, "cp1252")


def _declared(data: bytes, content_type: str | None, *, html: bool) -> str:
    found = _CHARSET.search(content_type or "")
    if not found and html:
        found = _CHARSET.search(data[:2048].decode("ascii", "replace"))
    if not found:
        return ""
    try:
        name = codecs.lookup(found[1]).name
    except LookupError:
        return ""
    # Browsers read Latin-1 as Windows-1252, and pages that say Latin-1 count on it.
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def _detected(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is None or best.encoding in ("utf_8", "ascii"):
        return ""
    # Where it cannot tell the single-byte tables of western Europe apart, Windows-1252 is what people have.
    return (
        "cp1252"
        if best.encoding in ("cp1250", "latin_1", "iso8859_15", "mac_roman", "cp437", "cp850")
        else best.encoding
    )


def _replaced(data: bytes, encoding: str) -> tuple[str, str]:
    text, warning = _lenient(data, encoding)
    if _share(text) > BROKEN_SHARE_MAX:
        raise DamagedSource("The text is in no encoding that is known.", "Save it as UTF-8.")
    return text, warning


def _lenient(data: bytes, encoding: str) -> tuple[str, str]:
    text = data.decode(encoding, "replace")
    broken = text.count("\ufffd")
    return text, f"{broken} characters could not be read." if broken else ""


def _share(text: str) -> float:
    return text.count("\ufffd") / max(1, len(text))
