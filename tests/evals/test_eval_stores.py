"""Throw-away stores: made once, found again, and without sentence vectors where nothing is answered."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.adapters import open_suite
from evals.cli import app
from evals.evaluate import evaluate
from evals.stores import settings_for
from rag.config import Settings
from rag.store import Store

TEXTS = {
    "Apples": "Hereford grows apples. Sensors count every apple on the tree. Robots pick the apples that are ripe.",
    "Trams": "The tram of Wolverhampton runs on batteries. It charges at its stops. A new line opened in 2023.",
    "Glass": "Stourbridge blew glass for four centuries. Cameras now find flaws in the glass before it cools.",
}
QUERIES = {"What picks ripe apples?": "Apples", "Which tram has batteries?": "Trams", "Who finds flaws?": "Glass"}


@pytest.fixture
def settings(new_settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Runs and throw-away stores land below the test's own folder."""
    monkeypatch.chdir(tmp_path)
    return new_settings()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "tiny"
    (made / "qrels").mkdir(parents=True)
    _write(made / "corpus.jsonl", [{"_id": name, "title": name, "text": text} for name, text in TEXTS.items()])
    _write(made / "queries.jsonl", [{"_id": f"q{n}", "text": query} for n, query in enumerate(QUERIES)])
    judged = "".join(f"q{n}\t{name}\t1\n" for n, name in enumerate(QUERIES.values()))
    (made / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}")
    return made


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_what_is_only_searched_has_one_vector_a_passage_and_is_found_again(settings: Settings, folder: Path) -> None:
    suite = open_suite(str(folder))
    own = settings_for(suite, settings)
    with Store.open(own) as store:
        held = store.manifest
        passages = [passage for source in store.sources() for passage in store.source_passages(source.id)]
        rows = store.view().sentences([passage.id for passage in passages])
    assert held.sentences == held.passages == len(passages)
    assert [(row.start, row.end) for row in rows] == [(0, len(passage.text)) for passage in passages]
    written = (own.store / "manifest.json").stat().st_mtime_ns
    assert settings_for(suite, settings) == own
    assert (own.store / "manifest.json").stat().st_mtime_ns == written


def test_a_search_suite_runs_on_every_system(settings: Settings, folder: Path) -> None:
    found = evaluate(open_suite(str(folder)), ["wmai", "dense", "bm25"], settings)
    for system in found.systems:
        assert found.figure("errors", system).value == 0.0
        assert found.figure("ndcg@10", system).value == 1.0, system
        assert found.figure("recall@100", system).n_asked == 3


def test_what_is_answered_keeps_its_sentences(settings: Settings, folder: Path, tmp_path: Path) -> None:
    cases = [{"id": "a", "kind": "single", "question": "Who?", "source_ids": []}]
    (tmp_path / "ask.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    asked = open_suite(str(tmp_path / "ask.jsonl"))
    searched = open_suite(str(folder))
    both = type(searched)(name="both", cases=(*searched.cases, *asked.cases), documents=searched.documents)
    with Store.open(settings_for(both, settings)) as store:
        assert store.manifest.sentences > store.manifest.passages


def test_published_figures_stand_beside_ours(settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WMAI_STORE", str(settings.store))
    folder.rename(folder.with_name("beir_scifact"))
    ran = CliRunner().invoke(app, ["run", "--suite", str(folder.with_name("beir_scifact")), "--system", "bm25"])
    assert ran.exit_code == 0, ran.output
    words = " ".join(ran.stdout.split())
    assert "BM25 flat (Pyserini)" in words
    assert "67.9 %" in words
    assert "64.5 %" in words
    assert "Mean passage here:" in words
