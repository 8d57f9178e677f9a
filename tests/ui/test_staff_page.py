"""The staff page in a real browser: the life of a source, without a mouse, without a script, and under attack."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from accessibility import violations
from patience import BROWSER_WAIT_MS
from site_sample import Site
from staff_fixtures import MARKUP, PASSWORD, fill, fund_text

from rag.config import Settings
from rag.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
OpenStaff = Callable[..., "Page"]
OVER = '[data-state="done"], [data-state="failed"]'


@pytest.fixture
def open_staff(browser: "Browser", staff_server: str) -> Iterator[OpenStaff]:
    """Opens the staff page, logged in; afterwards fails if a page ran into an error or asked anything elsewhere."""
    contexts: list[Any] = []
    problems: list[str] = []

    def open_(*, login: bool = True, **options: Any) -> "Page":
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(BROWSER_WAIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}"))
        page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
        page.on("request", lambda asked: None if asked.url.startswith(staff_server) else problems.append(asked.url))
        page.goto(f"{staff_server}/staff")
        if login:
            log_in(page, PASSWORD)
            page.wait_for_selector("table")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def log_in(page: "Page", password: str) -> None:
    page.fill("#password", password)
    page.keyboard.press("Enter")


def press(page: "Page", name: str) -> None:
    """Press a button by keyboard alone."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def assert_tame(page: "Page") -> None:
    """Nothing that came from a page, a file or a question ran or became an element."""
    assert page.evaluate("window.hit") is None
    assert page.locator("img, iframe, object, main script, [onerror], [onload]").count() == 0
    hrefs = page.eval_on_selector_all("a", "links => links.map(link => link.protocol)")
    assert set(hrefs) <= {"http:", "https:"}


def test_wrong_password_login_preview_publish_retire_restore(open_staff: OpenStaff, site: Site) -> None:
    url = fill(site, "Marlbrook").url("/fund")
    page = open_staff(login=False, viewport={"width": 360, "height": 740})
    assert page.url.endswith("/staff/login")
    log_in(page, "not the password")
    assert "not the password" in page.inner_text("[role=alert]")
    log_in(page, PASSWORD)
    page.wait_for_selector("table")
    page.goto(page.url.replace("/staff", "/staff/add"))
    page.fill("#url", url)
    page.keyboard.press("Enter")
    page.wait_for_selector(".passages")
    assert fund_text("Marlbrook") in page.inner_text(".passages")
    assert page.input_value("#title") == "Marlbrook Fund opens"
    page.fill("#publisher", "Dudley Council")
    page.fill("#published", "last week")
    press(page, "Publish")
    page.wait_for_selector("[role=alert]")
    assert "published" in page.inner_text("[role=alert]")
    page.fill("#publisher", "Dudley Council")
    press(page, "Publish")
    page.wait_for_selector(OVER)
    assert "1 added" in page.inner_text(".lines")
    page.get_by_role("link", name="To the sources").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name="Marlbrook Fund opens").click()
    assert "Dudley Council" in page.inner_text("dl")
    source = page.url
    page.get_by_role("link", name="Correct", exact=True).click()
    page.fill("#published", "next week")
    press(page, "Correct")
    assert "published" in page.inner_text("[role=alert]")
    page.fill("#title", "Marlbrook Fund has opened")
    press(page, "Correct")
    page.wait_for_selector(OVER)
    assert "1 changed" in page.inner_text(".lines")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(source)
    assert page.inner_text("h1") == "Marlbrook Fund has opened"
    for action, state in (("Retire", "Retired: not shown"), ("Restore", "Current")):
        source = page.url
        press(page, action)
        page.wait_for_selector(OVER)
        page.goto(source)
        assert state in page.inner_text("dl")
    press(page, "Log out")
    page.wait_for_selector("#password")
    page.goto(source)
    assert page.url.endswith("/staff/login")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_on_any_of_its_pages(
    open_staff: OpenStaff, staff_settings: Settings, width: int, scheme: str
) -> None:
    with Store.open(staff_settings) as store:
        store.log_unanswered("Who flies in Lichfield?", "not_in_sources", "no_match", [])
        store.add_feedback("How many drones?", "113", store.build_id, "down", "outdated: there are more")
    # Its policy lets no script in from outside, the checker's included.
    options = {"viewport": {"width": width, "height": 740}, "color_scheme": scheme, "bypass_csp": True}
    page = open_staff(login=False, **options)
    assert violations(page) == []
    log_in(page, "not the password")
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    log_in(page, PASSWORD)
    page.wait_for_selector("table")
    home = page.url
    for path in (
        "",
        "?state=retired",
        "/unanswered",
        "/feedback",
        "/sources/drones",
        "/sources/drones/correct",
        "/sources/none",
        "/add",
    ):
        page.goto(home + path)
        assert violations(page) == [], path
    page.set_input_files(
        "#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"Forty kites fly in Malvern.\n"}
    )
    page.locator("form[action='/staff/add/file'] button").click()
    page.wait_for_selector(".passages")
    assert violations(page) == []


def test_everything_works_without_a_script(open_staff: OpenStaff, tmp_path: Path) -> None:
    file = tmp_path / "harbour-minutes.txt"
    file.write_text(
        "The Worcester harbour board met in May.\n\nIt voted £3m for a new lock at Diglis.\n", encoding="utf-8"
    )
    page = open_staff(java_script_enabled=False)
    page.goto(page.url + "/add")
    page.set_input_files("#file", file)
    page.locator("form[action='/staff/add/file'] button").click()
    page.wait_for_selector(".passages")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_selector(OVER)  # the page reloads itself
    assert "1 added" in page.inner_text(".lines")
    page.goto(page.url.partition("/jobs")[0] + "?q=harbour&state=current")
    assert page.locator("tbody tr").count() == 1


def test_hostile_titles_addresses_file_names_and_questions_stay_text(
    open_staff: OpenStaff, site: Site, staff_settings: Settings, tmp_path: Path
) -> None:
    with Store.open(staff_settings) as store:
        nearest = [passage.id for passage in store.source_passages("drones")]
        store.log_unanswered(f"Where is {MARKUP}?", "not_in_sources", MARKUP, nearest)
        store.add_feedback(MARKUP, MARKUP, store.build_id, "down", "wrong", MARKUP)
    page = open_staff()
    home = page.url
    for tab in ("/unanswered", "/feedback", "?q=" + MARKUP.replace("<", "%3C").replace(">", "%3E")):
        page.goto(home + tab)
        assert_tame(page)
        if not tab.startswith("?"):
            assert MARKUP in page.inner_text("main")
    page.goto(home + "/add")
    page.fill("#url", f"https://x.example/{MARKUP.replace(' ', '')}")
    page.locator("form[action='/staff/add/url'] button").click()
    page.wait_for_selector("[role=alert]")
    assert_tame(page)
    page.fill("#url", fill(site, "Marlbrook").url("/hostile"))
    page.locator("form[action='/staff/add/url'] button").click()
    page.wait_for_selector(".passages")
    assert MARKUP in page.inner_text(".passages")
    assert_tame(page)
    press(page, "Publish")
    page.wait_for_selector(OVER)
    assert_tame(page)
    page.goto(home)
    page.get_by_role("link", name=MARKUP).click()
    page.wait_for_selector("dl")
    assert MARKUP in page.inner_text("main")
    assert_tame(page)
    page.goto(home + "/add")
    name = "<img src=x onerror=window.hit=1>.txt"
    data = b"The Evesham orchard fund planted 900 plum trees.\n"
    page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": data})
    page.locator("form[action='/staff/add/file'] button").click()
    page.wait_for_selector(".passages")
    assert_tame(page)
