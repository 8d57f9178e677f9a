import gzip
import json
from pathlib import Path

import pytest

from evals.adapters import open_suite
from evals.adapters.lines import source_id
from evals.cases import Case
from evals.errors import SuiteError
from evals.items import Item
from evals.library import source_text
from evals.metrics.span import gold_spans
from evals.suites import Suite


def write(path: Path, *rows: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    write(folder / "corpus.jsonl", {"_id": "MED-1", "title": "One", "text": "First."}, {"_id": "2", "text": "Second."})
    write(folder / "queries.jsonl", {"_id": "q 1", "text": "first?"}, {"_id": "q2", "text": "never judged?"})
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq 1\tMED-1\t2\nq 1\t2\t0\n")
    return folder


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    folder = tmp_path / "spans"
    write(folder / "corpus.jsonl", {"id": "a", "title": "A", "text": "red blue red"})
    gold = [{"doc_id": "a", "grade": 1, "spans": [[9, 12]]}]
    write(folder / "queries.jsonl", {"id": "q", "query": "second red?", "gold": gold, "corpus": "colours"})
    return folder


def test_beir_becomes_searches_with_grades(beir: Path) -> None:
    suite = open_suite(str(beir))
    (case,) = suite.cases
    assert (case.id, case.task, case.question) == ("q-1", "search", "first?")
    assert case.grades == {source_id("MED-1"): 2}
    assert [document.source.id for document in suite.documents] == [source_id("MED-1"), "2"]
    assert suite.own_store


def test_a_gzipped_file_reads_the_same(beir: Path) -> None:
    plain = open_suite(str(beir))
    text = (beir / "corpus.jsonl").read_bytes()
    (beir / "corpus.jsonl").unlink()
    (beir / "corpus.jsonl.gz").write_bytes(gzip.compress(text))
    assert open_suite(str(beir)).digest == plain.digest


def test_gold_spans_keep_their_place_among_equal_words(spans: Path) -> None:
    suite = open_suite(str(spans))
    (case,) = suite.cases
    document = suite.documents[0]
    held = {document.source.id: source_text(document.source, document.text)}
    assert gold_spans(Item(case, 0), held) == {"a": ((9, 12),)}
    assert case.kind == "colours"


def test_squad_becomes_questions_to_answer_and_to_refuse(tmp_path: Path) -> None:
    answers = [{"text": "1999", "answer_start": 11}, {"text": "in 1999", "answer_start": 8}]
    asked = [
        {"id": "x", "question": "When?", "answers": answers},
        {"id": "y", "question": "Why?", "answers": [], "is_impossible": True},
    ]
    path = tmp_path / "dev.json"
    path.write_text(
        json.dumps({"data": [{"title": "A_B", "paragraphs": [{"context": "It was in 1999.", "qas": asked}]}]})
    )
    answerable, impossible = open_suite(str(path)).cases
    assert answerable.must_include == (("1999", "in 1999"),)
    assert (answerable.expectation, impossible.expectation) == ("answer", "refuse")
    assert answerable.source_ids == impossible.near_miss_source_ids


def test_every_id_is_one_that_the_store_accepts() -> None:
    names = ["MED-1", "a b", "Ünï/code", "x" * 200, "A", "a", "--"]
    ids = [source_id(name) for name in names]
    assert len(set(ids)) == len(names)
    for one in ids:
        assert Case(id="c", kind="k", question="?", source_ids=(one,)).source_ids[0].replace("-", "").isalnum()
        assert len(one) <= 80


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("corpus.jsonl", "{\n", "line 1 is not JSON"),
        ("queries.jsonl", '{"_id": "q 1"}\n', "line 1: text"),
        ("qrels/test.tsv", "q 1\tMED-1\n", "line 1 is not"),
        ("qrels/test.tsv", "q 1\tgone\t1\n", "'gone'"),
        ("qrels/test.tsv", "q 1\tMED-1\t0\n", "judges no query"),
    ],
)
def test_what_is_wrong_in_a_public_set_is_named(beir: Path, file: str, text: str, said: str) -> None:
    (beir / file).write_text(text)
    with pytest.raises(SuiteError) as raised:
        open_suite(str(beir))
    assert said in raised.value.message


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="neither a BEIR set nor a span set"):
        open_suite(str(tmp_path))
    (tmp_path / "x.json").write_text('{"rows": []}')
    with pytest.raises(SuiteError, match="SQuAD") as raised:
        open_suite(str(tmp_path / "x.json"))
    assert "data" in str(raised.value)


def test_published_figures_are_of_known_metrics() -> None:
    from evals.adapters.published import published
    from evals.metrics import BY_NAME

    for name in ("chroma_chunking", "beir_scifact", "scifact", "xquad_en"):
        rows = published(name)
        assert rows
        assert all(set(row.values) <= set(BY_NAME) for row in rows)
    assert isinstance(open_suite("smoke"), Suite)
