"""The guide inside LangChain: its documents lose nothing, its runnable composes, streams and traces."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableLambda
from loops import run_async
from scripted_model import model_server, said

from rag.chain import AnswerChain, AnswerEvents, PassageRetriever
from rag.config import Settings
from rag.pipeline import Pipeline
from rag.types import Answer, Done, Event, Retrieved

QUESTION = "Who heads Minerva Business Angels?"


def test_a_document_says_all_that_the_hit_says(guide: Pipeline) -> None:
    documents = PassageRetriever(pipeline=guide, k=3).invoke(QUESTION)
    for document, hit in zip(documents, guide.search(QUESTION, 3), strict=True):
        assert document.page_content == hit.passage.text
        (passage,) = guide.store.passages([document.metadata["passage_id"]])
        assert passage == hit.passage
        assert document.metadata["url"] == hit.source.url
        assert (document.metadata["score"], document.metadata["rank"]) == (hit.score, hit.rank)


def test_the_runnable_composes_and_batches(guide: Pipeline) -> None:
    chain = AnswerChain(guide) | RunnableLambda(lambda answer: answer.text)
    alone = chain.invoke(QUESTION)
    assert "Toft" in alone
    assert chain.batch([QUESTION, {"question": QUESTION, "history": []}]) == [alone, alone]
    assert run_async(chain.ainvoke(QUESTION)) == alone


def test_events_end_with_the_answer(guide: Pipeline) -> None:
    last = list(AnswerChain(guide).events(QUESTION))[-1]
    assert isinstance(last, Done)


def test_callbacks_see_the_run(guide: Pipeline) -> None:
    class Seen(BaseCallbackHandler):
        def __init__(self) -> None:
            self.outputs: list[Any] = []

        def on_chain_end(self, outputs: Any, **_: Any) -> None:
            self.outputs.append(outputs)

    seen = Seen()
    answer = AnswerChain(guide).invoke(QUESTION, {"callbacks": [seen]})
    assert isinstance(answer, Answer)
    assert any(isinstance(output, Answer) and output.text == answer.text for output in seen.outputs)


def test_events_stream_in_both_ways_and_are_one_run(guide: Pipeline) -> None:
    class Seen(BaseCallbackHandler):
        def __init__(self) -> None:
            self.begun = 0
            self.ended = 0

        def on_chain_start(self, *_: Any, **__: Any) -> None:
            self.begun += 1

        def on_chain_end(self, *_: Any, **__: Any) -> None:
            self.ended += 1

    async def drawn() -> list[Event]:
        return [event async for event in AnswerEvents(guide).astream(QUESTION)]

    seen = Seen()
    events = list(AnswerEvents(guide).stream(QUESTION, {"callbacks": [seen]}))
    assert (seen.begun, seen.ended) == (1, 1)
    assert isinstance(events[0], Retrieved)
    assert [type(event) for event in run_async(drawn())] == [type(event) for event in events]
    last = AnswerEvents(guide).invoke(QUESTION)
    assert isinstance(last, Done)


def test_async_batches_keep_their_order(guide: Pipeline) -> None:
    questions: list[Any] = [QUESTION, {"question": "How big is Enterprise Wharf?", "history": []}]
    answers = run_async(AnswerChain(guide).abatch(questions))
    assert ["Toft" in answers[0].text, "120,000" in answers[1].text] == [True, True]


def test_callbacks_see_the_chat_models_run_inside_the_chains(corpus_settings: Settings) -> None:
    class Seen(BaseCallbackHandler):
        def __init__(self) -> None:
            self.models = 0

        def on_chat_model_start(self, *_: Any, **__: Any) -> None:
            self.models += 1

    with model_server(said("Nothing.")) as server:
        fields = {"llm": "openai:scripted", "llm_base_url": server.url, "log_unanswered": False}
        with Pipeline.open(corpus_settings.model_copy(update=fields)) as opened:
            seen = Seen()
            AnswerChain(opened).invoke(QUESTION, {"callbacks": [seen]})
    assert seen.models == 1


@contextmanager
def collector() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that takes whatever is sent to it, and the paths it was sent to."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            paths.append(self.path)
            self.send_response(202)
            self.end_headers()

        do_GET = do_PATCH = do_POST  # noqa: N815 - names that the standard library calls

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", paths
    finally:
        server.shutdown()
        server.server_close()


_TRACED = """
import sys
from langchain_core.tracers.langchain import wait_for_all_tracers
from rag.chain import AnswerChain
from rag.config import Settings
from rag.pipeline import Pipeline
with Pipeline.open(Settings.model_validate({"store": sys.argv[1], "log_unanswered": False})) as guide:
    assert "Toft" in AnswerChain(guide).invoke("Who heads Minerva Business Angels?").text
wait_for_all_tracers()
"""
_OTEL = (
    """
import sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)
"""
    + _TRACED
    + """
provider.force_flush()
print("spans", len(spans.get_finished_spans()))
"""
)


def traced(code: str, store: Path, **environment: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LANGSMITH", "LANGCHAIN"))}
    command = [sys.executable, "-c", code, str(store)]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=clean | environment).stdout


def test_nothing_is_sent_unless_tracing_is_switched_on(corpus_settings: Settings) -> None:
    with collector() as (url, paths):
        proxies = {"LANGSMITH_ENDPOINT": url, "HTTP_PROXY": url, "HTTPS_PROXY": url, "http_proxy": url}
        traced(_TRACED, corpus_settings.store, LANGSMITH_API_KEY="k", **proxies)
        assert paths == []
        on = {"LANGSMITH_TRACING": "true", "LANGSMITH_API_KEY": "k", "LANGSMITH_ENDPOINT": url}
        traced(_TRACED, corpus_settings.store, **on)
        assert any("runs" in path for path in paths)


def test_opentelemetry_gets_spans_where_it_is_switched_on(corpus_settings: Settings) -> None:
    on = {"LANGSMITH_TRACING": "true", "LANGSMITH_OTEL_ENABLED": "true", "LANGSMITH_OTEL_ONLY": "true"}
    assert "spans 0" in traced(_OTEL, corpus_settings.store)
    assert re.search(r"spans [1-9]", traced(_OTEL, corpus_settings.store, LANGSMITH_API_KEY="k", **on))


def test_the_readmes_example_runs(corpus_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (code,) = (block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "AnswerEvents" in block)
    monkeypatch.setenv("WMAI_STORE", str(corpus_settings.store))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "Toft" in done.stdout
