"""The page and the JSON of a kept answer: the same whatever becomes of its sources, which is told."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from payload_pipeline import hostile_answer
from test_payloads import Tags

from ingest.sync import index, remove_sources, restore_sources
from rag.config import Settings
from rag.errors import NotKept
from rag.pipeline import Pipeline
from rag.types import Outcome
from ui.kept import keep

QUESTION = "How much did the Anvil Fund lend to Dudley foundries in 2025?"
BODY = "The Anvil Fund lent £7 million to Dudley foundries in 2025. It employs 12 people in Tipton."


@pytest.fixture
def settings(new_settings: Callable[..., Settings], write_briefing: Callable[..., Path]) -> Settings:
    made = new_settings()
    write_briefing("anvil", BODY)
    write_briefing("other", "Telford hosts a data centre of 40 megawatts.")
    assert not index(made).refused
    return made


@pytest.fixture
def pipeline(settings: Settings) -> Iterator[Pipeline]:
    with Pipeline.open(settings) as opened:
        yield opened


@pytest.fixture
def client(settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    from ui.server import create_app

    with TestClient(create_app(settings, pipeline), raise_server_exceptions=False) as opened:
        yield opened


def frozen(html: str) -> str:
    """The page without what is said of the sources as they are now."""
    html = re.sub(r'<p class="(?:missing|since)".*?</p>', "", html)
    return re.sub(r'<a href="/passages/[^>]*>.*?</a>', "", html).replace(" </p>", "</p>")


def fates(client: TestClient, address: str) -> list[str]:
    return [item["since"]["fate"] for item in client.get(f"/api/v1{address}").json()["passages"]]


def test_the_page_stays_and_says_what_has_become_of_the_source(
    client: TestClient,
    settings: Settings,
    pipeline: Pipeline,
    write_briefing: Callable[..., Path],
    tmp_path: Path,
) -> None:
    answer = pipeline.ask(QUESTION)
    assert answer.outcome.is_answer
    address = keep(settings, answer)
    first = client.get(address).text
    leads = re.findall(r'class="cite" href="#([^"]+)"', first)
    assert leads
    assert all(f'id="{lead}"' in first for lead in leads)
    assert "<mark>The Anvil Fund lent £7 million to Dudley foundries in 2025.</mark>" in first
    assert 'class="since"' not in first
    told = client.get(f"/api/v1{address}").json()
    now = re.search(r'href="(/passages/[^"]+)"', first)
    assert now
    assert "<mark>" in client.get(now.group(1)).text

    def after(change: Callable[[], object]) -> tuple[list[str], str]:
        change()
        page = client.get(address).text
        assert frozen(page) == frozen(first)
        again = client.get(f"/api/v1{address}").json()
        assert again["answer"] == told["answer"]
        assert [item["text"] for item in again["passages"]] == [item["text"] for item in told["passages"]]
        return fates(client, address), page

    def write(body: str, **front: str) -> Callable[[], object]:
        return lambda: (write_briefing("anvil", body, **front), index(settings))

    assert after(write(BODY, title="Another title"))[0] == ["changed"]
    gone, page = after(write("The Anvil Fund closed in 2026."))
    assert gone == ["quote_gone"]
    assert "no longer stand in it" in page
    assert "/passages/" not in page
    assert after(lambda: remove_sources(settings, ["anvil"]))[0] == ["retired"]
    assert after(lambda: restore_sources(settings, ["anvil"]))[0] == ["quote_gone"]
    file = settings.corpus / "funding" / "anvil.md"
    removed, page = after(lambda: (file.rename(tmp_path / "away.md"), index(settings)))
    assert removed == ["removed"]
    assert "no longer holds this source" in page
    assert after(write(BODY)) == (["unchanged"], first)


def test_a_source_that_became_a_copy_of_another_is_told(
    client: TestClient, settings: Settings, pipeline: Pipeline, tmp_path: Path
) -> None:
    words = "It lends to firms that make chains, nails and castings, and asks them to train one apprentice each. " * 3
    for name, published in (("late", "2025-06-01"), ("early", "2025-01-01")):
        file = tmp_path / f"{name}.txt"
        file.write_text(
            f"The Crucible Fund lends up to £90,000 to foundries in Walsall.\n\n{words}\n", encoding="utf-8"
        )
        index(settings, [file], given={"published": published})
        if name == "late":
            answer = pipeline.ask("How much does the Crucible Fund lend to foundries in Walsall?")
            assert answer.citations
            address = keep(settings, answer)
            assert set(fates(client, address)) == {"unchanged"}
    assert set(fates(client, address)) == {"copy"}


def test_a_refusal_is_kept_with_the_passages_shown_beside_it(
    client: TestClient, settings: Settings, pipeline: Pipeline
) -> None:
    answer = pipeline.ask("What does the Anvil Fund think of sea shanties in Wolverhampton?")
    assert not answer.outcome.is_answer
    address = keep(settings, answer)
    page = client.get(address).text
    assert "none of which answers it" in page
    assert "<mark>" not in page
    assert set(fates(client, address)) == {"unchanged"}


def test_personal_details_and_a_switched_off_guide_keep_nothing(settings: Settings, pipeline: Pipeline) -> None:
    private = pipeline.ask("My card number is 4111 1111 1111 1111, who funds me?")
    assert private.reason == "privacy"
    answer = pipeline.ask(QUESTION)
    leaning = replace(answer, standalone_question="Who funds jo.bloggs@example.org?")
    for refused in (private, replace(answer, question="Write to jo.bloggs@example.org"), leaning):
        with pytest.raises(NotKept, match="personal details"):
            keep(settings, refused)
    with pytest.raises(NotKept, match="keeps no answers"):
        keep(settings.model_copy(update={"kept_answers_max": 0}), answer)


def test_hostile_text_stays_text(client: TestClient, settings: Settings) -> None:
    for outcome in (Outcome.ANSWERED, Outcome.NOT_IN_SOURCES):
        answer = hostile_answer("<script>window.hit=1</script> \ud800 $` {{this}}", outcome)
        page = client.get(keep(settings, answer)).text
        tags = Tags(page[page.index("<main") :]).tags
        assert {name for name, _ in tags} <= {
            *("main", "header", "footer", "section", "article", "p", "a", "h1", "h2", "h3", "div", "ul", "li", "span"),
            *("strong", "br", "time", "blockquote", "mark", "code"),
        }
        for _, attributes in tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            assert re.match(r"https?://|/|#|$", attributes.get("href") or "")


def test_an_unknown_address_is_a_page_that_says_so_and_a_problem_in_the_api(client: TestClient) -> None:
    page = client.get("/answers/none")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "No answer is kept at this address" in page.text
    reply = client.get("/api/v1/answers/none")
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["error"]["code"] == "unknown_answer"


def test_the_page_is_not_listed_runs_nothing_and_is_not_sent_twice(
    client: TestClient, settings: Settings, pipeline: Pipeline
) -> None:
    address = keep(settings, pipeline.ask(QUESTION))
    for path in (address, f"/api/answers/{address.rpartition('/')[2]}"):
        reply = client.get(path)
        assert reply.headers["x-robots-tag"] == "noindex"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert client.get(path, headers={"If-None-Match": reply.headers["etag"]}).status_code == 304
    page = client.get(address).text
    assert '<meta name="robots" content="noindex">' in page
    assert "<script" not in page
