"""Ask every case of a suite and save what came back before anything is judged. A stopped run goes on where it was."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from evals.cases import Case
from evals.records import (
    Failure,
    Record,
    Reply,
    SourceText,
    read_records,
    read_sources,
    record_line,
    recorded_answer,
    recorded_hit,
    source_line,
    whole_lines,
)
from evals.systems.protocol import System
from rag.types import Answer, Turn

SEARCH_DEPTH = 200
"""Passages asked for where a case is a bare search: recall@100 is over sources, and one may have several passages."""

RECORDS = "records.jsonl"
SOURCES = "sources.jsonl"

Lookup = Callable[[str], SourceText | None]
"""A source's text by its id; None for a source that is not held."""
OnRecord = Callable[[Record], None]
"""Called after each record is on disk; for a progress bar."""


def _elapsed_ms(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def ask_once(system: System, question: str, history: Sequence[Turn]) -> tuple[Reply, Answer | None]:
    """One question; whatever the system raises becomes a failure on record, never an answer."""
    start = time.perf_counter()
    try:
        answer = system.ask(question, history)
    except Exception as error:  # noqa: BLE001 - the system under test may raise anything, and it must be on record
        return Reply(question=question, failure=_failure(error), wall_ms=_elapsed_ms(start)), None
    wall_ms = _elapsed_ms(start)
    return Reply(question=question, answer=recorded_answer(answer), wall_ms=wall_ms), answer


def search_once(system: System, query: str) -> Reply:
    """One bare search, on record like an answer."""
    start = time.perf_counter()
    try:
        hits = system.search(query, SEARCH_DEPTH)
    except Exception as error:  # noqa: BLE001 - as in ask_once
        return Reply(question=query, failure=_failure(error), wall_ms=_elapsed_ms(start))
    wall_ms = _elapsed_ms(start)
    return Reply(question=query, hits=tuple(recorded_hit(hit) for hit in hits), wall_ms=wall_ms)


def _failure(error: Exception) -> Failure:
    return Failure(type=type(error).__name__, message=str(error))


def run_case(name: str, system: System, case: Case) -> Record:
    """The replies to one case. A conversation's turns see the system's own earlier answers, not the model ones."""
    if case.task == "search":
        replies = tuple(search_once(system, step.question) for step in case.steps)
        return Record(system=name, case_id=case.id, replies=replies)
    history = [Turn(question=said.question, answer=said.answer) for said in case.history]
    asked: list[Reply] = []
    for step in case.steps:
        reply, answer = ask_once(system, step.question, tuple(history))
        asked.append(reply)
        if answer is not None:
            history.append(Turn(question=step.question, answer=answer.text))
    return Record(system=name, case_id=case.id, replies=tuple(asked))


def _named_sources(case: Case, record: Record) -> Iterable[str]:
    yield from sorted(case.gold_sources())
    for reply in record.replies:
        if reply.answer is not None:
            yield from sorted({citation.source_id for citation in reply.answer.citations})


def _drop_torn_line(path: Path) -> None:
    torn = whole_lines(path)
    if torn.torn_bytes:
        with path.open("r+b") as file:
            file.truncate(torn.whole_bytes)


def run_cases(
    cases: Sequence[Case],
    systems: Mapping[str, System],
    lookup: Lookup,
    folder: Path,
    on_record: OnRecord = lambda _record: None,
) -> tuple[Record, ...]:
    """All records of the cases, system by system, in `folder`; those already there are not asked again.

    The texts of the sources that a case names or an answer cites are saved beside the records, so that scoring needs
    no store. Each record is on disk before the next case is asked. Raises RunError for records that cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in (RECORDS, SOURCES):
        _drop_torn_line(folder / name)
    done = {(one.system, one.case_id): one for one in read_records(folder / RECORDS)} if _has(folder, RECORDS) else {}
    held = set(read_sources(folder / SOURCES)) if _has(folder, SOURCES) else set()
    with (
        (folder / RECORDS).open("a", encoding="utf-8") as records,
        (folder / SOURCES).open("a", encoding="utf-8") as texts,
    ):
        for name, system in systems.items():
            for case in cases:
                if (name, case.id) not in done:
                    record = run_case(name, system, case)
                    done[name, case.id] = record
                    for source in _new_texts(_named_sources(case, record), held, lookup):
                        texts.write(source_line(source) + "\n")
                    texts.flush()
                    records.write(record_line(record) + "\n")
                    records.flush()
                on_record(done[name, case.id])
    return tuple(done[name, case.id] for name in systems for case in cases)


def _has(folder: Path, name: str) -> bool:
    return (folder / name).exists()


def _new_texts(wanted: Iterable[str], held: set[str], lookup: Lookup) -> Iterable[SourceText]:
    for source_id in wanted:
        if source_id not in held:
            source = lookup(source_id)
            if source is not None:
                held.add(source_id)
                yield source


def failures(records: Iterable[Record]) -> tuple[tuple[str, Failure], ...]:
    """(item id, failure) of every reply that is one."""
    found = []
    for record in records:
        for turn, reply in enumerate(record.replies, start=1):
            if reply.failure is not None:
                place = f"{record.case_id}/{turn}" if len(record.replies) > 1 else record.case_id
                found.append((f"{record.system}: {place}", reply.failure))
    return tuple(found)
