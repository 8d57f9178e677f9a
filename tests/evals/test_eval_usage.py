"""Tokens and cost: shown where a chat model was asked, and nowhere else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from eval_systems import SUITE, Scripted, perfect, source_text, throwing
from scripted_model import model_server, said
from test_eval_run import made_with

from evals.compare import compare, load_side
from evals.evaluate import evaluate, evaluate_systems
from evals.rundir import MARKDOWN, REPORT
from evals.suites import load_suite
from rag.config import Settings
from rag.types import Answer, Usage

ROWS = ("Prompt tokens a question", "Reply tokens a question", "Cost a question")


def paid(price: float | None) -> Callable[[str], Answer]:
    """Every question costs as many tokens as it has characters, but the first is refused without asking the model."""

    def reply(question: str) -> Answer:
        usage = Usage(
            model="openai:x", prompt_tokens=len(question), completion_tokens=10, cost=price, cached=False
        )  # fmt: skip
        return perfect(question) if "cat" in question else replace(perfect(question), usage=usage)

    return reply


def test_means_are_over_the_questions_for_which_the_model_was_asked(tmp_path: Path) -> None:
    found = evaluate_systems(SUITE, {"it": Scripted(paid(0.002))}, source_text, made_with(), tmp_path / "run")
    lengths = [len(case.question) for case in SUITE.cases if "cat" not in case.question]
    tokens = found.figure("prompt_tokens")
    assert tokens.value == pytest.approx(sum(lengths) / 5)
    assert (tokens.n_scored, tokens.n_asked) == (5, 6)
    assert tokens.interval is not None
    assert min(lengths) <= tokens.interval.low < tokens.interval.high <= max(lengths)
    cost = found.figure("cost")
    assert cost.value == pytest.approx(0.002)
    # All alike: nothing is known but the value, and nothing beyond 1 is made of tokens.
    assert cost.interval is not None
    assert cost.interval.low == pytest.approx(0.002)
    page, markdown = ((tmp_path / "run" / name).read_text() for name in (REPORT, MARKDOWN))
    assert all(row in text for row in ROWS for text in (page, markdown))
    assert "0.00200" in markdown


def test_no_usage_is_not_shown_as_nothing_used(tmp_path: Path) -> None:
    found = evaluate_systems(SUITE, {"it": Scripted(throwing(3))}, source_text, made_with(), tmp_path / "run")
    assert found.figure("prompt_tokens").value is None
    assert not any(row in (tmp_path / "run" / name).read_text() for row in ROWS for name in (REPORT, MARKDOWN))
    unpriced = evaluate_systems(SUITE, {"it": Scripted(paid(None))}, source_text, made_with(), tmp_path / "unpriced")
    assert unpriced.figure("cost").value is None
    assert ROWS[2] not in (tmp_path / "unpriced" / MARKDOWN).read_text()


def test_dearer_is_a_difference_in_tokens_and_money(tmp_path: Path) -> None:
    for name, price in (("cheap", 0.001), ("dear", 0.003)):
        evaluate_systems(SUITE, {"it": Scripted(paid(price))}, source_text, made_with(), tmp_path / name)
    change = compare(load_side(tmp_path / "cheap"), load_side(tmp_path / "dear")).change("cost")
    assert change is not None
    assert change.difference is not None
    assert change.difference.value == pytest.approx(0.002)
    assert (change.gained, change.lost, change.p_value) == (None, None, None)


def test_the_guide_with_a_chat_model_stands_beside_the_guide_without(
    new_settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    systems = ("wmai", "llm:openai:scripted")
    with model_server(said("I cannot say.")) as server:
        # What the environment names is for `wmai ask`; the system `wmai` is the guide without a chat model.
        settings = new_settings(llm="openai:other", llm_base_url=server.url, llm_prompt_price=1.0)
        found = evaluate(load_suite("poisoned"), systems, settings, tmp_path / "run")
    assert found.systems == systems
    assert found.figure("errors", systems[1]).value == 0.0
    assert found.figure("prompt_tokens", "wmai").value is None
    tokens = found.figure("prompt_tokens", systems[1])
    assert tokens.value is not None
    assert tokens.value >= 100
    assert 0 < tokens.n_scored <= 20
    assert {request["model"] for request in server.requests} == {"scripted"}
