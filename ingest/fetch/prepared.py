"""A page or uploaded file as the source that it would be, for a look before anything is published."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ingest.candidate import Candidate
from ingest.chunk import chunk
from ingest.incoming import Incoming, candidate_from
from ingest.overrides import said_anew
from rag.config import Settings
from rag.types import Document, Passage

UPLOAD = "upload:///"
"""Begins the address of what was uploaded: it lies neither on the web nor on this machine's disk."""


@dataclass(frozen=True)
class Prepared:
    """A source that is ready to be published."""

    settings: Settings
    incoming: Incoming
    notes: tuple[str, ...] = ()
    candidate: Candidate = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "candidate", candidate_from(self.incoming, date.today()))

    @property
    def document(self) -> Document:
        """The source with its text; repeated lines of its site and copies are known only when it is published."""
        assert self.candidate.document is not None  # noqa: S101  a candidate that was just read has its document
        return self.candidate.document

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should look at."""
        return (*self.candidate.warnings, *self.notes)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All that answers could quote."""
        return chunk(self.document, self.settings.chunk_tokens, self.settings.chunk_overlap_sentences)

    def mended(self, given: Mapping[str, str]) -> "Prepared":
        """The same with what a person says of it, by the keys of Overrides; what is empty or as read is not said.

        Raises ConfigError for a value that cannot be used.
        """
        said = said_anew(self.document.source, given)
        return replace(self, incoming=replace(self.incoming, given={**self.incoming.given, **said}))
