"""From records to scores: every metric that applies, on every item. Can be repeated without asking again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evals.cases import Case
from evals.errors import RunError
from evals.items import Item, Score, Sources, items_of
from evals.metrics import ALL
from evals.records import Record, Reply, write_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredItem:
    """One item's scores, with what a comparison shows of the reply."""

    system: str
    id: str
    case_id: str
    kind: str
    split: str
    theme: str
    answerable: str
    """answerable, to refuse, or either."""
    cluster: str
    question: str
    outcome: str
    text: str
    """The reply, or the error."""
    scores: dict[str, Score]

    def strata(self) -> dict[str, str]:
        """The groups it belongs to, by dimension."""
        return {"kind": self.kind, "theme": self.theme, "answerable": self.answerable, "split": self.split}


_ITEM: TypeAdapter[ScoredItem] = TypeAdapter(ScoredItem)
_ANSWERABLE = {"answer": "answerable", "refuse": "to refuse", "either": "either"}


def score_reply(item: Item, reply: Reply, sources: Sources) -> dict[str, Score]:
    """Every applying metric's score by name; a failed reply scores the worst."""
    scores: dict[str, Score] = {}
    for metric in ALL:
        if metric.applies(item):
            scores[metric.name] = metric.of_failure() if reply.failure else metric.score(item, reply, sources)
    return scores


def _theme(item: Item, sources: Sources) -> str:
    if item.case.theme:
        return item.case.theme
    first = next((source for source in item.step.source_ids if source in sources), None)
    return sources[first].theme if first else ""


def _scored(system: str, item: Item, reply: Reply, sources: Sources) -> ScoredItem:
    answer = reply.answer
    if reply.failure is not None:
        outcome, text = "error", f"{reply.failure.type}: {reply.failure.message}"
    else:
        outcome, text = (answer.outcome.value, answer.text) if answer is not None else ("hits", "")
    return ScoredItem(
        system=system,
        id=item.id,
        case_id=item.case.id,
        kind=item.case.kind,
        split=item.case.split or "",
        theme=_theme(item, sources),
        answerable=_ANSWERABLE[item.case.expectation],
        cluster=item.cluster,
        question=item.step.question,
        outcome=outcome,
        text=text,
        scores=score_reply(item, reply, sources),
    )


def score_records(cases: Sequence[Case], records: Iterable[Record], sources: Sources) -> tuple[ScoredItem, ...]:
    """Scores of all items, system by system, in the order of the cases.

    Raises RunError where a record belongs to no case or where a system has no record of a case: a figure over some of
    the questions must not pass for one over all.
    """
    by_system: dict[str, dict[str, Record]] = {}
    known = {case.id for case in cases}
    for record in records:
        if record.case_id not in known:
            raise RunError(f"The record of {record.case_id!r} belongs to no case of the suite.", "Run the suite again.")
        by_system.setdefault(record.system, {})[record.case_id] = record
    return tuple(scored for system, held in by_system.items() for scored in _score_system(system, cases, held, sources))


def _score_system(
    system: str, cases: Sequence[Case], held: Mapping[str, Record], sources: Sources
) -> Iterable[ScoredItem]:
    for case in cases:
        if case.id not in held:
            raise RunError(f"System {system!r} has no record of {case.id!r}.", "Run the same command again to finish.")
        for item, reply in zip(items_of(case), held[case.id].replies, strict=True):
            yield _scored(system, item, reply, sources)


def write_scores(path: Path, scored: Iterable[ScoredItem]) -> None:
    """One JSON line an item."""
    write_lines(path, (_ITEM.dump_json(item).decode() for item in scored))


def read_scores(path: Path) -> tuple[ScoredItem, ...]:
    """Raises RunError for a file that is not there or a line that is not what this version writes."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}.", "Name the folder of a finished run.") from error
    try:
        return tuple(_ITEM.validate_json(line) for line in lines)
    except ValidationError as error:
        remedy = "Score it again: wmai eval report DIR."
        raise RunError(f"{path} is not what this version writes.", remedy) from error
