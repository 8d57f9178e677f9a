"""Providers other than OpenAI's: one streamed answer through each, where its extra is installed."""

import pytest
from pydantic import SecretStr
from scripted_protocols import PROMPT_TOKENS, REPLY_TOKENS, protocol_server

from rag.config import Settings
from rag.pipeline import Pipeline
from rag.types import Delta, Done

QUESTION = "Who heads Minerva Business Angels?"


@pytest.mark.parametrize(("provider", "path"), [("anthropic", "/v1/messages"), ("ollama", "/api/chat")])
def test_an_answer_streams_from_each_provider_and_passes_the_gate(
    corpus_settings: Settings, provider: str, path: str
) -> None:
    pytest.importorskip(f"langchain_{provider}", reason=f"left out: needs pip install '.[{provider}]'")
    with protocol_server(
        "Alex Toft has headed ", "Minerva Business Angels since 2017.", " [{id:since 2017}]"
    ) as server:
        fields = {
            "llm": f"{provider}:scripted", "llm_base_url": server.url, "llm_api_key": SecretStr("k"),
            "llm_answer_tokens": 77, "llm_temperature": 0.25, "log_unanswered": False,
        }  # fmt: skip
        with Pipeline.open(corpus_settings.model_copy(update=fields)) as guide:
            events = list(guide.stream(QUESTION))
    ((asked_path, body),) = server.requests
    assert asked_path == path
    asked = {**body, **body.get("options", {})}
    assert (asked["temperature"], asked.get("max_tokens", asked.get("num_predict"))) == (0.25, 77)
    done = events[-1]
    assert isinstance(done, Done)
    assert done.answer.answerer == f"llm:{provider}:scripted"
    assert done.answer.text == "Alex Toft has headed Minerva Business Angels since 2017. [1]"
    assert "".join(event.text for event in events if isinstance(event, Delta)) == done.answer.text
    assert done.answer.usage is not None
    assert (done.answer.usage.prompt_tokens, done.answer.usage.completion_tokens) == (PROMPT_TOKENS, REPLY_TOKENS)
