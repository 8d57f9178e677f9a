"""The guide as a tool of an assistant: the official client over standard input and output, and over HTTP."""

import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from ui_sample import MEIF_QUESTION, environment

from rag.config import Settings
from rag.pipeline import Pipeline
from rag.wire import answer_to_json
from ui.mcp_server import build_server
from ui.turnstile import Turnstile


def apart(work: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    """Run it in a thread of its own: a browser test may have left an event loop running in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(anyio.run, work, *arguments).result()


async def conversation(client: Client) -> dict[str, Any]:
    """What an assistant would do: look at the tools, ask, open the passage of a citation, search, go wrong."""
    async with client:
        listed = await client.list_tools()
        asked = await client.call_tool("ask", {"question": MEIF_QUESTION})
        assert asked.structured_content is not None
        passage_id = asked.structured_content["citations"][0]["passage_id"]
        return {
            "tools": {tool.name: tool for tool in listed.tools},
            "asked": asked,
            "passage": await client.call_tool("get_passage", {"passage_id": passage_id}),
            "found": await client.call_tool("search", {"query": "Baskerville consortium", "k": 2}),
            "empty": await client.call_tool("ask", {"question": " "}),
            "unknown": await client.call_tool("get_passage", {"passage_id": "none"}),
        }


def assert_useful(told: dict[str, Any], pipeline: Pipeline) -> None:
    assert set(told["tools"]) == {"ask", "search", "get_passage"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in told["tools"].values())
    answer = told["asked"].structured_content
    expected = answer_to_json(pipeline.ask(MEIF_QUESTION))
    assert {**answer, "timings_ms": None} == {**expected, "timings_ms": None}
    text = told["asked"].content[0].text
    for citation in answer["citations"]:
        assert citation["quote"] in text
        assert citation["source"]["url"] in text
    passage = told["passage"].structured_content
    first = answer["citations"][0]
    assert passage["text"][first["start"] : first["end"]] == first["quote"]
    assert len(told["found"].structured_content["hits"]) == 2
    assert json.loads(told["found"].content[0].text) == told["found"].structured_content
    assert told["empty"].is_error
    assert "question is empty" in told["empty"].content[0].text
    assert told["unknown"].is_error


def test_an_assistant_asks_over_standard_input_and_output(ui_settings: Settings, pipeline: Pipeline) -> None:
    server = StdioServerParameters(command=sys.executable, args=["-m", "ui.cli", "mcp"], env=environment(ui_settings))
    assert_useful(apart(conversation, Client(stdio_client(server))), pipeline)


def test_an_assistant_asks_over_http(server: str, pipeline: Pipeline) -> None:
    assert_useful(apart(conversation, Client(f"{server}/mcp")), pipeline)


def test_a_question_that_takes_too_long_is_the_tools_error(pipeline: Pipeline) -> None:
    async def ask() -> Any:
        async with Client(build_server(Turnstile(pipeline, 1), timeout_s=1e-6)) as client:
            return await client.call_tool("ask", {"question": MEIF_QUESTION})

    told = apart(ask)
    assert told.is_error
    assert "took longer" in told.content[0].text


@pytest.fixture
def client(ui_settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    from ui.server import create_app

    with TestClient(create_app(ui_settings, pipeline)) as opened:
        yield opened


def test_what_is_no_message_is_refused(client: TestClient) -> None:
    for content in (b"", b"{", b"[]", b'{"jsonrpc": "2.0"}', b"\xff"):
        reply = client.post("/mcp", content=content, headers={"Content-Type": "application/json", "Accept": "*/*"})
        assert 400 <= reply.status_code < 500
