"""A store of hostile briefings, a browser page that notices whatever runs, and what no page may have in it."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from patience import BROWSER_WAIT_MS
from payloads import TEXTS

from rag.config import Settings
from ui.escape import plain

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

LEFT = """(root) => [...root.querySelectorAll("*")].flatMap((element) => {
  const bad = /^(script|img|image|iframe|object|embed|base|meta|link|video|audio|math|animate|style|area|frame)$/i;
  const good = /^(https?:\\/\\/127\\.0\\.0\\.1[:/]|\\/|#)/;
  const found = bad.test(element.localName) ? [element.outerHTML] : [];
  for (const { name, value } of element.attributes) {
    if (/^on|^style$|^srcdoc$|^formaction$/i.test(name)) found.push(`${name}=${value}`);
    if (/href$|^src$|^action$/i.test(name) && !good.test(value)) found.push(value);
  }
  return found;
})"""
"""Finds elements, attributes and addresses below an element that none of our own pages puts there."""


def visible(texts: Sequence[str]) -> list[str]:
    """The texts as a page shows them."""
    return [plain(text) for text in texts]


@pytest.fixture
def watched(browser: "Browser") -> Iterator[Callable[[str], "Page"]]:
    """Opens a page of which every dialog, and every request to another machine, fails the test."""
    problems: list[str] = []
    pages: list[Page] = []

    def dismissed(dialog: "Dialog") -> None:
        problems.append(dialog.message)
        dialog.dismiss()

    def open_(address: str) -> "Page":
        page = browser.new_page()
        page.set_default_timeout(BROWSER_WAIT_MS)
        pages.append(page)
        page.on("dialog", dismissed)
        page.on("request", lambda sent: None if "//127.0.0.1" in sent.url else problems.append(sent.url))
        page.goto(address)
        return page

    yield open_
    for page in pages:
        page.close()
    assert [problem for problem in problems if not problem.startswith(("data:image/svg", "blob:http://127"))] == []


@pytest.fixture(scope="session")
def hostile_store(exported_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A real index of briefings that are hostile in title, publisher, topic and text."""
    from ingest.sync import index

    root = tmp_path_factory.mktemp("payloads")
    (root / "corpus" / "funding").mkdir(parents=True)
    (root / "store").mkdir()
    (root / "store" / "models").symlink_to(exported_models)
    for number, text in enumerate(TEXTS):
        line = " ".join(visible([text])[0].split())
        front = {
            "id": f"payload-{number}",
            "title": f"Fund {number} {line}",
            "publisher": f"Press {line}",
            "url": f"https://example.org/{number}",
            "recorded": "2026-11-22",
            "topics": ["funding"],
            "places": ["Dudley"],
            "licence": "Apache-2.0",
        }
        head = "\n".join(f"{name}: {json.dumps(value)}" for name, value in front.items())
        body = f"The Zanzibar Fund {number} gave {line} £{number} million to Dudley in 2025."
        (root / "corpus" / "funding" / f"payload-{number}.md").write_text(f"---\n{head}\n---\n\n{body}\n", "utf-8")
    settings = Settings.model_validate({"store": root / "store", "corpus": root / "corpus", "rate_client_minute": 0})
    report = index(settings)
    assert report.sources >= 0.9 * len(TEXTS), report
    return settings
