"""The chat page in a real browser, over the real server, with no network but the loopback address."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asking import ask
from ui_sample import HOSTILE_QUESTION, MEIF_QUESTION

from rag.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
OpenPage = Callable[..., "Page"]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


def feedback_rows(settings: Settings) -> list[tuple[str, str, str | None]]:
    with sqlite3.connect(settings.store / "library.db") as connection:
        return connection.execute("SELECT question, rating, reason FROM feedback ORDER BY number").fetchall()


def test_ask_open_the_passage_and_say_that_it_helped(open_page: OpenPage, ui_settings: Settings) -> None:
    page = open_page()
    ask(page, MEIF_QUESTION)
    assert "British Business Bank" in page.inner_text("#turn-1 .answer")
    assert page.input_value("#question textarea") == ""
    marker = page.locator("#turn-1 a.cite").first
    number = marker.inner_text()
    marker.click()
    card = page.locator(f"#card-1-{number}")
    page.wait_for_function("id => document.activeElement.id === id", arg=f"card-1-{number}")
    quote = card.locator("mark").inner_text()
    assert quote in page.inner_text("#turn-1 .answer")
    assert quote in card.locator(".card-text").inner_text()
    assert card.locator("a", has_text="Original").get_attribute("href", timeout=1000)
    assert "British Business Bank" in page.inner_text("#panel")
    before = len(feedback_rows(ui_settings))
    page.click('#turn-1 [data-tool="up"]')
    page.wait_for_selector("#turn-1 .tool-status:has-text('Thank you')")
    rows = feedback_rows(ui_settings)
    assert len(rows) == before + 1
    assert rows[-1] == (MEIF_QUESTION, "up", None)
    assert page.get_attribute('#turn-1 [data-tool="up"]', "aria-pressed") == "true"


def test_a_thumb_down_takes_a_reason_and_survives_the_next_question(open_page: OpenPage, ui_settings: Settings) -> None:
    page = open_page()
    ask(page, MEIF_QUESTION)
    page.click('#turn-1 [data-tool="down"]')
    page.check('#turn-1 input[value="outdated"]')
    page.fill("#turn-1 .feedback textarea", "There is a third fund now.")
    page.click("#turn-1 .feedback button[type=submit]")
    page.wait_for_selector("#turn-1 .tool-status:has-text('Thank you')")
    assert feedback_rows(ui_settings)[-1] == (MEIF_QUESTION, "down", "outdated")
    assert page.is_hidden("#turn-1 .feedback")
    ask(page, "What is Silicon Spa?", turn=2)
    assert page.get_attribute('#turn-1 [data-tool="down"]', "aria-pressed") == "true"
    assert page.get_attribute('#turn-2 [data-tool="down"]', "aria-pressed") == "false"


def test_each_answer_keeps_its_own_sources(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "Which organisations make up the Baskerville consortium?")
    ask(page, MEIF_QUESTION, turn=2)
    assert page.is_hidden("#card-1-1")
    page.click("#turn-1 a.cite")
    assert page.is_visible("#card-1-1")
    assert "Turing Institute" in page.inner_text("#card-1-1 mark")
    assert page.locator("#panel .panel-group:visible").count() == 1


def test_a_follow_up_leans_on_what_was_said(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "What is PIONEER?")
    ask(page, "Who directs it?", turn=2)
    assert "PIONEER" in page.inner_text("#turn-2 .aside")


def test_an_example_question_is_asked_by_a_click(open_page: OpenPage) -> None:
    page = open_page()
    example = page.locator("button.example").last
    question = example.get_attribute("data-ask")
    example.click()
    page.wait_for_selector('#turn-1[data-state="done"]')
    assert page.inner_text("#turn-1 .question") == question
    assert page.locator("#turn-1 a.cite").count() >= 1


def test_the_examples_follow_the_filters(open_page: OpenPage) -> None:
    page = open_page()
    every = page.locator(".example").count()
    page.click("#filter")
    # The form is filled when it is first shown.
    page.wait_for_selector("[data-filter=published_from] option[value]:nth-child(2)", state="attached")
    page.select_option("[data-filter=published_from]", "2024")
    page.wait_for_function("every => document.querySelectorAll('.example').length < every", arg=every)
    page.click("#chips .chip")
    page.wait_for_function("every => document.querySelectorAll('.example').length === every", arg=every)


def test_a_refusal_shows_the_closest_passages_and_a_new_chat_clears_them(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How many employees does the fund manager of Baskerville have in Wolverhampton?")
    assert page.get_attribute("#turn-1", "data-outcome") == "not_in_sources"
    # Once: in the panel where there is one, else below the refusal.
    assert page.locator("#panel .card").count() > 0
    assert not page.locator("#turn-1 .closest").is_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert "not an answer" in page.inner_text("#turn-1 .closest")
    assert page.locator("#turn-1").count() == 1
    page.click("#new")
    page.wait_for_selector(".welcome")
    assert page.locator(".turn").count() == 0
    assert page.locator(".card").count() == 0


def test_questions_that_cannot_be_used_stay_in_the_box_with_the_reason(open_page: OpenPage) -> None:
    page = open_page()
    page.click("#ask")
    page.wait_for_selector('[role="alert"]:has-text("empty")')
    long = "x" * 10_000
    page.fill("#question textarea", long)
    page.click("#ask")
    page.wait_for_selector('[role="alert"]:has-text("10,000 characters")')
    assert page.input_value("#question textarea") == long
    assert page.locator(".turn").count() == 0
    ask(page, MEIF_QUESTION)
    assert page.locator('[role="alert"]').count() == 0


@pytest.mark.parametrize(
    "question",
    [
        HOSTILE_QUESTION,
        '<img src=x onerror="window.hit=1"><script>window.hit=1</script> {{constructor}} ${window.hit=1} `',
        "Кто финансирует Ковентри?\u202e gnirts \u0007",
    ],
    ids=["document", "question", "script"],
)
def test_nothing_that_is_said_runs_in_the_page(open_page: OpenPage, question: str) -> None:
    page = open_page()
    ask(page, question)
    for marker in page.locator("#turn-1 a.cite").all():
        marker.click()
    assert page.evaluate("window.hit") is None
    assert page.locator("#log img, #panel img, #log script, #panel script").count() == 0
    shown = page.inner_text("#turn-1 .question")
    assert shown == question.replace("\u202e", "").replace("\u0007", "").strip()


def test_copy_gives_the_answer_with_its_references(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, MEIF_QUESTION)
    page.click('#turn-1 [data-tool="copy"]')
    page.wait_for_selector("#turn-1 .tool-status:has-text('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "British Business Bank" in copied
    assert "\n\n[1] " in copied
    assert "https://" in copied


def test_everything_works_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    # The box has the focus from the start on a wide screen.
    page.wait_for_function("document.activeElement.matches('#question textarea')")
    page.keyboard.type("Which organisations make up the Baskerville consortium?")
    page.keyboard.press("Enter")
    page.wait_for_selector('#turn-1[data-state="done"]')
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('#turn-1 a.cite')"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.card.current')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('#turn-1 a.cite')")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-tool=down]')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.feedback input')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('[data-tool=down]')")
    assert page.is_hidden("#turn-1 .feedback")


def test_a_finished_answer_is_announced_once(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "Which organisations make up the Baskerville consortium?")
    assert "Turing Institute" in page.inner_text("body > [role=status]")
    assert page.get_attribute("#log", "aria-live") == "off"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_it_fits_and_can_be_read(open_page: OpenPage, scheme: str, width: int) -> None:
    page = open_page(width=width, height=740, color_scheme=scheme)
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    assert page.evaluate(CONTRAST) == []
    ask(page, MEIF_QUESTION)
    page.locator("#turn-1 a.cite").first.click()
    assert page.evaluate(CONTRAST) == []
    if page.evaluate("document.querySelector('#sheet').open"):
        page.keyboard.press("Escape")
    page.click('#turn-1 [data-tool="down"]')
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        "[...document.querySelectorAll('button, summary')].filter(e => e.offsetParent && e.offsetHeight < 24).length"
    )
    assert small == 0


def test_dark_and_light_can_be_chosen_and_are_remembered(open_page: OpenPage) -> None:
    page = open_page(color_scheme="light")
    page.click("[data-scheme]")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_selector('[data-scheme][aria-pressed="true"]')
    assert page.evaluate("document.body.classList.contains('dark')")


def test_the_passage_page_stands_alone(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MEIF_QUESTION)
    address = page.locator("#panel .card.cited a", has_text="Passage").first.get_attribute("href")
    assert address is not None
    quote = page.locator("#panel .card.cited mark").first.inner_text()
    alone = open_page(path=address)
    assert alone.inner_text("mark") == quote
    assert alone.evaluate(CONTRAST) == []
    assert alone.locator("script").count() == 0


def test_two_people_do_not_see_each_other(open_page: OpenPage) -> None:
    first, second = open_page(), open_page()
    ask(first, MEIF_QUESTION)
    assert second.locator(".turn").count() == 0
    ask(second, "What is Silicon Spa?")
    assert first.inner_text("#turn-1 .question") == MEIF_QUESTION
