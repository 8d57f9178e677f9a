"""What readers do around a widget's answer: leave the page and come back, reload, use two tabs, outlive the server."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from host_site import HostSite
from patience import BROWSER_WAIT_MS
from scripted import ScriptedPipeline
from scripted_server import ScriptedServer
from widget_fixtures import EXAMPLE, host_page

from rag.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
FIRST, WHOLE = "First part.", "First part. Second part."


@pytest.fixture
def guide_server(allowed_site: HostSite) -> Iterator[ScriptedServer]:
    """A server whose slow answers wait for the test's word."""
    server = ScriptedServer(ScriptedPipeline(), Settings(_env_file=None, embed_origins=allowed_site.address))
    server.start()
    yield server
    server.pipeline.go_on.set()
    server.stop()


@pytest.fixture
def context(browser: "Browser", guide_server: ScriptedServer, allowed_site: HostSite) -> Iterator["BrowserContext"]:
    """A browser of one reader; afterwards fails where a page asked anyone but the server and the site."""
    foreign: list[str] = []
    made = browser.new_context()
    made.set_default_timeout(BROWSER_WAIT_MS)
    known = (guide_server.address, allowed_site.address)
    made.on("request", lambda sent: None if sent.url.startswith(known) else foreign.append(sent.url))
    yield made
    made.close()
    assert foreign == []


def opened(context: "BrowserContext", guide_server: ScriptedServer, site: HostSite) -> "Page":
    page = context.new_page()
    body = "<wmai-guide></wmai-guide><a id='away' href='/elsewhere'>Elsewhere</a>"
    page.goto(site.add("/journey", host_page(guide_server.address, body=body)))
    page.locator(EXAMPLE).first.wait_for()
    return page


def send(page: "Page", question: str) -> None:
    page.locator("wmai-guide textarea").fill(question)
    page.locator("wmai-guide textarea").press("Enter")


def wait_for(page: "Page", words: str, turn: int = 0) -> None:
    page.locator("wmai-guide .turn").nth(turn).locator("[part=answer]", has_text=words).wait_for()


def test_an_answer_outlives_a_restart_of_the_server(
    context: "BrowserContext", guide_server: ScriptedServer, allowed_site: HostSite
) -> None:
    page = opened(context, guide_server, allowed_site)
    send(page, "slow question")
    wait_for(page, FIRST)
    guide_server.restart()
    guide_server.pipeline.go_on.set()
    wait_for(page, WHOLE)
    # Begun anew, not gone on with: the first words stand there once.
    assert page.locator("wmai-guide .turn [part=answer]").inner_text().count(FIRST) == 1
    send(page, "another question")
    wait_for(page, WHOLE, turn=1)


def test_a_server_that_stays_away_is_told_and_asked_again(
    context: "BrowserContext", guide_server: ScriptedServer, allowed_site: HostSite
) -> None:
    page = opened(context, guide_server, allowed_site)
    guide_server.stop()
    send(page, "question")
    page.locator("wmai-guide .turn .problem").wait_for()
    guide_server.start()
    page.locator("wmai-guide .turn .row button").click()
    wait_for(page, WHOLE)
    assert page.locator("wmai-guide .turn").count() == 1


def test_a_reload_in_the_middle_of_an_answer_begins_afresh(
    context: "BrowserContext", guide_server: ScriptedServer, allowed_site: HostSite
) -> None:
    page = opened(context, guide_server, allowed_site)
    send(page, "slow question")
    wait_for(page, FIRST)
    page.reload()
    page.locator(EXAMPLE).first.wait_for()
    # Nothing of a conversation is kept on pages of other sites.
    assert page.locator("wmai-guide .turn").count() == 0
    send(page, "question")
    wait_for(page, WHOLE)


def test_back_leads_to_a_widget_that_answers(
    context: "BrowserContext", guide_server: ScriptedServer, allowed_site: HostSite
) -> None:
    allowed_site.add("/elsewhere", "<!doctype html><title>Elsewhere</title><link rel=icon href=data:,>")
    page = opened(context, guide_server, allowed_site)
    send(page, "slow question")
    wait_for(page, FIRST)
    page.click("#away")
    page.wait_for_url("**/elsewhere")
    guide_server.pipeline.go_on.set()
    page.go_back()
    page.locator("wmai-guide textarea").wait_for()
    before = page.locator("wmai-guide .turn").count()
    send(page, "question")
    wait_for(page, WHOLE, turn=before)


def test_two_tabs_hold_two_conversations(
    context: "BrowserContext", guide_server: ScriptedServer, allowed_site: HostSite
) -> None:
    one, other = (opened(context, guide_server, allowed_site) for _ in range(2))
    send(one, "slow question")
    wait_for(one, FIRST)
    send(other, "question")
    wait_for(other, WHOLE)
    guide_server.pipeline.go_on.set()
    wait_for(one, WHOLE)
    for page, earlier in ((one, "slow question"), (other, "question")):
        with page.expect_request("**/ask/stream") as sent:
            send(page, "and then")
        assert [turn["question"] for turn in json.loads(sent.value.post_data or "")["history"]] == [earlier]
        wait_for(page, WHOLE, turn=1)
