"""The values that flow from a document to an answer. Frozen, standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LLM = "llm:"
"""Begins Answer.answerer where a chat model wrote the answer; its provider:model follows."""


class Outcome(StrEnum):
    """How a question ended. Only `answered` and `partial` carry citations."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_IN_SOURCES = "not_in_sources"
    OUT_OF_SCOPE = "out_of_scope"
    DECLINED = "declined"
    ERROR = "error"

    @property
    def is_answer(self) -> bool:
        """True where the text answers the question and so must be cited."""
        return self in (Outcome.ANSWERED, Outcome.PARTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Another place where the text of a source stands, word for word or nearly so: a syndicated copy."""

    source_id: str
    """Identifier of the copy, as `wmai sources show` takes it."""
    title: str
    publisher: str
    url: str
    """Empty where the copy is a file without an address."""
    published: str | None = None
    """YYYY, YYYY-MM or YYYY-MM-DD; None when unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A published page or document, as its briefing's front matter describes it."""

    id: str
    title: str
    publisher: str
    url: str
    published: str | None = None
    """YYYY, YYYY-MM or YYYY-MM-DD; None when unknown."""
    recorded: str
    """The day on which we read it, YYYY-MM-DD."""
    valid_until: str | None = None
    """YYYY, YYYY-MM or YYYY-MM-DD after which what it offers is over; None when it does not say."""
    status: str | None = None
    """open, closed or historical; None when it does not say."""
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    theme: str = ""
    licence: str = ""
    sha256: str = ""
    """Hex digest of the cleaned text and the metadata; decides whether a source has changed."""
    author: str = ""
    """Who wrote it; empty when it does not say."""
    language: str = ""
    """BCP 47 tag such as en or cy; empty when unknown."""
    format: str = "briefing"
    """briefing, html, text, markdown, pdf, docx, pptx, odt or epub."""
    valid_until_quote: str = ""
    """The sentence of the text that `valid_until` was read from; empty where it was given."""
    state: str = "current"
    """current; gone (its page answered twice that it is no more) or retired (by staff): then it has no passages."""
    copy_of: str = ""
    """Identifier of the source that stands for this copy in answers; empty for a source of its own."""
    homes: tuple[Home, ...] = ()
    """Where else the same text stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A source with its cleaned text."""

    source: Source
    text: str
    """Unicode NFC; all offsets are code points into this text."""
    pages: tuple[int, ...] = ()
    """Offset at which each page begins, from page 1 and never falling; empty for a text without pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one document: document.text[start:end] == text."""

    id: str
    """Stable under re-indexing of an unchanged document; opaque hexadecimal."""
    source_id: str
    text: str
    start: int
    """First code point, from 0."""
    end: int
    """One past the last code point."""
    heading: str = ""
    """Trail of the headings it stands under, outermost first, joined by ' › '."""
    tokens: int
    """Length in cl100k_base tokens."""
    page: int | None = None
    """Page on which it begins, from 1; None for a text without pages."""
    page_starts: tuple[int, ...] = ()
    """Offsets in `text`, from 1 up, at which the pages after `page` begin."""

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, of a code point of `text`; None for a text without pages."""
        return None if self.page is None else self.page + sum(start <= offset for start in self.page_starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that retrieval found for a question."""

    passage: Passage
    source: Source
    score: float
    """In [0, 1], higher is better."""
    rank: int
    """From 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an answer with the markers of the citations it stands on."""

    text: str
    markers: tuple[int, ...]
    """Markers of citations, from 1; never empty in an answer."""
    support: float
    """In [0, 1]: how sure the reader is that this sentence answers the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The words of a passage that a sentence stands on: passage.text[start:end] == quote."""

    marker: int
    """From 1, unique within an answer; shown as [1]."""
    passage: Passage
    source: Source
    quote: str
    start: int
    """First code point of the quote in passage.text."""
    end: int
    """One past its last code point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An earlier question of the conversation and the answer text that was shown."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a chat model was used for one answer."""

    model: str
    """provider:model."""
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    """In the currency of the prices that the settings name; None where they name none."""
    cached: bool
    """Whether the answer was given before and kept, so that it cost nothing this time."""
    markers_removed: int = 0
    """Citation markers that the model made up."""
    sentences_struck: int = 0
    """Sentences of the model that did not pass the gate."""
    struck_reasons: tuple[str, ...] = ()
    """Why each of these was struck out, in the words that readers see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that is known about how one question was answered."""

    question: str
    standalone_question: str
    """The question as understood, completed from the history where it leaned on it."""
    outcome: Outcome
    reason: str
    """Empty for an answer; else a short code such as no_match, out_of_area, privacy, chitchat."""
    text: str
    """What the reader sees, markers such as [1] included."""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    """What retrieval found, best first; for a refusal they are the closest passages."""
    confidence: float | None = None
    """In [0, 1]: how likely the passages found answer the question, before any rule decides; None where none were
    looked for, as in a fixed reply."""
    suggestions: tuple[str, ...] = ()
    """Questions that the sources can answer."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by stage: condense, retrieve, answer, total."""
    answerer: str
    """What made the answer: extractive, or llm:provider:model."""
    index_build: str
    usage: Usage | None = None
    """None where no chat model was asked."""
    notice: str = ""
    """What the reader is to know of how the answer came about, such as that a chat model's draft did not hold."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Event: what was found, before a word of the answer."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """Event: more text of the answer; the deltas joined, less what is withdrawn, are Answer.text."""

    text: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Event: the end of what was sent is taken back, because it did not pass the gate."""

    text: str
    """What the deltas so far, less what was withdrawn before, end with."""
    reason: str
    """In words that a reader may see."""


@dataclass(frozen=True, slots=True)
class Done:
    """Event: the finished answer. Always the last."""

    answer: Answer


Event = Retrieved | Delta | Withdrawn | Done
