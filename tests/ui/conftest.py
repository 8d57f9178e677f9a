"""A real store over a part of the real corpus, a real server process on it, and a real browser without a network."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from patience import BROWSER_WAIT_MS
from payload_fixtures import hostile_store, watched
from staff_fixtures import staff_server, staff_settings
from ui_sample import CORPUS, HOSTILE, SOURCE_IDS, environment
from widget_fixtures import allowed_site, open_host, other_site, serving, widget_server

from rag.config import Settings
from rag.pipeline import Pipeline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

__all__ = [
    "allowed_site",
    "hostile_store",
    "open_host",
    "other_site",
    "staff_server",
    "staff_settings",
    "watched",
    "widget_server",
]


@pytest.fixture(scope="session")
def ui_settings(exported_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings on an indexed store: the named briefings of the corpus and one whose text is full of markup."""
    from ingest.sync import index

    root = tmp_path_factory.mktemp("ui")
    corpus, store = root / "corpus", root / "store"
    corpus.mkdir()
    store.mkdir()
    (store / "models").symlink_to(exported_models)
    for file in sorted(CORPUS.rglob("*.md")):
        if file.stem in SOURCE_IDS:
            (corpus / file.parent.name).mkdir(exist_ok=True)
            shutil.copy(file, corpus / file.parent.name)
    shutil.copy(CORPUS / "questions.jsonl", corpus)
    (corpus / "funding" / "hostile.md").write_text(HOSTILE, encoding="utf-8")
    settings = Settings.model_validate({"store": store, "corpus": corpus})
    report = index(settings)
    assert not report.refused
    assert report.sources == len(SOURCE_IDS) + 1
    return settings


@pytest.fixture(scope="session")
def pipeline(ui_settings: Settings) -> Iterator[Pipeline]:
    with Pipeline.open(ui_settings) as opened:
        yield opened


@pytest.fixture
def store_copy(ui_settings: Settings, tmp_path: Path) -> Path:
    """A copy of the sample store to change.

    Made by another process: one that opens and closes library.db by itself loses every lock that SQLite holds for it
    there (POSIX: all locks of a process on a file go with any of its descriptors). The next process to leave the store
    then takes the write-ahead log away with it, and what this one writes later nobody sees.
    """
    copy = tmp_path / "store"
    subprocess.run(["cp", "-a", str(ui_settings.store), str(copy)], check=True)
    return copy


@pytest.fixture
def run_wmai(ui_settings: Settings) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `wmai` in a process of its own, on the sample store unless the arguments or `env` say otherwise."""

    def run(*arguments: str, stdin: str = "", cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            cwd=cwd,
            check=False,
            env=environment(ui_settings, **env),
        )

    return run


@pytest.fixture(scope="session")
def server(ui_settings: Settings) -> Iterator[str]:
    """Address of `wmai serve`, running as a process of its own."""
    with serving(ui_settings) as address:
        yield address


@pytest.fixture
def open_page(browser: "Browser", server: str) -> Iterator[Callable[..., "Page"]]:
    """Opens the chat page, in the browser of another page where `beside` names one.

    Afterwards fails if a page asked anything of another origin or ran into an error.
    """
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    problems: list[str] = []

    def guard(route: "Route") -> None:
        if route.request.url.startswith(f"{server}/"):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    def open_(
        width: int = 1280, height: int = 900, path: str = "/", beside: "Page | None" = None, **options: object
    ) -> "Page":
        if beside is None:
            context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
            context.set_default_timeout(BROWSER_WAIT_MS)
            contexts.append(context)
            context.route("**/*", guard)
        page = (beside.context if beside else context).new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}"))
        reply = page.goto(server + path)
        assert reply is not None
        assert reply.ok, f"{path}: {reply.status}"
        if path == "/":
            page.wait_for_selector("#log[data-live]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert foreign == []
    assert problems == []
