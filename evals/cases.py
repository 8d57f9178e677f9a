"""A case: a question (or a conversation), and what a right reply to it must hold."""

import hashlib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.errors import SuiteError

Group = tuple[str, ...]
"""Acceptable alternatives; one of them is enough."""

Expected = Literal["answer", "refuse", "either"]

REFUSED_KINDS = frozenset({"unanswerable", "decline"})
"""Kinds whose right reply is a refusal unless the case says otherwise."""


class GoldSpan(BaseModel):
    """Words of a source that answer the question; (source, quote) survives another chunking where offsets do not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: str = Field(min_length=1)
    quote: str = Field(min_length=1)
    start: int | None = Field(None, ge=0)
    """Where the quote begins in the source's text, for quotes that stand there more than once."""


class Said(BaseModel):
    """One earlier turn of a conversation as a client claims it; the answer need not be the guide's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    answer: str


class Expectation(BaseModel):
    """One question and what a right reply holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1)
    answer: str | None = None
    """A model answer, for people to read; nothing is compared with it."""
    must_include: tuple[Group, ...] = ()
    min_fraction: float = Field(1.0, gt=0, le=1)
    """Share of the groups that is enough."""
    must_not_include: Group = ()
    source_ids: Group = ()
    """Every source that a right answer could cite."""
    sources_min: int = Field(1, ge=0)
    """How many different ones of them it needs."""
    full_source_ids: Group = ()
    """Those that satisfy all groups alone."""
    related_source_ids: Group = ()
    near_miss_source_ids: Group = ()
    spans: tuple[GoldSpan, ...] = ()
    conflict: bool = False
    expect_both: bool = False
    both_include: tuple[Group, ...] = ()
    """Figures of sources that disagree; a good answer shows one alternative of each group."""
    preferred: Group | None = None
    """Ways to write the newest figure, where one is clearly newest."""
    polarity: Literal["yes", "no"] | None = None
    leans: bool | None = None
    """Whether the question can be understood only from what went before; None where that is a matter of opinion."""

    @model_validator(mode="after")
    def _no_empty_alternative(self) -> Self:
        groups = (*self.must_include, *self.both_include, self.must_not_include)
        if any(not alternative.strip() for group in groups for alternative in group):
            raise ValueError("an alternative is empty, so every text would satisfy it")
        if any(not group for group in (*self.must_include, *self.both_include)):
            raise ValueError("a group has no alternatives, so no text could satisfy it")
        return self


class Case(Expectation):
    """One line of a suite."""

    id: str = Field(pattern=r"^[^\s/]+$")
    kind: str = Field(min_length=1)
    split: Literal["train", "test"] | None = None
    expected: Expected | None = None
    """None: a refusal for the kinds unanswerable and decline, an answer for all others."""
    task: Literal["ask", "search"] = "ask"
    """search: only retrieval is called, with the question as it stands."""
    history: tuple[Said, ...] = ()
    """A conversation that is said to have gone before, oldest first, as any client could claim it."""
    turns: tuple[Expectation, ...] = ()
    """A conversation, asked in order; each turn is scored by itself."""
    grades: dict[str, int] = Field(default_factory=dict)
    """Relevance by source id where sources differ in it; a source of source_ids not named here counts 1."""
    cluster: str | None = None
    """Cases of one cluster ask about the same fact and are resampled together."""
    theme: str | None = None
    reason: str | None = None
    style: str | None = None
    base_kind: str | None = None
    variant_of: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _turns_begin_with_the_question(self) -> Self:
        if self.turns and self.turns[0].question != self.question:
            raise ValueError("the first turn must be the question itself")
        return self

    @property
    def expectation(self) -> Expected:
        """What outcome is right for this case."""
        if self.expected is not None:
            return self.expected
        return "refuse" if self.kind in REFUSED_KINDS else "answer"

    @property
    def steps(self) -> tuple[Expectation, ...]:
        """The questions to ask, in order: the turns, or the case itself."""
        return self.turns or (self,)

    def gold_sources(self) -> frozenset[str]:
        """Every source id the case names, in whatever role."""
        named = {span.source_id for step in (self, *self.turns) for span in step.spans}
        for step in (self, *self.turns):
            named.update(step.source_ids, step.full_source_ids, step.related_source_ids, step.near_miss_source_ids)
        return frozenset(named)


def parse_cases(text: str, name: str) -> tuple[Case, ...]:
    """Cases of a JSONL text in its order; `name` is what errors call it.

    Raises SuiteError with the line's number for a line that is not a case or whose id was seen before, and for a
    text without cases.
    """
    cases: dict[str, Case] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case = Case.model_validate_json(line)
        except ValidationError as error:
            raise SuiteError(f"{name}, line {number}: {_first_problem(error)}.", "Mend that line.") from error
        if case.id in cases:
            raise SuiteError(f"{name}, line {number}: the id {case.id!r} was used before.", "Give each case its own.")
        cases[case.id] = case
    if not cases:
        raise SuiteError(f"{name} holds no cases; at least one is wanted.", "Add a case, one JSON object a line.")
    return tuple(cases.values())


def read_cases(path: Path) -> tuple[Case, ...]:
    """Cases of a JSONL file. Raises SuiteError also when it cannot be read or is not UTF-8."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"The suite {path} cannot be read: {error.strerror}.", "Run: wmai eval list") from error
    except UnicodeDecodeError as error:
        raise SuiteError(f"The suite {path} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error
    return parse_cases(text, str(path))


def cases_digest(cases: tuple[Case, ...]) -> str:
    """Twelve hex digits over the cases and their order; two runs can be compared only where it is the same."""
    digest = hashlib.sha256()
    for case in cases:
        digest.update(case.model_dump_json(exclude=_unused(case)).encode())
        digest.update(b"\n")
    return digest.hexdigest()[:12]


def _unused(case: Case) -> dict[str, Any]:
    """Fields that cases had not always: those without them digest as before, so that baselines stay comparable."""
    unused: dict[str, Any] = {} if case.history else {"history": True}
    if all(step.leans is None for step in (case, *case.turns)):
        unused |= {"leans": True, "turns": {"__all__": {"leans"}}}
    return unused


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
