"""The load test runs against a real server and ends by itself; nothing is timed here."""

import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from evals.load.figures import burst_rows, conversation_rows, fell_over, steady
from evals.load.phases import Phase
from evals.load.reader import Reply
from evals.load.talks import talks
from rag.config import Settings


def test_three_readers_talk_a_crowd_comes_and_the_page_is_written(corpus_settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "load.md"
    command = [
        sys.executable, "-m", "evals.load", "--users", "3", "--seconds", "3", "--think", "0.1", "0.3",
        "--crowd", "30", "--out", str(out),
    ]  # fmt: skip
    env = {**os.environ, "WMAI_STORE": str(corpus_settings.store), "WMAI_RATE_CLIENT_MINUTE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    page = out.read_text(encoding="utf-8")
    assert "| errors | 0 |" in page
    refused = re.search(r"\| 429 too_many_questions \| (\d+): ", page)
    # One in a minute, and one more where a minute of the clock ends between the two.
    assert refused
    assert int(refused[1]) in {28, 29}
    assert "answered in" in page
    assert "{" not in page


def test_a_conversation_has_two_to_four_questions_and_is_the_same_for_the_same_seed() -> None:
    asked = list(islice(talks(7), 100))
    assert {len(talk) for talk in asked} == {2, 3, 4}
    assert asked == list(islice(talks(7), 100))
    assert asked != list(islice(talks(8), 100))


def test_what_is_no_whole_answer_is_an_error_and_only_a_polite_refusal_may_follow_a_burst() -> None:
    whole, busy, cut, gone = (
        Reply(200, "", 0.5, 0.25),
        Reply(503, "server_busy", 0.01, retry_after_s=2),
        Reply(200, "broken_stream", 0.5, 0.25),
        Reply(0, "ConnectError", 0.1),
    )
    rows = dict(conversation_rows(Phase([whole, whole, cut, gone], 2.0, [100.0] * 20)))
    assert rows["questions asked"] == "4 in 2 s, 2.0 a second"
    assert rows["errors"] == "2 (1 × 200 broken_stream, 1 × 0 ConnectError)"
    assert rows["whole answer"].startswith("p50 500 ms")
    assert rows["server's memory"].endswith("steady")
    crowd = Phase([whole, busy, busy, cut, gone], 1.0, health_s=[0.002])
    assert dict(burst_rows(crowd))["503 server_busy"].startswith("2: p50 10 ms")
    assert dict(fell_over(crowd)) == {"200 broken_stream": 1, "0 ConnectError": 1}
    assert dict(fell_over(Phase([Reply(503, "server_busy", 0.01)], 1.0))) == {"503 server_busy": 1}


@pytest.mark.parametrize(("end_mb", "expected"), [(101.0, True), (106.0, False)])
def test_memory_is_steady_where_the_end_is_hardly_above_the_middle(end_mb: float, expected: bool) -> None:
    assert steady([50.0] * 10 + [100.0] * 10 + [end_mb] * 10) is expected
