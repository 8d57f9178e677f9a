import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from eval_systems import SUITE, Scripted, perfect, source_text, throwing

from evals.cases import Case
from evals.errors import RunError
from evals.evaluate import evaluate_systems, score_folder
from evals.run import failures, run_cases
from evals.rundir import RECORDS, RUN, SCORES, SUMMARY, Json, begin, read_run, stamp
from evals.suites import Suite
from rag.types import Turn


def made_with(suite: Suite = SUITE, changes: Json | None = None) -> Json:
    base: Json = {"commit": "c", "changes": "", "systems": ["it"], "settings_digest": "s", "index": {"build_id": "b"}}
    return stamp(suite, {**base, **(changes or {})})


def test_records_are_saved_before_anything_is_scored(tmp_path: Path) -> None:
    run_cases(SUITE.cases, {"it": Scripted()}, source_text, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / RECORDS).read_text().splitlines()]
    assert [line["case_id"] for line in lines] == [case.id for case in SUITE.cases]
    assert lines[0]["replies"][0]["answer"]["citations"][0]["quote"] == "The fund holds £25m."
    assert not (tmp_path / SCORES).exists()


def test_a_finished_run_can_be_scored_again_without_asking(tmp_path: Path) -> None:
    system = Scripted()
    first = evaluate_systems(SUITE, {"it": system}, source_text, made_with(), tmp_path / "run")
    asked = len(system.asked)
    again = score_folder(tmp_path / "run")
    assert len(system.asked) == asked
    assert again.figures == first.figures
    assert first.figure("right").value == 1.0
    assert json.loads((tmp_path / "run" / SUMMARY).read_text())["run"]["suite"]["digest"] == SUITE.digest


def test_an_error_is_on_record_and_counts_as_a_failure(tmp_path: Path) -> None:
    found = evaluate_systems(SUITE, {"it": Scripted(throwing(3))}, source_text, made_with(), tmp_path / "run")
    assert [(place, failure.type) for place, failure in failures(found.records)] == [
        ("it: a-3", "ValueError"),
        ("it: u-2", "ValueError"),
    ]
    assert found.figure("right").value == pytest.approx(3 / 4)
    assert found.figure("refusal_recall").value == pytest.approx(1 / 2)
    assert found.figure("hit@5").value == pytest.approx(3 / 4)
    assert found.figure("errors").value == pytest.approx(2 / 6)
    latency = found.figure("latency_p50")
    assert (latency.n_scored, latency.n_asked) == (4, 6)


def test_a_conversation_sees_the_system_s_own_answers(tmp_path: Path) -> None:
    turns = [{"question": "How big is the fund?"}, {"question": "Where is the laboratory?"}]
    case = Case.model_validate({"id": "c", "kind": "conversation", "question": turns[0]["question"], "turns": turns})
    system = Scripted()
    (record,) = run_cases([case], {"it": system}, source_text, tmp_path)
    assert system.asked[1][1] == (Turn(question="How big is the fund?", answer="The fund holds £25m. [1]"),)
    assert len(record.replies) == 2


def test_a_turn_after_a_failed_one_is_still_asked(tmp_path: Path) -> None:
    turns = [{"question": "How big is the fund?"}, {"question": "Where is the laboratory?"}]
    case = Case.model_validate({"id": "c", "kind": "conversation", "question": turns[0]["question"], "turns": turns})
    (record,) = run_cases([case], {"it": Scripted(throwing(1))}, source_text, tmp_path)
    assert [reply.failure is not None for reply in record.replies] == [True, True]


def test_what_is_on_record_is_not_asked_again_and_a_torn_line_is(tmp_path: Path) -> None:
    run_cases(SUITE.cases[:2], {"it": Scripted()}, source_text, tmp_path)
    whole = (tmp_path / RECORDS).read_bytes()
    (tmp_path / RECORDS).write_bytes(whole + whole[:40])
    system = Scripted()
    records = run_cases(SUITE.cases, {"it": system}, source_text, tmp_path)
    assert [question for question, _ in system.asked] == [case.question for case in SUITE.cases[2:]]
    assert [record.case_id for record in records] == [case.id for case in SUITE.cases]
    assert len((tmp_path / RECORDS).read_text().splitlines()) == len(SUITE.cases)


_KILLED = """
import sys, time
from pathlib import Path
sys.path[:0] = [{here!r}]
from eval_systems import SUITE, Scripted, perfect, source_text
from evals.evaluate import evaluate_systems
from test_eval_run import made_with

def slowly(question):
    print(question, flush=True)
    time.sleep(0.2)
    return perfect(question)

evaluate_systems(SUITE, {{"it": Scripted(slowly)}}, source_text, made_with(), Path({out!r}))
"""


def test_a_killed_run_goes_on_and_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    script = textwrap.dedent(_KILLED).format(here=str(Path(__file__).parent), out=str(tmp_path / "run"))
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == SUITE.cases[2].question:
            break
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with pytest.raises(RunError, match="stopped before its end"):
        score_folder(tmp_path / "run")
    system = Scripted()
    resumed = evaluate_systems(SUITE, {"it": system}, source_text, made_with(), tmp_path / "run")
    assert 0 < len(system.asked) <= 4
    whole = evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), tmp_path / "whole")
    assert [item.text for item in resumed.scored] == [item.text for item in whole.scored]


def test_a_finished_run_is_never_overwritten(tmp_path: Path) -> None:
    evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(RunError, match="already holds a finished run"):
        evaluate_systems(SUITE, {"it": Scripted(throwing(1))}, source_text, made_with(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("change", [{"commit": "d"}, {"settings_digest": "t"}, {"index": {"build_id": "x"}}])
def test_a_stopped_run_is_not_finished_by_another_system(tmp_path: Path, change: Json) -> None:
    begin(tmp_path, SUITE, made_with())
    with pytest.raises(RunError, match=f"another {next(iter(change))}"):
        begin(tmp_path, SUITE, made_with(changes=change))


def test_a_stopped_run_of_another_suite_is_left_alone(tmp_path: Path) -> None:
    begin(tmp_path, SUITE, made_with())
    other = Suite(name="synthetic", cases=SUITE.cases[:3], split="all")
    with pytest.raises(RunError, match="another suite"):
        begin(tmp_path, other, made_with(other))


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(RunError, match="not empty"):
        begin(tmp_path, SUITE, made_with())
    with pytest.raises(RunError, match="holds no run"):
        read_run(tmp_path)
    (tmp_path / RUN).write_text("{")
    with pytest.raises(RunError, match="not JSON"):
        read_run(tmp_path)


def test_records_of_another_version_are_named(tmp_path: Path) -> None:
    (tmp_path / RECORDS).write_text('{"system": "it"}\n')
    with pytest.raises(RunError, match="line 1"):
        run_cases(SUITE.cases, {"it": Scripted(perfect)}, source_text, tmp_path)
