"""What a system replied, kept as it came, before anything is judged. One JSON line a case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from evals.errors import RunError
from rag.types import Answer, Citation, Hit, Outcome, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedHit:
    """A found passage and where in its source it stands (code points)."""

    passage_id: str
    source_id: str
    score: float
    rank: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCitation:
    """A citation with the passage it names, so that it can be checked without the store."""

    marker: int
    passage_id: str
    source_id: str
    title: str
    publisher: str
    published: str | None
    url: str
    quote: str
    start: int
    end: int
    passage_text: str
    passage_start: int
    passage_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSentence:
    """A sentence of the answer, its markers and its support in [0, 1]."""

    text: str
    markers: tuple[int, ...]
    support: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedUsage:
    """What a chat model was used for one answer."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    cached: bool
    markers_removed: int = 0
    struck_reasons: tuple[str, ...] = ()
    """Why each of the model's sentences that does not stand was struck out, in the words that readers see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswer:
    """An answer as the system gave it."""

    outcome: Outcome
    reason: str
    text: str
    standalone_question: str
    sentences: tuple[RecordedSentence, ...]
    citations: tuple[RecordedCitation, ...]
    hits: tuple[RecordedHit, ...]
    timings_ms: dict[str, float]
    answerer: str
    index_build: str
    confidence: float | None = None
    """In [0, 1]; None where the system states none."""
    usage: RecordedUsage | None = None
    """None where no chat model was asked."""
    notice: str = ""
    """What the reader was told of how the answer came about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a system raised in place of a reply."""

    type: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One question and what came back: an answer, or bare hits from a search, or a failure; exactly one of them."""

    question: str
    answer: RecordedAnswer | None = None
    hits: tuple[RecordedHit, ...] | None = None
    failure: Failure | None = None
    wall_ms: float
    """Measured around the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All replies of one system to one case, in the order of its turns."""

    system: str
    case_id: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """What the scorer needs of a source: its words and how it is named and dated."""

    id: str
    text: str
    title: str = ""
    publisher: str = ""
    published: str | None = None
    theme: str = ""


_Line = TypeVar("_Line")
_RECORD: TypeAdapter[Record] = TypeAdapter(Record)
_SOURCE: TypeAdapter[SourceText] = TypeAdapter(SourceText)


def recorded_hit(hit: Hit) -> RecordedHit:
    """A hit without its text; start and end are code points of its source."""
    passage = hit.passage
    return RecordedHit(
        passage_id=passage.id,
        source_id=hit.source.id,
        score=hit.score,
        rank=hit.rank,
        start=passage.start,
        end=passage.end,
    )


def _recorded_citation(citation: Citation) -> RecordedCitation:
    passage, source = citation.passage, citation.source
    return RecordedCitation(
        marker=citation.marker,
        passage_id=passage.id,
        source_id=source.id,
        title=source.title,
        publisher=source.publisher,
        published=source.published,
        url=source.url,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        passage_text=passage.text,
        passage_start=passage.start,
        passage_end=passage.end,
    )


def _recorded_usage(usage: Usage) -> RecordedUsage:
    return RecordedUsage(**{one.name: getattr(usage, one.name) for one in fields(RecordedUsage)})


def recorded_answer(answer: Answer) -> RecordedAnswer:
    """The answer with its citations' passages; hits keep ids, scores and places only."""
    return RecordedAnswer(
        outcome=answer.outcome,
        reason=answer.reason,
        text=answer.text,
        standalone_question=answer.standalone_question,
        sentences=tuple(
            RecordedSentence(text=one.text, markers=one.markers, support=one.support) for one in answer.sentences
        ),
        citations=tuple(_recorded_citation(one) for one in answer.citations),
        hits=tuple(recorded_hit(hit) for hit in answer.hits),
        timings_ms=dict(answer.timings_ms),
        answerer=answer.answerer,
        index_build=answer.index_build,
        confidence=answer.confidence,
        usage=_recorded_usage(answer.usage) if answer.usage else None,
        notice=answer.notice,
    )


def record_line(record: Record) -> str:
    """One line of JSON, without the newline."""
    return _RECORD.dump_json(record).decode()


def source_line(source: SourceText) -> str:
    """One line of JSON, without the newline."""
    return _SOURCE.dump_json(source).decode()


@dataclass(frozen=True, slots=True)
class Torn:
    """How many bytes of a JSONL file are whole lines; a run killed in mid-write leaves a piece of a line after them."""

    whole_bytes: int
    torn_bytes: int = field(default=0)


def whole_lines(path: Path) -> Torn:
    """Where the last whole line of the file ends; (0, 0) for a file that is not there."""
    if not path.exists():
        return Torn(0)
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    return Torn(whole, len(data) - whole)


def read_records(path: Path) -> tuple[Record, ...]:
    """Records in the order written; a torn last line is left out. Raises RunError for any other bad line."""
    return tuple(_read(path, _RECORD))


def read_sources(path: Path) -> dict[str, SourceText]:
    """Sources by id. Raises RunError for a bad line."""
    return {source.id: source for source in _read(path, _SOURCE)}


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write the file whole, through a neighbour that takes its place, so that no reader sees half of it."""
    draft = path.with_name(path.name + ".draft")
    draft.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    draft.replace(path)


def _read(path: Path, adapter: TypeAdapter[_Line]) -> Iterator[_Line]:
    whole = whole_lines(path).whole_bytes
    for number, line in enumerate(path.read_bytes()[:whole].splitlines(), start=1):
        try:
            yield adapter.validate_json(line)
        except ValidationError as error:
            remedy = "Run the suite again into another folder."
            raise RunError(f"{path}, line {number} is not what this version writes.", remedy) from error
