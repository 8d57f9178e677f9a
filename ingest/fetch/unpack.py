"""The body of a reply, unpacked while it arrives and never beyond a limit."""

import zlib
from collections.abc import Iterable

from ingest.fetch.errors import BodyTooLarge, TransferBroken

GZIP_MAGIC = b"\x1f\x8b"
_WINDOW = 16 + zlib.MAX_WBITS


def read_body(chunks: Iterable[bytes], encoding: str, bytes_max: int, url: str) -> bytes:
    """All of a body, unpacked. Raises BodyTooLarge as soon as it grows over `bytes_max`, sent or unpacked.

    Raises TransferBroken for an encoding that was not asked for, and for one that is damaged or cut short.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return b"".join(_counted(chunks, bytes_max, url))
    if encoding not in ("gzip", "x-gzip"):
        raise TransferBroken(url, f"{url} is packed as {encoding[:40]!r}, which was not asked for.", "Save the page.")
    return _unpacked(_counted(chunks, bytes_max, url), bytes_max, url)


def gunzip(data: bytes, bytes_max: int, url: str) -> bytes:
    """The content of a .gz file, such as a sitemap. Raises as read_body does."""
    return _unpacked([data], bytes_max, url)


def _counted(chunks: Iterable[bytes], bytes_max: int, url: str) -> Iterable[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > bytes_max:
            raise too_large(url, bytes_max)
        yield chunk


def _unpacked(chunks: Iterable[bytes], bytes_max: int, url: str) -> bytes:
    out = bytearray()
    unpacker = zlib.decompressobj(_WINDOW)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpacker.eof:
                    if not rest.startswith(GZIP_MAGIC):
                        break  # padding after the last member
                    unpacker = zlib.decompressobj(_WINDOW)
                out += unpacker.decompress(rest, bytes_max + 1 - len(out))
                if len(out) > bytes_max:
                    raise too_large(url, bytes_max)
                rest = unpacker.unused_data
    except zlib.error as error:
        raise TransferBroken(url, f"{url} cannot be unpacked ({error}).", "Try again.") from error
    if not unpacker.eof:
        raise TransferBroken(url, f"{url} broke off before its end.", "Try again.")
    return bytes(out)


def too_large(url: str, bytes_max: int) -> BodyTooLarge:
    """The error for a page over the limit."""
    return BodyTooLarge(
        url, f"{url} is larger than {bytes_max:,} bytes.", "Raise WMAI_FETCH_BYTES_MAX, or leave it out."
    )
