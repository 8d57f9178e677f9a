"""From the bytes of a file or page to its text and what it says about itself: `extract` is the one door."""

from ingest.readers.errors import RefusedSource
from ingest.readers.extract import extract
from ingest.readers.extracted import Block, Extracted

__all__ = ["Block", "Extracted", "RefusedSource", "extract"]
