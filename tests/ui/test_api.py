"""The HTTP API over the real pipeline."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from server_sent import events
from ui_sample import MEIF_QUESTION, QUESTIONS, SOURCE_IDS

from rag.config import Settings
from rag.pipeline import Pipeline
from rag.wire import answer_to_json


@pytest.fixture(scope="module")
def client(ui_settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    from ui.server import create_app

    settings = ui_settings.model_copy(update={"request_bytes_max": 20_000})
    with TestClient(create_app(settings, pipeline), raise_server_exceptions=False) as opened:
        yield opened


def test_ask_gives_the_contract(client: TestClient, pipeline: Pipeline) -> None:
    body = client.post("/api/ask", json={"question": MEIF_QUESTION}).json()
    expected = answer_to_json(pipeline.ask(MEIF_QUESTION))
    body.pop("timings_ms")
    expected.pop("timings_ms")
    assert body == expected


def test_ask_uses_the_history(client: TestClient) -> None:
    history = [{"question": "What is PIONEER?", "answer": "A health data hub."}]
    body = client.post("/api/ask", json={"question": "Who directs it?", "history": history}).json()
    assert "PIONEER" in body["standalone_question"]


def test_the_stream_tells_what_was_found_then_the_text_then_the_answer(client: TestClient) -> None:
    reply = client.post("/api/ask/stream", json={"question": MEIF_QUESTION})
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = events(reply.text)
    names = [event.name for event in told]
    assert names[0] == "retrieved"
    assert names[-1] == "done"
    assert set(names[1:-1]) == {"delta"}
    assert "".join(event.data["text"] for event in told if event.name == "delta") == told[-1].data["text"]


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
@pytest.mark.parametrize("question", ["", " \n", "x" * 10_000, "\u200b"], ids=["empty", "blank", "long", "invisible"])
def test_a_question_that_cannot_be_used_is_a_400(client: TestClient, path: str, question: str) -> None:
    reply = client.post(path, json={"question": question})
    assert reply.status_code == 400
    error = reply.json()["error"]
    assert list(error) == ["code", "message", "remedy"]
    assert error["code"] == "invalid_question"
    assert error["remedy"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"question": 5}', b'{"question": "a", "history": [1]}', b'{"question": "\xff"}'],
)
def test_a_request_that_cannot_be_read_is_a_400(client: TestClient, body: bytes) -> None:
    reply = client.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] in {"invalid_request", "http_error"}


def test_a_form_of_another_site_cannot_post(client: TestClient) -> None:
    # A page elsewhere may send text/plain without asking; JSON it may not.
    reply = client.post("/api/feedback", content=b'{"question":"q","answer":"a","rating":"up"}')
    assert reply.status_code == 400


def test_a_body_over_the_limit_is_a_413_also_without_an_announced_length(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"question": "'
        for _ in range(30):
            yield b"x" * 1_000

    for content in (b"x" * 20_001, chunks()):
        reply = client.post("/api/ask", content=content, headers={"Content-Type": "application/json"})
        assert reply.status_code == 413
        assert reply.json()["error"]["code"] == "too_large"


def test_search(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": "Baskerville consortium", "k": 2}).json()
    assert len(found["hits"]) == 2
    assert found["hits"][0]["source"]["id"] == "github-baskerville"
    assert client.get("/api/search", params={"q": "x", "k": 0}).status_code == 400
    assert client.get("/api/search").status_code == 400


def test_sources(client: TestClient) -> None:
    listed = client.get("/api/sources").json()["sources"]
    assert {source["id"] for source in listed} == {*SOURCE_IDS, "hostile"}
    one = client.get("/api/sources/bbb-meif2").json()
    assert one["publisher"] == "British Business Bank"
    assert all(one["text"][item["start"] : item["end"]] == item["text"] for item in one["passages"])
    assert client.get("/api/sources/none").status_code == 404
    assert client.get("/api/sources/none").json()["error"]["code"] == "unknown_source"


def test_the_passage_page_marks_the_quote_and_runs_nothing(client: TestClient) -> None:
    passage = client.get("/api/sources/hostile").json()["passages"][0]
    assert "<img" in passage["text"]
    reply = client.get(f"/passages/{passage['passage_id']}", params={"quote": passage["text"]})
    assert reply.status_code == 200
    assert "<mark>" in reply.text
    assert "<img" not in reply.text
    assert "<script" not in reply.text
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    missing = client.get("/passages/none")
    assert missing.status_code == 404
    assert missing.headers["content-type"].startswith("text/html")


def test_feedback_is_stored(client: TestClient, pipeline: Pipeline) -> None:
    body = {"question": "q", "answer": "a", "rating": "down", "reason": "outdated", "comment": " It closed. "}
    assert client.post("/api/feedback", json=body).status_code == 201
    (newest,) = pipeline.store.feedback(1)
    assert (newest.question, newest.rating, newest.reason, newest.comment) == ("q", "down", "outdated", "It closed.")
    for wrong in ({"rating": "meh"}, {"reason": "because"}, {"comment": "x" * 501}, {"extra": 1}):
        assert client.post("/api/feedback", json={**body, **wrong}).status_code == 400
    assert pipeline.store.feedback(1) == (newest,)


@pytest.mark.parametrize("field", ["question", "comment"])
def test_feedback_with_personal_details_is_not_stored_and_the_reader_is_told(
    client: TestClient, pipeline: Pipeline, field: str
) -> None:
    before = pipeline.store.feedback(1)
    body = {"question": "q", "answer": "a", "rating": "down", field: "Ring me on 07700 900123."}
    reply = client.post("/api/feedback", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == "personal_details"
    assert "a telephone number" in reply.json()["error"]["message"]
    assert pipeline.store.feedback(1) == before


def test_health(client: TestClient, pipeline: Pipeline) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["index_build"] == pipeline.store.build_id


def test_unknown_addresses_and_methods_answer_in_kind(client: TestClient) -> None:
    for reply in (client.get("/api/none"), client.get("/api/ask"), client.post("/api/sources")):
        assert reply.status_code == 404
        assert reply.json()["error"]["code"] == "not_found"
    assert client.get("/site/../server.py").status_code == 404


def test_every_reply_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/api/sources", "/site/chat/main.js", "/docs", "/api/none"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert "frame-ancestors 'self'" in headers["content-security-policy"], path


def test_doors_that_are_not_needed_are_closed(client: TestClient) -> None:
    reply = client.post("/gradio_api/upload", files={"files": ("a.txt", b"data")})
    assert reply.status_code == 404
    assert client.get("/monitoring").status_code in {403, 404}
    assert client.get("/gradio_api/runs").status_code in {403, 404}
    assert client.get("/gradio_api/info").json()["named_endpoints"] == {}


def test_the_api_is_described(client: TestClient) -> None:
    page = client.get("/docs")
    assert "POST /api/ask/stream" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "/api/feedback" in client.get("/openapi.json").json()["paths"]


def test_many_at_once_are_all_answered_with_exact_quotes(client: TestClient) -> None:
    questions = QUESTIONS * 2
    with ThreadPoolExecutor(max_workers=8) as pool:
        replies = list(pool.map(lambda question: client.post("/api/ask", json={"question": question}), questions))
    assert [reply.status_code for reply in replies] == [200] * len(questions)
    for question, reply in zip(questions, replies, strict=True):
        answer = reply.json()
        assert answer["question"] == question
        assert answer["citations"]
        passages = {hit["passage_id"]: hit["text"] for hit in answer["hits"]}
        for citation in answer["citations"]:
            start, end = citation["start"], citation["end"]
            assert passages[citation["passage_id"]][start:end] == citation["quote"]
