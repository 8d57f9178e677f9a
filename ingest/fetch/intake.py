"""A page or an uploaded file, read for a preview and then published."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.fetch.fetcher import Fetcher
from ingest.fetch.prepared import UPLOAD, Prepared
from ingest.fetch.url import parse_url
from ingest.fetch.visits import fetch_of, read_page
from ingest.incoming import Incoming
from ingest.progress import Progress
from ingest.readers import extract
from ingest.report import Report
from ingest.sync import put_documents
from rag.config import Settings
from rag.store import Ledger, held_sources
from rag.store.writer import Writer


def prepare_url(settings: Settings, fetcher: Fetcher, text: str) -> Prepared:
    """Fetch and read a page; nothing is written. Raises FetchError, RefusedSource."""
    url = parse_url(text).url
    page = fetcher.fetch(url)
    incoming = Incoming(read_page(page), url, fetch=fetch_of(page, url))
    held = held_sources(settings)
    known = next(((id_, source) for id_, source in held.items() if source.origin == url), None)
    if known is not None:
        # It goes on under its identifier, with what was said of it before.
        incoming = replace(incoming, given={**dict(known[1].given), "id": known[0]})
    prepared = Prepared(settings, incoming)
    address = prepared.document.source.url
    own = prepared.document.source.id
    same = [id_ for id_, source in held.items() if address and source.url == address and id_ != own]
    return replace(prepared, notes=tuple(f"The guide holds this page already, as {id_}." for id_ in same))


def prepare_bytes(settings: Settings, data: bytes, name: str, content_type: str) -> Prepared:
    """Read a file; nothing is written. Raises RefusedSource."""
    extracted = extract(data, name=name, content_type=content_type or None, url=None)
    return Prepared(settings, Incoming(extracted, f"{UPLOAD}{name}"))


def publish(settings: Settings, prepared: Sequence[Prepared], progress: Progress) -> Report:
    """Put sources into the index, in place of those with their identifiers. Raises as writing the store does."""
    with Writer.open(settings) as writer:
        held = writer.held()
        report = put_documents(
            settings, writer, [(item.document, item.candidate.origin) for item in prepared], progress
        )
    ledger = Ledger(settings.store)
    for item in prepared:
        id_ = item.document.source.id
        outcome = "added" if id_ not in held else "changed" if id_ in report.plan.changed else "unchanged"
        if item.incoming.fetch.fetched_at:
            ledger.note_fetch(id_, item.incoming.address, outcome)
    return report
