"""Bringing the index in step with what is on disk: `wmai index`.

Without a path, the corpus folder and every file that was indexed from elsewhere are read, and what is no longer there
is removed. A folder that is named is brought in step as a whole: what was indexed from inside it and is gone is
removed, the rest of the index stays. A file that is named is added or updated. A file that cannot be read or understood
is reported and its older version stays. What was retired stays out until it is restored, whatever its file says.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.aliases import keep_vocabulary
from ingest.build import bring_up
from ingest.candidate import Candidate
from ingest.check import VOCABULARY
from ingest.incoming import corrected, with_site
from ingest.plan import plan
from ingest.progress import Progress, Silent
from ingest.questions import QUESTIONS, keep_questions
from ingest.read import Reading, Rules, documents_as_candidates, find_files, is_file_origin, read_files
from ingest.report import Report
from ingest.settle import Load, Settled, dry_loader, loader, settled_plan
from rag.config import Settings
from rag.errors import ConfigError, UnknownSource
from rag.store import held_sources
from rag.store.entries import Origin
from rag.store.rows import HeldSource
from rag.store.writer import Writer
from rag.types import Document


def index(
    settings: Settings,
    paths: Sequence[Path] = (),
    *,
    given: Mapping[str, str] | None = None,
    dry_run: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Sync the paths, or the corpus, into the store; what did not change costs no embedding.

    `given` is what a person says of every document that is named (see Overrides); it is remembered. With `rebuild`,
    unchanged documents are cut up again too, and embedded where the model's weights are others.

    Raises ConfigError when a path does not exist or holds no source, StoreBusy while another run writes, StaleIndex
    or StoreBroken when library.db cannot be used, ModelUnavailable when new text needs the model.
    """
    started = time.monotonic()
    progress = progress or Silent()
    roots = tuple(path.resolve() for path in (paths or (settings.corpus,)))
    named = [file for root in roots for file in _sources_at(root, settings.corpus.resolve())]
    rules = Rules(settings.corpus.resolve(), dict(given or {}), frozenset(named if paths else ()))

    def read(held: dict[str, HeldSource], load: Load) -> tuple[Reading, Settled]:
        elsewhere = [] if paths else [Path(source.origin) for source in held.values() if is_file_origin(source.origin)]
        files = dict.fromkeys([*named, *sorted(file for file in elsewhere if file.is_file())])
        reading = read_files(list(files), held, progress, rules)
        return reading, settled_plan(reading.candidates, held, _gone(roots, reading, whole=not paths), load)

    if dry_run:
        held = held_sources(settings)
        with dry_loader(settings) as load:
            reading, settled = read(held, load)
        return _dry_report(reading, settled, held, time.monotonic() - started)
    with Writer.open(settings) as writer:
        reading, settled = read(writer.held(), loader(writer))
        report = bring_up(
            settings, writer, settled.candidates, settled.plan, reading.refused, progress, started, rebuild=rebuild
        )
        keep_vocabulary(writer, settings.corpus / VOCABULARY)
        keep_questions(writer, settings.corpus / QUESTIONS)
        return replace(report, warnings=reading.warnings, copies=settled.copies, skipped=settled.skipped)


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


def put_documents(
    settings: Settings, writer: Writer, documents: Sequence[tuple[Document, Origin]], progress: Progress
) -> Report:
    """Add documents, or replace those with their identifiers, beside what is held; copies and repeated lines are found.

    What a document says of its state (current, gone, retired) holds.
    """
    started = time.monotonic()
    candidates = tuple(
        Candidate(document.source.id, document.source.sha256, with_site(document.source, origin), document)
        for document, origin in documents
    )
    settled = settled_plan(candidates, writer.held(), lambda _id, _source: False, loader(writer), retired_stay=False)
    report = bring_up(settings, writer, settled.candidates, settled.plan, (), progress, started)
    keep_vocabulary(writer, settings.corpus / VOCABULARY)
    return replace(report, copies=settled.copies)


def remove_sources(settings: Settings, ids: Collection[str], *, progress: Progress | None = None) -> Report:
    """Retire sources: they stand in no answer and no later run takes them in again until they are restored.

    Raises UnknownSource.
    """
    return _set_state(settings, ids, "retired", progress or Silent())


def restore_sources(settings: Settings, ids: Collection[str], *, progress: Progress | None = None) -> Report:
    """Let answers stand on retired sources again, with the text that they had. Raises UnknownSource."""
    return _set_state(settings, ids, "current", progress or Silent())


def correct_source(
    settings: Settings, id_: str, given: Mapping[str, str], *, progress: Progress | None = None
) -> Report:
    """Put what a person says of a source, by the keys of Overrides, before what it says of itself; the text stays.

    Raises UnknownSource, and ConfigError for a value that cannot be used or a briefing, whose file says all of it.
    """
    with Writer.open(settings) as writer:
        ((document, origin),) = _held(writer, (id_,))
        if document.source.format == "briefing":
            raise ConfigError(f"{id_} is a briefing.", f"Mend its front matter in {origin.path}, then run: wmai index")
        return put_documents(settings, writer, [corrected(document, origin, given)], progress or Silent())


def _set_state(settings: Settings, ids: Collection[str], state: str, progress: Progress) -> Report:
    with Writer.open(settings) as writer:
        turned = [
            (replace(document, source=replace(document.source, state=state, copy_of="")), origin)
            for document, origin in _held(writer, ids)
        ]
        return put_documents(settings, writer, turned, progress)


def _held(writer: Writer, ids: Collection[str]) -> list[tuple[Document, Origin]]:
    held = list(writer.documents(ids))
    for id_ in sorted(set(ids) - {document.source.id for document, _ in held}):
        raise UnknownSource(f"No source has the id {id_!r}.", "Run: wmai sources list")
    return held


def _sources_at(root: Path, corpus: Path) -> list[Path]:
    if not root.exists():
        raise ConfigError(f"There is nothing at {root}.", "Name a file, a folder, or set WMAI_CORPUS to one.")
    files = find_files(root, strict=root.is_relative_to(corpus))
    if not files:
        # An empty folder is more often a wrong path than the wish to empty the index.
        raise ConfigError(f"There is no source in {root}.", "Name a folder of documents or set WMAI_CORPUS.")
    return files


def _gone(roots: Sequence[Path], reading: Reading, *, whole: bool) -> Callable[[str, HeldSource], bool]:
    refused = {str(problem.file) for problem in reading.refused}
    refused_names = {Path(problem.file).stem for problem in reading.refused}

    def gone(id_: str, source: HeldSource) -> bool:
        if source.origin in refused or id_ in refused_names:
            return False
        if not is_file_origin(source.origin):
            return False
        if source.origin in reading.paths:
            return True
        path = Path(source.origin)
        inside = any(root.is_dir() and path.is_relative_to(root) for root in roots)
        return inside or (whole and not path.is_file())

    return gone


def _dry_report(reading: Reading, settled: Settled, held: Mapping[str, HeldSource], seconds: float) -> Report:
    todo = settled.plan
    return Report(
        plan=todo,
        warnings=reading.warnings,
        copies=settled.copies,
        skipped=settled.skipped,
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
