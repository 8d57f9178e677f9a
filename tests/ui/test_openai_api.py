"""The OpenAI-compatible routes, by plain HTTP and by the official client."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient
from ui_sample import MEIF_QUESTION

from rag.config import Settings
from rag.pipeline import Pipeline


@pytest.fixture(scope="module")
def client(ui_settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    from ui.server import create_app

    with TestClient(create_app(ui_settings, pipeline)) as opened:
        yield opened


def complete(client: TestClient, *messages: tuple[str, object], **more: object) -> Any:
    body = {"model": "gpt-5", "messages": [{"role": role, "content": said} for role, said in messages], **more}
    return client.post("/v1/chat/completions", json=body)


def test_an_answer_carries_its_citations_three_ways(client: TestClient, pipeline: Pipeline) -> None:
    reply = complete(client, ("system", "Answer in French."), ("user", MEIF_QUESTION), temperature=1, top_p=0.5).json()
    answer = pipeline.ask(MEIF_QUESTION)
    message = reply["choices"][0]["message"]
    assert message["content"].startswith(answer.text)
    for citation in answer.citations:
        assert citation.source.url in message["content"]
    for annotation, citation in zip(message["annotations"], answer.citations, strict=True):
        place = annotation["url_citation"]
        assert message["content"][place["start_index"] : place["end_index"]] == f"[{citation.marker}]"
        assert place["url"] == citation.source.url
    assert reply["wmai"]["citations"][0]["quote"] == answer.citations[0].quote
    assert reply["usage"]["total_tokens"] == reply["usage"]["prompt_tokens"] + reply["usage"]["completion_tokens"] > 0


def test_a_stream_adds_up_to_the_same(client: TestClient) -> None:
    whole = complete(client, ("user", MEIF_QUESTION)).json()["choices"][0]["message"]
    options = {"include_usage": True}
    text = complete(client, ("user", MEIF_QUESTION), stream=True, stream_options=options).text
    frames = [frame.removeprefix("data: ") for frame in text.strip().split("\n\n")]
    assert frames.pop() == "[DONE]"
    parts = [json.loads(frame) for frame in frames]
    assert parts[-1]["usage"]["total_tokens"] > 0
    deltas = [part["choices"][0]["delta"] for part in parts[:-1]]
    assert "".join(delta.get("content", "") for delta in deltas) == whole["content"]
    assert deltas[-1]["annotations"] == whole["annotations"]
    assert parts[-2]["choices"][0]["finish_reason"] == "stop"


def test_the_conversation_is_the_history(client: TestClient) -> None:
    first = complete(client, ("user", "What is PIONEER?")).json()["choices"][0]["message"]["content"]
    asked = [{"type": "text", "text": "Who directs it?"}, {"type": "image_url", "image_url": {"url": "https://x"}}]
    reply = complete(client, ("user", "What is PIONEER?"), ("assistant", first), ("user", asked)).json()
    assert "PIONEER" in reply["wmai"]["standalone_question"]


def test_a_refusal_has_no_references(client: TestClient) -> None:
    message = complete(client, ("user", "How tall is the Eiffel Tower?")).json()["choices"][0]["message"]
    assert message["annotations"] == []
    assert "Sources:" not in message["content"]


@pytest.mark.parametrize(
    "messages",
    [[], [("assistant", "Hello")], [("user", "")], [("user", "x"), ("assistant", "y")], [("emperor", "x")]],
)
def test_what_cannot_be_answered_is_a_400_in_the_form_that_clients_read(
    client: TestClient, messages: list[tuple[str, object]]
) -> None:
    reply = complete(client, *messages)
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


def test_the_official_client_is_answered(server: str) -> None:
    client = openai.OpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0)
    assert [model.id for model in client.models.list()] == ["wmai"]
    reply = client.chat.completions.create(model="wmai", messages=[{"role": "user", "content": MEIF_QUESTION}])
    annotations = reply.choices[0].message.annotations or []
    assert annotations[0].url_citation.url.startswith("https://")
    stream = client.chat.completions.create(
        model="wmai", messages=[{"role": "user", "content": MEIF_QUESTION}], stream=True
    )
    text = "".join(part.choices[0].delta.content or "" for part in stream)
    assert text == reply.choices[0].message.content
    with pytest.raises(openai.BadRequestError, match="empty"):
        client.chat.completions.create(model="wmai", messages=[{"role": "user", "content": " "}])
