"""Explore, About and kept answers in a real browser: accessible, by keyboard, on a phone and without a script."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from accessibility import violations
from ui_sample import MEIF_QUESTION

from rag.config import Settings
from rag.pipeline import Pipeline
from ui.kept import keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PATHS = ("/explore", "/explore/sources", "/explore/timeline", "/about")
OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="module")
def kept_path(ui_settings: Settings, pipeline: Pipeline) -> str:
    answer = pipeline.ask(MEIF_QUESTION)
    assert answer.citations, answer.text
    return keep(ui_settings, answer)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_overflows(open_page: OpenPage, kept_path: str, width: int, scheme: str) -> None:
    for path in (*PATHS, kept_path):
        # The page's own policy keeps scripts of others out, axe among them.
        page = open_page(width=width, path=path, color_scheme=scheme, bypass_csp=True)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


def test_the_list_follows_the_form_without_a_page_load(open_page: OpenPage) -> None:
    from playwright.sync_api import expect

    page = open_page(path="/explore/sources")
    page.evaluate("window.same = true")
    page.locator("#q").press_sequentially("silicon")
    expect(page.locator(".sources tbody tr")).to_have_count(3)
    page.wait_for_url("**/explore/sources?q=silicon&sort=published&order=desc")
    page.locator("thead a", has_text="Title").press("Enter")
    page.wait_for_selector('th[aria-sort="ascending"]')
    assert page.evaluate("document.activeElement.textContent") == "Title"
    titles = page.locator(".sources tbody th").all_inner_texts()
    assert titles == sorted(titles, key=str.casefold)
    page.locator("#theme").select_option("companies")
    page.wait_for_url("**theme=companies**")
    assert page.evaluate("window.same")
    page.get_by_role("link", name="Clear").click()
    page.wait_for_url("**/explore/sources")
    assert not page.evaluate("window.same")


def test_without_a_script_the_form_and_the_links_do_the_same(open_page: OpenPage) -> None:
    page = open_page(path="/explore/sources", java_script_enabled=False)
    page.locator("#q").fill("silicon")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/explore/sources?q=silicon**")
    assert page.locator(".sources tbody tr").count() == 3
    page.locator("thead a", has_text="Title").click()
    page.wait_for_url("**sort=title**")
    assert page.locator('th[aria-sort="ascending"]').inner_text().startswith("Title")
    page.get_by_role("link", name="Timeline").click()
    page.locator(".year .from a").first.click()
    assert page.locator("mark").count() >= 1


def test_the_first_tab_stop_leads_past_the_navigation(open_page: OpenPage) -> None:
    page = open_page(path="/about")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_marker_of_a_kept_answer_leads_to_its_passage(open_page: OpenPage, kept_path: str) -> None:
    page = open_page(path=kept_path)
    page.locator(".answer a.cite").first.click()
    card = page.locator(".passage:target")
    assert "British Business Bank" in card.locator("mark").inner_text()
