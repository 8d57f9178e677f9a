"""Stores of a suite's own: its documents, indexed by the project's ingest into a folder that can be thrown away."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from evals.errors import SuiteError
from evals.suites import Suite
from ingest.briefing import parse_file
from ingest.progress import Progress
from ingest.read import find_files, to_document
from ingest.sync import index_documents
from rag.config import Settings
from rag.models import models_folder
from rag.types import Document

FOLDER = Path("evals/runs/stores")
"""Kept between runs, because embedding takes minutes; safe to delete. A folder is named by suite, hash of its cases and
documents, hash of model and chunking settings, and "passages" where sentences are not embedded."""


def settings_for(suite: Suite, settings: Settings, progress: Progress | None = None) -> Settings:
    """The settings to run the suite with: as they are, or with a store that holds the suite's documents alone.

    Raises SuiteError where the suite names documents that are not there, BriefingError for a bad one, and what
    indexing raises.
    """
    if not suite.own_store:
        return settings
    searched = suite.searches_only
    parts = (suite.name, suite.digest, settings.index_digest(), *(["passages"] if searched else []))
    folder = FOLDER / "-".join(parts)
    own = settings.model_copy(update={"store": folder})
    _share_models(settings, own)
    # Thousands of documents take ten minutes where every sentence is embedded too, which no search needs.
    index_documents(own, documents_of(suite, settings), whole_passages=searched, progress=progress)
    return own


def documents_of(suite: Suite, settings: Settings) -> tuple[Document, ...]:
    """The suite's documents, its folder's briefings, and the sources of the corpus that it names."""
    briefings = _briefings(find_files(suite.folder)) if suite.folder else ()
    return (*suite.documents, *briefings, *_from_corpus(suite, settings.corpus))


def _from_corpus(suite: Suite, corpus: Path) -> Iterable[Document]:
    if not suite.sources:
        return ()
    files = {file.stem: file for file in find_files(corpus)}
    missing = [source for source in suite.sources if source not in files]
    if missing:
        message = f"Suite {suite.name!r} names {len(missing)} sources that {corpus} lacks: {', '.join(missing[:5])}."
        raise SuiteError(message, "Set WMAI_CORPUS to the corpus, or mend suites.toml.")
    return _briefings(files[source] for source in suite.sources)


def _briefings(files: Iterable[Path]) -> tuple[Document, ...]:
    return tuple(to_document(parse_file(file)) for file in files)


def _share_models(settings: Settings, own: Settings) -> None:
    """Link the exported model into the new store, because exporting it again takes ten seconds."""
    held, wanted = models_folder(settings), models_folder(own)
    if held.is_dir() and not wanted.exists():
        shutil.copytree(held, wanted, copy_function=os.link)
