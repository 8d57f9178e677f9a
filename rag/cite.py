"""The quote gate: what does not stand word for word in a passage does not reach the reader. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.types import Answer, Citation, Passage, Sentence, Source

MARKER = re.compile(r"\[(\d+)\]")
"""A citation marker as it stands in an answer's text."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a passage: passage.text[start:end] should equal quote; the gate checks that it does."""

    passage: Passage
    source: Source
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that an answerer would like to say, with what it stands on."""

    text: str
    evidence: tuple[Evidence, ...]
    support: float
    """In [0, 1]."""


def holds(evidence: Evidence) -> bool:
    """Whether the quote is not blank and stands in its passage at exactly the offsets given."""
    return bool(evidence.quote.strip()) and evidence.passage.text[evidence.start : evidence.end] == evidence.quote


def gate(drafts: Iterable[Draft]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Number the evidence of the drafts and drop every draft that has none left.

    Markers count from 1 in order of appearance; the same words of the same passage keep one marker. A sentence text
    that carries markers of its own is dropped as well: they would be taken for ours.
    """
    citations: dict[tuple[str, int, int], Citation] = {}
    sentences = []
    for draft in drafts:
        sound = [evidence for evidence in draft.evidence if holds(evidence)]
        if not sound or not draft.text.strip() or MARKER.search(draft.text):
            continue
        markers = []
        for evidence in sound:
            key = (evidence.passage.id, evidence.start, evidence.end)
            if key not in citations:
                citations[key] = Citation(
                    marker=len(citations) + 1,
                    passage=evidence.passage,
                    source=evidence.source,
                    quote=evidence.quote,
                    start=evidence.start,
                    end=evidence.end,
                )
            markers.append(citations[key].marker)
        sentences.append(Sentence(text=draft.text, markers=tuple(dict.fromkeys(markers)), support=draft.support))
    return tuple(sentences), tuple(citations.values())


def marked(sentence: Sentence) -> str:
    """The sentence with its markers behind it: 'Words. [1][2]'."""
    return sentence.text + " " + "".join(f"[{marker}]" for marker in sentence.markers)


def pieces(answer: Answer) -> Iterator[str]:
    """The text in pieces that end after a sentence; joined they are the text."""
    begin = 0
    for sentence in answer.sentences:
        end = answer.text.index(marked(sentence), begin) + len(marked(sentence))
        yield answer.text[begin:end]
        begin = end
    if begin < len(answer.text):
        yield answer.text[begin:]


def unmatched(text: str, citations: Sequence[Citation]) -> tuple[int, ...]:
    """Markers in the text that no citation has."""
    known = {citation.marker for citation in citations}
    return tuple(number for number in map(int, MARKER.findall(text)) if number not in known)
