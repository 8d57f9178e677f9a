"""From files to documents: which files there are, what each says, and what is wrong with those that say nothing."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from ingest.briefing import Briefing, BriefingError, Problem, parse_file
from ingest.candidate import Candidate, sha256_of, signed
from ingest.clean import clean_line, clean_text
from ingest.incoming import Incoming, candidate_from
from ingest.progress import Progress
from ingest.readers import RefusedSource, extract
from ingest.readers.document import BYTES_MAX
from ingest.readers.markdown import split_front_matter
from ingest.readers.sniff import FORMATS_BY_SUFFIX, REFUSED_SUFFIXES
from rag.store.entries import Origin
from rag.store.rows import HeldSource
from rag.types import Document, Source

READER_VERSION = "1"
"""Raise it when the same file is to give another document, so that files are taken apart again."""

BESIDE = frozenset({"README.md", "sources.txt"})
"""Files in a folder that are no sources."""
_BRIEFING_KEYS = ("id:", "recorded:")
"""Keys that a briefing has and other front matter seldom."""
_HEAD_BYTES = 8_192


@dataclass(frozen=True, slots=True)
class Reading:
    """What a set of files holds."""

    candidates: tuple[Candidate, ...]
    refused: tuple[Problem, ...]
    paths: frozenset[str]
    """Every file that was looked at."""
    warnings: tuple[tuple[str, str], ...] = ()
    """Source id and what a person should look at."""


@dataclass(frozen=True)
class Rules:
    """What a run takes for what."""

    corpus: Path
    """Folder that holds briefings alone."""
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What --meta says of every file that is named."""
    named: frozenset[Path] = frozenset()
    """The files that --meta speaks of."""

    def is_strict(self, path: Path) -> bool:
        """Whether it lies in the corpus."""
        return path.is_relative_to(self.corpus)


def find_files(path: Path, *, strict: bool = True) -> list[Path]:
    """The sources at a path, by name: itself, or all below a folder. Hidden files and README.md are left out.

    With `strict` these are Markdown files alone, as in the corpus; else also documents, refused ones among them.
    """
    if path.is_file():
        return [path]
    suffixes = {".md"} if strict else FORMATS_BY_SUFFIX.keys() | REFUSED_SUFFIXES
    found = (
        file
        for file in path.rglob("*")
        if file.suffix.lower() in suffixes and file.name not in BESIDE and not file.name.startswith("~$")
    )
    return sorted(
        file
        for file in found
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )


def read_files(files: Sequence[Path], held: Mapping[str, HeldSource], progress: Progress, rules: Rules) -> Reading:
    """Read every file; one that is bad is refused with line and reason and does not stop the others.

    A file whose bytes are those that were indexed is not taken apart again. The second file with an id is refused.
    """
    progress.begin("Reading", len(files))
    known = {source.origin: (id_, source) for id_, source in held.items() if source.origin}
    candidates: dict[str, Candidate] = {}
    refused: list[Problem] = []
    for file in files:
        try:
            candidate = _read(file, known.get(str(file)), rules)
        except BriefingError as error:
            refused.extend(error.problems)
        except RefusedSource as error:
            refused.append(Problem(file, 0, error.message, error.remedy))
        except OSError as error:
            refused.append(Problem(file, 1, f"The file cannot be read: {error.strerror}.", "Mend its permissions."))
        else:
            first = candidates.setdefault(candidate.id, candidate)
            if first is not candidate:
                found = f"The id `{candidate.id}` is that of {first.origin.path} already."
                refused.append(Problem(file, 1, found, "Give it an id of its own, or remove one of the two."))
        progress.advance()
    warnings = tuple((item.id, warning) for item in candidates.values() for warning in item.warnings)
    return Reading(tuple(candidates.values()), tuple(refused), frozenset(str(file) for file in files), warnings)


def is_file_origin(origin: str) -> bool:
    """Whether what a source came from is a file on this machine, and no address, upload or program."""
    return "://" not in origin and Path(origin).is_absolute()


def documents_as_candidates(documents: Iterable[Document]) -> Iterator[Candidate]:
    """Documents that come from a program; their sha256 is computed here."""
    for document in documents:
        ready = signed(document)
        origin = Origin(text_sha256=sha256_of(ready.text))
        yield Candidate(ready.source.id, ready.source.sha256, origin, ready)


def to_document(briefing: Briefing) -> Document:
    """The document that a briefing describes; every text in it is cleaned."""
    front = briefing.front
    source = Source(
        id=front.id,
        title=clean_line(front.title),
        publisher=clean_line(front.publisher),
        url=front.url,
        published=front.published,
        recorded=front.recorded,
        valid_until=front.valid_until,
        status=front.status,
        topics=tuple(map(clean_line, front.topics)),
        places=tuple(map(clean_line, front.places)),
        entities=tuple(map(clean_line, front.entities)),
        theme=briefing.theme,
        licence=clean_line(front.licence),
    )
    return signed(Document(source=source, text=clean_text(briefing.body)))


def _read(file: Path, known: tuple[str, HeldSource] | None, rules: Rules) -> Candidate:
    if file.stat().st_size > BYTES_MAX:
        found = f"The file has {file.stat().st_size // 1_000_000} MB."
        raise BriefingError((Problem(file, 0, found, "Split it, or save only its text."),))
    data = file.read_bytes()
    if rules.is_strict(file) or _is_briefing(file, data, known):
        return _read_briefing(file, data, known)
    given = dict(known[1].given) if known else {}
    if file in rules.named:
        given |= rules.given
    said = json.dumps(sorted(given.items()))
    digest = hashlib.sha256(f"{READER_VERSION}\x1f{said}\x1f".encode() + data).hexdigest()
    if known and known[1].file_sha256 == digest:
        return _unchanged(file, digest, known)
    extracted = extract(data, name=file.name, content_type=None, url=None)
    return candidate_from(Incoming(extracted, str(file), digest, given=given), date.today())


def _read_briefing(file: Path, data: bytes, known: tuple[str, HeldSource] | None) -> Candidate:
    digest = hashlib.sha256(f"{READER_VERSION}\x1f{file.parent.name}\x1f".encode() + data).hexdigest()
    if known and known[1].file_sha256 == digest:
        return _unchanged(file, digest, known)
    if file.suffix.lower() != ".md":
        raise BriefingError((Problem(file, 1, "The file is no Markdown briefing (.md).", "See corpus/README.md."),))
    briefing = parse_file(file)
    document = to_document(briefing)
    if not document.text:
        raise BriefingError((Problem(file, briefing.body_line, "The body is empty.", "Write what the source says."),))
    origin = Origin(str(file), digest, sha256_of(document.text))
    return Candidate(document.source.id, document.source.sha256, origin, document)


def _unchanged(file: Path, digest: str, known: tuple[str, HeldSource]) -> Candidate:
    id_, held = known
    return Candidate(id_, held.sha256, Origin(str(file), digest, held.text_sha256, fetch=held.fetch))


def _is_briefing(file: Path, data: bytes, known: tuple[str, HeldSource] | None) -> bool:
    """Whether a file outside the corpus is a briefing: by its head, or because it was one when it was indexed."""
    if file.suffix.lower() != ".md":
        return False
    head, _ = split_front_matter(data[:_HEAD_BYTES].decode("utf-8", "replace"))
    lines = head.split("\n")
    written = all(any(line.startswith(key) for line in lines) for key in _BRIEFING_KEYS)
    return written or (known is not None and known[1].format == "briefing")
