import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from eval_systems import SUITE, Scripted, cited_answer, perfect, source_text
from test_eval_run import made_with

from evals.calibration import Claim, calibrate
from evals.evaluate import evaluate_systems
from evals.rundir import MARKDOWN, REPORT, SUMMARY
from rag.types import Answer


def claims(stated: list[float], true: list[bool]) -> list[Claim]:
    return [Claim(one, so, str(number)) for number, (one, so) in enumerate(zip(stated, true, strict=True))]


def test_the_error_by_hand() -> None:
    # Bin 0.2-0.3: three that state 0.25 on average, one so; bin 0.9-1: two that state 0.95, both so.
    found = calibrate(claims([0.2, 0.25, 0.29, 0.9, 1.0], [True, False, False, True, True]), "it", "right")
    assert found is not None
    assert [(part.n, part.share) for part in found.bins] == [(3, pytest.approx(1 / 3)), (2, 1.0)]
    assert found.bins[0].stated == pytest.approx(0.74 / 3)
    assert found.error == pytest.approx((3 * (1 / 3 - 0.74 / 3) + 2 * 0.05) / 5)
    assert found.n == 5


@pytest.mark.parametrize("n", [60, 600])
def test_a_calibrated_system_errs_as_much_as_chance_and_a_boastful_one_more(n: int) -> None:
    generator = np.random.default_rng(11)
    errors, high = [], 0
    for _ in range(40):
        stated = generator.random(n)
        honest = calibrate(claims(list(stated), list(generator.random(n) < stated)), "it", "right")
        boastful = calibrate(claims(list(stated**0.25), list(generator.random(n) < stated)), "it", "right")
        assert honest is not None
        assert boastful is not None
        errors.append(honest.error / honest.by_chance)
        high += boastful.error > 2 * boastful.by_chance
        assert honest.interval.low <= honest.interval.high
    assert 0.85 < float(np.mean(errors)) < 1.15
    assert high >= 38


def test_nothing_stated_is_none() -> None:
    assert calibrate([], "it", "right") is None


def test_a_run_tells_what_its_confidence_and_support_are_worth(tmp_path: Path) -> None:
    def reply(question: str) -> Answer:
        """Sure of everything; the fund is the answer to the cat as well."""
        answer = cited_answer(question, "fund") if "cat" in question else perfect(question)
        return replace(answer, confidence=1.0)

    found = evaluate_systems(SUITE, {"it": Scripted(reply)}, source_text, made_with(), tmp_path / "run")
    held = {one.name: one for one in found.calibrations}
    # Six questions, four answerable; five answers, four right; five sentences with support 0.9, four hold a fact.
    assert held["answerable"].n == 6
    assert held["answerable"].error == pytest.approx(2 / 6)
    assert held["right"].n == 5
    assert held["right"].error == pytest.approx(1 / 5)
    assert held["support"].n == 5
    assert held["support"].error == pytest.approx(0.1)
    summary = json.loads((tmp_path / "run" / SUMMARY).read_text())["calibrations"]
    assert [one["name"] for one in summary] == ["answerable", "right", "support"]
    assert "20.0 (" in (tmp_path / "run" / MARKDOWN).read_text()
    assert "Support, that the sentence holds an expected fact" in (tmp_path / "run" / REPORT).read_text()


def test_a_system_that_states_nothing_is_not_said_to_be_calibrated(tmp_path: Path) -> None:
    found = evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), tmp_path / "run")
    assert [one.name for one in found.calibrations] == ["support"]
