"""The store as the guide uses it: opened on the newest build, probed, and mended where Chroma is broken."""

import logging
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.config import Settings
from rag.errors import StaleIndex, StoreBroken, StoreMissing
from rag.store import rows
from rag.store.journal import Journal
from rag.store.manifest import MANIFEST, Manifest
from rag.store.mend import mend_index
from rag.store.queries import Queries
from rag.store.rows import HeldSource
from rag.store.schema import INDEX_COMMAND, library_errors, open_library
from rag.store.snapshot import Snapshot

log = logging.getLogger(__name__)


class View(Queries):
    """One build, held still: a question that takes all it reads from one view cannot see half of a new build."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._held = snapshot

    def _snapshot(self) -> Snapshot:
        return self._held


class Store(Queries, Journal):
    """The newest build at the time of opening or of the last refresh, and the journal of questions and feedback.

    Close it, or use it as a context manager; a view taken from it lives on by itself.
    """

    def __init__(self, settings: Settings, snapshot: Snapshot) -> None:
        """Use Store.open."""
        Journal.__init__(self, settings.store)
        self._settings = settings
        self._current: Snapshot | None = snapshot
        self._refreshing = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the store that the settings name.

        A Chroma folder that is missing, torn or another build's is written anew from library.db, without embedding.
        Raises StoreMissing when nothing was ever indexed, StaleIndex when it was built by other settings, StoreBroken
        when library.db is damaged, StoreBusy when Chroma needs mending while another process writes.
        """
        return cls(settings, open_snapshot(settings))

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the build; its files are closed once no view is left."""
        self._current = None

    def _snapshot(self) -> Snapshot:
        snapshot = self._current
        if snapshot is None:
            raise RuntimeError("the store is closed")
        return snapshot

    def view(self) -> View:
        """The present build, held still for as long as the view lives."""
        return View(self._snapshot())

    def refresh(self) -> bool:
        """Move to the newest build; True when there was another. Costs well under a millisecond when there is none.

        Raises as `open` does; the store then stays on the build it has.
        """
        with self._refreshing:
            if self._snapshot().is_current():
                return False
            self._current = open_snapshot(self._settings)
            return True


def open_snapshot(settings: Settings) -> Snapshot:
    """The newest build with a vector index that was probed; mends the index at most once."""
    mended = False
    while True:
        snapshot = Snapshot(settings.store)
        try:
            snapshot.manifest.check(settings)
            restore_manifest(settings.store, snapshot.manifest, snapshot.previous_build)
            snapshot.attach()
        except (StaleIndex, StoreBroken) as error:
            # A build published between two of these steps makes the older one look wrong: look at the newer one.
            if snapshot.is_current():
                if mended or isinstance(error, StaleIndex):
                    raise
                log.warning("%s Rebuilding it from library.db.", error.message)
                mend_index(settings, broken=snapshot.chroma)
                mended = True
        else:
            return snapshot


def restore_manifest(folder: Path, manifest: Manifest, previous_build: str) -> None:
    """Write manifest.json where a kill came between the library's commit and it.

    Raises StaleIndex when the file is there and belongs to neither this build nor the one before.
    """
    found = Manifest.read(folder)
    if found == manifest:
        return
    if found is None or found.build_id == previous_build:
        log.warning("Restoring %s from the library.", folder / MANIFEST)
        # A writer that publishes at this moment clears away what others have half written, and writes its own.
        with suppress(FileNotFoundError):
            manifest.write(folder)
        return
    raise StaleIndex(
        f"{folder / MANIFEST} describes build {found.build_id}; library.db holds build {manifest.build_id}.",
        INDEX_COMMAND,
    )


def held_sources(settings: Settings) -> dict[str, HeldSource]:
    """What the store holds by source id; empty where there is no store yet. Takes no lock and changes nothing."""
    try:
        connection = open_library(settings.store)
    except StoreMissing:
        return {}
    try:
        with library_errors(settings.store):
            return rows.held_sources(connection)
    finally:
        connection.close()
