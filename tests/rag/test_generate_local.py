"""A real, weak model behind the gate: SmolLM2-135M, served on loopback, started and stopped with the guide."""

from collections.abc import Iterator

import psutil
import pytest

from rag.config import Settings
from rag.generate.answerer import UNAVAILABLE
from rag.generate.check import UNFINISHED, objection
from rag.pipeline import Pipeline
from rag.types import Answer, Delta, Done, Withdrawn

QUESTIONS = ("Who heads Minerva Business Angels?", "How big is Enterprise Wharf?")


def settings_with_model(settings: Settings) -> Settings:
    fields = {
        "llm": "local:smollm2", "llm_threads": 1, "llm_timeout_s": 400.0,
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
    # It is held to markers of passages that it was shown; half a one can be left where it was stopped.
    assert answer.usage.markers_removed == 0 or UNFINISHED in answer.usage.struck_reasons
    assert_grounded(answer)


def test_killing_the_model_in_mid_answer_leaves_a_cited_answer(corpus_settings: Settings) -> None:
    before = set(psutil.Process().children())
    with Pipeline.open(settings_with_model(corpus_settings)) as guide:
        (server,) = set(psutil.Process().children()) - before
        for event in guide.stream("Tell me about Malvern Hills Science Park."):
            # The first word is here, and the model is still writing.
            if isinstance(event, Delta) and server.is_running():
                server.kill()
                server.wait()
            if isinstance(event, Done):
                answer = event.answer
    assert answer.answerer == "extractive"
    assert answer.notice == UNAVAILABLE
    assert answer.citations
    assert_grounded(answer)
