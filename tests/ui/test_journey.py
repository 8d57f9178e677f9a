"""One reader's whole way through the chat page, at a desk and on a phone."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from asking import ask, narrow
from ui_sample import MEIF_QUESTION

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_from_an_example_to_a_link_that_stays(open_page: Callable[..., "Page"], width: int) -> None:
    phone = width < 500
    page = open_page(width=width, height=740, is_mobile=phone, has_touch=phone)
    press = page.tap if phone else page.click
    press(".example")
    page.wait_for_selector('#turn-1[data-state="done"]')
    press("#turn-1 a.cite")
    page.wait_for_selector("#card-1-1 mark:visible")
    if phone:
        press("#card-1-1 .back")
    narrow(page, themes="health")
    ask(page, MEIF_QUESTION, turn=2)
    press('#turn-2 [data-tool="widen"]')
    page.wait_for_selector('#turn-2[data-outcome="answered"]')
    press('#turn-2 [data-tool="down"]')
    press('#turn-2 .feedback input[value="outdated"]')
    press('#turn-2 .feedback [type="submit"]')
    page.wait_for_selector("#turn-2 .tool-status:has-text('Thank you')")
    press(".export summary")
    with page.expect_download() as download:
        press('[data-do="json"]')
    turns = json.loads(download.value.path().read_text(encoding="utf-8"))["turns"]
    assert [turn["answer"]["outcome"] for turn in turns] == ["answered", "answered"]
    press('#turn-2 [data-tool="link"]')
    address = page.locator("#turn-2 .tool-status a").get_attribute("href") or ""
    page.goto(address)
    assert page.locator(".answer a.cite").count() == len(turns[1]["answer"]["citations"]) > 0
    page.go_back()
    page.wait_for_selector('#turn-2[data-state="done"]')
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
