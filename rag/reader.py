"""Judges sentences: which answers the question best, and whether any does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answerable import answerable_features
from rag.features import FEATURES, Candidate, feature_matrix
from rag.fitted import Fitted
from rag.models.pair_reader import titled
from rag.models.sentence_reader import SentenceReader
from rag.question import Question
from rag.sentences import split_sentences

_OVERVIEW_CONFIDENCE = 0.8
"""Of a sentence about the very thing that a question asks about in general: the fitted questions ask for details."""
_PAIRS_READ = 6
"""How many of the best sentences are read together with the question, to say whether any of them answers."""
_PASSAGE_COVERAGE = FEATURES.index("passage_coverage")
_WHOLE = 0.999


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with the reader's verdict."""

    candidate: Candidate
    score: float
    """Only differences within one question mean something."""
    support: float
    """In [0, 1]: how likely this sentence answers the question."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The candidates judged, best first."""

    judged: tuple[Judged, ...]
    confidence: float
    """In [0, 1]: the calibrated probability that the best sentence answers; 0 where there is no sentence."""


def unread(candidates: Sequence[Candidate]) -> Reading | None:
    """Passages of several sentences that were indexed whole, in the order of fusion; None where all can be read.

    The readers were taught sentences and see some hundred word pieces; a long passage they would judge by its head.
    """
    if any(candidate.text != candidate.passage.text for candidate in candidates):
        return None
    if all(len(split_sentences(candidate.text)) <= 1 for candidate in candidates):
        return None
    order = sorted(candidates, key=lambda candidate: -candidate.fused)
    return Reading(tuple(Judged(candidate, candidate.fused, candidate.fused) for candidate in order), confidence=0.0)


class Reader:
    """Reads in three steps: cheap features choose sentences, the neural reader's evidence ranks those, and the best are
    read as pairs with the question to say how likely it is that one answers.
    """

    def __init__(self, network: SentenceReader, fitted: Fitted, depth: int) -> None:
        """`depth` is how many sentences the network looks at."""
        self._network = network
        self._fitted = fitted
        self._depth = depth

    def read(self, question: Question, candidates: tuple[Candidate, ...]) -> Reading:
        """Judge the most promising candidates and say how likely it is that the best one answers."""
        if not candidates or not question.terms:
            return Reading(judged=(), confidence=0.0)
        chosen, matrix = self.columns(question, candidates)
        scores = self._fitted.reader.score(matrix)
        order = np.argsort(-scores, kind="stable")
        verdicts = verdicts_on(self._network, question, [chosen[index] for index in order])
        log_odds = self._fitted.answerable.score(answerable_features(question, matrix, scores, verdicts))[0]
        confidence = float(1.0 / (1.0 + np.exp(-log_odds)))
        if question.wants_overview and matrix[order[0], _PASSAGE_COVERAGE] >= _WHOLE:
            confidence = max(confidence, _OVERVIEW_CONFIDENCE)
        best = scores[order[0]]
        judged = tuple(
            Judged(
                candidate=chosen[index],
                score=float(scores[index]),
                support=confidence * float(np.exp(scores[index] - best)),
            )
            for index in order
        )
        return Reading(judged=judged, confidence=confidence)

    def columns(
        self, question: Question, candidates: tuple[Candidate, ...]
    ) -> tuple[tuple[Candidate, ...], NDArray[np.float64]]:
        """The sentences that the network looks at, and what is known of each, shape (sentences, len(COLUMNS))."""
        features = feature_matrix(question, candidates)
        order = np.argsort(-self._fitted.preselect.score(features), kind="stable")[: self._depth]
        chosen = tuple(candidates[index] for index in order)
        evidence = self._network.evidence(question.text, [candidate.text for candidate in chosen])
        return chosen, np.hstack([features[order], evidence])


def verdicts_on(network: SentenceReader, question: Question, ranked: Sequence[Candidate]) -> NDArray[np.float64]:
    """What the pair reader says of the best of the candidates, best first: its log-odds, shape (at most 6,)."""
    texts = [titled(candidate.source.title, candidate.text) for candidate in ranked[:_PAIRS_READ]]
    return network.pairs.logits(question.text, texts)
