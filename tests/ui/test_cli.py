"""The command line as its users meet it: in a process of its own, over a real store."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ui_sample import HOSTILE_QUESTION, MEIF_QUESTION, SOURCE_IDS, assert_clear

from rag.config import Settings

Run = Callable[..., subprocess.CompletedProcess[str]]

ANSWER_FIELDS = [
    "question",
    "standalone_question",
    "outcome",
    "reason",
    "text",
    "sentences",
    "citations",
    "hits",
    "confidence",
    "suggestions",
    "timings_ms",
    "answerer",
    "index_build",
    "usage",
    "notice",
]


def test_ask_prints_the_contract_and_nothing_else(run_wmai: Run) -> None:
    done = run_wmai("ask", MEIF_QUESTION, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert list(answer) == ANSWER_FIELDS
    assert answer["outcome"] == "answered"
    assert "British Business Bank" in answer["text"]
    assert set(answer["timings_ms"]) == {"condense", "retrieve", "answer", "total"}
    citation = answer["citations"][0]
    assert list(citation) == ["marker", "passage_id", "quote", "start", "end", "page", "source"]
    assert list(citation["source"]) == ["id", "title", "publisher", "url", "published", "homes"]
    assert f"[{citation['marker']}]" in answer["text"]
    assert list(answer["sentences"][0]) == ["text", "markers", "support"]
    assert list(answer["hits"][0]) == ["passage_id", "source_id", "score", "rank", "text"]


def test_ask_in_words_lists_the_sources_below_the_answer(run_wmai: Run) -> None:
    done = run_wmai("ask", "-", stdin="Which organisations make up the Baskerville consortium?\n")
    assert done.returncode == 0, done.stderr
    answer, _, sources = done.stdout.partition("\n\n")
    assert "Alan Turing Institute" in answer
    assert "[1]" in answer
    assert sources.startswith("[1] ")
    assert "undated" in sources
    assert "https://" in sources
    assert "“The Baskerville consortium consists of" in sources


def test_a_refusal_is_honest_and_no_failure(run_wmai: Run) -> None:
    done = run_wmai("ask", "What is the weather in Paris tomorrow?")
    assert done.returncode == 0, done.stderr
    assert "[1]" not in done.stdout


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "empty"), ("  \t ", "empty"), ("\u200b\u0007", "empty"), ("who? " * 2000, "10,000 characters")],
    ids=["empty", "spaces", "invisible", "long"],
)
def test_a_question_that_cannot_be_used_is_wrong_usage(run_wmai: Run, question: str, said: str) -> None:
    done = run_wmai("ask", question, "--json")
    assert_clear(done, 2)
    assert said in done.stderr
    assert len(done.stderr) < 500


@pytest.mark.parametrize(
    "question",
    [
        "Кто финансирует стартапы в Ковентри?",
        "資金は誰が出すのか",
        "<script>alert(1)</script>",
        "who\x07 funds\x1b[31m this?",
    ],
    ids=["cyrillic", "japanese", "markup", "control"],
)
def test_any_script_and_any_markup_gets_an_honest_reply(run_wmai: Run, question: str) -> None:
    done = run_wmai("ask", question)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout
    assert "Traceback" not in done.stderr


def test_text_from_documents_cannot_steer_the_terminal(run_wmai: Run) -> None:
    done = run_wmai("search", HOSTILE_QUESTION, "-k", "1")
    assert done.returncode == 0, done.stderr
    assert '<img src=x onerror="window.hit=1"> £7m' in done.stdout
    assert "[red]" not in done.stdout


def test_search_finds_passages_with_their_sources(run_wmai: Run) -> None:
    done = run_wmai("search", "Baskerville consortium", "-k", "3", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert found["hits"][0]["source"]["id"] == "github-baskerville"


def test_a_missing_store_names_the_command_that_makes_one(run_wmai: Run, tmp_path: Path) -> None:
    for command in (["ask", "Who?"], ["search", "Who"], ["sources", "list"], ["serve", "--port", "0"]):
        done = run_wmai(*command, "--store", str(tmp_path / "none"))
        assert_clear(done, 1)
        assert "wmai index" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_stale_store_is_not_answered_from(run_wmai: Run) -> None:
    done = run_wmai("ask", "Who?", WMAI_CHUNK_TOKENS="64")
    assert_clear(done, 1)
    assert "wmai index" in done.stderr


def test_a_damaged_store_is_named(run_wmai: Run, store_copy: Path) -> None:
    for part in store_copy.glob("library.db-*"):
        part.unlink()
    (store_copy / "library.db").write_bytes(b"no database " * 1000)
    done = run_wmai("ask", "Who?", "--store", str(store_copy))
    assert_clear(done, 1)
    assert "library.db" in done.stderr


def test_a_half_written_store_without_its_manifest_still_answers(run_wmai: Run, store_copy: Path) -> None:
    (store_copy / "manifest.json").unlink()
    done = run_wmai("ask", MEIF_QUESTION, "--json", "--store", str(store_copy))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "answered"


def test_a_setting_that_cannot_be_used_is_named(run_wmai: Run) -> None:
    done = run_wmai("ask", "Who?", WMAI_CHUNK_TOKENS="many")
    assert_clear(done, 2)
    assert "WMAI_CHUNK_TOKENS is 'many'" in done.stderr


def test_index_again_changes_nothing_and_a_dry_run_shows_the_plan(run_wmai: Run, ui_settings: Settings) -> None:
    done = run_wmai("index", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["dry_run"]
    assert (report["added"], report["changed"], report["removed"]) == ([], [], [])
    done = run_wmai("index")
    assert done.returncode == 0, done.stderr
    assert f"{len(SOURCE_IDS) + 1} unchanged" in done.stdout


def test_two_index_runs_at_once_do_not_meet(run_wmai: Run, ui_settings: Settings) -> None:
    from rag.store.lock import locked

    with locked(ui_settings):
        done = run_wmai("index")
    assert_clear(done, 1)
    assert str(ui_settings.store) in done.stderr


def test_index_fetches_no_address_inside(run_wmai: Run) -> None:
    done = run_wmai("index", "http://127.0.0.1:9/page", "--dry-run")
    assert done.returncode == 1
    assert "not on the public internet" in done.stdout
