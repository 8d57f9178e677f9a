"""Bringing the index in step with what is on disk: `wmai index`.

Without a path, the corpus folder and every file that was indexed from elsewhere are read, and what is no longer there
is removed. A folder that is named is brought in step as a whole: what was indexed from inside it and is gone is
removed, the rest of the index stays. A file that is named is added or updated. A file that cannot be read or understood
is reported and its older version stays.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from ingest.build import bring_up
from ingest.plan import Plan, plan
from ingest.progress import Progress, Silent
from ingest.read import Reading, documents_as_candidates, find_files, read_files
from ingest.report import Report
from rag.config import Settings
from rag.errors import ConfigError, UnknownSource
from rag.store import held_sources
from rag.store.rows import HeldSource
from rag.store.writer import Writer
from rag.types import Document


def index(
    settings: Settings,
    paths: Sequence[Path] = (),
    *,
    dry_run: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Sync the paths, or the corpus, into the store; what did not change costs no embedding.

    With `rebuild`, unchanged documents are cut up again too, and embedded where the model's weights are others.

    Raises ConfigError when a path does not exist or holds no briefing, StoreBusy while another run writes, StaleIndex
    or StoreBroken when library.db cannot be used, ModelUnavailable when new text needs the model.
    """
    started = time.monotonic()
    progress = progress or Silent()
    roots = tuple(path.resolve() for path in (paths or (settings.corpus,)))
    named = [file for root in roots for file in _briefings(root)]
    whole = not paths

    def read(held: dict[str, HeldSource]) -> tuple[Reading, Plan]:
        elsewhere = [Path(source.origin) for source in held.values() if source.origin] if whole else []
        files = dict.fromkeys([*named, *sorted(file for file in elsewhere if file.is_file())])
        reading = read_files(list(files), held, progress)
        return reading, plan(reading.candidates, held, _gone(roots, reading, whole=whole))

    if dry_run:
        held = held_sources(settings)
        reading, todo = read(held)
        return _dry_report(reading, todo, held, time.monotonic() - started)
    with Writer.open(settings) as writer:
        reading, todo = read(writer.held())
        return bring_up(settings, writer, reading.candidates, todo, reading.refused, progress, started, rebuild=rebuild)


def index_documents(
    settings: Settings,
    documents: Iterable[Document],
    *,
    whole_passages: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Make the store hold exactly these documents; their texts are taken as they are, their sha256 is computed.

    With `whole_passages`, sentences are not embedded by themselves: a store that is searched and never answers from
    takes a third of the time. Answers from it would quote passages whole.
    """
    started = time.monotonic()
    candidates = tuple(documents_as_candidates(documents))
    with Writer.open(settings) as writer:
        todo = plan(candidates, writer.held(), lambda _id, _source: True)
        return bring_up(
            settings, writer, candidates, todo, (), progress or Silent(), started, whole_passages=whole_passages
        )


def remove_sources(settings: Settings, ids: Collection[str], *, progress: Progress | None = None) -> Report:
    """Take sources out of the index; a file that stays in the corpus comes back with the next `wmai index`.

    Raises UnknownSource.
    """
    started = time.monotonic()
    with Writer.open(settings) as writer:
        held = writer.held()
        for id_ in ids:
            if id_ not in held:
                raise UnknownSource(f"No source has the id {id_!r}.", "Run: wmai sources list")
        todo = plan((), held, lambda id_, _source: id_ in ids)
        return bring_up(settings, writer, (), todo, (), progress or Silent(), started)


def _briefings(root: Path) -> list[Path]:
    if not root.exists():
        raise ConfigError(f"There is nothing at {root}.", "Name a folder of briefings or set WMAI_CORPUS to one.")
    files = find_files(root)
    if not files:
        # An empty folder is more often a wrong path than the wish to empty the index.
        raise ConfigError(f"There is no briefing (.md) in {root}.", "Name a folder of briefings or set WMAI_CORPUS.")
    return files


def _gone(roots: Sequence[Path], reading: Reading, *, whole: bool) -> Callable[[str, HeldSource], bool]:
    refused = {str(problem.file) for problem in reading.refused}
    refused_names = {problem.file.stem for problem in reading.refused}

    def gone(id_: str, source: HeldSource) -> bool:
        if source.origin in refused or id_ in refused_names:
            return False
        if not source.origin or source.origin.startswith(("http://", "https://")):
            return False
        if source.origin in reading.paths:
            return True
        path = Path(source.origin)
        inside = any(root.is_dir() and path.is_relative_to(root) for root in roots)
        return inside or (whole and not path.is_file())

    return gone


def _dry_report(reading: Reading, todo: Plan, held: Collection[str], seconds: float) -> Report:
    return Report(
        plan=todo,
        refused=reading.refused,
        sources=len(held) + len(todo.added) - len(todo.removed),
        passages=0,
        sentences=0,
        embedded=0,
        seconds=seconds,
        build_id="",
        published=False,
        dry_run=True,
    )
