"""Answers that take their time: stopped, failing half-way, and beside others that are quick."""

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

import pytest
import uvicorn
from fastapi.testclient import TestClient
from scripted import ScriptedPipeline
from server_sent import events

from rag.config import Settings
from rag.pipeline import Pipeline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OpenScripted = Callable[[], "Page"]


@pytest.fixture
def scripted() -> Iterator[ScriptedPipeline]:
    pipeline = ScriptedPipeline()
    yield pipeline
    pipeline.go_on.set()


@pytest.fixture
def open_scripted(scripted: ScriptedPipeline, browser: "Browser") -> Iterator[OpenScripted]:
    from ui.server import create_app

    app = create_app(Settings(_env_file=None), cast(Pipeline, scripted))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    started = threading.Event()
    while not server.started:
        assert thread.is_alive()
        started.wait(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    pages: list[Page] = []

    def open_() -> "Page":
        page = browser.new_page()
        pages.append(page)
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector('#log[role="log"]')
        return page

    yield open_
    scripted.go_on.set()
    for page in pages:
        page.close()
    server.should_exit = True
    thread.join(timeout=30)


def ask(page: "Page", question: str) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")


@pytest.mark.browser
def test_a_running_answer_can_be_stopped_and_what_came_is_kept(
    open_scripted: OpenScripted, scripted: ScriptedPipeline
) -> None:
    page = open_scripted()
    ask(page, "slow question")
    page.wait_for_selector('#live .turn[data-state="running"]:has-text("First part.")')
    assert page.is_visible("#stop")
    assert page.is_hidden("#ask")
    assert "Reading these passages" in page.inner_text("#panel")
    # Until Gradio has told its queue, a further question stays in the box.
    with page.expect_response("**/gradio_api/reset"):
        page.click("#stop")
    page.wait_for_selector('#finished .turn[data-state="stopped"]')
    assert "First part." in page.inner_text("#turn-1")
    assert page.is_visible("#ask")
    scripted.go_on.set()
    ask(page, "quick question")
    page.wait_for_selector('#turn-2[data-state="done"]:has-text("Second part.")')
    assert page.get_attribute("#turn-1", "data-state") == "stopped"


@pytest.mark.browser
def test_one_slow_answer_does_not_hold_up_another(open_scripted: OpenScripted) -> None:
    slow, quick = open_scripted(), open_scripted()
    ask(slow, "slow question")
    slow.wait_for_selector('#live .turn[data-state="running"]')
    ask(quick, "quick question")
    quick.wait_for_selector('#turn-1[data-state="done"]')
    assert slow.get_attribute("#turn-1", "data-state") == "running"


@pytest.mark.browser
def test_a_failure_half_way_is_told_in_words(open_scripted: OpenScripted, scripted: ScriptedPipeline) -> None:
    page = open_scripted()
    scripted.go_on.set()
    ask(page, "broken question")
    page.wait_for_selector('#turn-1[data-state="failed"] [role="alert"]')
    assert "The store cannot be read. Run: wmai index" in page.inner_text("#turn-1")
    ask(page, "quick question")
    page.wait_for_selector('#turn-2[data-state="done"]')


def test_a_failure_half_way_ends_the_stream_with_an_error_event(scripted: ScriptedPipeline) -> None:
    from ui.server import create_app

    scripted.go_on.set()
    with TestClient(create_app(Settings(_env_file=None), cast(Pipeline, scripted))) as client:
        text = client.post("/api/ask/stream", json={"question": "broken"}).text
    last = events(text)[-1]
    assert last.name == "error"
    assert last.data["error"] == {
        "code": "store_broken",
        "message": "The store cannot be read.",
        "remedy": "Run: wmai index",
    }
