"""The widget and the page around it: neither breaks the other; everyone can read and use it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from accessibility import violations
from host_site import HostSite
from ui_sample import MEIF_QUESTION
from widget_fixtures import EXAMPLE, OpenHost, ask, host_page, open_widget

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
STYLES = {
    "hostile": (HERE / "hostile.css").read_text(encoding="utf-8"),
    "bootstrap": (HERE / "vendor" / "bootstrap-reboot.min.css").read_text(encoding="utf-8"),
    "wordpress": (HERE / "wordpress.css").read_text(encoding="utf-8"),
}
LOOK = """() => {
  const root = document.querySelector("wmai-guide").shadowRoot;
  return [...root.querySelectorAll("*")].filter((element) => element.tagName !== "STYLE").map((element) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return [element.tagName, style.display, style.color, style.backgroundColor, style.fontSize, style.fontFamily,
      style.letterSpacing, style.textTransform, style.direction, style.visibility, style.padding, style.margin,
      Math.round(box.x), Math.round(box.y), Math.round(box.width), Math.round(box.height)].join(" ");
  });
}"""
HOST_LOOK = """() => [...document.querySelectorAll("html, body, main, main *")].flatMap((element) => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const place = `place: ${[box.x, box.y, box.width, box.height]}`;
  return [place, ...[...style].map((name) => `${element.tagName} ${name}: ${style.getPropertyValue(name)}`)];
})"""
SMALL = """() => [...document.querySelector("wmai-guide").shadowRoot.querySelectorAll("button, a, textarea")]
  .filter((element) => element.checkVisibility())
  .map((element) => [element.textContent, element.getBoundingClientRect()])
  .filter(([text, box]) => box.width < 24 || box.height < 24)
  .map(([text, box]) => `${text} ${box.width} x ${box.height}`)"""
ACTIVE = "document.querySelector('wmai-guide').shadowRoot.activeElement"


@pytest.mark.parametrize("name", sorted(STYLES))
def test_the_widget_looks_the_same_under_any_style_sheet(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite, name: str
) -> None:
    looks = []
    for path, style in (("/plain", ""), (f"/{name}", STYLES[name])):
        page = open_widget(open_host(allowed_site.add(path, host_page(widget_server, style=style))))
        ask(page, MEIF_QUESTION)
        page.wait_for_function("document.querySelector('wmai-guide').shadowRoot.querySelector('.log').scrollTop > 0")
        page.evaluate("document.querySelector('wmai-guide').shadowRoot.querySelector('.log').scrollTo(0, 0)")
        looks.append(page.evaluate(LOOK))
    assert looks[0] == looks[1]


def test_the_widget_changes_nothing_in_the_page_and_shifts_nothing(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    html = host_page(widget_server, style=STYLES["bootstrap"])
    without = open_host(allowed_site.add("/without", html.replace("/widget.js", "/site/none.js")), noisy=True)
    page = open_host(allowed_site.add("/with", html))
    page.evaluate(
        "window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries()))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.locator("wmai-guide .launcher").wait_for()
    assert page.evaluate("shifts.length") == 0
    open_widget(page)
    ask(page, MEIF_QUESTION)
    # Inside the widget an answer may move what stands below it; nothing of the page moves.
    moved = "shifts.flatMap((shift) => shift.sources).filter(({ node }) => document.body.contains(node)).length"
    assert page.evaluate(moved) == 0
    page.keyboard.press("Escape")
    assert sorted(page.evaluate(HOST_LOOK)) == sorted(without.evaluate(HOST_LOOK))
    added = "Object.keys(window).filter((name) => /wmai|widget/i.test(name)).length"
    assert page.evaluate(added) == 0


def test_custom_properties_parts_and_the_accent_reach_inside(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    style = (
        "wmai-guide { --wmai-width: 300px; --wmai-font: monospace; } wmai-guide::part(title) { font-style: italic; }"
    )
    page = open_widget(
        open_host(allowed_site.add("/themed", host_page(widget_server, 'data-accent="#ffdd00"', style=style)))
    )
    panel = page.locator("wmai-guide dialog")
    assert panel.bounding_box()["width"] == 300  # type: ignore[index]
    assert panel.evaluate("(element) => getComputedStyle(element).fontFamily") == "monospace"
    assert page.locator("wmai-guide h2").evaluate("(element) => getComputedStyle(element).fontStyle") == "italic"
    send = page.locator("wmai-guide .send")
    colours = send.evaluate("(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]")
    assert colours == ["rgb(255, 221, 0)", "rgb(0, 0, 0)"]


def test_everything_works_by_keyboard_and_focus_comes_back(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    page = open_host(allowed_site.add("/keys", host_page(widget_server)))
    page.locator("wmai-guide .launcher").wait_for()
    page.focus("#own")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function(f"{ACTIVE}?.matches('textarea')")
    page.locator(EXAMPLE).first.wait_for()
    page.keyboard.type(MEIF_QUESTION)
    page.keyboard.press("Enter")
    page.locator("wmai-guide li.citation").first.wait_for()
    # The answer has come and the focus is where it was.
    assert page.evaluate(f"{ACTIVE}.matches('textarea')")
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(f"{ACTIVE}.matches('.cite')"):
            break
    assert page.evaluate(f"getComputedStyle({ACTIVE}).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate(f"{ACTIVE}.matches('.citation')")
    page.keyboard.press("Escape")
    assert page.evaluate(f"{ACTIVE}.matches('.cite')")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(f"{ACTIVE}.textContent === 'Not helpful'"):
            break
    page.keyboard.press("Enter")
    assert page.evaluate(f"{ACTIVE}.textContent") == "Wrong"
    page.keyboard.press("Escape")
    assert page.evaluate(f"{ACTIVE}.textContent") == "Not helpful"
    page.keyboard.press("Escape")
    page.wait_for_function(f"{ACTIVE}.matches('.launcher')")
    assert page.evaluate(f"{ACTIVE}.getAttribute('aria-expanded')") == "false"
    # Opened by a button of the page, the focus goes back to that button.
    page.evaluate("void (own.onclick = () => document.querySelector('wmai-guide').open())")
    page.focus("#own")
    page.keyboard.press("Enter")
    page.wait_for_function(f"{ACTIVE}?.matches('textarea')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.id === 'own'")


def test_a_finished_answer_is_announced_once_and_whole(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    page = open_widget(open_host(allowed_site.add("/spoken", host_page(widget_server))))
    log = page.locator("wmai-guide [role=log]")
    assert log.get_attribute("aria-live") == "off"
    page.evaluate(
        "window.said = []; const spoken = document.querySelector('wmai-guide').shadowRoot.querySelector('.spoken');"
        "new MutationObserver(() => spoken.textContent && said.push(spoken.textContent))"
        ".observe(spoken, { childList: true, characterData: true, subtree: true })"
    )
    for _ in range(2):
        ask(page, MEIF_QUESTION)
    said = page.evaluate("said")
    assert len(said) == 2
    assert "British Business Bank" in said[0]
    assert "[1]" not in said[0]


def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus_inside(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    address = allowed_site.add("/phone", host_page(widget_server))
    page = open_widget(open_host(address, width=360, height=740, has_touch=True, is_mobile=True))
    assert page.locator("wmai-guide dialog").bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    ask(page, MEIF_QUESTION)
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    log = page.locator("wmai-guide .log")
    assert log.evaluate("(element) => element.scrollWidth <= element.clientWidth")
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "own"
    page.locator("wmai-guide header button").tap()
    assert page.evaluate(f"{ACTIVE}.matches('.launcher')")
    assert page.evaluate(SMALL) == []


def test_it_can_be_used_at_four_hundred_per_cent(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    page = open_widget(open_host(allowed_site.add("/zoom", host_page(widget_server)), width=320, height=256))
    ask(page, MEIF_QUESTION)
    box = page.locator("wmai-guide textarea")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place is not None
    assert place["y"] >= 0
    assert place["y"] + place["height"] <= 256
    assert page.locator("wmai-guide dialog").evaluate("(element) => element.scrollWidth <= element.clientWidth")


@pytest.mark.parametrize(
    ("attributes", "options"),
    [
        ("", {}),
        ('data-scheme="dark" data-position="left"', {}),
        ('data-language="ur" data-accent="#0055aa"', {}),
        ('data-language="cy"', {"color_scheme": "dark", "reduced_motion": "reduce"}),
        ('data-language="pa"', {"width": 360, "height": 740}),
        ('data-language="pl"', {"forced_colors": "active"}),
    ],
)
def test_axe_finds_nothing_before_during_and_after(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite, attributes: str, options: dict[str, Any]
) -> None:
    page = open_host(allowed_site.add("/axe", host_page(widget_server, attributes)), **options)
    page.locator("wmai-guide .launcher").wait_for()
    assert violations(page) == []
    open_widget(page)
    assert violations(page) == []
    ask(page, MEIF_QUESTION)
    ask(page, "How many jobs would a quantum teleporter factory bring to Dudley?")
    page.locator("wmai-guide .row button").nth(1).click()
    assert violations(page) == []


def test_axe_finds_nothing_on_the_pages_around_it(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    demo = open_host(f"{widget_server}/widget/demo")
    demo.locator(EXAMPLE).first.wait_for()
    assert violations(demo) == []
    ask(demo, MEIF_QUESTION)
    assert violations(demo) == []
    passage = demo.locator("wmai-guide .citation a").first.get_attribute("href")
    for address in (passage, f"{widget_server}/docs", f"{widget_server}/passages/none"):
        # These pages allow no script at all, the checker's included.
        page = open_host(address or "", bypass_csp=True, noisy=True)
        assert violations(page) == []
