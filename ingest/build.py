"""From a plan to a published build: cut up, embed what is new, publish."""

import time
from collections.abc import Iterable, Mapping, Sequence

from ingest.briefing import Problem
from ingest.candidate import Candidate
from ingest.chunk import chunk, embedding_text
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.report import Report
from rag.config import Settings
from rag.models import Embedder, load_embedder
from rag.sentences import split_sentences
from rag.store.entries import IndexedDocument, IndexedPassage, IndexedSentence, Origin, vector_key
from rag.store.manifest import Manifest, build_id
from rag.store.rows import HeldSource
from rag.store.schema import SCHEMA_VERSION
from rag.store.writer import Writer
from rag.types import Document, Passage, Source

COMMIT_TEXTS = 64
"""Texts embedded between two commits: what a killed run loses at most."""


def bring_up(
    settings: Settings,
    writer: Writer,
    candidates: Sequence[Candidate],
    todo: Plan,
    refused: tuple[Problem, ...],
    progress: Progress,
    started: float,
    *,
    rebuild: bool = False,
    whole_passages: bool = False,
) -> Report:
    """Carry out the plan; where nothing changed, nothing is written and no model loaded.

    With `rebuild`, every document is cut up and embedded as by the settings and the model of now. With
    `whole_passages`, each passage counts as one sentence and has one vector: see index_documents.
    """
    before = writer.manifest()
    fits = (
        before is not None
        and before.index_digest == settings.index_digest()
        and before.schema_version == SCHEMA_VERSION
    )
    embedded = 0
    if before is not None and fits and todo.is_empty and not rebuild:
        manifest = before
        if not writer.sound():
            manifest = writer.publish(before, (), ())
    else:
        manifest, embedded = _publish(
            settings, writer, candidates, todo, progress, rebuild=rebuild, whole_passages=whole_passages
        )
    writer.move(todo.moved)
    writer.restore_manifest()
    return Report(
        plan=todo,
        refused=refused,
        sources=manifest.sources,
        passages=manifest.passages,
        sentences=manifest.sentences,
        embedded=embedded,
        seconds=time.monotonic() - started,
        build_id=manifest.build_id,
        published=manifest != before,
        dry_run=False,
    )


def _publish(
    settings: Settings,
    writer: Writer,
    candidates: Sequence[Candidate],
    todo: Plan,
    progress: Progress,
    *,
    rebuild: bool,
    whole_passages: bool,
) -> tuple[Manifest, int]:
    progress.begin("Loading the model", 1)
    embedder = load_embedder(settings)
    progress.advance()
    before = writer.manifest()
    same_space = (
        not rebuild
        and before is not None
        and before.index_digest == settings.index_digest()
        and before.embedder_revision == embedder.revision
    )
    renewed = {*todo.added, *todo.changed}
    documents = [(item.document, item.origin) for item in candidates if item.id in renewed and item.document]
    if not same_space:
        documents.extend(writer.documents(todo.unchanged))
    texts: dict[str, str] = {}
    entries = [
        _entry(settings, embedder, document, origin, texts, whole_passages=whole_passages)
        for document, origin in documents
    ]
    embedded = _embed(embedder, writer, texts, progress)
    sources = {id_: _stamp(source) for id_, source in writer.held().items() if id_ not in todo.removed}
    sources |= {document.source.id: _stamp(document.source) for document, _ in documents}
    progress.begin("Publishing", 1)
    manifest = writer.publish(_manifest(settings, embedder, sources), entries, todo.removed)
    progress.advance()
    return manifest, embedded


def _entry(
    settings: Settings,
    embedder: Embedder,
    document: Document,
    origin: Origin,
    texts: dict[str, str],
    *,
    whole_passages: bool,
) -> IndexedDocument:
    """Cut a document up; the texts to embed are added to `texts` under the keys of their vectors."""

    def key(text: str) -> str:
        name = vector_key(embedder.revision, text)
        texts[name] = text
        return name

    def indexed(passage: Passage) -> IndexedPassage:
        own = key(embedding_text(document.source, passage))
        if whole_passages:
            return IndexedPassage(passage, own, (IndexedSentence(0, len(passage.text), own),))
        spans = split_sentences(passage.text)
        sentences = tuple(IndexedSentence(start, end, key(passage.text[start:end])) for start, end in spans)
        return IndexedPassage(passage, own, sentences)

    # What is gone, retired or a copy is kept and not answered from.
    shown = document.source.state == "current" and not document.source.copy_of
    passages = chunk(document, settings.chunk_tokens, settings.chunk_overlap_sentences) if shown else ()
    return IndexedDocument(document, origin, tuple(map(indexed, passages)))


def _stamp(source: Source | HeldSource) -> str:
    """What the id of a build says of a source: its digest, and how it stands where it stands in no answer."""
    standing = (source.state, source.copy_of)
    return source.sha256 if standing == ("current", "") else "\x1f".join((source.sha256, *standing))


def _embed(embedder: Embedder, writer: Writer, texts: Mapping[str, str], progress: Progress) -> int:
    """Embed the texts that have no vector yet; how many there were."""
    lacking = writer.lacking(texts.keys())
    # Neighbours of like length leave little padding to compute; the longest first, so that memory peaks at once.
    keys = sorted(lacking, key=lambda key: (-len(texts[key]), key))
    progress.begin("Embedding", len(keys))
    for first in range(0, len(keys), COMMIT_TEXTS):
        part = keys[first : first + COMMIT_TEXTS]
        writer.add_vectors(part, embedder.embed_passages([texts[key] for key in part]))
        progress.advance(len(part))
    return len(keys)


def _manifest(settings: Settings, embedder: Embedder, sources: Mapping[str, str]) -> Manifest:
    """The manifest of the build to come; the writer fills in the counts."""
    items: Iterable[tuple[str, str]] = sources.items()
    return Manifest(
        build_id=build_id(items, settings.index_digest(), embedder.revision),
        schema_version=SCHEMA_VERSION,
        index_digest=settings.index_digest(),
        embed_model=settings.embed_model,
        embedder_name=embedder.name,
        embedder_revision=embedder.revision,
        embedder_dimension=embedder.dimension,
        chunk_tokens=settings.chunk_tokens,
        chunk_overlap_sentences=settings.chunk_overlap_sentences,
        sources=0,
        passages=0,
        sentences=0,
    )
