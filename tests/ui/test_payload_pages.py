"""The hostile texts once more, on pages made of what is held: kept answers, the staff's lists."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from payload_fixtures import LEFT
from payload_pipeline import hostile_answer
from payload_urls import URLS
from payloads import TEXTS
from test_payloads import Tags

from ingest.fetch.prepared import Prepared
from ingest.incoming import Incoming
from ingest.readers.extracted import Block, Extracted
from rag.config import Settings
from rag.pipeline import Pipeline
from rag.store import Feedback
from rag.store.rows import HeldSource
from rag.types import Outcome, Passage, Source
from ui.explore.catalogue import PAGE_ROWS
from ui.explore.layout import WORDS_CHARACTERS_MAX
from ui.kept import keep
from ui.staff.desk_pages import draft_page
from ui.staff.drafts import Draft
from ui.staff.jobs import Job
from ui.staff.layout import Frame
from ui.staff.lists import feedback_page, sources_page, unanswered_page
from ui.staff.records import SourceRow, UnansweredGroup

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Watched = Callable[[str], "Page"]
MOMENT = "2026-11-22T10:00:00+00:00"


def assert_tame(page: "Page", html: str) -> None:
    """Shown without the policy that forbids scripts, the page runs nothing: it must be harmless by itself."""
    page.set_content(html.replace('href="/', 'href="https://127.0.0.1/').replace('src="/', 'src="https://127.0.0.1/'))
    assert page.evaluate("window.hit") is None
    found = page.evaluate(f"({LEFT})(document.body)")
    assert [item for item in found if not item.startswith("https://example.org/")] == []


def assert_ours(html: str) -> None:
    """No element, attribute or address that our own pages do not have."""
    for tag, attributes in Tags(html).tags:
        assert tag not in {"img", "image", "iframe", "object", "embed", "style", "base", "math", "video", "audio"}
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")]
        address = attributes.get("href") or attributes.get("src") or "/"
        assert address.startswith(("/", "#")), address


def test_nothing_of_a_kept_answer_runs_on_its_page(hostile_store: Settings, watched: Watched) -> None:
    from ui.server import create_app

    page = watched("about:blank")
    with Pipeline.open(hostile_store) as pipeline, TestClient(create_app(hostile_store, pipeline)) as client:
        for outcome in (Outcome.ANSWERED, Outcome.NOT_IN_SOURCES):
            html = client.get(keep(hostile_store, hostile_answer("What?", outcome))).text
            assert_tame(page, html)
            assert page.locator(".passage").count() >= 3


def test_no_document_runs_in_explore_or_about(hostile_store: Settings, watched: Watched) -> None:
    from ui.server import create_app

    page, listed = watched("about:blank"), 0
    with Pipeline.open(hostile_store) as pipeline, TestClient(create_app(hostile_store, pipeline)) as client:
        held = len(pipeline.store.sources())
        for number in range(1, -(-held // PAGE_ROWS) + 1):
            assert_tame(page, client.get("/explore/sources", params={"page": number}).text)
            listed += page.locator(".sources tbody tr").count()
        assert listed == held
        assert_tame(page, client.get("/explore/timeline").text)
        assert page.locator(".year li").count() > 20
        for path in ("/explore", "/about", "/docs"):
            assert_tame(page, client.get(path).text)


def test_no_address_of_a_page_puts_anything_into_it(hostile_store: Settings) -> None:
    from ui.server import create_app

    with Pipeline.open(hostile_store) as pipeline, TestClient(create_app(hostile_store, pipeline)) as client:
        for text in TEXTS:
            asked = {
                "q": text[:WORDS_CHARACTERS_MAX],
                **dict.fromkeys(("theme", "place", "state", "year", "sort"), text),
            }
            for path in ("/explore/sources", "/explore/timeline"):
                reply = client.get(path, params=asked)
                assert reply.status_code == 200
                assert_ours(reply.text)
            for path in ("passages", "answers"):
                reply = client.get(f"/{path}/{quote(text, safe='')}", params={"quote": text})
                assert reply.status_code == 404
                assert_ours(reply.text)


def test_nothing_that_staff_are_shown_runs(watched: Watched) -> None:
    page, frame, today = watched("about:blank"), Frame(csrf="token", problem=TEXTS[0]), date(2026, 11, 22)
    sources = [
        Source(id=text, title=text, publisher=text, url=url, published="2025", recorded="2026-11-22")
        for text, url in zip(TEXTS, [*URLS] * 10, strict=False)
    ]
    held = HeldSource(sha256="", text_sha256="", origin="", file_sha256="")
    rows = [SourceRow(source=source, held=held, passages=1, cited=1) for source in sources]
    # A job is called after the file or address that it reads.
    jobs = [Job(id="j", title=text, lines=(text,)) for text in TEXTS]
    assert_tame(page, sources_page(rows, len(rows), TEXTS[1], "", jobs, today, frame))
    assert page.locator("tbody tr").count() == len(TEXTS)
    passage = Passage(id="p", source_id="s", text=TEXTS[0], start=0, end=len(TEXTS[0]), tokens=1)
    asked = [
        UnansweredGroup(question=text, count=2, last_asked=MOMENT, reason=text, nearest=((passage, source),))
        for text, source in zip(TEXTS, sources, strict=True)
    ]
    assert_tame(page, unanswered_page(asked, frame))
    told = [
        Feedback(question=text, answer=text, index_build=text, rating="down", reason=text, comment=text, created=MOMENT)
        for text in TEXTS
    ]
    assert_tame(page, feedback_page(told, frame))
    assert page.locator(".entries > li").count() == len(TEXTS)
    for text, url in zip(TEXTS, [*URLS] * 10, strict=False):
        extracted = Extracted(
            "text", (Block("paragraph", text),), title=text, publisher=text, author=text, url=url, warnings=(text,)
        )
        uploaded = Incoming(extracted=extracted, address=f"upload:///{text}", given={"title": text})
        draft = Draft(Prepared(Settings(_env_file=None), uploaded, notes=(text,)), replaces=True)
        assert_tame(page, draft_page(draft, frame))
