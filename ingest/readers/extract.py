"""`extract`: a document from its bytes, read in a process that is killed when it takes too much memory or time."""

from ingest.readers.extracted import Extracted
from ingest.readers.sandbox import shared_sandbox


def extract(data: bytes, *, name: str, content_type: str | None, url: str | None) -> Extracted:
    """Read a file or page: its article as blocks, what it says about itself, and what a person should look at.

    `name` is the file name, or the last part of the address; `content_type` is what the server declared; `url` is the
    address that the bytes came from. Raises RefusedSource, whatever the bytes are; takes at most 20 s and 500 MB.
    May be called from any thread; calls wait for each other.
    """
    return shared_sandbox().read(data, name=name, content_type=content_type, url=url)
