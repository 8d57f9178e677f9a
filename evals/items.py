"""What is judged: an item is one question of a case; a score is what one metric says of its reply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from evals.cases import Case, Expectation
from evals.records import RecordedHit, Reply, SourceText

Sources = Mapping[str, SourceText]


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a case: the case itself, or one turn of its conversation."""

    case: Case
    turn: int
    """From 0."""

    @property
    def id(self) -> str:
        """The case's id, with "/2" for the second turn of a conversation."""
        return f"{self.case.id}/{self.turn + 1}" if self.case.turns else self.case.id

    @property
    def step(self) -> Expectation:
        """The question and what a right reply holds."""
        return self.case.steps[self.turn]

    @property
    def wants_answer(self) -> bool:
        """True where an answer is right."""
        return self.case.expectation == "answer" and self.case.task == "ask"

    @property
    def wants_refusal(self) -> bool:
        """True where a refusal is right."""
        return self.case.expectation == "refuse" and self.case.task == "ask"

    @property
    def cluster(self) -> str:
        """What is resampled together: cases about one fact, and the turns of one conversation."""
        return self.case.cluster or self.case.id

    def grades(self) -> dict[str, int]:
        """Relevance of each gold source, at least 1."""
        return {source: self.case.grades.get(source, 1) for source in self.step.source_ids}


def items_of(case: Case) -> tuple[Item, ...]:
    """The questions of a case in order."""
    return tuple(Item(case, turn) for turn in range(len(case.steps)))


@dataclass(frozen=True, slots=True)
class Score:
    """A metric's word on one reply: numerator / denominator. Denominator 0: not scored, which is not zero."""

    numerator: float
    denominator: float = 1.0
    note: str = ""
    """Why, in a few words, where the number does not say it."""

    @property
    def value(self) -> float | None:
        """None where it was not scored."""
        return self.numerator / self.denominator if self.denominator else None


UNSCORED = Score(0.0, 0.0)


def yes_no(condition: bool, note: str = "") -> Score:
    """1 or 0 of 1."""
    return Score(float(condition), 1.0, note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A measure over items. Its figure is the sum of numerators over the sum of denominators, or a quantile."""

    name: str
    title: str
    about: str
    applies: Callable[[Item], bool]
    score: Callable[[Item, Reply, Sources], Score]
    """Called for replies that are no failure."""
    better: Literal["higher", "lower"] = "higher"
    unit: Literal["share", "ms", "tokens", "money"] = "share"
    """A share lies in [0, 1]; all else is a mean, or a quantile."""
    quantile: float | None = None
    """In [0, 1]; None for a share or a mean."""

    def of_failure(self) -> Score:
        """A failed reply is the worst there is, on every share; a failure has no duration and no cost to speak of."""
        if self.unit != "share":
            return UNSCORED
        return Score(0.0 if self.better == "higher" else 1.0, 1.0, "the system failed")


def found(reply: Reply) -> tuple[RecordedHit, ...]:
    """The hits of a reply, best first, whether it is an answer or a bare search."""
    if reply.answer is not None:
        return reply.answer.hits
    return reply.hits or ()
