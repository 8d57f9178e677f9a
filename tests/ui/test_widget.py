"""The widget in a real browser, on pages of other origins, over the real server and the whole corpus."""

import gzip
import json
import re
from typing import TYPE_CHECKING

import httpx
import pytest
from host_site import HostSite
from ui_sample import MEIF_QUESTION
from widget_fixtures import EXAMPLE, OpenHost, ask, host_page, open_widget

from rag.config import Settings
from ui.embed import SWITCH_FILE
from ui.widget import FOLDER, build_bundle

if TYPE_CHECKING:
    from playwright.sync_api import Route

GZIP_BYTES_MAX = 20_000
REFUSED_QUESTION = "How tall is the Eiffel Tower in metres?"


def strict(server: str) -> str:
    """The policy that docs/embed.md tells a site to send, and nothing more."""
    return (
        f"default-src 'none'; script-src {server}; connect-src {server}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def test_the_script_stays_under_its_size_and_every_language_has_every_label() -> None:
    bundle = build_bundle()
    assert len(gzip.compress(bundle.script.encode(), 6)) <= GZIP_BYTES_MAX
    labels = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    assert set(labels) == {"en", "cy", "pl", "pa", "ur"}
    used = set(re.findall(r'say\("(\w+)"\)', bundle.script)) | {"wrong", "outdated", "unsupported", "missing"}
    for language, texts in labels.items():
        assert set(texts) == used, language
        assert "{s}" in texts["tooMany"]


@pytest.mark.parametrize(
    "sink", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage"]
)
def test_the_script_has_no_way_to_make_markup_from_text_or_to_store_anything(sink: str) -> None:
    assert sink not in build_bundle().script


@pytest.mark.browser
def test_a_strict_page_of_an_allowed_site_gets_a_cited_answer_and_tells_no_question(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    page = open_host(allowed_site.add("/strict", host_page(widget_server), strict(widget_server)))
    page.evaluate(
        "window.told = []; for (const name of ['open', 'ask', 'answer', 'feedback', 'close'])"
        " document.addEventListener(`wmai:${name}`, (event) => told.push([name, event.detail]))"
    )
    open_widget(page)
    ask(page, MEIF_QUESTION)
    answer = httpx.post(f"{widget_server}/api/ask", json={"question": MEIF_QUESTION}).json()
    cards = page.locator("wmai-guide li.citation")
    assert cards.count() == len(answer["citations"]) > 0
    for card, citation in zip(cards.all(), answer["citations"], strict=True):
        assert card.locator("mark").inner_text() == citation["quote"]
        assert citation["source"]["title"] in card.inner_text()
        assert citation["source"]["publisher"] in card.inner_text()
        passage, original = card.locator("a").all()
        assert original.get_attribute("href") == citation["source"]["url"]
        address = passage.get_attribute("href") or ""
        assert f"<mark>{citation['quote']}</mark>" in httpx.get(address).text.replace("&#x27;", "'")
    page.get_by_role("button", name="Helpful", exact=True).click()
    page.locator("wmai-guide span[role=status]", has_text="Thank you").wait_for()
    page.keyboard.press("Escape")
    told = page.evaluate("told")
    assert [name for name, _ in told] == ["open", "ask", "answer", "feedback", "close"]
    assert told[2][1]["outcome"] == "answered"
    assert MEIF_QUESTION not in json.dumps(told)
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


@pytest.mark.browser
def test_a_page_may_ask_to_be_told_the_questions(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    page = open_host(allowed_site.add("/events", host_page(widget_server, 'data-events="questions"')))
    page.evaluate("document.addEventListener('wmai:ask', (event) => { window.told = event.detail.question; })")
    open_widget(page)
    ask(page, MEIF_QUESTION)
    assert page.evaluate("told") == MEIF_QUESTION


@pytest.mark.browser
def test_a_site_that_is_not_named_gets_nothing_but_the_way_to_the_guide(
    open_host: OpenHost, widget_server: str, other_site: HostSite
) -> None:
    page = open_host(other_site.add("/", host_page(widget_server)), noisy=True)
    page.locator("wmai-guide .launcher").click()
    page.locator("wmai-guide .notice", has_text="cannot be reached").wait_for()
    link = page.locator("wmai-guide .log a").first
    assert link.get_attribute("href") == f"{widget_server}/"
    box = page.locator("wmai-guide textarea")
    box.fill(MEIF_QUESTION)
    box.press("Enter")
    page.locator("wmai-guide .turn .problem").wait_for()
    assert page.locator("wmai-guide .citation").count() == 0


@pytest.mark.browser
def test_a_refusal_shows_the_closest_passages_and_a_follow_up_uses_the_conversation(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    body = "<wmai-guide><a href='/'>Ask the guide</a></wmai-guide>"
    page = open_host(allowed_site.add("/inline", host_page(widget_server, body=body), strict(widget_server)))
    page.locator(EXAMPLE).first.wait_for()
    assert page.locator("wmai-guide .launcher").count() == 0
    ask(page, "How many jobs would a quantum teleporter factory bring to Dudley?")
    turn = page.locator("wmai-guide .turn").first
    assert turn.locator("h3").first.inner_text() == "Closest I have, not an answer"
    assert turn.locator(".citation").count() == 3
    with page.expect_request("**/ask/stream") as sent:
        ask(page, "Who heads Minerva Business Angels?")
    with page.expect_request("**/ask/stream") as followed:
        ask(page, "And when was it founded?")
    assert len(json.loads(sent.value.post_data or "")["history"]) == 1
    history = json.loads(followed.value.post_data or "")["history"]
    assert [turn["question"] for turn in history][-1] == "Who heads Minerva Business Angels?"
    assert "Minerva" in page.locator("wmai-guide .turn").nth(2).inner_text()


@pytest.mark.browser
def test_the_scope_of_the_tag_goes_with_every_question(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    attributes = 'data-theme="health, skills" data-place="Birmingham"'
    page = open_host(allowed_site.add("/scope", host_page(widget_server, attributes)))
    open_widget(page)
    with page.expect_request("**/ask/stream") as sent:
        ask(page, "Who directs the PIONEER health data hub?")
    body = json.loads(sent.value.post_data or "")
    assert (body["themes"], body["places"]) == (["health", "skills"], ["Birmingham"])


@pytest.mark.browser
def test_a_broken_connection_is_taken_up_where_it_broke(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    page = open_host(allowed_site.add("/broken", host_page(widget_server)))
    asked: list[str] = []

    def cut(route: "Route") -> None:
        asked.append(route.request.headers.get("last-event-id", ""))
        if len(asked) > 1:
            route.continue_()
            return
        whole = route.fetch()
        first = whole.text().split("\n\n")[0] + "\n\n"
        route.fulfill(response=whole, body=first)

    page.route("**/ask/stream", cut)
    open_widget(page)
    ask(page, MEIF_QUESTION)
    assert asked[0] == ""
    assert asked[1].endswith(".1")
    assert "British Business Bank" in page.locator("wmai-guide .turn").inner_text()
    assert page.locator("wmai-guide li.citation").count() > 0


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "words"), [("en", "at most 2 in a minute"), ("cy", "Gormod o gwestiynau"), ("ur", "زیادہ سوالات")]
)
def test_a_limit_is_told_in_words_and_asked_again(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite, language: str, words: str
) -> None:
    page = open_host(allowed_site.add("/limit", host_page(widget_server, f'data-language="{language}"')), noisy=True)
    problem = {
        "error": {"code": "too_many_questions", "message": "Too many questions: at most 2 in a minute.", "remedy": ""}
    }
    headers = {
        "Access-Control-Allow-Origin": allowed_site.address,
        "Access-Control-Expose-Headers": "Retry-After",
        "Retry-After": "17",
    }
    refuse = [True]

    def limited(route: "Route") -> None:
        if refuse.pop() if refuse else False:
            route.fulfill(status=429, headers=headers, json=problem)
        else:
            route.continue_()

    page.route("**/ask/stream", limited)
    open_widget(page)
    ask(page, MEIF_QUESTION)
    shown = page.locator("wmai-guide .turn .problem").inner_text()
    assert words in shown
    assert language == "en" or "17" in shown
    page.locator("wmai-guide .turn .row button").click()
    page.locator("wmai-guide li.citation").first.wait_for()
    assert page.locator("wmai-guide .turn").count() == 1


@pytest.mark.browser
def test_the_switch_closes_the_widget_with_its_message(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite, corpus_settings: Settings
) -> None:
    switch = corpus_settings.store / SWITCH_FILE
    switch.write_text("We move house <b>today</b>.", encoding="utf-8")
    try:
        page = open_host(allowed_site.add("/off", host_page(widget_server)))
        page.locator("wmai-guide .launcher").click()
        page.locator("wmai-guide .notice", has_text="We move house <b>today</b>.").wait_for()
        assert page.locator("wmai-guide textarea").is_disabled()
    finally:
        switch.unlink()


@pytest.mark.browser
def test_what_the_configurator_writes_works_as_it_is_and_a_changed_script_does_not_run(
    open_host: OpenHost, widget_server: str, allowed_site: HostSite
) -> None:
    demo = open_host(f"{widget_server}/widget/demo")
    demo.locator(EXAMPLE).first.wait_for()
    demo.get_by_label("Title").fill('Ask "us" <b>')
    demo.get_by_label("Language of the labels").select_option("cy")
    demo.locator("wmai-guide h2", has_text='Ask "us" <b>').wait_for()
    snippet = demo.inner_text("#snippet")
    assert build_bundle().integrity in snippet
    assert "&lt;b&gt;" in snippet
    page = open_host(
        allowed_site.add("/pasted", f"<!doctype html><title>x</title><body>{snippet}", strict(widget_server))
    )
    page.locator("wmai-guide h2", has_text='Ask "us" <b>').wait_for()
    ask(page, MEIF_QUESTION)
    assert page.locator("wmai-guide h3").first.inner_text() == "Ffynonellau"
    wrong = snippet.replace("sha384-", "sha384-AAAA")
    page = open_host(allowed_site.add("/wrong", f"<!doctype html><title>x</title><body>{wrong}"), noisy=True)
    page.wait_for_load_state("load")
    assert page.evaluate("customElements.get('wmai-guide')") is None
    assert page.get_by_role("link", name="Ask the West Midlands AI guide").is_visible()
    demo.get_by_label("Form").select_option("launcher")
    demo.locator("wmai-guide .launcher").wait_for()
    assert "<noscript><a href=" in demo.inner_text("#snippet")
