"""What the reader looks at when it judges whether a sentence answers a question. One number a feature, pure."""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.answer_types import AnswerType, holds, values
from rag.question import Question, Term
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
    rows = [_row(question, candidate) for candidate in candidates]
    return np.array(rows, dtype=np.float64).reshape(len(candidates), len(FEATURES))


@lru_cache(maxsize=16_384)
def _stem_set(text: str) -> frozenset[str]:
    """Stems of what surrounds a sentence; a passage's sentences share it."""
    return frozenset(stems(text))


def _row(question: Question, candidate: Candidate) -> list[float]:
    source, passage = candidate.source, candidate.passage
    sequence = stems(candidate.text)
    inside = frozenset(sequence)
    about = _stem_set(f"{source.title} {source.publisher}")
    beside = _stem_set(f"{passage.text} {passage.heading}")
    context = inside | about
    coverage = _coverage(question.terms, inside)
    fits = [_fits(question, kind, candidate.text) for kind in _SPECIFIC]
    return [
        candidate.similarity,
        candidate.passage_similarity,
        candidate.lexical,
        candidate.fused,
        coverage,
        _coverage(question.terms, context),
        _coverage(question.terms, context | beside),
        _coverage(tuple(term for term in question.terms if term.name), context | beside),
        _rarest_missing(question, inside),
        _rarest_missing(question, context | beside),
        _pairs(question, sequence),
        coverage * question.weight / (3.0 + len(inside)),
        _type_fit(question, candidate.text),
        _type_new(question, candidate.text),
        *fits,
        _year_fit(question, candidate),
        _publisher_match(question, source),
        _coverage(question.terms, about),
        math.log1p(len(sequence)) / 4.0,
        1.0 / (1.0 + candidate.ordinal),
        1.0 if passage.start == 0 and candidate.ordinal == 0 else 0.0,
        candidate.similarity * coverage,
        _recency(source) if question.wants_latest else 0.0,
    ]


def _coverage(terms: tuple[Term, ...], found: frozenset[str]) -> float:
    """Share of the terms' weight that is found; 0 where there are no terms."""
    total = sum(term.weight for term in terms)
    return sum(term.weight for term in terms if term.stem in found) / total if total else 0.0


def _rarest_missing(question: Question, found: frozenset[str]) -> float:
    """Weight of the heaviest term that is not found, over a weight that only very rare words reach."""
    return max((term.weight for term in question.terms if term.stem not in found), default=0.0) / 8.0


def _pairs(question: Question, sequence: tuple[str, ...]) -> float:
    """Share of the question's neighbouring content words that are neighbours in the sentence too."""
    wanted = [term.stem for term in question.terms]
    pairs = set(pairwise(wanted))
    content = [item for item in sequence if is_content(item)]
    return len(pairs & set(pairwise(content))) / len(pairs) if pairs else 0.0


def _fits(question: Question, kind: AnswerType, text: str) -> float:
    """1 or -1 where the question asks for this kind and the sentence has it or not; 0 where it does not ask."""
    if kind not in question.types:
        return 0.0
    return 1.0 if holds(kind)(text) else -1.0


def _type_fit(question: Question, text: str) -> float:
    """Share of the kinds asked for that the sentence holds; a half where the question is open."""
    if not question.types:
        return 0.5
    return sum(holds(kind)(text) for kind in question.types) / len(question.types)


def _type_new(question: Question, text: str) -> float:
    """1 where the sentence has a figure that the question does not have, if figures are asked for."""
    asks = question.types & {AnswerType.MONEY, AnswerType.PERCENT, AnswerType.DATE, AnswerType.NUMBER}
    if not asks:
        return 0.0
    return 1.0 if values(text) - values(question.text) else -1.0


def _year_fit(question: Question, candidate: Candidate) -> float:
    """1 where a year of the question stands in the sentence, 0.5 where it is the source's, -1 where neither."""
    if not question.years:
        return 0.0
    if any(year in candidate.text for year in question.years):
        return 1.0
    published = candidate.source.published or ""
    return 0.5 if any(published.startswith(year) for year in question.years) else -1.0


def _publisher_match(question: Question, source: Source) -> float:
    """Share of the publisher's words that the question names."""
    words = {stem(word) for word in tokens(source.publisher) if is_content(word)}
    return len(words & {term.stem for term in question.terms}) / len(words) if words else 0.0


def _recency(source: Source) -> float:
    """0 for 2014 and before or undated, 1 for 2026."""
    year = int(source.published[:4]) if source.published else 2014
    return min(max((year - 2014) / 12.0, 0.0), 1.0)
