"""What one source means for another: lines that a site repeats, and copies of one text under several addresses.

Both are decided from all sources at once, so that a store that grew page by page equals one that was made in one run.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from ingest.candidate import Candidate, sha256_of, signed
from ingest.copies import Member, find_copies, signature_of
from ingest.incoming import with_state
from ingest.plan import Plan, plan
from ingest.site_lines import repeated_lines, without_lines
from rag.config import Settings
from rag.store.documents import reading_documents
from rag.store.entries import Origin
from rag.store.rows import HeldSource
from rag.store.writer import Writer
from rag.types import Document

Load = Callable[[Collection[str]], Mapping[str, tuple[Document, Origin]]]
"""The documents of held sources by id."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a run is to do."""

    candidates: tuple[Candidate, ...]
    plan: Plan
    copies: tuple[tuple[str, str], ...]
    """Id of each new copy, and of the source that stands for it."""
    skipped: tuple[str, ...]
    """Candidates that are retired."""


def settled_plan(
    candidates: Collection[Candidate],
    held: Mapping[str, HeldSource],
    gone: Callable[[str, HeldSource], bool],
    load: Load,
    *,
    retired_stay: bool = True,
) -> Settled:
    """Decide what becomes of every source. With `retired_stay`, a retired source is left alone."""
    retired = {id_ for id_, source in held.items() if source.state == "retired"} if retired_stay else set()
    texts = {held[id_].text_sha256 for id_ in retired}
    skipped = {item.id for item in candidates if item.id in retired or item.origin.text_sha256 in texts}
    wanted = [item for item in candidates if item.id not in skipped]

    def leaves(id_: str, source: HeldSource) -> bool:
        return id_ not in retired and id_ not in skipped and gone(id_, source)

    first = plan(wanted, held, leaves)
    settled = settle(wanted, held, _withdrawn(first, wanted, held), load)
    final = plan(settled, held, leaves)
    copies = tuple(
        (item.id, item.source.copy_of)
        for item in settled
        if item.source is not None and item.source.copy_of and item.id not in final.unchanged
    )
    return Settled(settled, final, copies, tuple(sorted(skipped)))


def _withdrawn(first: Plan, wanted: Collection[Candidate], held: Mapping[str, HeldSource]) -> set[str]:
    """Held sources that no other can lean on from now on: removed, or turned to another state than current."""
    turned = {item.id for item in wanted if item.source is not None and item.source.state != "current"}
    return set(first.removed) | (turned & held.keys())


def loader(writer: Writer) -> Load:
    """Documents out of the store that is being written."""
    return lambda ids: {document.source.id: (document, origin) for document, origin in writer.documents(ids)}


@contextmanager
def dry_loader(settings: Settings) -> Iterator[Load]:
    """Documents out of a store that is not written to; for a dry run."""
    with reading_documents(settings) as documents:
        yield lambda ids: {document.source.id: (document, origin) for document, origin in documents(ids)}


def settle(
    candidates: Collection[Candidate], held: Mapping[str, HeldSource], removed: Collection[str], load: Load
) -> tuple[Candidate, ...]:
    """The candidates as they are to be indexed, and with them the held sources that are touched by them.

    Briefings are left alone: each is written for its one source.
    """
    board = _Board(candidates, held, removed, load)
    board.take_out_site_lines()
    board.join_copies()
    return tuple(board.candidates.values())


class _Board:
    """All sources that take part; what is looked up is fetched from the store only where it is needed."""

    def __init__(
        self, candidates: Collection[Candidate], held: Mapping[str, HeldSource], removed: Collection[str], load: Load
    ) -> None:
        self.candidates = {candidate.id: candidate for candidate in candidates}
        self._held = held
        self._removed = set(removed)
        self._load = load
        self._loaded: dict[str, tuple[Document, Origin]] = {}

    def take_out_site_lines(self) -> None:
        """Learn anew for each site of which a page came, changed or went."""
        sites = {item.origin.site for item in self.candidates.values() if item.document}
        sites |= {self._held[id_].site for id_ in self._removed}
        for site in sorted(sites - {""}):
            members = [id_ for id_ in self._members() if self._site(id_) == site]
            self._preload(members)
            raw = {id_: self._raw(id_) for id_ in members}
            lines = repeated_lines(raw)
            for id_ in members:
                text = without_lines(raw[id_], lines)
                if text != self._document(id_)[0].text:
                    self._retext(id_, text, raw[id_])

    def join_copies(self) -> None:
        """Group anew where a text came, changed or went."""
        for id_, candidate in list(self.candidates.items()):
            if candidate.document and candidate.document.source.format != "briefing":
                signature = signature_of(candidate.document.text)
                self.candidates[id_] = replace(candidate, origin=replace(candidate.origin, signature=signature))
        changed = any(item.document and item.origin.signature for item in self.candidates.values())
        if not changed and not any(self._held[id_].signature for id_ in self._removed):
            return
        ids = list(self._members())
        members = {id_: Member(self._origin(id_).signature, ("", id_)) for id_ in ids}
        paired = find_copies(members, lambda id_: self._document(id_)[0].text)
        # Dates decide who stands for a group; they are looked up for the few that have a twin.
        twins = set(paired) | set(paired.values())
        ranked = {id_: Member(members[id_].signature, self._rank(id_)) for id_ in twins}
        copies = find_copies(ranked, lambda id_: self._document(id_)[0].text)
        for id_ in ids:
            wanted = copies.get(id_, "")
            if wanted != self._copy_of(id_):
                self.candidates[id_] = with_state(self._as_candidate(id_), copy_of=wanted)

    def _members(self) -> Iterator[str]:
        """Current sources other than briefings, by id."""
        for id_ in sorted(self.candidates.keys() | self._held.keys()):
            candidate, held = self.candidates.get(id_), self._held.get(id_)
            if candidate is not None and candidate.source is not None:
                current = candidate.source.format != "briefing" and candidate.source.state == "current"
            else:
                current = held is not None and held.format != "briefing" and held.state == "current"
            if current and id_ not in self._removed:
                yield id_

    def _document(self, id_: str) -> tuple[Document, Origin]:
        candidate = self.candidates.get(id_)
        if candidate is not None and candidate.document is not None:
            return candidate.document, candidate.origin
        self._preload([id_])
        return self._loaded[id_]

    def _preload(self, ids: Collection[str]) -> None:
        """Look up several documents at once."""
        lacking = [id_ for id_ in ids if id_ not in self._loaded and id_ in self._held]
        if lacking:
            self._loaded.update(self._load(lacking))

    def _raw(self, id_: str) -> str:
        document, origin = self._document(id_)
        return origin.extracted or document.text

    def _site(self, id_: str) -> str:
        candidate = self.candidates.get(id_)
        return candidate.origin.site if candidate is not None and candidate.document else self._held[id_].site

    def _origin(self, id_: str) -> Origin | HeldSource:
        candidate = self.candidates.get(id_)
        return candidate.origin if candidate is not None and candidate.document else self._held[id_]

    def _copy_of(self, id_: str) -> str:
        candidate = self.candidates.get(id_)
        if candidate is not None and candidate.source is not None:
            return candidate.source.copy_of
        return self._held[id_].copy_of

    def _rank(self, id_: str) -> tuple[str, str]:
        return self._document(id_)[0].source.published or "9999", id_

    def _as_candidate(self, id_: str) -> Candidate:
        candidate = self.candidates.get(id_)
        if candidate is not None and candidate.document is not None:
            return candidate
        document, origin = self._document(id_)
        if candidate is not None:
            origin = replace(origin, path=candidate.origin.path, file_sha256=candidate.origin.file_sha256)
        return Candidate(id_, document.source.sha256, origin, document)

    def _retext(self, id_: str, text: str, raw: str) -> None:
        base = self._as_candidate(id_)
        assert base.document is not None  # noqa: S101  _as_candidate loads it
        document = signed(replace(base.document, text=text))
        origin = replace(
            base.origin,
            text_sha256=sha256_of(text),
            signature=signature_of(text),
            extracted="" if raw == text else raw,
        )
        self.candidates[id_] = replace(base, sha256=document.source.sha256, origin=origin, document=document)
