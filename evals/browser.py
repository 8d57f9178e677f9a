"""Headless Chromium that knows no machine but this one, and a page in it that embeds the widget."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from evals.errors import EvalError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_HOST_PAGE = Path(__file__).with_name("host_page.html")


class NoBrowser(EvalError):
    """There is no Chromium on this machine."""


@contextmanager
def chromium() -> Iterator["Browser"]:
    """The browser; gone afterwards. Raises NoBrowser."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser("There is no Chromium on this machine.", "On Debian run: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def open_host_page(page: "Page", server: str, body: str = "", attributes: str = "") -> None:
    """Open a page with the widget's tag in it; it is held by the browser alone, under the server's own origin."""
    html = _HOST_PAGE.read_text(encoding="utf-8")
    for name, value in {"server": server, "body": body, "attributes": attributes}.items():
        html = html.replace("{" + name + "}", value)
    page.route(f"{server}/a-site", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{server}/a-site")
