"""A kept answer as a page: answer, passages as they were, what has become of their sources. Pure, no script."""

from collections.abc import Sequence
from datetime import date, datetime

from rag.store import KeptAnswer
from ui.dates import date_text
from ui.escape import escape, safe_url
from ui.kept import Fate, Ground
from ui.panel import card_id, marked, passage_url, source_line
from ui.render import answer_html
from ui.site_page import site_page

_TURN = 1
"""The only one on the page."""


def kept_page(kept: KeptAnswer, stood_on: Sequence[Ground], today: date) -> str:
    """The page as HTML; `stood_on` are the grounds of the answer."""
    answer = kept.answer
    understood = ""
    if answer.standalone_question.split() != answer.question.split():
        understood = f'<p class="aside">Understood as: {escape(answer.standalone_question)}</p>'
    notice = f'<p class="aside">{escape(answer.notice)}</p>' if answer.notice else ""
    text = answer_html(answer.text, answer.citations, _TURN)
    title = (
        "The passages it stands on" if answer.outcome.is_answer else "The closest passages, none of which answers it"
    )
    cards = "".join(_card(ground, today) for ground in stood_on)
    passages = f'<section class="passages"><h2>{title}</h2>{cards}</section>' if cards else ""
    return site_page(
        answer.question,
        f'<header><h1 dir="auto">{escape(answer.question)}</h1>{_kept_on(kept)}</header>'
        f'{_changes(stood_on)}{understood}<div class="answer" dir="auto">{text}</div>{notice}{passages}{_footer(kept)}',
        styles=("kept.css",),
        scripts=(),
        indexed=False,
    )


def _kept_on(kept: KeptAnswer) -> str:
    day = datetime.fromisoformat(kept.created).date().isoformat()
    return (
        f'<p>Kept as it was on <time datetime="{escape(kept.created)}">{escape(date_text(day))}</time>. '
        "The answer and its passages are not brought up to date.</p>"
    )


def _changes(stood_on: Sequence[Ground]) -> str:
    changed = sum(ground.since.fate is not Fate.UNCHANGED for ground in stood_on)
    if not changed:
        return ""
    which = (
        "The source below" if len(stood_on) == 1 else f"The sources of {changed} of the {len(stood_on)} passages below"
    )
    has = "has" if len(stood_on) == 1 else "have"
    return (
        f'<p class="missing" role="note">{which} {has} changed since, or {has} gone; each says how. '
        '<a href="/">Ask again</a> for what the guide says now.</p>'
    )


def _card(ground: Ground, today: date) -> str:
    source, passage = ground.source, ground.passage
    anchor = f' id="{card_id(_TURN, ground.marker)}" tabindex="-1"' if ground.marker else ""
    number = f'<span class="cite">{ground.marker}</span> ' if ground.marker else ""
    page = passage.page_at(ground.start)
    place = " · ".join(part for part in (passage.heading, f"Page {page}" if page else "") if part)
    heading = f'<p class="place">{escape(place)}</p>' if place else ""
    note = f'<p class="since">{escape(ground.since.note)}</p>' if ground.since.note else ""
    text = marked(passage.text, ground.start, ground.end) if ground.quote else escape(passage.text)
    return (
        f'<article class="passage"{anchor}><h3>{number}{escape(source.title)}</h3>{source_line(source, today)}{note}'
        f"{heading}<blockquote>{text}</blockquote>{_links(ground)}</article>"
    )


def _links(ground: Ground) -> str:
    url = safe_url(ground.source.url)
    links = [f'<a href="{url}" rel="noopener noreferrer">Original</a>'] if url else []
    if ground.since.passage_id:
        address = passage_url(ground.since.passage_id, ground.quote)
        links.append(f'<a href="{address}">In the source as it is now</a>')
    return f'<p class="links">{" ".join(links)}</p>' if links else ""


def _footer(kept: KeptAnswer) -> str:
    answer = kept.answer
    return (
        f"<footer><p>Made by <code>{escape(answer.answerer)}</code> from index build "
        f'<code>{escape(answer.index_build)}</code>. <a href="/api/v1/answers/{escape(kept.id)}">As JSON</a></p>'
        '<p><a href="/">Ask the guide something else</a></p></footer>'
    )
