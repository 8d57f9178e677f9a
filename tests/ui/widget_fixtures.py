"""The widget on a page of another origin: a real server over the whole corpus, and two sites that would embed it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from host_site import HostSite, served
from patience import BROWSER_WAIT_MS
from ui_sample import environment

from rag.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

OpenHost = Callable[..., "Page"]
EXAMPLE = "wmai-guide .examples button"


@contextmanager
def serving(settings: Settings, **env: str) -> Iterator[str]:
    """Address of a `wmai serve` in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(settings, **env),
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "Serving on http://" in line, line + process.stderr.read()
        # What the server writes later must not fill the pipe and stop it.
        with subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL):
            try:
                yield line.split()[2]
            finally:
                # cat, which is waited for here, ends with the server alone.
                process.terminate()
                process.wait(timeout=60)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def allowed_site() -> Iterator[HostSite]:
    """A site that the server names in WMAI_EMBED_ORIGINS."""
    with served() as site:
        yield site


@pytest.fixture(scope="session")
def other_site() -> Iterator[HostSite]:
    """A site that it does not name."""
    with served() as site:
        yield site


@pytest.fixture(scope="session")
def widget_server(corpus_settings: Settings, allowed_site: HostSite) -> Iterator[str]:
    """The server that the widget comes from."""
    with serving(corpus_settings, WMAI_EMBED_ORIGINS=allowed_site.address, WMAI_RATE_CLIENT_MINUTE="0") as address:
        yield address


@pytest.fixture
def open_host(
    browser: "Browser", widget_server: str, allowed_site: HostSite, other_site: HostSite
) -> Iterator[OpenHost]:
    """Opens a page; afterwards fails where anything but the server and the sites was asked, or a script failed.

    What the browser reports on its console (a policy that is broken, a request that is refused) fails the test too,
    unless the page is opened as `noisy`.
    """
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    problems: list[str] = []
    known = (f"{widget_server}/", f"{allowed_site.address}/", f"{other_site.address}/")

    def guard(route: "Route") -> None:
        if route.request.url.startswith(known):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    def open_(address: str, width: int = 1280, height: int = 900, *, noisy: bool = False, **options: object) -> "Page":
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(BROWSER_WAIT_MS)
        contexts.append(context)
        context.route("**/*", guard)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}"))
        page.on("console", lambda said: None if noisy or said.type != "error" else problems.append(said.text))
        page.goto(address)
        return page

    yield open_
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert foreign == []
    assert problems == []
    assert cookies == []


def host_page(server: str, attributes: str = "", body: str = "", style: str = "") -> str:
    """A page of another site with the widget's tag in it."""
    styles = f"<style>{style}</style>" if style else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,">{styles}</head><body><main><h1>Host page</h1>'
        f'<p>Words of the host.</p><button id="own">Own</button>{body}</main>'
        f'<script src="{server}/widget.js" {attributes} async></script></body></html>'
    )


def open_widget(page: "Page") -> "Page":
    """Press the launcher and wait for what could be asked."""
    page.locator("wmai-guide .launcher").click()
    page.locator(EXAMPLE).first.wait_for()
    return page


def ask(page: "Page", question: str) -> None:
    """Put a question to an open widget and wait for its answer."""
    box = page.locator("wmai-guide textarea")
    before = page.locator("wmai-guide .turn").count()
    box.fill(question)
    box.press("Enter")
    turn = page.locator("wmai-guide .turn").nth(before)
    turn.locator(".row, ol, ul").first.wait_for()
