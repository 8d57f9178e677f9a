"""How soon a reader sees something: the chat page, the first words of an answer, and what the widget costs its host."""

from pathlib import Path
from typing import TYPE_CHECKING

from evals.bench.materials import Materials
from evals.bench.process import Record
from evals.browser import chromium, open_host_page
from evals.served import serving
from rag.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

SCRIPT = Path(__file__).with_name("eye.js")
LOADS = 5
"""How often the chat page is opened, each time with nothing kept from before."""
WARM_UP, QUESTIONS = 2, 10
NO_LIMIT = {"WMAI_RATE_CLIENT_MINUTE": "0"}
TIMEOUT_MS = 120_000


def seen(settings: Settings, materials: Path) -> Record:
    """One look at a server of its own in a browser of its own."""
    questions = Materials.read(materials).questions[: WARM_UP + QUESTIONS]
    with serving(settings, **NO_LIMIT) as served, chromium() as browser:
        usable_ms = [_usable_ms(browser, served.address) for _ in range(LOADS)]
        words_ms = _words_ms(browser, served.address, questions)[WARM_UP:]
        return {"usable_ms": usable_ms, "words_ms": words_ms, **_embedded(browser, served.address)}


def _page(browser: "Browser") -> "Page":
    page = browser.new_context().new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.add_init_script(path=SCRIPT)
    return page


def _usable_ms(browser: "Browser", server: str) -> float:
    page = _page(browser)
    page.goto(server)
    page.wait_for_function("eye.usableMs")
    usable_ms: float = page.evaluate("eye.usableMs")
    page.context.close()
    return usable_ms


def _words_ms(browser: "Browser", server: str, questions: tuple[str, ...]) -> list[float]:
    page = _page(browser)
    page.goto(server)
    page.wait_for_function("eye.usableMs")
    taken_ms = []
    for turn, question in enumerate(questions, start=1):
        page.fill("#question textarea", question)
        page.evaluate("selector => { window.words = eye.words(selector) }", f"#turn-{turn} .answer")
        page.keyboard.press("Enter")
        taken_ms.append(float(page.evaluate("words")))
        page.wait_for_selector(f'#turn-{turn}[data-state="done"]')
    page.context.close()
    return taken_ms


def _embedded(browser: "Browser", server: str) -> Record:
    """Bytes that the widget adds to a page, and how far it shifts what stands there (cumulative layout shift)."""
    page = _page(browser)
    sizes: list[int] = []

    def weigh(sent: "Request") -> None:
        if sent.resource_type != "document":
            sizes.append(sent.sizes()["responseBodySize"])

    page.on("requestfinished", weigh)
    open_host_page(page, server)
    page.locator("wmai-guide .launcher").wait_for()
    page.wait_for_load_state("networkidle")
    record = {"widget_bytes": sum(sizes), "shift": page.evaluate("eye.shift")}
    page.context.close()
    return record
