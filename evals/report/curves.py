"""Refusals over the floor: what would be refused were another confidence asked for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.calibration import Judged
from evals.metrics.refusal import REFUSALS
from evals.records import Reply
from rag.types import Outcome

FLOORS = 101
FIXED = frozenset({Outcome.OUT_OF_SCOPE, Outcome.DECLINED})
"""Refusals that no floor decides."""


@dataclass(frozen=True, slots=True)
class TradePoint:
    """What would be refused at one floor: shares of the answerable questions and of those to refuse."""

    floor: float | None
    """Least confidence, in [0, 1]; None where it is not known from the record."""
    false_refusals: float
    right_refusals: float


@dataclass(frozen=True, slots=True)
class TradeOff:
    """The curve over the floor, and where the system stands."""

    curve: tuple[TradePoint, ...]
    """Empty for a system that states no confidence."""
    stands: TradePoint
    area: float | None
    """How likely an answerable question has more confidence than one to refuse (area under the ROC curve), in [0, 1];
    None where one of the two kinds was never looked up."""


def trade_off(judged: Judged) -> TradeOff | None:
    """Refusals if every question were refused of which the system is less confident than the floor.

    Refusals of another kind (out of scope, declined) stay as they are, and failures count as not refused. None
    without both kinds of question.
    """
    answerable = [reply for item, reply, _ in judged if item.wants_answer]
    to_refuse = [reply for item, reply, _ in judged if item.wants_refusal]
    if not answerable or not to_refuse:
        return None
    floors = np.linspace(0, 1, FLOORS) if any(_states(reply) for _, reply, _ in judged) else ()
    curve = tuple(TradePoint(float(f), _refused(answerable, float(f)), _refused(to_refuse, float(f))) for f in floors)
    stands = TradePoint(None, _refused_as_it_is(answerable), _refused_as_it_is(to_refuse))
    return TradeOff(curve, stands, _area(answerable, to_refuse))


def _states(reply: Reply) -> bool:
    return reply.answer is not None and reply.answer.confidence is not None


def _refused(replies: Sequence[Reply], floor: float) -> float:
    count = 0
    for reply in replies:
        if reply.answer is not None:
            confidence = reply.answer.confidence
            count += reply.answer.outcome in FIXED or (confidence is not None and confidence < floor)
    return count / len(replies)


def _refused_as_it_is(replies: Sequence[Reply]) -> float:
    return sum(reply.answer is not None and reply.answer.outcome in REFUSALS for reply in replies) / len(replies)


def _area(answerable: Sequence[Reply], to_refuse: Sequence[Reply]) -> float | None:
    above, below = ([r.answer.confidence for r in group if r.answer and r.answer.confidence is not None]
                    for group in (answerable, to_refuse))  # fmt: skip
    if not above or not below:
        return None
    gaps = np.subtract.outer(np.array(above), np.array(below))
    return float((gaps > 0).mean() + (gaps == 0).mean() / 2)
