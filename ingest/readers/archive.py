"""Zip containers (DOCX, PPTX, ODT, EPUB) looked through before anything unpacks them."""

import zipfile
import zlib
from io import BytesIO

from ingest.readers.errors import (
    AmbiguousFormat,
    DamagedSource,
    EncryptedSource,
    MacroSource,
    OversizedSource,
    UnknownFormat,
)

ENTRIES_MAX = 5_000
UNPACKED_BYTES_MAX = 400_000_000
"""All entries together. Pictures count although they are never unpacked."""
PART_BYTES_MAX = 60_000_000
"""One XML or HTML part, which a parser holds in memory as a tree."""
RATIO_MAX = 200
"""Unpacked over packed; prose reaches 10, a table of equal rows 60, a bomb 1,000."""
RATIO_FREE_BYTES = 1_000_000
"""Below this size any ratio is harmless."""
_MIMETYPES = {b"application/vnd.oasis.opendocument.text": "odt", b"application/epub+zip": "epub"}
_OFFICE = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx"}
_READ_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


def check_archive(data: bytes) -> str:
    """docx, pptx, odt or epub. Raises a RefusedSource where the archive is none of them or is not safe to unpack."""
    with _opened(data) as archive:
        entries = archive.infolist()
        _check_sizes(entries)
        names = {entry.filename for entry in entries}
        if len(names) != len(entries):
            raise AmbiguousFormat("Two parts of the file have the same name.", "Save it again.")
        if any(entry.flag_bits & 0x1 for entry in entries) or "META-INF/encryption.xml" in names:
            raise EncryptedSource("The file is locked.", "Save it without a password or copy protection.")
        if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) or "/Basic/" in f"/{name}" for name in names):
            raise MacroSource("The file carries macros.", "Save it as .docx, .pptx or .odt without macros.")
        if "META-INF/manifest.xml" in names and b"encryption-data" in read_part(archive, "META-INF/manifest.xml"):
            raise EncryptedSource("The file is locked with a password.", "Save it without a password.")
        kinds = {kind for name, kind in _OFFICE.items() if name in names}
        if "mimetype" in names:
            kinds.add(_MIMETYPES.get(read_part(archive, "mimetype").strip(), "other"))
        if len(kinds) > 1:
            raise AmbiguousFormat(f"The file is {' and '.join(sorted(kinds))} at once.", "Save it again.")
        if not kinds or kinds == {"other"}:
            raise UnknownFormat("The file is a zip archive.", "Unpack it and name the folder.")
        return kinds.pop()


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, unpacked within bounds. Raises OversizedSource, DamagedSource."""
    try:
        with archive.open(name) as part:
            found = part.read(PART_BYTES_MAX + 1)
    except KeyError as error:
        raise DamagedSource(f"The part {name[:60]} is missing.", "Save the file again.") from error
    except _READ_ERRORS as error:
        raise DamagedSource("A part of the file cannot be unpacked.", "Save the file again.") from error
    if len(found) > PART_BYTES_MAX:
        raise _oversized(f"a part of more than {PART_BYTES_MAX // 1_000_000} MB")
    return found


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(data))
    except _READ_ERRORS as error:
        raise DamagedSource("The file is torn: its directory cannot be read.", "Save or download it again.") from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES_MAX:
        raise _oversized(f"{len(entries)} parts")
    total = sum(entry.file_size for entry in entries)
    if total > UNPACKED_BYTES_MAX:
        raise _oversized(f"{total // 1_000_000} MB unpacked")
    for entry in entries:
        if entry.file_size > RATIO_FREE_BYTES and entry.file_size > RATIO_MAX * max(entry.compress_size, 1):
            raise _oversized(f"a part that unpacks to {entry.file_size // max(entry.compress_size, 1)} times its size")
        if entry.filename.lower().endswith((".xml", ".xhtml", ".html", ".rels")) and entry.file_size > PART_BYTES_MAX:
            raise _oversized(f"a part of {entry.file_size // 1_000_000} MB")


def _oversized(what: str) -> OversizedSource:
    return OversizedSource(f"The file holds {what}.", "Split it, or save only its text.")
