"""Is the store sound? What `wmai doctor` says about it; looking changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.config import Settings
from rag.errors import StaleIndex, StoreBroken, WmaiError
from rag.store.manifest import MANIFEST, Manifest
from rag.store.schema import INDEX_COMMAND, LIBRARY
from rag.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    name: str
    ok: bool
    detail: str
    """What was found."""
    remedy: str
    """What mends it; empty where nothing is wrong."""


def check(settings: Settings) -> tuple[Finding, ...]:
    """The findings on the store in order; the later ones are left out where an earlier one makes them moot."""
    return tuple(_findings(settings))


def _findings(settings: Settings) -> Iterator[Finding]:
    try:
        snapshot = Snapshot(settings.store)
    except WmaiError as error:
        yield Finding("store", False, error.message, error.remedy)
        return
    manifest = snapshot.manifest
    held = f"{manifest.sources} sources, {manifest.passages} passages, {manifest.sentences} sentences"
    yield Finding("store", True, f"{settings.store}: build {manifest.build_id} with {held}", "")
    yield _finding("settings", lambda: _settings(settings, manifest))
    yield _finding("manifest", lambda: _manifest_file(settings, manifest))
    yield _finding("library.db", lambda: _library(settings, snapshot))
    yield _finding("Chroma", lambda: _chroma(snapshot))


def _finding(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look(), "")
    except WmaiError as error:
        return Finding(name, False, error.message, error.remedy)


def _settings(settings: Settings, manifest: Manifest) -> str:
    manifest.check(settings)
    return f"{manifest.embed_model}, {manifest.chunk_tokens} tokens a passage"


def _manifest_file(settings: Settings, manifest: Manifest) -> str:
    found = Manifest.read(settings.store)
    if found != manifest:
        held = "missing" if found is None else f"of build {found.build_id}"
        raise StaleIndex(f"{settings.store / MANIFEST} is {held}.", INDEX_COMMAND)
    return "fits library.db"


def _library(settings: Settings, snapshot: Snapshot) -> str:
    with snapshot.reading() as connection:
        answers = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
    if answers != ["ok"] or foreign:
        found = "; ".join(answers) if answers != ["ok"] else f"{len(foreign)} rows point nowhere"
        remedy = f"Move the folder {settings.store} out of the way, then run: wmai index"
        raise StoreBroken(f"{LIBRARY} is damaged: {found}.", remedy)
    return "SQLite's integrity check is ok"


def _chroma(snapshot: Snapshot) -> str:
    snapshot.attach()
    return f"{snapshot.manifest.passages} vectors, each sample found by itself; the word index is whole"
