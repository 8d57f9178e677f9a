"""What an index run has to do, decided from what is held and what is on disk: pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.candidate import Candidate
from rag.store.entries import Origin
from rag.store.rows import HeldSource


@dataclass(frozen=True, slots=True)
class Plan:
    """Source ids by what becomes of them, each sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    """Read and found equal, or outside the run."""
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    """Old and new id of sources with the same text; the old ones are among the removed, the new among the added."""
    moved: Mapping[str, Origin]
    """Unchanged sources whose file is now another."""

    @property
    def is_empty(self) -> bool:
        """Whether the index needs no change."""
        return not (self.added or self.changed or self.removed)


def plan(
    candidates: Sequence[Candidate], held: Mapping[str, HeldSource], gone: Callable[[str, HeldSource], bool]
) -> Plan:
    """Compare; `gone` says of a held source that is not among the candidates whether it is to be removed."""
    wanted = {candidate.id: candidate for candidate in candidates}
    added = sorted(wanted.keys() - held.keys())
    both = sorted(wanted.keys() & held.keys())
    removed = sorted(id_ for id_ in held.keys() - wanted.keys() if gone(id_, held[id_]))
    changed = [id_ for id_ in both if _differs(wanted[id_], held[id_])]
    unchanged = sorted(held.keys() - set(changed) - set(removed))
    new_names: dict[str, list[str]] = {}
    for id_ in reversed(added):
        new_names.setdefault(wanted[id_].origin.text_sha256, []).append(id_)
    renamed = [(id_, names.pop()) for id_ in removed if (names := new_names.get(held[id_].text_sha256, []))]
    moved = {id_: wanted[id_].origin for id_ in both if id_ not in changed and _elsewhere(wanted[id_], held[id_])}
    return Plan(tuple(added), tuple(changed), tuple(unchanged), tuple(removed), tuple(renamed), moved)


def _elsewhere(candidate: Candidate, held: HeldSource) -> bool:
    origin = candidate.origin
    return (origin.path, origin.file_sha256, origin.fetch) != (held.origin, held.file_sha256, held.fetch)


def _differs(candidate: Candidate, held: HeldSource) -> bool:
    """Whether what it says, or what it is in the index, is another; a bare candidate is the one that is held."""
    if candidate.sha256 != held.sha256:
        return True
    source = candidate.source
    return source is not None and (source.state, source.copy_of) != (held.state, held.copy_of)
