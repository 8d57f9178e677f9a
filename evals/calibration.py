"""Does a stated probability mean what it says? Reliability in bins, and the expected calibration error. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.cases import Case
from evals.items import Item, items_of
from evals.records import Record, RecordedAnswer, RecordedSentence, Reply
from evals.scores import ScoredItem
from evals.statistics import RESAMPLES, SEED, Interval, cluster_codes, cluster_weights, exact_interval, percentiles
from evals.text import missing_groups

BINS = 10
"""Of equal width, as in Guo et al., "On Calibration of Modern Neural Networks" (2017)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A probability that was stated, and whether what it was stated of is so."""

    stated: float
    """In [0, 1]."""
    true: bool
    cluster: str
    """Claims of one cluster are resampled together."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims that state about the same, and the share of them that are so."""

    stated: float
    """Mean, in [0, 1]."""
    share: float
    interval: Interval
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How far stated probabilities lie from what is so."""

    system: str
    name: str
    title: str
    bins: tuple[Bin, ...]
    """Empty ones are left out."""
    error: float
    """Expected calibration error (Naeini, Cooper and Hauskrecht 2015): mean over claims of |share - stated| of their
    bin, in [0, 1]; 0 is best."""
    interval: Interval
    """Percentile bootstrap over clusters. Resampling adds noise to every bin, so it lies rather high."""
    by_chance: float
    """What the error of a perfectly calibrated system would be on average over as many claims: never quite 0."""
    n: int


KINDS: dict[str, str] = {
    "answerable": "Confidence, that the question can be answered",
    "right": "Confidence, that the answer given is right",
    "support": "Support, that the sentence holds an expected fact",
}
"""What is stated, by name, in the order of the report."""


def calibrate(claims: Sequence[Claim], system: str, name: str) -> Calibration | None:
    """None where there are no claims."""
    if not claims:
        return None
    stated = np.array([claim.stated for claim in claims])
    true = np.array([claim.true for claim in claims], dtype=np.float64)
    places = np.minimum((stated * BINS).astype(np.int64), BINS - 1)
    return Calibration(
        system=system,
        name=name,
        title=KINDS[name],
        bins=tuple(_bin(stated[places == place], true[places == place]) for place in np.unique(places)),
        error=float(_errors((true - stated)[None, :], places)[0]),
        interval=_interval(true - stated, places, [claim.cluster for claim in claims]),
        by_chance=_by_chance(stated, places),
        n=len(claims),
    )


def _bin(stated: NDArray[np.float64], true: NDArray[np.float64]) -> Bin:
    return Bin(
        stated=float(stated.mean()),
        share=float(true.mean()),
        interval=exact_interval(float(true.sum()), len(true)),
        n=len(true),
    )


def _errors(gaps: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Calibration error of each row of `gaps`, shape (rows, claims)."""
    inside = (places[:, None] == np.arange(BINS)).astype(np.float64)
    found: NDArray[np.float64] = np.abs(gaps @ inside).sum(axis=1) / gaps.shape[1]
    return found


def _interval(gaps: NDArray[np.float64], places: NDArray[np.int64], clusters: Sequence[str]) -> Interval:
    codes = cluster_codes(clusters)
    count = int(codes.max()) + 1
    by_cluster = np.zeros((count, BINS))
    np.add.at(by_cluster, (codes, places), gaps)
    weights = cluster_weights(count, SEED, RESAMPLES)
    drawn = np.abs(weights @ by_cluster).sum(axis=1) / (weights @ np.bincount(codes, minlength=count))
    return percentiles(drawn)


def _by_chance(stated: NDArray[np.float64], places: NDArray[np.int64], draws: int = 1000) -> float:
    generator = np.random.default_rng(SEED)
    true = generator.random((draws, len(stated))) < stated
    return float(_errors(true - stated, places).mean())


Judged = Sequence[tuple[Item, Reply, ScoredItem]]
"""Of one system."""


def judged_by_system(
    cases: Sequence[Case], records: Iterable[Record], scored: Sequence[ScoredItem]
) -> dict[str, list[tuple[Item, Reply, ScoredItem]]]:
    """Every question with its reply and its scores, in the order of the scores."""
    by_id = {case.id: case for case in cases}
    items = {item.id: item for case in cases for item in items_of(case)}
    replies = {
        (record.system, item.id): reply
        for record in records
        for item, reply in zip(items_of(by_id[record.case_id]), record.replies, strict=True)
    }
    found: dict[str, list[tuple[Item, Reply, ScoredItem]]] = {}
    for one in scored:
        found.setdefault(one.system, []).append((items[one.id], replies[one.system, one.id], one))
    return found


def calibrations(system: str, judged: Judged) -> tuple[Calibration, ...]:
    """Of confidence over questions and over answers, and of support over sentences; none for what was not stated.

    Questions to which either outcome is right say nothing and are left out.
    """
    claims: Mapping[str, list[Claim]] = {name: [] for name in KINDS}
    for item, reply, scored in judged:
        answer = reply.answer
        if answer is None or not (item.wants_answer or item.wants_refusal):
            continue
        if answer.confidence is not None:
            claims["answerable"].append(Claim(answer.confidence, item.wants_answer, item.cluster))
            if answer.outcome.is_answer:
                right = scored.scores["handled"].value == 1.0
                claims["right"].append(Claim(answer.confidence, right, item.cluster))
        claims["support"] += _sentence_claims(item, answer)
    found = (calibrate(held, system, name) for name, held in claims.items())
    return tuple(one for one in found if one is not None)


def _sentence_claims(item: Item, answer: RecordedAnswer) -> Iterable[Claim]:
    """Of each sentence, where it is known what it should hold; in answers to questions to refuse none is right."""
    if answer.outcome.is_answer and (item.step.must_include or item.wants_refusal):
        for sentence in answer.sentences:
            yield Claim(sentence.support, item.wants_answer and _holds_fact(item, answer, sentence), item.cluster)


def _holds_fact(item: Item, answer: RecordedAnswer, sentence: RecordedSentence) -> bool:
    groups = item.step.must_include
    cited = {citation.source_id for citation in answer.citations if citation.marker in sentence.markers}
    expected = set(item.step.source_ids)
    return len(missing_groups(groups, sentence.text)) < len(groups) and (not expected or bool(cited & expected))
