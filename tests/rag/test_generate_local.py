"""A real, weak model behind the gate: SmolLM2-135M, served on loopback, started and stopped with the guide."""

import time
from collections.abc import Iterator

import psutil
import pytest

from rag.config import Settings
from rag.generate.answerer import UNAVAILABLE
from rag.generate.check import objection
from rag.pipeline import Pipeline
from rag.types import Answer, Delta, Done, Withdrawn

QUESTIONS = ("Who heads Minerva Business Angels?", "How big is Enterprise Wharf?")


def settings_with_model(settings: Settings) -> Settings:
    fields = {
        "llm": "local:smollm2", "llm_threads": 1, "llm_passages": 2, "llm_answer_tokens": 64, "llm_timeout_s": 400.0,
        "log_unanswered": False,
    }  # fmt: skip
    return settings.model_copy(update=fields)


@pytest.fixture(scope="module")
def small_guide(corpus_settings: Settings) -> Iterator[Pipeline]:
    with Pipeline.open(settings_with_model(corpus_settings)) as opened:
        yield opened


def assert_grounded(answer: Answer) -> None:
    """Every sentence by the model stands on passages that it cites."""
    by_marker = {citation.marker: citation for citation in answer.citations}
    for sentence in answer.sentences:
        cited = [by_marker[marker] for marker in sentence.markers]
        assert all(citation.passage.text[citation.start : citation.end] == citation.quote for citation in cited)
        if answer.answerer.startswith("llm:"):
            assert objection(sentence.text, [citation.passage for citation in cited]) == ""


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_weak_model_says_reaches_the_reader_only_where_it_stands(small_guide: Pipeline, question: str) -> None:
    shown = ""
    for event in small_guide.stream(question):
        if isinstance(event, Delta):
            shown += event.text
        if isinstance(event, Withdrawn):
            assert shown.endswith(event.text)
            shown = shown.removesuffix(event.text)
        if isinstance(event, Done):
            answer = event.answer
    assert answer.outcome.is_answer
    assert shown == answer.text
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 100
    assert answer.usage.completion_tokens > 0
    assert_grounded(answer)


def test_killing_the_model_in_mid_answer_leaves_a_cited_answer(corpus_settings: Settings) -> None:
    before = set(psutil.Process().children())
    with Pipeline.open(settings_with_model(corpus_settings)) as guide:
        (server,) = set(psutil.Process().children()) - before
        killed_s = 0.0
        for event in guide.stream("Tell me about Malvern Hills Science Park."):
            if isinstance(event, Delta) and not killed_s:
                server.kill()
                killed_s = time.monotonic()
            if isinstance(event, Done):
                answer = event.answer
        assert time.monotonic() - killed_s < 5.0
    assert answer.answerer == "extractive"
    assert answer.notice == UNAVAILABLE
    assert answer.citations
    assert_grounded(answer)
