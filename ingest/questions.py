"""The questions that the guide suggests: a file beside the briefings, each with the sentence that answers it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from ingest.briefing import Briefing, Problem
from rag.errors import WmaiError
from rag.privacy import personal_detail
from rag.store import PreparedQuestion
from rag.store.writer import Writer

QUESTIONS = "questions.jsonl"
QUESTION_CHARACTERS_MAX = 120
"""Longer ones do not fit on a button."""
_REMEDY = "Mend that line; see corpus/README.md."


class QuestionsError(WmaiError):
    """The file of questions to suggest cannot be used."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Annotated[str, StringConstraints(max_length=QUESTION_CHARACTERS_MAX, pattern=r"^[A-Z0-9][^\n]*\S\?$")]
    source: Annotated[str, StringConstraints(min_length=1)]
    quote: Annotated[str, StringConstraints(min_length=1)]


def keep_questions(writer: Writer, path: Path) -> None:
    """Bring the store's questions in step with the file of the corpus; none where a corpus has no such file.

    Raises QuestionsError.
    """
    if not path.parent.is_dir():
        return
    prepared = []
    for number, item in _lines(path) if path.is_file() else ():
        if isinstance(item, str):
            raise QuestionsError(f"{path}:{number}: {item}", _REMEDY)
        prepared.append(PreparedQuestion(item.question, item.source, item.quote))
    writer.put_questions(prepared)


def question_problems(path: Path, briefings: list[Briefing]) -> Iterator[Problem]:
    """What is wrong with the file: lines that cannot be read, questions asked twice, what their source does not say."""
    if not path.is_file():
        return
    bodies = {briefing.front.id: briefing.body for briefing in briefings}
    seen: dict[str, int] = {}
    for number, item in _lines(path):
        if isinstance(item, str):
            yield Problem(path, number, item, _REMEDY)
            continue
        twice = seen.setdefault(" ".join(item.question.casefold().split()), number)
        if twice != number:
            yield Problem(path, number, f"The question stands in line {twice} too.", "Take one of the two out.")
        if personal_detail(item.question):
            yield Problem(path, number, "The question holds personal details.", "Ask without them.")
        if item.source not in bodies:
            yield Problem(path, number, f"No briefing has the id {item.source!r}.", "Name one, or take the line out.")
        elif item.quote not in bodies[item.source]:
            yield Problem(
                path,
                number,
                f"{item.source} does not say {item.quote!r}.",
                "Quote a sentence of it, or take the line out.",
            )


def _lines(path: Path) -> Iterator[tuple[int, "_Line | str"]]:
    """Number from 1 and content of each line, or in words what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise QuestionsError(f"{path} is not UTF-8.", "Save it as UTF-8.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield number, _Line.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            yield number, f"{where}: {first['msg']}." if where else f"{first['msg']}."
