"""Text from documents, questions and answers is shown, never obeyed."""

import html
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from render_sample import PAYLOADS, TODAY, URLS, answer_with, assert_harmless, hit_with, parsed, source_with

from rag.selection import Selection
from rag.types import Answer, Citation, Outcome, Passage, Withdrawn
from ui.escape import escape, plain, safe_url
from ui.exchange import Exchange, from_records, record_text, shortened
from ui.facets import within
from ui.frame import log, problem
from ui.panel import panel_group
from ui.passage_page import passage_page
from ui.render import answer_html, exchange_html


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.NOT_IN_SOURCES])
def test_payloads_through_every_field_stay_text(payload: str, outcome: Outcome) -> None:
    exchange = Exchange(number=1, question=payload, answer=answer_with(payload, outcome=outcome))
    fragment = exchange_html(exchange, TODAY) + panel_group(exchange, TODAY) + problem(payload)
    assert_harmless(fragment)
    assert plain(payload) in "".join(parsed(fragment).text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text_while_an_answer_streams_fails_or_is_stopped(payload: str) -> None:
    hits = (hit_with(payload),)
    for exchange in (
        Exchange(number=1, question=payload, hits=hits, text=payload),
        Exchange(number=1, question=payload, hits=hits, text=payload, stopped=True),
        Exchange(number=1, question=payload, withdrawn=(Withdrawn(payload, payload),)),
        Exchange(number=1, question=payload, hits=hits, error=payload),
    ):
        assert_harmless(exchange_html(exchange, TODAY) + panel_group(exchange, TODAY))


@pytest.mark.parametrize("url", URLS)
def test_only_http_and_https_addresses_become_links(url: str) -> None:
    assert safe_url(url) is None
    exchange = Exchange(number=1, question="q", answer=answer_with("Text.", url=url))
    fragment = panel_group(exchange, TODAY)
    assert "No link to the original" in fragment
    assert_harmless(fragment)


def test_a_link_keeps_its_query_and_opens_without_giving_the_page_away() -> None:
    assert safe_url("https://example.org/a?b=1&c=%20") == "https://example.org/a?b=1&amp;c=%20"
    exchange = Exchange(number=1, question="q", answer=answer_with("Text."))
    links = [attributes for tag, attributes in parsed(panel_group(exchange, TODAY)).found if tag == "a"]
    outward = [link for link in links if link["href"] == "https://example.org/a"]
    assert outward
    assert all(link["target"] == "_blank" and "noopener" in (link["rel"] or "") for link in outward)


@given(st.text())
def test_escaping_loses_nothing_that_can_be_shown(text: str) -> None:
    assert html.unescape(escape(text)) == plain(text)
    assert not set(escape(text)) & set("<>\"'`{}$")


def test_a_marker_leads_to_its_card_and_other_brackets_stay_as_they_are() -> None:
    answer = answer_with("Fund [9] gave 5m.")
    fragment = answer_html(answer.text, answer.citations, 3)
    assert fragment.startswith("<p>Fund [9] gave 5m.<a ")
    (link,) = [attributes for tag, attributes in parsed(fragment).found if tag == "a"]
    assert link["href"] == "#card-3-1"
    assert link["aria-label"] == "Source 1: Fund [9] gave 5m."
    exchange = Exchange(number=3, question="q", answer=answer)
    assert 'id="card-3-1"' in panel_group(exchange, TODAY)


def test_markers_lead_nowhere_until_the_citations_are_known() -> None:
    assert answer_html("So it is. [1]", None, 1) == '<p>So it is.<span class="cite pending">1</span></p>'


def test_lists_and_paragraphs() -> None:
    fragment = answer_html("They differ:\n- One.\n- Two.\n\nThat is all.", (), 1)
    assert fragment == "<p>They differ:</p><ul><li>One.</li><li>Two.</li></ul><p>That is all.</p>"


def test_the_quote_is_marked_within_its_passage() -> None:
    text = "Before it. The £5m & more. After it."
    passage = Passage(id="p", source_id="s", text=text, start=0, end=len(text), tokens=9)
    citation = Citation(marker=1, passage=passage, source=source_with("T"), quote=text[11:26], start=11, end=26)
    answer = Answer(
        question="q",
        standalone_question="q",
        outcome=Outcome.ANSWERED,
        reason="",
        text="The £5m & more. [1]",
        citations=(citation,),
        answerer="extractive",
        index_build="b",
    )
    fragment = panel_group(Exchange(number=1, question="q", answer=answer), TODAY)
    assert "Before it. <mark>The £5m &amp; more.</mark> After it." in fragment
    assert "undated" in fragment


def test_a_refusal_shows_the_closest_passages_as_no_answer() -> None:
    answer = answer_with("Nothing here.", outcome=Outcome.NOT_IN_SOURCES)
    fragment = exchange_html(Exchange(number=1, question="q", answer=answer), TODAY)
    assert "Closest I have" in fragment
    assert "not an answer" in fragment
    assert 'class="cite"' not in fragment


def test_an_understood_question_is_shown_only_where_it_differs() -> None:
    answer = answer_with("Text.")
    assert "Understood as: Text. again" in exchange_html(Exchange(number=1, question="q", answer=answer), TODAY)
    same = Answer(
        question=" a  b ", standalone_question="a b", outcome=Outcome.DECLINED, reason="", text="No.", answerer="x",
        index_build="b",
    )  # fmt: skip
    assert "Understood as" not in exchange_html(Exchange(number=1, question="a b", answer=same), TODAY)


def test_what_is_taken_back_is_struck_out_with_its_reason_and_named_at_the_end() -> None:
    taken = (Withdrawn(" It raised £9.", "It gives a figure."),)
    running = exchange_html(Exchange(number=1, question="q", text="It grew.", withdrawn=taken), TODAY)
    assert '<del title="It gives a figure.">It raised £9.</del>' in running
    answer = replace(answer_with("It grew."), notice="Some was taken out.")
    done = exchange_html(Exchange(number=1, question="q", answer=answer, withdrawn=taken), TODAY)
    assert '<p class="aside" title="It gives a figure.">Some was taken out.</p>' in done
    assert "£9" not in done


def test_an_empty_conversation_offers_questions() -> None:
    assert "<p>Examples</p>" in log("<p>Examples</p>")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_browser_keeps_comes_back_as_it_was(payload: str) -> None:
    exchange = Exchange(
        id="a1",
        number=2,
        question=payload,
        asked="2026-11-22T10:00:00.000Z",
        selection=Selection(themes=(payload,), places=(payload,), published_from=2024),
        within=payload,
        withdrawn=(Withdrawn(payload, payload),),
        answer=shortened(answer_with(payload)),
        seal="0f",
    )
    text = record_text(exchange)
    assert text.isascii()
    assert from_records([json.loads(text)]) == (exchange,)
    (article,) = [attributes for tag, attributes in parsed(exchange_html(exchange, TODAY)).found if tag == "article"]
    assert article["data-record"] == text


def test_an_answer_that_was_not_finished_is_kept_as_stopped_with_its_words() -> None:
    exchange = Exchange(id="a1", number=1, question="q", hits=(hit_with("a"),), text="So far")
    (kept,) = from_records([json.loads(record_text(exchange))])
    assert (kept.state, kept.text, kept.hits) == ("stopped", "So far", ())


def test_a_question_with_personal_details_is_not_kept() -> None:
    private = "Ring me on 07700 900123"
    exchange = Exchange(id="a1", number=1, question=private, answer=answer_with("No."))
    assert "07700" not in record_text(exchange)
    (kept,) = from_records([json.loads(record_text(exchange))])
    assert "which were not kept" in exchange_html(kept, TODAY)


@pytest.mark.parametrize(
    "record",
    [[], {}, {"number": 1}, {"number": "x", "question": "q"}, {"number": 1, "question": "q", "answer": {"text": "t"}}],
)
def test_what_is_no_record_is_refused(record: object) -> None:
    with pytest.raises(ValidationError):
        from_records([record])


def test_no_more_hits_are_kept_than_are_shown() -> None:
    answer = answer_with("Text.")
    many = replace(answer, hits=tuple(hit_with(f"{number} other", rank=number) for number in range(1, 11)))
    assert [hit.rank for hit in shortened(many).hits] == [1, 2, 3, 4, 5]
    assert [hit.rank for hit in shortened(answer).hits] == [2]


def test_a_refusal_says_to_what_the_question_was_narrowed() -> None:
    refused = answer_with("Nothing here.", outcome=Outcome.NOT_IN_SOURCES)
    selection = Selection(themes=("funding", "my-own"), places=("Coventry",), published_from=2024)
    narrow = within(selection, {"funding": "Money"})
    fragment = exchange_html(Exchange(number=1, question="q", answer=refused, within=narrow), TODAY)
    assert "Only sources within Money; My own; Coventry; from 2024 were searched" in fragment
    assert "were searched" not in exchange_html(Exchange(number=1, question="q", answer=refused), TODAY)


def test_the_passage_page_marks_the_quote_in_the_whole_text() -> None:
    text = "# Fund\nOne line.\nThe fund gave <b>£5m</b>.\n\nLast line."
    start = text.index("The fund")
    passage = Passage(id="p", source_id="s", text=text[start : start + 25], start=start, end=start + 25, tokens=5)
    page = passage_page(source_with("T"), text, passage, "gave <b>£5m</b>", TODAY)
    assert "<h2>Fund</h2>" in page
    assert (
        '<span>One line.</span> <span class="in-passage">The fund <mark>gave &lt;b&gt;£5m&lt;/b&gt;</mark>.</span>'
    ) in page
    assert "<span>Last line.</span>" in page


def test_the_passage_page_does_not_repeat_words_that_are_not_in_the_passage() -> None:
    passage = Passage(id="p", source_id="s", text="The fund gave £5m.", start=0, end=18, tokens=5)
    page = passage_page(source_with("T"), passage.text, passage, "The mayor is a crook", TODAY)
    assert "crook" not in page
    assert "<mark>" not in page
    assert "not in this passage" in page
