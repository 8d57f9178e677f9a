"""What a browser sends back is known by its seal, also after a restart, and only if nothing of it was changed."""

import json
from dataclasses import replace
from pathlib import Path

from rag.types import Answer, Outcome
from ui.exchange import Exchange, from_records, record_text
from ui.seal import KEY_FILE, Sealer

ANSWER = Answer(
    question="q\u202e é",
    standalone_question="q",
    outcome=Outcome.ANSWERED,
    reason="",
    text="It grew. [1]",
    confidence=0.1 + 0.2,
    timings_ms={"total": 1.25},
    answerer="extractive",
    index_build="b",
)


def test_a_seal_holds_after_the_browser_and_a_restart(tmp_path: Path) -> None:
    seal = Sealer(tmp_path).seal(ANSWER)
    record = record_text(Exchange(id="a", number=1, question=ANSWER.question, answer=ANSWER, seal=seal))
    (back,) = from_records([json.loads(record)])
    assert back.answer is not None
    assert Sealer(tmp_path).holds(back.answer, back.seal)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_what_was_changed_or_sealed_elsewhere_does_not_hold(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path)
    seal = sealer.seal(ANSWER)
    assert not sealer.holds(replace(ANSWER, text="It shrank. [1]"), seal)
    assert not sealer.holds(ANSWER, "")
    assert not sealer.holds(ANSWER, "é")
    assert not Sealer(tmp_path / "no store").holds(ANSWER, seal)
