"""What there is to be seen for readers: the chat page, the pages around it, the widget."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.browser import open_host_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUESTION = "Who delivers the Midlands Engine Investment Fund II?"
REFUSED = "How many jobs would a quantum teleporter factory bring to Dudley?"
FULL_PAGE_PX = 2400
"""A longer page is cut off there."""

Act = Callable[["Page", str], None]
"""Brings a page into the state to be seen; given the address of the server."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One state of one page."""

    name: str
    act: Act
    full: bool = False
    """The whole page and not just what the window shows."""


def _opened(path: str) -> Act:
    def act(page: "Page", server: str) -> None:
        page.goto(server + path)

    return act


def _chat(page: "Page", server: str) -> None:
    page.goto(server)
    page.wait_for_selector("#log[data-live]")


def _asked(question: str, page: "Page", server: str) -> None:
    _chat(page, server)
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector('#turn-1[data-state="done"]')


def _answered(page: "Page", server: str) -> None:
    _asked(QUESTION, page, server)


def _refused(page: "Page", server: str) -> None:
    _asked(REFUSED, page, server)


def _cited(page: "Page", server: str) -> None:
    _answered(page, server)
    page.locator("#turn-1 a.cite").first.click()


def _complained(page: "Page", server: str) -> None:
    _answered(page, server)
    page.click('#turn-1 [data-tool="down"]')


def _filters(page: "Page", server: str) -> None:
    _answered(page, server)
    page.click('[data-do="filter"]')
    page.locator("#filters select").first.wait_for()


def _history(page: "Page", server: str) -> None:
    _answered(page, server)
    page.click('[data-do="history"]')


def _kept(page: "Page", server: str) -> None:
    _answered(page, server)
    with page.expect_response("**/chat/links") as made:
        page.click('#turn-1 [data-tool="link"]')
    page.goto(server + made.value.json()["address"])


def _passage(page: "Page", server: str) -> None:
    (hit,) = page.request.get(f"{server}/api/v1/search", params={"q": QUESTION, "k": "1"}).json()["hits"]
    words = hit["text"][:80].rpartition(" ")[0]
    page.goto(f"{server}/passages/{hit['passage_id']}?quote={words}")


def _launcher(page: "Page", server: str) -> None:
    open_host_page(page, server)
    page.locator("wmai-guide .launcher").wait_for()


def _open(page: "Page", server: str) -> None:
    _launcher(page, server)
    page.locator("wmai-guide .launcher").click()
    page.locator("wmai-guide .examples button").first.wait_for()


def _talked(page: "Page", server: str) -> None:
    _open(page, server)
    _ask_widget(page)


def _inline(page: "Page", server: str) -> None:
    open_host_page(page, server, body="<wmai-guide></wmai-guide>")
    page.locator("wmai-guide .examples button").first.wait_for()
    _ask_widget(page)


def _urdu(page: "Page", server: str) -> None:
    open_host_page(page, server, attributes='data-language="ur"')
    page.locator("wmai-guide .launcher").click()
    page.locator("wmai-guide .examples button").first.wait_for()
    _ask_widget(page)


def _ask_widget(page: "Page") -> None:
    box = page.locator("wmai-guide textarea")
    box.fill(QUESTION)
    box.press("Enter")
    page.locator("wmai-guide .turn .citation").first.wait_for()


def _demo(page: "Page", server: str) -> None:
    page.goto(f"{server}/widget/demo")
    page.locator("wmai-guide .examples button").first.wait_for()


SHOTS = (
    Shot("chat-empty", _chat),
    Shot("chat-answered", _answered),
    Shot("chat-refused", _refused),
    Shot("chat-sources", _cited),
    Shot("chat-feedback", _complained),
    Shot("chat-filters", _filters),
    Shot("chat-history", _history),
    Shot("answer", _kept, full=True),
    Shot("passage", _passage, full=True),
    Shot("explore", _opened("/explore")),
    Shot("explore-sources", _opened("/explore/sources?q=fund"), full=True),
    Shot("explore-timeline", _opened("/explore/timeline"), full=True),
    Shot("about", _opened("/about"), full=True),
    Shot("docs", _opened("/docs"), full=True),
    Shot("not-here", _opened("/passages/none"), full=True),
    Shot("widget-launcher", _launcher),
    Shot("widget-open", _open),
    Shot("widget-answered", _talked),
    Shot("widget-inline", _inline, full=True),
    Shot("widget-urdu", _urdu),
    Shot("widget-demo", _demo, full=True),
)
"""In the order in which they are made."""
