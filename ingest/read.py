"""From files to documents: which files there are, what each says, and what is wrong with those that say nothing."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ingest.briefing import Briefing, BriefingError, Problem, parse_file
from ingest.clean import clean_text
from ingest.progress import Progress
from rag.store.entries import Origin
from rag.store.rows import HeldSource
from rag.types import Document, Source

READER_VERSION = "1"
"""Raise it when the same file is to give another document, so that files are taken apart again."""

BESIDE = frozenset({"README.md"})
"""Markdown files in a corpus that are no briefings."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source as it is on disk."""

    id: str
    sha256: str
    origin: Origin
    document: Document | None = None
    """None where the file is the one that was indexed: the store has the document."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a set of files holds."""

    candidates: tuple[Candidate, ...]
    refused: tuple[Problem, ...]
    paths: frozenset[str]
    """Every file that was looked at."""


def find_files(path: Path) -> list[Path]:
    """The briefings at a path, by name: itself, or all below a folder. Hidden files and README.md are left out."""
    if path.is_file():
        return [path]
    found = (file for file in path.rglob("*.md") if file.is_file() and file.name not in BESIDE)
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(path).parts))


def read_files(files: Sequence[Path], held: Mapping[str, HeldSource], progress: Progress) -> Reading:
    """Read every file; one that is bad is refused with line and reason and does not stop the others.

    A file whose bytes are those that were indexed is not taken apart again. The second file with an id is refused.
    """
    progress.begin("Reading", len(files))
    known = {source.origin: (id_, source) for id_, source in held.items() if source.origin}
    candidates: dict[str, Candidate] = {}
    refused: list[Problem] = []
    for file in files:
        try:
            candidate = _read(file, known.get(str(file)))
        except BriefingError as error:
            refused.extend(error.problems)
        except OSError as error:
            refused.append(Problem(file, 1, f"The file cannot be read: {error.strerror}.", "Mend its permissions."))
        else:
            first = candidates.setdefault(candidate.id, candidate)
            if first is not candidate:
                found = f"The id `{candidate.id}` is that of {first.origin.path} already."
                refused.append(Problem(file, 1, found, "Give it an id of its own, or remove one of the two."))
        progress.advance()
    return Reading(tuple(candidates.values()), tuple(refused), frozenset(str(file) for file in files))


def documents_as_candidates(documents: Iterable[Document]) -> Iterator[Candidate]:
    """Documents that come from a program; their sha256 is computed here."""
    for document in documents:
        signed = _signed(document)
        origin = Origin(text_sha256=_sha256(signed.text))
        yield Candidate(signed.source.id, signed.source.sha256, origin, signed)


def to_document(briefing: Briefing) -> Document:
    """The document that a briefing describes; every text in it is cleaned."""
    front = briefing.front
    source = Source(
        id=front.id,
        title=_line(front.title),
        publisher=_line(front.publisher),
        url=front.url,
        published=front.published,
        recorded=front.recorded,
        valid_until=front.valid_until,
        status=front.status,
        topics=tuple(map(_line, front.topics)),
        places=tuple(map(_line, front.places)),
        entities=tuple(map(_line, front.entities)),
        theme=briefing.theme,
        licence=_line(front.licence),
    )
    return _signed(Document(source=source, text=clean_text(briefing.body)))


def _read(file: Path, known: tuple[str, HeldSource] | None) -> Candidate:
    digest = hashlib.sha256(f"{READER_VERSION}\x1f{file.parent.name}\x1f".encode() + file.read_bytes()).hexdigest()
    if known and known[1].file_sha256 == digest:
        return Candidate(known[0], known[1].sha256, Origin(str(file), digest, known[1].text_sha256))
    if file.suffix.lower() != ".md":
        raise BriefingError((Problem(file, 1, "The file is no Markdown briefing (.md).", "See corpus/README.md."),))
    briefing = parse_file(file)
    document = to_document(briefing)
    if not document.text:
        raise BriefingError((Problem(file, briefing.body_line, "The body is empty.", "Write what the source says."),))
    origin = Origin(str(file), digest, _sha256(document.text))
    return Candidate(document.source.id, document.source.sha256, origin, document)


def _signed(document: Document) -> Document:
    """The document with the digest of its text and metadata in place."""
    fields = asdict(replace(document.source, sha256=""))
    metadata = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    digest = _sha256(f"{metadata}\x1f{document.text}")
    return replace(document, source=replace(document.source, sha256=digest))


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
