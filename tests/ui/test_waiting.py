"""Answers that take their time: stopped, failing half-way, and beside others that are quick."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from fastapi.testclient import TestClient
from scripted import ScriptedPipeline
from scripted_server import ScriptedServer
from server_sent import events

from rag.config import Settings
from rag.pipeline import Pipeline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

OpenScripted = Callable[[], "Page"]


@pytest.fixture
def scripted() -> Iterator[ScriptedPipeline]:
    pipeline = ScriptedPipeline()
    yield pipeline
    pipeline.go_on.set()


@pytest.fixture
def server(scripted: ScriptedPipeline, tmp_path: Path) -> Iterator[ScriptedServer]:
    server = ScriptedServer(scripted, Settings(_env_file=None, store=tmp_path))
    server.start()
    yield server
    scripted.go_on.set()
    server.stop()


@pytest.fixture
def open_scripted(server: ScriptedServer, browser: "Browser") -> Iterator[OpenScripted]:
    pages: list[Page] = []

    def open_() -> "Page":
        page = browser.new_page()
        pages.append(page)
        page.goto(server.address)
        page.wait_for_selector("#log[data-live]")
        return page

    yield open_
    for page in pages:
        page.close()


def ask(page: "Page", question: str) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")


@pytest.mark.browser
def test_a_running_answer_can_be_stopped_and_what_came_is_kept(
    open_scripted: OpenScripted, scripted: ScriptedPipeline
) -> None:
    page = open_scripted()
    ask(page, "slow question")
    page.wait_for_selector('#turns .turn[data-state="running"]:has-text("First part.")')
    assert page.is_visible("#stop")
    assert page.is_hidden("#ask")
    assert "Reading these passages" in page.inner_text("#panel")
    # Until Gradio has told its queue, a further question stays in the box.
    with page.expect_response("**/gradio_api/reset"):
        page.click("#stop")
    page.wait_for_selector('#turns .turn[data-state="stopped"]')
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
    slow.wait_for_selector('#turns .turn[data-state="running"]')
    ask(quick, "quick question")
    quick.wait_for_selector('#turn-1[data-state="done"]')
    assert slow.get_attribute("#turn-1", "data-state") == "running"


@pytest.mark.browser
def test_a_failure_half_way_is_told_in_words(open_scripted: OpenScripted, scripted: ScriptedPipeline) -> None:
    page = open_scripted()
    scripted.go_on.set()
    ask(page, "broken question")
    page.wait_for_selector('#turn-1[data-state="failed"] .problem')
    assert "The store cannot be read. Run: wmai index" in page.inner_text("#turn-1")
    ask(page, "quick question")
    page.wait_for_selector('#turn-2[data-state="done"]')


@pytest.mark.browser
def test_a_page_that_is_loaded_anew_while_it_answers_says_so_and_can_ask_again(
    open_scripted: OpenScripted, scripted: ScriptedPipeline
) -> None:
    page = open_scripted()
    ask(page, "slow question")
    page.wait_for_selector('#turns .turn[data-state="running"]:has-text("First part.")')
    page.reload()
    page.wait_for_selector('#turn-1[data-state="stopped"]:has-text("First part.")')
    assert "Stopped before the answer was finished" in page.inner_text("#turn-1")
    scripted.go_on.set()
    page.click('#turn-1 [data-tool="retry"]')
    page.wait_for_selector('#turn-1[data-state="done"]:has-text("Second part.")')
    assert page.locator(".turn").count() == 1


@pytest.mark.browser
def test_a_server_that_is_started_anew_while_it_answers_leaves_the_conversation_and_can_be_asked_again(
    open_scripted: OpenScripted, server: ScriptedServer, scripted: ScriptedPipeline
) -> None:
    page = open_scripted()
    ask(page, "quick question")
    page.wait_for_selector('#turn-1[data-state="done"]')
    ask(page, "slow question")
    page.wait_for_selector('#turn-2[data-state="running"]:has-text("First part.")')
    server.stop()
    page.wait_for_selector('#turn-2[data-state="stopped"]')
    server.pipeline = ScriptedPipeline()
    server.pipeline.go_on.set()
    # The page loads anew once the server is back.
    with page.expect_navigation():
        server.start()
    page.wait_for_selector('#turn-1[data-state="done"]:has-text("Second part.")')
    page.wait_for_selector('#turn-2[data-state="stopped"]:has-text("First part.")')
    page.click('#turn-2 [data-tool="retry"]')
    page.wait_for_selector('#turn-2[data-state="done"]:has-text("Second part.")')
    scripted.go_on.set()


@pytest.mark.browser
def test_a_question_while_the_server_is_away_is_not_lost(open_scripted: OpenScripted, server: ScriptedServer) -> None:
    page = open_scripted()
    server.stop()
    ask(page, "quick question")
    page.wait_for_selector("#log > .problem")
    assert page.is_visible("#ask")
    assert page.input_value("#question textarea") == "quick question"
    with page.expect_navigation():
        server.start()
    page.wait_for_selector("#log[data-live]")
    assert page.input_value("#question textarea") == "quick question"
    page.click("#ask")
    page.wait_for_selector('#turn-1[data-state="done"]')
    assert page.inner_text("#turn-1 .question") == "quick question"


@pytest.mark.browser
def test_a_question_before_the_pages_scripts_have_come_waits_for_them(
    server: ScriptedServer, browser: "Browser"
) -> None:
    page = browser.new_page()
    held: list[Route] = []
    page.route("**/site/chat/asking.js", lambda route: held.append(route))
    # A page whose scripts are still on their way has not loaded.
    page.goto(server.address, wait_until="commit")
    with page.expect_request("**/site/chat/asking.js"):
        page.wait_for_selector("#question textarea")
    ask(page, "quick question")
    assert page.locator("#turns .turn").count() == 0
    for route in held:
        route.continue_()
    page.wait_for_selector('#turn-1[data-state="done"]')
    assert page.inner_text("#turn-1 .question") == "quick question"
    page.close()


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


@pytest.mark.browser
def test_who_begins_a_new_conversation_while_one_is_answered_finds_the_answer_in_the_old_one(
    open_scripted: OpenScripted, scripted: ScriptedPipeline
) -> None:
    page = open_scripted()
    ask(page, "slow question")
    page.wait_for_selector('#turns .turn[data-state="running"]:has-text("First part.")')
    page.click("#new")
    page.wait_for_selector(".welcome:visible")
    scripted.go_on.set()
    page.wait_for_selector("#ask:visible")
    assert page.locator(".turn").count() == 0
    page.click("#past")
    page.click('#conversations .open:has-text("slow question")')
    page.wait_for_selector('#turn-1[data-state="done"]:has-text("Second part.")')
