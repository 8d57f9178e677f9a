"""The systems on a real store with the real embedder: the small suite of poisoned documents from end to end."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.ablation import Ablation, ablate
from evals.cli import app
from evals.compare import compare, load_side
from evals.errors import SuiteError
from evals.evaluate import Evaluation, evaluate
from evals.gate import judge, read_gates
from evals.rundir import MARKDOWN, RECORDS, REPORT, RUN, SCORES, SUMMARY
from evals.suites import load_suite
from evals.systems.registry import known_names
from evals.systems.tutorial import CHUNK_CHARACTERS, OVERLAP_CHARACTERS, split_recursively
from rag.config import Settings

BASELINES = ("bm25", "dense", "langchain-tutorial")
GATES = Path(__file__).parent.parent.parent / "evals" / "gates.toml"


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests of this file work: the suite's own store is made by the first one and found by the others."""
    return tmp_path_factory.mktemp("workplace")


@pytest.fixture
def settings(new_settings: Callable[..., Settings], workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty store of the test's own; throw-away stores land in the workplace."""
    monkeypatch.chdir(workplace)
    return new_settings()


@pytest.fixture
def poisoned(settings: Settings, workplace: Path) -> Evaluation:
    return evaluate(load_suite("poisoned"), BASELINES, settings, workplace / "run", reuse=True)


def test_the_baselines_answer_beside_each_other_with_sound_citations(poisoned: Evaluation) -> None:
    assert poisoned.systems == BASELINES
    for system in BASELINES:
        assert poisoned.figure("errors", system).value == 0.0
        for metric in ("citation_recall", "citation_precision", "hit@5"):
            figure = poisoned.figure(metric, system)
            assert (figure.value, figure.n_asked) == (1.0, 20), (system, metric)
    notes = [item.scores["citation_validity"].note for item in poisoned.scored]
    # A document holds "[7]" and "[9]"; a system that prints them as they stand shows markers of nothing.
    assert {note.split(":")[0] for note in notes if note} == {"markers without a citation"}
    assert {path.name for path in poisoned.folder.iterdir()} >= {RUN, RECORDS, SCORES, SUMMARY, MARKDOWN, REPORT}
    index = poisoned.run["index"]
    assert index["sources"] == 20
    assert 10 < index["passage_tokens_mean"] < 130


def test_an_ablation_sets_each_part_against_the_whole_and_goes_on_where_it_stopped(
    settings: Settings, tmp_path: Path
) -> None:
    def run() -> Ablation:
        return ablate(load_suite("poisoned"), settings, tmp_path / "ablation", ("no-reader", "lexical-only"))

    found = run()
    assert set(found.comparisons) == {"no-reader", "lexical-only"}
    for comparison in found.comparisons.values():
        change = comparison.change("handled")
        assert comparison.baseline.system == "wmai"
        assert change is not None
        assert change.difference is not None
        assert change.difference.n == 20
    lines = (tmp_path / "ablation" / "ablation.md").read_text().split("\n")
    assert [line.split(" |")[0] for line in lines if line.startswith("| ")][1:] == [
        "| **the whole guide**",
        "| no-reader",
        "| lexical-only",
    ]
    asked = {path: path.stat().st_mtime_ns for path in (tmp_path / "ablation").glob(f"*/{RECORDS}")}
    assert len(asked) == 3
    run()
    assert {path: path.stat().st_mtime_ns for path in asked} == asked


@pytest.mark.parametrize("name", ["wmai:", "wmai:no-sense", "bm25:x", "magic", ":x", ""])
def test_a_system_that_is_not_known_is_named_with_those_that_are(name: str) -> None:
    with pytest.raises(SuiteError, match=r"known are wmai, wmai:no-typos") as raised:
        known_names([name])
    assert repr(name) in raised.value.message


def test_two_systems_of_one_run_can_be_compared(poisoned: Evaluation) -> None:
    found = compare(load_side(poisoned.folder, "bm25"), load_side(poisoned.folder, "dense"))
    assert all(verdict.passed for verdict in judge(read_gates(GATES, "poisoned"), found) if verdict.metric == "errors")


def test_the_command_line_from_run_to_gate(
    settings: Settings, workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WMAI_STORE", str(settings.store))
    runner = CliRunner()
    arguments = ["run", "--suite", "poisoned", "--system", "bm25", "--out"]
    ran = runner.invoke(app, [*arguments, str(tmp_path / "a")])
    assert ran.exit_code == 0, ran.output
    assert "Answered right" in ran.stdout
    assert "20/20" in ran.stdout
    again = runner.invoke(app, [*arguments, str(tmp_path / "a")])
    assert again.exit_code == 2
    assert "already holds a finished run" in again.stderr
    assert runner.invoke(app, [*arguments, str(tmp_path / "a"), "--replace"]).exit_code == 0
    same = ["compare", str(tmp_path / "a"), str(tmp_path / "a"), "--html", str(tmp_path / "c.html"), "--gate"]
    (tmp_path / "open.toml").write_text("[poisoned]\nright = { worse_max = 0.0 }\n")
    (tmp_path / "shut.toml").write_text("[poisoned]\nright = { low_min = 1.0 }\n")
    assert runner.invoke(app, [*same, str(tmp_path / "open.toml")]).exit_code == 0
    shut = runner.invoke(app, [*same, str(tmp_path / "shut.toml")])
    assert shut.exit_code == 1
    assert "The gate is shut." in shut.stderr
    assert "Gate: shut" in (tmp_path / "c.html").read_text()
    reported = runner.invoke(app, ["report", str(tmp_path / "a")])
    assert reported.exit_code == 0
    assert "golden" in runner.invoke(app, ["list"]).stdout
    assert runner.invoke(app, ["accept", str(tmp_path / "a")]).exit_code == 0
    kept = workplace / "evals" / "baselines" / "poisoned"
    assert runner.invoke(app, ["compare", str(kept), str(tmp_path / "a")]).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "--suite", "gold"], 2, "no suite 'gold'"),
        (["run", "--suite", "missing.jsonl"], 2, "cannot be read"),
        (["run", "--suite", "golden", "--split", "dev"], 2, "no split 'dev'"),
        (["run", "--suite", "poisoned", "--system", "magic"], 2, "no system 'magic'"),
        (["run", "--suite", "golden"], 1, "Run: wmai index"),
        (["report", "nowhere"], 2, "holds no run"),
        (["compare", "nowhere", "nowhere"], 2, "holds no run"),
        (["run", "--no-such-option"], 2, "No such option"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, said: str
) -> None:
    monkeypatch.setenv("WMAI_STORE", str(settings.store))
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == code
    assert said in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.output


def test_the_tutorial_s_chunks_keep_bound_overlap_and_every_word() -> None:
    text = "\n\n".join(" ".join(f"word{number}-{place}" for number in range(300)) for place in range(4))
    spans = split_recursively(text)
    assert all(0 < end - start <= CHUNK_CHARACTERS for start, end in spans)
    pairs = list(pairwise(spans))
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairs)
    overlaps = [a[1] - b[0] for a, b in pairs]
    assert max(overlaps) <= OVERLAP_CHARACTERS
    assert sorted(overlaps)[len(overlaps) // 2] > OVERLAP_CHARACTERS - 20
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(place in covered for place, character in enumerate(text) if not character.isspace())
    assert split_recursively("x" * 2500)[0] == (0, CHUNK_CHARACTERS)
    assert split_recursively("") == ()
