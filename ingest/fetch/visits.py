"""One look at each page: fetched, read, and compared with what is held of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.candidate import Candidate
from ingest.fetch.errors import PageMissing
from ingest.fetch.fetcher import Fetched, Validators
from ingest.incoming import Incoming, candidate_from
from ingest.readers import Extracted, extract
from rag.errors import WmaiError
from rag.store.entries import NOT_FETCHED, Fetch, Origin
from rag.store.rows import HeldSource
from rag.types import Document

MISSING_MAX = 2
"""Runs in a row that find a page missing before its source counts as gone."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one run found at the address of a source."""

    source_id: str
    url: str
    page: Fetched | None = None
    extracted: Extracted | None = None
    """None where the page was not modified or could not be had."""
    error: WmaiError | None = None
    """Why there is nothing to take: a FetchError, or a RefusedSource where the page cannot be read."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a visit means for the index."""

    source_id: str
    url: str
    outcome: str
    """added, changed, unchanged, failed, missing, gone or back."""
    detail: str = ""
    candidate: Candidate | None = None
    """The source as it is to be held from now on; None where nothing is held of the page."""


def read_visit(source_id: str, url: str, page: Fetched) -> Visit:
    """Read a page that was fetched; one that cannot be read is a visit with an error."""
    if page.not_modified:
        return Visit(source_id, url, page)
    try:
        return Visit(source_id, url, page, extracted=read_page(page))
    except WmaiError as error:
        return Visit(source_id, url, page, error=error)


def read_page(page: Fetched) -> Extracted:
    """The document that a page is. Raises RefusedSource."""
    name = PurePosixPath(unquote(urlsplit(page.final_url).path)).name
    return extract(page.body, name=name, content_type=page.content_type or None, url=page.final_url)


def validators(held: HeldSource) -> Validators:
    """What the server gave with the copy that is held; only good for the address that gave it."""
    return Validators(held.origin, held.fetch.etag, held.fetch.last_modified)


def fetch_of(page: Fetched, url: str, before: Fetch = NOT_FETCHED) -> Fetch:
    """What is remembered of a fetch that went well."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    if page.not_modified:
        return replace(before, fetched_at=now, failures=0, missing=0)
    own = page.validators if page.validators.url == url else Validators()
    return Fetch(etag=own.etag, last_modified=own.last_modified, fetched_at=now)


def new_source(visit: Visit, given: Mapping[str, str]) -> Change:
    """What a first visit means: a source to add, or a failure of which nothing is remembered."""
    if visit.error is not None or visit.page is None or visit.extracted is None:
        return Change(visit.source_id, visit.url, "failed", str(visit.error or "It was not modified."))
    incoming = Incoming(visit.extracted, visit.url, fetch=fetch_of(visit.page, visit.url), given=given)
    candidate = candidate_from(incoming, date.today())
    return Change(candidate.id, visit.url, "added", " ".join(candidate.warnings), candidate)


def known_source(visit: Visit, document: Document, origin: Origin, given: Mapping[str, str]) -> Change:
    """What a visit means for a source that is held as `document`. What people said of it stays; its text follows."""
    if visit.error is not None or visit.page is None:
        return _not_had(visit, document, origin)
    said = {**dict(origin.given), **given}
    origin = replace(origin, fetch=fetch_of(visit.page, visit.url, origin.fetch), given=tuple(sorted(said.items())))
    current = replace(document, source=replace(document.source, state="current"))
    if visit.extracted is None:
        candidate = Candidate(visit.source_id, document.source.sha256, origin, current)
    else:
        incoming = Incoming(visit.extracted, visit.url, fetch=origin.fetch, given={**said, "id": visit.source_id})
        read = candidate_from(incoming, date.today())
        candidate = replace(read, origin=replace(read.origin, given=origin.given))
    outcome = "back" if document.source.state == "gone" else "unchanged"
    return Change(visit.source_id, visit.url, outcome, " ".join(candidate.warnings), candidate)


def _not_had(visit: Visit, document: Document, origin: Origin) -> Change:
    """The older text stays, unless this is one run too many that finds the page missing."""
    is_missing = isinstance(visit.error, PageMissing)
    missing = origin.fetch.missing + 1 if is_missing else 0
    origin = replace(origin, fetch=replace(origin.fetch, failures=origin.fetch.failures + 1, missing=missing))
    outcome, state = "missing" if is_missing else "failed", document.source.state
    if state == "gone" or missing >= MISSING_MAX:
        outcome, state = "gone", "gone"
    kept = replace(document, source=replace(document.source, state=state))
    candidate = Candidate(visit.source_id, document.source.sha256, origin, kept)
    return Change(visit.source_id, visit.url, outcome, str(visit.error), candidate)
