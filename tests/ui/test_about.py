"""The page about the guide tells what is so: its counts, its example, what it stores under the settings in force."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from ui_sample import SOURCE_IDS

from rag.config import Settings
from rag.pipeline import Pipeline


def opened(settings: Settings, pipeline: Pipeline) -> TestClient:
    from ui.server import create_app

    return TestClient(create_app(settings, pipeline), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def page(ui_settings: Settings, pipeline: Pipeline) -> Iterator[str]:
    with opened(ui_settings, pipeline) as client:
        reply = client.get("/about")
        assert reply.status_code == 200
        assert "unsafe" not in reply.headers["content-security-policy"]
        assert client.get("/about", headers={"If-None-Match": reply.headers["etag"]}).status_code == 304
        yield reply.text


def test_the_counts_are_the_stores(page: str, pipeline: Pipeline) -> None:
    manifest = pipeline.store.manifest
    assert f"{len(SOURCE_IDS) + 1} sources, {manifest.passages} passages, {manifest.sentences} sentences" in page
    assert manifest.build_id in page
    assert "$" not in page


def test_the_example_is_a_real_answer(page: str, pipeline: Pipeline) -> None:
    question = pipeline.store.questions()[0].question
    answer = pipeline.ask(question)
    assert answer.outcome.is_answer
    text = re.sub(r"<[^>]+>", "", page)
    assert question in text
    assert answer.citations[0].quote in text
    assert f"from character {answer.citations[0].start + 1:,} to {answer.citations[0].end:,}" in text
    link = re.search(r'href="(/passages/[^"]+quote=[^"]+)">look it up', page)
    assert link


def test_what_is_said_of_privacy_follows_the_settings(ui_settings: Settings, pipeline: Pipeline) -> None:
    quiet = ui_settings.model_copy(
        update={"log_unanswered": False, "kept_answers_max": 0, "llm": "openai:gpt-<b>x"},
    )
    texts = []
    for settings in (ui_settings, quiet):
        with opened(settings, pipeline) as client:
            texts.append(client.get("/about").text)
    assert "Nothing says who asked" in texts[0]
    assert "deleted after 730 days" in texts[0]
    assert "chat model" not in texts[0]
    assert "Neither are those that were not" in texts[1]
    assert "address of its own" not in texts[1]
    assert "openai:gpt-&lt;b&gt;x" in texts[1]
