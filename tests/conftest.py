"""What tests of several packages need: one export of the embedding model, stores on it, briefings to index."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from site_sample import Site

from rag.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from ingest.fetch.fetcher import Fetcher
    from ingest.fetch.resolve import Resolver
    from rag.pipeline import Pipeline

REPOSITORY = Path(__file__).parent.parent
CORPUS = REPOSITORY / "corpus"


@pytest.fixture(scope="session")
def exported_models(pytestconfig: pytest.Config) -> Path:
    """Folder of the exported model; kept between sessions, because exporting needs PyTorch and ten seconds."""
    from rag.models import load_embedder, models_folder

    assert pytestconfig.cache is not None
    settings = Settings(_env_file=None, store=pytestconfig.cache.mkdir("store"))
    # Tests run in several processes, which share what is kept between sessions.
    with FileLock(settings.store / "export.lock"):
        load_embedder(settings)
    return models_folder(settings)


@pytest.fixture
def new_settings(exported_models: Path, tmp_path: Path) -> Callable[..., Settings]:
    """Settings on an empty store and an empty corpus below the test's own folder; keywords set other fields."""

    def make(name: str = "store", **fields: object) -> Settings:
        store = tmp_path / name
        store.mkdir(exist_ok=True)
        if not (store / "models").exists():
            (store / "models").symlink_to(exported_models)
        corpus = tmp_path / "corpus"
        corpus.mkdir(exist_ok=True)
        return Settings.model_validate({"store": store, "corpus": corpus, **fields})

    return make


@pytest.fixture
def write_briefing(tmp_path: Path) -> Callable[..., Path]:
    """Writes a briefing into a theme folder of the test's corpus; its path."""

    def write(source_id: str, body: str, *, theme: str = "funding", folder: Path | None = None, **front: str) -> Path:
        fields = {
            "id": source_id,
            "title": f"About {source_id}",
            "publisher": "Test Press",
            "url": f"https://example.org/{source_id}",
            "recorded": "2026-11-22",
            "topics": "[funding]",
            "places": "[Birmingham]",
            "licence": "Apache-2.0",
            **front,
        }
        head = "\n".join(f"{key}: {value}" for key, value in fields.items())
        path = (folder or tmp_path / "corpus") / theme / f"{source_id}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def corpus_settings(pytestconfig: pytest.Config, exported_models: Path) -> Settings:
    """Settings on the whole corpus, indexed once and kept between sessions: unchanged, it costs half a second."""
    from ingest.sync import index

    assert pytestconfig.cache is not None
    store = pytestconfig.cache.mkdir("corpus-store")
    settings = Settings.model_validate({"store": store, "corpus": CORPUS})
    with FileLock(store / "session.lock"):
        if not (store / "models").exists():
            (store / "models").symlink_to(exported_models)
        report = index(settings)
    assert not report.refused
    return settings


@pytest.fixture(scope="session")
def guide(corpus_settings: Settings) -> "Iterator[Pipeline]":
    """A pipeline on the whole corpus."""
    from rag.pipeline import Pipeline

    with Pipeline.open(corpus_settings) as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server of the test's own on loopback."""
    with Site() as opened:
        yield opened


@pytest.fixture
def new_fetcher() -> "Callable[..., Fetcher]":
    """Makes a fetcher that may ask loopback and does not dawdle; keywords set other fields of the settings."""
    from ingest.fetch.fetcher import Fetcher

    def make(resolver: "Resolver | None" = None, **fields: object) -> "Fetcher":
        base = {"fetch_allow_loopback": True, "fetch_interval_s": 0.0, "fetch_timeout_s": 5.0}
        return Fetcher(Settings.model_validate({**base, "fetch_bytes_max": 1_000_000, **fields}), resolver)

    return make


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; without one its tests are left out, or fail where WMAI_TEST_BROWSER=required is set."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        lack = "no Chromium on this machine; on Debian run: apt-get install chromium"
        if os.environ.get("WMAI_TEST_BROWSER") == "required":
            pytest.fail(lack)
        pytest.skip(lack)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator["Browser"]:
    """Headless Chromium for which no host but the loopback address exists.

    The only one of a process: Playwright cannot be started twice in it.
    """
    from playwright.sync_api import sync_playwright

    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        launched.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = [report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    if left_out:
        terminalreporter.write_sep("!", f"{len(left_out)} browser tests were LEFT OUT: there is no Chromium", red=True)
