"""What cannot be used is named on the command line, ends with 2, and leaves the run that --out names as it was."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from eval_systems import SUITE, Scripted, source_text
from test_eval_run import made_with
from typer.testing import CliRunner

from evals.cli import app
from evals.evaluate import evaluate_systems
from evals.rundir import begin
from evals.suites import Suite
from ingest.sync import index_documents
from rag.config import Settings
from rag.types import Document, Source

GOOD = {"id": "a", "kind": "single", "question": "Who?", "must_include": [["x"]], "source_ids": ["fund"]}
CASES = {
    "malformed": f"{json.dumps(GOOD)}\n{{not json\n",
    "unknown field": json.dumps({**GOOD, "colour": "red"}),
    "twice": f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n",
    "empty": "\n",
    "unknown source": json.dumps({**GOOD, "source_ids": ["nowhere"]}),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A finished run, a finished run of another suite, and a stopped one; what is proved is that they stay."""
    found = {name: tmp_path_factory.mktemp("runs") / name for name in ("finished", "other", "stopped")}
    other = Suite(name="other", cases=SUITE.cases[:4], split="all")
    evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), found["finished"])
    evaluate_systems(other, {"it": Scripted()}, source_text, made_with(other), found["other"])
    begin(found["stopped"], SUITE, made_with())
    return found


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(arguments: list[str]) -> str:
    """What the command says on standard error, in one line, after ending with 2."""
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 2, ended.output
    assert "Traceback" not in ended.output
    return " ".join(ended.stderr.split())


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("malformed", "line 2"),
        ("unknown field", "line 1: colour"),
        ("twice", "line 2: the id 'a' was used before"),
        ("empty", "holds no cases"),
        ("unknown source", "'nowhere'"),
    ],
)
def test_a_suite_that_cannot_be_used_leaves_the_run_that_it_was_to_replace(
    folders: Mapping[str, Path], new_settings: Callable[..., Settings], tmp_path: Path, case: str, said: str
) -> None:
    settings = new_settings()
    source = Source(id="fund", title="Fund", publisher="Press", url="https://a.example", recorded="2026-11-22")
    index_documents(settings, [Document(source=source, text="The fund holds £25m.")])
    suite = tmp_path / "cases.jsonl"
    suite.write_text(CASES[case], encoding="utf-8")
    before = held(folders["finished"])
    options = ["--system", "bm25", "--store", str(settings.store), "--out", str(folders["finished"]), "--replace"]
    assert said in refused(["run", "--suite", str(suite), *options])
    assert held(folders["finished"]) == before


def test_a_baseline_of_another_suite_is_refused(folders: Mapping[str, Path], tmp_path: Path) -> None:
    gates = tmp_path / "gates.toml"
    gates.write_text("[synthetic]\nright = { worse_max = 0.0 }\n", encoding="utf-8")
    page = tmp_path / "compare.html"
    page.write_text("an older comparison", encoding="utf-8")
    options = ["--gate", str(gates), "--html", str(page)]
    assert "same suite" in refused(["compare", str(folders["other"]), str(folders["finished"]), *options])
    assert page.read_text(encoding="utf-8") == "an older comparison"


@pytest.mark.parametrize("command", ["report", "accept", "compare"])
def test_a_stopped_run_is_named_and_stays_as_it_is(
    folders: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = held(folders["stopped"])
    arguments = [command, str(folders["stopped"]), *([str(folders["finished"])] if command == "compare" else [])]
    assert "stopped before its end" in refused(arguments)
    assert held(folders["stopped"]) == before
    assert not (tmp_path / "evals").exists()
