"""The sources panel: one card for each cited passage, the quote marked, with all that a reader judges it by. Pure."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote as percent

from rag.types import Answer, Citation, Hit, Source
from ui.dates import age_text, date_text, source_notes
from ui.escape import escape, safe_url
from ui.exchange import HITS_BESIDE, Exchange
from ui.text_fragment import text_fragment

_NO_SOURCES = '<p class="panel-empty">This reply stands on no passage.</p>'


def panel_group(exchange: Exchange, today: date) -> str:
    """The sources of one exchange."""
    number = exchange.number
    return (
        f'<section class="panel-group" data-turn="{number}" aria-labelledby="panel-{number}">'
        f'<h3 class="visually-hidden" id="panel-{number}">Sources of: {escape(exchange.question)}</h3>'
        f"{_sources(exchange, today) or _NO_SOURCES}</section>"
    )


def _sources(exchange: Exchange, today: date) -> str:
    if exchange.answer is not None:
        return panel(exchange.answer, exchange.number, today)
    return hits_panel(exchange.hits, today, "Reading these passages")


def panel(answer: Answer, turn: int, today: date) -> str:
    """The panel of a finished answer: cited passages first, then what else was found."""
    if not answer.outcome.is_answer:
        return hits_panel(answer.hits, today, "Closest passages", "None of these answers the question.")
    cards = "".join(_card(citation, turn, today) for citation in answer.citations)
    cited = {citation.passage.id for citation in answer.citations}
    beside = [hit for hit in answer.hits if hit.passage.id not in cited][:HITS_BESIDE]
    more = ""
    if beside:
        more = (
            f'<details class="beside"><summary>Also found ({len(beside)})</summary>'
            f"{''.join(_hit_card(hit, today) for hit in beside)}</details>"
        )
    count = len(answer.citations)
    passages = "passage" if count == 1 else "passages"
    return f'<p class="panel-about">{count} {passages} cited in this answer</p>{cards}{more}'


def hits_panel(hits: Sequence[Hit], today: date, title: str, note: str = "") -> str:
    """The panel before an answer is there, or beside a refusal: found passages, nothing marked."""
    cards = "".join(_hit_card(hit, today) for hit in hits[:HITS_BESIDE])
    about = f" <span>{escape(note)}</span>" if note else ""
    return f'<p class="panel-about">{escape(title)}.{about}</p>{cards}' if cards else ""


def card_id(turn: int, marker: int) -> str:
    """Anchor of the card that a marker points to."""
    return f"card-{turn}-{marker}"


def marked(text: str, start: int, end: int) -> str:
    """The text escaped, with text[start:end] in <mark>."""
    return f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"


def passage_url(passage_id: str, quote: str = "") -> str:
    """Address of the readable page of a passage, with the quote to mark, escaped for an href."""
    query = f"?quote={percent(quote, safe='')}" if quote else ""
    return escape(f"/passages/{percent(passage_id, safe='')}{query}")


def source_line(source: Source, today: date) -> str:
    """Publisher and date, and a visible note for each reason to be careful."""
    notes = "".join(f' <strong class="note">{escape(note)}</strong>' for note in source_notes(source, today))
    published = escape(date_text(source.published))
    age = age_text(source.published, today) if source.published else ""
    stamp = f'<time datetime="{escape(source.published)}">{published}</time>' if source.published else published
    aged = f" ({escape(age)})" if age else ""
    careful = f"<br>{notes}" if notes else ""
    return f'<p class="card-source"><span>{escape(source.publisher)}</span>, {stamp}{aged}{careful}</p>'


def links(source: Source, passage_id: str, quote: str = "", page: int | None = None) -> str:
    """Links to the original (http and https only), at the quote or page where it can be, and to the passage's page."""
    url = safe_url(source.url)
    title = escape(source.title)
    original = (
        f'<a href="{url}{escape(text_fragment(source, quote, page))}" target="_blank" rel="noopener noreferrer" '
        f'aria-label="Open original: {title}">Open original</a>'
        if url
        else '<span class="no-link">No link to the original</span>'
    )
    address = passage_url(passage_id, quote)
    passage = f'<a href="{address}" target="_blank" rel="noopener" aria-label="Open passage: {title}">Open passage</a>'
    return f'<p class="card-links">{original}{passage}</p>'


def _card(citation: Citation, turn: int, today: date) -> str:
    identifier = card_id(turn, citation.marker)
    page = citation.passage.page_at(citation.start)
    place = " · ".join(part for part in (citation.passage.heading, f"Page {page}" if page else "") if part)
    heading = f'<p class="card-heading">{escape(place)}</p>' if place else ""
    text = marked(citation.passage.text, citation.start, citation.end)
    return (
        f'<article class="card cited" id="{identifier}" tabindex="-1" aria-labelledby="{identifier}-title">'
        f'<h4 class="card-title" id="{identifier}-title"><span class="card-marker">{citation.marker}</span>'
        f"<span>{escape(citation.source.title)}</span></h4>"
        f"{source_line(citation.source, today)}{heading}"
        f'<blockquote class="card-text">{text}</blockquote>'
        f"{links(citation.source, citation.passage.id, citation.quote, page)}"
        f'<button type="button" class="quiet back" data-back="{turn}-{citation.marker}">Back to the answer</button>'
        "</article>"
    )


def _hit_card(hit: Hit, today: date) -> str:
    return (
        f'<article class="card"><h4 class="card-title"><span>{escape(hit.source.title)}</span></h4>'
        f"{source_line(hit.source, today)}"
        f'<blockquote class="card-text">{escape(hit.passage.text)}</blockquote>'
        f"{links(hit.source, hit.passage.id)}</article>"
    )
