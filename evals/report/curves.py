"""What the plots show, as numbers: calibration of support, and refusals over the floor. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.records import Reply
from evals.scores import ScoredItem
from evals.statistics import Interval, exact_interval
from rag.types import Outcome

BINS = 5
FLOORS = 101
FIXED = frozenset({Outcome.OUT_OF_SCOPE, Outcome.DECLINED})
"""Refusals that no floor decides."""

Replies = Mapping[str, Reply]
"""By item id, of one system."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose first sentence has about the same support, and the share of them that are right."""

    support: float
    share: float
    interval: Interval
    n: int


def calibration(items: Sequence[ScoredItem], replies: Replies) -> tuple[Bin, ...]:
    """Share of right answers by the support of their first sentence, in five bins of equal width; empty ones left out.

    Support that means what it says lies on the diagonal.
    """
    pairs = []
    for item in items:
        answer = replies[item.id].answer
        if answer is not None and answer.sentences and "right" in item.scores:
            pairs.append((answer.sentences[0].support, item.scores["right"].value == 1.0))
    bins = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        inside = [pair for pair in pairs if low <= pair[0] < high or (pair[0] >= 1.0 and number == BINS - 1)]
        if inside:
            right = sum(is_right for _, is_right in inside)
            mean = float(np.mean([support for support, _ in inside]))
            bins.append(Bin(mean, right / len(inside), exact_interval(right, len(inside)), len(inside)))
    return tuple(bins)


@dataclass(frozen=True, slots=True)
class TradePoint:
    """What would be refused at one floor: shares of the answerable questions and of those to refuse."""

    floor: float
    false_refusals: float
    right_refusals: float


@dataclass(frozen=True, slots=True)
class TradeOff:
    """The curve over the floor, and where the system stands."""

    curve: tuple[TradePoint, ...]
    stands: TradePoint
    """Its floor is not known from the record and is given as -1."""


def _confidence(reply: Reply) -> float:
    answer = reply.answer
    return answer.hits[0].score if answer is not None and answer.hits else 0.0


def trade_off(items: Sequence[ScoredItem], replies: Replies) -> TradeOff | None:
    """Refusals if every question were refused whose best hit scores under the floor; None without both kinds.

    Refusals of another kind (out of scope, declined) stay as they are, and failures count as not refused.
    """
    answerable = [item for item in items if "false_refusal" in item.scores]
    to_refuse = [item for item in items if "refusal_recall" in item.scores]
    if not answerable or not to_refuse:
        return None

    def refused(group: Sequence[ScoredItem], floor: float) -> float:
        count = 0
        for item in group:
            reply = replies[item.id]
            fixed = reply.answer is not None and reply.answer.outcome in FIXED
            count += reply.failure is None and (fixed or _confidence(reply) < floor)
        return count / len(group)

    def as_it_is(group: Sequence[ScoredItem]) -> float:
        refusals = (Outcome.NOT_IN_SOURCES, *FIXED)
        answers = (replies[item.id].answer for item in group)
        return sum(answer is not None and answer.outcome in refusals for answer in answers) / len(group)

    floors = np.linspace(0, 1, FLOORS)
    curve = tuple(TradePoint(float(f), refused(answerable, float(f)), refused(to_refuse, float(f))) for f in floors)
    return TradeOff(curve, TradePoint(-1.0, as_it_is(answerable), as_it_is(to_refuse)))
