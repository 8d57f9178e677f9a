"""From a document that was read to a source: what a person says goes before what the document says of itself."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from ingest.candidate import Candidate, sha256_of, signed
from ingest.clean import clean_line
from ingest.overrides import Overrides, checked, said_anew
from ingest.readers.extracted import Extracted
from rag.store.entries import NOT_FETCHED, Fetch, Origin
from rag.types import Document, Source

_SLUG_CHARS_MAX = 60
_SITE_FORMATS = frozenset({"html", "text", "markdown"})
"""Pages of a site repeat its lines; files that were made to be handed on do not."""


@dataclass(frozen=True)
class Incoming:
    """A document that was read, and where it came from."""

    extracted: Extracted
    address: str
    """The web address that was asked for, the absolute path of its file, or any name for what has neither."""
    file_sha256: str = ""
    """Digest by which an unchanged file is known without reading it again; empty for pages."""
    fetch: Fetch = NOT_FETCHED
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What a person says of it, by the keys of Overrides."""


def candidate_from(incoming: Incoming, recorded: date) -> Candidate:
    """The source as it would be indexed; its warnings name what was said of it and cannot be used."""
    extracted = incoming.extracted
    said, problems = checked({**extracted.given, **incoming.given})
    source = _source(extracted, said, incoming.address, recorded)
    document = signed(Document(source=source, text=extracted.text, pages=extracted.pages))
    origin = Origin(
        path=incoming.address,
        file_sha256=incoming.file_sha256,
        text_sha256=sha256_of(document.text),
        fetch=incoming.fetch,
        given=tuple(sorted(incoming.given.items())),
    )
    origin = with_site(source, origin)
    return Candidate(document.source.id, document.source.sha256, origin, document, (*extracted.warnings, *problems))


def corrected(document: Document, origin: Origin, given: Mapping[str, str]) -> tuple[Document, Origin]:
    """The document with what a person says of it, by the keys of Overrides; it is remembered when it is read again.

    Raises ConfigError for a value that cannot be used.
    """
    said = said_anew(document.source, given)
    values, _ = checked(said)
    changes = {name: _cleaned(getattr(values, name)) for name in said}
    if "valid_until" in changes:
        # The sentence that the older date came from does not give this one.
        changes["valid_until_quote"] = ""
    source = replace(document.source, **changes)
    origin = replace(origin, given=tuple(sorted({**dict(origin.given), **said}.items())))
    return signed(replace(document, source=source)), with_site(source, origin)


def _cleaned(value: str | tuple[str, ...]) -> Any:  # noqa: ANN401 - as the field of a source has it
    return clean_line(value) if isinstance(value, str) else tuple(map(clean_line, value))


def with_site(source: Source, origin: Origin) -> Origin:
    """The origin with the site whose repeated lines are to be taken out of the source, where it is a page of one."""
    return replace(origin, site=site_of(source.url) if source.format in _SITE_FORMATS else "")


def site_of(url: str) -> str:
    """The host of an address without www; empty for none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def source_id(address: str) -> str:
    """A name that people can read and that stays: from the last part of the address, and six digits of its hash."""
    part = urlsplit(address).path if "://" in address else address
    stem = PurePath(unquote(part.rstrip("/"))).stem or site_of(address)
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_CHARS_MAX].strip("-")
    return f"{slug or 'source'}-{hashlib.sha256(address.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def _source(extracted: Extracted, said: Overrides, address: str, recorded: date) -> Source:
    url = said.url or extracted.url
    fetched = address.startswith(("http://", "https://"))
    name = url if fetched else PurePath(address).name
    valid_until = said.valid_until or extracted.valid_until
    return Source(
        id=said.id or source_id(address),
        title=clean_line(said.title or extracted.title) or clean_line(name) or "Untitled",
        # Whose site a page stands on is known even where the page does not name its publisher.
        publisher=clean_line(said.publisher or extracted.publisher) or (site_of(url) if fetched else ""),
        author=clean_line(said.author or extracted.author),
        url=url,
        published=said.published or extracted.published,
        recorded=recorded.isoformat(),
        valid_until=valid_until,
        valid_until_quote="" if said.valid_until else extracted.valid_until_quote,
        status=said.status,
        language=said.language or extracted.language,
        format=extracted.format,
        topics=tuple(map(clean_line, said.topics)),
        places=tuple(map(clean_line, said.places)),
        entities=tuple(map(clean_line, said.entities)),
        licence=clean_line(said.licence or ""),
    )


def with_state(candidate: Candidate, *, state: str | None = None, copy_of: str | None = None) -> Candidate:
    """The candidate in another state, or as a copy of another source."""
    if candidate.document is None:
        raise ValueError("the candidate has no document")
    source = candidate.document.source
    source = replace(
        source,
        state=source.state if state is None else state,
        copy_of=source.copy_of if copy_of is None else copy_of,
    )
    return replace(candidate, document=replace(candidate.document, source=source))
