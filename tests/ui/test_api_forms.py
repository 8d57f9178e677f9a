"""What the API promises about its forms: versions, examples, conditional requests, compression, time limits."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from loops import run_async
from ui_sample import MEIF_QUESTION

from rag.config import Settings
from rag.pipeline import Pipeline
from ui.embed import SWITCH_FILE
from ui.problems import CODES
from ui.security import Guard


@pytest.fixture(scope="module")
def client(ui_settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    from ui.server import create_app

    with TestClient(create_app(ui_settings, pipeline), raise_server_exceptions=False) as opened:
        yield opened


def names(value: object, path: str = "") -> set[str]:
    """The names in an object, all the way down; in a list, those of its first item."""
    if isinstance(value, dict):
        inner = (names(item, f"{path}/{name}") for name, item in value.items() if name != "timings_ms")
        return {f"{path}/{name}" for name in value}.union(*inner)
    return names(value[0], path) if isinstance(value, list) and value else set()


def test_the_version_may_be_named(client: TestClient) -> None:
    for path in ("/sources", "/sources/bbb-meif2", "/search?q=Baskerville", "/widget"):
        assert client.get(f"/api/v1{path}").json() == client.get(f"/api{path}").json()
    assert client.get("/api/v2/sources").status_code == 404


def test_the_examples_have_the_form_of_real_answers(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    passage = client.post("/api/ask", json={"question": MEIF_QUESTION}).json()["citations"][0]["passage_id"]
    replies = {
        ("post", "/api/ask"): client.post("/api/ask", json={"question": MEIF_QUESTION}),
        ("get", "/api/search"): client.get("/api/search", params={"q": "Baskerville"}),
        ("get", "/api/passages/{passage_id}"): client.get(f"/api/passages/{passage}"),
        ("get", "/api/sources"): client.get("/api/sources"),
    }
    for (method, path), reply in replies.items():
        (content,) = paths[path][method]["responses"]["200"]["content"].values()
        # OpenAPI leaves out what is null in an example.
        told, replied = names(content["example"]), names(reply.json())
        assert told <= replied, path
        assert len(told) > 0.8 * len(replied), path
    problem = paths["/api/ask"]["post"]["responses"]["4XX"]["content"]["application/problem+json"]["example"]
    real = client.post("/api/ask", json={"question": ""})
    assert real.headers["content-type"] == "application/problem+json"
    assert names(problem) == names(real.json())
    assert real.json()["type"] == "/docs#invalid_question"
    assert all(f'id="{code}"' in client.get("/docs").text for code, _, _ in CODES)


@pytest.mark.parametrize("path", ["/widget.js", "/api/sources", "/api/v1/sources/bbb-meif2", "passage", "page"])
def test_what_a_reader_holds_already_is_not_sent_again(client: TestClient, pipeline: Pipeline, path: str) -> None:
    id_ = pipeline.ask(MEIF_QUESTION).citations[0].passage.id
    path = {"passage": f"/api/passages/{id_}", "page": f"/passages/{id_}?quote=Fund"}.get(path, path)
    first = client.get(path)
    tag = first.headers["etag"]
    again = client.get(path, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    other = client.get(path, headers={"If-None-Match": '"x"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_large_answers_are_compressed_and_streams_are_not(client: TestClient) -> None:
    accepts = {"Accept-Encoding": "gzip"}
    assert client.get("/widget.js", headers=accepts).headers["content-encoding"] == "gzip"
    assert client.get("/api/sources", headers=accepts).headers["content-encoding"] == "gzip"
    stream = client.post("/api/ask/stream", json={"question": MEIF_QUESTION}, headers=accepts)
    assert "content-encoding" not in stream.headers


def test_any_page_may_load_the_script_but_not_read_an_answer(client: TestClient) -> None:
    headers = client.get("/widget.js", headers={"Origin": "https://anyone.example"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert client.get("/api/sources").headers["cross-origin-resource-policy"] == "same-origin"


def test_an_answer_that_takes_too_long_is_a_504(ui_settings: Settings, pipeline: Pipeline) -> None:
    from ui.server import create_app

    settings = ui_settings.model_copy(update={"request_timeout_s": 0.01})
    with TestClient(create_app(settings, pipeline)) as hurried:
        reply = hurried.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": MEIF_QUESTION}]})
    assert reply.status_code == 504
    assert reply.json()["error"]["code"] == "answer_timeout"


def test_a_body_that_does_not_arrive_is_a_408() -> None:
    sent: list[Any] = []

    async def never(*_: object) -> None:
        raise AssertionError("the request was let through")

    async def receive() -> Any:
        if sent:
            return {"type": "http.disconnect"}
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": []}
    run_async(Guard(never, bytes_max=100, body_s=0.05)(scope, receive, send))
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["error"]["code"] == "request_timeout"


def test_the_command_switches_the_widget(run_wmai: Any, ui_settings: Settings) -> None:
    switch = ui_settings.store / SWITCH_FILE
    try:
        assert run_wmai("widget", "status", WMAI_EMBED_ORIGINS="https://a.example=health").stdout == (
            "on\nhttps://a.example health\n"
        )
        assert run_wmai("widget", "off", "Back on Monday.").returncode == 0
        assert switch.read_text(encoding="utf-8") == "Back on Monday."
        assert run_wmai("widget", "status").stdout == "off: Back on Monday.\n"
        assert run_wmai("widget", "on").returncode == 0
        assert not switch.exists()
        assert run_wmai("widget", "status", WMAI_EMBED_ORIGINS="*").returncode == 2
    finally:
        switch.unlink(missing_ok=True)
