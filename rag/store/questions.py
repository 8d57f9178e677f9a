"""Questions that the sources answer, prepared so that they can be suggested."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from rag.store.rows import SELECT_SOURCES_OF, meta, source_from
from rag.types import Source

META_KEY = "questions"


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """A question and what answers it."""

    question: str
    source_id: str
    quote: str
    """The sentence that answers it: the question holds only while the source says this, word for word."""


@dataclass(frozen=True, slots=True)
class HeldQuestion:
    """A prepared question whose answer stands in the build being read."""

    question: str
    source: Source
    passage_id: str
    """Of the passage that holds the sentence."""
    quote: str


def questions_text(questions: Sequence[PreparedQuestion]) -> str:
    """The value kept in the table meta."""
    return json.dumps([[item.question, item.source_id, item.quote] for item in questions], ensure_ascii=False)


def held_questions(connection: sqlite3.Connection) -> tuple[HeldQuestion, ...]:
    """Those of the prepared questions that the build answers, in the order of their file."""
    prepared = [PreparedQuestion(*row) for row in json.loads(meta(connection, META_KEY) or "[]")]
    named = json.dumps(sorted({item.source_id for item in prepared}))
    sources = {row[0]: source_from(row) for row in connection.execute(SELECT_SOURCES_OF, (named,))}
    # What is retired, gone or a copy has no passages, and so drops out.
    passages: dict[str, list[tuple[str, str]]] = {}
    for source_id, id_, text in connection.execute(
        "SELECT source_id, id, text FROM passages WHERE source_id IN (SELECT value FROM json_each(?)) ORDER BY start",
        (named,),
    ):
        passages.setdefault(source_id, []).append((id_, text))
    found = []
    for item in prepared:
        holding = next((id_ for id_, text in passages.get(item.source_id, ()) if item.quote in text), None)
        if holding is not None:
            found.append(HeldQuestion(item.question, sources[item.source_id], holding, item.quote))
    return tuple(found)
