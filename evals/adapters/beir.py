"""BEIR (Thakur et al. 2021): corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv."""

import csv
from pathlib import Path

from pydantic import Field

from evals.adapters.lines import Row, case_id, document, find, open_text, rows, source_id
from evals.adapters.published import published
from evals.cases import Case
from evals.errors import SuiteError
from evals.suites import Suite


class _Text(Row):
    id: str = Field(alias="_id")
    title: str = ""
    text: str


def is_beir(folder: Path) -> bool:
    """True for a folder with judgements beside corpus and queries."""
    return bool(find(folder, "corpus.jsonl") and find(folder, "queries.jsonl")) and (folder / "qrels").is_dir()


def load_beir(folder: Path, split: str) -> Suite:
    """Bare searches for the queries that the split judges. Raises SuiteError."""
    judged = _grades(folder / "qrels" / f"{split}.tsv")
    corpus, queries = find(folder, "corpus.jsonl"), find(folder, "queries.jsonl")
    if corpus is None or queries is None:
        raise SuiteError(f"{folder} lacks corpus.jsonl or queries.jsonl.", "Fetch the data set again.")
    texts = {row.id: row for row in rows(corpus, _Text)}
    cases = []
    for row in rows(queries, _Text):
        relevant = {name: grade for name, grade in judged.get(row.id, {}).items() if grade > 0}
        unknown = sorted(set(relevant) - set(texts))
        if unknown:
            raise SuiteError(
                f"Query {row.id!r} is judged on {unknown[0]!r}, which the corpus lacks.", "Mend the qrels."
            )
        if relevant:
            grades = {source_id(name): grade for name, grade in relevant.items()}
            cases.append(
                Case(
                    id=case_id(row.id), kind="search", task="search", question=row.text, source_ids=tuple(grades),
                    grades=grades,
                )
            )  # fmt: skip
    if not cases:
        raise SuiteError(f"{folder} judges no query in split {split!r}.", "Name another split.")
    documents = tuple(document(folder.name, name, row.title, _whole(row)) for name, row in texts.items())
    return Suite(
        name=folder.name, cases=tuple(cases), about=f"BEIR, {split}", split=split, documents=documents,
        published=published(folder.name),
    )  # fmt: skip


def _whole(row: _Text) -> str:
    return row.text if row.text.strip() else row.title


def _grades(path: Path) -> dict[str, dict[str, int]]:
    """Grades by query and document, from a tab-separated file with one line of names."""
    judged: dict[str, dict[str, int]] = {}
    for number, row in enumerate(csv.reader(open_text(path).splitlines(), delimiter="\t"), start=1):
        if number == 1 and len(row) == 3 and not row[-1].lstrip("-").isdigit():
            continue
        if len(row) != 3 or not row[2].lstrip("-").isdigit():
            message = f"{path}, line {number} is not query, document and a whole grade between tabs."
            raise SuiteError(message, "Mend that line.")
        judged.setdefault(row[0], {})[row[1]] = int(row[2])
    return judged
