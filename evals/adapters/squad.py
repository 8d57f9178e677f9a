"""SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016, 2018): one JSON file; each paragraph becomes a source."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from evals.adapters.lines import Row, case_id, document, open_text
from evals.cases import Case, GoldSpan
from evals.errors import SuiteError
from evals.suites import Suite
from rag.types import Document


class _Answer(Row):
    text: str
    answer_start: int


class _Question(Row):
    id: str
    question: str
    answers: tuple[_Answer, ...] = ()
    is_impossible: bool = False


class _Paragraph(Row):
    context: str
    qas: tuple[_Question, ...]


class _Article(Row):
    title: str
    paragraphs: tuple[_Paragraph, ...]


class _File(Row):
    data: tuple[_Article, ...]


def load_squad(path: Path) -> Suite:
    """Questions to answer, and in 2.0 questions to refuse. Raises SuiteError."""
    try:
        held = _File.model_validate(json.loads(open_text(path)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SuiteError(f"{path}: {place}: {first['msg']}.", "Wanted: SQuAD 1.1 or 2.0.") from error
    except ValueError as error:
        raise SuiteError(f"{path} is not JSON: {error}.", "Fetch the data set again.") from error
    cases: list[Case] = []
    documents: list[Document] = []
    for article in held.data:
        for number, paragraph in enumerate(article.paragraphs):
            own = document(path.stem, f"{article.title}#{number}", article.title.replace("_", " "), paragraph.context)
            documents.append(own)
            cases += _cases(paragraph, own)
    if not cases:
        raise SuiteError(f"{path} holds no questions.", "Fetch the data set again.")
    about = "SQuAD: a paragraph a source, answered from all of them."
    return Suite(name=path.stem, cases=tuple(cases), about=about, split="all", documents=tuple(documents))


def _cases(paragraph: _Paragraph, own: Document) -> Iterator[Case]:
    for question in paragraph.qas:
        answers = tuple(answer for answer in question.answers if answer.text.strip())
        name = case_id(question.id)
        if question.is_impossible or not answers:
            yield Case(id=name, kind="unanswerable", question=question.question, near_miss_source_ids=(own.source.id,))
            continue
        first = answers[0]
        yield Case(
            id=name, kind="single", question=question.question, answer=first.text, cluster=own.source.id,
            must_include=(tuple(dict.fromkeys(answer.text for answer in answers)),), source_ids=(own.source.id,),
            spans=(GoldSpan(source_id=own.source.id, quote=first.text, start=first.answer_start),),
        )  # fmt: skip
