"""What the reader looks at when it judges whether a sentence answers a question. One number a feature, pure."""

import math
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.answer_types import AnswerType, holds, values
from rag.question import Question
from rag.types import Passage, Source
from rag.words import is_content, stem, stems, tokens


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that may answer, with how its passage was found."""

    passage: Passage
    source: Source
    ordinal: int
    """Place of the sentence in its passage, from 0."""
    start: int
    """First code point in the passage."""
    end: int
    text: str
    vector: NDArray[np.float32] = field(compare=False, repr=False)
    """The sentence's, shape (dimension,), unit length."""
    similarity: float
    """Cosine of question and sentence, in [-1, 1]."""
    passage_similarity: float
    """Cosine of question and passage, in [-1, 1]."""
    lexical: float
    """The passage's BM25 score over the best one's, in [0, 1]."""
    fused: float
    """The passage's fusion score over the best one's, in [0, 1]."""


FEATURES = (
    "similarity",
    "passage_similarity",
    "lexical",
    "fused",
    "coverage",
    "context_coverage",
    "passage_coverage",
    "name_coverage",
    "rarest_missing",
    "rarest_missing_context",
    "pairs",
    "density",
    "type_fit",
    "type_new",
    "money_fit",
    "date_fit",
    "person_fit",
    "number_fit",
    "percent_fit",
    "contact_fit",
    "year_fit",
    "publisher_match",
    "title_coverage",
    "length",
    "position",
    "opening",
    "similarity_x_coverage",
    "recency",
)
"""The columns of `feature_matrix`, in order."""

_SPECIFIC = (
    AnswerType.MONEY,
    AnswerType.DATE,
    AnswerType.PERSON,
    AnswerType.NUMBER,
    AnswerType.PERCENT,
    AnswerType.CONTACT,
)


def feature_matrix(question: Question, candidates: tuple[Candidate, ...]) -> NDArray[np.float64]:
    """Shape (candidates, len(FEATURES)); most columns lie in [0, 1]."""
    asked = _asked(question)
    rows = [_row(question, asked, candidate) for candidate in candidates]
    return np.array(rows, dtype=np.float64).reshape(len(candidates), len(FEATURES))


class _Asked(NamedTuple):
    """What the rows of one question share."""

    terms: tuple[tuple[str, float], ...]
    """Stem and weight."""
    names: tuple[tuple[str, float], ...]
    """Those that stand in a name."""
    total: float
    """The terms' weight."""
    pairs: frozenset[tuple[str, str]]
    """Neighbouring content words."""
    stems: frozenset[str]


def _asked(question: Question) -> _Asked:
    return _Asked(
        terms=tuple((term.stem, term.weight) for term in question.terms),
        names=tuple((term.stem, term.weight) for term in question.terms if term.name),
        total=question.weight,
        pairs=frozenset(pairwise(term.stem for term in question.terms)),
        stems=frozenset(term.stem for term in question.terms),
    )


# A passage's sentences share what surrounds them, and popular sentences are read again and again.
@lru_cache(maxsize=16_384)
def _stem_set(text: str) -> frozenset[str]:
    return frozenset(stems(text))


@lru_cache(maxsize=16_384)
def _content_pairs(text: str) -> frozenset[tuple[str, str]]:
    """Neighbouring content words."""
    return frozenset(pairwise(item for item in stems(text) if is_content(item)))


@lru_cache(maxsize=16_384)
def _publisher_stems(publisher: str) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens(publisher) if is_content(word))


@lru_cache(maxsize=65_536)
def _holds(kind: AnswerType, text: str) -> bool:
    return holds(kind)(text)


_values = lru_cache(maxsize=16_384)(values)


def _row(question: Question, asked: _Asked, candidate: Candidate) -> list[float]:
    source, passage = candidate.source, candidate.passage
    inside = _stem_set(candidate.text)
    about = _stem_set(f"{source.title} {source.publisher}")
    beside = _stem_set(f"{passage.text} {passage.heading}")
    context = inside | about
    around = context | beside
    coverage = _coverage(asked.terms, asked.total, inside)
    fits = [_fits(question, kind, candidate.text) for kind in _SPECIFIC]
    return [
        candidate.similarity,
        candidate.passage_similarity,
        candidate.lexical,
        candidate.fused,
        coverage,
        _coverage(asked.terms, asked.total, context),
        _coverage(asked.terms, asked.total, around),
        _coverage(asked.names, sum(weight for _, weight in asked.names), around),
        _rarest_missing(asked.terms, inside),
        _rarest_missing(asked.terms, around),
        len(asked.pairs & _content_pairs(candidate.text)) / len(asked.pairs) if asked.pairs else 0.0,
        coverage * asked.total / (3.0 + len(inside)),
        _type_fit(question, candidate.text),
        _type_new(question, candidate.text),
        *fits,
        _year_fit(question, candidate),
        _publisher_match(asked, source),
        _coverage(asked.terms, asked.total, about),
        math.log1p(len(stems(candidate.text))) / 4.0,
        1.0 / (1.0 + candidate.ordinal),
        1.0 if passage.start == 0 and candidate.ordinal == 0 else 0.0,
        candidate.similarity * coverage,
        _recency(source) if question.wants_latest else 0.0,
    ]


def _coverage(terms: tuple[tuple[str, float], ...], total: float, found: frozenset[str]) -> float:
    """Share of the terms' weight that is found; 0 where there are no terms."""
    return sum([weight for stemmed, weight in terms if stemmed in found]) / total if total else 0.0


def _rarest_missing(terms: tuple[tuple[str, float], ...], found: frozenset[str]) -> float:
    """Weight of the heaviest term that is not found, over a weight that only very rare words reach."""
    return max([weight for stemmed, weight in terms if stemmed not in found], default=0.0) / 8.0


def _fits(question: Question, kind: AnswerType, text: str) -> float:
    """1 or -1 where the question asks for this kind and the sentence has it or not; 0 where it does not ask."""
    if kind not in question.types:
        return 0.0
    return 1.0 if _holds(kind, text) else -1.0


def _type_fit(question: Question, text: str) -> float:
    """Share of the kinds asked for that the sentence holds; a half where the question is open."""
    if not question.types:
        return 0.5
    return sum(_holds(kind, text) for kind in question.types) / len(question.types)


def _type_new(question: Question, text: str) -> float:
    """1 where the sentence has a figure that the question does not have, if figures are asked for."""
    asks = question.types & {AnswerType.MONEY, AnswerType.PERCENT, AnswerType.DATE, AnswerType.NUMBER}
    if not asks:
        return 0.0
    return 1.0 if _values(text) - _values(question.text) else -1.0


def _year_fit(question: Question, candidate: Candidate) -> float:
    """1 where a year of the question stands in the sentence, 0.5 where it is the source's, -1 where neither."""
    if not question.years:
        return 0.0
    if any(year in candidate.text for year in question.years):
        return 1.0
    published = candidate.source.published or ""
    return 0.5 if any(published.startswith(year) for year in question.years) else -1.0


def _publisher_match(asked: _Asked, source: Source) -> float:
    """Share of the publisher's words that the question names."""
    words = _publisher_stems(source.publisher)
    return len(words & asked.stems) / len(words) if words else 0.0


def _recency(source: Source) -> float:
    """0 for 2014 and before or undated, 1 for 2026."""
    year = int(source.published[:4]) if source.published else 2014
    return min(max((year - 2014) / 12.0, 0.0), 1.0)
