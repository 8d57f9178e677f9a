"""A store narrowed to some sources: whoever reads it finds nothing of the others."""

from collections.abc import Callable, Sequence
from functools import cached_property

from rag.errors import UnknownPassage
from rag.selection import Selection
from rag.store.questions import HeldQuestion
from rag.store.rows import Vector
from rag.store.scored import Scored
from rag.store.snapshot import Snapshot
from rag.store.store import Store, View
from rag.types import Passage, Source

_WIDER = 4
"""Factor by which a search is widened while it finds too few passages of the selection."""


class SelectedView(View):
    """One build of which only the selected sources can be found."""

    def __init__(self, snapshot: Snapshot, selection: Selection) -> None:
        super().__init__(snapshot)
        self._selection = selection

    @cached_property
    def _ids(self) -> frozenset[str]:
        sources = {source.id for source in self.sources()}
        with self._snapshot().reading() as connection:
            rows = connection.execute("SELECT id, source_id FROM passages").fetchall()
        return frozenset(id_ for id_, source_id in rows if source_id in sources)

    def sources(self) -> tuple[Source, ...]:
        """The selected sources, by id."""
        return tuple(source for source in super().sources() if self._selection.holds(source))

    def questions(self) -> tuple[HeldQuestion, ...]:
        """As View.questions, of the selected sources."""
        return tuple(item for item in super().questions() if item.passage_id in self._ids)

    def passages(self, ids: Sequence[str]) -> tuple[Passage, ...]:
        """As View.passages; one of another source is as unknown as one that is not held."""
        for id_ in ids:
            if id_ not in self._ids:
                raise UnknownPassage(f"No passage has the id {id_!r} among the selected sources.")
        return super().passages(ids)

    def query_vectors(self, vector: Vector, limit: int) -> Scored:
        """As View.query_vectors, of the selected sources."""
        return self._widened(lambda depth: super(SelectedView, self).query_vectors(vector, depth), limit)

    def query_text(self, words: Sequence[str], limit: int) -> Scored:
        """As View.query_text, of the selected sources."""
        return self._widened(lambda depth: super(SelectedView, self).query_text(words, depth), limit)

    def _widened(self, query: Callable[[int], Scored], limit: int) -> Scored:
        # Widening is cheaper than Chroma's own filter, which takes some 60 ms where it keeps a twentieth of the rows.
        depth = limit * _WIDER
        while True:
            found = query(min(depth, self.passage_count))
            kept = tuple(item for item in found if item[0] in self._ids)
            if len(kept) >= limit or depth >= self.passage_count:
                return kept[:limit]
            depth *= _WIDER


class SelectedStore(Store):
    """A store that gives out views of the selected sources only; what it writes goes to the same journal."""

    def __init__(self, store: Store, selection: Selection) -> None:
        # No build of its own: refreshing and closing stay with the store that is narrowed.
        self._whole = store
        self._folder = store._folder
        self._selection = selection

    def _snapshot(self) -> Snapshot:
        return self._whole._snapshot()

    def view(self) -> SelectedView:
        """The present build, narrowed."""
        return SelectedView(self._snapshot(), self._selection)

    def refresh(self) -> bool:
        """As Store.refresh."""
        return self._whole.refresh()

    def close(self) -> None:
        """Nothing: the whole store is closed by whoever opened it."""
