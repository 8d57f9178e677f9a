"""Two hundred texts that try to run, and addresses that try to be links: none does, wherever it comes from."""

import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, cast

import pytest
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt
from payload_fixtures import LEFT, visible
from payload_pipeline import PayloadPipeline, hostile_answer
from payload_urls import URLS
from payloads import TEXTS
from threaded_server import served_in_thread

from rag.config import Settings
from rag.pipeline import Pipeline
from rag.types import Outcome, Passage, Source
from ui.openai_wire import annotations_of, content_of
from ui.passage_page import passage_page

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_there_are_more_than_two_hundred_and_no_two_alike() -> None:
    assert len({*TEXTS, *URLS}) == len(TEXTS) + len(URLS) >= 200


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("url", URLS)
def test_no_address_becomes_a_link_of_a_passage_page_or_an_annotation(url: str) -> None:
    from datetime import date

    source = Source(id="s", title="t", publisher="p", url=url, recorded="2026-11-22")
    passage = Passage(id="p", source_id="s", text="words", start=0, end=5, tokens=1)
    tags = Tags(passage_page(source, "words", passage, "words", date(2026, 11, 22))).tags
    assert {values["href"] for tag, values in tags if tag == "a"} == {"/"}


def test_no_address_of_a_hostile_answer_becomes_an_annotation() -> None:
    answer = hostile_answer("q")
    assert annotations_of(answer, content_of(answer)) == []


@pytest.fixture(scope="module")
def hostile_server() -> Iterator[str]:
    from ui.server import create_app

    settings = Settings(_env_file=None, rate_client_minute=0, question_chars_max=100_000)
    with served_in_thread(create_app(settings, cast(Pipeline, PayloadPipeline()))) as address:
        yield address


@pytest.mark.browser
def test_nothing_of_a_hostile_answer_runs_in_the_widget(hostile_server: str, watched: Callable[[str], "Page"]) -> None:
    page = watched(f"{hostile_server}/widget/demo")
    page.locator("wmai-guide textarea").wait_for()
    for question in ("What?", "Refuse this."):
        page.evaluate("(question) => document.querySelector('wmai-guide').ask(question)", question)
    first, refused = page.locator("wmai-guide .turn").all()
    assert first.locator("li.citation").count() == len(TEXTS)
    assert refused.locator("li.citation").count() == 3
    root = page.evaluate_handle("document.querySelector('wmai-guide').shadowRoot")
    assert root.evaluate(LEFT) == []
    for marker in first.locator(".cite").all()[:3]:
        marker.click()
    assert page.evaluate("window.hit") is None
    shown = first.locator("mark").all_text_contents()
    assert [text for text in shown if "onerror" in text] == [text for text in visible(TEXTS) if "onerror" in text]


@pytest.mark.browser
def test_no_question_and_no_attribute_of_the_tag_runs_in_the_widget(
    hostile_server: str, watched: Callable[[str], "Page"]
) -> None:
    page = watched(f"{hostile_server}/widget/demo")
    page.locator("wmai-guide textarea").wait_for()
    page.route("**/ask/stream", lambda route: route.fulfill(status=400, json={"error": {"message": TEXTS[0]}}))
    shown = page.evaluate(
        """async (texts) => {
          const widget = document.querySelector("wmai-guide");
          for (const text of texts) await widget.ask(text);
          for (const text of texts) {
            const other = document.createElement("wmai-guide");
            for (const name of ["title", "greeting", "accent", "language", "scheme", "position", "theme", "place"])
              other.dataset[name] = text;
            document.body.append(other);
          }
          return [...widget.shadowRoot.querySelectorAll(".question")].map((element) => element.textContent);
        }""",
        TEXTS,
    )
    assert len(shown) == len(TEXTS)
    for root in (
        page.evaluate_handle("[...document.querySelectorAll('wmai-guide')].map((one) => one.shadowRoot)")
        .get_properties()
        .values()
    ):
        assert root.evaluate(LEFT) == []
    assert page.evaluate("window.hit") is None


@pytest.mark.browser
def test_nothing_of_a_hostile_answer_runs_in_the_chat_page(
    hostile_server: str, watched: Callable[[str], "Page"]
) -> None:
    page = watched(hostile_server)
    for turn, question in enumerate((f"What? {' '.join(TEXTS[:40])}", "Refuse this."), start=1):
        page.fill("#question textarea", question)
        page.keyboard.press("Enter")
        page.wait_for_selector(f'#turn-{turn}[data-state="done"]')
    # Gradio sizes its own boxes with style attributes; what we put into them has none.
    for _ in ("as it came", "as the browser kept it"):
        ours = page.locator(".turn, .panel-group").all()
        assert len(ours) == 4
        assert [found for one in ours for found in one.evaluate(LEFT)] == []
        page.reload()
        page.wait_for_selector('#turn-2[data-state="done"]')
    assert page.locator(".welcome").evaluate(LEFT) == []
    page.click("#past")
    page.wait_for_selector("#conversations .open")
    assert page.locator("#history").evaluate(LEFT) == []
    assert page.evaluate("window.hit") is None


@pytest.mark.browser
def test_nothing_of_a_saved_conversation_runs_where_it_is_read(
    hostile_server: str, watched: Callable[[str], "Page"]
) -> None:
    page = watched(hostile_server)
    page.fill("#question textarea", TEXTS[0])
    page.keyboard.press("Enter")
    page.wait_for_selector('#turn-1[data-state="done"]')

    def saved(kind: str) -> str:
        page.click(".export summary")
        with page.expect_download() as download:
            page.click(f'.export [data-do="{kind}"]')
        return download.value.path().read_text(encoding="utf-8")

    (turn,) = json.loads(saved("json"))["turns"]
    assert len(turn["answer"]["citations"]) == len(TEXTS)
    reader = watched("about:blank")
    # A reader of Markdown that obeys whatever HTML stands in it.
    reader.set_content(MarkdownIt("commonmark", {"html": True}).render(saved("markdown")))
    assert reader.locator("li").count() >= len(TEXTS)
    assert reader.evaluate("window.hit") is None
    assert reader.evaluate(f"({LEFT})(document.body)") == []


@pytest.mark.browser
def test_no_document_runs_on_its_passage_page(hostile_store: Settings, watched: Callable[[str], "Page"]) -> None:
    from ui.server import create_app

    page = watched("about:blank")
    with Pipeline.open(hostile_store) as pipeline, TestClient(create_app(hostile_store, pipeline)) as client:
        sources = client.get("/api/v1/sources").json()["sources"]
        for source in sources:
            (passage, *_) = client.get(f"/api/v1/sources/{source['id']}").json()["passages"]
            html = client.get(f"/passages/{passage['passage_id']}", params={"quote": passage["text"]}).text
            # Without the policy that forbids scripts: the page must be harmless by itself.
            page.set_content(html.replace('href="/', f'href="{"https://127.0.0.1/"}'))
            assert page.evaluate("window.hit") is None, source["title"]
            found = page.evaluate(f"({LEFT})(document.body)")
            assert [item for item in found if not item.startswith("https://example.org/")] == [], source["title"]
            assert page.locator("mark").count() >= 1
    assert len(sources) >= 0.9 * len(TEXTS)


def test_hostile_questions_and_histories_are_answered_as_any_other(hostile_store: Settings) -> None:
    from ui.server import create_app

    outcomes: set[str] = set()
    with Pipeline.open(hostile_store) as pipeline, TestClient(create_app(hostile_store, pipeline)) as client:
        for text in TEXTS:
            body: dict[str, Any] = {"question": text, "history": [{"question": text, "answer": text}]}
            reply = client.post("/api/ask", json=body)
            assert reply.status_code == 200, text
            assert reply.headers["content-type"] == "application/json"
            outcomes.add(reply.json()["outcome"])
    assert outcomes <= {outcome.value for outcome in Outcome} - {"error"}
