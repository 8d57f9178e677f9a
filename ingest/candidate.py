"""A source as it is to be, and the digest by which a change is told."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace

from rag.store.entries import Origin
from rag.types import Document, Source

_STANDING = ("state", "copy_of", "homes", "sha256")
"""What a source is in the index, as against what it says."""
_BEYOND_BRIEFINGS = ("author", "language", "format", "valid_until_quote")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source as it is on disk or on its page."""

    id: str
    sha256: str
    origin: Origin
    document: Document | None = None
    """None where the file is the one that was indexed: the store has the document."""
    warnings: tuple[str, ...] = ()
    """What a person should look at."""

    @property
    def source(self) -> Source | None:
        """The source, where the document is at hand."""
        return self.document.source if self.document else None


def signed(document: Document) -> Document:
    """The document with the digest of its text and metadata in place.

    The day on which a page was read is left out: a page that says the same a day later has not changed.
    """
    fields = asdict(replace(document.source, homes=()))
    for name in _STANDING:
        fields.pop(name)
    if document.source.format == "briefing":
        for name in _BEYOND_BRIEFINGS:
            fields.pop(name)
        # The digest of a briefing is what it always was.
        fields["sha256"] = ""
    else:
        fields.pop("recorded")
    metadata = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    digest = sha256_of(f"{metadata}\x1f{document.text}")
    return replace(document, source=replace(document.source, sha256=digest))


def sha256_of(text: str) -> str:
    """Hex digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
