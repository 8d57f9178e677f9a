"""Sets with gold spans: corpus.jsonl {id, title, text}, queries.jsonl {id, query, gold: [{doc_id, grade, spans}]}."""

from pathlib import Path

from evals.adapters.lines import Row, case_id, document, find, rows, source_id
from evals.adapters.published import published
from evals.cases import Case, GoldSpan
from evals.errors import SuiteError
from evals.suites import Suite


class _Text(Row):
    id: str
    title: str = ""
    text: str


class _Gold(Row):
    doc_id: str
    grade: int = 1
    spans: tuple[tuple[int, int], ...] = ()


class _Query(Row):
    id: str
    query: str
    gold: tuple[_Gold, ...] = ()
    corpus: str = "search"


def is_span_set(folder: Path) -> bool:
    """True for a folder with corpus and queries and no judgements beside them."""
    return bool(find(folder, "corpus.jsonl") and find(folder, "queries.jsonl")) and not (folder / "qrels").is_dir()


def load_spans(folder: Path) -> Suite:
    """Bare searches for the queries that have gold; spans are end-exclusive code points. Raises SuiteError."""
    corpus, queries = find(folder, "corpus.jsonl"), find(folder, "queries.jsonl")
    if corpus is None or queries is None:
        raise SuiteError(f"{folder} lacks corpus.jsonl or queries.jsonl.", "Fetch the data set again.")
    texts = {row.id: row for row in rows(corpus, _Text)}
    cases = tuple(_case(row, texts) for row in rows(queries, _Query) if any(gold.grade > 0 for gold in row.gold))
    if not cases:
        raise SuiteError(f"{folder} has no query with gold.", "Fetch the data set again.")
    documents = tuple(document(folder.name, name, row.title, row.text) for name, row in texts.items())
    return Suite(
        name=folder.name, cases=cases, about=str(folder.name), split="all", documents=documents,
        published=published(folder.name),
    )  # fmt: skip


def _case(row: _Query, texts: dict[str, _Text]) -> Case:
    spans = []
    grades = {}
    for gold in row.gold:
        if gold.doc_id not in texts:
            message = f"Query {row.id!r} has its gold in {gold.doc_id!r}, which the corpus lacks."
            raise SuiteError(message, "Mend the queries.")
        if gold.grade > 0:
            text, name = texts[gold.doc_id].text, source_id(gold.doc_id)
            grades[name] = gold.grade
            spans += [GoldSpan(source_id=name, quote=text[start:end], start=start) for start, end in gold.spans]
    return Case(
        id=case_id(row.id), kind=row.corpus, task="search", question=row.query, source_ids=tuple(grades),
        grades=grades, spans=tuple(spans),
    )  # fmt: skip
