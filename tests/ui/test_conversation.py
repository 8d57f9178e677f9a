"""A conversation in a real browser: narrowed, corrected, retried, kept in the browser alone, exported."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asking import ask, narrow
from ui_sample import MEIF_QUESTION

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
OpenPage = Callable[..., "Page"]
SPA_QUESTION = "What is Silicon Spa?"


def test_a_question_is_narrowed_and_the_refusal_says_so(open_page: OpenPage) -> None:
    page = open_page()
    narrow(page, themes="health", places="Birmingham")
    assert page.locator("#chips li").all_inner_texts() == ["Health\n×", "Birmingham\n×"]
    ask(page, MEIF_QUESTION)
    assert page.get_attribute("#turn-1", "data-outcome") == "not_in_sources"
    assert "Only sources within Health; Birmingham were searched" in page.inner_text("#turn-1 .answer")
    # The filters stay for the next question; what was asked is asked again of all sources.
    page.click('#turn-1 [data-tool="widen"]')
    page.wait_for_selector('#turn-1[data-outcome="answered"]')
    assert "British Business Bank" in page.inner_text("#turn-1 .answer")
    assert page.locator("#turn-1 .within").count() == 0
    assert page.locator(".turn").count() == 1
    for chip in ("Health", "Birmingham"):
        page.click(f'#chips button[aria-label="Remove filter {chip}"]')
    page.wait_for_function("document.activeElement.id === 'filter'")
    ask(page, MEIF_QUESTION, turn=2)
    assert page.get_attribute("#turn-2", "data-outcome") == "answered"


def test_an_earliest_year_is_kept_over_a_reload_and_shown_with_the_answer(open_page: OpenPage) -> None:
    page = open_page()
    narrow(page, published_from="2024")
    page.reload()
    page.wait_for_selector('#chips button[aria-label="Remove filter From 2024"]')
    ask(page, MEIF_QUESTION)
    assert page.inner_text("#turn-1 .within") == "Within from 2024"
    cards = page.locator("#panel .card").count()
    published = [time.get_attribute("datetime") or "" for time in page.locator("#panel .card time").all()]
    assert len(published) == cards > 0
    assert min(published) >= "2024"


def test_what_was_understood_can_be_corrected(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "What is PIONEER?")
    ask(page, "Who directs it?", turn=2)
    page.click('#turn-2 [data-tool="correct"]')
    box = page.locator("#turn-2 .correction textarea")
    assert "PIONEER" in box.input_value()
    page.wait_for_function("document.activeElement.matches('.correction textarea')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('[data-tool=correct]')")
    page.keyboard.press("Enter")
    box.fill(SPA_QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#turn-2[data-state="done"]:has-text("{SPA_QUESTION}")')
    # It stands by itself, in the place of what was misunderstood.
    assert page.locator(".turn").count() == 2
    assert page.locator("#turn-2 .understood").count() == 0
    assert "PIONEER" not in page.inner_text("#turn-2 .answer")


def test_an_earlier_question_is_asked_again_below_with_what_it_leaned_on(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "What is PIONEER?")
    ask(page, "Who directs it?", turn=2)
    ask(page, SPA_QUESTION, turn=3)
    page.click('#turn-2 [data-tool="retry"]')
    page.wait_for_selector('#turn-4[data-state="done"]')
    assert page.inner_text("#turn-4 .question") == "Who directs it?"
    assert page.inner_text("#turn-4 .answer") == page.inner_text("#turn-2 .answer")
    page.click('#turn-4 [data-tool="retry"]')
    page.wait_for_function("() => !document.body.hasAttribute('data-busy')")
    assert page.locator(".turn").count() == 4


def test_a_conversation_survives_a_reload_and_goes_on(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "What is PIONEER?")
    before = page.inner_text("#turns")
    cards = page.locator("#panel .card").all_inner_texts()
    page.reload()
    page.wait_for_selector('#turn-1[data-state="done"]')
    assert page.inner_text("#turns") == before
    assert page.locator("#panel .card").all_inner_texts() == cards
    assert page.is_hidden(".welcome")
    ask(page, "Who directs it?", turn=2)
    assert "PIONEER" in page.inner_text("#turn-2 .understood")
    page.goto(page.url + "docs")
    page.go_back()
    page.wait_for_selector('#turn-2[data-state="done"]')


def test_earlier_conversations_can_be_opened_deleted_and_cleared(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MEIF_QUESTION)
    page.click("#new")
    page.wait_for_selector(".welcome")
    ask(page, SPA_QUESTION)
    page.click("#past")
    titles = page.locator("#conversations .open span")
    assert titles.all_inner_texts() == [SPA_QUESTION, MEIF_QUESTION]
    titles.nth(1).click()
    page.wait_for_selector(f'#turn-1:has-text("{MEIF_QUESTION}")')
    assert page.locator(".turn").count() == 1
    page.click("#past")
    page.click(f'#conversations button[aria-label="Delete: {MEIF_QUESTION}"]')
    assert titles.all_inner_texts() == [SPA_QUESTION]
    page.click('[data-do="clear"]')
    assert "Delete all 1 for good" in page.inner_text('[data-do="clear"]')
    page.click('[data-do="clear"]')
    page.wait_for_selector(".history-empty:visible")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.id === 'past'")
    assert page.locator(".turn").count() == 0
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('wmai-turn:')).length") == 0
    page.reload()
    page.wait_for_selector("#log[data-live]")
    assert page.locator(".turn").count() == 0


def test_two_tabs_do_not_overwrite_each_other(open_page: OpenPage) -> None:
    first = open_page()
    second = open_page(beside=first)
    ask(first, MEIF_QUESTION)
    ask(second, SPA_QUESTION)
    ask(first, "What is PIONEER?", turn=2)
    assert second.locator(".turn").count() == 1
    for page in (first, second):
        page.click("#past")
        assert set(page.locator("#conversations .open span").all_inner_texts()) == {MEIF_QUESTION, SPA_QUESTION}
    # The same conversation in both: what one adds or deletes the other shows.
    second.click(f'#conversations .open:has-text("{MEIF_QUESTION}")')
    second.wait_for_selector('#turn-2[data-state="done"]')
    first.keyboard.press("Escape")
    ask(first, SPA_QUESTION, turn=3)
    second.wait_for_selector(f'#turn-3:has-text("{SPA_QUESTION}")')
    first.click("#past")
    first.click(f'#conversations button[aria-label="Delete: {MEIF_QUESTION}"]')
    second.wait_for_function("document.querySelectorAll('.turn').length === 0")


def test_what_lies_in_the_browser_is_shown_and_never_obeyed(open_page: OpenPage) -> None:
    page = open_page()
    bad = '<img src=x onerror="window.hit=1"><script>window.hit=1</script> {{this}} ${window.hit=1}'
    page.evaluate(
        """(bad) => {
          const id = sessionStorage.getItem("wmai-open");
          const put = (turn, value) => localStorage.setItem(`wmai-turn:${id}:${turn}`, value);
          const base = { number: 1, asked: "2026-11-27T10:00:00.000Z", stopped: true };
          put("a", JSON.stringify({ ...base, id: "a", question: bad, text: bad }));
          const selection = { themes: [bad], places: [bad] };
          put("b", JSON.stringify({ ...base, id: "b", question: bad, error: bad, selection }));
          const later = "2026-11-27T11:00:00.000Z";
          put("c", JSON.stringify({ ...base, id: "c", asked: later, question: "Torn", answer: { text: bad } }));
          put("d", "{ torn");
        }""",
        bad,
    )
    page.reload()
    page.wait_for_selector("#log > .problem:has-text('1 of the turns')")
    assert page.locator(".turn .question").all_inner_texts() == [bad, bad]
    page.click("#past")
    assert page.locator("#conversations .open span").all_inner_texts() == [bad]
    assert page.evaluate("window.hit") is None
    assert page.locator("#turns :is(img, script), #panel :is(img, script), #history img").count() == 0


def test_the_conversation_is_taken_away_as_markdown_and_as_json(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    ask(page, MEIF_QUESTION)
    ask(page, "Why is <b>*this*</b> [x](javascript:alert(1)) so?", turn=2)
    files = {}
    for kind in ("markdown", "json"):
        page.click(".export summary")
        with page.expect_download() as download:
            page.click(f'[data-do="{kind}"]')
        name = download.value.suggested_filename
        assert re.fullmatch(r"west-midlands-ai-guide-\d{4}-\d\d-\d\d\.(md|json)", name)
        download.value.save_as(tmp_path / name)
        files[kind] = (tmp_path / name).read_text(encoding="utf-8")
    assert f"## {MEIF_QUESTION}" in files["markdown"]
    assert re.search(r"^- \[1\] .+ British Business Bank, .+ <https://\S+>\n  > The £400m", files["markdown"], re.M)
    assert r"\<b\>\*this\*\</b\> \[x](javascript" in files["markdown"]
    turns = json.loads(files["json"])["turns"]
    assert turns[0]["question"] == MEIF_QUESTION
    citation = turns[0]["answer"]["citations"][0]
    assert citation["passage"]["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_an_answer_gets_an_address_only_when_the_reader_asks_for_one(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, MEIF_QUESTION)
    page.reload()
    page.click('#turn-1 [data-tool="link"]')
    link = page.locator("#turn-1 .tool-status a")
    address = link.get_attribute("href")
    assert address is not None
    assert page.evaluate("navigator.clipboard.readText()") == address
    kept = open_page(path=address.removeprefix("http://").partition("/")[2].join(("/", "")))
    assert MEIF_QUESTION in kept.inner_text("body")
    assert "British Business Bank" in kept.inner_text("body")


def test_no_address_is_given_to_words_that_the_guide_did_not_say(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MEIF_QUESTION)
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((name) => name.startsWith("wmai-turn:"));
          const record = JSON.parse(localStorage.getItem(key));
          record.answer.text = "The guide says: buy my coin. [1]";
          localStorage.setItem(key, JSON.stringify(record));
        }"""
    )
    page.reload()
    page.click('#turn-1 [data-tool="link"]')
    page.wait_for_selector("#turn-1 .tool-status:has-text('Ask again')")
    assert page.locator("#turn-1 .tool-status a").count() == 0


def test_feedback_with_personal_details_stays_in_the_form_with_the_reason(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MEIF_QUESTION)
    page.click('#turn-1 [data-tool="down"]')
    page.fill("#turn-1 .feedback textarea", "Ring me on 07700 900123.")
    page.click("#turn-1 .feedback button[type=submit]")
    page.wait_for_selector("#turn-1 .tool-status:has-text('a telephone number')")
    assert page.is_visible("#turn-1 .feedback")


def test_a_browser_that_keeps_nothing_can_still_ask(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('off'); } })")
    page.reload()
    page.wait_for_selector("#log[data-live]")
    ask(page, MEIF_QUESTION)
    ask(page, SPA_QUESTION, turn=2)
    assert page.locator(".turn").count() == 2
