"""Keeping an answer under an address of its own, and what has become of its sources since."""

from dataclasses import dataclass
from enum import StrEnum

from rag.config import Settings
from rag.errors import NotKept, UnknownSource
from rag.privacy import personal_detail
from rag.store import KeptAnswers, View
from rag.types import Answer, Passage, Source

ADDRESS = "/answers/"
"""Path below which kept answers are read."""


class Fate(StrEnum):
    """What has become of the words of a source that an answer stands on."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    QUOTE_GONE = "quote_gone"
    COPY = "copy"
    RETIRED = "retired"
    GONE = "gone"
    REMOVED = "removed"


_NOTES = {
    Fate.UNCHANGED: "",
    Fate.CHANGED: "This source has changed since; the words quoted still stand in it.",
    Fate.QUOTE_GONE: "This source has changed since; the words quoted no longer stand in it.",
    Fate.COPY: "The guide now shows this text under another source that says the same.",
    Fate.RETIRED: "The guide has stopped using this source since.",
    Fate.GONE: "The page of this source has disappeared since.",
    Fate.REMOVED: "The guide no longer holds this source.",
}


@dataclass(frozen=True, slots=True)
class Since:
    """What has become of one source of a kept answer."""

    fate: Fate
    passage_id: str = ""
    """The passage of the present build in which the words stand; empty where there is none."""

    @property
    def note(self) -> str:
        """What a reader is to know of it; empty where nothing has changed."""
        return _NOTES[self.fate]


def keep(settings: Settings, answer: Answer) -> str:
    """Keep a finished answer as it is; the address of its page on this server.

    Only the server's own answers may be given: what is kept is shown under the guide's name.
    Raises NotKept where the question holds personal details or the settings keep nothing; StoreMissing, StoreBusy.
    """
    if not settings.kept_answers_max:
        raise NotKept("This guide keeps no answers.", "Copy the answer instead.")
    # A question with personal details leaves its words out of the answer's record: nothing is left to go by.
    if not answer.question.strip() or personal_detail(answer.question) or personal_detail(answer.standalone_question):
        raise NotKept("This answer is not kept, because its question holds personal details.", "Ask without them.")
    return ADDRESS + KeptAnswers(settings).keep(answer)


@dataclass(frozen=True, slots=True)
class Ground:
    """A passage that a kept answer stands on, as it was, or one that was shown beside a refusal."""

    marker: int
    """Of the citation; 0 beside a refusal."""
    source: Source
    passage: Passage
    start: int
    """First code point of the quote in passage.text."""
    end: int
    """One past its last code point; as `start` beside a refusal, which quotes nothing."""
    since: Since

    @property
    def quote(self) -> str:
        """The words that the answer stands on."""
        return self.passage.text[self.start : self.end]


def grounds(answer: Answer, view: View) -> tuple[Ground, ...]:
    """What a kept answer stands on, with what the store holds of it now."""
    cited = tuple(
        Ground(
            item.marker,
            item.source,
            item.passage,
            item.start,
            item.end,
            _since(item.source, item.passage, item.quote, view),
        )
        for item in answer.citations
    )
    return cited or tuple(
        Ground(0, hit.source, hit.passage, 0, 0, _since(hit.source, hit.passage, hit.passage.text, view))
        for hit in answer.hits
    )


def _since(source: Source, passage: Passage, quote: str, view: View) -> Since:
    """What the view holds of a source as it was, and of those words of its passage."""
    try:
        now = view.source(source.id)
    except UnknownSource:
        return Since(Fate.REMOVED)
    if now.state != "current":
        return Since(Fate.RETIRED if now.state == "retired" else Fate.GONE)
    if now.copy_of:
        return Since(Fate.COPY)
    holding = [item.id for item in view.source_passages(source.id) if quote in item.text]
    found = passage.id if passage.id in holding else next(iter(holding), "")
    if now.sha256 == source.sha256:
        return Since(Fate.UNCHANGED, found)
    stands = bool(found) or quote in view.source_text(source.id)
    return Since(Fate.CHANGED if stands else Fate.QUOTE_GONE, found)
