"""Decides over a chat model's sentences one by one: on which passages each stands, or why it may not stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.cite import Draft, Evidence
from rag.features import Candidate
from rag.fitted import Fitted
from rag.generate.check import NO_SOURCE, SUPPORT, nearest, objection
from rag.generate.prompt import Excerpt
from rag.models import Embedder
from rag.reader import Reader, Reading
from rag.retrieve import Found
from rag.types import Passage

CITED_MAX = 3
"""Most passages that one sentence cites: a model that cites everything says nothing with it."""
_REACH = 1.5
"""How much further below the best sentence's score than an extractive one a sentence may lie: it is shorter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sentence with its evidence, or the reason why it is struck out."""

    draft: Draft | None
    reason: str = ""
    near_best: bool = False
    """Whether it answers about as well as the best sentence of the sources."""


class DraftGate:
    """For one question; holds what was found and read for it."""

    def __init__(self, found: Found, reading: Reading, reader: Reader, embedder: Embedder, fitted: Fitted) -> None:
        self._found = found
        self._reading = reading
        self._reader = reader
        self._embedder = embedder
        self._fitted = fitted
        self._vector = embedder.embed_queries([found.question.text])[0]

    def verdict(self, sentence: str, marks: Sequence[str], excerpts: Mapping[str, Excerpt], floor: float) -> Verdict:
        """`marks` are ids of the excerpts that the model named; `floor` is the least confidence to answer with."""
        named = [excerpts[mark] for mark in marks]
        if not named:
            return Verdict(None, objection(sentence, ()) or NO_SOURCE)
        alone = [excerpt for excerpt in named if not objection(sentence, [excerpt.passage])][:CITED_MAX]
        standing = alone or named[:CITED_MAX]
        reason = "" if alone else objection(sentence, [excerpt.passage for excerpt in standing])
        if reason:
            return Verdict(None, reason)
        evidence = tuple(_evidence(sentence, excerpt) for excerpt in standing)
        score_gap, support, confidence = self._read(sentence, evidence[0])
        if confidence < floor or score_gap > self._fitted.further + _REACH:
            return Verdict(None, SUPPORT)
        draft = Draft(text=sentence, evidence=evidence, support=round(support, 4))
        return Verdict(draft, near_best=score_gap <= self._fitted.further)

    def _read(self, sentence: str, evidence: Evidence) -> tuple[float, float, float]:
        """How far the sentence's score lies below the best one's, its support, and the reader's confidence."""
        beside = tuple(judged.candidate for judged in self._reading.judged)
        said = self._candidate(sentence, evidence)
        reading = self._reader.read(self._found.question, (said, *beside))
        best = reading.judged[0].score if reading.judged else 0.0
        for judged in reading.judged:
            if judged.candidate is said:
                return best - judged.score, judged.support, reading.confidence
        return float("inf"), 0.0, reading.confidence

    def _candidate(self, sentence: str, evidence: Evidence) -> Candidate:
        """The sentence in the place of the one it stands on."""
        places = [candidate for candidate in self._found.candidates if candidate.passage.id == evidence.passage.id]
        place = max(places, key=lambda candidate: _overlap(candidate, evidence))
        (vector,) = self._embedder.embed_passages([sentence])
        return replace(place, text=sentence, similarity=float(vector @ self._vector))


def _overlap(candidate: Candidate, evidence: Evidence) -> int:
    return min(candidate.end, evidence.end) - max(candidate.start, evidence.start)


def _evidence(sentence: str, excerpt: Excerpt) -> Evidence:
    passage: Passage = excerpt.passage
    standing = nearest(sentence, [passage])
    return Evidence(passage, excerpt.source, passage.text[standing.start : standing.end], standing.start, standing.end)
