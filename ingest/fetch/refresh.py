"""Fetching sources again, and pages for the first time: `wmai sources refresh` and `wmai index URL`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.fetch.errors import FetchError
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.gather import gather
from ingest.fetch.visits import Change, Visit, known_source, new_source, read_visit, validators
from ingest.incoming import source_id
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.settle import dry_loader, loader, settled_plan
from ingest.sync import put_documents
from rag.config import Settings
from rag.errors import ConfigError, UnknownSource
from rag.store import Ledger, held_sources
from rag.store.entries import Origin
from rag.store.rows import HeldSource
from rag.store.writer import Writer
from rag.types import Document

_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class WebReport:
    """What a run found at the addresses that it asked."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    def ids(self, *outcomes: str) -> tuple[str, ...]:
        """Sources with one of these outcomes."""
        return tuple(change.source_id for change in self.changes if change.outcome in outcomes)

    @property
    def exit_code(self) -> int:
        """1 when a page could not be had or read, else 0; that a page is gone is news and no failure."""
        return 1 if self.ids("failed", "missing") else 0

    def lines(self) -> tuple[str, ...]:
        """What to tell people: the counts, then a line for each page that needs a look."""
        names = ("added", "changed", "unchanged", "back", "failed", "missing", "gone", "retired")
        counts = ", ".join(f"{len(self.ids(name))} {name}" for name in names if self.ids(name)) or "nothing to fetch"
        head = f"{'Would be' if self.dry_run else 'Pages'}: {counts}."
        told = (_line(change) for change in self.changes if change.detail or change.outcome == "back")
        return (head, *told, *self.notes)

    def to_json(self) -> dict[str, Any]:
        """The form that --json prints: the keys of a run over files, and every page with its outcome."""
        refused = [change for change in self.changes if change.outcome in ("failed", "missing")]
        return {
            "added": list(self.ids("added")),
            "changed": list(self.ids("changed", "back")),
            "removed": list(self.ids("gone")),
            "unchanged": len(self.ids("unchanged")),
            "refused": [{"file": change.url, "line": 0, "problem": change.detail, "remedy": ""} for change in refused],
            "retired": list(self.ids("retired")),
            "pages": [
                {"id": change.source_id, "url": change.url, "outcome": change.outcome, "detail": change.detail}
                for change in self.changes
            ],
            "notes": list(self.notes),
            "dry_run": self.dry_run,
        }


def refresh(settings: Settings, ids: Collection[str], fetcher: Fetcher, progress: Progress) -> WebReport:
    """Fetch the sources named, or all that came from the web and are not retired, and bring the index in step.

    The older text stays where a fetch fails. Raises UnknownSource, ConfigError for one that did not come from the web,
    and what opening and writing the store raises.
    """
    held = held_sources(settings)
    chosen = _chosen(held, ids)
    progress.begin("Fetching", len(chosen))
    visits: list[Visit] = []
    for id_ in chosen:
        url = held[id_].origin
        try:
            visits.append(read_visit(id_, url, fetcher.fetch(url, validators(held[id_]))))
        except FetchError as error:
            visits.append(Visit(id_, url, error=error))
        progress.advance()
    return _apply(settings, visits, {}, progress)


def index_pages(
    settings: Settings,
    urls: Sequence[str],
    fetcher: Fetcher,
    progress: Progress,
    given: Mapping[str, str] | None = None,
    *,
    dry_run: bool = False,
) -> WebReport:
    """Fetch pages, feeds, sitemaps, and take what they hold into the index; `given` is metadata for all of them.

    A page that is held is brought in step. What goes wrong with a page is told in the report. Raises what opening and
    writing the store raises.
    """
    held = held_sources(settings)
    origins = {source.origin: id_ for id_, source in held.items() if source.origin.startswith(_WEB)}
    known = {url: validators(held[id_]) for url, id_ in origins.items()}
    gathered = gather(fetcher, urls, settings.fetch_urls_max, progress, known)
    visits: list[Visit] = []
    progress.begin("Reading", len(gathered.pages))
    for page in gathered.pages:
        visits.append(read_visit(origins.get(page.url) or source_id(page.url), page.url, page))
        progress.advance()
    visits += [Visit(origins.get(item.url, ""), item.url, error=item.error) for item in gathered.refused]
    report = _apply(settings, visits, given or {}, progress, dry_run=dry_run)
    return replace(report, notes=gathered.notes)


def _apply(
    settings: Settings, visits: Sequence[Visit], given: Mapping[str, str], progress: Progress, *, dry_run: bool = False
) -> WebReport:
    """Write down what the visits mean. The store is locked only now: fetching may take minutes."""
    if dry_run:
        with dry_loader(settings) as load:
            held = load(_ids(visits))
            changes = tuple(_change(visit, held, given) for visit in visits)
            candidates = [change.candidate for change in changes if change.candidate is not None]
            todo = settled_plan(candidates, held_sources(settings), lambda *_: False, load, retired_stay=False).plan
            return WebReport(tuple(_settled(change, todo) for change in changes), dry_run=True)
    with Writer.open(settings) as writer:
        held = loader(writer)(_ids(visits))
        changes = tuple(_change(visit, held, given) for visit in visits)
        documents = [
            (change.candidate.document, change.candidate.origin)
            for change in changes
            if change.candidate is not None and change.candidate.document is not None
        ]
        if documents:
            report = put_documents(settings, writer, documents, progress)
            changes = tuple(_settled(change, report.plan) for change in changes)
    ledger = Ledger(settings.store)
    for change in changes:
        if change.candidate is not None:
            ledger.note_fetch(change.source_id, change.url, change.outcome, change.detail)
    return WebReport(changes)


def _change(visit: Visit, held: Mapping[str, tuple[Document, Origin]], given: Mapping[str, str]) -> Change:
    if visit.source_id not in held:
        return new_source(visit, given)
    document, origin = held[visit.source_id]
    if document.source.state == "retired":
        return Change(visit.source_id, visit.url, "retired", "Restore it first.")
    return known_source(visit, document, origin, given)


def _settled(change: Change, todo: Plan) -> Change:
    """Whether a page has changed is known once the lines that its site repeats are out."""
    is_changed = change.outcome == "unchanged" and change.source_id in todo.changed
    return replace(change, outcome="changed") if is_changed else change


def _chosen(held: Mapping[str, HeldSource], ids: Collection[str]) -> list[str]:
    for id_ in ids:
        if id_ not in held:
            raise UnknownSource(f"No source has the id {id_!r}.", "Run: wmai sources list")
        if not held[id_].origin.startswith(_WEB):
            raise ConfigError(f"{id_} did not come from the web.", "Run wmai index on its file instead.")
    if ids:
        return list(dict.fromkeys(ids))
    return [id_ for id_, source in held.items() if source.origin.startswith(_WEB) and source.state != "retired"]


def _ids(visits: Sequence[Visit]) -> set[str]:
    return {visit.source_id for visit in visits}


def _line(change: Change) -> str:
    kept = " The older text stays." if change.outcome in ("failed", "missing") and change.candidate else ""
    return f"{change.outcome.capitalize()}: {change.source_id or change.url}. {change.detail}{kept}"
