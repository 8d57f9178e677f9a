"""The chat page for everyone: axe-core finds nothing; on a phone, by keyboard, at 400 %, dark and light."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from accessibility import violations
from asking import ask
from ui_sample import MEIF_QUESTION

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
OpenPage = Callable[..., "Page"]

SMALL = """() => [...document.querySelectorAll(".gradio-container :is(a, button, select, summary, input, textarea)")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("p, li p, label"))
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
  .map(([element, box]) => `${element.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_in_any_state(open_page: OpenPage, scheme: str, width: int) -> None:
    page = open_page(width=width, height=740, color_scheme=scheme, reduced_motion="reduce")
    found = {"empty": violations(page)}
    page.click("#filter")
    page.wait_for_selector('[data-filter="themes"] option:nth-child(2)', state="attached")
    page.select_option('[data-filter="themes"]', "health")
    found["filters"] = violations(page)
    ask(page, MEIF_QUESTION)
    found["refusal"] = violations(page)
    page.click('#turn-1 [data-tool="widen"]')
    page.wait_for_selector('#turn-1[data-outcome="answered"]')
    page.click('#turn-1 [data-tool="down"]')
    found["answered"] = violations(page)
    page.locator("#turn-1 a.cite").first.click()
    found["sources"] = violations(page)
    if width == 360:
        page.click("#sheet form button")
    page.click("#past")
    found["history"] = violations(page)
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_on_a_phone_the_sources_are_a_sheet_that_gives_the_focus_back(open_page: OpenPage) -> None:
    page = open_page(width=360, height=740)
    ask(page, MEIF_QUESTION)
    assert page.is_hidden("#panel")
    marker = page.locator("#turn-1 a.cite").first
    marker.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('#sheet .card.current')")
    assert page.is_visible("#card-1-1 mark")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('#turn-1 a.cite')")
    assert page.is_hidden("#panel")
    page.click('#turn-1 [data-tool="sources"]')
    assert page.is_visible("#panel")
    page.click("#sheet form button")
    page.wait_for_function("document.activeElement.matches('[data-tool=sources]')")
    marker.click()
    page.click("#card-1-1 .back")
    page.wait_for_function("document.activeElement.matches('#turn-1 a.cite')")
    # Turned to its side the sources stand beside the conversation again.
    page.click('#turn-1 [data-tool="sources"]')
    page.set_viewport_size({"width": 1280, "height": 740})
    page.wait_for_selector("#side > #sources #panel:visible, #side #panel:visible")
    assert page.evaluate("document.querySelector('#sheet').open") is False


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 640), (1280, 800)])
def test_nothing_is_cut_off_or_too_small_to_press(open_page: OpenPage, width: int, height: int) -> None:
    """320 by 256 is a screen of 1280 by 1024 at 400 % (WCAG 2.2, 1.4.10)."""
    page = open_page(width=width, height=height)
    states = []

    def look() -> None:
        states.append((page.evaluate("document.documentElement.scrollWidth"), page.evaluate(SMALL)))

    look()
    page.click("#filter")
    page.wait_for_selector('[data-filter="places"] option:nth-child(2)', state="attached")
    page.select_option('[data-filter="places"]', "Midlands")
    ask(page, MEIF_QUESTION)
    page.click('#turn-1 [data-tool="down"]')
    look()
    page.locator("#turn-1 a.cite").first.click()
    look()
    if width < 960:
        page.keyboard.press("Escape")
    page.click("#past")
    look()
    assert [small for _, small in states] == [[]] * len(states)
    assert max(wide for wide, _ in states) <= width


def test_menus_and_dialogs_work_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MEIF_QUESTION)
    page.focus("#filter")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('[data-filter=themes]')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.id === 'filter'")
    assert page.is_hidden("#filters")
    page.focus(".export summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.dataset.do === 'markdown'")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.export summary')")
    page.focus("#past")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'history-title'")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.textContent === 'Close'")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.matches('#conversations .open')")
    page.keyboard.press("Enter")
    page.wait_for_function("!document.querySelector('#history').open")


def test_nothing_moves_for_those_who_want_less_motion(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    ask(page, MEIF_QUESTION)
    assert page.evaluate("document.getAnimations().length") == 0
