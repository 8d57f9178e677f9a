"""What a writer is given: documents cut up and ready, every vector named by its key."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from rag.types import Document, Passage


@dataclass(frozen=True, slots=True)
class IndexedSentence:
    """A sentence of a passage: passage.text[start:end], and the key of its vector."""

    start: int
    end: int
    vector_key: str


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage, the key of its vector, and its sentences in order."""

    passage: Passage
    vector_key: str
    sentences: tuple[IndexedSentence, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """How a page was last fetched; all empty for a file."""

    etag: str = ""
    last_modified: str = ""
    """As the server sent it."""
    fetched_at: str = ""
    """Moment of the last fetch that gave the text or said that it had not changed, ISO 8601 in UTC."""
    failures: int = 0
    """Fetches that failed since."""
    missing: int = 0
    """Those of them, in a row, that were answered with 404 or 410."""


NOT_FETCHED = Fetch()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from."""

    path: str = ""
    """Absolute path of its file, or the web address that it was fetched from; empty where it came from a program."""
    file_sha256: str = ""
    """Digest of the file; decides whether it is taken apart again."""
    text_sha256: str = ""
    """Digest of the cleaned text alone, by which a renamed source is known again."""
    site: str = ""
    """Host of the page: the lines that its pages repeat are taken out; empty where none are."""
    signature: bytes = b""
    """MinHash of the text, by which copies are found; empty where they are not looked for."""
    extracted: str = ""
    """The text before repeated lines of its site were taken out; empty where that is the text itself."""
    fetch: Fetch = NOT_FETCHED
    given: tuple[tuple[str, str], ...] = ()
    """What a person said of it with --meta or in a preview, key and value; it outlives what the document says."""


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document ready to be published; every vector it names is already in the store."""

    document: Document
    origin: Origin
    passages: tuple[IndexedPassage, ...]

    @property
    def vector_keys(self) -> Iterator[str]:
        """Of its passages and their sentences."""
        for item in self.passages:
            yield item.vector_key
            yield from (sentence.vector_key for sentence in item.sentences)


def vector_key(embedder_revision: str, text: str) -> str:
    """Name of the vector that the model of that revision gives the text."""
    return hashlib.sha256(f"{embedder_revision}\x1f{text}".encode()).hexdigest()
