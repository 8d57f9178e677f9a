from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from eval_systems import SUITE, Scripted, always_refusing, source_text, throwing
from numpy.typing import NDArray
from test_eval_run import made_with

from evals.compare import Side, compare, load_side
from evals.errors import GateError, RunError
from evals.evaluate import evaluate_systems
from evals.gate import Gate, judge, read_gates
from evals.items import Score
from evals.rundir import keep_baseline
from evals.scores import ScoredItem
from evals.suites import Suite


def side(values: NDArray[np.bool_], name: str = "run", metric: str = "handled") -> Side:
    items = {
        str(number): ScoredItem(
            system="it", id=str(number), case_id=str(number), kind="single", split="", theme="", answerable="",
            cluster=str(number), question="?", outcome="answered", text="", scores={metric: Score(float(value))},
        )
        for number, value in enumerate(values)
    }  # fmt: skip
    run = {"suite": {"name": "s", "digest": "d"}, "systems": ["it"], "finished": "now"}
    return Side(Path(name), run, "it", items)


def shut(before: NDArray[np.bool_], after: NDArray[np.bool_], gate: Gate, metric: str = "handled") -> bool:
    comparison = compare(side(before, "baseline", metric), side(after, metric=metric))
    return not all(verdict.passed for verdict in judge({metric: gate}, comparison))


NO_WORSE = Gate(worse_max=0.0)


@pytest.mark.parametrize(("lost", "gained"), [(10, 0), (11, 1), (12, 2), (13, 3), (14, 4), (15, 5)])
def test_a_drop_of_ten_points_among_a_hundred_cases_shuts_the_gate(lost: int, gained: int) -> None:
    before = np.arange(100) < 75
    after = before.copy()
    after[:lost] = False
    after[75 : 75 + gained] = True
    assert after.sum() == 65
    assert shut(before, after, NO_WORSE)


@pytest.mark.parametrize("churn", [0.02, 0.1, 0.3])
def test_two_alike_systems_seldom_shut_the_gate(churn: float) -> None:
    """Both are right on about 70 cases in 100; a case is noisy with a chance of `churn`, on each side by itself."""
    generator = np.random.default_rng(7)
    shuts = 0
    for _ in range(400):
        steady = generator.random(100) < 0.7
        noise = generator.random((4, 100))
        before, after = (np.where(noise[at] < churn, noise[at + 1] < 0.7, steady) for at in (0, 2))
        shuts += shut(before, after, NO_WORSE)
    assert shuts / 400 <= 0.05


def test_a_rise_in_what_should_be_low_shuts_the_gate() -> None:
    before = np.arange(100) < 5
    after = np.arange(100) < 20
    assert shut(before, after, NO_WORSE, "false_refusal")
    assert not shut(after, before, NO_WORSE, "false_refusal")


def test_a_gate_looks_at_the_interval_and_not_at_the_point() -> None:
    values = np.arange(50) < 40
    assert not shut(values, values, Gate(low_min=0.6))
    assert shut(values, values, Gate(low_min=0.8))
    assert shut(values, values, Gate(high_max=0.85), "false_refusal")


def test_a_promise_without_exception_counts_misses() -> None:
    values = np.arange(100) > 0
    assert shut(values, values, Gate(failures_max=0), "citation_validity")
    assert not shut(values, values, Gate(failures_max=1), "citation_validity")


def test_what_was_scored_and_is_no_longer_shuts_the_gate() -> None:
    before, after = side(np.ones(10, bool)), side(np.ones(10, bool))
    gone = {name: _unscored(item) for name, item in after.items.items()}
    comparison = compare(before, Side(after.folder, after.run, "it", gone))
    assert not judge({"handled": NO_WORSE}, comparison)[0].passed
    assert not judge({"handled": Gate(low_min=0.0)}, comparison)[0].passed


def timed(values: NDArray[np.float64], name: str) -> Side:
    held = side(np.ones(len(values), bool), name, "latency_p50")
    slow = {
        key: replace(item, scores={"latency_p50": Score(float(values[int(key)]))}) for key, item in held.items.items()
    }
    return Side(held.folder, held.run, "it", slow)


def test_a_slowdown_of_a_fifth_shuts_the_gate_and_noise_seldom_does() -> None:
    generator = np.random.default_rng(12)
    caught = alarms = 0
    for _ in range(40):
        cost = generator.lognormal(4, 0.8, size=76)
        before, same = (cost * generator.lognormal(0, 0.05, size=76) for _ in range(2))
        for after in (same, same * 1.2):
            found = compare(timed(before, "baseline"), timed(after, "run"))
            shut_now = not judge({"latency_p50": NO_WORSE}, found)[0].passed
            caught += shut_now and after is not same
            alarms += shut_now and after is same
    assert caught >= 38
    assert alarms <= 3


def test_times_are_paired_over_the_questions_that_both_answered() -> None:
    before, after = timed(np.array([10.0, 20.0, 30.0]), "baseline"), timed(np.array([20.0, 40.0, 60.0]), "run")
    failed = {**after.items, "2": replace(after.items["2"], scores={"latency_p50": Score(0.0, 0.0)})}
    change = compare(before, Side(after.folder, after.run, "it", failed)).change("latency_p50")
    assert change is not None
    assert (change.baseline, change.run, change.ratio) == (15.0, 30.0, 2.0)
    assert change.difference is not None
    assert change.difference.n == 2


def _unscored(item: ScoredItem) -> ScoredItem:
    return ScoredItem(
        system=item.system, id=item.id, case_id=item.case_id, kind=item.kind, split="", theme="", answerable="",
        cluster=item.cluster, question="", outcome="", text="", scores={"handled": Score(0.0, 0.0)},
    )  # fmt: skip


def test_cases_gained_and_lost_are_listed_with_both_answers(tmp_path: Path) -> None:
    evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), tmp_path / "good")
    evaluate_systems(SUITE, {"it": Scripted(always_refusing)}, source_text, made_with(), tmp_path / "bad")
    found = compare(load_side(tmp_path / "good"), load_side(tmp_path / "bad"))
    assert [flip.after.id for flip in found.lost] == ["a-1", "a-2", "a-3", "a-4"]
    assert (found.lost[0].before.text, found.lost[0].after.text) == (
        "The fund holds £25m. [1]",
        "My sources do not say.",
    )
    assert found.gained == ()
    right = found.change("right")
    assert right is not None
    assert (right.gained, right.lost, right.difference and right.difference.value) == (0, 4, -1.0)


def test_errors_are_caught_by_the_gate(tmp_path: Path) -> None:
    evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), tmp_path / "good")
    evaluate_systems(SUITE, {"it": Scripted(throwing(3))}, source_text, made_with(), tmp_path / "bad")
    found = compare(load_side(tmp_path / "good"), load_side(tmp_path / "bad"))
    assert not judge({"errors": Gate(failures_max=0)}, found)[0].passed


def test_runs_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), tmp_path / "a")
    other = Suite(name="other", cases=SUITE.cases[:4], split="all")
    evaluate_systems(other, {"it": Scripted()}, source_text, made_with(other), tmp_path / "b")
    with pytest.raises(RunError, match="over the same suite") as raised:
        compare(load_side(tmp_path / "a"), load_side(tmp_path / "b"))
    assert SUITE.digest in raised.value.message
    with pytest.raises(RunError, match="no system 'bm25'; it has it"):
        load_side(tmp_path / "a", "bm25")
    with pytest.raises(RunError, match="holds no run"):
        load_side(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[s", "not TOML"),
        ("[other]\n", "no table"),
        ("[s]\nspeed = { low_min = 1 }\n", "unknown metrics: speed"),
        ("[s]\nright = { minimum = 1 }\n", "right.minimum"),
        ("[s]\nright = { worse_max = -1 }\n", "right.worse_max"),
    ],
)
def test_a_gates_file_that_does_not_fit_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(text)
    with pytest.raises(GateError) as raised:
        read_gates(path, "s") or pytest.fail("no gate was read")
    assert said in raised.value.message


def test_the_project_s_gates_are_readable() -> None:
    for suite in ("smoke", "golden", "injection"):
        assert read_gates(Path("evals/gates.toml"), suite)


def test_each_split_of_a_suite_has_a_baseline_of_its_own(tmp_path: Path) -> None:
    for split in ("train", "test", "all"):
        suite = replace(SUITE, split=split)
        folder = evaluate_systems(suite, {"it": Scripted()}, source_text, made_with(suite), tmp_path / split).folder
        kept = keep_baseline(folder, tmp_path / "baselines")
        assert kept == tmp_path / "baselines" / "synthetic" / ("" if split == "all" else split)
        assert not compare(load_side(kept), load_side(folder)).lost
